"""The oracle of a check: what is right, and what well-known mistakes would give instead.

The student's oracle reads both from expected/*.npz, computed beforehand; a grader's may compute them afresh. Keys are
"check/case" for what is right, "check/case/mistake id" for mistakes, "check/case/#" for a fingerprint of the inputs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

import numpy as np

EXPECTED = Path(__file__).with_name("expected")


class DamagedKitError(RuntimeError):
    """The expected values that come with the kit are missing or belong to another version of it."""


class Oracle(Protocol):
    """Knows what is right; never sees the function under test."""

    def expected(self, check: str, case: str, inputs: dict) -> np.ndarray:
        """Return the right output of a case."""

    def mistakes(self, check: str, case: str) -> dict[str, np.ndarray]:
        """Return {cause id: output} of the known mistakes that show in a case."""


class StoredOracle:
    """Reads the values that come with the kit. Raises DamagedKitError when they do not belong to the cases."""

    def __init__(self, name: str, folder: Path = EXPECTED):
        self.path = folder / f"{name}.npz"

    def expected(self, check: str, case: str, inputs: dict) -> np.ndarray:
        """Return the right output of a case; raises DamagedKitError where it was stored for other inputs."""
        stored = _load(self.path)
        key = f"{check}/{case}"
        if key not in stored or not np.isclose(stored[f"{key}/#"], fingerprint(inputs), rtol=1e-6):
            raise DamagedKitError(f"{self.path.name} does not fit the check {key!r}: unpack the kit's cs231n/ anew")
        return stored[key]

    def mistakes(self, check: str, case: str) -> dict[str, np.ndarray]:
        """Return {cause id: output} of the known mistakes that show in a case."""
        prefix = f"{check}/{case}/"
        return {
            key.removeprefix(prefix): value
            for key, value in _load(self.path).items()
            if key.startswith(prefix) and not key.endswith("/#")
        }


def fingerprint(inputs: dict) -> float:
    """Return a number that tells one set of inputs from another, stable across machines to about 1e-12."""
    total = 0.0
    for value in inputs.values():
        flat = np.asarray(value, dtype=np.float64).ravel()
        total += float(np.sum(np.abs(flat) * (1 + np.arange(flat.size) % 7)))
    return total


@cache
def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except (OSError, ValueError, BadZipFile) as error:
        raise DamagedKitError(f"{path.name} cannot be read ({error}): unpack the kit's cs231n/ anew") from None
