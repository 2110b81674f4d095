"""Calling the student's code again tells what it goes by, and nothing is said that the cases do not point to."""

import numpy as np
import pytest

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.check import Check, Explanation
from cs231n.tutor.checks.diagnosis import Sample, trials
from cs231n.tutor.checks.target import LocalTarget

AXES = {"X": "N D", "W": "D C", "y": "N"}


def tried(right, student, cases, output="out", matter=()):
    """Return what trials say of a student's function that gives one output; right(**inputs) is expected."""
    check = Check("an exercise", lambda target, **inputs: {output: np.asarray(student(**inputs))}, list, axes=AXES)
    samples = []
    for inputs in cases:
        expected = np.asarray(right(**inputs), dtype=np.float64)
        tolerance = compare.float_tolerance({}, output, expected)
        samples.append(Sample("a case", output, inputs, expected, np.asarray(student(**inputs)), tolerance, axes=AXES))
    return trials.tried(check, LocalTarget(), samples, lambda sample: set(matter))


def batches(*sizes, **more):
    random = np.random.RandomState(0)
    return [{"X": random.randn(N, 3), "W": random.randn(3, 4), "y": random.randint(0, 4, N), **more} for N in sizes]


def step(x, momentum=0.9):
    return x * momentum


STEPS = [{"x": np.arange(1.0, 5)}, {"x": np.arange(2.0, 8), "momentum": 0.5}]


def test_a_number_written_in_where_an_argument_is_given_is_named():
    found = tried(step, lambda x, momentum=0.9: 0.9 * x, STEPS, matter=["momentum"])
    assert found.cause == "argument_ignored"
    assert (
        found.evidence
        == "out is the same with momentum = 0.5 and with momentum = 1; it is right where momentum is left out."
    )


def test_an_argument_the_expected_value_does_not_depend_on_may_be_ignored():
    assert (
        tried(lambda x, momentum=0.9: x, lambda x, momentum=None: x if momentum is None else 2 * x, STEPS)
        == Explanation()
    )
    assert tried(step, lambda x, momentum=0.9: np.sin(x * momentum) if momentum < 0.9 else x * momentum, STEPS) == (
        Explanation()
    )


def test_another_default_is_named_with_the_value_that_makes_it_right():
    found = tried(step, lambda x, momentum=0.99: x * momentum, STEPS)
    assert found == Explanation("other_default", "With momentum = 0.9 given, out is right.")
    assert tried(step, lambda x, momentum=None: x * (momentum or 0.99) ** (1 if momentum else 2), STEPS[:1]).cause == ""


@pytest.mark.parametrize("place, cause", [(-1, "last_example_only"), (0, "first_example_only")])
def test_that_a_single_example_decides_is_named(place, cause):
    def loss(X, W, y):
        return np.mean(np.cos(X @ W))

    found = tried(loss, lambda X, W, y: np.sum(np.cos(X[place] @ W)), batches(5, 7), "loss")
    assert found.cause == cause
    assert tried(loss, lambda X, W, y: np.sum(np.cos(X[1:] @ W)), batches(5, 7), "loss") == Explanation()


def net(penalty):
    """Return the loss of a net with two weights and a bias, and with a penalty."""

    def loss(X, reg, W1, b1, W2):
        return np.mean(np.cos((X @ W1 + b1) @ W2)) + reg * penalty(X, W1, b1, W2)

    return loss


def nets(*regs):
    random = np.random.RandomState(1)
    shapes = {"X": (5, 3), "W1": (3, 4), "b1": (4,), "W2": (4, 2)}
    return [{**{name: random.randn(*shape) for name, shape in shapes.items()}, "reg": reg} for reg in regs]


RIGHT = net(lambda X, W1, b1, W2: 0.5 * (np.sum(W1**2) + np.sum(W2**2)))
PENALTIES = {
    "reg·ΣW2²": lambda X, W1, b1, W2: np.sum(W2**2),
    "0.5·reg/N·ΣW1² + 0.5·reg/N·ΣW2²": lambda X, W1, b1, W2: 0.5 * (np.sum(W1**2) + np.sum(W2**2)) / len(X),
    "0.5·reg·ΣW1² + 0.5·reg·Σb1² + 0.5·reg·ΣW2²": lambda X, W1, b1, W2: 0.5 * sum(np.sum(a**2) for a in (W1, b1, W2)),
    "0": lambda X, W1, b1, W2: 0.0,
}


@pytest.mark.parametrize("found", PENALTIES)
def test_the_penalty_that_a_loss_really_has_is_said(found):
    told = tried(RIGHT, net(PENALTIES[found]), nets(0.7, 0.3, 0.0), "loss")
    expected = "0.5·reg·ΣW1² + 0.5·reg·ΣW2²"
    assert told == Explanation("other_penalty", f"The penalty in your loss is {found}, expected {expected}.")


def test_a_penalty_that_is_no_sum_of_squares_is_not_taken_for_one():
    for penalty in (lambda X, W1, b1, W2: np.sum(W1) ** 2, lambda X, W1, b1, W2: np.sum(np.abs(W1))):
        assert tried(RIGHT, net(penalty), nets(0.7, 0.3), "loss") == Explanation()
    elsewhere = tried(RIGHT, lambda **inputs: RIGHT(**inputs) + 1, nets(0.7, 0.0), "loss")
    assert elsewhere == Explanation(), "where reg = 0 is wrong too, it is not the penalty"


def test_the_penalty_of_a_gradient_is_said():
    def gradient(factor):
        return lambda X, W, y, reg: X.T @ np.sin(X @ W) + factor * reg * W

    found = tried(gradient(2), gradient(0.5), batches(5, 7, reg=0.4), "dW")
    assert found == Explanation("other_penalty", "The penalty's part of dW is 0.5·reg·W, expected 2·reg·W.")
    assert tried(
        gradient(2), lambda X, W, y, reg: gradient(2)(X, W, y, reg) + X[0, 0], batches(5, 7, reg=0.4), "dW"
    ) == (Explanation())
