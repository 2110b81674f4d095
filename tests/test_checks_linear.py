"""The checks for linear classifiers refuse what is wrong with the right cause, and accept whatever is right."""

import pytest

from cs231n import checks, course, regularizers
from cs231n.checks import linear_losses, linear_training
from cs231n.checks.causes import CAUSES
from cs231n.classifiers import linear_svm
from tests.corpus import wrong
from tests.corpus.linear import FRAGILE, METHODS, RIGHT, SVM_NAIVE, WRONG, method, svm_naive

CHECKS = (*linear_losses.CHECKS, *linear_training.CHECKS)


def verdict(attempt, monkeypatch):
    home = course.exercises()[attempt.exercise][1].module
    owner = "LinearClassifier" if attempt.exercise in METHODS else ""
    method(attempt).install(monkeypatch, home, owner)
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
    assert (found.status, found.cause) == ("pass", ""), str(found)


@pytest.mark.parametrize("attempt", FRAGILE, ids=name)
def test_a_fragile_solution_passes_with_advice(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert found.status == "pass" and attempt.label in found.advice, str(found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_stub_has_six_mistakes_and_three_unusual_ways(check):
    assert sum(attempt.exercise == check.name for attempt in WRONG) >= 6
    assert sum(attempt.exercise == check.name for attempt in RIGHT) >= 3


def test_another_margin_is_told_by_its_size(monkeypatch):
    ten = wrong(SVM_NAIVE, "", svm_naive(margin="s[j] - s[y[i]] + 10"))
    assert "Your margin is 10: with equal scores the loss should be C - 1" in verdict(ten, monkeypatch).cause


def test_a_gradient_that_fits_a_wrong_loss_is_told_from_one_that_does_not(monkeypatch):
    def told(**changed):
        return verdict(wrong(SVM_NAIVE, "", svm_naive(**changed)), monkeypatch).cause

    assert "Your dW is the gradient of your loss" in told(average="pass", penalty="pass")
    assert "Your loss is right; dW is not its gradient" in told(penalty="loss += reg * np.sum(W * W)")


def test_a_loss_waits_for_the_penalty_it_builds_on(monkeypatch):
    unfilled = wrong("l2", "", "def l2(W):\n    raise NotImplementedError('l2: not written yet')")
    unfilled.install(monkeypatch, "cs231n.regularizers")
    monkeypatch.setattr(linear_svm.svm_loss_naive, "__defaults__", (regularizers.l2,))
    found = checks.run(SVM_NAIVE)
    assert (found.status, found.message) == ("todo", "waits for l2, which is not written yet")
