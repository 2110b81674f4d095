"""The sample that a diagnosis is based on: one output of one call, its expected value, and the call's inputs."""

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
    """One output in one case.

    `others` contains the other outputs of the call, {name: (expected, actual)}, and `axes` the names of the axes of the
    inputs, {"X": "N D"}.
    """

    case: str
    output: str
    inputs: dict[str, Any]
    expected: np.ndarray
    actual: np.ndarray
    tolerance: np.ndarray
    others: Mapping[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def wrong(self) -> bool:
        """Whether the output is wrong."""
        return not compare.agrees(self.actual, self.expected, self.tolerance)

    @cached_property
    def misshapen(self) -> bool:
        """Whether the shape of the output differs from the expected one."""
        return self.actual.shape != self.expected.shape

    @cached_property
    def wrong_entries(self) -> np.ndarray:
        """A mask of the wrong entries, of the expected shape; all of it is True if the shape is wrong."""
        if self.misshapen:
            return np.ones(self.expected.shape, dtype=bool)
        return compare.wrong_entries(self.actual, self.expected, self.tolerance)

    @cached_property
    def broken(self) -> bool:
        """Whether the result contains nan or inf, although all expected numbers are finite."""
        return bool(np.all(np.isfinite(self.expected)) and not np.all(np.isfinite(self.actual)))

    @cached_property
    def discrete(self) -> bool:
        """Whether all expected values are whole numbers, with tolerances below 1/2; chance can give such numbers."""
        return bool(np.all(self.expected == np.rint(self.expected)) and np.all(self.tolerance < 0.5))

    @cached_property
    def numbers(self) -> dict[str, float]:
        """The sizes and scalars of the call, by their names in formulas: N, D, C, reg, stride, …"""
        return quantities(self.inputs, self.axes)

    @cached_property
    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays among the inputs, by name, as floats."""
        return {name: np.asarray(value).astype(np.float64) for name, value in self.inputs.items() if is_array(value)}


def is_array(value: Any) -> bool:
    """Return whether an input is an array, list or tuple of real numbers."""
    return bool(np.ndim(value)) and np.asarray(value).dtype.kind in "biuf"


def quantities(inputs: Mapping[str, Any], axes: Mapping[str, str]) -> dict[str, float]:
    """Return the scalars among the inputs, and the lengths of the axes that have a name."""
    scalars = {
        name: float(value)
        for name, value in inputs.items()
        if isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    }
    sizes: dict[str, int] = {}
    for name, declared in axes.items():
        names, shape = declared.split(), np.shape(inputs.get(name, 0))
        if len(shape) > len(names) > 0:
            shape = (*shape[: len(names) - 1], math.prod(shape[len(names) - 1 :]))
        sizes |= zip(names, shape, strict=False)  # some cases have fewer axes
    return scalars | {name: float(length) for name, length in sizes.items() if name not in scalars}
