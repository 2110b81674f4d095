"""CIFAR-10's "python version": the facts as published, and a reader that runs no code.

The data set is a folder of seven pickles written by Python 2: five training batches, a test batch and the class names.
A pickle is a program, and these programs are never run. In each batch, the labels, as opcodes of two bytes each, come
before the pixels, which are in one piece; the reader looks for both. No other layout is supported, since a file must
have its published md5.

Source: https://www.cs.toronto.edu/~kriz/cifar.html
"""

from __future__ import annotations

import hashlib
import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Protocol

import numpy as np

CLASS_NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
TRAIN_BATCHES = tuple(f"data_batch_{i}" for i in range(1, 6))
TEST_BATCH = "test_batch"

SIDE = 32  # pixels; images are square
PIXELS = 3 * SIDE * SIDE  # numbers per image: the red plane row by row, then green, then blue
BLOCK = 100  # images converted at a time: 0.3 MB, which stay in a processor's cache
CHUNK = 2**18  # bytes read at a time
HEAD = 2**16  # bytes at the start of a batch, which contain all labels (20 kB)
# groups, each of which is "(", then "K" and one byte for each label, then "e"
LABELS = re.compile(rb"labelsq.\]q.((?:\((?:K[\x00-\x09])+e)+)", re.DOTALL)
MAX_FILE_BYTES = 64 * 2**20  # a published batch has 31 MB, so a file of twice the size is not one

PUBLISHED_MD5: Mapping[str, str] = {
    "data_batch_1": "c99cafc152244af753f735de768cd75f",
    "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
    "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
    "data_batch_4": "634d18415352ddfa80567beed471001a",
    "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
    "test_batch": "40351d587109b95175f43aff81a1287e",
    "batches.meta": "5ff9c542aee3614f3951f8cda6e48888",
}


@dataclass(frozen=True)
class Archive:
    """The published facts about an archive of batches; the files that are found are compared with them."""

    size: int  # of the archive, in bytes
    sha256: str  # of the archive, in hex
    folder: str = "cifar-10-batches-py"  # the one folder in it
    members: Mapping[str, str] = field(default_factory=lambda: PUBLISHED_MD5)  # md5 of each file there, by file name
    images_per_batch: int = 10_000  # in each of the six batches


CIFAR10 = Archive(170_498_071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce")


class BatchError(ValueError):
    """A file has the expected md5, but not the layout of CIFAR-10's batches."""


class Readable(Protocol):
    """Something that bytes can be read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, or b"" at the end: at most `size` of them, or all of them if `size` is negative."""


def read_batch(file: Readable, images: np.ndarray, labels: np.ndarray) -> tuple[str, bool]:
    """Fill `images` (N, 32, 32, 3), of any type, and `labels` (N,) from an open batch.

    Returns the md5 of the whole file in hex, and whether N labels and N images were found in it. If not, or if the md5
    is not the expected one, the contents of the arrays are meaningless.
    """
    digest = hashlib.md5(usedforsecurity=False)  # enough to detect damage and mix-ups
    head = file.read(HEAD)
    at = _read_labels(head, labels)
    digest.update(head[:at])
    rest, sound = head[at:], at > 0
    flat = images.reshape(len(images), -1, 3)  # (N, H*W, C), a view
    for start in range(0, len(images) if sound else 0, BLOCK):
        part = flat[start : start + BLOCK]
        size = len(part) * PIXELS
        block = rest[:size] + file.read(max(size - len(rest), 0))
        rest = rest[size:]
        digest.update(block)
        if len(block) < size:
            sound = False
            break
        planes = np.frombuffer(block, np.uint8).reshape(len(part), 3, -1)  # (n, C, H*W)
        for c in range(3):  # much faster than one transposed copy, whose innermost loop has length 3
            part[:, :, c] = planes[:, c]
    digest.update(rest)
    return drain(file, digest), sound


def drain(file: Readable, digest: hashlib._Hash | None = None, out: IO[bytes] | None = None) -> str:
    """Add the rest of `file` to `digest`, by default an md5, and write it to `out`, if given; return the hex digest."""
    digest = digest or hashlib.md5(usedforsecurity=False)
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        if out:
            out.write(chunk)
    return digest.hexdigest()


def _read_labels(head: bytes, labels: np.ndarray) -> int:
    """Fill `labels` from the first bytes of a batch, and return the position of the pixels.

    Returns 0 if the pixels are not found, or if the number of labels found is not len(labels).
    """
    match = LABELS.search(head)
    if not match:
        return 0
    found = np.frombuffer(match[1], np.uint8)
    found = found[found <= 9]  # "(", "K" and "e" are above that
    size = struct.pack("<I", len(labels) * PIXELS)  # the bytes just before the pixels
    at = head.find(size, match.end()) + len(size)
    if len(found) != len(labels) or at < len(size):
        return 0
    labels[:] = found
    return at
