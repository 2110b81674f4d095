"""The checks refuse what is wrong with the right cause, and accept whatever is right, however it is written."""

import collections

import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.causes import CAUSES
from solutions import attempts

WRONG, RIGHT = attempts.everything("WRONG"), attempts.everything("RIGHT")


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


def test_a_known_mistake_is_written_once_for_the_checks_that_share_what_is_stored():
    stored_as = {name: (family, check.stored_as) for name, (family, check) in exercises.registry().items()}
    known = collections.Counter((stored_as[attempt.exercise], attempt.cause) for attempt in WRONG if attempt.stored)
    assert max(known.values()) == 1, known.most_common(3)


@pytest.mark.parametrize("exercise", course.exercises())
def test_every_stub_has_six_mistakes_and_three_unusual_ways(exercise):
    assert collections.Counter(attempt.exercise for attempt in WRONG)[exercise] >= 6
    assert collections.Counter(attempt.exercise for attempt in RIGHT)[exercise] >= 3


@pytest.mark.parametrize("exercise", exercises.names())
def test_the_master_passes_without_advice(exercise):
    found = exercises.run(exercise)
    assert (found.status, found.advice) == ("pass", ""), str(found)
    assert found.points == found.out_of > 0
