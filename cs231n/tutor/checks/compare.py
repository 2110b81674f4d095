"""Compare a result with the expected value, and describe how they differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SHAPE = ".shape"
EPS = float(np.finfo(np.float32).eps)  # unit of the tolerances, since results may be computed in float32


def float_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Return the error allowed for each entry: 100 eps times its absolute value, and at least 10 eps times the largest.

    eps is that of float32. The minimum is for small entries that are sums of large numbers of both signs.
    """
    largest = np.max(np.abs(expected), initial=0.0)
    return 100 * EPS * np.maximum(np.abs(expected), 0.1 * largest)


def exact(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Return tolerances of 0, for labels, counts and sizes, which must be exact."""
    return np.zeros(expected.shape)


def agrees(actual: np.ndarray, expected: np.ndarray, tolerance: np.ndarray) -> bool:
    """Return whether the shapes are equal and no entry is off by more than its tolerance."""
    return actual.shape == expected.shape and not np.any(wrong_entries(actual, expected, tolerance))


def wrong_entries(actual: np.ndarray, expected: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Return a mask of the entries that are off by more than their tolerance; nan is right where it is expected."""
    with np.errstate(all="ignore"):
        off = np.abs(actual.astype(np.float64) - expected)
    return ~(off <= tolerance) & ~((actual == expected) | (np.isnan(actual) & np.isnan(expected)))


def describe(actual: np.ndarray, expected: np.ndarray, tolerance: np.ndarray, output: str) -> str:
    """Return how `actual` differs from `expected`: both shapes, or else the first wrong entry and how many are wrong.

    The largest error follows, except if there is only one entry, if all entries are whole numbers, or if a wrong one
    is nan or inf. An entry of an output such as "scores in test mode" is called "scores[0, 0] in test mode". An output
    whose name ends in SHAPE is itself a shape.
    """
    if output.endswith(SHAPE):
        return _shapes(output.removesuffix(SHAPE), *(tuple(map(int, shape)) for shape in (actual, expected)))
    if actual.shape != expected.shape:
        if not actual.shape:
            return f"{output} is a single number, expected an array of shape {expected.shape}"
        return f"{output} has shape {actual.shape}, expected {expected.shape or 'a single number'}"
    wrong = wrong_entries(actual, expected, tolerance)
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    told = f"{_entry(output, first)} is {_number(actual[first])}, expected {_number(expected[first])}"
    if wrong.size == 1:
        return told
    told += f"; {how_many(wrong)}"
    bad, count = int(np.sum(wrong & ~np.isfinite(actual))), int(wrong.sum())
    if bad:
        which = bad if bad < count else "both" if count == 2 else "all"
        return told if count == 1 else f"{told}, {which} of them nan or inf"
    if np.all(expected == np.rint(expected)) and np.all(actual == np.rint(actual)):
        return told
    return f"{told} (largest error {_largest_error(actual[wrong].astype(np.float64), expected[wrong])})"


def _entry(output: str, index: tuple[int, ...]) -> str:
    """Return a phrase such as "dx[0, 1]" or "entry [0, 1] of the result"; an empty index stands for a single number."""
    place = f"[{', '.join(map(str, index))}]" if index else ""
    name, among, where = output.partition(" in ")  # such as "scores in test mode"
    return f"entry {place} of {output}" if place and " " in name else name + place + among + where


def listed(names: Sequence[str], word: str = "and") -> str:
    """Return names as a phrase, such as "W1, b1 and W2"."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def how_many(wrong: np.ndarray) -> str:
    """Return a clause such as "3 of 8 entries are wrong" for a mask of the wrong entries."""
    count = int(wrong.sum())
    if count == wrong.size > 1:
        return f"{'both' if count == 2 else f'all {count}'} entries are wrong"
    return f"{count} of {wrong.size} entries {'is' if count == 1 else 'are'} wrong"


def _shapes(name: str, actual: tuple[int, ...], expected: tuple[int, ...]) -> str:
    if not actual:
        return f"{name} is a single number, expected an array of shape {expected}"
    swapped = ": rows and columns are swapped" if len(actual) == 2 and actual == expected[::-1] else ""
    return f"{name} has shape {actual}, expected {expected}{swapped}"


def _largest_error(actual: np.ndarray, expected: np.ndarray) -> str:
    """Return the largest absolute error as text, with its percentage of the expected entry if this is below 10 %."""
    errors = np.abs(actual - expected)
    worst = int(np.argmax(errors))
    share = 100 * errors[worst] / abs(expected[worst]) if expected[worst] else np.inf
    return f"{_number(errors[worst])}" + (f", {share:.2g} %" if share < 10 else "")


def _number(value) -> str:
    return f"{value + 0.0:.6g}" if np.issubdtype(np.asarray(value).dtype, np.floating) else str(value)
