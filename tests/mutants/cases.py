"""Thousands of random cases from the few a check has: drawn from other seeds, and of other sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator
from unittest import mock

import numpy as np

from cs231n.tutor.checks.check import Case, Check

MANY = 2000
LONG = 40  # now and then one size grows by this factor: what is done in blocks shows only then
BIGGEST = 1 << 13  # numbers in one array


def random_cases(check: Check) -> Iterator[dict]:
    """Yield inputs of a check's kind, but none beyond what a docstring promises. Those of other sizes may not fit."""
    legacy = np.random.RandomState
    yielded = 0
    for shift in range(MANY):
        with mock.patch.object(np.random, "RandomState", lambda seed=0, shift=shift: legacy(seed + 7919 * shift)):
            cases = [case for case in check.drawn if not case.fragile]
        random = np.random.default_rng(shift)
        for case in cases:
            yield case.inputs
            yield from _resized(case, random)
            yielded += 2
        if yielded >= MANY:
            return


def _resized(case: Case, random: np.random.Generator) -> Iterator[dict]:
    """Give every length that occurs in the inputs' shapes another value, the same wherever it occurs."""
    arrays = {name: value for name, value in case.inputs.items() if isinstance(value, np.ndarray) and value.size}
    lengths = sorted({length for array in arrays.values() for length in array.shape})
    if not lengths:
        return
    new = {length: int(random.integers(1, 9)) if random.random() < 0.5 else length for length in lengths}
    if random.random() < 0.1:
        grown = lengths[random.integers(len(lengths))]
        new[grown] *= LONG
    for array in arrays.values():  # x of (N, 3, 4, 4) and w of (48, M): a flattened image stays one
        flat = math.prod(array.shape[1:])
        if array.ndim > 2 and flat in lengths:
            new[flat] = math.prod(new[length] for length in array.shape[1:])
    shapes = {name: tuple(new[length] for length in array.shape) for name, array in arrays.items()}
    if max(map(math.prod, shapes.values())) <= BIGGEST:
        yield {**case.inputs, **{name: _redrawn(arrays[name], shapes[name], random) for name in arrays}}


def _redrawn(array: np.ndarray, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Draw numbers like those of an array: labels from its labels, floats a little beside its floats."""
    drawn = random.choice(array.ravel(), shape)
    if array.dtype.kind == "f":  # and no two alike: which of equals counts is often left open
        drawn = drawn + 0.1 * np.std(array) * random.standard_normal(shape)
    return drawn.astype(array.dtype)
