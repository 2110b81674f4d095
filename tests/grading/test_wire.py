"""Frames bring back plain arrays and plain JSON, and nothing else can come out of bytes of any kind."""

import io
import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import remote, wire


def read(frame):
    stream = io.BytesIO(frame)

    def exactly(size):
        data = stream.read(size)
        if len(data) < size:
            raise EOFError
        return data

    return wire.unpack(exactly)


def frame(header, body=b"", size=None):
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<II", len(head), len(body) if size is None else size) + head + body


ARRAYS = [
    np.arange(6.0).reshape(2, 3),
    np.asfortranarray(np.ones((3, 2), np.float32)),
    np.array(7, np.int64),
    np.array([True, False]),
    np.zeros((0, 3), np.uint8),
    np.arange(4, dtype=">i4"),
    np.array([np.nan, np.inf, -0.0]),
    np.arange(10.0)[::-2],
    np.float64(3),
    np.array(1.5, np.longdouble),
]


def test_arrays_come_back_as_they_were():
    header, found = read(wire.pack({"id": 3, "words": "é"}, ARRAYS))
    assert header == {"id": 3, "words": "é"}
    for array, back in zip(ARRAYS, found, strict=True):
        assert type(back) is np.ndarray and back.flags.writeable
        assert back.shape == np.shape(array) and np.array_equal(back, array, equal_nan=True)
        assert back.dtype == np.asarray(array).dtype.newbyteorder("<") or array.dtype == np.longdouble


class Sneaky(np.ndarray):
    """An array that says of itself what is not so."""

    shape = property(lambda self: (99,))
    tobytes = lambda self, *order: b"x"  # noqa: E731


def test_a_class_of_ones_own_becomes_a_plain_array():
    _, (found,) = read(wire.pack({}, [np.ones(2).view(Sneaky)]))
    assert type(found) is np.ndarray and found.tolist() == [1, 1]


@pytest.mark.parametrize("array", [np.array("a"), np.array([None]), np.array(1j), np.zeros(2, "M8[s]"), np.void(3)])
def test_only_numbers_are_sent(array):
    with pytest.raises(TypeError, match="does not contain real numbers"):
        wire.pack({}, [array])


def test_what_is_too_large_is_not_sent():
    for array in (np.broadcast_to(np.uint8(0), (wire.BODY + 1,)), np.zeros((1,) * 9)):
        with pytest.raises(ValueError, match="too many, too large"):
            wire.pack({}, [array])


HOSTILE = {
    "no JSON": frame(b"{"),
    "deep": frame(b"[" * 500_000),
    "no object": frame(b"[]"),
    "nan": frame(b'{"arrays": [], "x": NaN}'),
    "no arrays": frame({}),
    "arrays not listed": frame({"arrays": 3}),
    "too many": frame({"arrays": [["<f8", [0]]] * (wire.ARRAYS + 1)}),
    "another dtype": frame({"arrays": [["|O", [1]]]}, bytes(8)),
    "structured": frame({"arrays": [["f8,O", [1]]]}, bytes(16)),
    "a dtype that is none": frame({"arrays": [[["<f8"], [1]]]}, bytes(8)),
    "big-endian": frame({"arrays": [[">f8", [1]]]}, bytes(8)),
    "negative": frame({"arrays": [["<f8", [-1, -1]]]}, bytes(8)),
    "a boolean length": frame({"arrays": [["<f8", [True]]]}, bytes(8)),
    "a broken length": frame({"arrays": [["<f8", [1.0]]]}, bytes(8)),
    "rank": frame({"arrays": [["<f8", [1] * 9]]}, bytes(8)),
    "overflow": frame({"arrays": [["<f8", [1 << 20, 1 << 20, 1 << 20, 16]]]}, bytes(8)),
    "nothing in a vast shape": frame({"arrays": [["<f8", [0, *[1 << 26] * 7]]]}),
    "body too long": frame({"arrays": [["<f8", [1]]]}, bytes(16)),
    "body too short": frame({"arrays": [["<f8", [2]]]}, bytes(8)),
    "huge body": frame({"arrays": []}, size=0xFFFFFFFF),
    "huge header": struct.pack("<II", 0xFFFFFFFF, 0),
}


@pytest.mark.parametrize("sent", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_frame_is_refused(sent):
    with pytest.raises(wire.ProtocolError):
        read(sent)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_frame_or_refused(sent):
    for data in (sent, frame(sent), frame({"arrays": [["<f8", [1]]]}, sent)):
        try:
            _, found = read(data)
        except (wire.ProtocolError, EOFError):
            continue
        assert all(type(array) is np.ndarray for array in found)


def test_bytes_of_booleans_are_booleans():
    _, (found,) = read(frame({"arrays": [["|b1", [3]]]}, b"\x00\x02\xff"))
    assert found.tolist() == [False, True, True] and found.view(np.uint8).tolist() == [0, 1, 1]


def test_counts_that_no_float_can_hold_are_cut():
    seen = remote._observed({"steps": 10**4000, "peak": -(10**4000), "entered": {"a": 10**4000, "b": True}})
    assert float(seen.steps) > 0 == seen.peak and float(seen.entered["a"]) > 0 == seen.entered["b"]


def test_the_numbers_of_a_vast_answer_are_not_kept():
    vast = remote._light(np.zeros((5000, 500)))
    assert vast.shape == (5000, 500) and vast.base.nbytes == 8 and not np.any(vast == 0)
    small = np.zeros((500, 50))
    assert remote._light(small) is small
