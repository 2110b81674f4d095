"""What a check is: cases, properties, and what they found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.target import LocalTarget, Recipe, Run


@dataclass(frozen=True)
class Case:
    """Inputs for one call. `hint`: the cause to name when only cases with this hint go wrong.

    A `fragile` case asks more than the docstring promises: going wrong there costs nothing but a line of advice.
    """

    name: str
    inputs: dict[str, Any]
    hint: str = ""
    fragile: bool = False


@dataclass(frozen=True)
class Finding:
    """Something wrong, in words. `status` is fail, error, todo or advice; `output` the wrong one, with its value.

    A finding that is "todo" has no words: `missing` is the exercise whose stub was reached.
    """

    message: str
    cause: str = ""
    evidence: str = ""
    where: str = ""
    status: str = "fail"
    case: Case | None = None
    output: str = ""
    actual: np.ndarray | None = None
    missing: str = ""


Property = Callable[[LocalTarget, "Check"], Finding | None]


@dataclass(frozen=True)
class Check:
    """How one exercise is judged.

    recipe(student, **inputs) calls the student's code and returns {output name: array}; cases() gives the inputs,
    ordinary ones first; tolerance(inputs, output name, expected) the error allowed per entry; properties look at how
    the result came about; second_look(target, check, finding) may find evidence on a wrong output in the student's
    own functions, "" if there is none, (cause id, evidence) where it names the cause, or ("", evidence) for what is to
    be said only where no cause is known.
    """

    name: str
    recipe: Recipe
    cases: Callable[[], Sequence[Case]]
    tolerance: Callable[[dict, str, np.ndarray], np.ndarray] = compare.float_tolerance
    properties: tuple[Property, ...] = ()
    second_look: Callable[[LocalTarget, Check, Finding], str | tuple[str, str]] | None = None
    key: str = ""  # checks with the same cases and answers share the stored values under one key

    @property
    def stored_as(self) -> str:
        """Key of the expected values at the oracle."""
        return self.key or self.name


@dataclass(frozen=True)
class Outcome:
    """What one case gave: the run, and what is wrong with it, None if nothing is."""

    case: Case
    run: Run
    finding: Finding | None
