"""The checks refuse what is wrong with the right cause, and accept whatever is right, however it is written."""

import collections
import itertools

import numpy as np
import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import oracle
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


def _alike(one, other):
    return one.shape == other.shape and np.allclose(one, other, equal_nan=True)


@pytest.mark.parametrize("family", exercises.FAMILIES)
def test_what_known_mistakes_give_is_different(family):
    mistakes = collections.defaultdict(dict)  # {(check, cause and way): {case and output: what it gives}}
    stored = oracle.unpack(np.load(oracle.EXPECTED / f"{family}.npz"))
    for name, value in stored.items():
        place, _, cause = name.rpartition("/")
        if place in stored and cause[0] != oracle.MATTERS:
            mistakes[name.partition("/")[0], cause][place] = value
    for ((check, one), given), ((other_check, other), others) in itertools.combinations(mistakes.items(), 2):
        alike = check == other_check and set(given) == set(others)
        equal = alike and all(_alike(given[place], others[place]) for place in given)
        assert not equal, f"{check}: {one} and {other} cannot be told apart"


@pytest.mark.parametrize("exercise", course.exercises())
def test_every_stub_has_six_mistakes_and_three_unusual_ways(exercise):
    assert collections.Counter(attempt.exercise for attempt in WRONG)[exercise] >= 6
    assert collections.Counter(attempt.exercise for attempt in RIGHT)[exercise] >= 3


@pytest.mark.parametrize("exercise", exercises.names())
def test_the_master_passes_without_advice(exercise):
    found = exercises.run(exercise)
    assert (found.status, found.advice) == ("pass", ""), str(found)
    assert found.points == found.out_of > 0


@pytest.mark.parametrize("state", range(20))
def test_a_dropout_without_its_seed_is_recognised_whatever_it_draws(state, monkeypatch):
    (attempt,) = (one for one in WRONG if one.cause == "dropout_seed_ignored")
    np.random.seed(state)  # noqa: NPY002  what the attempt draws from
    assert attempt.verdict(monkeypatch).cause_id == attempt.cause
