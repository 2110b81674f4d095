"""Grade one submission: check its exercises with inputs from seeds that only the grader knows."""

from __future__ import annotations

import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cs231n.tutor import course
from cs231n.tutor.checks.limits import short
from cs231n.tutor.show.verdict import Verdict
from grading.remote import Child
from grading.sandbox.base import Sandbox, SandboxError
from grading.seeds import Seeds
from grading.session import GradingSession
from grading.trees import version, workshop

GRADER_ERROR = "grader error"
TRIES = 2
BUDGET = 600.0  # seconds after which no further exercise of a submission is checked; the masters take about 2 s
SPENT = f"not graded: the submission had already taken more than {BUDGET / 60:g} minutes in total"


def grade(
    tree: Path,
    assignment: str,
    *,
    submission: str,
    secret: bytes,
    sandbox: Sandbox,
    seeds: int = 2,
    only: Collection[str] = (),
) -> dict[str, Any]:
    """Return the record of one submission, ready for JSON.

    `tree` is a folder with the student's files only: those that the assignment asks for, and modules of the student's
    own. `submission` is the SHA-256 of these files; together with the course's `secret`, it determines the seeds, of
    which there are `seeds` for each exercise. `sandbox` comes from grading.sandbox.choose(). `only` names the exercises
    to grade; if it is empty, all are graded.

    The record: {"submission", "assignment", "grader": version of the kit with a hash of the masters and checks,
    "seeds": [names, never their numbers], "sandbox": {"name", "probe": {...}}, "seconds", "exercises": [{"name",
    "status": "pass", "fail", "todo", "error" or "grader error", "points", "out_of", "message", "cause": id in the
    catalogue, "hint": its text, "also", "advice", "where", "seconds"}, ...]} with the exercises of the assignment's
    files, in course order. Those that are written in cells of a notebook cannot be graded from files and are left out,
    as in `python -m cs231n submit`.

    If the student's code is deterministic and stays well within the limits of time and memory, everything except the
    seconds is the same for the same arguments and version. "grader error" means that the grader failed twice: such an
    exercise has no points until it is graded again, or somebody gives it points by hand.

    Raises grading.sandbox.SandboxError if the child cannot be started at all.
    """
    start = time.monotonic()
    drawn = Seeds(secret, assignment, submission, seeds)
    with workshop().student(tree) as kit, Child(sandbox, kit, workshop().engine) as child:
        session = GradingSession(child, drawn)
        asked = (one for one in course.find_assignment(assignment).exercises if not only or one.name in only)
        rows = [_row(session, exercise, start + BUDGET) for exercise in asked]
    return {
        "submission": submission,
        "assignment": assignment,
        "grader": version(),
        "seeds": drawn.names,
        "sandbox": {"name": sandbox.name, "probe": sandbox.probe},
        "seconds": _seconds(start),
        "exercises": rows,
    }


def _row(session: GradingSession, exercise: course.Exercise, deadline: float) -> dict[str, Any]:
    """Return the record's entry for one exercise, which is not checked after the deadline. Raises SandboxError."""
    start = time.monotonic()
    for _ in range(TRIES):
        if time.monotonic() > deadline:
            verdict = Verdict(exercise.name, "error", SPENT, out_of=exercise.points, where=exercise.file)
            break
        try:
            verdict = session.run(exercise.name)
            break
        except SandboxError:
            raise
        except Exception as error:  # no verdict was reached
            trouble = f"{type(error).__name__}: {error}"
            session.child.stop()
    else:
        verdict = Verdict(exercise.name, GRADER_ERROR, short(trouble), out_of=exercise.points)
    told = {
        "name": verdict.name,
        "status": verdict.status,
        "points": verdict.points,
        "out_of": verdict.out_of,
        "message": verdict.message,
        "cause": verdict.cause_id,
        "hint": verdict.cause,
        "also": verdict.also,
        "advice": verdict.advice,
        "where": verdict.where,
    }
    return {**told, "seconds": _seconds(start)}


def _seconds(start: float) -> float:
    return round(time.monotonic() - start, 3)
