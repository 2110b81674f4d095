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
    check = Check(
        "an exercise", lambda target, **inputs: {output: np.asarray(student(**inputs))}, lambda seed: [], axes=AXES
    )
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
    doubled = tried(loss, lambda X, W, y: 2 * np.mean(np.cos(X @ W)), batches(5, 7), "loss")
    assert doubled == Explanation(), "all examples count alike"


def in_a_loop(step, begin=0.0):
    """Return a loss whose loop over the examples does this with what it adds up to: step(total, one, N)."""

    def loss(X, W, y):
        total = begin
        for row in X:
            total = step(total, np.sum(np.cos(row @ W)), len(X))
        return total

    return loss


MEAN = in_a_loop(lambda total, one, N: total + one / N)
UNEQUAL = {
    "divided_in_loop": (lambda total, one, N: (total + one) / N, "5 times as much as the one before it, and N is 5"),
    "examples_unequal": (lambda total, one, N: 2 * total + one, "the first example has weight 1, the last 0.06"),
    "no_example_counts": (lambda total, one, N: total + 0.25, "No example affects loss."),
    "last_example_only": (lambda total, one, N: one, "Only the last example affects loss."),
}


@pytest.mark.parametrize("cause", UNEQUAL)
def test_examples_that_do_not_count_alike_are_told_by_how_much_each_counts(cause):
    step, told = UNEQUAL[cause]
    found = tried(MEAN, in_a_loop(step), batches(5, 7), "loss")
    assert found.cause == cause
    assert told in found.evidence


def test_a_division_in_the_loop_over_the_classes_is_the_same_mistake():
    found = tried(MEAN, in_a_loop(lambda total, one, N: (total + one) / N**3), batches(5, 7), "loss")
    assert found.cause == "divided_in_loop"
    assert "125 times" in found.evidence


def test_an_example_that_is_left_out_is_named():
    loss = in_a_loop(lambda total, one, N: total + one / N)
    for kept, which in ((slice(1, None), "first"), (slice(None, -1), "last")):
        found = tried(loss, lambda X, W, y, kept=kept: loss(X[kept], W, y[kept]), batches(5, 7), "loss")
        assert found == Explanation("example_left_out", f"The {which} example does not affect loss.")


def test_outputs_with_a_row_for_each_example_are_no_sum_over_them():
    found = tried(lambda X, W, y: X @ W, lambda X, W, y: np.cumsum(X @ W, axis=0), batches(5, 7), "scores")
    assert found == Explanation()


def test_the_only_number_without_effect_is_named():
    def steps(rate, decay=0.5):
        return [
            {"x": np.arange(1.0, 5), "rate": rate, "decay": decay},
            {"x": np.ones(3), "rate": 2 * rate, "decay": 0.1},
        ]

    right = lambda x, rate, decay: x - rate * np.sin(x) * decay  # noqa: E731
    found = tried(right, lambda x, rate, decay: x - 7 * np.sin(x) * decay, steps(0.1), matter=["rate", "decay"])
    assert found == Explanation("argument_ignored", "out is the same with rate = 0.1 and with rate = 0.2.")
    rounded = tried(right, lambda x, rate, decay: x - 7 * np.sin(x) * decay, steps(0.2), matter=["rate", "decay"])
    assert rounded.evidence == "out is the same with rate = 0.2 and with rate = 0.3."
    both = tried(right, lambda x, rate, decay: x - 7 * np.sin(x), steps(0.1), matter=["rate", "decay"])
    assert both == Explanation()


READ = {
    "columns first": lambda x: x.reshape(-1, len(x)).T,
    "transposed and reshaped back": lambda x: x.reshape(len(x), -1).T.reshape(len(x), -1),
    "all axes reversed": lambda x: x.T.reshape(len(x), -1),
    "the axes of a row reversed": lambda x: x.T.reshape(-1, len(x)).T,
}


@pytest.mark.parametrize("read", READ)
def test_an_input_that_is_read_in_another_order_is_named(read):
    random = np.random.RandomState(3)
    cases = [
        {"x": random.randn(4, 3, 5), "w": random.randn(15, 2)},
        {"x": random.randn(3, 2, 2, 2), "w": random.randn(8, 4)},
    ]
    found = tried(lambda x, w: x.reshape(len(x), -1) @ w, lambda x, w: READ[read](x) @ w, cases)
    told = "With the numbers of x rearranged to compensate for this, out is right."
    assert found == Explanation("input_rearranged", told)
    other = tried(lambda x, w: x.reshape(len(x), -1) @ w, lambda x, w: READ[read](x) @ w + 1, cases)
    assert other == Explanation()


def test_the_sign_of_an_input_and_exchanged_sides_are_named():
    cases = [{"x": np.linspace(-2, 3, 7)}, {"x": np.array([[0.5, -1], [4, -3]])}]
    negated = tried(lambda x: np.exp(x) + x, lambda x: np.exp(-x) - x, cases)
    assert negated == Explanation("input_negated", "With -x in place of x, out is right.")
    leaky = tried(lambda x: np.where(x > 0, x, 0.1 * x), lambda x: np.where(x > 0, 0.1 * x, x), cases)
    assert leaky == Explanation("sides_exchanged", "With -x in place of x, out is right except for its sign.")
    assert tried(lambda x: np.exp(x), lambda x: np.exp(-2 * x), cases) == Explanation()


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
    assert tried(RIGHT, net(lambda X, W1, b1, W2: np.sum(W1) ** 2), nets(0.7, 0.3), "loss") == Explanation()
    elsewhere = tried(RIGHT, lambda **inputs: RIGHT(**inputs) + 1, nets(0.7, 0.0), "loss")
    assert elsewhere == Explanation(), "where reg = 0 is wrong too, it is not the penalty"


GROWS = {
    "2": lambda X, W1, b1, W2: np.sum(np.abs(W1)),
    "16": lambda X, W1, b1, W2: np.sum(W1**2) * np.sum(W2**2),
}


@pytest.mark.parametrize("times", GROWS)
def test_a_penalty_that_grows_otherwise_than_squares_is_named(times):
    found = tried(RIGHT, net(GROWS[times]), nets(0.7, 0.3), "loss")
    assert found.cause == "other_penalty"
    told = f"With W1 and W2 doubled, the penalty in your loss is multiplied by {times}, expected 4."
    assert told in found.evidence


def test_a_penalty_that_reg_does_not_multiply_throughout_is_named():
    def brackets(X, reg, W1, b1, W2):
        return np.mean(np.cos((X @ W1 + b1) @ W2)) + 0.5 * reg * np.sum(W1**2) + np.sum(W2**2)

    found = tried(RIGHT, brackets, nets(0.7, 0.3, 0.0), "loss")
    expected = "0.5·reg·ΣW1² + 0.5·reg·ΣW2²"
    told = f"The penalty in your loss is 0.5·reg·ΣW1² + ΣW2², expected {expected}."
    assert found == Explanation("penalty_brackets", told)


def test_the_penalty_of_a_gradient_is_said():
    def gradient(factor):
        return lambda X, W, y, reg: X.T @ np.sin(X @ W) + factor * reg * W

    found = tried(gradient(2), gradient(0.5), batches(5, 7, reg=0.4), "dW")
    assert found == Explanation("other_penalty", "The penalty's contribution to dW is 0.5·reg·W, expected 2·reg·W.")
    assert tried(
        gradient(2), lambda X, W, y, reg: gradient(2)(X, W, y, reg) + X.sum(), batches(5, 7, reg=0.4), "dW"
    ) == (Explanation())
