"""Run checks in a separate process, so that student code may hang, crash or end Python without harm."""

from __future__ import annotations

import json
import math
import os
import queue
import re
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cs231n.tutor import course, processes, surroundings
from cs231n.tutor.checks.limits import SECONDS
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show.verdict import Verdict

GRACE = 3.0  # seconds a check may take beyond its limit before the worker ends itself
START = 60.0  # seconds Python may take to start, on a busy machine
LAST_LINES = 300  # lines kept of what a worker writes besides messages: mostly faulthandler's report
MOST = 500  # characters kept of Python's error messages if the checks cannot start
FRAME = re.compile(r'File "(.+?)", line (\d+)')


class Child:
    """A process that checks exercises of the package in `tree`; if it ends early, another one continues.

    Without `names`, the process loads the checks, but none of the student's code, and waits for `ask`. This is a
    context manager: leaving it kills the process.
    """

    def __init__(self, names: Sequence[str] = (), tree: Path = course.ROOT):
        self.tree = tree.resolve()
        self.left: list[str] = []
        self._launch()
        if names:
            self.ask(names)

    def ask(self, names: Sequence[str], known: dict[str, Verdict] | None = None) -> None:
        """Ask the process to check the exercises, each once; those with verdicts in `known` are not checked again."""
        self.left = list(names)
        self.known = dict(known or {})
        rows = [verdict.as_row() for verdict in self.known.values()]
        request = json.dumps({"names": self.left, "known": rows, "grace": GRACE}).encode() + b"\n"
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._noise: deque[str] = deque(maxlen=LAST_LINES)
        self._began = False
        self._patience = time.monotonic() + START  # when to stop waiting for the next line
        threading.Thread(target=_talk, args=(self._process, request, self._lines), daemon=True).start()

    @property
    def lives(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._complaint.close()
        processes.sweep()

    def poll(self, timeout: float) -> Verdict | None:
        """Wait at most `timeout` seconds, and return the next verdict, or None if none has come.

        Raises DamagedKitError if the checks cannot be run.
        """
        if not self.left:
            return None
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            line = b""
        if line == b"":  # nothing came
            if not self.lives:
                processes.sweep()  # processes that the worker has started may keep its output open
            if time.monotonic() < self._patience:
                return None
            if not self._began:
                raise DamagedKitError(f"The checks could not be run: Python did not start within {START:.0f} s.")
            return self._broken_off("")
        if line is None:
            code = self._process.wait()
            if not self._began:
                raise DamagedKitError(
                    f"The checks could not be run: Python ended (exit code {code}) before the first check"
                    f"{self._why_not()}. This copy of the kit may be damaged: get a fresh one."
                )
            return self._broken_off(f"ended Python (exit code {code}), as os._exit() or a crash does")
        self._patience = time.monotonic() + SECONDS + 2 * GRACE
        message = _parsed(line)
        self._began |= bool(message)
        self._noise += [] if message else [line[:1000].decode(errors="replace")]
        if "damaged" in message:
            raise DamagedKitError(message["damaged"])
        verdict = message.get("verdict")
        return self._found(verdict) if verdict and verdict.name in self.left else None

    def _launch(self) -> None:
        environment = surroundings.clean() | processes.marked() | {"MPLBACKEND": "agg"}  # no windows
        if self.tree != course.ROOT:  # a copy; in the original, bytecode makes the next check start sooner
            environment["PYTHONDONTWRITEBYTECODE"] = "1"
        self._complaint = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__; Python's error messages
        self._process = subprocess.Popen(
            surroundings.command("cs231n.tutor.exercises.worker", str(self.tree)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaint,
            cwd=self.tree,
            env=environment,
        )

    def _why_not(self) -> str:
        """Return a colon and the last line of Python's error messages, or "" if there are none."""
        self._complaint.seek(max(0, self._complaint.seek(0, os.SEEK_END) - MOST))
        lines = self._complaint.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        return f": {last.rstrip('.')}" if last else ""

    def _found(self, verdict: Verdict) -> Verdict:
        self.left.remove(verdict.name)
        self.known[verdict.name] = verdict
        return verdict

    def _broken_off(self, how: str) -> Verdict:
        """Return the verdict on the exercise that was being checked; a new process continues with the next one."""
        self.__exit__()
        verdict = self._found(self._last_words(self.left[0], how))
        if self.left:
            self._launch()
            self.ask(self.left, self.known)
        return verdict

    def _last_words(self, name: str, how: str) -> Verdict:
        """Return the verdict on code that could not be stopped, or that ended Python, with the line if it is known."""
        said = "".join(self._noise)
        students = {str(self.tree / exercise.file): exercise.file for _, exercise in course.exercises().values()}
        where = next((f"{students[file]}:{line}" for file, line in FRAME.findall(said) if file in students), "")
        if not how or "Timeout (" in said:
            return _stated(name, "", where)
        return _stated(name, f"your code {how}", where)


def verdicts(names: Sequence[str], tree: Path = course.ROOT, seconds: float = math.inf) -> Iterator[Verdict]:
    """Yield the verdicts on the exercises `names` of the package in `tree`, checked in turn by a child process.

    All checks together may take `seconds`; exercises that are left then get the status "error". Raises DamagedKitError
    if checks cannot be run.
    """
    deadline = time.monotonic() + seconds
    with Child(names, tree=tree) as child:
        while child.left and (left := deadline - time.monotonic()) > 0:
            verdict = child.poll(min(left, 0.5))
            if verdict:
                yield verdict
    for name in child.left:
        message = f"not checked within the limit of {seconds:.0f} s, which is for all exercises together"
        yield _stated(name, message)


def _stated(name: str, message: str, where: str = "") -> Verdict:
    """Return the verdict on an exercise that could not be checked; an empty message means that it took too long."""
    from cs231n.tutor.checks import runner  # imported here: it loads numpy, which is not needed to relay verdicts

    return runner.in_course(
        Verdict(name, "error", message, where=where) if message else runner.stopped(name, "too_slow", where)
    )


def _parsed(line: bytes) -> dict[str, Any]:
    """Return the message in a line from the worker, or {} if the line is something else."""
    with suppress(ValueError, TypeError, RecursionError):
        message = dict(json.loads(line))
        return message | ({"verdict": Verdict(**message["verdict"])} if "verdict" in message else {})
    return {}


def _talk(process: subprocess.Popen[bytes], request: bytes, lines: queue.Queue[bytes | None]) -> None:
    """Send the request, and put the lines of the answer into `lines`, then None.

    The worker's input stays open until the answer is complete, because the worker ends when its input is closed.
    """
    assert process.stdin and process.stdout
    with suppress(OSError), process.stdin, process.stdout:  # the worker may end before it reads
        process.stdin.write(request)
        process.stdin.flush()
        for line in process.stdout:
            lines.put(line)
    lines.put(None)
