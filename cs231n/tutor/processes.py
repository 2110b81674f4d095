"""Other people's code in processes of their own: how much memory they hold, and how to end them with all they began."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

PATIENCE = 3  # seconds in which what was killed is gone, unless the system holds it
MARK = "CS231N_BEGUN_BY"
OURS = uuid.uuid4().hex  # one of those listed under MARK in the environment of whatever this process begins


def marked() -> dict[str, str]:
    """Return what to add to the environment of a process, so that sweep() finds it and all that it begins."""
    return {MARK: " ".join([*os.environ.get(MARK, "").split(), OURS])}


def environment(tree: Path) -> dict[str, str]:
    """Return an environment in which `import cs231n` finds the package of `tree` and leaves no bytecode there.

    A kernel's debugger, which nobody uses here, is told not to warn that it could miss breakpoints.
    """
    paths = filter(None, [str(tree), os.environ.get("PYTHONPATH", "")])
    ours = {"PYTHONDONTWRITEBYTECODE": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)} | ours | marked()


def start(tree: Path, *arguments: str) -> subprocess.Popen:
    """Start Python in `tree`; whatever it prints goes nowhere."""
    nothing = subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=tree, env=environment(tree), stdin=nothing, stdout=nothing, stderr=nothing
    )


def memory(pid: int) -> int:
    """Return the bytes of memory a process and its children hold, 0 if it is gone."""
    total = 0
    for process in _family(pid):
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def end(pid: int) -> None:
    """End a process and all it began, at once."""
    _kill(reversed(_family(pid)))
    sweep()


def sweep() -> None:
    """End what was begun with our mark and is still there, though the process that began it may be gone: daemons."""
    _kill(process for process in psutil.process_iter() if OURS in _marks(process))


def end_with_parent(interval: float = 0.5) -> None:
    """Have this process end, with all it began, soon after the one that began it is gone: that may have been killed."""
    parent = psutil.Process(os.getppid())

    def watch() -> None:
        while _lives(parent):
            time.sleep(interval)
        sweep()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class MemoryGuard:
    """Watches a process from a thread and ends it once it holds more than `limit` bytes.

    Use as a context manager; `exceeded` says afterwards whether that happened. `pid` is asked for anew each time, as
    a kernel gets one only after it has started; None means there is none now.
    """

    def __init__(self, pid: Callable[[], int | None], limit: int, interval: float = 0.25):
        self.pid, self.limit, self.interval = pid, limit, interval
        self.exceeded = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryGuard:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self.interval):
            pid = self.pid()
            if pid and memory(pid) > self.limit:
                self.exceeded = True
                end(pid)


def _kill(found: Iterable[psutil.Process]) -> None:
    """End processes and see them gone: a dying one may still write into a folder that is to be cleared away."""
    begun = list(found)
    for process in begun:
        with suppress(psutil.Error):
            process.kill()
    deadline = time.monotonic() + PATIENCE
    while any(map(_lives, begun)) and time.monotonic() < deadline:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    """Say whether a process goes on; one of ours that ended is a zombie until it is waited for."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _marks(process: psutil.Process) -> list[str]:
    try:
        return process.environ().get(MARK, "").split()
    except (psutil.Error, OSError):  # somebody else's, or gone
        return []


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []
