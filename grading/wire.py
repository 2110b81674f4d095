"""Frames between the grader and the process that holds a student's code: a JSON header, then the bytes of arrays.

Reading a frame runs nothing: the result is plain JSON and plain arrays of numbers. Both sides use this module, but only
the grader has to distrust what it reads.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

HEADER = 1 << 20  # bytes of a header at most
BODY = 32 << 20  # bytes of all arrays of a frame together
ARRAYS = 4096
RANK = 8
DTYPES = {
    np.dtype(code).str: np.dtype(code) for code in ("?", *"bB", "<h", "<H", "<i", "<I", "<q", "<Q", "<e", "<f", "<d")
}
SIZES = struct.Struct("<II")


class ProtocolError(Exception):
    """The received bytes are not a valid frame."""


def pack(header: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> bytes:
    """Return a frame.

    Raises TypeError if an array contains anything except real numbers or booleans, and ValueError if the frame would be
    too large, or an array has too many axes.
    """
    plain = [_plain(array) for array in arrays]
    told = {**header, "arrays": [[array.dtype.str, list(array.shape)] for array in plain]}
    head = json.dumps(told).encode()
    size = sum(array.nbytes for array in plain)
    if len(head) > HEADER or size > BODY or len(plain) > ARRAYS or any(array.ndim > RANK for array in plain):
        raise ValueError("the arrays are too many, too large, or have too many axes")
    return b"".join([SIZES.pack(len(head), size), head, *(array.tobytes() for array in plain)])


def unpack(receive: Callable[[int], bytes | bytearray]) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Return the header and the arrays of a frame; receive(n) returns exactly n bytes. Raises ProtocolError."""
    head_size, body_size = SIZES.unpack(receive(SIZES.size))
    if head_size > HEADER or body_size > BODY:
        raise ProtocolError("a message is too large")
    header = _header(receive(head_size))
    shapes = [_shape(one) for one in _listed(header.pop("arrays", None))]
    sizes = [dtype.itemsize * math.prod(shape) for dtype, shape in shapes]
    if sum(sizes) != body_size:
        raise ProtocolError("the arrays of a message do not have the total size that the message states")
    return header, [_array(receive(size), *shape) for size, shape in zip(sizes, shapes, strict=True)]


def _plain(array: np.ndarray) -> np.ndarray:
    """Return a plain copy of an array, little-endian and in C order; floats have at most 64 bits. Raises TypeError."""
    found = np.array(array, order="C", subok=False)
    if found.dtype.kind == "f" and found.dtype.itemsize > 8:
        found = found.astype(np.float64)
    found = found.astype(found.dtype.newbyteorder("<"), copy=False)
    if found.dtype.str not in DTYPES:
        raise TypeError(f"an array of {found.dtype} does not contain real numbers")
    return found


def _header(text: bytes | bytearray) -> dict[str, Any]:
    try:
        header = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise ProtocolError("the header of a message is not JSON") from None
    if not isinstance(header, dict):
        raise ProtocolError("the header of a message is not a JSON object")
    return header


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _listed(arrays: Any) -> list:
    if not isinstance(arrays, list) or len(arrays) > ARRAYS:
        raise ProtocolError("a message has no list of its arrays, or one that is too long")
    return arrays


def _shape(told: Any) -> tuple[np.dtype, tuple[int, ...]]:
    """Return the dtype and the shape of an array from its description in the header. Raises ProtocolError."""
    if not (isinstance(told, list) and len(told) == 2 and isinstance(told[0], str) and isinstance(told[1], list)):
        raise ProtocolError("an array is not described by its dtype and shape")
    code, shape = told
    if code not in DTYPES:
        raise ProtocolError("an array has a dtype that is not allowed")
    if len(shape) > RANK or not all(type(length) is int and 0 <= length <= BODY for length in shape):
        raise ProtocolError("an array has an invalid shape")
    if math.prod(max(1, length) for length in shape) > BODY:  # numpy refuses (0, 10**9, 10**9) with an error of its own
        raise ProtocolError("an array is too large")
    return DTYPES[code], tuple(shape)


def _array(data: bytes | bytearray, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    """Return a writeable array of these bytes, if possible without a copy; for booleans, any byte except 0 is True."""
    if dtype.kind == "b":
        return (np.frombuffer(data, np.uint8) != 0).reshape(shape)
    found = np.frombuffer(data, dtype).reshape(shape)
    return found if found.flags.writeable else found.copy()
