"""Put a mutant in the master's place, run its check, and find out of a survivor whether it is a mistake at all."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from unittest import mock

import numpy as np

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.target import LocalTarget, Run
from solutions.attempts import place
from tests.mutants.cases import random_cases
from tests.mutants.probes import PROBES
from tests.mutants.sites import Mutant, mutants, solution

SECONDS = 3  # no check takes that long in one call of a master


class OutOfTimeError(BaseException):
    """A mutant runs for ever."""


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: "killed", "equivalent", "fragile" (no mistake, but it got advice) or "survived"."""

    exercise: str
    mutant: str
    fate: str


def judge(mutant: Mutant) -> Outcome:
    """Run the check of a mutant's exercise on it, then those of exercises in which it shows as well."""
    try:
        function = mutant.make()
    except (SyntaxError, TypeError, ValueError):  # not a program
        return Outcome(mutant.exercise, str(mutant), "stillborn")
    advice = ""
    for name in (mutant.exercise, *related(mutant.exercise)):
        with _alarm(), installed(mutant.exercise, function) as target:
            try:
                with mock.patch.dict(os.environ, CS231N_DEBUG="1"):  # a fault of the search for the cause is raised
                    verdict = exercises.run(name, target=target)
            except OutOfTimeError:
                return Outcome(mutant.exercise, str(mutant), "killed")
            except Exception as error:  # the check must never fail itself, whatever a student's code does
                return Outcome(mutant.exercise, f"{mutant}  (the check of {name} ends in {error!r})", "survived")
        if verdict.status in ("fail", "error"):
            return Outcome(mutant.exercise, str(mutant), "killed")
        advice += verdict.advice
    same = same_results(mutant.exercise, function)
    return Outcome(mutant.exercise, str(mutant), "survived" if not same else "fragile" if advice else "equivalent")


def related(name: str) -> tuple[str, ...]:
    """Return the exercises in which a mistake shows too: a forward pass's cache in the backward pass, a method's in
    what else its class is asked to do.
    """
    exercise = course.find_exercise(name)[1]
    owner = exercise.function.rpartition(".")[0]
    return tuple(
        other.name
        for _, other in course.exercises().values()
        if other.file == exercise.file
        and other.name != name
        and (name in other.needs or (owner and other.function.rpartition(".")[0] == owner))
    )


def judge_all(name: str) -> list[Outcome]:
    """Judge every mutant of an exercise."""
    outcomes = [judge(mutant) for mutant in mutants(name)]
    return [outcome for outcome in outcomes if outcome.fate != "stillborn"]


@contextlib.contextmanager
def installed(name: str, function) -> Iterator[LocalTarget]:
    """Put a function in the place of an exercise's, for a while; yield the target of its check."""
    assignment, exercise = course.find_exercise(name)
    if exercise in assignment.in_cells:
        yield LocalTarget({name: function})
        return
    with mock.patch.object(*place(name), function):
        yield LocalTarget()


@contextlib.contextmanager
def _alarm():
    def ring(*_):
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def same_results(name: str, function) -> bool:
    """Return whether a function does what the master does in every one of thousands of random cases."""
    original = solution(name).make()
    return all(_same_in(asked, name, original, function) for asked in (name, *related(name)))


def _same_in(asked: str, name: str, original, function) -> bool:
    asked_check = exercises.registry()[asked][1]
    recipe = PROBES.get(asked, asked_check.recipe)
    for inputs in random_cases(asked_check):
        with installed(name, original) as target:
            right = target.run(recipe, inputs)
        if right.failure:  # sizes that do not go together
            continue
        with _alarm(), installed(name, function) as target:
            try:
                found = target.run(recipe, inputs)
            except OutOfTimeError:
                return False
        single = any(getattr(value, "dtype", None) == np.float32 for value in inputs.values())
        if not _same(right, found, 1e-4 if single else 1e-9):
            return False
    return True


def _same(right: Run, found: Run, precision: float) -> bool:
    if found.failure:
        return False
    if right.value.keys() != found.value.keys() or right.mutated != found.mutated:
        return False
    return all(_close(right.value[name], found.value[name], precision) for name in right.value)


def _close(right: np.ndarray, found: np.ndarray, precision: float) -> bool:
    right, found = np.asarray(right), np.asarray(found)
    if right.shape != found.shape:
        return False
    scale = np.max(np.abs(right), initial=0.0, where=np.isfinite(right))
    return np.allclose(found, right, rtol=precision, atol=precision * scale, equal_nan=True)
