"""The checks of the exercises: one module for each family; the CHECKS of all families form the registry.

`run(name)` returns the verdict on one exercise; `names()` lists the exercises in course order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from cs231n.tutor import course
from cs231n.tutor.show.verdict import Verdict

if TYPE_CHECKING:
    from cs231n.tutor.checks.check import Check
    from cs231n.tutor.checks.oracle import Oracle
    from cs231n.tutor.checks.runner import Session
    from cs231n.tutor.checks.target import LocalTarget

# The modules of this package with a CHECKS tuple; their expected values are in expected/<family>.npz.
FAMILIES = tuple(sorted({module.name for module in iter_modules(__path__) if not module.ispkg} - {"worker"}))


@cache
def registry() -> dict[str, tuple[str, Check]]:
    """Return {exercise name: (family, check)}."""
    from cs231n.tutor.exercises.common.rules import governed  # slow to import, and not needed for names

    families = ((family, import_module(f"{__name__}.{family}")) for family in FAMILIES)
    return governed({check.name: (family, check) for family, module in families for check in module.CHECKS})


def names(assignment: str | None = None) -> list[str]:
    """Return the names of all exercises, or of those in one assignment, in course order."""
    chosen = course.ASSIGNMENTS if assignment is None else (course.find_assignment(assignment),)
    return [exercise.name for one in chosen for exercise in one.exercises]


def session(
    target: LocalTarget | None = None, oracle: Oracle | None = None, known: dict[str, Verdict] | None = None
) -> Session:
    """Return a session that checks each exercise at most once; see checks.runner.Session."""
    from cs231n.tutor.checks.runner import Session

    return Session(registry(), target, oracle, known)


def run(
    name: str, function: Callable | None = None, target: LocalTarget | None = None, oracle: Oracle | None = None
) -> Verdict:
    """Check one exercise and return the verdict; an exercise written in a notebook cell is passed as `function`.

    Raises KeyError, which suggests other names, if there is no such exercise, and TypeError if neither the `function`
    of an exercise in a notebook cell nor a `target` is passed.
    """
    return session(target, oracle).run(name, function)


def run_all(names: Iterable[str], known: dict[str, Verdict] | None = None) -> Iterator[Verdict]:
    """Return an iterator over the verdicts on exercises; each is checked at most once, when it is first needed."""
    checking = session(known=known)
    return (checking.run(name) for name in names)
