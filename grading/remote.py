"""The grader's end of the connection to a child (child.py), and the target that represents one exercise in the child.

Everything that the child sends is untrusted: frames are read by `wire`, and texts are shortened. Anything that is late
or is not an answer ends the check of the exercise, and the verdict says why.
"""

from __future__ import annotations

import contextlib
import random
import re
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from cs231n.tutor import course
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Case, Check, Finding
from cs231n.tutor.checks.diagnosis import VAST
from cs231n.tutor.checks.isolated import GRACE, START
from cs231n.tutor.checks.limits import MEMORY, SECONDS, Stopped, short
from cs231n.tutor.checks.steps import Observed
from cs231n.tutor.checks.target import Failure, LocalTarget, Recipe, Run, changed
from cs231n.tutor.processes import MemoryGuard
from grading import recipes, wire
from grading.sandbox.base import Sandbox, SandboxError

MOST_COUNT = 1 << 60  # the largest count of steps or bytes; a huge integer could not become a float
MOST_MEMORY = MEMORY + (1 << 29)  # bytes of all processes of a child together
PATIENCE = SECONDS + GRACE  # seconds that all answers for one check may take together
FAREWELL = 1.0  # seconds that a child has to end by itself
WHERE = re.compile(r"[\w./-]{1,200}\.py:\d{1,7}")
CHANGING = re.compile(r"(/kit|/[\w./-]*/grading-\w+/submission-\w+)/| at 0x[0-9a-f]{6,16}")
STATUSES = ("fail", "advice")


class BrokenOff(Stopped):
    """The check cannot go on: `cause` is the id of the limit that the code exceeded; if it is "", `told` says why."""

    def __init__(self, cause: str = "", told: str = "", where: str = "", source: str = "", said: str = ""):
        super().__init__(told or cause)
        self.cause, self.told, self.where, self.source, self.said = cause, told, where, source, said


class ChildFaultError(RuntimeError):
    """The child reports an error in the kit's own code; a student's code could forge such a report."""


class Child:
    """A process in a sandbox, which loads the kit from a folder; it starts on the first `fork` and is killed by `stop`.

    Used as a context manager, it is stopped at the end of the block.
    """

    def __init__(self, sandbox: Sandbox, kit: Path, engine: Path, memory: int = MOST_MEMORY):
        self.sandbox, self.kit, self.engine, self.memory = sandbox, kit, engine, memory
        self.current: Target | None = None  # the target whose process is running
        self._started = False

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def fork(self, target: Target) -> socket.socket:
        """End the process of the current target, if any; start one for `target`, and return the socket to that process.

        Raises SandboxError.
        """
        if self._started and self.current:
            self.end()
        if not self._started:
            self._start()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
            except OSError:  # the child was killed between two exercises
                self.stop()
                self._start()
                socket.send_fds(self._control, [b"f"], [theirs.fileno()])
        self.current = target
        return ours

    def end(self, dead: bool = False) -> str:
        """Kill all processes of the current exercise.

        If its first process is already `dead`, return how that process ended: for example, "exit 1" or "signal 11", or
        "memory" if the child used too much memory.
        """
        if self.current:
            self.current.hang_up()
        self.current = None
        try:
            self._control.sendall(b"d" if dead else b"e")
            answer = self._line()
        except OSError:
            answer = ""
        if not answer:  # no process is left to answer
            exceeded = self._guard.exceeded
            self.stop()
            return "memory" if exceeded else "signal 9"
        return answer

    def stop(self) -> None:
        """Kill the child and all processes that it started, if the sandbox can find them."""
        if self._started:
            self._started = False
            self._control.close()
            with contextlib.suppress(subprocess.TimeoutExpired):  # it ends by itself, unless something blocks it
                self._process.wait(FAREWELL)
            self._guard.__exit__()
            self._process.kill()
            self.sandbox.clean(self._process)
            self._process.wait()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process, complaint = self.sandbox.start(self.kit, self.engine, theirs.fileno())
        self._control.settimeout(START)
        self._guard = MemoryGuard(lambda: self._process.pid, self.memory, interval=0.1)
        self._guard.__enter__()
        self._started = True
        ready = self._line() == "ready"
        self._control.settimeout(GRACE)
        if not ready:
            self.stop()
            complaint.seek(0)
            last = complaint.read(4000).decode(errors="replace").strip().splitlines()[-3:]
            raise SandboxError(f"{self.sandbox.name}: the child process did not start: {' '.join(last)[-500:]}")
        complaint.close()

    def _line(self) -> str:
        """Return the next line from the child itself, or "" if none comes."""
        line = b""
        try:
            while not line.endswith(b"\n") and len(line) < 100:
                byte = self._control.recv(1)
                if not byte:
                    return ""
                line += byte
        except OSError:
            return ""
        return line.decode(errors="replace").strip()


class Outputs(dict):
    """Outputs by name; access to one that did not arrive raises BrokenOff, which ends the check."""

    def __missing__(self, name: str) -> np.ndarray:
        raise BrokenOff(told=f"your code returned no {name}")


class Target(LocalTarget):
    """The target of a check in a child: a student's code for one exercise, or the masters."""

    def __init__(self, child: Child, name: str, order: random.Random):
        super().__init__()
        self.child, self.name, self.order = child, name, order
        self._channel: socket.socket | None = None
        self._number = 0
        self._left = PATIENCE

    def begin(self) -> None:
        """Reset the limits of time and memory in the child, and the time that its answers may take."""
        self.patience()
        self._ask({"do": "begin"}, [])

    def patience(self) -> None:
        """Allow the following answers PATIENCE seconds in total."""
        self._left = PATIENCE

    def in_turn(self, cases: Sequence[Case]) -> Sequence[Case]:
        """Return the cases in an order that student code cannot predict."""
        return self.order.sample(list(cases), len(cases))

    def ask_module(self, module: str, function: str, **inputs: Any) -> dict[str, np.ndarray]:
        """Return the result of one of the student's functions, run as a recipe. Raises BrokenOff."""
        return self._run({"top": [module, function]}, inputs, [], "").value

    def run(self, recipe: Recipe, inputs: dict[str, Any], observe: str = "") -> Run:
        """Run a recipe in the child; return the same as LocalTarget.run. Raises BrokenOff."""
        arrays: list[np.ndarray] = []
        return self._run(recipes.named(recipe, arrays), inputs, arrays, observe)

    def _run(self, recipe: Any, inputs: dict[str, Any], arrays: list[np.ndarray], observe: str) -> Run:
        told = {"recipe": recipe, "inputs": recipes.named(inputs, arrays), "observe": observe}
        answer, found = self._ask({"do": "run", "check": self.name, **told}, arrays)
        value, after = (_strings(answer.get(part)) for part in ("value", "after"))
        if len(value) + len(after) != len(found):
            raise _broken_protocol()
        given = dict(zip(after, found[len(value) :], strict=True))
        before = {name: one for name, one in inputs.items() if isinstance(one, np.ndarray)}
        failure = _failure(answer.get("failure"))
        if set(given) != set(before) and not failure:
            raise _broken_protocol()
        mutated = changed(given, before) if set(given) == set(before) else ()
        outputs = Outputs(zip(value, map(_light, found), strict=False))
        return Run(outputs, failure, mutated, _observed(answer.get("observed")))

    def watch(self, look: Callable, check: Check) -> Finding | None:
        """Return the finding of a watch, or None, as the child reports it; a cheater can forge this report."""
        arrays: list[np.ndarray] = []
        told = {"watch": check.watches.index(look), "inputs": recipes.named(check.usual, arrays)}
        finding = self._ask({"do": "watch", "check": self.name, **told}, arrays)[0].get("finding")
        if not isinstance(finding, dict):
            return None
        status = finding.get("status") if finding.get("status") in STATUSES else "fail"
        return Finding(_text(finding, "message"), _cause(finding), _where(finding), str(status))

    def line(self) -> str:
        """Return file:line of the exercise's function, or the file alone if the child names no line in it."""
        file = course.find_exercise(self.name)[1].file
        found = _where(self._ask({"do": "line", "exercise": self.name}, [])[0])
        return found if found.startswith(f"{file}:") else file

    def hang_up(self) -> None:
        """Close the connection; the next request opens a new one, to a new process."""
        if self._channel:
            self._channel.close()
        self._channel = None

    def _ask(self, header: dict[str, Any], arrays: list[np.ndarray]) -> tuple[dict[str, Any], list[np.ndarray]]:
        """Return the answer to a request. Raises BrokenOff if there is none, ChildFaultError if the kit has failed."""
        if not self._channel:
            self._channel = self.child.fork(self)
        self._number += 1
        frame = wire.pack({**header, "id": self._number}, arrays)
        start = time.monotonic()
        try:
            self._channel.settimeout(max(0.01, self._left))
            self._channel.sendall(frame)
            answer, found = wire.unpack(self._receive)
        except TimeoutError:
            self.child.end()
            raise BrokenOff("too_slow") from None
        except (OSError, EOFError):
            raise self._death() from None
        except wire.ProtocolError as error:
            self.child.end()
            raise BrokenOff(told=f"the answer of your code cannot be read: {error}") from None
        finally:
            self._left -= time.monotonic() - start
        if answer.get("id") != self._number:
            self.child.end()
            raise _broken_protocol()
        if "fault" in answer:
            self.child.end()
            raise ChildFaultError(_text(answer, "fault"))
        stopped = answer.get("stopped")
        if isinstance(stopped, dict):
            cause = "too_much_memory" if stopped.get("cause") == "too_much_memory" else "too_slow"
            raise BrokenOff(
                cause, where=_where(stopped), source=_text(stopped, "source"), said=_text(stopped, "message")
            )
        return answer, found

    def _receive(self, size: int) -> bytearray:
        assert self._channel
        found, deadline = bytearray(), time.monotonic() + max(0.01, self._left)
        while len(found) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._channel.settimeout(left)
            part = self._channel.recv(min(size - len(found), 1 << 20))
            if not part:
                raise EOFError
            found += part  # in a list, a frame that arrives byte by byte would take fifty times its size
        return found

    def _death(self) -> BrokenOff:
        """Return an exception that says why the process of the exercise is gone."""
        how = self.child.end(dead=True)
        if how in ("memory", "signal 9"):
            over = how == "memory"
            return BrokenOff("too_much_memory") if over else BrokenOff(told="Python was killed while it ran your code")
        kind, _, number = how.partition(" ")
        told = f"exit code {number}" if kind == "exit" else f"signal {number}"
        return BrokenOff(told=f"your code ended Python ({told}), as os._exit() or a crash does")


def _light(array: np.ndarray) -> np.ndarray:
    """Return an array; a vast one, whose shape alone shows that it is wrong, loses its numbers to save memory."""
    return np.broadcast_to(np.finfo(np.float64).max, array.shape) if array.size > VAST else array


def _broken_protocol() -> BrokenOff:
    return BrokenOff(told="your code sent something other than the answer to the check's request")


def _strings(told: Any) -> list[str]:
    """Return `told`, a list of distinct strings, or [] for None. Raises BrokenOff if it is anything else."""
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told) or len(set(told)) < len(told):
        raise _broken_protocol()
    return told


def _text(told: Mapping[str, Any], part: str) -> str:
    """Return a text from the child, short and printable, without the parts that change from run to run."""
    text = CHANGING.sub("", short(told.get(part)))
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _where(told: Mapping[str, Any]) -> str:
    where = told.get("where")
    return where if isinstance(where, str) and WHERE.fullmatch(where) else ""


def _cause(told: Mapping[str, Any]) -> str:
    cause = told.get("cause")
    return cause if isinstance(cause, str) and cause in CAUSES else ""


def _failure(told: Any) -> Failure | None:
    """Return the failure that the child reports, or None if it reports none."""
    if not isinstance(told, dict):
        return None
    kind, message, source, todo, evidence = (
        _text(told, part) for part in ("kind", "message", "source", "todo", "evidence")
    )
    cause = _cause(told)
    return Failure(kind, message, _where(told), source, todo, "" if kind else cause, (cause if kind else "", evidence))


def _observed(told: Any) -> Observed:
    if not isinstance(told, dict):
        return Observed()
    entered = told.get("entered")
    calls = entered.items() if isinstance(entered, dict) else ()
    counts = {name: _count(count) for name, count in calls}
    return Observed(_count(told.get("steps")), counts, _count(told.get("peak")))


def _count(told: Any) -> int:
    return max(0, min(told, MOST_COUNT)) if type(told) is int else 0
