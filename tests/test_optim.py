"""Update rules against the formulas of their papers, step by step, and what all of them keep to."""

import numpy as np
import pytest

from cs231n import optim
from cs231n.regularizers import max_norm

RULES = ("sgd", "sgd_momentum", "rmsprop", "adam")
ALL = pytest.mark.parametrize("name", RULES)


def steps(name, gradients, w=0.0, **config):
    """Return where a single weight goes along the gradients."""
    w, path = np.array([w]), []
    for gradient in gradients:
        w, config = getattr(optim, name)(w, np.array([gradient], dtype=w.dtype), config)
        path.append(float(w[0]))
    return path


def test_sgd_steps_against_the_gradient():
    assert steps("sgd", [2.0, -4.0], learning_rate=0.5) == [-1.0, 1.0]


def test_momentum_gathers_speed_towards_a_limit():
    moves = np.diff(steps("sgd_momentum", [1.0] * 200, learning_rate=0.1, momentum=0.9))
    assert np.all(np.diff(moves) <= 1e-12)
    assert moves[-1] == pytest.approx(-0.1 / (1 - 0.9))


def test_speed_lasts_when_the_gradient_is_gone():
    np.testing.assert_allclose(steps("sgd_momentum", [1.0, 0, 0], learning_rate=1.0, momentum=0.5), [-1, -1.5, -1.75])


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e4])
def test_rmsprop_and_adam_do_not_mind_the_scale_of_gradients(scale):
    gradients = np.array([1.0, -0.5, 2.0, 2.0])
    for name in ("rmsprop", "adam"):
        own = steps(name, scale * gradients, learning_rate=0.1, epsilon=0.0)
        np.testing.assert_allclose(own, steps(name, gradients, learning_rate=0.1, epsilon=0.0))


def test_adam_begins_with_a_step_of_the_learning_rate_whatever_the_betas():
    for betas in ({}, {"beta1": 0.5, "beta2": 0.6}):
        assert steps("adam", [7.0], learning_rate=0.25, **betas) == pytest.approx([-0.25])


def test_adam_with_equal_gradients_steps_evenly():
    np.testing.assert_allclose(steps("adam", [3.0] * 5, learning_rate=0.1), -0.1 * np.arange(1, 6))


def test_adam_remembers_uncorrected_means_and_counts_steps():
    _, config = optim.adam(np.zeros(1), np.array([2.0]))
    assert (config["t"], float(config["m"][0]), float(config["v"][0])) == (1, pytest.approx(0.2), pytest.approx(0.004))


@ALL
def test_a_rule_finds_the_lowest_point_of_a_bowl(name):
    w, config = np.array([3.0, -2.0]), {"learning_rate": 0.1}
    for _ in range(1500):
        w, config = getattr(optim, name)(w, w * [1.0, 8.0], config)
        config["learning_rate"] *= 0.995
    np.testing.assert_allclose(w, 0, atol=1e-3)


@ALL
def test_the_gradient_stays_and_float32_stays_float32(name):
    w, dw = np.ones((3, 2), np.float32), np.full((3, 2), 2, np.float32)
    config = {"learning_rate": np.float64(0.1)}  # as a search over np.logspace gives it
    for _ in range(3):
        w, config = getattr(optim, name)(w, dw, config)
    assert w.dtype == np.float32
    assert np.all(dw == 2)
    assert all(value.dtype == np.float32 for value in config.values() if isinstance(value, np.ndarray))


@ALL
def test_without_a_config_each_call_starts_anew(name):
    rule = getattr(optim, name)
    first, again = (rule(np.ones(2), np.ones(2))[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_max_norm_shortens_long_columns_and_leaves_the_rest():
    W = np.array([[3.0, 0.3, 0.0], [4.0, 0.4, 0.0]])
    np.testing.assert_allclose(max_norm(W, 1.0), [[0.6, 0.3, 0], [0.8, 0.4, 0]])
    np.testing.assert_array_equal(W[:, 0], [3, 4])


def test_max_norm_twice_is_max_norm_once():
    W = np.random.default_rng(0).normal(size=(8, 5)).astype(np.float32)
    once = max_norm(W, 2.0)
    assert once.dtype == np.float32
    assert np.max(np.linalg.norm(once, axis=0)) <= 2 * (1 + 1e-6)
    np.testing.assert_allclose(max_norm(once, 2.0), once, rtol=1e-6)
