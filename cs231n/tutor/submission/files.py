"""Read the files that an assignment asks for, or refuse them and say why."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path

from cs231n.data.disk import open_file, size
from cs231n.tutor.terminal import command

MAX_BYTES = 500_000_000  # larger files are not read
MOST_FILES = 20_000  # a folder with more files contains something other than the kit
NO_WORK = ("datasets", "node_modules")  # folders without a student's work


class UnfitFileError(ValueError):
    """A file cannot be handed in; the message says which and why, and usually what to do."""

    def __init__(self, name: str, reason: str):
        self.name, self.reason = name, reason
        super().__init__(f"{name} {reason}")


class MissingFileError(UnfitFileError):
    """A file is missing; `copy` is the path of a file that may be meant instead."""

    def __init__(self, name: str, copy: str = ""):
        again = f". Restore it: {command('reset ' + name.removeprefix('assignments/').removesuffix('.ipynb'))}"
        super().__init__(name, "is not there" + (f", but {copy} looks like it: rename that one" if copy else again))


class CannotSubmitError(RuntimeError):
    """The work cannot be zipped or validated; each of `reasons` is one line."""

    def __init__(self, *reasons: str):
        self.reasons = reasons
        super().__init__("\n".join(reasons))


def read(root: Path, name: str) -> bytes:
    """Return the bytes of one file of the kit in `root`. Raises UnfitFileError."""
    path = root / name
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            raise UnfitFileError(name, "is a link that leads out of the kit's folder: put the file itself there")
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise UnfitFileError(name, "is a folder, and should be a file")
        if not stat.S_ISREG(found.st_mode):
            raise UnfitFileError(name, "is not an ordinary file")
        if found.st_size > MAX_BYTES:
            cure = ": clear its large outputs" if name.endswith(".ipynb") else ""
            raise UnfitFileError(name, f"is too large ({size(found.st_size)}){cure}")
        with open_file(path) as file:
            return file.read(MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        raise MissingFileError(name) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        raise UnfitFileError(name, f"cannot be read: {reason}") from None


def students(root: Path, endings: tuple[str, ...] = ("",)) -> list[str]:
    """Return the paths, relative to the kit, of files with one of the endings that may contain a student's work.

    Folders without such files are left out: hidden ones, virtual environments, the tutor, the data, and the like. Links
    to folders are not followed. The search ends soon after MOST_FILES files.
    """
    found: list[str] = []
    for folder, inner, names in os.walk(root):
        here = Path(folder)
        apart = [one for one in inner if one.startswith((".", "__")) or (here / one / "pyvenv.cfg").exists()]
        inner[:] = sorted({*inner} - {*apart, *NO_WORK, *(["tutor"] if here == root / "cs231n" else [])})
        found += [(here / name).relative_to(root).as_posix() for name in sorted(names) if name.endswith(endings)]
        if len(found) > MOST_FILES:
            break
    return found


def last_change(root: Path, names: Iterable[str]) -> str:
    """Return the date and time (UTC) of the last change to files of the kit, or "" if none exists."""
    times = []
    for name in names:
        with suppress(OSError):
            times.append((root / name).stat().st_mtime)
    with suppress(OverflowError, ValueError, OSError):  # no file exists, or a time has no date
        return f"{datetime.fromtimestamp(max(times), timezone.utc):%Y-%m-%d, %H:%M} UTC"
    return ""


def words(error: OSError) -> str:
    """Return why a file could not be read or written, and its path if it is known (of several files, the first)."""
    if isinstance(error, shutil.Error) and isinstance(error.args[0], list):
        return str(error.args[0][0][-1])
    name = error.filename2 or error.filename
    return f"{error.strerror or error}{f': {name}' if name else ''}"
