"""Find a data set, verify it and read it: CIFAR-10 from a folder of batches or an archive, else the stand-in."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import math
import os
import tarfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import numpy as np

from cs231n.data import cache, cifar10, places, standin
from cs231n.data.cifar10 import Archive

GET = "python -m cs231n data get"
DRAWN = Archive(0, "", places.STANDIN, {}, images_per_batch=2_000)  # the stand-in, in CIFAR-10's terms
WORKERS = 2  # batches read and hashed at a time

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


class DataNotFoundError(FileNotFoundError):
    """There is no data where it was said to be, or not all of it."""


class ChecksumError(ValueError):
    """A file is not, byte for byte, the one that was published."""


@dataclass(frozen=True)
class DataSource:
    """A data set at a place.

    Attributes:
        path: the folder of batches, the archive, or the folder of the stand-in.
        archive: what is known of the data.
        chosen_by: what led here, as in "$CS231N_DATA".
    """

    path: Path
    archive: Archive
    chosen_by: str

    @property
    def is_standin(self) -> bool:
        """Whether these are drawn images and not CIFAR-10."""
        return self.archive is DRAWN

    @property
    def sizes(self) -> tuple[int, int]:
        """The numbers of training and test images."""
        per_batch = self.archive.images_per_batch
        return len(cifar10.TRAIN_BATCHES) * per_batch, per_batch

    def __str__(self) -> str:
        sizes = "{:,} training, {:,} test images".format(*self.sizes)
        if self.is_standin:
            return f"the built-in stand-in ({sizes}; drawn, not CIFAR-10)\nGet the real data: {GET}"
        return f"CIFAR-10 ({sizes}) in {self.path}; checksums verified"


def find_data(root: str | Path | None = None) -> DataSource:
    """Find the data set that `load_CIFAR10(root)` takes, drawing the stand-in if it comes to that.

    Raises:
        DataNotFoundError: `root` or $CS231N_DATA says where the data is, and it is not there.
    """
    source = find_real_data(root)
    if source is None:
        said, chosen_by = _said(root)
        folder = Path(said).expanduser() if said and said != places.STANDIN else None
        source = DataSource(standin.ensure(folder), DRAWN, chosen_by)
    return source


def find_real_data(root: str | Path | None = None) -> DataSource | None:
    """Like `find_data`, but return None where the stand-in would be taken, and draw nothing."""
    said, chosen_by = _said(root)
    if said == places.STANDIN:
        return None
    if said:
        return _at(Path(said).expanduser(), chosen_by)
    for folder in places.datasets_folders():
        if (folder / cifar10.CIFAR10.folder).is_dir():
            return DataSource(folder / cifar10.CIFAR10.folder, cifar10.CIFAR10, f"{folder} being searched")
    return None


def load(source: DataSource, dtype: np.dtype) -> Arrays:
    """Verify and read one data set, saying nothing; shapes and errors as for `load_CIFAR10`."""
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


def verify(source: DataSource, copies: Path | None = None) -> None:
    """Check the md5 of every file of CIFAR-10 at `source`, and write a copy of each to the folder `copies`, if given.

    Raises:
        DataNotFoundError, ChecksumError: as for `load_CIFAR10`.
    """
    _each(source, lambda name, file: _copy(source, name, file, copies))


# --- finding ---------------------------------------------------------------------------------------------


def _said(root: str | Path | None) -> tuple[str | Path | None, str]:
    """Return where somebody said the data is, if anybody did, and who."""
    return (root, "the argument") if root is not None else (os.environ.get(places.VARIABLE), f"${places.VARIABLE}")


def _at(path: Path, chosen_by: str) -> DataSource | None:
    """Return the data set at a path that someone gave; None if it is the stand-in."""
    archive = cifar10.CIFAR10
    if path.is_file():
        return DataSource(path, archive, chosen_by)
    if standin.is_at(path):
        return None
    for folder in (path, path / archive.folder):
        if any((folder / name).is_file() for name in archive.members):
            return DataSource(folder, archive, chosen_by)
    found = "a folder without batches of CIFAR-10" if path.is_dir() else "nothing"
    raise DataNotFoundError(
        f"expected {archive.folder} or its .tar.gz at {path} (said {chosen_by}), found {found}. "
        f'Correct the path, unset it, ask for "{places.STANDIN}", or get the data: {GET}'
    )


# --- reading ---------------------------------------------------------------------------------------------


def _split(parts: Iterable[tuple[np.ndarray, np.ndarray]], count: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return views of `count` images and labels at a time."""
    return [(X[i : i + count], y[i : i + count]) for X, y in parts for i in range(0, len(X), count)]


def _read(source: DataSource, slots: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> None:
    """Verify the files of `source`, and put each batch into its slot: images (N, 32, 32, 3) and labels (N,)."""

    def read(name: str, file: IO[bytes]) -> None:
        if name not in slots:
            _copy(source, name, file, None)
            return
        md5, sound = cifar10.read_batch(file, *slots[name])
        _check(source, name, md5)
        if not sound:
            raise cifar10.BatchError(f"{name} in {source.path} is not laid out as CIFAR-10's batches are")

    _each(source, read)


def _each(source: DataSource, use: Callable[[str, IO[bytes]], None]) -> None:
    """Call use(name, file) for each file of CIFAR-10 at `source`; for those of a folder in threads."""

    def use_path(path: Path) -> None:
        with path.open("rb") as file:
            use(path.name, file)

    if not source.path.is_file():
        with ThreadPoolExecutor(WORKERS) as workers:
            list(workers.map(use_path, _files(source)))
        return
    missing = set(source.archive.members)
    try:
        with tarfile.open(source.path, "r:*") as tar:
            for member in tar:
                name = PurePosixPath(member.name).name
                file = tar.extractfile(member) if member.isfile() and member.size <= cifar10.MAX_FILE_BYTES else None
                if file and name in missing:
                    missing.discard(name)
                    use(name, file)
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        why = str(error).partition("\n")[0]
        raise ChecksumError(
            f"{source.path} is not a whole .tar.gz of CIFAR-10 ({type(error).__name__}: {why}). "
            f"Move it away and get it again: {GET}"
        ) from error
    _must_be_all(source, missing)


def _files(source: DataSource) -> list[Path]:
    """Return the files of a folder of batches, or the one file of an archive."""
    if source.path.is_file():
        return [source.path]
    files = [source.path / name for name in source.archive.members]
    _must_be_all(source, {file.name for file in files if not file.is_file()})
    return files


def _must_be_all(source: DataSource, missing: set[str]) -> None:
    if missing:
        raise DataNotFoundError(
            f"expected {len(source.archive.members)} files in {source.path}, {', '.join(sorted(missing))} missing. "
            f"Move it away and get it again: {GET}"
        )


def _copy(source: DataSource, name: str, file: IO[bytes], folder: Path | None) -> None:
    """Check the md5 of a file, and write it to `folder`, if given, safely on disk."""
    digest = hashlib.md5(usedforsecurity=False)
    with (folder / name).open("xb") if folder else contextlib.nullcontext() as out:
        while chunk := file.read(cifar10.CHUNK):
            digest.update(chunk)
            if out:
                out.write(chunk)
        if out:
            out.flush()
            os.fsync(out.fileno())
    _check(source, name, digest.hexdigest())


def _check(source: DataSource, name: str, md5: str) -> None:
    expected = source.archive.members[name]
    if md5 != expected:
        raise ChecksumError(
            f"{name} in {source.path} is damaged or not CIFAR-10's: expected md5 {expected}, found {md5}. "
            f"Move it away and get it again: {GET}"
        )
