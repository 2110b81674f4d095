"""The checks for layers refuse what is wrong with the right cause, and accept whatever is right."""

import pytest

from cs231n import checks
from cs231n.checks.layers import CHECKS
from tests.corpus.layers import FRAGILE, RIGHT, WRONG

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


def test_a_wrong_backward_waits_for_a_wrong_forward(monkeypatch):
    bad = next(attempt for attempt in WRONG if attempt.cause == "bias_missing")
    bad.install(monkeypatch, LAYERS)
    worse = next(attempt for attempt in WRONG if attempt.cause == "db_not_summed")
    found = verdict(worse, monkeypatch)
    assert found.status == "todo" and "waits for affine_forward" in found.message


def test_a_gradient_that_fits_a_wrong_loss_is_told_from_one_that_does_not(monkeypatch):
    def told(cause, **changed):
        from tests.corpus import wrong
        from tests.corpus.layers import svm

        return verdict(wrong("svm_loss", cause, svm(**changed)), monkeypatch).cause

    assert "Your dx is the gradient of your loss" in told("", loss="m.sum()", average="")
    assert "Your loss is right; dx is not its gradient" in told("", own_part="")
