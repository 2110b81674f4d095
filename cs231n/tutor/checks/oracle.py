"""The oracle of a check: the expected values, and the outputs of known mistakes.

StoredOracle, which students use, reads both from expected/*.npz; a grader's oracle may compute them.
In a file, the name of an expected value is "check/case/output", that of a mistake's output is
"check/case/output/cause id", and that of a fingerprint of the inputs is "check/case/#". The presence of a name
"check/case/output/!input" means that the output depends on this input.
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
from cs231n.tutor.faults import DamagedKitError

MATTERS = "!"  # comes before the name of a number or switch that an output depends on
WAY = "~"  # comes between the id of a cause and the number of a variant of the same mistake
EXPECTED = Path(__file__).parents[1] / "exercises" / "expected"


class Oracle(Protocol):
    """The source of the expected values and of the outputs of known mistakes; it never sees the student's code."""

    def expected(self, check: str, case: str, inputs: dict) -> dict[str, np.ndarray]:
        """Return {output name: expected value} for a case."""

    def mistakes(self, check: str, case: str, output: str) -> dict[str, np.ndarray]:
        """Return {cause id: wrong output} for the known mistakes; the ids of variants end in WAY and a number."""

    def matter(self, check: str, case: str, output: str) -> set[str]:
        """Return the names of the numbers and switches among the inputs that the expected value depends on."""


class StoredOracle:
    """Reads the values that come with the kit; its methods raise DamagedKitError if the values cannot be read."""

    def __init__(self, name: str, folder: Path = EXPECTED):
        self.path = folder / f"{name}.npz"

    def expected(self, check: str, case: str, inputs: dict) -> dict[str, np.ndarray]:
        """Return {output name: expected value}; raises DamagedKitError if none is stored for these inputs."""
        stored = dict(_load(self.path).get(f"{check}/{case}", {}))
        known = stored.pop("#", None)
        if known is None or not math.isclose(known, fingerprint(inputs), rel_tol=1e-6):
            told = f"{self.path.name} does not fit the case '{case}' of {check}: unpack the kit's cs231n/ again"
            raise DamagedKitError(told)
        return stored

    def mistakes(self, check: str, case: str, output: str) -> dict[str, np.ndarray]:
        """Return {cause id: wrong output} for the known mistakes; the ids of variants end in WAY and a number."""
        stored = _load(self.path).get(f"{check}/{case}/{output}", {})
        return {cause: array for cause, array in stored.items() if cause[0] != MATTERS}

    def matter(self, check: str, case: str, output: str) -> set[str]:
        """Return the names of the numbers and switches among the inputs that the expected value depends on."""
        stored = _load(self.path).get(f"{check}/{case}/{output}", {})
        return {name.removeprefix(MATTERS) for name in stored if name[0] == MATTERS}


def fingerprint(inputs: dict) -> float:
    """Return a weighted sum of the absolute values of all inputs, by which they are recognised.

    Machines agree on it to within a relative error of 1e-12.
    """
    total = 0.0
    for value in inputs.values():
        flat = np.asarray(value, dtype=np.float64).ravel()
        total += float(np.sum(np.abs(flat) * (1 + np.arange(flat.size) % 7)))
    return total


def in_double(inputs: dict) -> dict:
    """Return the inputs with float32 arrays as float64, since rounding in float32 differs between machines."""

    def exact(value: Any) -> Any:
        return value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype == np.float32 else value

    return {name: exact(value) for name, value in inputs.items()}


def pack(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the names, shapes and values of many small arrays as four large ones, which take much less space.

    Arrays in float32 come last: they are packed separately, in float32, which takes half the space.
    """
    double = {name: array for name, array in arrays.items() if array.dtype != np.float32}
    single = {name: array for name, array in arrays.items() if array.dtype == np.float32}
    shapes = [" ".join(map(str, array.shape)) for array in (double | single).values()]
    texts = {"names": [*double, *single], "shapes": shapes}
    packed = {key: np.frombuffer("\n".join(lines).encode(), np.uint8) for key, lines in texts.items()}
    for key, some, kind in (("values", double, np.float64), ("rounded", single, np.float32)):
        packed[key] = np.concatenate([np.zeros(0, kind), *map(np.ravel, some.values())], dtype=kind)
    return packed


def unpack(packed: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the arrays that `pack` packed, in float64. Raises KeyError or ValueError if a part is missing or wrong."""
    names, shapes = (packed[key].tobytes().decode().split("\n") for key in ("names", "shapes"))
    values = np.concatenate([packed["values"], packed["rounded"]])
    found, start = {}, 0
    for name, text in zip(names, shapes, strict=True):
        shape = tuple(map(int, text.split()))
        end = start + math.prod(shape)
        found[name] = values[start:end].reshape(shape)
        start = end
    return found


@cache
def _load(path: Path) -> dict[str, dict[str, np.ndarray]]:
    """Return the stored arrays, grouped by the part of the name before the last /.

    Raises DamagedKitError if the file cannot be read.
    """
    try:
        with disk.open_file(path) as file, np.load(file, allow_pickle=False) as arrays:
            stored: dict[str, dict[str, np.ndarray]] = {}
            for name, array in unpack(arrays).items():
                above, _, last = name.rpartition("/")
                stored.setdefault(above, {})[last] = array
            return stored
    except Exception as error:  # numpy and zipfile may raise nearly anything if a file is damaged
        why = text_of(error).partition("\n")[0][:200]
        raise DamagedKitError(f"{path.name} cannot be read ({why}): unpack the kit's cs231n/ again") from None
