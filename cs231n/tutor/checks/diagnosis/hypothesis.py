"""Hypotheses about mistakes: simple relations between the expected value and the student's result.

A hypothesis fits if it explains the student's numbers in every wrong case, if there are enough of them, and if no right
case contradicts it. The simplest that fits is accepted, unless equally simple ones disagree: a wrong cause would be
worse than none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.diagnosis.sample import Sample

Transformation = Callable[[Sample, np.ndarray], "np.ndarray | None"]
ENTRIES = 3  # a hypothesis that explains fewer entries may fit by chance
DISCRETE_ENTRIES = 8  # the same for labels and counts


@dataclass(frozen=True)
class Hypothesis:
    """A mistake that may have been made.

    predict(sample, expected) returns the wrong result for an expected one; undo(sample, actual), for mistakes that lose
    no information, returns the expected result for a wrong one. If the mistake does not apply, they return None, or
    raise a ValueError, LookupError or ArithmeticError. The lower the `rank`, the simpler the hypothesis, and the
    simplest that fits is accepted. `evidence` is a sentence about the first wrong sample, or "". If several equally
    simple hypotheses fit, with the same `cause` and the same `family` (not ""), but different evidence, only the cause
    is named.
    """

    cause: str
    rank: int
    predict: Transformation = lambda sample, expected: None
    undo: Transformation | None = None
    evidence: str = ""
    family: str = ""


def believed(candidates: Iterable[Hypothesis], samples: Sequence[Sample]) -> Hypothesis | None:
    """Return the simplest hypothesis that explains all samples, or None if there is none or the simplest disagree.

    If the simplest agree on the cause and on a family, but not on the evidence, the result has no evidence.
    """
    fitting = [candidate for candidate in candidates if explains(candidate, samples)]
    simplest = min((one.rank for one in fitting), default=0)
    best = [one for one in fitting if one.rank == simplest]
    if len({(one.cause, one.evidence) for one in best}) == 1:
        return best[0]
    alike = {(one.cause, one.family) for one in best}
    return Hypothesis(best[0].cause, simplest) if len(alike) == 1 and best[0].family else None


def of_array(function: Callable, *args: Any, **options: Any) -> Transformation:
    """Return the transformation of (sample, array) into function(array, *args, **options)."""
    return lambda sample, array: function(array, *args, **options)


def of_input(name: str, function: Callable = np.asarray, **options: Any) -> Transformation:
    """Return the transformation of (sample, array) into function(input, **options), for the input called `name`."""
    return lambda sample, array: np.asarray(function(sample.arrays[name], **options))


def evidence(key: str, sample: Sample, **numbers: Any) -> str:
    """Return the sentence `key` of the catalogue, filled in for one sample."""
    shapes = {"actual": sample.actual.shape, "expected": sample.expected.shape or "a single number"}
    told = EVIDENCE[key].format(output=sample.output, **shapes, **numbers)
    return f"T{told[1:]}" if told.startswith("the ") else told  # an output may be called "the result"


def explains(candidate: Hypothesis, samples: Sequence[Sample]) -> bool:
    """Return whether a hypothesis explains all wrong samples and enough entries, and no right sample contradicts it."""
    explained = 0
    for sample in sorted(samples, key=lambda sample: not sample.wrong):
        shown = _undone(candidate.undo, sample) if candidate.undo else _predicted(candidate.predict, sample)
        if shown is None:
            return False
        explained += shown
    needed = DISCRETE_ENTRIES if all(sample.discrete for sample in samples if sample.wrong) else ENTRIES
    return explained >= needed


def applied(transformation: Transformation, sample: Sample, array: np.ndarray) -> np.ndarray | None:
    """Return the transformed array, or None if the transformation does not apply."""
    with np.errstate(all="ignore"):
        try:
            return transformation(sample, array)
        except (ValueError, LookupError, ArithmeticError):  # no such axis, input or size
            return None


def _predicted(predict: Transformation, sample: Sample) -> int | None:
    """Return how many wrong entries a prediction explains, or None if it does not agree with the sample.

    In a right sample, the number is 0.
    """
    predicted = applied(predict, sample, sample.expected)
    if predicted is None:
        return None if sample.wrong else 0
    if predicted is sample.actual:
        return sample.expected.size if sample.wrong else 0
    if predicted.shape != sample.actual.shape:
        return None
    slack = compare.float_tolerance({}, "", np.nan_to_num(predicted))
    for side in (-1, 1):
        moved = applied(predict, sample, sample.expected + side * sample.tolerance)
        with np.errstate(all="ignore"):
            slack = np.maximum(slack, np.nan_to_num(np.abs(moved - predicted), posinf=0.0))
    if not sample.wrong:
        return 0 if compare.agrees(predicted, sample.expected, slack + sample.tolerance) else None
    if not compare.agrees(sample.actual, predicted, slack):
        return None
    if predicted.shape != sample.expected.shape:
        return sample.expected.size
    return int(np.sum(~(np.abs(predicted - sample.expected) <= slack + sample.tolerance)))


def _undone(undo: Transformation, sample: Sample) -> int | None:
    """Return how many wrong entries become right if the mistake is undone, or None if the result is still wrong.

    The number is 0 in a right sample, and if all expected entries are equal, since chance can explain these.
    """
    if not sample.wrong:
        return 0
    restored = applied(undo, sample, sample.actual.astype(np.float64))
    if restored is None or not compare.agrees(restored, sample.expected, sample.tolerance):
        return None
    return int(sample.wrong_entries.sum()) if np.ptp(sample.expected) else 0
