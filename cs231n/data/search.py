"""Search a folder and its subfolders for CIFAR-10, as a folder of batches or as an archive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from cs231n.data import archives
from cs231n.data.cifar10 import Archive

DEPTH = 3  # levels of subfolders: unpacking programs may add two (for the .tar.gz and the .tar) above the data's own
MOST = 2000  # files and folders that are examined, at most
WRONG = {  # the folders in archives that are easily mistaken for CIFAR-10's, and what they contain
    "cifar-10-batches-bin": "the binary version of CIFAR-10",
    "cifar-10-batches-mat": "the Matlab version of CIFAR-10",
    "cifar-100-python": "CIFAR-100",
    "cifar-100-binary": "CIFAR-100",
    "cifar-100-matlab": "CIFAR-100",
}
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".opdownload")
UNREAD = (".zip", ".7z", ".rar", ".zst")  # archives that the kit does not read
READ = (".tar", ".tgz", ".gz", ".bz2", ".xz")


@dataclass
class Found:
    """The data sets found in a place, and sentences about what looks like CIFAR-10 there, but cannot be used."""

    folders: list[Path] = field(default_factory=list)  # with all files
    archives: list[Path] = field(default_factory=list)
    incomplete: list[Path] = field(default_factory=list)  # folders with some of the files, or only the right name
    unfit: list[str] = field(default_factory=list)

    @property
    def usable(self) -> list[Path]:
        """The folders and archives, in order of preference: complete folders, archives, incomplete folders."""
        return [*self.folders, *self.archives, *self.incomplete]

    @property
    def shown(self) -> list[Path]:
        """The complete folders and the archives or, if there are none, the incomplete folders."""
        return [*self.folders, *self.archives] or self.incomplete

    @property
    def best(self) -> Path | None:
        """The folder or archive to use, or None if nothing was found."""
        return next(iter(self.usable), None)


def look_round(place: Path, archive: Archive) -> Found:
    """Search `place` and its subfolders, within the limits DEPTH and MOST; nothing is found if it is not a folder."""
    found = Found()
    if not place.is_dir():
        return found
    entries = list(_entries(place, DEPTH))
    for folder in (place, *(entry for entry in entries if entry.is_dir())):
        has = sum((folder / name).is_file() for name in archive.members)
        if has == len(archive.members):
            found.folders.append(folder)
        elif has or folder.name == archive.folder:
            found.incomplete.append(folder)
        elif folder.name in WRONG:
            found.unfit.append(_not_this_one(folder, WRONG[folder.name]))
    found.incomplete.sort(key=lambda folder: -sum((folder / name).is_file() for name in archive.members))
    for file in (entry for entry in entries if not entry.is_dir()):
        name, size = file.name.lower(), file.stat().st_size if file.is_file() else -1
        if "cifar" not in name and size != archive.size:
            continue
        if name.endswith(UNFINISHED):
            found.unfit.append(f"{file} is an unfinished download.")
        elif name.endswith(UNREAD):
            found.unfit.append(f"{file} is a {file.suffix}, which cannot be read: unpack it in the same folder.")
        elif why := what_else(file):
            found.unfit.append(why)
        elif archives.first_folder(file) in (archive.folder, *archive.members):
            found.archives.append(file)
        elif name.endswith(READ):
            found.unfit.append(f"{file} is damaged, or not an archive of CIFAR-10: delete it and download it again.")
    found.archives.sort(key=lambda file: abs(file.stat().st_size - archive.size))
    return found


def what_else(file: Path) -> str:
    """Return a sentence that says what an archive is if it is one of those in WRONG, or "" if it is not."""
    inside = archives.first_folder(file)
    return _not_this_one(file, WRONG[inside]) if inside in WRONG else ""


def _not_this_one(path: Path, what: str) -> str:
    return f"{path} is {what}, which cannot be read: use the Python version of CIFAR-10."


def _entries(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the files and folders in a folder and its subfolders, level by level: at most MOST, and no hidden ones."""
    left, level = MOST, [folder]
    for _ in range(depth):
        below = []
        for one in level:
            here: list[Path] = []
            with suppress(OSError), os.scandir(one) as scan:
                here = sorted(one / entry.name for entry in islice(scan, left) if entry.name[0] != ".")
            left -= len(here)
            below += [entry for entry in here if entry.is_dir()]
            yield from here
        level = below
