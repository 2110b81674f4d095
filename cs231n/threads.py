"""Work on a batch shared among threads, while the matrix products of each stay in its own thread.

numpy multiplies large matrices in several threads, but copies and adds in one. Layers do better with several threads
of Python, each with a part of the batch: numpy lets them run side by side. Its BLAS must then be told to use one
thread for each product; how is known for OpenBLAS, which numpy's wheels bring. With another BLAS everything runs in
the calling thread, and the products in as many as that BLAS likes.
"""

from __future__ import annotations

import contextlib
import contextvars
import ctypes
import itertools
import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np

_NAMES = ("scipy_openblas_{}64_", "scipy_openblas_{}", "openblas_{}64_", "openblas_{}")  # as builds of numpy name them


def share(work: Callable[[int, int], None], num: int, least: int = 1) -> None:
    """Call work(start, stop) for parts that cover range(num), in as many threads as numpy's BLAS is set to use.

    The calls run at the same time: each must write to places of its own. The first exception of any is raised here.

    Args:
        work: does the items start to stop - 1.
        num: how many items there are; 0 is no call at all.
        least: as many items at least should a thread have, or it costs more than it brings.
    """
    with _one_thread_each() as threads:
        parts = max(1, min(threads, num // least))
        cuts = [num * part // parts for part in range(parts + 1)]
        ranges = list(itertools.pairwise(cuts)) if num else []
        others = [_pool(parts - 1).submit(contextvars.copy_context().run, work, *part) for part in ranges[1:]]
        try:
            for part in ranges[:1]:
                work(*part)
        finally:
            errors = [other.exception() for other in others]  # waits: nobody may still be writing when we return
        for error in filter(None, errors):
            raise error


class _Held:
    """How many calls hold BLAS to one thread now, and how many threads it had before the first of them."""

    lock = threading.Lock()
    calls = 0
    threads = 1


@contextlib.contextmanager
def _one_thread_each() -> Iterator[int]:
    """Hold BLAS to one thread a product, and give the number it was set to; 1 where it takes no orders."""
    blas = _openblas()
    if blas is None:
        yield 1
        return
    get_threads, set_threads = blas
    with _Held.lock:
        if not _Held.calls:
            _Held.threads = max(1, get_threads())
            set_threads(1)
        _Held.calls += 1
    try:
        yield _Held.threads
    finally:
        with _Held.lock:
            _Held.calls -= 1
            if not _Held.calls:
                set_threads(_Held.threads)


@cache
def _openblas() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Return the two functions of numpy's OpenBLAS that get and set its number of threads; None if not found."""
    for file in _libraries():
        with contextlib.suppress(OSError):  # no library that this platform loads
            library = ctypes.CDLL(str(file))
            for name in _NAMES:
                if hasattr(library, name.format("get_num_threads")) and hasattr(
                    library, name.format("set_num_threads")
                ):
                    get_threads, set_threads = (
                        library[name.format("get_num_threads")],
                        library[name.format("set_num_threads")],
                    )
                    get_threads.argtypes, get_threads.restype = [], ctypes.c_int
                    set_threads.argtypes, set_threads.restype = [ctypes.c_int], None
                    return get_threads, set_threads
    return None


def _libraries() -> Iterator[Path]:
    """Where numpy's BLAS may be: linked to numpy's own extension module, or, for Windows, in a file beside numpy."""
    for name in ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath"):
        file = getattr(sys.modules.get(name), "__file__", None)
        if file and not file.endswith(".py"):
            yield Path(file)
    yield from sorted((Path(np.__file__).parents[1] / "numpy.libs").glob("*openblas*"))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(workers, thread_name_prefix="cs231n")


def _after_fork() -> None:
    """Start afresh in a forked child, which has none of its parent's threads."""
    _pool.cache_clear()
    blas = _openblas() if _Held.calls else None
    _Held.lock, _Held.calls = threading.Lock(), 0
    if blas:
        blas[1](_Held.threads)


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
