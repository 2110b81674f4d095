"""The opcodes of a pickle as Python 2's cPickle wrote them, emitted by hand: equal contents are equal bytes.

Source: the comments in Python's `pickletools`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np


class Opcodes:
    """A pickle in the making, of one dictionary: protocol 2, memo numbers from 1."""

    def __init__(self) -> None:
        self._parts: list[bytes | memoryview] = []
        self._memos = 0

    def begin(self) -> None:
        """Open the dictionary."""
        self._put(b"\x80\x02}")  # PROTO 2, EMPTY_DICT
        self._memo()
        self._put(b"(")  # MARK: keys and values follow, up to SETITEMS

    def write(self, path: str | Path) -> None:
        """Close the dictionary, and write all to a file."""
        self._put(b"u.")  # SETITEMS, STOP
        with Path(path).open("wb") as file:
            file.writelines(self._parts)

    def integer(self, value: int) -> None:
        """Add a number."""
        if value in range(2**8):
            self._put(b"K" + struct.pack("<B", value))
        elif value in range(2**16):
            self._put(b"M" + struct.pack("<H", value))
        else:
            self._put(b"J" + struct.pack("<i", value))

    def string(self, value: bytes) -> None:
        """Add a string that is not remembered, such as a key."""
        short = len(value) < 256
        self._put(b"U" + struct.pack("<B", len(value)) if short else b"T" + struct.pack("<i", len(value)))
        self._put(value)

    def memoised(self, value: bytes) -> None:
        """Add a string that gets a memo number."""
        self.string(value)
        self._memo()

    def list_of(self, items: Sequence[int] | Sequence[bytes]) -> None:
        """Add a list of numbers or of strings."""
        self._put(b"]")
        self._memo()
        for chunk in _chunks(items, 1000):  # cPickle's batch size
            self._put(b"(")
            for item in chunk:
                self.integer(item) if isinstance(item, int) else self.memoised(item)
            self._put(b"e")

    def array(self, rows: np.ndarray) -> None:
        """Add a uint8 array, (N, D), in C order."""
        self._global("numpy.core.multiarray", "_reconstruct")
        self._global("numpy", "ndarray")
        self._put(b"K\x00\x85U\x01b\x87R")  # _reconstruct(ndarray, (0,), "b")
        self._memo()
        self._put(b"(K\x01")  # the array's state: version 1, ...
        self.integer(rows.shape[0])
        self.integer(rows.shape[1])
        self._put(b"\x86")  # ... shape, ...
        self._global("numpy", "dtype")
        self._put(b"U\x02u1K\x00K\x01\x87R")  # ... dtype("u1", 0, 1) ...
        self._memo()
        self._put(b"(K\x03U\x01|NNN" + b"J\xff\xff\xff\xff" * 2 + b"K\x00tb")  # ... and its state, ...
        self._put(b"\x89")  # ... not in Fortran order, ...
        self._put(b"T" + struct.pack("<i", rows.nbytes))
        self._put(memoryview(rows).cast("B"))  # ... the pixels
        self._put(b"tb")

    def _global(self, module: str, name: str) -> None:
        self._put(f"c{module}\n{name}\n".encode("ascii"))
        self._memo()

    def _memo(self) -> None:
        self._memos += 1
        short = self._memos < 256
        self._put(b"q" + struct.pack("<B", self._memos) if short else b"r" + struct.pack("<I", self._memos))

    def _put(self, part: bytes | memoryview) -> None:
        self._parts.append(part)


def _chunks(items: Sequence, size: int) -> Iterator[Sequence]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
