"""Every check names the axes of the arrays it gives to the student's code, so that a diagnosis can speak of them."""

import pytest

from cs231n.tutor import exercises
from cs231n.tutor.checks.diagnosis.sample import is_array, quantities

CHECKS = {name: check for name, (_, check) in exercises.registry().items()}
ARRAYS = {
    name: {one: value for case in check.drawn for one, value in case.inputs.items() if is_array(value)}
    for name, check in CHECKS.items()
}


@pytest.mark.parametrize("name", CHECKS)
def test_every_array_of_a_case_has_its_axes_declared(name):
    assert set(ARRAYS[name]) <= set(CHECKS[name].axes)


@pytest.mark.parametrize("name", CHECKS)
def test_a_name_stands_for_one_length_in_all_arrays_of_a_case(name):
    axes = CHECKS[name].axes
    for case in CHECKS[name].drawn:
        lengths = {}
        for one in axes.keys() & case.inputs.keys():
            for size, length in quantities({one: case.inputs[one]}, axes).items():
                assert lengths.setdefault(size, length) == length, f"{size} in {case.name}"
