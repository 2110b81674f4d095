"""The checks for the convolutional net refuse what is wrong with the right cause, and accept whatever is right."""

from textwrap import dedent

import numpy as np
import pytest

from cs231n import checks
from cs231n.classifiers import cnn
from tests.corpus import wrong
from tests.corpus.cnn import IMPORTS, LOSS, RIGHT, WRONG
from tests.corpus.cnn import loss as attempted

METHODS = {"ThreeLayerConvNet_init": "__init__", "ThreeLayerConvNet_loss": "loss"}


def verdict(attempt, monkeypatch):
    names = {**vars(cnn), "np": np}
    exec(compile(IMPORTS + dedent(attempt.code), cnn.__file__, "exec"), names)
    method = METHODS[attempt.exercise]
    monkeypatch.setattr(cnn.ThreeLayerConvNet, method, names[method])
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
    assert (found.status, found.cause, found.advice) == ("pass", "", ""), str(found)


@pytest.mark.parametrize("exercise", METHODS)
def test_every_stub_has_six_mistakes_and_three_unusual_ways(exercise):
    assert sum(attempt.exercise == exercise for attempt in WRONG) >= 6
    assert sum(attempt.exercise == exercise for attempt in RIGHT) >= 3


def test_gradients_that_fit_a_wrong_loss_are_told_from_those_that_do_not(monkeypatch):
    bare = verdict(wrong(LOSS, "", attempted(penalty="0", grads="")), monkeypatch)
    assert "Your gradients are those of your loss" in bare.cause
    mixed = verdict(
        wrong(LOSS, "", attempted(da2="[0.5 * part for part in affine_relu_backward(da2, c2)]")), monkeypatch
    )
    assert "Your loss is right; grads['W1'] is not its gradient" in mixed.cause


def test_a_wrong_layer_is_not_blamed_on_the_net(monkeypatch):
    monkeypatch.setattr(cnn, "affine_forward", lambda x, w, b: (x.reshape(len(x), -1) @ w, (x, w, b)))
    monkeypatch.setattr("cs231n.layers.affine_forward", cnn.affine_forward)
    found = checks.run(LOSS)
    assert found.status == "todo" and "waits for affine_forward" in found.message
