"""A download from an LMS, a folder or a zip, as a list of names whose contents can be read one at a time.

Nothing is written, no link in the download is followed, and no program in it, such as a git hook, is run.
"""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path, PurePosixPath

MOST = 500_000_000  # limit in bytes; larger files are not read
MOST_NAMES = 5_000_000
JUNK_FOLDERS = {"__MACOSX", "__pycache__", ".git", ".ipynb_checkpoints", ".venv", "site-packages", "node_modules"}
JUNK_NAMES = {".ds_store", "thumbs.db", "desktop.ini"}


class UnreadableError(RuntimeError):
    """A file or folder cannot be read, or does not look like submissions; the message says why."""


def is_junk(name: str) -> bool:
    """Return whether a file's path shows that it was made by an operating system or a tool, not by a student."""
    *folders, last = name.split("/")
    if last.lower() in JUNK_NAMES or last.startswith("._"):
        return True
    return any(one in JUNK_FOLDERS or one.startswith(".") for one in folders)


class Folder:
    """The regular files of a folder; `label` is the name of the folder in messages."""

    def __init__(self, path: Path):
        self.path, self.label = path, path.name

    def names(self) -> list[str]:
        """Return the sorted paths of all files below the folder, without junk, links and special files.

        Raises UnreadableError if there are too many.
        """
        found: list[str] = []
        for folder, inner, names in os.walk(self.path):
            inner[:] = sorted(set(inner) - JUNK_FOLDERS)
            relative = Path(folder).relative_to(self.path)
            found += [(relative / name).as_posix() for name in names]
            if len(found) > MOST_NAMES:
                raise UnreadableError(f"{self.path} contains more than {MOST_NAMES:,} files")
        return sorted(name for name in found if not is_junk(name) and self._is_file(name))

    def _is_file(self, name: str) -> bool:
        return stat.S_ISREG((self.path / name).lstat().st_mode)

    def read(self, name: str, most: int = MOST) -> bytes:
        """Return the bytes of a file. Raises UnreadableError if that fails, or if it has more than `most` bytes."""
        try:
            number = os.open(
                self.path / name, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            )
            with open(number, "rb") as file:  # noqa: PTH123  a descriptor
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    raise UnreadableError("it is not an ordinary file")
                content = file.read(most + 1)
        except OSError as error:
            raise UnreadableError(f"it cannot be read: {error.strerror}") from None
        return _within(content, most)


class Zip:
    """The members of a zip that an LMS made; `label` is the name of the zip in messages."""

    def __init__(self, path: Path):
        self.label = path.name
        try:
            self.archive = zipfile.ZipFile(path)
        except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile) as error:
            raise UnreadableError(f"{path} is not a zip that can be read: {error}") from None
        self.members = {_posix(one.filename): one for one in self.archive.infolist() if not one.is_dir()}

    def names(self) -> list[str]:
        """Return the sorted names of all members that are files, without junk."""
        return sorted(name for name in self.members if not is_junk(name))

    def read(self, name: str, most: int = MOST) -> bytes:
        """Return the bytes of a member. Raises UnreadableError if that fails, or if it has more than `most` bytes."""
        try:
            with self.archive.open(self.members[name]) as file:
                return _within(file.read(most + 1), most)
        except UnreadableError:
            raise
        except Exception as error:  # for a damaged zip, zipfile may raise nearly any exception
            raise UnreadableError(f"it cannot be read: {error}") from None


Source = Folder | Zip


def open_source(path: Path) -> Source:
    """Return the folder or zip at `path`. Raises UnreadableError."""
    if path.is_dir():
        return Folder(path)
    if not path.is_file():
        raise UnreadableError(f"{path} does not exist, or is neither a folder nor a regular file")
    return Zip(path)


def _posix(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).as_posix()


def _within(content: bytes, most: int) -> bytes:
    if len(content) > most:
        raise UnreadableError(f"it has more than {most / 1e6:,.0f} MB")
    return content
