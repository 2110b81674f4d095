"""Convolution with im2col and col2im in C, compiled here if there is a compiler, to compare the fast layers with."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

SOURCE = Path(__file__).with_name("im2col.c")


def available() -> bool:
    """Return whether there is a C compiler with the name cc."""
    return shutil.which("cc") is not None


def conv_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray, stride: int, pad: int) -> tuple[np.ndarray, tuple]:
    """Return (out, cache) of a convolution, computed as one product with a matrix of all windows of the batch."""
    (N, _, H, W), (F, C, HH, WW) = x.shape, w.shape
    height, width = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    columns = np.empty((C * HH * WW, N * height * width), x.dtype)
    _call("im2col", x, columns, w.shape, stride, pad)
    out = w.reshape(F, -1) @ columns + b[:, None]
    out = np.ascontiguousarray(out.reshape(F, N, height, width).transpose(1, 0, 2, 3))
    return out, (x.shape, w, columns, stride, pad)


def conv_backward(dout: np.ndarray, cache: tuple) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (dx, dw, db), the gradients of the convolution that returned `cache`."""
    shape, w, columns, stride, pad = cache
    by_filter = dout.transpose(1, 0, 2, 3).reshape(len(w), -1)
    dw = (by_filter @ columns.T).reshape(w.shape)
    dx = np.zeros(shape, dout.dtype)
    _call("col2im", dx, w.reshape(len(w), -1).T @ by_filter, w.shape, stride, pad)
    return dx, dw, by_filter.sum(axis=1)


def _call(name: str, x: np.ndarray, columns: np.ndarray, filters: tuple, stride: int, pad: int) -> None:
    function = _library({"f": "float", "d": "double"}[x.dtype.char])[name]
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (x, columns)]
    function(*pointers, *(ctypes.c_long(number) for number in (*x.shape, *filters[2:], stride, pad)))


@cache
def _library(number: str) -> ctypes.CDLL:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        built = Path(folder) / f"im2col_{number}.so"
        command = ["cc", "-O3", "-shared", "-fPIC", f"-DTYPE={number}", str(SOURCE), "-o", str(built)]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(built))  # it stays loaded after the file is deleted
