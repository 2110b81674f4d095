"""A wrong output is described by its shape, or by its first wrong entry, as what it is."""

import numpy as np
import pytest

from cs231n.tutor.checks.compare import describe, listed


def told(actual, expected, output="out"):
    actual, expected = np.array(actual), np.array(expected)
    return describe(actual, expected, np.full(expected.shape, 1e-6), output)


def test_the_largest_error_is_told_of_numbers_not_of_labels():
    assert told([1.5, 2.0], [1.0, 2.0]) == "out[0] is 1.5, expected 1; 1 of 2 entries is wrong (largest error 0.5)"
    assert told([3, 2], [1, 2]) == "out[0] is 3, expected 1; 1 of 2 entries is wrong"
    assert told([1.01, 2.02], [1, 2]) == "out[0] is 1.01, expected 1; both entries are wrong (largest error 0.02, 1 %)"


def test_nan_is_counted_once_and_zero_has_no_sign():
    assert told([np.nan, 2.0], [1.0, 2.0]) == "out[0] is nan, expected 1; 1 of 2 entries is wrong"
    assert told([np.nan], [-0.0]) == "out[0] is nan, expected 0"
    wrong = "out[0] is nan, expected 1"
    assert told([np.nan] * 3, [1.0] * 3) == f"{wrong}; all 3 entries are wrong, all of them nan or inf"
    assert told([np.nan] * 2, [1.0] * 2) == f"{wrong}; both entries are wrong, both of them nan or inf"
    assert told([np.nan, 4.0, 3.0], [1.0, 2.0, 3.0]) == f"{wrong}; 2 of 3 entries are wrong, 1 of them nan or inf"
    assert told([np.nan, np.inf, 3.0], [1.0, 2.0, 4.0]).endswith("all 3 entries are wrong, 2 of them nan or inf")
    assert told([np.nan, np.inf, 4.0], [1.0, 2.0, 4.0]).endswith("2 of 3 entries are wrong, both of them nan or inf")
    assert told([np.nan] * 3, [1.0, 2.0, 4.0]).endswith("all 3 entries are wrong, all of them nan or inf")


def test_an_output_without_a_name_of_its_own_gets_no_index():
    assert told([1.5], [1.0], "the result") == "entry [0] of the result is 1.5, expected 1"
    assert told(1.5, 1.0, "the size") == "the size is 1.5, expected 1"


@pytest.mark.parametrize(
    ("wrong", "how_many"), [([np.nan, 2, 3], "1"), ([np.nan, np.inf, 1], "both"), (3 * [np.inf], "all")]
)
def test_it_is_said_how_many_of_the_wrong_entries_are_nan_or_inf(wrong, how_many):
    assert told(wrong, [1.0, 1.0, 1.0]).endswith(f"are wrong, {how_many} of them nan or inf")


def test_the_shape_of_a_parameter_is_told_as_a_shape():
    assert told([6, 100], [6, 5], "W1.shape") == "W1 has shape (6, 100), expected (6, 5)"
    assert told([5, 6], [6, 5], "W1.shape") == "W1 has shape (5, 6), expected (6, 5): rows and columns are swapped"
    assert told([1, 5], [5], "b1.shape") == "b1 has shape (1, 5), expected (5,)"
    assert told([], [5], "b1.shape") == "b1 is a single number, expected an array of shape (5,)"


def test_a_single_number_is_not_called_an_array_of_shape_nothing():
    assert told(np.ones(1), 1.0, "loss") == "loss has shape (1,), expected a single number"
    assert told(1.0, np.ones(3), "dw") == "dw is a single number, expected an array of shape (3,)"


def test_an_index_follows_the_name_of_the_array():
    assert told([1.5], [1.0], "scores in test mode") == "scores[0] in test mode is 1.5, expected 1"
    assert told(1.5, 1.0, "loss in test mode") == "loss in test mode is 1.5, expected 1"


def test_names_are_listed_as_a_phrase():
    assert listed(["W1"]) == "W1"
    assert listed(["W1", "b1"], "or") == "W1 or b1"
    assert listed(["W1", "b1", "W2"]) == "W1, b1 and W2"
