"""Find the check of an exercise, run it, and add what the course knows: points, file, what it waits for."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from cs231n import course, reload
from cs231n.checks.check import Check, decide
from cs231n.checks.oracle import Oracle, StoredOracle
from cs231n.checks.target import LocalTarget
from cs231n.checks.verdict import Verdict

FAMILIES = (
    "cells",
    "knn",
    "linear_losses",
    "linear_training",
    "layers",
    "two_layer_net",
)  # modules of this package with a CHECKS tuple; their expected values are expected/<family>.npz


def registry() -> dict[str, tuple[str, Check]]:
    """Return {exercise name: (family, check)}."""
    families = ((family, import_module(f"cs231n.checks.{family}")) for family in FAMILIES)
    return {check.name: (family, check) for family, module in families for check in module.CHECKS}


def names(assignment: str | None = None) -> list[str]:
    """Return the names of all exercises, or of one assignment's, in working order."""
    chosen = course.ASSIGNMENTS if assignment is None else (course.find_assignment(assignment),)
    return [exercise.name for one in chosen for exercise in one.exercises]


def run(
    name: str, function: Callable | None = None, target: LocalTarget | None = None, oracle: Oracle | None = None
) -> Verdict:
    """Check one exercise and return the verdict.

    An exercise written in a notebook cell is handed over as `function`. Raises KeyError, with the nearest name, if
    there is no such exercise.
    """
    if name not in registry():
        close = difflib.get_close_matches(name, registry(), n=1)
        meant = f"did you mean {close[0]!r}?" if close else f"there is {', '.join(registry())}"
        raise KeyError(f"no exercise is called {name!r}: {meant}")
    assignment, exercise = course.find_exercise(name)
    if exercise in assignment.in_cells and function is None and target is None:
        raise TypeError(f"{name} stands in a notebook: hand it over, as in checks.run({name!r}, {name})")
    broken = [problem for problem in reload.refresh() if problem.startswith(exercise.file)]
    if broken:
        return _in_course(assignment, exercise, Verdict(name, "error", broken[0]))
    family, check = registry()[name]
    target = target or LocalTarget({name: function} if function else None)
    verdict = decide(check, target, oracle or StoredOracle(family))
    if verdict.status in ("fail", "error"):
        verdict = _waiting(exercise, verdict, target, oracle)
    return _in_course(assignment, exercise, verdict)


def _waiting(exercise: course.Exercise, verdict: Verdict, target: LocalTarget, oracle: Oracle | None) -> Verdict:
    """Put off a failing exercise while something it builds on is not right: the fault may lie there."""
    for need in exercise.needs:
        found = run(need, None, target, oracle)
        if found.status != "pass":
            message = f"waits for {need}, which is not right yet"
            return Verdict(verdict.name, "todo", message, where=found.where or course.exercises()[need][1].file)
    return verdict


def _definition(exercise: course.Exercise) -> str:
    """Return file:line of the function an exercise is, or the file where it cannot be found in it."""
    name = (exercise.function or exercise.name).rpartition(".")[2]
    owner = (exercise.function or "").rpartition(".")[0]
    try:
        tree = ast.parse((course.ROOT / exercise.file).read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return exercise.file
    homes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == owner] or [tree]
    functions = (node for home in homes for node in ast.walk(home) if isinstance(node, ast.FunctionDef))
    return next((f"{exercise.file}:{node.lineno}" for node in functions if node.name == name), exercise.file)


def _in_course(assignment: course.Assignment, exercise: course.Exercise, verdict: Verdict) -> Verdict:
    message, where = verdict.message, verdict.where or _definition(exercise)
    if verdict.status == "todo" and message in registry():
        message = "not written yet" if message == verdict.name else f"waits for {message}, which is not written yet"
    if exercise in assignment.in_cells:
        where = "the cell that defines it"
    if verdict.status == "pass":
        where = ""
    points = exercise.points if verdict.status == "pass" else 0
    return replace(
        verdict, message=message, where=where, assignment=assignment.name, points=points, out_of=exercise.points
    )
