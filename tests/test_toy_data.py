"""The toy data sets are what their names say, repeatable, and out of a straight line's reach."""

import numpy as np
import pytest

from cs231n import toy_data

SETS = [toy_data.parity, toy_data.annulus, toy_data.three_modes]


@pytest.mark.parametrize("make", SETS)
def test_points_in_the_plane_with_two_labels_about_equally_many(make):
    X, y = make(301, seed=4)
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((301, 2), np.float64, (301,), np.int64)
    assert set(y) == {0, 1}
    assert 0.4 < y.mean() < 0.6
    assert np.abs(X).max() < 3


@pytest.mark.parametrize("make", SETS)
def test_a_seed_repeats_the_points_another_gives_others(make):
    np.testing.assert_array_equal(make(50, 1)[0], make(50, 1)[0])
    assert not np.array_equal(make(50, 1)[0], make(50, 2)[0])


@pytest.mark.parametrize("make", SETS)
def test_the_global_generator_is_left_alone(make):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    make(20, 0)
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("make", SETS)
def test_no_straight_line_takes_the_classes_apart(make):
    X, y = make(400, seed=0)
    directions = [(np.cos(angle), np.sin(angle)) for angle in np.linspace(0, np.pi, 60)]
    best = 0
    for along in (X @ np.array(direction) for direction in directions):
        for threshold in np.sort(along)[::5]:
            share = np.mean((along > threshold) == y)
            best = max(best, share, 1 - share)
    assert best < 0.8


def test_parity_depends_on_the_product_of_the_signs():
    X, y = toy_data.parity(300, 5)
    np.testing.assert_array_equal(y, X[:, 0] * X[:, 1] < 0)
    assert np.abs(X).min() >= 0.1


def test_the_annulus_is_the_ring_from_1_to_2():
    X, y = toy_data.annulus(300, 5)
    radius = np.linalg.norm(X, axis=1)
    np.testing.assert_array_equal(y, (radius >= 1) & (radius <= 2))
    assert (radius < 0.9).sum() > 20, "the hole"
    assert (radius > 2.1).sum() > 20, "outside"


def test_three_modes_are_three_patches_and_everything_else():
    X, y = toy_data.three_modes(600, 5)
    one = X[y == 1]
    near = np.linalg.norm(one[:, None] - one, axis=-1) < 0.35
    groups = np.linalg.matrix_power(near.astype(float) / len(one), 20) > 0
    assert len(np.unique(groups, axis=0)) == 3
    gap = np.linalg.norm(X[y == 0][:, None] - one, axis=-1).min()
    assert gap >= 0.1
