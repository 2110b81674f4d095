"""Describe where the wrong entries are, what they have in common, and what they contain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.diagnosis.sample import Sample

AXES = {1: ("entry",), 2: ("row", "column"), 3: ("matrix", "row", "column"), 4: ("image", "channel", "row", "column")}
WEIGHT_AXES = ("filter", "channel", "row", "column")  # instead of those of an image
PLURALS = {"entry": "entries", "matrix": "matrices"}
EXPECTED = "the expected value"  # in messages
MOST_NAMED = 4  # indices; a list of more would be too long


def where(samples: Sequence[Sample]) -> str:
    """Return sentences about the first wrong sample: where its wrong entries are or what they share, and their values.

    Returns "" if the shape is wrong, or if there is nothing to say.
    """
    sample = next(sample for sample in samples if sample.wrong)
    mask = sample.wrong_entries
    if sample.misshapen:
        return ""
    if mask.size < 4 or mask.all():
        return _instead(sample) if mask.size > 1 else ""
    shared = _shared_by_entries(samples) or _beyond(samples) or _shared_by_rows(samples)
    place = _place(mask, _axes(sample.output, mask.ndim)) if mask.sum() > 1 and not shared else ""
    told = EVIDENCE["just_where"].format(shared=shared) if shared else place
    return " ".join(filter(None, (told, _instead(sample))))


def _axes(output: str, ndim: int) -> tuple[str, ...]:
    """Return names of the axes of an output; if it has too many axes, only the first ones have names."""
    if output.endswith("_after_step"):
        return ("step", *_axes(output.removesuffix("_after_step"), ndim - 1)) if ndim else ()
    if ndim >= 4 and "w" in output.lower():
        return WEIGHT_AXES
    return AXES.get(ndim, AXES[4]) if ndim else ()


def _place(mask: np.ndarray, names: Sequence[str]) -> str:
    """Return a sentence such as "All wrong entries are in row 3.", or "" if they are in no particular place."""
    confined = ""
    for axis, name in enumerate(names):
        hit = np.flatnonzero(mask.any(axis=tuple(a for a in range(mask.ndim) if a != axis)))
        whole = bool(np.all(np.take(mask, hit, axis=axis)))
        if whole and len(hit) == mask.shape[axis] - 1 > 1:
            (spared,) = set(range(mask.shape[axis])) - set(hit.tolist())
            return EVIDENCE["all_but"].format(place=_indices(name, np.array([spared]), mask.shape[axis]))
        text = _indices(name, hit, mask.shape[axis])
        if text and whole:
            return EVIDENCE["whole"].format(place=text)
        if text and not confined and 2 * len(hit) <= mask.shape[axis]:
            confined = EVIDENCE["confined"].format(place=text)
    border = _border(mask)
    return EVIDENCE["confined"].format(place=border) if border else confined


def _indices(name: str, hit: np.ndarray, length: int) -> str:
    """Return a phrase such as "rows 3 and 5", or "" if `hit` contains every index or the phrase would be too long."""
    if len(hit) == length:
        return ""
    plural = PLURALS.get(name, f"{name}s")
    if len(hit) == 1:
        ends = {0: "first", length - 1: "last"}
        return f"the {ends[int(hit[0])]} {name}" if int(hit[0]) in ends else f"{name} {hit[0]}"
    if len(hit) > MOST_NAMED:
        return f"{plural} {hit[0]} to {hit[-1]}" if hit[-1] - hit[0] + 1 == len(hit) else ""
    return f"{plural} {', '.join(map(str, hit[:-1]))} and {hit[-1]}"


def _border(mask: np.ndarray) -> str:
    """Return "the outermost rows and columns" or "the interior, …" if all wrong entries are there, else "".

    If there are fewer than two axes, or fewer than three rows or columns, the result is "".
    """
    if mask.ndim < 2 or min(mask.shape[-2:]) < 3:
        return ""
    border = np.ones(mask.shape, dtype=bool)
    border[..., 1:-1, 1:-1] = False
    if not np.any(mask & ~border):
        return "the outermost rows and columns"
    return "the interior, away from the border" if not np.any(mask & border) else ""


_ENTRY_TRAITS = {
    "negative": lambda a: a < 0,
    "positive": lambda a: a > 0,
    "0": lambda a: a == 0,
    "above 1": lambda a: a > 1,
    "below -1": lambda a: a < -1,
}


def _shared_by_entries(samples: Sequence[Sample]) -> str:
    """Return a phrase such as "x is negative" if it alone is true of all wrong entries and of no others, else ""."""
    first = next(sample for sample in samples if sample.wrong)
    names = [name for name, array in first.arrays.items() if array.shape == first.expected.shape]
    found = [
        f"{name} is {text}"
        for name in (*names, EXPECTED)
        for text, trait in _ENTRY_TRAITS.items()
        if all(_just(sample, name, trait) for sample in samples)
    ]
    return found[0] if len(found) == 1 else ""


def _just(sample: Sample, name: str, trait) -> bool:
    array = sample.arrays.get(name) if name != EXPECTED else sample.expected
    if array is None or array.shape != sample.expected.shape:
        return not sample.wrong
    return bool(np.array_equal(trait(array), sample.wrong_entries))


def _beyond(samples: Sequence[Sample]) -> str:
    """Return a phrase such as "the expected value is above 9", true of the wrong entries and of no others, or ""."""
    wrong = np.concatenate([s.expected[s.wrong_entries] for s in samples])
    right = np.concatenate([s.expected[~s.wrong_entries] for s in samples])
    if len(wrong) < 2 or len(right) < 10:
        return ""
    if np.max(right) < np.min(wrong):
        return f"{EXPECTED} is above {np.max(right):.4g}"
    return f"{EXPECTED} is below {np.min(right):.4g}" if np.min(right) > np.max(wrong) else ""


def _shared_by_rows(samples: Sequence[Sample]) -> str:
    """Return a phrase such as "y is 2", true of the rows with wrong entries and of no others, or ""."""
    wrong = [sample for sample in samples if sample.wrong]
    if any(len(sample.arrays.get("y", ())) != len(np.atleast_1d(sample.expected)) for sample in wrong):
        return ""
    rows = [sample.wrong_entries.any(axis=tuple(range(1, sample.expected.ndim))) for sample in wrong]
    labels = [sample.arrays["y"] for sample in wrong]
    for label in set(labels[0].tolist()):
        if all(np.array_equal(hit, y == label) for hit, y in zip(rows, labels, strict=True)) and not all(
            map(np.all, rows)
        ):
            return f"y is {label:g}"
    return ""


def _instead(sample: Sample) -> str:
    """Return a sentence if the wrong entries are all nan, all one number, or one multiple of the expected ones.

    Returns "" otherwise, and if fewer than three entries are wrong. A multiple is reported only if some are right.
    """
    mask = sample.wrong_entries
    actual, expected = sample.actual[mask].astype(np.float64), sample.expected[mask]
    slack = np.broadcast_to(sample.tolerance, mask.shape)[mask]
    if actual.size < 3:
        return ""
    if np.all(np.isnan(actual)):
        return EVIDENCE["instead"].format(what="nan")
    if np.all(actual == actual[0]):
        return EVIDENCE["instead"].format(what=f"{actual[0]:.4g}")
    if mask.all() or not np.all(np.isfinite(actual)):
        return ""
    if compare.agrees(-actual, expected, slack):
        return EVIDENCE["instead_negative"]
    largest = np.argmax(np.abs(expected))
    factor = actual[largest] / expected[largest] if expected[largest] else 0.0
    if factor and compare.agrees(actual / factor, expected, slack):
        return EVIDENCE["instead_factor"].format(factor=f"{factor:.4g}")
    return ""
