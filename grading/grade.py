"""The grade of one submission: what its exercises give under seeds that nobody but the grader knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grading.sandbox import Sandbox


def grade(
    tree: Path, assignment: str, *, submission: str, secret: bytes, sandbox: Sandbox, seeds: int = 2
) -> dict[str, Any]:
    """Return the record of one submission, ready for JSON.

    `tree` is a folder with the student's files only, as unpacked: those that the assignment's manifest names, and
    modules of their own. `submission` is the SHA-256 of what was handed in; with the course's `secret` it decides the
    seeds. `sandbox` comes from grading.sandbox.choose().

    The record: {"submission", "assignment", "grader": version of the kit with a hash of masters and checks,
    "seeds": [names, never their numbers], "sandbox": {"name", "probe": {...}}, "seconds", "exercises": [{"name",
    "status": "pass", "fail", "todo", "error" or "grader error", "points", "out_of", "message", "cause", "hint",
    "where", "seconds"}, ...]} with the exercises of the assignment's files, in working order. Those that are written
    in cells of a notebook cannot be graded from files and are left out, as in `python -m cs231n submit`.

    Everything but the seconds is the same again for the same submission, secret and version. "grader error" means
    that the grader failed, after a second try: such an exercise has no points yet, and has to be graded again.
    Raises grading.sandbox.SandboxError where the child cannot be started at all.
    """
    raise NotImplementedError
