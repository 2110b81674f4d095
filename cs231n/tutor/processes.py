"""Processes that run student code: how much memory they use, and how to kill them and everything they started."""

from __future__ import annotations

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import psutil

from cs231n.tutor import surroundings

PATIENCE = 3  # seconds to wait until killed processes are gone
MARK = "CS231N_BEGUN_BY"
OURS = uuid.uuid4().hex  # our mark; the variable MARK of every process that we start contains it


def environment(tree: Path) -> dict[str, str]:
    """Return a clean environment for a marked process in which `import cs231n` finds the package of `tree`.

    In this environment, Python writes no bytecode, and a kernel's debugger, which the kit does not use, does not warn
    that it could miss breakpoints.
    """
    clean = surroundings.clean()
    others = filter(None, clean.get("PYTHONPATH", "").split(os.pathsep))
    paths = [str(tree), *(one for one in others if not (Path(one) / "cs231n").is_dir())]  # no other copy of the kit
    ours = {"PYTHONDONTWRITEBYTECODE": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return clean | {"PYTHONPATH": os.pathsep.join(paths)} | ours | marked()


def marked() -> dict[str, str]:
    """Return the variable, {name: value}, by which sweep() finds a child process and everything that it starts."""
    return {MARK: " ".join([*os.environ.get(MARK, "").split(), OURS])}


def parents_mark() -> str:
    """Return the mark of our parent: this process, its siblings, and everything that they start carry it."""
    return os.environ[MARK].split()[-1]


def memory(pid: int | None) -> int:
    """Return how many bytes of memory a process and its descendants use; 0 if there is no such process."""
    total = 0
    for process in _family(pid):
        with suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def end(pid: int | None) -> None:
    """Kill a process (None: no process), its descendants, and every other process that carries our mark."""
    _kill(reversed(_family(pid)))
    sweep()


def sweep(mark: str = OURS) -> None:
    """Kill every other process that carries the mark, including daemons whose parent has exited."""
    _kill(process for process in psutil.process_iter() if process.pid != os.getpid() and mark in _marks(process))


class MemoryGuard:
    """Watches a process from a thread; if it and its descendants use more than `limit` bytes together, calls end().

    Use it as a context manager; afterwards, `exceeded` says whether the limit was exceeded. `pid()` returns the
    process's id, or None if there is no process now; it is called for each look, since a starting kernel has no id yet.
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
            if memory(self.pid()) > self.limit:
                self.exceeded = True
                end(self.pid())


def _kill(found: Iterable[psutil.Process]) -> None:
    """Kill processes, and wait for at most PATIENCE seconds until they are gone.

    Until then, a dying process may still write into a folder that is about to be removed.
    """
    killed = list(found)
    for process in killed:
        with suppress(psutil.Error):
            process.kill()
    deadline = time.monotonic() + PATIENCE  # psutil.wait_procs would take the exit codes away from subprocess.Popen
    while any(map(_lives, killed)) and time.monotonic() < deadline:
        time.sleep(0.01)


def _lives(process: psutil.Process) -> bool:
    """Return whether a process is running; a zombie, that is, a child that ended and was not waited for, is not."""
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _marks(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error, OSError):  # it is another user's, or gone
        return process.environ().get(MARK, "").split()
    return []


def _family(pid: int | None) -> list[psutil.Process]:
    if pid is None:  # psutil takes None for this process
        return []
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    return []
