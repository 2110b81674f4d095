"""Hypotheses that entries are misplaced, that the shape is wrong, or that a last step, such as a sum, was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, combinations, permutations, product

import numpy as np

from cs231n.tutor.checks.diagnosis.hypothesis import Hypothesis, evidence, of_array
from cs231n.tutor.checks.diagnosis.sample import Sample

MOST_AXES = 5


def rearranged(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that the axes or the entries were rearranged."""
    axes = range(wrong[0].expected.ndim)
    if not 0 < len(axes) <= MOST_AXES:
        return
    for order in permutations(axes):
        if order == tuple(axes):
            continue
        cause, rank = ("transposed", 10) if len(axes) == 2 else ("axes_permuted", 12)
        told = _moved(wrong[0], order)
        yield Hypothesis(cause, rank, of_array(np.transpose, order), evidence=told)
        yield Hypothesis("reshape_for_transpose", 13, of_array(_reshaped_as_before, order))
    for moved in MOVED if len(axes) > 1 else ():
        yield Hypothesis("reshape_for_transpose", 13, of_array(_reshaped_after, moved))
    for flipped in chain.from_iterable(combinations(axes, count) for count in range(1, len(axes) + 1)):
        told = _along(wrong[0], *flipped)
        yield Hypothesis("flipped", 11 + len(flipped), of_array(np.flip, axis=flipped), evidence=told)
    for axis, step in product(axes, (1, -1)):
        told = _along(wrong[0], axis)
        yield Hypothesis("shifted_entries", 13, of_array(np.roll, shift=step, axis=axis), evidence=told)
    yield Hypothesis("fortran_order", 13, lambda _, array: array.ravel().reshape(array.shape, order="F"))


# Permutations of the axes, for arrays with any number of axes
MOVED: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    np.transpose,
    lambda array: np.moveaxis(array, 0, -1),
    lambda array: np.moveaxis(array, -1, 0),
)


def spread(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that each entry is the maximum, minimum, sum or mean of the expected ones along some axes."""
    axes = range(min(wrong[0].expected.ndim, MOST_AXES))
    for some in chain.from_iterable(combinations(axes, count) for count in range(1, len(axes) + 1)):
        for how, reduce in (("largest", np.max), ("smallest", np.min), ("sum", np.sum), ("mean", np.mean)):
            told = evidence("one_for_all", wrong[0], axes=_axes(*some), how=how)
            yield Hypothesis("one_for_all", 13, of_array(_spread, reduce, some), evidence=told)


def _spread(array: np.ndarray, reduce: Callable, axes: tuple[int, ...]) -> np.ndarray:
    return np.broadcast_to(reduce(array, axis=axes, keepdims=True), array.shape)


def _reshaped_after(array: np.ndarray, moved: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    return moved(array).reshape(array.shape)


def _reshaped_as_before(array: np.ndarray, order: tuple[int, ...]) -> np.ndarray:
    return array.transpose(order).reshape(array.shape)


def _moved(sample: Sample, order: tuple[int, ...]) -> str:
    if len(order) == 2:
        return evidence("shapes", sample) if sample.misshapen else ""
    return evidence("axes_order", sample, order=tuple(np.argsort(order).tolist()))


def _along(sample: Sample, *axes: int) -> str:
    return evidence("along", sample, axes=_axes(*axes))


def _axes(*axes: int) -> str:
    return f"{'axes' if axes[1:] else 'axis'} {', '.join(map(str, axes))}"


def misshapen(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses about a wrong shape, such as an extra axis of length 1, a reshape or a missing sum."""
    shapes = evidence("shapes", wrong[0])
    yield Hypothesis("axis_dropped", 10, undo=_axis_of_one(-1), evidence=shapes)
    yield Hypothesis("axis_too_many", 10, undo=_axis_of_one(+1), evidence=shapes)
    yield Hypothesis("reshaped", 11, undo=_reshaped, evidence=shapes)
    yield from same_shape_everywhere(wrong)
    yield Hypothesis("broadcast", 11, undo=_diagonal, evidence=shapes)
    axes = max(sample.actual.ndim for sample in wrong)
    reductions = {"not_summed": np.sum, "not_averaged": np.mean, "maximum_left_out": np.max}
    for axis, (cause, reduce) in product(range(min(axes, MOST_AXES)), reductions.items()):
        yield Hypothesis(cause, 12, undo=_reducing(reduce, axis), evidence=_along(wrong[0], axis))


def same_shape_everywhere(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield a hypothesis if the shape is the same in all wrong cases but should not be (hard-coded size, no axis=)."""
    shape = wrong[0].actual.shape
    if len({sample.expected.shape for sample in wrong}) > 1 and all(s.actual.shape == shape for s in wrong):
        cause = "hard_coded_size" if shape else "axis_missing"  # the latter says itself that this is a single number
        told = evidence("shapes", wrong[0]) if shape else ""
        yield Hypothesis(cause, 9, lambda sample, expected: sample.actual, evidence=told)


def _axis_of_one(extra: int):
    """Return the transformation that removes axes of length 1 if `extra` is 1, and inserts them if it is -1."""

    def undo(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
        off = actual.ndim - sample.expected.ndim
        return actual.reshape(sample.expected.shape) if off * extra > 0 and _same_but_for_ones(sample) else None

    return undo


def _same_but_for_ones(sample: Sample) -> bool:
    actual, expected = ([size for size in shape if size != 1] for shape in (sample.actual.shape, sample.expected.shape))
    return actual == expected


def _reshaped(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
    return actual.reshape(sample.expected.shape) if not _same_but_for_ones(sample) else None


def _diagonal(sample: Sample, actual: np.ndarray) -> np.ndarray | None:
    """Return the diagonal of an (N, N) table, which broadcasting may have given instead of N numbers, or None."""
    N = sample.expected.size
    return np.diag(actual).reshape(sample.expected.shape) if actual.shape == (N, N) and N > 1 else None


def _reducing(reduce, axis: int):
    return lambda sample, actual: reduce(actual, axis=axis).reshape(sample.expected.shape) if actual.size else None


def unnormalised(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that a last step was left out: dividing by a sum or a norm, or subtracting the mean."""
    axes = [None, *range(max(sample.expected.ndim for sample in wrong))]
    steps = {
        "not_divided_by_sum": lambda a, axis: a / np.sum(a, axis=axis, keepdims=True),
        "not_divided_by_norm": lambda a, axis: a / np.sqrt(np.sum(a**2, axis=axis, keepdims=True)),
        "not_centred": lambda a, axis: a - np.mean(a, axis=axis, keepdims=True),
    }
    if any(sample.actual.size < 2 for sample in wrong):
        return
    for (cause, step), axis in product(steps.items(), axes[: MOST_AXES + 1]):
        told = "" if axis is None else _along(wrong[0], axis)
        yield Hypothesis(cause, 14, undo=of_array(step, axis), evidence=told)
