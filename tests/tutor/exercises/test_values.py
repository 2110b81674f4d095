"""Results of the wrong kind, and what a student is told about them."""

from __future__ import annotations

import numpy as np
import pytest

from cs231n.tutor.checks.target import WrongKindError
from cs231n.tutor.exercises.common.values import array


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, "dx is None"),
        ("text", "dx is of type str, expected an array of numbers"),
        (np.array([1.0, None]), "dx is an array of dtype object, expected real numbers"),
        (np.array([1j]), "dx is an array of dtype complex128, expected real numbers"),
    ],
)
def test_a_result_without_real_numbers_is_named(value, told):
    with pytest.raises(WrongKindError, match=told):
        array(value, "dx")
