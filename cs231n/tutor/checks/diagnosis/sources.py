"""Hypotheses that the result is something else: an input, another output, zeros, a sum along a different axis."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import permutations, product

import numpy as np

from cs231n.tutor.checks.diagnosis.hypothesis import Hypothesis, Transformation, applied, evidence, of_input
from cs231n.tutor.checks.diagnosis.sample import Sample


def untouched(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that the result is trivial: zeros, ones, one row only, the same in all cases, an input."""
    yield Hypothesis("all_zeros", 5, lambda sample, _: np.zeros(sample.actual.shape))
    yield Hypothesis("all_ones", 5, lambda sample, _: np.ones(sample.actual.shape))
    yield Hypothesis("only_first_row", 11, _one_row(0))
    yield Hypothesis("only_last_row", 11, _one_row(-1))
    first = wrong[0]
    if any(not np.array_equal(sample.expected, first.expected) for sample in wrong):
        yield Hypothesis("same_everywhere", 7, lambda sample, expected: first.actual.astype(np.float64))
    for name in first.arrays:
        told = evidence("is_input", first, input=name)
        yield Hypothesis("returns_input", 6, of_input(name), evidence=told)


def _one_row(kept: int):
    """Return the transformation into an array of zeros in which only one row (or entry) is as expected."""

    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray | None:
        if not expected.ndim:
            return None
        rows = np.zeros_like(expected)
        rows[kept] = expected[kept]
        return rows

    return predict


def picked(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that the result contains only some of the entries: a row, those that are not 0, or none."""
    shapes = evidence("shapes", wrong[0])
    for kept, cause in ((0, "first_row_alone"), (-1, "last_row_alone")):
        yield Hypothesis(cause, 11, _one_row_alone(kept))
    not_zero = Hypothesis(
        "entries_picked", 11, lambda sample, expected: expected[sample.expected != 0], evidence=shapes
    )
    if all(sample.actual.ndim == 1 and sample.actual.size < sample.expected.size for sample in wrong):
        yield not_zero
    if all(sample.actual.size == 0 < sample.expected.size for sample in wrong):
        yield Hypothesis("empty_result", 4, lambda sample, expected: sample.actual)


def of_inputs(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that the result is the expected one times an input, or made of one or two inputs alone."""
    first = wrong[0]
    for name in first.arrays:
        told = evidence("input_multiplied_on", first, input=name)
        yield Hypothesis("input_multiplied_on", 13, _multiplied(name), evidence=told)
    for (sign, function), (one, other) in product(ARITHMETIC.items(), permutations(first.arrays, 2)):
        if sign in "·+" and one > other:
            continue
        told = evidence("two_inputs", first, formula=f"{one} {sign} {other}")
        yield Hypothesis("two_inputs", 14, _of_two(one, other, function), evidence=told)
    if not first.expected.ndim:
        for name, order in product(first.arrays, NORMS):
            told = evidence("matrix_norm", first, input=name, order=order)
            yield Hypothesis("matrix_norm", 12, of_input(name, np.linalg.norm, ord=order), evidence=told)
    if any(sample.misshapen for sample in wrong):
        for name, how in product(first.arrays, ("max", "min")):
            for axis in range(first.arrays[name].ndim):
                told = evidence("summary_of_input", first, how=f"np.{how}", input=name, axis=axis)
                yield Hypothesis("along_for_entrywise", 13, of_input(name, REDUCTIONS[how], axis=axis), evidence=told)


NORMS = (1, 2, np.inf)  # orders of matrix norms: the largest column sum (of absolute values), singular value, row sum
ARITHMETIC: dict[str, Callable] = {"·": np.multiply, "+": np.add, "-": np.subtract, "/": np.divide}


def _multiplied(name: str) -> Transformation:
    return lambda sample, expected: _like(expected, sample.arrays[name]) * expected


def _of_two(one: str, other: str, function: Callable) -> Transformation:
    return lambda sample, expected: _like(expected, function(sample.arrays[one], sample.arrays[other]))


def _one_row_alone(kept: int) -> Transformation:
    return lambda sample, expected: expected[kept] if expected.ndim else None


def _like(expected: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Return `found` if it broadcasts to the expected shape. Raises ValueError if not, or if a number is expected."""
    if np.broadcast_shapes(found.shape, expected.shape) != expected.shape or not expected.ndim:
        raise ValueError
    return found


def combined(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that a gradient is not the product of dout and the slope, but another combination of them."""
    for cause, function in CHAINED.items():
        yield Hypothesis(cause, 11, _chained(function))


CHAINED: dict[str, Callable] = {
    "added_for_multiplied": lambda dout, slope: dout + slope,
    "dout_ignored": lambda dout, slope: slope,
    "dout_divided": lambda dout, slope: dout / slope,
    "dout_divides": lambda dout, slope: slope / dout,
    "dout_squared": lambda dout, slope: dout**2 * slope,
    "slope_applied_twice": lambda dout, slope: dout * slope**2,
}


def _chained(function: Callable):
    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray | None:
        dout = sample.arrays["dout"]
        return function(dout, expected / dout) if dout.shape == expected.shape and np.all(dout) else None

    return predict


def exchanged(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that another output was returned instead of this one, or that the two were swapped."""
    for name in wrong[0].others:
        told = {key: evidence(key, wrong[0], other=name) for key in ("exchanged", "is_output")}
        yield Hypothesis("outputs_exchanged", 8, _in_place_of(name, both=True), evidence=told["exchanged"])
        yield Hypothesis("other_output", 9, _in_place_of(name), evidence=told["is_output"])


def _in_place_of(name: str, both: bool = False):
    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray | None:
        right, returned = sample.others[name]
        changed = returned.shape == sample.expected.shape and np.allclose(returned, sample.expected, rtol=1e-4)
        return right if changed or not both or not sample.wrong else None

    return predict


REDUCTIONS: dict[str, Callable] = {
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "argmax": np.argmax,
    "std": np.std,
}
EXCHANGED = {("sum", "mean"): "mean_for_total", ("mean", "sum"): "total_for_mean"}  # (expected, returned)


def reduced(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """If the expected value summarises an input along an axis, yield hypotheses with another axis or summary."""
    for name, axis, how in _right_reductions(wrong):
        told = evidence("of_input", wrong[0], input=name)
        for other in (None, *range(wrong[0].arrays[name].ndim)):
            if other != axis:
                yield Hypothesis("reduced_elsewhere", 11, of_input(name, REDUCTIONS[how], axis=other), evidence=told)
        for kind in REDUCTIONS:
            if kind != how:
                cause = EXCHANGED.get((how, kind), "other_summary")
                yield Hypothesis(cause, 12, of_input(name, REDUCTIONS[kind], axis=axis), evidence=told)


def _right_reductions(wrong: Sequence[Sample]) -> Iterable[tuple[str, int | None, str]]:
    """Yield each (input, axis, reduction) that gives the expected value in all wrong samples."""
    for name, array in wrong[0].arrays.items():
        for axis, how in product((None, *range(array.ndim)), REDUCTIONS):
            summary = of_input(name, REDUCTIONS[how], axis=axis)
            if all(_is_expected(applied(summary, one, one.expected), one) for one in wrong):
                yield name, axis, how


def _is_expected(found: np.ndarray | None, sample: Sample) -> bool:
    return found is not None and found.shape == sample.expected.shape and np.allclose(found, sample.expected, rtol=1e-5)
