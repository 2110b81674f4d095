"""What a check is: cases, properties, and what they found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.limits import short
from cs231n.tutor.checks.seed import PUBLIC, Seed
from cs231n.tutor.checks.target import Failure, LocalTarget, Recipe, Run

LINE = 120  # characters of a line of code in a message
UNREADABLE = ("SyntaxError", "IndentationError", "TabError")  # these do not depend on the case


@dataclass(frozen=True)
class Case:
    """Inputs for one call. `hint`: the cause to name when only cases with this hint go wrong.

    A `fragile` case asks for more than the docstring does: failing it gives a line of advice, and costs nothing.
    """

    name: str
    inputs: dict[str, Any]
    hint: str = ""
    fragile: bool = False


@dataclass(frozen=True)
class WrongOutput:
    """An output, by name, that is not what was expected in a case."""

    case: Case
    name: str
    actual: np.ndarray
    expected: np.ndarray


@dataclass(frozen=True)
class Finding:
    """A sentence on what is wrong; `status` is fail, error, todo or advice, `output` the wrong output, if any.
    A finding that is "todo" has no words: `missing` is the exercise whose stub was reached. `failure` is the exception
    of the student's code, if there was one.
    """

    message: str
    cause: str = ""
    where: str = ""
    status: str = "fail"
    output: WrongOutput | None = None
    missing: str = ""
    failure: Failure | None = None


def failed(when: str, failure: Failure) -> Finding:
    """Return the finding that the student's code failed; `when` names the case, e.g. "With eps = 5"."""
    if failure.todo:
        return Finding("", where=failure.where, status="todo", missing=failure.todo)
    if not failure.kind:
        return Finding(f"{when}: {failure.message}.", failure.cause)
    line = f", in `{short(failure.source, LINE)}`" if failure.source else ""
    place = "Python cannot read the file" if failure.kind in UNREADABLE else when
    told = f"{place}: {failure.kind}: {failure.message.rstrip('. ')}{line}."
    return Finding(told, failure.cause, where=failure.where, status="error", failure=failure)


@dataclass(frozen=True)
class Outcome:
    """The result of one case: the run, and what is wrong with it, or None."""

    case: Case
    run: Run
    finding: Finding | None


@dataclass(frozen=True)
class Explanation:
    """Why an output is wrong: cause id and evidence ("" if there is none), and `seen`, which is added to the message.

    `also` is an observation that is not a cause. If it is `tentative`, it is shown only if no cause is known.
    """

    cause: str = ""
    evidence: str = ""
    seen: str = ""
    also: str = ""
    tentative: bool = False


Property = Callable[[LocalTarget, "Check"], Finding | None]
Watch = Property  # one that has to be in the same process as the code it looks at


@dataclass(frozen=True)
class Check:
    """How one exercise is judged.

    recipe(student, **inputs) calls the student's code and returns {output name: array}; cases(seed) draws the inputs,
    ordinary ones first; tolerance(inputs, output name, expected) is the error allowed per entry; properties look at how
    the result was computed, and watches, before them, at what the code calls; second_look(target, check, wrong output)
    may find evidence in the student's own functions; follows(target, outcome) says whether the outputs of a case,
    though not those expected, follow from the student's functions that the exercise needs: if these have passed, the
    outputs are right; words(inputs, output name, actual, expected) describes a wrong output of the right shape better
    than compare.describe does. `axes` names the axes of every array among the inputs as the formulas do, {"X": "N D"}:
    the last name stands for the product of all remaining axes, and "" for no names. `seed` is the one that cases are
    drawn from.
    """

    name: str
    recipe: Recipe
    cases: Callable[[Seed], Sequence[Case]]
    tolerance: Callable[[dict, str, np.ndarray], np.ndarray] = compare.float_tolerance
    properties: tuple[Property, ...] = ()
    second_look: Callable[[LocalTarget, Check, WrongOutput], Explanation] | None = None
    follows: Callable[[LocalTarget, Outcome], bool] | None = None
    words: Callable[[dict, str, np.ndarray, np.ndarray], str] | None = None
    watches: tuple[Watch, ...] = ()
    key: str = ""  # checks with the same cases and answers share the stored values under one key
    axes: Mapping[str, str] = field(default_factory=dict)
    seed: Seed = PUBLIC

    @property
    def drawn(self) -> Sequence[Case]:
        """The cases of the check's seed."""
        return self.cases(self.seed)

    @property
    def stored_as(self) -> str:
        """The key of the expected values in the oracle."""
        return self.key or self.name

    @property
    def usual(self) -> dict[str, Any]:
        """The inputs of the first case, an ordinary one."""
        return self.drawn[0].inputs
