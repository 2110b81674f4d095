"""The right numbers in the wrong places: transposed, flipped, shifted, or with an axis too many or too few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations, permutations

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.diagnosis.hypothesis import Hypothesis
from cs231n.tutor.checks.diagnosis.sample import Sample

MOST_AXES = 5


def _shapes(sample: Sample) -> str:
    return EVIDENCE["shapes"].format(output=sample.output, actual=sample.actual.shape, expected=sample.expected.shape)


def rearranged(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield the rearrangements of axes and entries that give the shape that came back."""
    axes = range(wrong[0].expected.ndim)
    if not 0 < len(axes) <= MOST_AXES:
        return
    orders = [order for order in permutations(axes) if order != tuple(axes)]
    for order in orders:
        cause, rank = ("transposed", 10) if len(axes) == 2 else ("axes_permuted", 12)
        yield Hypothesis(cause, rank, _permuting(order), evidence=_moved(order))
        yield Hypothesis("reshape_for_transpose", 13, _permuting(order, reshape=True))
    for flipped in chain.from_iterable(combinations(axes, count) for count in range(1, len(axes) + 1)):
        yield Hypothesis(
            "flipped",
            11 + len(flipped),
            lambda sample, expected, flipped=flipped: (
                np.flip(expected, flipped) if expected.ndim > max(flipped) else None
            ),
            evidence=_along(flipped),
        )
    for axis in axes:
        for step in (1, -1):
            yield Hypothesis("shifted_entries", 13, _rolling(axis, step), evidence=_along((axis,)))
    yield Hypothesis("fortran_order", 13, lambda sample, expected: expected.ravel().reshape(expected.shape, order="F"))


def _permuting(order: tuple[int, ...], reshape: bool = False):
    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray | None:
        if expected.ndim != len(order):
            return None
        moved = expected.transpose(order)
        return moved.reshape(expected.shape) if reshape else moved

    return predict


def _rolling(axis: int, step: int):
    return lambda sample, expected: np.roll(expected, step, axis) if expected.ndim > axis else None


def _moved(order: tuple[int, ...]):
    if len(order) == 2:
        return lambda sample: _shapes(sample) if sample.misshapen else ""
    return lambda sample: EVIDENCE["axes_order"].format(output=sample.output, order=tuple(np.argsort(order).tolist()))


def _along(axes: tuple[int, ...]):
    named = ", ".join(map(str, axes))
    return lambda sample: EVIDENCE["along"].format(
        output=sample.output, axes=f"{'axes' if axes[1:] else 'axis'} {named}"
    )


def misshapen(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield what explains a wrong shape: an axis of length 1 too many or too few, a sum left out, broadcasting."""
    yield Hypothesis("axis_dropped", 10, undo=_axis_of_one(-1), evidence=_shapes)
    yield Hypothesis("axis_too_many", 10, undo=_axis_of_one(+1), evidence=_shapes)
    yield Hypothesis("reshaped", 11, undo=_reshaped, evidence=_shapes)
    yield from _same_shape_everywhere(wrong)
    yield Hypothesis("broadcast", 11, undo=_diagonal, evidence=_shapes)
    axes = max(sample.actual.ndim for sample in wrong)
    for axis in range(min(axes, MOST_AXES)):
        for cause, reduce in (("not_summed", np.sum), ("not_averaged", np.mean), ("maximum_left_out", np.max)):
            yield Hypothesis(cause, 12, undo=_reducing(reduce, axis), evidence=_along((axis,)))


def _same_shape_everywhere(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield what it means that one shape comes back whatever is expected: a size in the code, or everything summed."""
    shape = wrong[0].actual.shape
    if len({sample.expected.shape for sample in wrong}) > 1 and all(s.actual.shape == shape for s in wrong):
        cause = "hard_coded_size" if shape else "axis_missing"
        yield Hypothesis(cause, 9, lambda sample, expected: sample.actual * 1.0, evidence=_shapes)


def _axis_of_one(extra: int):
    """Return what undoes a number of axes that is off, where all that differs are axes of length 1."""

    def undo(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
        off = actual.ndim - sample.expected.ndim
        squeezed = [size for size in sample.expected.shape if size != 1]
        same = [size for size in actual.shape if size != 1] == squeezed
        return actual.reshape(sample.expected.shape) if off * extra > 0 and same else None

    return undo


def _reshaped(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
    other = actual.size == sample.expected.size and sample.misshapen
    ones = [size for size in actual.shape if size != 1] == [size for size in sample.expected.shape if size != 1]
    return actual.reshape(sample.expected.shape) if other and not ones else None


def _diagonal(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
    """Return the diagonal of a table that came back instead of its (N,) numbers."""
    N = sample.expected.size
    return np.diag(actual).reshape(sample.expected.shape) if actual.shape == (N, N) and N > 1 else None


def _reducing(reduce, axis: int):
    def undo(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
        if actual.ndim <= axis or not actual.size or not sample.misshapen:
            return None
        reduced = reduce(actual, axis=axis)
        return reduced.reshape(sample.expected.shape) if reduced.size == sample.expected.size else None

    return undo


def unnormalised(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield what was not done along an axis at the end: divided by the sum or norm, centred."""
    axes = [None, *range(max(sample.expected.ndim for sample in wrong))]
    steps = {
        "not_divided_by_sum": lambda a, axis: a / np.sum(a, axis=axis, keepdims=True),
        "not_divided_by_norm": lambda a, axis: a / np.sqrt(np.sum(a**2, axis=axis, keepdims=True)),
        "not_centred": lambda a, axis: a - np.mean(a, axis=axis, keepdims=True),
    }
    for cause, step in steps.items():
        for axis in axes[: MOST_AXES + 1]:
            told = (lambda sample: "") if axis is None else _along((axis,))
            yield Hypothesis(cause, 14, undo=_stepping(step, axis), evidence=told)


def _stepping(step, axis):
    def undo(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
        alike = not sample.misshapen and (axis is None or actual.ndim > axis)
        return step(actual, axis) if alike and actual.size > 1 else None

    return undo
