"""Hypotheses that the same function was applied to every entry: a factor, a sign, a square, a threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product

import numpy as np

from cs231n.tutor.checks.causes import CAUSES, EVIDENCE
from cs231n.tutor.checks.diagnosis.hypothesis import Hypothesis, evidence, of_array
from cs231n.tutor.checks.diagnosis.quantity import Quantity, factors, named, over
from cs231n.tutor.checks.diagnosis.sample import Sample

ENTRYWISE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sign": np.negative,
    "squared_result": np.square,
    "root_result": np.sqrt,
    "exp_result": np.exp,
    "log_result": np.log,
    "inverse_result": np.reciprocal,
    "complement_result": lambda expected: 1 - expected,
    "absolute_result": np.abs,
    "cut_below_zero": lambda expected: np.maximum(expected, 0),
    "cut_above_zero": lambda expected: np.minimum(expected, 0),
    "whole_numbers": np.trunc,
    "rounded_result": np.rint,
    "wrapped_integers": lambda expected: np.mod(np.trunc(expected), 256),
}
BY_SIZE = {"N": "times_n", "1/N": "over_n", "C": "times_c", "1/C": "over_c"}
ALIKE = {"whole_numbers": 11, "rounded_result": 11, "wrapped_integers": 12}  # ranks of functions that are less simple


def entrywise(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield a hypothesis for each function that may have been applied to every entry."""
    for cause, function in ENTRYWISE.items():
        yield Hypothesis(cause, ALIKE.get(cause, 10), of_array(function))
    yield Hypothesis("whole_numbers", ALIKE["whole_numbers"], of_array(np.floor))
    largest = float(np.max(wrong[0].actual.astype(np.float64), initial=-np.inf))
    told = evidence("cut_at", wrong[0], number=f"{largest:.4g}")
    yield Hypothesis("cut_at_number", 12, of_array(np.minimum, largest), evidence=told)


def scaled(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that the result is a multiple of the expected value."""
    measured = [_factor(sample) for sample in wrong]
    if not all(measured):
        return
    for quantity, sign in product(factors(wrong), (1, -1)):
        if quantity.matches([sign * factor for factor in measured], wrong):
            yield _multiple(wrong[0], quantity, sign)
    yield from _numbers_for_sizes(wrong, measured)
    if np.allclose(measured, measured[0], rtol=3e-4):
        told = evidence("constant_factor", wrong[0], factor=f"{measured[0]:.6g}")
        yield Hypothesis("scaled", 15, of_array(np.multiply, measured[0]), evidence=told)


def _numbers_for_sizes(wrong: Sequence[Sample], measured: Sequence[float]) -> Iterable[Hypothesis]:
    """Yield hypotheses that a number was written for a size: dividing by 10 instead of by N gives a factor of N/10."""
    for name in named(wrong):
        sizes = [sample.numbers[name] for sample in wrong]
        with np.errstate(all="ignore"):  # the factor may be tiny
            ratios = np.divide(sizes, measured)
        number = float(np.rint(ratios[0]))
        if len(set(sizes)) > 1 and number > 2 and np.allclose(ratios, number, rtol=3e-4):
            told = f"{number:.0f}"
            yield _multiple(wrong[0], over(name, number, told), 1, "number_for_size", number=told, size=name)


def _factor(sample: Sample) -> float:
    """Return actual / expected at the expected entry that is largest in absolute value.

    Returns 0 if the shape is wrong, if nan or inf occurs unexpectedly, or if all expected entries are 0.
    """
    if sample.misshapen or sample.broken or not np.any(sample.expected):
        return 0.0
    anchor = np.unravel_index(np.argmax(np.abs(sample.expected)), sample.expected.shape)
    return float(sample.actual[anchor]) / float(sample.expected[anchor])


def _multiple(first: Sample, quantity: Quantity, sign: int, key: str = "factor", **told: str) -> Hypothesis:
    text, value = quantity.text, quantity.value(first)
    if sign < 0 and value < 0:
        text, value = f"-{text}", -value  # the sign of the result is right
    elif sign < 0:
        key = "negative_factor"
    cause = BY_SIZE.get(quantity.text, key if key in CAUSES else "scaled") if sign > 0 else "scaled"
    told["factor"] = _told(text, value)

    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray:
        return sign * quantity.value(sample) * expected

    rank = 10 + quantity.rank + (sign < 0)
    return Hypothesis(cause, rank, predict, evidence=evidence(key, first, **told), family="factor")


def _told(text: str, value: float) -> str:
    """Return a phrase such as "N = 7 times too large" or "(N - 1)/N = 0.8571 times the expected value"."""
    inverse = _bare(text.removeprefix("1/"))
    if text.startswith("1/") and 0 < value < 1 and not inverse.startswith("log"):
        return EVIDENCE["too_small"].format(factor=_equation(inverse, 1 / value))
    return EVIDENCE["too_large" if value > 1 else "of_right"].format(factor=_equation(_bare(text), value))


def _bare(text: str) -> str:
    """Return a formula without the parentheses around it, if it has any: "(N - 1)" becomes "N - 1"."""
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _equation(text: str, value: float) -> str:
    number = f"{value:.4g}"
    return number if text == number else f"{text} = {number}"
