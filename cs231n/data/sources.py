"""Find, verify and read a data set: CIFAR-10 from a folder of batches or an archive, or else the stand-in."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cs231n.data import archives, cache, cifar10, disk, places, search, standin
from cs231n.data.cifar10 import Archive

GET = "python -m cs231n data get"
AGAIN = f"Move this folder or archive away, and get the data again: {GET}"
DRAWN = Archive(0, "", places.STANDIN, {}, images_per_batch=2_000)  # the stand-in, described like CIFAR-10
WORKERS = 2  # batches read and hashed at a time

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class DataNotFoundError(FileNotFoundError):
    """The data is not at the given place, or is incomplete."""


class ChecksumError(ValueError):
    """A file is not, byte for byte, the one that was published, or an archive cannot be read."""


@dataclass(frozen=True)
class DataSource:
    """A data set: where it is, what it should contain, and how it was chosen."""

    path: Path  # the folder of batches, the archive, or the folder of the stand-in
    archive: Archive  # the published facts about the data
    chosen_by: str  # what determined the place, for example "$CS231N_DATA"
    unfit: tuple[str, ...] = ()  # sentences about what was found but cannot be used

    @property
    def is_standin(self) -> bool:
        """Whether this is the stand-in, and not CIFAR-10."""
        return self.archive is DRAWN

    @property
    def sizes(self) -> tuple[int, int]:
        """The numbers of training and test images."""
        per_batch = self.archive.images_per_batch
        return len(cifar10.TRAIN_BATCHES) * per_batch, per_batch

    def __str__(self) -> str:
        sizes = "{:,} training, {:,} test images".format(*self.sizes)
        if self.is_standin:
            notes = "".join(f"{why}\n" for why in self.unfit)
            return f"the built-in stand-in ({sizes}; drawn, not CIFAR-10)\n{notes}Get the real data: {GET}"
        return f"CIFAR-10 ({sizes}) in {self.path}; checksums verified"


def find_data(root: str | Path | None = None) -> DataSource:
    """Return the data set that `load_CIFAR10(root)` uses; if it is the stand-in, draw it first if necessary.

    Raises DataNotFoundError if there is no data at the place that `root` or $CS231N_DATA names, OSError if the stand-in
    cannot be written, and RuntimeError if this machine does not draw the expected pixels.
    """
    source = find_real_data(root)
    if source is None:
        said, chosen_by = _said(root)
        folder = None if said in ("", places.STANDIN) else Path(said)
        unfit = () if said else tuple(why for found in _searched().values() for why in found.unfit)
        source = DataSource(standin.ensure(folder), DRAWN, chosen_by, unfit)
    return source


def find_real_data(root: str | Path | None = None) -> DataSource | None:
    """Return the data set that `find_data` returns, or None if that is the stand-in; nothing is drawn.

    Raises DataNotFoundError as `find_data` does.
    """
    archive = cifar10.CIFAR10
    said, chosen_by = _said(root)
    if not said:
        best = ((found.best, folder) for folder, found in _searched().items())
        return next((DataSource(path, archive, f"a search of {folder}") for path, folder in best if path), None)
    path = Path(said)
    if said == places.STANDIN or standin.is_at(path):
        return None
    around = search.look_round(path if path.is_dir() else path.parent, archive)
    if path.is_file() and not (why := search.what_else(path)):
        return DataSource(path, archive, chosen_by)
    if path.is_dir() and around.best:
        return DataSource(around.best, archive, chosen_by)
    found = (
        "a folder without batches of CIFAR-10" if path.is_dir() else "something else" if path.exists() else "nothing"
    )
    near = [why] if path.is_file() else []
    near += [f"But there is {around.best}."] if around.best else [one for one in around.unfit if one not in near]
    raise DataNotFoundError(
        f"expected {archive.folder} or its .tar.gz at {path} (from {chosen_by}), found {found}. "
        f'{" ".join([*near[:3], ""])}Correct the path or leave it out, use "{places.STANDIN}" instead of it, '
        f"or get the data: {GET}"
    )


def _searched() -> dict[Path, search.Found]:
    """Return {folder: what is found in it} for the folders that are searched if no place is named."""
    return {folder: search.look_round(folder, cifar10.CIFAR10) for folder in places.datasets_folders()}


def _said(root: str | Path | None) -> tuple[str | Path, str]:
    """Return the place that `root`, or else $CS231N_DATA, names ("" if neither does), and the name of the one used."""
    if root is None:
        return places.said_by_variable(), f"${places.VARIABLE}"
    return root if root == places.STANDIN else places.resolve(root), "the argument"


def load(source: DataSource, dtype: np.dtype) -> Arrays:
    """Return X_train, y_train, X_test and y_test of a data set, verified; the type of the images is `dtype`.

    The shapes and the errors are those of `load_CIFAR10` in `cs231n/data_utils.py`. Nothing is printed.
    """
    if source.is_standin:
        X, y, X_test, y_test = standin.load(source.path)
        return X.astype(dtype, copy=False), y, X_test.astype(dtype, copy=False), y_test
    X, X_test = (np.empty((count, cifar10.SIDE, cifar10.SIDE, 3), dtype) for count in source.sizes)
    y, y_test = (np.empty(count, np.int64) for count in source.sizes)
    parts, count = ((X, y), (X_test, y_test)), source.archive.images_per_batch
    blocks = _split(parts, math.gcd(count, cache.BLOCK))
    kept = cache.file_for(_files(source), source.archive.members)
    if not cache.load(kept, blocks):
        _read(source, dict(zip((*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH), _split(parts, count), strict=True)))
        cache.store(kept, blocks)
    return X, y, X_test, y_test


def verify(source: DataSource, copies: Path | None = None) -> list[str]:
    """Check the md5 of every file of CIFAR-10 at `source`, and write a copy of each to the folder `copies`, if given.

    Returns the paths of files in an archive that are outside CIFAR-10's folder and not used; [] for a folder.
    Raises DataNotFoundError if a file is missing, ChecksumError if a file differs from the published one or an archive
    is unusable, and OSError if a file cannot be read or written.
    """
    return _read(source, {}, copies)


def unused(strangers: list[str]) -> str:
    """Return one line about members of an archive that do not belong to CIFAR-10."""
    some = ", ".join(ascii(name)[:80] for name in strangers[:3])
    more = f" and {len(strangers) - 3} more" if len(strangers) > 3 else ""
    return f"The archive also contains files that are not part of CIFAR-10, which are not used: {some}{more}"


def _split(parts: Iterable[tuple[np.ndarray, np.ndarray]], count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return views of the arrays, each of `count` images and labels."""
    return [(X[i : i + count], y[i : i + count]) for X, y in parts for i in range(0, len(X), count)]


def _read(
    source: DataSource, slots: Mapping[str, tuple[np.ndarray, np.ndarray]], copies: Path | None = None
) -> list[str]:
    """Verify the files of `source`, in threads if it is a folder, and one after another if it is an archive.

    `slots` is {name of a batch: (images (N, 32, 32, 3), labels (N,)) to fill}. A file without a slot is copied to the
    folder `copies`, if that is given. Returns and raises the same as `verify`, and BatchError for an unknown layout.
    """

    def check(name: str, file: cifar10.Readable) -> None:
        expected, sound = source.archive.members[name], True
        if name in slots:
            found, sound = cifar10.read_batch(file, *slots[name])
        else:
            with disk.replacing(copies / name) if copies else contextlib.nullcontext() as out:
                found = cifar10.drain(file, out=out)
        if found != expected:
            raise ChecksumError(
                f"{name} in {source.path} is damaged or not CIFAR-10's: expected md5 {expected}, found {found}. {AGAIN}"
            )
        if not sound:
            raise cifar10.BatchError(f"{name} in {source.path} does not have the layout of CIFAR-10's batches")

    def check_path(path: Path) -> None:
        with disk.open_file(path) as file:
            check(path.name, file)

    if not source.path.is_file():
        with ThreadPoolExecutor(WORKERS) as workers:
            list(workers.map(check_path, _files(source)))
        return []
    missing, strangers = set(source.archive.members), []
    try:
        for member in archives.members(source.path):
            name = member.path.name
            is_wanted = member.is_file and name in missing and member.size <= cifar10.MAX_FILE_BYTES
            if is_wanted:
                missing.discard(name)
                check(name, member)
            inside = source.archive.folder in member.path.parts and not member.path.is_absolute()
            if member.is_named and not member.is_folder and (".." in member.path.parts or not (inside or is_wanted)):
                strangers.append(str(member.path))
    except archives.UnfitArchiveError as error:
        raise ChecksumError(f"{source.path} is not a complete .tar.gz of CIFAR-10 ({error}). {AGAIN}") from error
    _must_be_all(source, missing)
    return strangers


def _files(source: DataSource) -> list[Path]:
    """Return the files of a folder of batches, or the archive. Raises DataNotFoundError if one is missing."""
    files = [source.path] if source.path.is_file() else [source.path / name for name in source.archive.members]
    _must_be_all(source, {file.name for file in files if not file.is_file()})
    return files


def _must_be_all(source: DataSource, missing: set[str]) -> None:
    if missing:
        names = " or ".join(sorted(missing))
        raise DataNotFoundError(
            f"expected {len(source.archive.members)} files in {source.path}, but there is no {names}. {AGAIN}"
        )
