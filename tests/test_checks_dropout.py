"""The checks for dropout refuse what is wrong with the right cause, and accept whatever is right."""

import pytest

from cs231n import checks
from cs231n.checks.dropout import CHECKS
from tests.corpus.dropout import FRAGILE, RIGHT, WRONG

LAYERS = "cs231n.layers"


def verdict(attempt, monkeypatch):
    attempt.install(monkeypatch, LAYERS)
    return checks.run(attempt.exercise)


def name(attempt):
    return f"{attempt.exercise}-{attempt.label}"


@pytest.mark.parametrize("attempt", WRONG, ids=name)
def test_a_mistake_is_refused_and_its_cause_named(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert (found.status, found.cause_id) == (attempt.status, attempt.cause), str(found)
    assert found.message and found.where and found.points == 0


@pytest.mark.parametrize("attempt", RIGHT, ids=name)
def test_an_unusual_right_solution_passes(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert (found.status, found.cause) == ("pass", ""), str(found)


@pytest.mark.parametrize("attempt", FRAGILE, ids=name)
def test_a_fragile_solution_passes_with_advice(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert found.status == "pass" and attempt.label in found.advice, str(found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_stub_has_six_mistakes_and_three_unusual_ways(check):
    assert sum(attempt.exercise == check.name for attempt in WRONG) >= 6
    assert sum(attempt.exercise == check.name for attempt in RIGHT) >= 3
