"""Check an unpacked submission, as a grader would."""

from __future__ import annotations

import shutil
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.checks import isolated
from cs231n.tutor.checks.oracle import DamagedKitError
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
    try:
        return list(isolated.verdicts([exercise.name for exercise in assignment.exercises], tree, seconds))
    except DamagedKitError as error:
        raise CannotSubmitError(str(error)) from None
