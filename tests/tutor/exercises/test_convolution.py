"""The checks for convolution and pooling: what the corpora of attempts (test_corpora.py) do not show."""

import time

import numpy as np
import pytest
from scipy.signal import convolve2d, correlate2d

from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.convolution import RIGHT, WRONG, back, pool_back


def test_seven_loops_are_checked_in_no_time(monkeypatch):
    slow = next(attempt for attempt in RIGHT if attempt.label == "seven loops")
    start = time.process_time()
    assert slow.verdict(monkeypatch).status == "pass"
    assert time.process_time() - start < 2


def test_a_wrong_gradient_is_held_beside_the_own_forward_pass(monkeypatch):
    found = wrong("conv_backward_naive", "", back(top="max(i * s - 1, 0)")).verdict(monkeypatch)
    assert "The result is not the derivative of your own conv_forward_naive either" in found.also


def test_a_wrong_backward_pass_waits_for_a_wrong_forward_pass(monkeypatch):
    for exercise in ("conv", "max_pool"):
        for way in ("forward", "backward"):
            bad = next(attempt for attempt in WRONG if attempt.exercise == f"{exercise}_{way}_naive")
            found = bad.verdict(monkeypatch)
        assert found.status == "todo" and f"waits for {exercise}_forward_naive" in found.message


def test_an_exception_about_equal_maxima_is_shown(monkeypatch):
    one = "(row,), (column,) = np.where(x[place] == x[place].max())"
    found = wrong(
        "max_pool_backward_naive", "", pool_back(f"{one}\n            dx[place][row, column] += dout[n, c, i, j]")
    ).verdict(monkeypatch)
    assert found.message.startswith("Where a window contains its maximum more than once: ValueError: too many"), found


def convolved(flip=(-1, -1), mode="valid"):
    return lambda image, kernel: correlate2d(image, kernel[:: flip[0], :: flip[1]], mode)


@pytest.mark.parametrize(
    ("cause", "function"),
    {
        "filter_not_flipped": convolved((1, 1)),
        "filter_flipped_down_only": convolved((-1, 1)),
        "filter_flipped_across_only": convolved((1, -1)),
        "beyond_the_border": convolved(mode="full"),
        "result_flipped": lambda image, kernel: convolved((1, 1))(image, kernel)[::-1, ::-1],
        "returns_none": lambda image, kernel: None,
    }.items(),
)
def test_a_mistaken_convolution_in_the_notebook_is_told_its_cause(cause, function):
    found = exercises.run("true_convolution", function)
    assert (found.status, found.cause_id) == ("fail", cause), str(found)


@pytest.mark.parametrize(
    ("cause", "function"),
    {
        "size_without_one": lambda size, extent, stride, pad: (size + 2 * pad - extent) // stride,
        "padded_once": lambda size, extent, stride, pad: 1 + (size + pad - extent) // stride,
        "size_without_padding": lambda size, extent, stride, pad: 1 + (size - extent) // stride,
        "size_without_stride": lambda size, extent, stride, pad: 1 + size + 2 * pad - extent,
        "stride_remainder": lambda size, extent, stride, pad: 1 + (size + 2 * pad - extent) / stride,
    }.items(),
)
def test_a_mistaken_output_size_is_told_its_cause(cause, function):
    found = exercises.run("output_size", function)
    assert (found.status, found.cause_id) == ("fail", cause), str(found)


def test_right_functions_of_the_notebook_pass_however_written():
    for function in (convolved(), lambda image, kernel: convolve2d(image, kernel, "valid").tolist()):
        assert exercises.run("true_convolution", function).status == "pass"
    for size in (lambda size, extent, stride, pad: len(range(0, size + 2 * pad - extent + 1, stride)), floored):
        assert exercises.run("output_size", size).status == "pass"


def floored(size, extent, stride, pad):
    return np.floor((size + 2 * pad - extent) / stride) + 1
