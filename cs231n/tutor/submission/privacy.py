"""Keep a student's folders and account name out of the submission."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,16}\b")  # of an object in memory: different in every run


def cleaner(*folders: Path) -> Callable[[str], str]:
    """Return a function that makes paths below `folders` relative in a text, and shortens the home folder to ~."""
    inside = {spelling for folder in folders for spelling in (str(folder), str(folder.resolve())) if len(spelling) > 3}
    home = set()
    with suppress(RuntimeError):  # an account without a home folder, as in a container
        home = {str(Path.home()), str(Path.home().resolve())}
    changes = [(folder + separator, "") for folder in inside for separator in ("/", "\\")]
    changes += [(folder, ".") for folder in inside] + [(folder, "~") for folder in home if len(folder) > 3]
    changes += [(old.replace("\\", "\\\\"), new) for old, new in changes if "\\" in old]
    changes.sort(key=lambda change: -len(change[0]))

    def clean(text: str) -> str:
        for old, new in changes:
            if old in text:
                text = text.replace(old, new)
        return ADDRESS.sub("0x…", text)

    return clean
