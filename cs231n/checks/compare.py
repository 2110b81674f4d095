"""Compare what came back with what is right, and say the difference in a line or two."""

from __future__ import annotations

import numpy as np

EPS = float(np.finfo(np.float32).eps)  # checks accept anything computed in float32 or better


def float_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow the rounding of a short float32 computation: 100 eps relative to the entry or the largest entry."""
    largest = np.max(np.abs(expected), initial=0.0)
    return 100 * EPS * np.maximum(np.abs(expected), 0.01 * largest)


def exact(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow nothing: for labels and counts."""
    return np.zeros(expected.shape)


def agrees(actual: np.ndarray, expected: np.ndarray, tolerance: np.ndarray) -> bool:
    """Return whether shapes are equal and no entry is off by more than its tolerance."""
    return actual.shape == expected.shape and not np.any(wrong_entries(actual, expected, tolerance))


def wrong_entries(actual: np.ndarray, expected: np.ndarray, tolerance: np.ndarray) -> np.ndarray:
    """Return a mask of the entries that are off by more than their tolerance, or not finite where they should be."""
    with np.errstate(all="ignore"):
        off = np.abs(actual.astype(np.float64) - expected)
    return ~(off <= tolerance) & ~((actual == expected) | (np.isnan(actual) & np.isnan(expected)))


def describe(actual: np.ndarray, expected: np.ndarray, tolerance: np.ndarray, output: str) -> str:
    """Say how `actual` differs from `expected`: shape, else first wrong entry, how many, largest error."""
    if actual.shape != expected.shape:
        return f"{output} has shape {actual.shape}, expected {expected.shape}"
    wrong = wrong_entries(actual, expected, tolerance)
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    index = f"{output}[{', '.join(map(str, first))}]" if first else output
    told = f"{index} is {_number(actual[first])}, expected {_number(expected[first])}"
    if wrong.size == 1:
        return told
    bad = int(np.sum(wrong & ~np.isfinite(actual)))
    if bad:
        return f"{told}; {int(wrong.sum())} of {wrong.size} entries are wrong, {bad} of them nan or inf"
    worst = np.max(np.abs(actual.astype(np.float64) - expected)[wrong])
    return f"{told}; {int(wrong.sum())} of {wrong.size} entries are wrong, the worst by {_number(worst)}"


def _number(value) -> str:
    return f"{value:.6g}" if np.issubdtype(np.asarray(value).dtype, np.floating) else str(value)
