"""Put a mutant in the master's place, run its check, and find out of a survivor whether it is a mistake at all."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from unittest import mock

import numpy as np

from cs231n import course
from cs231n.checks import runner
from cs231n.checks.target import LocalTarget, Run
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
    """Run the check of a mutant's exercise on it."""
    try:
        function = mutant.make()
    except (SyntaxError, TypeError, ValueError):  # not a program
        return Outcome(mutant.exercise, str(mutant), "stillborn")
    with _alarm(), installed(mutant.exercise, function) as target:
        try:
            verdict = runner.run(mutant.exercise, target=target)
        except OutOfTimeError:
            return Outcome(mutant.exercise, str(mutant), "killed")
        except Exception as error:  # the check must never fail itself, whatever a student's code does
            return Outcome(mutant.exercise, f"{mutant}  (the check ends in {error!r})", "survived")
    fate = "killed" if verdict.status in ("fail", "error") else "survived"
    if fate == "survived" and same_results(mutant.exercise, function):
        fate = "fragile" if verdict.advice else "equivalent"
    return Outcome(mutant.exercise, str(mutant), fate)


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
    home = import_module(exercise.module)
    owner, _, attribute = (exercise.function or exercise.name).rpartition(".")
    place = getattr(home, owner) if owner else home
    if not hasattr(place, attribute):  # methods are listed by their own name
        place = next(value for value in vars(home).values() if isinstance(value, type) and hasattr(value, attribute))
    with mock.patch.object(place, attribute, function):
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
    check = runner.registry()[name][1]
    recipe = PROBES.get(name, check.recipe)
    original = solution(name).make()
    for inputs in random_cases(check):
        with installed(name, original) as target:
            right = target.run(recipe, inputs)
        if right.failure:  # sizes that do not go together
            continue
        with _alarm(), installed(name, function) as target:
            try:
                found = target.run(recipe, inputs)
            except OutOfTimeError:
                return False
        if not _same(right, found):
            return False
    return True


def _same(right: Run, found: Run) -> bool:
    if found.failure:
        return False
    if right.value.keys() != found.value.keys() or right.mutated != found.mutated:
        return False
    return all(_close(right.value[name], found.value[name]) for name in right.value)


def _close(right: np.ndarray, found: np.ndarray) -> bool:
    right, found = np.asarray(right), np.asarray(found)
    if right.shape != found.shape:
        return False
    precision = 1e-4 if np.float32 in (right.dtype, found.dtype) else 1e-9
    scale = np.max(np.abs(right), initial=0.0, where=np.isfinite(right))
    return np.allclose(found, right, rtol=precision, atol=precision * scale, equal_nan=True)
