"""Updates in blocks give the same as one update of the whole parameter; only the known rules work in blocks."""

import numpy as np
import pytest

from cs231n import optim, updates

RULES = {
    "sgd": {},
    "sgd_momentum": {"momentum": 0.5},
    "rmsprop": {"decay_rate": 0.7},
    "adam": {"beta1": 0.6, "learning_rate": np.float64(0.01)},
}


@pytest.fixture
def small(monkeypatch):
    """Blocks of about 20 entries, for parameters of 50 entries and more."""
    monkeypatch.setattr(updates, "BLOCK", 20)
    monkeypatch.setattr(updates, "LARGE", 50)


def run(update, rule, shape, dtype, steps=4, **config):
    random = np.random.default_rng(5)
    w = random.standard_normal(shape).astype(dtype)
    for _ in range(steps):
        dw = random.standard_normal(shape).astype(dtype)
        given = dw.copy()
        w, config = update(rule, w, dw, config)
        np.testing.assert_array_equal(dw, given)
    return w, config


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(31, 7), (3, 40), (60,), (7, 3, 2, 5), (5, 2)])
@pytest.mark.parametrize("name", RULES)
def test_blocks_give_the_same_bytes(small, name, shape, dtype):
    rule = getattr(optim, name)
    w, config = run(updates.updated, rule, shape, dtype, **RULES[name])
    expected, kept = run(lambda rule, *args: rule(*args), rule, shape, dtype, **RULES[name])
    assert w.dtype == expected.dtype
    np.testing.assert_array_equal(w, expected)
    assert config.keys() == kept.keys()
    for entry, value in kept.items():
        np.testing.assert_array_equal(config[entry], value)


def sizes(rule, monkeypatch, **config):
    """Return the numbers of entries that the rule gets in two steps of a parameter (31, 7)."""
    seen = []

    def watched(w, dw, config=None):
        assert w.shape == dw.shape
        seen.append(w.size)
        return rule(w, dw, config)

    watched.__name__ = rule.__name__
    if hasattr(optim, rule.__name__):
        monkeypatch.setattr(optim, rule.__name__, watched)
    run(updates.updated, watched, (31, 7), np.float64, steps=2, **config)
    return seen


def test_a_rule_that_keeps_arrays_takes_its_first_step_in_one_piece(small, monkeypatch):
    first, *others = sizes(optim.adam, monkeypatch)
    assert first == 217
    assert sum(others) == 217
    assert max(others) <= 21


def test_small_parameters_are_not_divided(monkeypatch):
    monkeypatch.setattr(updates, "BLOCK", 20)
    assert sizes(optim.adam, monkeypatch) == [217, 217]


def test_a_rule_of_your_own_gets_the_whole_parameter(small, monkeypatch):
    def clipped(w, dw, config=None):  # the length of the gradient depends on all its entries
        return w - 0.1 * dw / np.linalg.norm(dw), {"last": dw}

    assert sizes(clipped, monkeypatch) == [217, 217]


def test_arrays_of_another_shape_are_not_divided(small, monkeypatch):
    assert sizes(optim.sgd, monkeypatch, steps_of=np.zeros(3)) == [217, 217]


def test_the_first_config_may_be_none(small):
    w, config = updates.updated(optim.sgd, np.ones((31, 7)), np.ones((31, 7)))
    np.testing.assert_allclose(w, 0.99)
    assert config == {"learning_rate": 0.01}
