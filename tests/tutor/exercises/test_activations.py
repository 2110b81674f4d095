"""The checks for activation functions: what the corpora of attempts (test_corpora.py) do not show."""

import numpy as np
import pytest

from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.activations import function

ACTIVATIONS = "cs231n.activations"


def test_slopes_that_rounding_makes_zero_are_right(monkeypatch):
    """σ(-90) is 1e-39, but 0 as (1 + tanh(-45)) / 2, and so are the slopes there."""
    body = "0.5 * (1 + np.tanh(0.5 * x))"
    wrong("sigmoid_forward", "", function("sigmoid_forward", body)).verdict(monkeypatch)
    assert exercises.run("sigmoid_backward").status == "pass"


def test_a_backward_pass_is_held_beside_the_students_own_forward_pass(monkeypatch):
    body = "dout * np.where(x > 0, 1, 3 * slope)"
    found = wrong("leaky_relu_backward", "", function("leaky_relu_backward", body)).verdict(monkeypatch)
    assert "not the derivative of your own leaky_relu_forward" in found.also


def test_a_backward_pass_that_fits_a_wrong_forward_pass_waits_for_it(monkeypatch):
    forward, backward = "np.maximum(0.01 * x, x)", "np.where(x > 0, dout, 0.01 * dout)"
    wrong("leaky_relu_forward", "", function("leaky_relu_forward", forward)).verdict(monkeypatch)
    found = wrong("leaky_relu_backward", "", function("leaky_relu_backward", backward)).verdict(monkeypatch)
    assert found.status == "todo" and "waits for leaky_relu_forward" in found.message


JACOBIANS = {
    "": lambda x, w: np.kron(np.eye(len(x)), w.T),
    "jacobian_transposed": lambda x, w: np.kron(np.eye(len(x)), w),
    "jacobian_of_one_example": lambda x, w: w.T,
    "jacobian_all_blocks": lambda x, w: np.tile(w.T, (len(x), len(x))),
}


@pytest.mark.parametrize("cause", JACOBIANS)
def test_the_jacobian_of_an_affine_layer_has_a_block_for_each_example(cause):
    found = exercises.run("affine_jacobian", JACOBIANS[cause])
    assert (found.status, found.cause_id) == ("fail" if cause else "pass", cause), str(found)
