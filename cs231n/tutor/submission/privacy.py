"""Keep a student's folders, account name and host name out of what their code printed."""

from __future__ import annotations

import getpass
import os
import platform
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from cs231n.tutor import originals

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")  # an object's place in memory differs from run to run
LEAST = 3  # characters; shorter names occur in too many other words to be replaced


def cleaner(*folders: Path) -> Callable[[str], str]:
    """Return a function that makes paths below `folders` relative in a text, and replaces what identifies the machine.

    The home folder becomes ~, the name of the account becomes "user", that of the host becomes "host", and the address
    of an object becomes 0x…. Names of fewer than LEAST characters are not replaced; those that are ordinary words or
    numbers are replaced only in paths.
    """
    inside = {spelling for folder in folders for spelling in (str(folder), str(folder.resolve())) if len(spelling) > 3}
    home = set()
    with suppress(RuntimeError):  # an account without a home folder, as in a container
        home = {str(Path.home()), str(Path.home().resolve())}
    changes = [(folder + separator, "") for folder in inside for separator in ("/", "\\")]
    changes += [(folder, ".") for folder in inside] + [(folder, "~") for folder in home if len(folder) > 3]
    changes += [(old.replace("\\", "\\\\"), new) for old, new in changes if "\\" in old]
    changes.sort(key=lambda change: -len(change[0]))
    names = [(pattern, new) for old, new in _names() if (pattern := _pattern(old))]

    def clean(text: str) -> str:
        for old, new in changes:
            if old in text:
                text = text.replace(old, new)
        for pattern, new in names:
            text = pattern.sub(new, text)
        return ADDRESS.sub("0x…", text)

    return clean


def _names() -> list[tuple[str, str]]:
    """Return (name, replacement) for the names of the account and of the host, the longest first."""
    accounts = {os.environ.get(key, "") for key in ("USER", "LOGNAME", "USERNAME")}
    with suppress(Exception):  # an account that the system does not know: KeyError, ImportError or OSError
        accounts.add(getpass.getuser())
    with suppress(RuntimeError):
        accounts.add(Path.home().name)
    hosts = {name for full in (platform.node(),) for name in (full, full.partition(".")[0])}
    found = [(name, "host") for name in hosts] + [(name, "user") for name in accounts]
    return sorted(((old, new) for old, new in found if len(old) >= LEAST), key=lambda pair: (-len(pair[0]), pair))


def _pattern(name: str) -> re.Pattern:
    """Return a pattern that finds a name in a path and, unless it is an ordinary word or a number, anywhere else."""
    folder = rf"(?<=[/\\]){re.escape(name)}(?!\w)"
    word = rf"(?<!\w){re.escape(name)}(?!\w)"
    return re.compile(folder if name.isdigit() or _is_ordinary(name) else word, re.I)


def _is_ordinary(name: str) -> bool:
    """Return whether a name is a word that the kit itself uses: "root" and "max" identify nobody."""
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.I) for text in _texts())


@cache
def _texts() -> Iterable[str]:
    with suppress(originals.DamagedOriginalsError):
        return [text.decode(errors="replace") for text in (originals.given() | originals.originals()).values()]
    return []
