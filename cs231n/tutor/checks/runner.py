"""A session of checks: it checks each exercise at most once, and adds points and the place to open to the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile

from cs231n.tutor import course
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Check
from cs231n.tutor.checks.decide import decide
from cs231n.tutor.checks.limits import MEMORY, SECONDS, TEXT, Limits, Stopped, short
from cs231n.tutor.checks.oracle import Oracle, StoredOracle
from cs231n.tutor.checks.target import Failure, LocalTarget, describe_failure
from cs231n.tutor.show.verdict import Verdict

STOPPED = ("too_slow", "too_much_memory")


class Session:
    """Checks exercises, each at most once; `known` contains the verdicts so far, by name.

    Without a `target`, the code in this process is checked, and stopped after limits.SECONDS or at limits.MEMORY.
    Without an `oracle`, the expected values are those that come with the kit.
    """

    def __init__(
        self,
        registry: Mapping[str, tuple[str, Check]],
        target: LocalTarget | None = None,
        oracle: Oracle | None = None,
        known: dict[str, Verdict] | None = None,
    ):
        self.registry, self.target, self.oracle = registry, target, oracle
        self.known = {} if known is None else known

    def run(self, name: str, function: Callable | None = None) -> Verdict:
        """Return the verdict on one exercise; a function that is written in a notebook cell is passed as `function`.

        Raises KeyError, which suggests other names, if there is no such exercise. Raises TypeError if the exercise is
        written in a notebook cell, but `function` is None and the session has no `target`.
        """
        if name not in self.registry:
            meant = course.did_you_mean(name, self.registry) or f"Choose from {', '.join(self.registry)}"
            raise KeyError(f"no exercise is called {name!r}. {meant}")
        assignment, exercise = course.find_exercise(name)
        if exercise in assignment.in_cells and function is None and self.target is None:
            raise TypeError(f"{name} is written in a notebook: pass it, as in checks.run({name!r}, {name})")
        if name not in self.known:
            self.known[name] = in_course(self._verdict(exercise, function))
        return self.known[name]

    def _verdict(self, exercise: course.Exercise, function: Callable | None) -> Verdict:
        if not (course.ROOT / exercise.file).is_file() and not function and not self.target:
            told = f"{exercise.file} is missing. To get a fresh copy: python -m cs231n reset {exercise.file}"
            return Verdict(exercise.name, "error", told)
        for need in exercise.needs:
            if need in self.known and self.known[need].cause_id == "too_slow":  # this exercise would not finish either
                return _waits_for(exercise.name, self.known[need])
        target = self._target_of(exercise.name, {exercise.name: function} if function else None)
        follows = self.registry[exercise.name][1].follows
        verdict = self._decide(exercise.name, target, explains=lambda: not (follows or self._unfit(exercise.needs)))
        if verdict.wrong:  # the mistake may be in an exercise that this one needs or calls
            unfit = self._unfit(exercise.needs)
            if not unfit and verdict.cause_id not in STOPPED:
                unfit = self._unfit(self._called(exercise.name, target))
            if unfit:
                return _waits_for(exercise.name, unfit)
            return self._decide(exercise.name, target, needs_pass=True) if follows else verdict
        missing = verdict.waits_for
        earlier = missing in self.registry and missing != exercise.name  # it comes first in the same function
        if earlier and self.run(missing).status == "pass":
            return replace(verdict, waits_for=exercise.name)
        return verdict

    def _target_of(self, name: str, functions: dict[str, Callable] | None) -> LocalTarget:
        """Return the session's target, or else a new one for this process, with limits of its own."""
        return self.target or LocalTarget(functions, Limits())

    def _decide(
        self, name: str, target: LocalTarget, needs_pass: bool = False, explains: Callable[[], bool] = lambda: True
    ) -> Verdict:
        family, check = self.registry[name]
        try:
            return decide(check, target, self.oracle or StoredOracle(family), needs_pass, explains)
        except Stopped as stop:
            seen = describe_failure(stop)
            return stopped(name, stop.cause, seen.where, seen.source, seen.message)

    def _unfit(self, names: Iterable[str]) -> Verdict | None:
        """Return the verdict on the first of these exercises that does not pass, or None if all pass."""
        return next((verdict for verdict in map(self.run, names) if verdict.status != "pass"), None)

    def _called(self, name: str, target: LocalTarget) -> list[str]:
        """Return the names of earlier exercises whose functions the student's code calls in the check's first case."""
        check = self.registry[name][1]
        entered: Mapping[str, int] = {}
        with suppress(Stopped):
            entered = target.run(check.recipe, check.usual, observe="steps").observed.entered
        before = takewhile(lambda one: one.name != name, (one for _, one in course.exercises().values()))
        return [one.name for one in before if f"{one.module}.{one.function}" in entered]

    def part_of(self, failure: Failure) -> str:
        """Return the exercise, or else the function, whose stub caused `failure`, or "" if no stub did.

        One function may contain the stubs of several exercises.
        """
        if failure.todo not in course.exercises() or self.run(failure.todo).status != "pass":
            return failure.todo
        file = failure.where.partition(":")[0]
        for name, (_, exercise) in course.exercises().items():
            if exercise.file == file:
                found = self.run(name)
                if found.status == "todo" and found.where == failure.where:
                    return name
        return failure.todo


def stopped(name: str, cause: str, where: str, source: str = "", said: str = "") -> Verdict:
    """Return the verdict on code that exceeded a limit; cause: "too_slow" or "too_much_memory".

    where, source: the place and the text of the line that was running.  said: the message of the exception.
    """
    limit = f"after {SECONDS:g} s" if cause == "too_slow" else f"at {MEMORY / 2**30:g} GB of memory"
    details = f" The line that was running is `{source}`." if source else ""
    details += f" Python says: {said}" if said else ""
    return Verdict(name, "error", f"stopped {limit}: {CAUSES[cause]}{details}", cause_id=cause, where=where)


def _waits_for(name: str, need: Verdict) -> Verdict:
    where = need.where or course.exercises()[need.name][1].file
    return Verdict(name, "todo", f"waits for {need.name}, which is not right yet", where=where, waits_for=need.name)


def in_course(verdict: Verdict) -> Verdict:
    """Return a verdict with the data of its exercise: assignment, points, the place to open, and what it waits for."""
    assignment, exercise = course.find_exercise(verdict.name)
    message, where, waits_for = verdict.message, verdict.where or definition(exercise), verdict.waits_for
    if verdict.status == "todo" and not message:
        known = waits_for in course.exercises() and waits_for != verdict.name
        message = f"waits for {waits_for}, which is not written yet" if known else "not written yet"
        waits_for = waits_for if known else ""
    if exercise in assignment.in_cells:
        where = "the cell that defines it"
    if verdict.status == "pass":
        where = ""
    return replace(
        verdict,
        message=short(message, 4 * TEXT),
        where=where,
        waits_for=waits_for,
        assignment=assignment.name,
        points=exercise.points if verdict.status == "pass" else 0,
        out_of=exercise.points,
    )


def definition(exercise: course.Exercise) -> str:
    """Return file:line of the function of an exercise, or only the file if the function cannot be found in it."""
    with suppress(OSError, ValueError, SyntaxError, KeyError):
        source = (course.ROOT / exercise.file).read_text(encoding="utf-8")
        return f"{exercise.file}:{course.functions(source)[exercise.function].lineno}"
    return exercise.file
