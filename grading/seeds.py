"""The seeds of a submission, which nobody can guess without the secret; with the same secret, they stay the same."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from cs231n.tutor.checks.seed import Seed


@dataclass(frozen=True)
class Seeds:
    """The seeds for a submission that are computed from a secret, `count` of them for every exercise."""

    secret: bytes
    assignment: str
    submission: str
    count: int

    def of(self, exercise: str) -> list[Seed]:
        """Return the secret seeds for `exercise`, a name that is the same for checks with the same expected values."""
        return [Seed(self._number(exercise, f"seed {one}")) for one in range(1, self.count + 1)]

    def order(self, exercise: str) -> int:
        """Return a seed for the order in which the cases of an exercise are run."""
        return self._number(exercise, "order")

    @property
    def names(self) -> list[str]:
        """The names of the seeds in a record."""
        return [f"secret {one}" for one in range(1, self.count + 1)]

    def _number(self, exercise: str, purpose: str) -> int:
        words = "\0".join((self.assignment, exercise, self.submission, purpose)).encode()
        return 1 + int.from_bytes(hmac.digest(self.secret, words, hashlib.sha256)[:15], "big")
