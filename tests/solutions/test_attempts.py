"""The checks refuse what is wrong with the right cause, and accept whatever is right, however it is written."""

import collections
import pkgutil
from importlib import import_module

import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.causes import CAUSES
from solutions import attempts

FAMILIES = [import_module(f"solutions.attempts.{found.name}") for found in pkgutil.iter_modules(attempts.__path__)]
WRONG = [attempt for family in FAMILIES for attempt in family.WRONG]
RIGHT = [attempt for family in FAMILIES for attempt in family.RIGHT]


def name(attempt):
    return f"{attempt.exercise}-{attempt.label}"


@pytest.mark.parametrize("attempt", WRONG, ids=name)
def test_a_mistake_is_refused_and_its_cause_named(attempt, monkeypatch):
    found = attempt.verdict(monkeypatch)
    assert (found.status, found.cause_id) == (attempt.status, attempt.cause), str(found)
    assert found.message and found.where and found.points == 0
    assert attempt.cause in ("", *CAUSES)


@pytest.mark.parametrize("attempt", RIGHT, ids=name)
def test_an_unusual_right_solution_passes(attempt, monkeypatch):
    found = attempt.verdict(monkeypatch)
    assert (found.status, found.cause) == ("pass", ""), str(found)
    assert attempt.advice in found.advice if attempt.advice else not found.advice, str(found)


@pytest.mark.parametrize("exercise", course.exercises())
def test_every_stub_has_six_mistakes_and_three_unusual_ways(exercise):
    assert collections.Counter(attempt.exercise for attempt in WRONG)[exercise] >= 6
    assert collections.Counter(attempt.exercise for attempt in RIGHT)[exercise] >= 3


@pytest.mark.parametrize("exercise", exercises.names())
def test_the_master_passes_without_advice(exercise):
    found = exercises.run(exercise)
    assert (found.status, found.advice) == ("pass", ""), str(found)
    assert found.points == found.out_of > 0
