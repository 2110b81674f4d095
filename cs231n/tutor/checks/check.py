"""A check and its parts: cases, properties, findings, outcomes and explanations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.limits import short
from cs231n.tutor.checks.seed import PUBLIC, Seed
from cs231n.tutor.checks.target import Failure, LocalTarget, Recipe, Run

LINE = 120  # characters; messages shorten a quoted line of code to about this length
UNREADABLE = ("SyntaxError", "IndentationError", "TabError")  # Python cannot read the file, whatever the case is


@dataclass(frozen=True)
class Case:
    """The inputs for one call. `hint` is the id of the cause that is likely if only cases with this hint are wrong.

    A `fragile` case requires more than the exercise's docstring does: failing it leads only to advice.
    """

    name: str
    inputs: dict[str, Any]
    hint: str = ""
    fragile: bool = False


@dataclass(frozen=True)
class WrongOutput:
    """An output of a case that differs from the expected value, and the name of that output."""

    case: Case
    name: str
    actual: np.ndarray
    expected: np.ndarray


@dataclass(frozen=True)
class Finding:
    """A description of something wrong in one case or property.

    `status` is "fail", "error", "todo" or "advice"; `cause` is the id of a cause, or ""; `where` is file:line, or "".
    `output` is the wrong output, and `failure` the exception that the student's code raised, if there is one. If the
    status is "todo", the message is empty, and `missing` names the exercise or function that is still a stub.
    """

    message: str
    cause: str = ""
    where: str = ""
    status: str = "fail"
    output: WrongOutput | None = None
    missing: str = ""
    failure: Failure | None = None


def failed(when: str, failure: Failure) -> Finding:
    """Return the finding about a call that failed; `when`, for example "With eps = 5", says which call it was."""
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
    """The result of one case: the run, and the finding, or None if nothing is wrong."""

    case: Case
    run: Run
    finding: Finding | None


@dataclass(frozen=True)
class Explanation:
    """Why a case fails: the id of a cause, and the evidence for it; each text may be "".

    `seen` says what the wrong cases or the wrong entries have in common, and `also` is a further observation. A
    `tentative` explanation is shown only if no other cause is found.
    """

    cause: str = ""
    evidence: str = ""
    seen: str = ""
    also: str = ""
    tentative: bool = False


Property = Callable[[LocalTarget, "Check"], Finding | None]
Watch = Property  # a property that must run in the same process as the student's code


@dataclass(frozen=True)
class Check:
    """How one exercise is judged.

    Attributes:
        recipe(student, **inputs): calls the student's code and returns {output name: array}.
        cases(seed): draws the cases; the first is an ordinary one.
        tolerance(inputs, output name, expected): returns the error allowed for each entry.
        watches: properties that observe which functions the code calls; they are run before `properties`.
        properties: functions that examine what the outputs of the cases do not show, such as whether a loop grows
            with N.
        second_look(target, check, wrong output): may find evidence in the student's own functions.
        follows(target, outcome): returns whether the outputs of a case, though not as expected, follow from the
            student's versions of the functions that the exercise needs; if these have passed, the outputs count as
            right.
        words(inputs, output name, actual, expected): describes a wrong output of the expected shape, instead of
            compare.describe.
        key: the name under which the expected values are stored, if checks with the same cases and the same
            expected values share them; "" means `name`.
        axes: the names of the axes of the input arrays, as in the formulas, {"X": "N D"}. If an array has more axes
            than names, the last name stands for all remaining axes together; "" means that the axes have no names.
        seed: the seed for generating the cases.
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
    key: str = ""
    axes: Mapping[str, str] = field(default_factory=dict)
    seed: Seed = PUBLIC

    @property
    def drawn(self) -> Sequence[Case]:
        """The cases that the seed generates."""
        return self.cases(self.seed)

    @property
    def stored_as(self) -> str:
        """The key of the expected values in the oracle."""
        return self.key or self.name

    @property
    def usual(self) -> dict[str, Any]:
        """The inputs of the first case, an ordinary one."""
        return self.drawn[0].inputs
