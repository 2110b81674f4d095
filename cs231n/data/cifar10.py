"""CIFAR-10's "python version": the facts as published, a reader that runs no code, a writer.

The data set is a folder of seven pickles written by Python 2: five training batches, a test batch and the
class names. A pickle is a program, so the reader here admits plain containers and arrays of numbers only, and
the writer emits opcodes of its own, so that equal contents are equal bytes on every Python and numpy.

Source: https://www.cs.toronto.edu/~kriz/cifar.html
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from cs231n.data.opcodes import Opcodes

CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
TRAIN_BATCHES = tuple(f"data_batch_{i}" for i in range(1, 6))
TEST_BATCH = "test_batch"
META = "batches.meta"
README = "readme.html"

SIDE = 32  # pixels; images are square
PIXELS = 3 * SIDE * SIDE  # numbers per image: the red plane row by row, then green, then blue
MAX_FILE_BYTES = 64 * 2**20  # a published batch has 31 MB; nothing twice that is a batch

PUBLISHED_MD5: Mapping[str, str] = MappingProxyType(
    {
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
        "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
    }
)


@dataclass(frozen=True)
class Archive:
    """What is known of a published archive of batches, before a byte of it is trusted.

    Attributes:
        size: of the archive, in bytes.
        sha256, md5: of the archive, in hex.
        folder: the one folder in it.
        members: md5 of each batch in that folder, by file name.
        images_per_batch: images in each of the six batches.
    """

    size: int
    sha256: str
    md5: str
    folder: str = "cifar-10-batches-py"
    members: Mapping[str, str] = field(default_factory=lambda: PUBLISHED_MD5)
    images_per_batch: int = 10_000


CIFAR10 = Archive(
    size=170_498_071,
    sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    md5="c58f30108f718f92721af3b95e74349a",
)


class BatchError(ValueError):
    """A file is not a batch of CIFAR-10's format: truncated, of the wrong shape, or too large."""


class UnsafePickleError(pickle.UnpicklingError):
    """A pickle asks for something other than plain containers and arrays of numbers."""


@dataclass(frozen=True)
class Batch:
    """One batch: `pixels` (N, 3072) uint8, read-only, planes R, G, B; `labels` (N,) int64 in 0..9."""

    pixels: np.ndarray
    labels: np.ndarray
    filenames: tuple[str, ...]
    batch_label: str


def read_batch(raw: bytes | bytearray | memoryview, name: str = "batch") -> Batch:
    """Read one batch from the bytes of its file. The pixels are not copied more often than pickle must.

    Raises:
        UnsafePickleError: it asks for anything but plain containers and arrays.
        BatchError: it is truncated, too large, or its parts do not have the shapes and types of a batch.
    """
    record = _as_text_keys(unpickle(raw, name), name)
    pixels, labels = record.get("data"), _label_array(record.get("labels"), name)
    if not isinstance(pixels, np.ndarray) or pixels.dtype != np.uint8 or pixels.shape[1:] != (PIXELS,):
        found = _describe(pixels)
        raise BatchError(f"{name}: expected 'data' to be a uint8 array (N, {PIXELS}), found {found}")
    if len(labels) != len(pixels):
        raise BatchError(f"{name}: expected as many labels as images, found {len(labels)} and {len(pixels)}")
    filenames = record.get("filenames")
    if not isinstance(filenames, list) or len(filenames) != len(pixels):
        raise BatchError(f"{name}: expected {len(pixels)} 'filenames', found {_describe(filenames)}")
    return Batch(pixels, labels, tuple(map(_text, filenames)), _text(record.get("batch_label")))


def read_meta(raw: bytes | bytearray | memoryview, name: str = META) -> tuple[list[str], int]:
    """Read `batches.meta` from its bytes: the class names, and the number of images per batch.

    Raises: as `read_batch`.
    """
    record = _as_text_keys(unpickle(raw, name), name)
    names, count = record.get("label_names"), record.get("num_cases_per_batch")
    if not isinstance(names, list) or not all(isinstance(item, bytes | str) for item in names):
        raise BatchError(f"{name}: expected 'label_names' to be a list of names, found {_describe(names)}")
    if type(count) is not int or count < 1:
        raise BatchError(f"{name}: expected 'num_cases_per_batch' to be at least 1, found {_describe(count)}")
    return [_text(item) for item in names], count


def write_batch(
    path: str | Path, images: np.ndarray, labels: Sequence[int], filenames: Sequence[str], batch_label: str
) -> None:
    """Write one batch, byte for byte as the published files are laid out.

    Args:
        path: file to write; one that is there is replaced.
        images: uint8, either (N, 32, 32, 3) or rows as stored, (N, 3072).
        labels: N ints in 0..9.
        filenames: N names, ASCII.
        batch_label: as in "training batch 1 of 5".

    Raises:
        ValueError: images, labels and filenames do not have these shapes and types.
    """
    rows = _rows(np.asarray(images))
    numbers = _label_array(list(np.asarray(labels).tolist()), str(path))
    if not len(rows) == len(numbers) == len(filenames):
        raise ValueError(
            f"expected as many labels and file names as images, "
            f"found {len(numbers)} and {len(filenames)} for {len(rows)} images"
        )
    ops = Opcodes()
    ops.begin()
    ops.memoised(b"batch_label")
    ops.memoised(batch_label.encode("ascii"))
    ops.memoised(b"labels")
    ops.list_of(numbers.tolist())
    ops.memoised(b"data")
    ops.array(rows)
    ops.memoised(b"filenames")
    ops.list_of([name.encode("ascii") for name in filenames])
    ops.write(path)


def write_meta(path: str | Path, label_names: Sequence[str], num_cases_per_batch: int) -> None:
    """Write `batches.meta`, byte for byte as the published file is laid out."""
    ops = Opcodes()
    ops.begin()
    ops.memoised(b"num_cases_per_batch")
    ops.integer(num_cases_per_batch)
    ops.memoised(b"label_names")
    ops.list_of([name.encode("ascii") for name in label_names])
    ops.memoised(b"num_vis")
    ops.integer(PIXELS)
    ops.write(path)


def datasets_folders() -> list[Path]:
    """Every folder `datasets` upwards from the package, then from the working directory, nearest first.

    More than one, since a solved copy of the kit lives in `build/` of the checkout that has the data.
    """
    here, working = Path(__file__).resolve().parent, Path.cwd()
    above = [*here.parents, working, *working.parents]
    return [folder for folder in dict.fromkeys(up / "datasets" for up in above) if folder.is_dir()]


def datasets_home() -> Path:
    """Where data is put: `datasets` of the outermost checkout around the package, else where one works."""
    checkouts = [up for up in Path(__file__).resolve().parents if (up / "datasets").is_dir()]
    checkouts = [up for up in checkouts if (up / "cs231n" / "__init__.py").is_file()]
    return (checkouts[-1] if checkouts else Path.cwd()) / "datasets"


# --- reading ---------------------------------------------------------------------------------------------


def unpickle(raw: bytes | bytearray | memoryview, name: str = "pickle") -> Any:
    """Read a pickle of plain containers and arrays of numbers; Python 2 strings come as bytes.

    Whatever is in it, nothing runs. It can still ask for much memory (an entry 2^32 of pickle's memo), so files
    from elsewhere are given to this only after their md5 was found right.

    Raises:
        UnsafePickleError: it names any other global. Nothing it names has been imported or called.
        BatchError: it is not a whole pickle, or has more than MAX_FILE_BYTES.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise BatchError(f"{name}: expected at most {MAX_FILE_BYTES:,} bytes, found {len(raw):,}")
    try:
        value = _Unpickler(_View(raw), encoding="bytes").load()
    except (UnsafePickleError, BatchError) as error:
        raise type(error)(f"{name}: {error}") from None
    except Exception as error:  # a malformed pickle may raise nearly anything
        raise BatchError(f"{name}: not a whole pickle ({type(error).__name__}: {error})") from error
    return value.array() if isinstance(value, _Array) else value


class _View:
    """A file over bytes in memory whose reads are views, so that pickle copies the pixels once, not twice."""

    def __init__(self, raw: bytes | bytearray | memoryview):
        self._bytes = memoryview(raw).cast("B")
        self._at = 0

    def peek(self, size: int) -> memoryview:
        return self._bytes[self._at : self._at + size]

    def read(self, size: int) -> memoryview:
        part = self.peek(size)
        self._at += len(part)
        return part

    def readinto(self, target: memoryview) -> int:
        part = self.read(len(target))
        target[: len(part)] = part
        return len(part)

    def readline(self) -> bytes:
        line = bytearray()
        while part := bytes(self.read(64)):
            end = part.find(b"\n") + 1
            if end:
                self._at -= len(part) - end
                return bytes(line + part[:end])
            line += part
        return bytes(line)


# What a pickled array names stands here for numpy's own: numpy's `__setstate__` methods were not made for
# hostile input. Classes rather than functions, because a pickle may set attributes of a function.


class _DType:
    """`numpy.dtype(code, align, copy)` and its state; numbers only."""

    __slots__ = ("_code", "_order")

    def __init__(self, code: bytes | str, align: object = 0, copy: object = 1):
        self._code, self._order = _text(code), "|"
        if self._code[:1] not in ("u", "i", "f", "b") or self._code[1:] not in ("1", "2", "4", "8"):
            raise BatchError(f"expected an array of numbers, found one of dtype {self._code!r}")

    def __setstate__(self, state: tuple) -> None:
        self._order = _text(state[1])

    def dtype(self) -> np.dtype:
        return np.dtype(self._order + self._code)


class _Array:
    """What `_reconstruct` returns: an empty array, which its state then fills."""

    __slots__ = ("_value",)

    def __init__(self, kind: object, shape: object, code: object):
        self._value = None

    def __setstate__(self, state: tuple) -> None:
        _, shape, dtype, fortran, raw = state
        if not isinstance(dtype, _DType) or not isinstance(raw, bytes):
            raise BatchError(f"expected an array of numbers, found one whose contents are {_describe(raw)}")
        flat = np.frombuffer(raw, dtype=dtype.dtype())  # a view of the bytes
        self._value = flat.reshape(shape, order="F" if fortran else "C")

    def array(self) -> np.ndarray:
        if self._value is None:
            raise BatchError("found an array without contents")
        return self._value


class _ArrayType:
    """`numpy.ndarray`: named in the pickle, never called."""

    __slots__ = ()

    def __init__(self, *args: object):
        raise BatchError("numpy.ndarray is called, which no published file does")

    def __setstate__(self, state: object) -> None:
        raise BatchError("numpy.ndarray is given a state, which no published file does")


class _Encoded(bytes):
    """`_codecs.encode(text, "latin1")`: how Python 3 writes bytes in the older protocols."""

    __slots__ = ()

    def __new__(cls, text: str = "", encoding: bytes | str = "latin1") -> bytes:
        if _text(encoding) not in ("latin1", "latin-1"):
            raise BatchError(f"expected bytes written as latin1, found {encoding!r}")
        return text.encode("latin1")

    def __setstate__(self, state: object) -> None:
        raise BatchError("_codecs.encode is given a state, which no published file does")


_ADMITTED = {
    ("numpy.core.multiarray", "_reconstruct"): _Array,
    ("numpy._core.multiarray", "_reconstruct"): _Array,
    ("numpy", "ndarray"): _ArrayType,
    ("numpy", "dtype"): _DType,
    ("_codecs", "encode"): _Encoded,
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _ADMITTED[module, name]
        except KeyError:
            raise UnsafePickleError(
                f"refused to load {module}.{name}: a batch holds plain containers and numpy arrays only. "
                "The file is not CIFAR-10's, and reading it with pickle could run a program"
            ) from None


def _as_text_keys(record: object, name: str) -> dict[str, Any]:
    if not isinstance(record, dict) or not all(isinstance(key, bytes | str) for key in record):
        raise BatchError(f"{name}: expected a dict with names as keys, found {_describe(record)}")
    return {_text(key): v.array() if isinstance(v, _Array) else v for key, v in record.items()}


def _label_array(labels: object, name: str) -> np.ndarray:
    whole = isinstance(labels, list) and all(type(label) is int and 0 <= label <= 9 for label in labels)
    if not whole:
        raise BatchError(f"{name}: expected 'labels' to be a list of ints 0..9, found {_describe(labels)}")
    return np.array(labels, dtype=np.int64)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("latin1")
    if isinstance(value, str):
        return value
    raise BatchError(f"expected a string, found {_describe(value)}")


def _describe(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array {value.shape} of {value.dtype}"
    if isinstance(value, list | dict | bytes):
        return f"a {type(value).__name__} of length {len(value)}"
    if isinstance(value, int | float):
        return repr(value)[:40]
    return "nothing" if value is None else f"a {type(value).__name__}"


def _rows(images: np.ndarray) -> np.ndarray:
    if images.dtype != np.uint8 or images.shape[1:] not in ((SIDE, SIDE, 3), (PIXELS,)):
        raise ValueError(f"expected images as uint8 (N, {SIDE}, {SIDE}, 3) or (N, {PIXELS}), found {_describe(images)}")
    if images.ndim == 4:
        images = images.transpose(0, 3, 1, 2).reshape(len(images), PIXELS)
    return np.ascontiguousarray(images)
