"""The module `checks` of a notebook: `checks.run(name)` checks an exercise, `checks.hint(name)` gives a hint.

Edits to the student's files take effect before each check.
"""

from __future__ import annotations

from collections.abc import Callable

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.limits import Limits
from cs231n.tutor.checks.runner import in_course
from cs231n.tutor.exercises import names
from cs231n.tutor.kernel import reload
from cs231n.tutor.show.hint import hint
from cs231n.tutor.show.verdict import Verdict

__all__ = ["hint", "names", "run"]


def run(name: str, function: Callable | None = None) -> Verdict:
    """Check one exercise and return the verdict; for an exercise in a notebook cell, pass its function as `function`.

    Raises KeyError, which suggests other names, if there is no such exercise; TypeError if `name` is not a string, or
    if the exercise is written in a notebook cell and `function` is missing; and DamagedKitError if the expected values
    cannot be read.
    """
    course.expect_name(name, "checks.run")
    problems = Limits().call(reload.refresh)
    if name in exercises.registry():
        file = course.find_exercise(name)[1].file
        for problem in problems:
            if problem.where.partition(":")[0] == file:
                return in_course(Verdict(name, "error", problem.message, where=problem.where))
    return exercises.run(name, function)
