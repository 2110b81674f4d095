"""The grader's oracle: the outputs of the model answers for the inputs of a secret seed.

The model answers run in a separate process, which never contains a student's code. Their outputs are kept in memory
while a submission is graded.
"""

from __future__ import annotations

import atexit
import random
import threading
from functools import cache
from typing import Any

import numpy as np

from cs231n.tutor import exercises
from cs231n.tutor.checks.check import Check
from cs231n.tutor.checks.oracle import fingerprint, in_double
from grading.remote import BrokenOff, Child, Target
from grading.sandbox.none import Unprotected
from grading.trees import workshop


class MastersError(RuntimeError):
    """A model answer failed, which is a fault of the kit."""


class _Process:
    """The process that runs the masters, which all threads of the grader share."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.child = Child(Unprotected(), workshop().masters, workshop().engine)
        self.target = Target(self.child, "masters", random.Random(0))
        atexit.register(self.child.stop)

    def run(self, check: Check, inputs: dict[str, Any]) -> dict[str, np.ndarray]:
        with self.lock:
            self.target.patience()
            try:
                done = self.target.run(check.recipe, in_double(inputs))
            except BrokenOff as broken:  # it must not count as the student's
                raise MastersError(f"the master of {check.name} gave no answer: {broken}") from None
        if done.failure:
            raise MastersError(f"the master of {check.name} failed: {done.failure.kind} {done.failure.message}")
        return done.value


_started: list[_Process] = []
_starting = threading.Lock()


def _process() -> _Process:
    with _starting:
        if not _started:
            _started.append(_Process())
    return _started[0]


class Masters:
    """An Oracle for a family of checks. It has no known mistakes: these are looked for with the public seed only."""

    def __init__(self, family: str) -> None:
        self.family = family
        self._known: dict[tuple[str, str, float], dict[str, np.ndarray]] = {}

    def expected(self, check: str, case: str, inputs: dict) -> dict[str, np.ndarray]:
        """Return {output name: expected value} for a case. Raises MastersError if the model answer fails."""
        key = check, case, fingerprint(inputs)
        if key not in self._known:
            self._known[key] = _process().run(_first_checks()[self.family, check], inputs)
        return self._known[key]

    def mistakes(self, check: str, case: str, output: str) -> dict[str, np.ndarray]:
        """Return {}, since there are no known mistakes."""
        return {}

    def matter(self, check: str, case: str, output: str) -> set[str]:
        """Return an empty set: the inputs on which an output depends are stored for the public seed only."""
        return set()


@cache
def _first_checks() -> dict[tuple[str, str], Check]:
    """Return {(family, key of expected values): the first check with that key}."""
    return {(family, check.stored_as): check for family, check in reversed(exercises.registry().values())}
