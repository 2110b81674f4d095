"""The decoded images of a verified data set, kept so that the next load neither hashes nor transposes.

Two kinds of files in `datasets/.decoded/`, neither of which is ever trusted further than it proves itself:

- `<key>.images`: the images and labels. The key is made of the md5s of the batches they were read from, so the
  file cannot be out of date, and sums over its blocks show one that is damaged or half written.
- `<key>-<path>.json`: a seal: the size, times and inode a source's files had when their md5s were checked.
  Once one of them differs, the source is hashed again.

Deleting the folder is always safe.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np

from cs231n.data.cifar10 import datasets_home

BLOCK = 500  # images read, summed and converted at a time: 1.5 MB, which stays in a processor's cache
WORKERS = 2
SETTLED_SECONDS = 2  # a file changed this lately could change again and keep its time (FAT counts in 2 s)

Stats = list[list[int]]


def folder() -> Path:
    """Where decoded images are kept; it need not exist."""
    return datasets_home() / ".decoded"


def stats(files: Iterable[Path]) -> Stats:
    """What shows that a file was touched: size, times in ns and inode, for each of `files`."""
    found = (file.stat() for file in files)
    return [[s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino] for s in found]


def load(source: Path, now: Stats, md5: Mapping[str, str], images: list[np.ndarray]) -> list[np.ndarray] | None:
    """Fill `images` (each (N, 32, 32, 3), any number dtype) and return their labels, int64.

    None, and `images` in any state, if `source` was not verified with these `stats` or nothing sound is kept.
    """
    with suppress(OSError, ValueError, KeyError):
        if json.loads(_seal(source, md5).read_text(encoding="utf-8")) == now:
            return _read(_images(md5), images)
    return None


def store(
    source: Path, then: Stats, md5: Mapping[str, str], images: list[np.ndarray], labels: list[np.ndarray]
) -> None:
    """Keep what was read from `source`, whose md5s were checked after `then` was taken. Failing is no error.

    `images` must hold whole numbers 0..255 in any dtype.
    """
    newest = max(max(changed, made) for _, changed, made, _ in then)
    if newest > time.time_ns() - SETTLED_SECONDS * 10**9 or not datasets_home().is_dir():
        return
    with suppress(OSError):
        _images(md5).parent.mkdir(exist_ok=True)
        _replace(_images(md5), _contents(images, labels))
        _replace(_seal(source, md5), [json.dumps(then).encode()])


def forget() -> None:
    """Delete whatever is kept; the next load verifies and decodes again."""
    shutil.rmtree(folder(), ignore_errors=True)


def _images(md5: Mapping[str, str]) -> Path:
    key = hashlib.sha256(json.dumps(sorted(md5.items())).encode()).hexdigest()[:12]
    return folder() / f"{key}.images"


def _seal(source: Path, md5: Mapping[str, str]) -> Path:
    path = hashlib.sha256(os.fsencode(source.resolve())).hexdigest()[:12]
    return _images(md5).with_name(f"{_images(md5).stem}-{path}.json")


# The file: all images, their labels (one byte each), then a sum (uint64) for each block of images and one for
# the labels. Sizes follow from the number of images, which the caller knows.


def _contents(images: list[np.ndarray], labels: list[np.ndarray]) -> Iterator[np.ndarray]:
    sums = []
    for part in images:
        for block in _blocks(part):
            block = block.astype(np.uint8)
            sums.append(_sum(block))
            yield block
    small = np.concatenate(labels).astype(np.uint8)
    yield small
    yield np.array([*sums, _sum(small)], dtype="<u8")


def _read(file: Path, images: list[np.ndarray]) -> list[np.ndarray]:
    count, pixels = sum(map(len, images)), images[0][0].size
    targets = [block for part in images for block in _blocks(part)]
    starts = np.cumsum([0, *(block.size for block in targets)])
    tail = np.fromfile(file, dtype=np.uint8, offset=count * pixels)
    labels, sums = tail[:count], tail[count:].view("<u8")
    if len(sums) != len(targets) + 1 or sums[-1] != _sum(labels):
        raise ValueError(f"{file}: not what was written")

    def fill(first: int) -> None:
        buffer = np.empty(BLOCK * pixels, dtype=np.uint8)
        with file.open("rb", buffering=0) as handle:
            for i in range(first, len(targets), WORKERS):
                block = buffer[: targets[i].size]
                handle.seek(starts[i])
                if handle.readinto(block) != block.size or _sum(block) != sums[i]:
                    raise ValueError(f"{file}: not what was written")
                targets[i][...] = block.reshape(targets[i].shape)

    with ThreadPoolExecutor(WORKERS) as workers:
        list(workers.map(fill, range(WORKERS)))
    ends = np.cumsum([len(part) for part in images])[:-1]
    return [part.astype(np.int64) for part in np.split(labels, ends)]


def _blocks(part: np.ndarray) -> Iterator[np.ndarray]:
    for start in range(0, len(part), BLOCK):
        yield part[start : start + BLOCK]


def _sum(block: np.ndarray) -> int:
    """Sum of the bytes as 64-bit words (and of those that are left over), modulo 2^64."""
    flat = block.reshape(-1)
    whole = flat.size // 8 * 8
    rest = int(flat[whole:].sum(dtype=np.uint64))
    return (int(flat[:whole].view("<u8").sum(dtype=np.uint64)) + rest) % 2**64


def _replace(file: Path, parts: Iterable[bytes | np.ndarray]) -> None:
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.writelines(parts)
        Path(temporary).replace(file)
    finally:
        Path(temporary).unlink(missing_ok=True)
