"""Check an unpacked submission in fresh processes that student code may hang, end or flood without harm."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cs231n import course
from cs231n.checks.verdict import Verdict
from cs231n.submission import processes
from cs231n.submission.files import CannotSubmitError

SKIPPED = ("__pycache__", "*.pyc", "*.egg-info", ".*")


@dataclass(frozen=True)
class Limits:
    """Seconds for Python to start, for one exercise and for all, and bytes of memory."""

    start: float = 60
    exercise: float = 20
    whole: float = 90
    memory: int = 6_000_000_000


class _Progress:
    """What a worker has told so far."""

    def __init__(self, file: Path):
        self.file = file
        self.ready, self.begun, self.damaged, self.lines = False, "", "", 0
        self.verdicts: list[Verdict] = []

    def look(self) -> bool:
        """Read what is new; return whether anything is."""
        text = self.file.read_text(encoding="utf-8") if self.file.exists() else ""
        lines = [json.loads(line) for line in text.split("\n")[:-1]]
        new = lines[self.lines :]
        for line in new:
            self.ready = self.ready or "ready" in line
            self.begun = line.get("begin", "" if "verdict" in line else self.begun)
            self.damaged = line.get("damaged", "")
            self.verdicts += [Verdict(**line["verdict"])] if "verdict" in line else []
        self.lines = len(lines)
        return bool(new)


def lay_out(files: dict[str, bytes], tree: Path, package: Path = course.PACKAGE) -> Path:
    """Lay unpacked files over a copy of the kit's package in `tree`, as a grader does; return `tree`."""
    shutil.copytree(package, tree / "cs231n", ignore=shutil.ignore_patterns(*SKIPPED))
    for name, content in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    return tree


def check(tree: Path, assignment: course.Assignment, limits: Limits | None = None) -> list[Verdict]:
    """Check every exercise of an assignment in `tree`.

    Where student code ends Python, takes too long or too much memory, that exercise is an error and the next ones are
    checked in a new process. Raises CannotSubmitError if no check can be started.
    """
    limits = limits or Limits()
    left = [exercise.name for exercise in assignment.exercises]
    done: list[Verdict] = []
    ends = time.monotonic() + limits.whole
    while left:
        found, stopped = _some(tree, left, limits, ends)
        done += found
        left = left[len(found) :]
        if stopped and left:
            done.append(_error(left.pop(0), stopped))
        if time.monotonic() > ends:
            done += [
                _error(name, f"not checked: those before it took the {limits.whole:.0f} s there are") for name in left
            ]
            break
    return done


def _some(tree: Path, names: list[str], limits: Limits, ends: float) -> tuple[list[Verdict], str]:
    """Check exercises until one stops the process; return the verdicts, and what stopped it."""
    with tempfile.TemporaryDirectory(prefix="cs231n-") as folder:
        progress = _Progress(Path(folder) / "verdicts")
        process = processes.start(tree, "-m", "cs231n.submission.worker", str(progress.file), *names)
        try:
            with processes.MemoryGuard(lambda: process.pid, limits.memory) as guard:
                stopped = _wait(process.poll, progress, limits, ends)
            stopped = f"took more than {limits.memory / 1e9:.1f} GB of memory" if guard.exceeded else stopped
        finally:
            processes.end(process.pid)
            process.wait()
        progress.look()
    if progress.damaged or not progress.ready:
        trouble = progress.damaged or "The checks could not be started. 'python -m cs231n check' may say more."
        raise CannotSubmitError(trouble)
    return progress.verdicts, stopped


def _wait(ended: Callable[[], int | None], progress: _Progress, limits: Limits, ends: float) -> str:
    """Wait for the process; return why it ended before its time, or must be ended, "" if it is done."""
    latest = time.monotonic()
    while (code := ended()) is None:
        now = time.monotonic()
        if progress.look():
            latest = now
        allowed = limits.exercise if progress.ready else limits.start
        if now - latest > allowed or now > ends:
            return f"did not come to an end in {min(allowed, now - latest):.0f} s"
        time.sleep(0.02)
    progress.look()
    return "" if not progress.begun and code == 0 else f"ended Python (exit code {code}), as os._exit() or a crash does"


def _error(name: str, message: str) -> Verdict:
    assignment, exercise = course.find_exercise(name)
    return Verdict(name, "error", message, where=exercise.file, assignment=assignment.name, out_of=exercise.points)
