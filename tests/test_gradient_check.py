"""Numeric gradients: right, in any layout, leaving what they are given as it was, and honest about kinks."""

import numpy as np
import pytest

from cs231n.gradient_check import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    grad_check_sparse,
    in_words,
    relative_error,
)


def cubes(x):
    return float(np.sum(x.astype(np.float64) ** 3))


ARRAYS = {
    "a matrix": np.arange(1.0, 7).reshape(2, 3),
    "a transposed view": np.arange(1.0, 7).reshape(2, 3).T,
    "every other column": np.arange(1.0, 13).reshape(2, 6)[:, ::2],
    "a number": np.array(3.0),
    "nothing": np.zeros((0, 3)),
}


@pytest.mark.parametrize("x", ARRAYS.values(), ids=ARRAYS)
def test_the_gradient_of_cubes_is_three_squares(x):
    before = x.copy()
    np.testing.assert_allclose(eval_numerical_gradient(cubes, x, verbose=False), 3 * before**2, rtol=1e-8)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("x", ARRAYS.values(), ids=ARRAYS)
def test_the_gradient_of_an_array_is_weighted_by_df(x):
    df = np.cos(x)
    np.testing.assert_allclose(eval_numerical_gradient_array(lambda x: x**2, x, df), 2 * x * df, rtol=1e-8)


def test_f_is_called_twice_an_entry():
    calls = []
    eval_numerical_gradient(lambda x: calls.append(1) or 0.0, np.ones((3, 4)), verbose=False)
    assert len(calls) == 24


def test_an_f_that_returns_the_same_array_again_is_no_trouble():
    out = np.zeros(3)
    found = eval_numerical_gradient_array(lambda x: np.multiply(x, 2, out=out), np.ones(3), np.array([1.0, 2, 3]))
    np.testing.assert_allclose(found, [2, 4, 6], rtol=1e-8)


def test_float32_is_good_to_three_digits():
    x = np.linspace(0.5, 2, 6, dtype=np.float32)
    found = eval_numerical_gradient(lambda x: np.sum(np.exp(x)), x, verbose=False)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, np.exp(x.astype(np.float64)), rtol=1e-3)


def test_x_is_put_back_when_f_fails():
    def fails(x):
        raise RuntimeError

    x = np.ones(3)
    with pytest.raises(RuntimeError):
        eval_numerical_gradient(fails, x)
    np.testing.assert_array_equal(x, 1)


@pytest.mark.parametrize("x", [np.arange(3), [1.0, 2.0]])
def test_what_is_no_array_of_floats_is_refused(x):
    with pytest.raises(TypeError, match="expected x as an array of floats"):
        eval_numerical_gradient(lambda x: 0.0, x, verbose=False)


def test_entries_are_printed_if_asked(capsys):
    eval_numerical_gradient(cubes, np.ones(2), verbose=True)
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_sparse_check_returns_the_largest_error(capsys):
    x = np.arange(1.0, 21).reshape(4, 5)
    right = 3 * x**2
    assert grad_check_sparse(cubes, x, right, num_checks=7) < 1e-7
    assert capsys.readouterr().out.count("relative error") == 7
    wrong = right.copy()
    wrong[2, 3] *= 1.5
    assert grad_check_sparse(cubes, x, wrong, num_checks=1000) == pytest.approx(0.2, rel=1e-6)
    assert capsys.readouterr().out.count("relative error") == 20


def test_a_seed_repeats_the_choice(capsys):
    x = np.arange(1.0, 101)
    lines = []
    for seed in (1, 1, 2):
        grad_check_sparse(cubes, x, 3 * x**2, seed=seed)
        lines.append(capsys.readouterr().out)
    assert lines[0] == lines[1] != lines[2]


def test_a_kink_is_told_from_a_mistake(capsys):
    x = np.array([3e-6, 1.0])  # the step of 1e-5 reaches across the kink of |x| at 0
    assert grad_check_sparse(lambda x: np.abs(x).sum(), x, np.array([1.0, 1.0])) < 1e-7
    assert capsys.readouterr().out.count("kink") == 1
    assert grad_check_sparse(lambda x: np.abs(x).sum(), x, np.array([0.7, 1.0])) > 0.3
    assert "kink" not in capsys.readouterr().out


def test_a_gradient_that_is_nan_is_not_passed_over():
    assert np.isnan(grad_check_sparse(cubes, np.ones(3), np.array([3.0, np.nan, 3.0])))


def test_a_sparse_check_refuses_another_shape():
    with pytest.raises(ValueError, match=r"x's shape \(3,\), found shape \(1, 3\)"):
        grad_check_sparse(cubes, np.ones(3), np.ones((1, 3)))


def test_relative_error():
    assert relative_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == 0.5
    assert relative_error(np.zeros(2), np.zeros(2)) == 0
    assert relative_error(np.zeros(0), np.zeros(0)) == 0
    with pytest.raises(ValueError, match="the same shape"):
        relative_error(np.zeros(2), np.zeros((2, 1)))


EXPECTED = np.array([[1.0, -2.0], [0.5, 0.0]])


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (EXPECTED + 1e-9, "✓ dx is the expected gradient"),
        (EXPECTED.sum(axis=0), "✗ dx has shape (2,), expected (2, 2)"),
        (-EXPECTED, "✗ dx is -1 times the expected gradient"),
        (EXPECTED * 3, "✗ dx is 3 times the expected gradient"),
        (EXPECTED + np.array([[0, 0], [0, 0.25]]), "✗ dx is wrong in 1 of 4 entries: dx[1, 1] is 0.25, expected 0"),
        (EXPECTED * np.nan, "✗ dx is wrong in 4 of 4 entries: dx[0, 0] is nan, expected 1"),
        (EXPECTED * 0, "✗ dx is wrong in 3 of 4 entries: dx[0, 1] is 0, expected -2"),
        (None, "✗ dx is of type NoneType, expected numbers of shape (2, 2)"),
        ("x", "✗ dx is of type str, expected numbers of shape (2, 2)"),
        ([[1, 2], [3]], "✗ dx is of type list, expected numbers of shape (2, 2)"),
    ],
)
def test_a_gradient_is_judged_in_words(found, told):
    assert in_words("dx", found, EXPECTED) == told


def test_a_number_is_judged_without_an_index():
    assert in_words("dmean", 2.0, np.array(3.0)) == "✗ dmean is 0.6667 times the expected gradient"
    assert in_words("dmean", 1.0, np.array(0.0)) == "✗ dmean is 1, expected 0"
