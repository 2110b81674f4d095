"""Look for CIFAR-10 in and below a folder: its batches, or its archive under whatever name it was saved."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cs231n.data import archives
from cs231n.data.cifar10 import Archive

DEPTH = 2  # folders below: one too deep, in one that an unpacking program made
MOST = 2000  # entries looked at
WRONG = {  # the folder in other archives that are easily taken for it
    "cifar-10-batches-bin": "the binary version of CIFAR-10",
    "cifar-10-batches-mat": "the Matlab version of CIFAR-10",
    "cifar-100-python": "CIFAR-100",
    "cifar-100-binary": "CIFAR-100",
    "cifar-100-matlab": "CIFAR-100",
}
UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".opdownload")


@dataclass
class Found:
    """What there is in a place, the best first, and in words what looks like CIFAR-10 and cannot be used."""

    folders: list[Path] = field(default_factory=list)  # with every batch
    archives: list[Path] = field(default_factory=list)
    incomplete: list[Path] = field(default_factory=list)  # folders with some of the batches, or of the right name
    unfit: list[str] = field(default_factory=list)

    @property
    def usable(self) -> list[Path]:
        """The folders and archives in the order in which to take them."""
        return [*self.folders, *self.archives, *self.incomplete]

    @property
    def shown(self) -> list[Path]:
        """The same without incomplete folders where there is something better."""
        return [*self.folders, *self.archives] or self.incomplete

    @property
    def best(self) -> Path | None:
        """The folder or archive to take, None if there is neither."""
        return next(iter(self.usable), None)


def look_round(place: Path, archive: Archive) -> Found:
    """Return what there is of a data set in a folder and the folders below."""
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
    for file in (entry for entry in entries if entry.is_file()):
        name, size = file.name.lower(), file.stat().st_size
        if "cifar" not in name and size != archive.size:
            continue
        if name.endswith(UNFINISHED):
            found.unfit.append(f"{file} is a download that was not finished.")
        elif name.endswith(".zip"):
            found.unfit.append(f"{file} is a .zip, which is not read: unpack it there.")
        elif why := what_else(file):
            found.unfit.append(why)
        elif archives.first_folder(file) in (archive.folder, *archive.members):
            found.archives.append(file)
    found.archives.sort(key=lambda file: abs(file.stat().st_size - archive.size))
    return found


def what_else(file: Path) -> str:
    """Return in words what an archive is, if it is one of those easily taken for CIFAR-10's; else ""."""
    inside = archives.first_folder(file)
    return _not_this_one(file, WRONG[inside]) if inside in WRONG else ""


def _not_this_one(path: Path, what: str) -> str:
    return f"{path} is {what}, which is not read: the Python version of CIFAR-10 is."


def _entries(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the files and folders below a folder, nearest first, without hidden ones."""
    here: list[Path] = []
    with suppress(OSError), os.scandir(folder) as scan:
        here = [folder / entry.name for _, entry in zip(range(MOST), scan, strict=False) if entry.name[0] != "."]
    here.sort()
    yield from here
    for entry in here if depth > 1 else ():
        if entry.is_dir():
            yield from _entries(entry, depth - 1)
