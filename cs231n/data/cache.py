"""The decoded images of a verified data set in one file, so that the next load need not hash or transpose them.

The name of this file is computed from the md5s that the data set must have, and from the paths, sizes and times of the
files of the data set: if such a file changes, all are verified again. Each block of images has a checksum. The file is
safe to delete.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import time
import zlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from cs231n.data import disk, places

BLOCK = 500  # images per checksum, at most: 1.5 MB, which fit into a processor's cache
WORKERS = 2
# A file that has changed within this time may change again without a change of its time: FAT rounds it to 2 s.
SETTLED_SECONDS = 2

Blocks = list[tuple[np.ndarray, np.ndarray]]  # images (n, 32, 32, 3) of any type and labels (n,), views of arrays


def folder() -> Path:
    """Return the folder for decoded images; it need not exist."""
    return places.datasets_home() / ".decoded"


def file_for(files: Iterable[Path], md5: Mapping[str, str]) -> Path | None:
    """Return the cache file for the data set in `files`, or None if any changed in the last SETTLED_SECONDS."""
    stats = [(str(file.resolve()), file.stat()) for file in files]
    if max(max(s.st_mtime, s.st_ctime) for _, s in stats) > time.time() - SETTLED_SECONDS:
        return None
    seen = [(path, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for path, s in stats]
    return folder() / hashlib.sha256(repr((sorted(md5.items()), seen)).encode()).hexdigest()[:16]


def load(file: Path | None, blocks: Blocks) -> bool:
    """Fill `blocks` from `file`, and return True.

    If `file` is None, missing, incomplete or damaged, return False; in that case, `blocks` may contain anything.
    """
    if file is None:
        return False
    record = _record(blocks)

    def fill(i: int) -> bool:
        found = np.fromfile(file, record, 1, offset=i * record.itemsize)
        for target, field in zip(blocks[i], ("images", "labels"), strict=True):
            target[...] = found[field][0]
        return found["sum"][0] == _sum(found, i)

    try:
        if file.stat().st_size != len(blocks) * record.itemsize:
            return False
        with ThreadPoolExecutor(WORKERS) as workers:
            return all(workers.map(fill, range(len(blocks))))
    except (OSError, IndexError):  # IndexError: the file was truncated while it was read
        return False


def store(file: Path | None, blocks: Blocks) -> None:
    """Write `blocks`, whose images are integers 0..255, to `file`, after deleting all cached images.

    An OSError is ignored. Nothing is deleted or written if `file` is None or if there is no folder for data.
    """
    if file is None or not places.datasets_home().is_dir():
        return
    with contextlib.suppress(OSError):
        forget()
        with disk.replacing(file) as out:
            for i, (images, labels) in enumerate(blocks):
                block = np.empty(1, _record(blocks))
                block["images"], block["labels"] = images, labels
                block["sum"] = _sum(block, i)
                out.write(block.tobytes())


def forget() -> None:
    """Delete the cached images, so that the next load verifies and decodes the data set again."""
    shutil.rmtree(folder(), ignore_errors=True)


def _record(blocks: Blocks) -> np.dtype:
    """Return the dtype of one block in the file: its images, labels and checksum."""
    images, labels = blocks[0]
    return np.dtype([("images", "u1", images.shape), ("labels", "u1", labels.shape), ("sum", "<u4")])


def _sum(block: np.ndarray, i: int) -> int:
    """Return the checksum of block number i. It covers i too, so that swapped blocks do not match."""
    return zlib.crc32(block.view("u1")[: -np.dtype("<u4").itemsize].data, i)
