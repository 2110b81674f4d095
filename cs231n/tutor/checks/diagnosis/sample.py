"""What a diagnosis has to go by: one output of one call, what would be right, and everything it could be made of."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from cs231n.tutor.checks import compare


@dataclass(frozen=True)
class Sample:
    """One output in one case. `others`: the call's other outputs, {name: (expected, actual)}."""

    case: str
    output: str
    inputs: Mapping[str, Any]
    expected: np.ndarray
    actual: np.ndarray
    tolerance: np.ndarray
    hint: str = ""
    others: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)

    @cached_property
    def wrong(self) -> bool:
        """Whether the output is not right."""
        return not compare.agrees(self.actual, self.expected, self.tolerance)

    @cached_property
    def wrong_entries(self) -> np.ndarray:
        """A mask of the wrong entries; of all of them where the shape is wrong."""
        if self.actual.shape != self.expected.shape:
            return np.ones(self.expected.shape, dtype=bool)
        return compare.wrong_entries(self.actual, self.expected, self.tolerance)

    @cached_property
    def broken(self) -> bool:
        """Whether there is nan or inf where there should be numbers."""
        return bool(np.all(np.isfinite(self.expected)) and not np.all(np.isfinite(self.actual)))

    @cached_property
    def discrete(self) -> bool:
        """Whether these are labels or counts, where agreement by chance is common."""
        return bool(np.all(self.expected == np.rint(self.expected)) and np.all(self.tolerance < 0.5))

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The sizes and scalars of the call by the names the text gives them: N, D, C, reg, stride, …"""
        return quantities(self.inputs)

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays among the inputs, by name, as floats."""
        found = {name: np.asarray(value) for name, value in self.inputs.items() if np.ndim(value)}
        return {name: value.astype(np.float64) for name, value in found.items() if value.dtype.kind in "biuf"}


def quantities(inputs: Mapping[str, Any]) -> dict[str, float]:
    """Return the sizes of arrays, under the names they have in the formulas, and the scalars among the inputs."""
    found: dict[str, float] = {}
    for name, value in inputs.items():
        nested = value.items() if isinstance(value, Mapping) else ()
        for key, number in ((name, value), *nested):
            if isinstance(number, (int, float, np.number)) and not isinstance(number, bool):
                found[key] = float(number)
    shapes = {name: np.shape(value) for name, value in inputs.items() if np.ndim(value)}
    return found | {size: float(length) for size, length in _sizes(shapes).items() if size not in found}


def _sizes(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    if "X_train" in shapes and "X" in shapes:
        return {"num_test": shapes["X"][0], "num_train": shapes["X_train"][0], "D": math.prod(shapes["X"][1:])}
    sizes: dict[str, int] = {}
    data = shapes.get("X") or shapes.get("x") or ()
    if data:
        sizes["N"] = data[0]
        if len(data) == 4 and "W1" not in shapes and len(shapes.get("w", ())) != 2:
            sizes |= dict(zip("CHW", data[1:], strict=True))
        elif len(data) > 1:
            sizes["C" if "x" in shapes and "y" in shapes else "D"] = math.prod(data[1:])
    weights = {1: ("M",), 2: ("D", "M"), 4: ("F", "C", "HH", "WW")}
    sizes |= dict(zip(weights.get(len(shapes.get("w", ())), ()), shapes.get("w", ()), strict=False))
    sizes |= dict(zip("DC", shapes.get("W", ()), strict=False))
    sizes |= dict(zip("DH", shapes.get("W1", ()), strict=False)) if len(shapes.get("W1", ())) == 2 else {}
    if "W2" in shapes and "W3" not in shapes:
        sizes["C"] = shapes["W2"][-1]
    return sizes
