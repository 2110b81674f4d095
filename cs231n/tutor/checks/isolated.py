"""Run checks in a process of their own, so that student code may hang, crash or end Python without harm."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from cs231n.tutor import course, processes
from cs231n.tutor.checks import runner
from cs231n.tutor.checks.limits import SECONDS
from cs231n.tutor.checks.oracle import DamagedKitError
from cs231n.tutor.checks.target import StoppedError, relative
from cs231n.tutor.checks.worker import GRACE
from cs231n.tutor.show.verdict import Verdict

START = 60.0  # seconds Python may take to start, on a machine that has other things to do
LAST_WORDS = 100_000  # bytes kept of what is written to standard error, which student code may flood
FRAME = re.compile(r'File "(.+?)", line (\d+)')


class Child:
    """Checks of exercises under way in another process; where it ends before its time a new one takes over.

    `known` are verdicts that need not be found again. Use as a context manager: leaving it ends the process.
    """

    def __init__(self, names: Sequence[str], known: dict[str, Verdict] | None = None):
        self.left = list(names)
        self.known = dict(known or {})
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Child:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def poll(self, timeout: float) -> Verdict | None:
        """Return the next verdict, None if there is none within `timeout` seconds. Raises DamagedKitError."""
        if not self.left:
            return None
        try:
            line = self._lines.get(timeout=timeout)
        except queue.Empty:
            if self._process.poll() is not None:
                processes.sweep()  # what it began holds its output open
            return self._broken_off("") if time.monotonic() > self._patience else None
        if line is None:  # it ended
            return self._broken_off(f"ended Python (exit code {self._process.wait()}), as os._exit() or a crash does")
        self._patience = time.monotonic() + SECONDS + 2 * GRACE
        told = _told(line)
        if "damaged" in told:
            raise DamagedKitError(told["damaged"])
        verdict = told.get("verdict")
        return self._found(verdict) if verdict and verdict.name in self.left else None

    def _start(self) -> None:
        environment = {
            **os.environ,
            **processes.marked(),
            "PYTHONPATH": os.pathsep.join([str(course.ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cs231n.tutor.checks.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=course.ROOT,  # Python looks there first
            env=environment,
        )
        request = {"names": self.left, "known": [verdict.as_row() for verdict in self.known.values()]}
        self._lines: queue.Queue[bytes | None] = queue.Queue()
        self._patience = time.monotonic() + START
        threading.Thread(target=_read, args=(self._process, request, self._lines), daemon=True).start()
        self._errors = bytearray()
        self._hearing = threading.Thread(target=_hear, args=(self._process.stderr, self._errors), daemon=True)
        self._hearing.start()

    def _end(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            processes.sweep()
            self._process = None

    def _found(self, verdict: Verdict) -> Verdict:
        self.left.remove(verdict.name)
        self.known[verdict.name] = verdict
        return verdict

    def _broken_off(self, how: str) -> Verdict:
        """Blame the exercise that was being checked, and go on with the next one in a new process."""
        self._end()
        self._hearing.join(GRACE)
        verdict = _last_words(self.left[0], how, bytes(self._errors).decode(errors="replace"))
        self._found(verdict)
        if self.left:
            self._start()
        return verdict


def verdicts(names: Sequence[str]) -> Iterator[Verdict]:
    """Check exercises one after the other in another process. Raises DamagedKitError."""
    with Child(names) as child:
        while child.left:
            verdict = child.poll(timeout=0.5)
            if verdict:
                yield verdict


def _told(line: bytes) -> dict[str, Any]:
    """Return what a line of the worker tells; nothing if student code wrote it, past Python or into json itself."""
    with suppress(ValueError, TypeError, RecursionError):
        told = dict(json.loads(line))
        return told | ({"verdict": Verdict(**told["verdict"])} if "verdict" in told else {})
    return {}


def _hear(stream: BinaryIO, kept: bytearray) -> None:
    """Keep the end of what is written to a stream."""
    with stream:
        while piece := stream.read1(65536):
            kept += piece
            del kept[:-LAST_WORDS]


def _read(process: subprocess.Popen, request: dict, lines: queue.Queue) -> None:
    try:
        with process.stdin as stdin:
            stdin.write(json.dumps(request).encode())
    except OSError:  # it ended before it could read
        pass
    for line in process.stdout:
        lines.put(line)
    process.stdout.close()
    lines.put(None)


def _last_words(name: str, how: str, errors: str) -> Verdict:
    """Return the verdict on code that could not be stopped, or that ended Python; faulthandler may have said where."""
    frames = ((relative(file), line) for file, line in FRAME.findall(errors))
    students = {exercise.file for _, exercise in course.exercises().values()}
    where = next((f"{file}:{line}" for file, line in frames if file in students), "")
    if not how or "Timeout (" in errors:
        return runner.in_course(runner.stopped(name, StoppedError("too_slow", "", where, "")))
    return runner.in_course(Verdict(name, "error", f"your code {how}", where=where))
