"""Where the images come from: CIFAR-10 from a folder or an archive, else the built-in stand-in.

`load_CIFAR10()` takes the first of: its argument; $CS231N_DATA (a folder, a .tar.gz, or the word "standin");
`datasets/cifar-10-batches-py` in the checkout; the stand-in. It always prints which one it was.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np

from cs231n.data import cache, cifar10
from cs231n.data.cifar10 import CLASS_NAMES as CLASS_NAMES

VARIABLE = "CS231N_DATA"
STANDIN = "standin"  # what $CS231N_DATA or `root` say to ask for the stand-in
GET = "python -m cs231n data get"
CHUNK = 2**18  # bytes inflated at a time

_last_loaded: DataSource | None = None


class DataNotFoundError(FileNotFoundError):
    """There is no data where it was said to be, or not all of it."""


class ChecksumError(ValueError):
    """A file is not, byte for byte, the one that was published."""


@dataclass(frozen=True)
class DataSource:
    """A data set at a place.

    Attributes:
        path: the folder of batches, or the archive.
        is_standin: whether these are drawn images and not CIFAR-10.
        md5: of each batch and of `batches.meta`, by file name, as published.
        images_per_batch: in each of the five training batches and the test batch.
        chosen_by: what led here, as in "$CS231N_DATA".
    """

    path: Path
    is_standin: bool
    md5: Mapping[str, str]
    images_per_batch: int
    chosen_by: str

    @property
    def num_train(self) -> int:
        """Number of training images."""
        return len(cifar10.TRAIN_BATCHES) * self.images_per_batch

    @property
    def num_test(self) -> int:
        """Number of test images."""
        return self.images_per_batch

    def __str__(self) -> str:
        sizes = f"{self.num_train:,} training, {self.num_test:,} test images"
        if self.is_standin:
            return f"the built-in stand-in ({sizes}; drawn, not CIFAR-10)\nGet the real data: {GET}"
        return f"CIFAR-10 ({sizes}) in {self.path}; checksums verified"


def find_data(root: str | Path | None = None) -> DataSource:
    """Find the data set `load_CIFAR10(root)` takes, building the stand-in if it comes to that.

    Raises:
        DataNotFoundError: `root` or $CS231N_DATA says where the data is, and it is not there.
    """
    return find_real_data(root) or _standin("nothing else was found")


def find_real_data(root: str | Path | None = None) -> DataSource | None:
    """Like `find_data`, but None where the stand-in would be taken, and nothing is built."""
    said, chosen_by = (root, "the argument") if root is not None else (os.environ.get(VARIABLE), f"${VARIABLE}")
    if said == STANDIN:
        return None
    if said:
        return _at(Path(said).expanduser(), chosen_by)
    for folder in cifar10.datasets_folders():
        if (folder / cifar10.CIFAR10.folder).is_dir():
            return _cifar10(folder / cifar10.CIFAR10.folder, f"{folder} being searched")
    return None


def data_source() -> DataSource:
    """The data set loaded last, or the one a load would take now: `data_source().is_standin` tells a notebook."""
    return _last_loaded or find_data()


def load_CIFAR10(
    root: str | Path | None = None, dtype: np.typing.DTypeLike = np.float32
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Load CIFAR-10, or the stand-in where there is none, and print which.

    Args:
        root: folder of batches, folder that contains it, or .tar.gz; by default see this module's docstring.
        dtype: of the images: uint8 or a float type. Their values are 0..255 in either.

    Returns:
        X_train (50000, 32, 32, 3), y_train (50000,), X_test (10000, 32, 32, 3), y_test (10000,); labels are
        int64 in 0..9. The stand-in has 10,000 and 2,000.

    Raises:
        DataNotFoundError: the data is not where `root` or $CS231N_DATA says, or files of it are missing.
        ChecksumError: a file differs from the published one.
        ValueError: `dtype` is neither uint8 nor a float type.
    """
    dtype = _image_dtype(dtype)
    source = find_data(root)
    loaded = load(source, dtype)
    print(f"Data: {source}")
    return loaded


def get_CIFAR10_data(
    num_training: int = 49000,
    num_validation: int = 1000,
    num_test: int = 1000,
    subtract_mean: bool = True,
    dtype: np.typing.DTypeLike = np.float32,
    root: str | Path | None = None,
) -> dict[str, np.ndarray]:
    """Load the data as networks take it: split, centred, channels first.

    The validation images are those right after the training ones. Of the stand-in, which is smaller, as many
    training and test images are taken as there are, and a line says so.

    Args:
        num_training, num_validation, num_test: number of images in each part.
        subtract_mean: whether to subtract the mean of the training part from every image.
        dtype, root: as for `load_CIFAR10`; the mean needs a float type.

    Returns:
        X_train (N, 3, 32, 32) and y_train (N,) int64, likewise X_val, y_val, X_test, y_test.

    Raises:
        ValueError: CIFAR-10 has fewer images than asked for, or `dtype` cannot hold the differences.
        DataNotFoundError, ChecksumError: as for `load_CIFAR10`.
    """
    dtype = _image_dtype(dtype)
    if subtract_mean and dtype.kind != "f":
        raise ValueError(f"expected a float dtype to subtract the mean in, found {dtype}; or subtract_mean=False")
    X, y, X_test, y_test = load_CIFAR10(root, np.uint8)
    num_training, num_test = _affordable(num_training, num_validation, num_test, len(X), len(X_test))
    end = num_training + num_validation
    mean = X[:num_training].mean(axis=0, dtype=np.float64) if subtract_mean else None  # (32, 32, 3)
    return {
        "X_train": _channels_first(X[:num_training], mean, dtype),
        "y_train": y[:num_training].copy(),
        "X_val": _channels_first(X[num_training:end], mean, dtype),
        "y_val": y[num_training:end].copy(),
        "X_test": _channels_first(X_test[:num_test], mean, dtype),
        "y_test": y_test[:num_test].copy(),
    }


def load(source: DataSource, dtype: np.dtype) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Load and verify one data set, saying nothing; shapes and errors as for `load_CIFAR10`."""
    global _last_loaded
    shape = (cifar10.SIDE, cifar10.SIDE, 3)
    images = [np.empty((n, *shape), dtype) for n in (source.num_train, source.num_test)]
    stats = cache.stats(_files(source))
    labels = cache.load(source.path, stats, source.md5, images)
    if labels is None:
        labels = [np.empty(len(part), np.int64) for part in images]
        _decode(source, images, labels)
        if not source.is_standin:  # which is small
            cache.store(source.path, stats, source.md5, images, labels)
    _last_loaded = source
    return images[0], labels[0], images[1], labels[1]


def verify(source: DataSource) -> None:
    """Check the md5 of every file of a data set.

    Raises:
        DataNotFoundError, ChecksumError: as for `load_CIFAR10`.
    """
    for _ in _verified(source):
        pass


def md5_of(raw: bytes | bytearray) -> str:
    """The md5 of `raw` in hex; the published checksums are md5, here against damage and mix-ups."""
    return hashlib.md5(raw, usedforsecurity=False).hexdigest()


# --- finding ---------------------------------------------------------------------------------------------


def _at(path: Path, chosen_by: str) -> DataSource:
    """The data set at a path that someone gave."""
    archive = cifar10.CIFAR10
    if path.is_file():
        return _cifar10(path, chosen_by)
    for folder in (path, path / archive.folder):
        if any((folder / name).is_file() for name in archive.members):
            is_standin = _is_standin(folder)
            return _standin(chosen_by) if is_standin else _cifar10(folder, chosen_by)
    found = "a folder without batches of CIFAR-10" if path.is_dir() else "nothing"
    raise DataNotFoundError(
        f"expected {archive.folder} or its .tar.gz at {path} (said {chosen_by}), found {found}. "
        f'Correct the path, unset it, ask for "{STANDIN}", or get the data: {GET}'
    )


def _cifar10(path: Path, chosen_by: str) -> DataSource:
    return DataSource(path, False, cifar10.CIFAR10.members, cifar10.CIFAR10.images_per_batch, chosen_by)


def _standin(chosen_by: str) -> DataSource:
    from cs231n.data import standin  # draws and so imports much that real data does not need

    folder = standin.ensure()
    _, images_per_batch = cifar10.read_meta((folder / cifar10.META).read_bytes())
    return DataSource(folder, True, standin.MD5, images_per_batch, chosen_by)


def _is_standin(folder: Path) -> bool:
    from cs231n.data import standin

    meta = folder / cifar10.META
    return meta.is_file() and md5_of(meta.read_bytes()) == standin.MD5[cifar10.META]


# --- reading ---------------------------------------------------------------------------------------------


def _decode(source: DataSource, images: list[np.ndarray], labels: list[np.ndarray]) -> None:
    """Verify every batch of `source` and put it in its place in `images` and `labels`.

    This thread reads and hashes a batch while another decodes the one before: memory for two batches.
    """
    n = source.images_per_batch
    slots = {name: (images[0][i * n :][:n], labels[0][i * n :][:n]) for i, name in enumerate(cifar10.TRAIN_BATCHES)}
    slots[cifar10.TEST_BATCH] = (images[1], labels[1])
    with ThreadPoolExecutor(1) as worker:
        decoding: Future | None = None
        for name, raw in _verified(source):
            if decoding:
                decoding.result()
            if name in slots:
                decoding = worker.submit(_fill, name, raw, *slots[name])
        if decoding:
            decoding.result()


def _fill(name: str, raw: bytearray, images: np.ndarray, labels: np.ndarray) -> None:
    batch = cifar10.read_batch(raw, name)
    if len(batch.labels) != len(labels):
        raise cifar10.BatchError(f"{name}: expected {len(labels)} images, found {len(batch.labels)}")
    labels[:] = batch.labels
    planes = batch.pixels.reshape(len(labels), 3, -1)  # (N, C, H*W)
    pixels = images.reshape(len(labels), -1, 3)  # (N, H*W, C), a view
    for start in range(0, len(labels), cache.BLOCK):
        part = slice(start, start + cache.BLOCK)
        for c in range(3):  # far quicker than one transposed copy, whose innermost loop has length 3
            pixels[part, :, c] = planes[part, c]


def _verified(source: DataSource) -> Iterator[tuple[str, bytearray]]:
    """The contents of each file of `source`, in any order, after its md5 was found right."""
    missing = set(source.md5)
    for name, raw in _archived(source) if source.path.is_file() else _in_folder(source):
        found = md5_of(raw)
        if found != source.md5[name]:
            raise ChecksumError(
                f"{name} in {source.path} is damaged or not CIFAR-10's: expected md5 {source.md5[name]}, "
                f"found {found}. Move it away and get it again: {_remedy(source)}"
            )
        missing.discard(name)
        yield name, raw
    if missing:
        raise _missing(source, sorted(missing))


def _files(source: DataSource) -> list[Path]:
    if source.path.is_file():
        return [source.path]
    files = [source.path / name for name in source.md5]
    missing = [file.name for file in files if not file.is_file()]
    if missing:
        raise _missing(source, missing)
    return files


def _in_folder(source: DataSource) -> Iterator[tuple[str, bytearray]]:
    for file in _files(source):
        with file.open("rb") as handle:
            yield file.name, _read(handle, file.stat().st_size, file.name)


def _archived(source: DataSource) -> Iterator[tuple[str, bytearray]]:
    wanted = set(source.md5)
    try:
        with tarfile.open(source.path, "r:*") as tar:
            for member in tar:
                name = PurePosixPath(member.name).name
                if member.isfile() and name in wanted:
                    wanted.discard(name)
                    yield name, _read(tar.extractfile(member), member.size, name)
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise ChecksumError(
            f"{source.path} is not a whole .tar.gz of CIFAR-10 ({type(error).__name__}: {error}). "
            f"Move it away and get it again: {GET}"
        ) from error


def _read(handle, size: int, name: str) -> bytearray:
    """The `size` bytes of one file, read in pieces, since a tarfile makes a copy of what it reads."""
    if size > cifar10.MAX_FILE_BYTES:
        raise cifar10.BatchError(f"{name}: expected at most {cifar10.MAX_FILE_BYTES:,} bytes, found {size:,}")
    raw = bytearray(size)
    view = memoryview(raw)
    for start in range(0, size, CHUNK):
        handle.readinto(view[start : start + CHUNK])
    return raw


def _missing(source: DataSource, names: list[str]) -> DataNotFoundError:
    return DataNotFoundError(
        f"expected {len(source.md5)} files in {source.path}, {', '.join(names)} missing. "
        f"Move it away and get it again: {_remedy(source)}"
    )


def _remedy(source: DataSource) -> str:
    return "python -m cs231n data standin" if source.is_standin else GET


# --- shaping ---------------------------------------------------------------------------------------------


def _image_dtype(dtype: np.typing.DTypeLike) -> np.dtype:
    dtype = np.dtype(dtype)
    if dtype != np.uint8 and dtype.kind != "f":
        raise ValueError(f"expected uint8 or a float type for images, found {dtype}")
    return dtype


def _affordable(training: int, validation: int, test: int, all_training: int, all_test: int) -> tuple[int, int]:
    """How many training and test images to take when this many are wanted and there."""
    if data_source().is_standin and validation < all_training:
        wanted = (training, test)
        training, test = min(training, all_training - validation), min(test, all_test)
        if (training, test) != wanted:
            print(f"Data: the stand-in is smaller: {training:,} training and {test:,} test images are taken.")
    if min(training, validation, test) < 0 or training + validation > all_training or test > all_test:
        raise ValueError(
            f"expected at most {all_training:,} training and validation and {all_test:,} test images, "
            f"found {training:,} + {validation:,} and {test:,}"
        )
    return training, test


def _channels_first(images: np.ndarray, mean: np.ndarray | None, dtype: np.dtype) -> np.ndarray:
    """(N, 32, 32, 3) uint8, less the mean (32, 32, 3) -> (N, 3, 32, 32) of `dtype`."""
    out = np.empty((len(images), 3, *images.shape[1:3]), dtype)
    precise = np.result_type(dtype, np.float32)
    for start in range(0, len(images), cache.BLOCK):
        part = images[start : start + cache.BLOCK]
        if mean is not None:
            part = part - mean.astype(precise)
        out[start : start + cache.BLOCK] = part.transpose(0, 3, 1, 2)
    return out
