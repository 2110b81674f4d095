"""Divide the work on a batch among several threads.

numpy multiplies large matrices in several threads, but copies and adds in one. Layers are faster with several Python
threads, each of which works on a part of the batch; numpy lets them run in parallel. BLAS, the library with which numpy
multiplies matrices, must then use only one thread for each product; threadpoolctl sets this.
"""

from __future__ import annotations

import contextlib
import contextvars
import itertools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from threadpoolctl import ThreadpoolController

MOST = 8  # threads; the more there are, the longer they wait for each other between calls to numpy

_divided = contextvars.ContextVar("divided", default=False)


def share(work: Callable[[int, int], None], num: int, least: int = 1) -> None:
    """Call work(start, stop) for at most number() parts that cover range(num), in as many threads.

    The calls may run at the same time, so they must write to different places. If calls raise exceptions, one of these
    is raised here after all calls have finished.

    Args:
        work: processes the items start to stop - 1.
        num: number of items; for 0 there is no call.
        least: the smallest number of items for which a thread is worthwhile; no part is smaller, unless num is.
    """
    parts = min(num // least, number()) if num >= 2 * least else 1
    if parts < 2:
        if num:
            work(0, num)
        return
    ranges = list(itertools.pairwise(num * part // parts for part in range(parts + 1)))
    with _one_thread_a_product():
        token = _divided.set(True)  # the copies of this context have it too
        others = [_pool().submit(contextvars.copy_context().run, work, i, j) for i, j in ranges[1:]]
        try:
            work(*ranges[0])
        finally:
            _divided.reset(token)
            errors = [other.exception() for other in others]  # waits: no thread may still be writing afterwards
    for error in filter(None, errors):
        raise error


def number() -> int:
    """Return how many threads `share` may use: as many as BLAS uses now, up to MOST; 1 if no BLAS is found."""
    return min(MOST, max((library.num_threads for library in _blas().lib_controllers), default=1))


def divided() -> bool:
    """Return whether the caller is inside a call to `share` that has divided its work.

    If so, fewer and longer calls to numpy are faster, because threads wait for each other between calls.
    """
    return _divided.get()


@cache
def _blas() -> ThreadpoolController:
    """Return the controller of the BLAS libraries of this process. Finding them takes a millisecond or more."""
    return ThreadpoolController().select(user_api="blas")


class _Held:
    """How many calls limit BLAS to one thread now, and the function that restores its former number of threads."""

    lock = threading.Lock()
    calls = 0
    release: Callable[[], None]


@contextlib.contextmanager
def _one_thread_a_product() -> Iterator[None]:
    with _Held.lock:
        if not _Held.calls:
            _Held.release = _blas().limit(limits=1).restore_original_limits
        _Held.calls += 1
    try:
        yield
    finally:
        with _Held.lock:
            _Held.calls -= 1
            if not _Held.calls:
                _Held.release()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(MOST, thread_name_prefix="cs231n")


def _after_fork() -> None:
    """Make `share` usable in a forked child, which has none of the parent's threads (and may inherit a held lock)."""
    _pool.cache_clear()
    _Held.lock = threading.Lock()
    if _Held.calls:
        _Held.calls = 0
        _Held.release()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_after_fork)
