"""Check an unpacked submission in a fresh process, as a grader would."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from cs231n.tutor import course, processes
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission.files import CannotSubmitError

SECONDS = 100  # for all exercises together
SKIPPED = ("__pycache__", "*.pyc", "*.egg-info", ".*")


def lay_out(files: dict[str, bytes], tree: Path, package: Path = course.PACKAGE) -> Path:
    """Lay unpacked files over a copy of the kit's package in `tree`, as a grader does; return `tree`."""
    shutil.copytree(package, tree / "cs231n", ignore=shutil.ignore_patterns(*SKIPPED))
    for name, content in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    return tree


def check(tree: Path, assignment: course.Assignment, seconds: float = SECONDS) -> list[Verdict]:
    """Check every exercise of an assignment in `tree`; those not reached within `seconds` are errors.

    Raises CannotSubmitError if the kit itself is damaged, so that nothing can be said of the student's work.
    """
    names = [exercise.name for exercise in assignment.exercises]
    with tempfile.TemporaryDirectory(prefix="cs231n-", ignore_cleanup_errors=True) as folder:
        record = Path(folder) / "verdicts"
        record.touch()
        process = processes.start(tree, "-m", "cs231n.tutor.submission.worker", str(record), *names)
        try:
            with suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        finally:
            code = process.poll()
            written = record.read_text(encoding="utf-8")  # before we end it: what is told of that end is no verdict
            processes.end(process.pid)
            process.wait()
        lines = [json.loads(line) for line in written.split("\n")[:-1]]
    damaged = next((line["damaged"] for line in lines if "damaged" in line), "")
    if damaged or code:
        raise CannotSubmitError(damaged or "The checks could not be run. 'python -m cs231n check' may say more.")
    found = {line["verdict"]["name"]: Verdict(**line["verdict"]) for line in lines}
    return [found.get(name) or _not_reached(name, seconds) for name in names]


def _not_reached(name: str, seconds: float) -> Verdict:
    assignment, exercise = course.find_exercise(name)
    message = f"not checked: those before it took the {seconds:.0f} s there are"
    return Verdict(name, "error", message, where=exercise.file, assignment=assignment.name, out_of=exercise.points)
