"""Limits on the time and memory of student code, and on the length of texts that come from it.

If a limit is exceeded, a watchdog thread raises `Stopped` in the thread that runs the student's code, again and again
until that code has ended. Python delivers the exception between two steps of Python code, so a call into numpy, or a
sleep, finishes first. The memory in use is polled; on Linux the address space is limited too, so that one huge array is
refused, not filled.

A crash or os._exit still ends the process, so the command line runs checks in a separate process (isolated.py). A
notebook does not, because functions written in its cells cannot be sent to another process.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from time import sleep
from typing import TypeVar

import psutil

if sys.platform != "win32":
    import resource

SECONDS = 20.0  # for all calls of student code in one check together
MEMORY = 2 * 2**30  # bytes, in addition to those in use at the start of a call
TEXT = 1000  # characters that are kept of one text from student code
POLL = 0.05  # seconds between two polls of the watchdog

Value = TypeVar("Value")


class Stopped(BaseException):
    """Raised in student code that exceeds a limit; `except Exception` in that code does not catch it."""

    cause = ""


class OutOfTime(Stopped):
    """Raised when the time of the check is used up."""

    cause = "too_slow"


class OutOfMemory(Stopped):
    """Raised when the code uses more memory than the check allows."""

    cause = "too_much_memory"


class Limits:
    """The limits of one check.

    All calls together may take `seconds`; each call may use `memory` bytes in addition to those in use at its start.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY):
        self.seconds, self.memory = seconds, memory
        self.spent = 0.0

    def call(self, function: Callable[[], Value]) -> Value:
        """Return function(). Raises OutOfTime or OutOfMemory from the line that is running when a limit is exceeded.

        A MemoryError from function() becomes OutOfMemory. While a debugger is active, time is not limited.
        """
        left = float("inf") if _is_debugged() else self.seconds - self.spent
        start = time.monotonic()
        watch = _Watch(start + left, memory_in_use() + self.memory)
        try:
            try:
                _watchdog(os.getpid()).watch(watch)
                with _address_space(self.memory):
                    return function()
            except MemoryError as error:
                raise OutOfMemory(text_of(error)).with_traceback(error.__traceback__) from None
            finally:
                watch.stop()
        except Stopped:  # any of the lines above may be interrupted by it
            watch.stop()
            raise
        finally:
            self.spent += time.monotonic() - start


class _Watch:
    """The limits of one call: if one is exceeded, look() stops the call, but never after stop() has returned."""

    def __init__(self, deadline: float, most: int):
        self.over = False
        self._caller = ctypes.c_ulong(threading.get_ident())
        self._deadline, self._most = deadline, most
        self._fired = False
        self._looking = threading.RLock()  # reentrant: the caller may be interrupted while it holds the lock

    def look(self) -> None:
        """Raise OutOfTime or OutOfMemory in the watched thread if a limit is exceeded and the call has not ended."""
        if not self._looking.acquire(blocking=False):
            return  # stop() is running
        try:
            kind: type[Stopped] | None = OutOfTime if time.monotonic() > self._deadline else None
            kind = OutOfMemory if memory_in_use() > self._most else kind
            if kind and not self.over:
                self._fired = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self._caller, ctypes.py_object(kind))
        finally:
            self._looking.release()

    def stop(self) -> None:
        with self._looking:
            self.over = True
        if self._fired:  # the exception may be delivered only now, so wait for it; withdrawing it confuses Python 3.11
            with contextlib.suppress(Stopped):
                for _ in range(1000):
                    pass


class _Watchdog:
    """The thread that polls all active watches, and sleeps while there is none."""

    def __init__(self) -> None:
        self._watches: list[_Watch] = []
        self._awake = threading.Event()
        threading.Thread(target=self._look, daemon=True, name="limits of checks").start()

    def watch(self, watch: _Watch) -> None:
        self._watches.append(watch)
        self._awake.set()

    def _look(self) -> None:
        while self._awake.wait():
            self._awake.clear()
            while self._watches:
                sleep(POLL)
                for watch in tuple(self._watches):
                    if watch.over:
                        self._watches.remove(watch)
                    else:
                        watch.look()


@lru_cache(maxsize=1)
def _watchdog(process: int) -> _Watchdog:
    """Return the watchdog of this process; a forked process needs a new one, because threads are not copied."""
    return _Watchdog()


def text_of(error: BaseException) -> str:
    """Return the shortened message of an exception. Its __str__ may be student code that fails or returns anything."""
    try:
        return short(str(error))
    except Stopped:
        raise
    except BaseException:
        return "(its message cannot be shown)"


def short(text: object, most: int = TEXT) -> str:
    """Return `text`, without its middle if it has more than `most` characters; "" if it is not a string."""
    text = text if isinstance(text, str) else ""
    return text if len(text) <= most else f"{text[: most // 2]} … {text[-most // 2 :]}"


@contextlib.contextmanager
def _address_space(memory: int) -> Iterator[None]:
    """On Linux, limit the address space to at most its present size plus `memory` bytes; elsewhere, do nothing."""
    if sys.platform != "linux":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + memory
    if soft != resource.RLIM_INFINITY:
        most = min(most, soft)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def memory_in_use() -> int:
    """Return the number of bytes that this process uses: resident memory, or committed memory on Windows."""
    found = _process(os.getpid()).memory_info()
    return getattr(found, "private", found.rss)  # private: Windows only


@lru_cache(maxsize=1)
def _process(number: int) -> psutil.Process:
    return psutil.Process(number)


def _is_debugged() -> bool:
    """Return whether a debugger or another tracer is active; the time that code takes then means nothing."""
    monitoring = getattr(sys, "monitoring", None)
    return sys.gettrace() is not None or bool(monitoring and monitoring.get_tool(monitoring.DEBUGGER_ID))
