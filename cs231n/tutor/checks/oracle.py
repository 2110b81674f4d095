"""The oracle of a check: the expected values, and what well-known mistakes would give instead.

The student's oracle reads both from expected/*.npz, computed beforehand; a grader's may compute them on the spot.
Names are "check/case/output" for an expected value, "check/case/output/mistake id" for mistakes, "check/case/#" for a
fingerprint of the inputs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from cs231n.data import disk
from cs231n.tutor.checks.limits import text_of

MATTERS = "!"  # before the name of a number or switch that an output depends on
WAY = "~"  # between the id of a cause and the number of a further way to make the same mistake
EXPECTED = Path(__file__).parents[1] / "exercises" / "expected"


class DamagedKitError(RuntimeError):
    """The expected values that come with the kit are missing or belong to another version of it."""


class Oracle(Protocol):
    """Knows the expected values; never sees the function under test."""

    def expected(self, check: str, case: str, inputs: dict) -> dict[str, np.ndarray]:
        """Return {output name: expected value} for a case."""

    def mistakes(self, check: str, case: str, output: str) -> dict[str, np.ndarray]:
        """Return {cause id, perhaps with the number of a way: what it gives} for mistakes that show in an output."""

    def matter(self, check: str, case: str, output: str) -> set[str]:
        """Return which numbers and switches among the inputs, by name, the expected value depends on."""


class StoredOracle:
    """Reads the values that come with the kit. Raises DamagedKitError when they do not belong to the cases."""

    def __init__(self, name: str, folder: Path = EXPECTED):
        self.path = folder / f"{name}.npz"

    def expected(self, check: str, case: str, inputs: dict) -> dict[str, np.ndarray]:
        """Return {output name: expected value}; raises DamagedKitError where it was stored for other inputs."""
        stored = _load(self.path)
        prefix = f"{check}/{case}/"
        known = stored.get(f"{prefix}#")
        if known is None or not np.isclose(known, fingerprint(inputs), rtol=1e-6):
            raise DamagedKitError(f"{self.path.name} does not fit the check {prefix!r}: unpack the kit's cs231n/ again")
        return {name: stored[prefix + name] for name in _below(stored, prefix) if name != "#"}

    def mistakes(self, check: str, case: str, output: str) -> dict[str, np.ndarray]:
        """Return {cause id, perhaps with the number of a way: what it gives} for mistakes that show in an output."""
        stored = _load(self.path)
        prefix = f"{check}/{case}/{output}/"
        return {cause: stored[prefix + cause] for cause in _below(stored, prefix) if cause[0] != MATTERS}

    def matter(self, check: str, case: str, output: str) -> set[str]:
        """Return which numbers and switches among the inputs, by name, the expected value depends on."""
        found = _below(_load(self.path), f"{check}/{case}/{output}/")
        return {name.removeprefix(MATTERS) for name in found if name[0] == MATTERS}


def _below(stored: dict, prefix: str) -> list[str]:
    names = (key.removeprefix(prefix) for key in stored if key.startswith(prefix))
    return [name for name in names if "/" not in name]


def fingerprint(inputs: dict) -> float:
    """Return a number that tells one set of inputs from another, stable across machines to about 1e-12."""
    total = 0.0
    for value in inputs.values():
        flat = np.asarray(value, dtype=np.float64).ravel()
        total += float(np.sum(np.abs(flat) * (1 + np.arange(flat.size) % 7)))
    return total


def in_double(inputs: dict) -> dict:
    """Return inputs with float32 in float64: how float32 rounds its products is different from machine to machine."""

    def exact(value: Any) -> Any:
        return value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype == np.float32 else value

    return {name: exact(value) for name, value in inputs.items()}


def pack(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return names, shapes and float64 values of many small arrays as three large ones: a tenth of the space."""
    shapes = [" ".join(map(str, np.shape(array))) for array in arrays.values()]
    values = [np.ravel(array).astype(np.float64) for array in arrays.values()]
    return {"names": np.array(list(arrays)), "shapes": np.array(shapes), "values": np.concatenate(values)}


def unpack(packed: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what was packed. Raises KeyError or ValueError where it is something else."""
    shapes = [tuple(map(int, shape.split())) for shape in packed["shapes"]]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    parts = np.split(packed["values"], ends[:-1])
    return {str(name): part.reshape(shape) for name, part, shape in zip(packed["names"], parts, shapes, strict=True)}


@cache
def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        with disk.open_file(path) as file, np.load(file, allow_pickle=False) as arrays:
            return unpack(arrays)
    except Exception as error:  # of a damaged file numpy and zipfile may raise nearly anything
        why = text_of(error).partition("\n")[0][:200]
        raise DamagedKitError(f"{path.name} cannot be read ({why}): unpack the kit's cs231n/ again") from None
