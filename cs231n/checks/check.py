"""A check: cases and properties, and how a verdict follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cs231n.checks import compare
from cs231n.checks.causes import CAUSES
from cs231n.checks.oracle import Oracle
from cs231n.checks.target import Failure, LocalTarget, Recipe, Run
from cs231n.checks.verdict import Verdict


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
    """Something wrong, in words. `status` is fail, error, todo or advice; `output` the wrong one, with its value."""

    message: str
    cause: str = ""
    evidence: str = ""
    where: str = ""
    status: str = "fail"
    case: Case | None = None
    output: str = ""
    actual: np.ndarray | None = None


Property = Callable[[LocalTarget, "Check"], Finding | None]


@dataclass(frozen=True)
class Check:
    """How one exercise is judged.

    recipe(student, **inputs) calls the student's code and returns {output name: array}; cases() gives the inputs,
    ordinary ones first; tolerance(inputs, output name, expected) the error allowed per entry; properties look at how
    the result came about; second_look(target, check, finding) may find evidence on a wrong output in the student's
    own functions, "" if there is none.
    """

    name: str
    recipe: Recipe
    cases: Callable[[], Sequence[Case]]
    tolerance: Callable[[dict, str, np.ndarray], np.ndarray] = compare.float_tolerance
    properties: tuple[Property, ...] = ()
    second_look: Callable[[LocalTarget, Check, Finding], str] | None = None
    key: str = ""  # checks with the same cases and answers share the stored values under one key

    @property
    def stored_as(self) -> str:
        """Key of the expected values at the oracle."""
        return self.key or self.name


def decide(check: Check, target: LocalTarget, oracle: Oracle) -> Verdict:
    """Run a check against a target and return the verdict (without assignment and points)."""
    findings, passed = [], []
    for case in check.cases():
        finding = _judge(check, case, target.run(check.recipe, case.inputs), oracle)
        if finding is None:
            passed.append(case)
        elif finding.status == "todo":
            return _verdict(check, finding)
        else:
            findings.append(finding)
    wrong = [finding for finding in findings if not finding.case.fragile]
    if wrong:
        cause, evidence = _explain(check, wrong, passed, oracle)
        if check.second_look and wrong[0].actual is not None and not evidence:
            evidence = check.second_look(target, check, wrong[0])
        return _verdict(check, wrong[0], cause, evidence)
    observed = [found for found in (look(target, check) for look in check.properties) if found]
    for finding in observed:
        if finding.status != "advice":
            return _verdict(check, finding)
    soft = dict.fromkeys(_advice(finding) for finding in [*observed, *findings])
    return Verdict(check.name, "pass", message=_passed(passed), advice=" ".join(soft))


def _judge(check: Check, case: Case, run: Run, oracle: Oracle) -> Finding | None:
    """Return what is wrong with the outcome of one case, or None."""
    if run.failure:
        return _from_failure(case, run.failure)
    for output, expected in oracle.expected(check.stored_as, case.name, case.inputs).items():
        actual = np.asarray(run.value[output])
        tolerance = check.tolerance(case.inputs, output, expected)
        if not compare.agrees(actual, expected, tolerance):
            told = compare.describe(actual, expected, tolerance, output)
            return Finding(f"With {case.name}: {told}.", case=case, output=output, actual=actual)
    if run.mutated:
        return Finding(f"With {case.name}: {' and '.join(run.mutated)} changed in place.", "mutation", case=case)
    return None


def _from_failure(case: Case, failure: Failure) -> Finding:
    if failure.todo:
        return Finding(failure.todo, where=failure.where, status="todo", case=case)
    if not failure.kind:
        return Finding(f"With {case.name}: {failure.message}.", failure.cause, case=case)
    line = f" in: {failure.source}" if failure.source else ""
    told = f"With {case.name}: {failure.kind}: {failure.message}{line}"
    return Finding(told, failure.cause, where=failure.where, status="error", case=case)


def _explain(check: Check, wrong: list[Finding], passed: list[Case], oracle: Oracle) -> tuple[str, str]:
    """Return (cause id, evidence) if the evidence is exact, ("", "") otherwise: a wrong guess is worse than none."""
    for finding in wrong:
        if finding.cause:
            return finding.cause, finding.evidence
    cause = _known_mistake(check, wrong, passed, oracle)
    if cause:
        return cause, ""
    relation = _shared_relation(check, wrong, oracle)
    if relation:
        return relation
    hints = {finding.case.hint for finding in wrong}
    if len(hints) == 1 and any(not case.hint for case in passed):
        return hints.pop(), ""
    return "", ""


def _known_mistake(check: Check, wrong: list[Finding], passed: list[Case], oracle: Oracle) -> str:
    """Return the mistake whose output is the student's in every wrong case, and which the passed cases allow."""
    output = wrong[0].output
    suspects: dict[str, bool] = {}
    for finding in wrong:
        if finding.actual is None or finding.output != output:
            return ""
        known = oracle.mistakes(check.stored_as, finding.case.name, output)
        for cause in {**known, **suspects}:
            fits = cause in known and _fits(check, finding, known[cause])
            suspects[cause] = suspects.get(cause, True) and fits
    for case in passed:
        for cause in oracle.mistakes(check.stored_as, case.name, output):
            suspects[cause] = False
    return next((cause for cause, fits in suspects.items() if fits), "")


def _fits(check: Check, finding: Finding, mistaken: np.ndarray) -> bool:
    tolerance = check.tolerance(finding.case.inputs, finding.output, np.nan_to_num(mistaken))
    return compare.agrees(finding.actual, mistaken, tolerance)


def _shared_relation(check: Check, wrong: list[Finding], oracle: Oracle) -> tuple[str, str] | None:
    """Return the simple relation that holds between actual and expected in all wrong cases but for degenerate ones."""
    relations = []
    for finding in wrong:
        if finding.actual is None:
            return None
        expected = oracle.expected(check.stored_as, finding.case.name, finding.case.inputs)[finding.output]
        tolerance = check.tolerance(finding.case.inputs, finding.output, expected)
        relations.append(compare.simple_relation(finding.actual, expected, tolerance))
    told = {relation for relation in relations if relation}
    return told.pop() if len(told) == 1 and relations.count(None) <= 2 else None


def _verdict(check: Check, finding: Finding, cause: str = "", evidence: str = "") -> Verdict:
    cause = cause or finding.cause
    words = " ".join(filter(None, (CAUSES.get(cause, ""), evidence or finding.evidence)))
    return Verdict(check.name, finding.status, finding.message, words, cause, where=finding.where)


def _advice(finding: Finding) -> str:
    words = CAUSES.get(finding.cause or (finding.case.hint if finding.case else ""), "")
    return f"{finding.message} {words[:1].upper()}{words[1:]}".strip()


def _passed(cases: list[Case]) -> str:
    return f"Right in {len(cases)} different cases." if len(cases) > 1 else "Right."
