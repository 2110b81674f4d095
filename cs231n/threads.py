"""Work on a batch shared among threads, each with matrix products of its own.

numpy multiplies large matrices in several threads, but copies and adds in one. Layers do better with several threads
of Python, each with a part of the batch, which numpy lets run side by side. Its BLAS must use one thread for each
product then. How to tell it so is known for OpenBLAS, which comes with numpy's wheels. With any other BLAS all work is
done in the calling thread, and products in as many as that BLAS likes.
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

MOST = 8  # threads: between numpy's calls they wait for each other, all the longer the more there are
PREFIXES, SUFFIXES = ("scipy_openblas", "openblas"), ("64_", "")  # of OpenBLAS's functions, by build of numpy


def share(work: Callable[[int, int], None], num: int, least: int = 1) -> None:
    """Call work(start, stop) for parts that cover range(num), in as many threads as numpy's BLAS is set to use.

    The calls run at the same time: each writes to places of its own. An exception in one is raised here, after all.

    Args:
        work: does the items start to stop - 1.
        num: how many items there are; for 0 there is no call.
        least: how many items make another thread worth while.
    """
    parts = min(num // least, number())
    if parts < 2:
        if num:
            work(0, num)
        return
    ranges = list(itertools.pairwise(num * part // parts for part in range(parts + 1)))
    with _one_thread_a_product():
        others = [_pool().submit(contextvars.copy_context().run, work, *part) for part in ranges[1:]]
        try:
            work(*ranges[0])
        finally:
            errors = [other.exception() for other in others]  # waits: nobody may still be writing when this returns
    for error in filter(None, errors):
        raise error


def number() -> int:
    """Return how many threads `share` uses: what OpenBLAS is set to, at most MOST; 1 if numpy has another BLAS."""
    blas = _openblas()
    return min(MOST, blas[0]()) if blas else 1


class _Held:
    """How many calls hold OpenBLAS to one thread now, and how many it had before the first of them."""

    lock = threading.Lock()
    calls = 0
    threads = 1


@contextlib.contextmanager
def _one_thread_a_product() -> Iterator[None]:
    get_threads, set_threads = _openblas()
    with _Held.lock:
        if not _Held.calls:
            _Held.threads = get_threads()
            set_threads(1)
        _Held.calls += 1
    try:
        yield
    finally:
        with _Held.lock:
            _Held.calls -= 1
            if not _Held.calls:
                set_threads(_Held.threads)


@cache
def _openblas() -> tuple[Callable[[], int], Callable[[int], None]] | None:
    """Return what gets and what sets the number of threads of numpy's OpenBLAS; None if it has another BLAS."""
    for file in _libraries():
        with contextlib.suppress(OSError):  # no library that can be loaded
            library = ctypes.CDLL(str(file))
            for prefix, suffix in itertools.product(PREFIXES, SUFFIXES):
                with contextlib.suppress(AttributeError):  # no function of that name
                    get_threads = library[f"{prefix}_get_num_threads{suffix}"]
                    set_threads = library[f"{prefix}_set_num_threads{suffix}"]
                    get_threads.argtypes, get_threads.restype = (), ctypes.c_int
                    set_threads.argtypes, set_threads.restype = (ctypes.c_int,), None
                    return get_threads, set_threads
    return None


def _libraries() -> Iterator[Path]:
    """Yield where numpy's OpenBLAS may be: behind numpy's own extension module or, on Windows, in a file beside it."""
    for name in ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath"):  # numpy 2, numpy 1
        if name in sys.modules:
            yield Path(sys.modules[name].__file__)
    yield from sorted(Path(np.__file__).parents[1].glob("numpy.libs/*openblas*"))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST, thread_name_prefix="cs231n")


def _after_fork() -> None:
    """Start afresh in a forked child: it has none of its parent's threads, and nobody to let go of locks."""
    _pool.cache_clear()
    _Held.lock = threading.Lock()
    if _Held.calls:
        _Held.calls = 0
        _openblas()[1](_Held.threads)


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
