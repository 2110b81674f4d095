"""Find the check of an exercise, run it, and add what the course knows: points, file, what it waits for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from dataclasses import replace
from importlib import import_module

from cs231n.tutor import course
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Check, decide
from cs231n.tutor.checks.limits import MEMORY, SECONDS, Limits
from cs231n.tutor.checks.oracle import Oracle, StoredOracle
from cs231n.tutor.checks.target import Failure, LocalTarget, StoppedError
from cs231n.tutor.kernel import reload
from cs231n.tutor.show.verdict import Verdict

FAMILIES = (
    "cells",
    "knn",
    "linear_losses",
    "linear_training",
    "layers",
    "two_layer_net",
    "optim",
    "fc_net",
    "graph",
    "activations",
    "convolution",
    "cnn",
    "normalization",
    "spatial_normalization",
    "dropout",
)  # modules of this package with a CHECKS tuple; their expected values are expected/<family>.npz


def registry() -> dict[str, tuple[str, Check]]:
    """Return {exercise name: (family, check)}."""
    families = ((family, import_module(f"cs231n.tutor.exercises.{family}")) for family in FAMILIES)
    return {check.name: (family, check) for family, module in families for check in module.CHECKS}


def names(assignment: str | None = None) -> list[str]:
    """Return the names of all exercises, or of one assignment's, in working order."""
    chosen = course.ASSIGNMENTS if assignment is None else (course.find_assignment(assignment),)
    return [exercise.name for one in chosen for exercise in one.exercises]


def run(
    name: str,
    function: Callable | None = None,
    target: LocalTarget | None = None,
    oracle: Oracle | None = None,
    known: dict[str, Verdict] | None = None,
) -> Verdict:
    """Check one exercise and return the verdict.

    An exercise written in a notebook cell is handed over as `function`. What is in `known` (name: verdict) is not
    checked again; what is found is added to it. Unless a `target` says otherwise the student's code is stopped after
    limits.SECONDS or at limits.MEMORY. Raises KeyError, with the nearest name, if there is no such exercise.
    """
    if name not in registry():
        meant = course.did_you_mean(name, registry()) or f"There is {', '.join(registry())}"
        raise KeyError(f"no exercise is called {name!r}. {meant}")
    assignment, exercise = course.find_exercise(name)
    if exercise in assignment.in_cells and function is None and target is None:
        raise TypeError(f"{name} stands in a notebook: hand it over, as in checks.run({name!r}, {name})")
    known = {} if known is None else known
    broken = [problem for problem in refresh() if problem.startswith(exercise.file)]
    if not (course.ROOT / exercise.file).is_file() and not function and not target:
        broken = [f"{exercise.file} is not there. A fresh one: python -m cs231n reset {exercise.file}"]
    if broken:
        known[name] = in_course(Verdict(name, "error", broken[0]))
    elif name not in known:
        functions = {name: function} if function else None
        verdict = _put_off(exercise, known) or _decide(name, target or LocalTarget(functions, Limits()), oracle)
        if verdict.status in ("fail", "error"):
            verdict = _waiting(exercise, verdict, target, oracle, known)
        if verdict.status == "todo" and verdict.message in registry():
            verdict = _own_part(verdict, target, oracle, known)
        known[name] = in_course(verdict)
    return known[name]


def run_all(names: Iterable[str], known: dict[str, Verdict] | None = None) -> Iterator[Verdict]:
    """Check exercises one after the other, none of them twice."""
    known = {} if known is None else known
    for name in names:
        yield run(name, known=known)


def refresh(namespace: MutableMapping | None = None) -> list[str]:
    """Load student modules that changed, see reload.refresh; one that does not come to an end is stopped."""
    return Limits().call(lambda: reload.refresh(namespace))


def _decide(name: str, target: LocalTarget, oracle: Oracle | None) -> Verdict:
    family, check = registry()[name]
    try:
        return decide(check, target, oracle or StoredOracle(family))
    except StoppedError as stop:
        return stopped(name, stop)


def stopped(name: str, stop: StoppedError) -> Verdict:
    """Return the verdict on code that passed a limit of time or memory."""
    limit = f"after {SECONDS:g} s" if stop.cause == "too_slow" else f"at {MEMORY / 2**30:g} GB of memory"
    details = f" In `{stop.source}`" if stop.source else ""
    details += f" ({stop})" if str(stop) else ""
    return Verdict(
        name, "error", f"stopped {limit}: {CAUSES[stop.cause]}{details}", cause_id=stop.cause, where=stop.where
    )


def _put_off(exercise: course.Exercise, known: dict[str, Verdict]) -> Verdict | None:
    """Spare an exercise the time that something it builds on is already known not to come to an end in."""
    endless = [need for need in exercise.needs if need in known and known[need].cause_id == "too_slow"]
    return _waits_for(exercise.name, known[endless[0]]) if endless else None


def _waiting(
    exercise: course.Exercise,
    verdict: Verdict,
    target: LocalTarget | None,
    oracle: Oracle | None,
    known: dict[str, Verdict],
) -> Verdict:
    """Put off a failing exercise while something it builds on is not right: the fault may lie there."""
    for need in exercise.needs:
        found = run(need, None, target, oracle, known)
        if found.status != "pass":
            return _waits_for(exercise.name, found)
    return verdict


def _own_part(
    verdict: Verdict, target: LocalTarget | None, oracle: Oracle | None, known: dict[str, Verdict]
) -> Verdict:
    """Say that it is this exercise's own part of a function that is missing, if what an earlier one asks is there."""
    earlier = verdict.message
    if earlier == verdict.name or run(earlier, None, target, oracle, known).status != "pass":
        return verdict
    return replace(verdict, message=verdict.name)


def part_of(failure: Failure) -> str:
    """Return the exercise whose part the unfilled line is: a function may hold a later one's part beside its own."""
    if failure.todo not in course.exercises() or run(failure.todo).status != "pass":
        return failure.todo
    file = failure.where.partition(":")[0]
    later = (name for name, (_, exercise) in course.exercises().items() if exercise.file == file)
    for name in later:
        found = run(name)
        if found.status == "todo" and found.where == failure.where:
            return name
    return failure.todo


def _waits_for(name: str, need: Verdict) -> Verdict:
    where = need.where or course.exercises()[need.name][1].file
    return Verdict(name, "todo", f"waits for {need.name}, which is not right yet", where=where, waits_for=need.name)


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


def in_course(verdict: Verdict) -> Verdict:
    """Add what the course knows of the exercise: its assignment, its points, where it stands."""
    assignment, exercise = course.find_exercise(verdict.name)
    message, where, waits_for = verdict.message, verdict.where or _definition(exercise), verdict.waits_for
    if verdict.status == "todo" and message == verdict.name:
        message = "not written yet"
    elif verdict.status == "todo" and message in registry():
        message, waits_for = f"waits for {message}, which is not written yet", message
    if exercise in assignment.in_cells:
        where = "the cell that defines it"
    if verdict.status == "pass":
        where = ""
    points = exercise.points if verdict.status == "pass" else 0
    return replace(
        verdict,
        message=message,
        where=where,
        waits_for=waits_for,
        assignment=assignment.name,
        points=points,
        out_of=exercise.points,
    )
