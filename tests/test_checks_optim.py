"""The checks for update rules and max-norm refuse what is wrong with the right cause, and accept whatever is right."""

import pytest

from cs231n import checks, course
from cs231n.checks import optim
from cs231n.checks.causes import CAUSES
from tests.corpus import wrong
from tests.corpus.optim import FRAGILE, RIGHT, WRONG, adam


def verdict(attempt, monkeypatch):
    attempt.install(monkeypatch, course.exercises()[attempt.exercise][1].module)
    return checks.run(attempt.exercise)


def name(attempt):
    return f"{attempt.exercise}-{attempt.label}"


@pytest.mark.parametrize("attempt", WRONG, ids=name)
def test_a_mistake_is_refused_and_its_cause_named(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert (found.status, found.cause_id) == (attempt.status, attempt.cause), str(found)
    assert found.message and found.where and found.points == 0
    assert attempt.cause in ("", *CAUSES)


@pytest.mark.parametrize("attempt", RIGHT, ids=name)
def test_an_unusual_right_solution_passes(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert (found.status, found.cause, found.advice) == ("pass", "", ""), str(found)


@pytest.mark.parametrize("attempt, words", FRAGILE, ids=lambda one: getattr(one, "label", None))
def test_a_fragile_solution_passes_with_advice(attempt, words, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert found.status == "pass" and words in found.advice, str(found)


@pytest.mark.parametrize("check", optim.CHECKS, ids=lambda check: check.name)
def test_every_stub_has_six_mistakes_and_three_unusual_ways(check):
    assert sum(attempt.exercise == check.name for attempt in WRONG) >= 6
    assert sum(attempt.exercise == check.name for attempt in RIGHT) >= 3


def test_the_first_step_that_is_wrong_is_told(monkeypatch):
    late = wrong("adam", "t_stays_one", adam(count="", t="config['t'] + 1"))
    assert "w_after_step[1, 0, 0] is" in verdict(late, monkeypatch).message
