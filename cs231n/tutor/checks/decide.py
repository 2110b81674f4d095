"""Decide on the verdict of a check: run its cases, check its properties, and explain what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cs231n.tutor import faults
from cs231n.tutor.checks import compare
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Case, Check, Explanation, Finding, Outcome, WrongOutput, failed
from cs231n.tutor.checks.oracle import Oracle
from cs231n.tutor.checks.target import LocalTarget, Run
from cs231n.tutor.show.picture import Difference, axis_names
from cs231n.tutor.show.verdict import Verdict


def decide(
    check: Check,
    target: LocalTarget,
    oracle: Oracle,
    needs_pass: bool = False,
    explains: Callable[[], bool] = lambda: True,
) -> Verdict:
    """Run a check against a target and return the verdict (without assignment and points).

    needs_pass: whether the exercises that this one needs have passed; if so, check.follows may accept wrong outputs.
    explains(): whether to look for the cause, which takes long; called only if a case that is not fragile is wrong.
    """
    outcomes, cases = [], check.drawn
    for case in target.in_turn(cases):
        run = target.run(check.recipe, case.inputs)
        finding = _judge(check, case, run, oracle)
        if finding and finding.status == "todo":
            return _verdict(check, finding)
        outcome = Outcome(case, run, finding)
        if finding and finding.output and needs_pass and check.follows and check.follows(target, outcome):
            outcome = replace(outcome, finding=None)
        outcomes.append(outcome)
    outcomes.sort(key=lambda one: cases.index(one.case))
    wrong = [one.finding for one in outcomes if one.finding and not one.case.fragile]
    if wrong:
        verdict = _verdict(check, wrong[0], _explained(check, target, oracle, outcomes) if explains() else None)
        return replace(verdict, difference=_difference(check, wrong[0].output))
    looks = [target.watch(look, check) for look in check.watches] + [look(target, check) for look in check.properties]
    observed = [found for found in looks if found]
    for finding in observed:
        if finding.status != "advice":
            return _verdict(check, finding, _of_failure(check, finding))
    soft = [_advice(finding, finding.cause) for finding in observed]
    soft += [_advice(one.finding, one.finding.cause or one.case.hint) for one in outcomes if one.finding]
    passed = [one.case for one in outcomes if not one.finding]
    return Verdict(check.name, "pass", message=_passed(passed), advice=" ".join(dict.fromkeys(soft)))


def _explained(check: Check, target: LocalTarget, oracle: Oracle, outcomes: list[Outcome]) -> Explanation:
    """Return the explanation of what is wrong, or an empty one if the search for it fails."""
    from cs231n.tutor.checks.explain import explain  # imported here, since correct code needs no diagnosis

    with faults.noted(f"explaining {check.name}"):
        return explain(check, target, oracle, outcomes)
    return Explanation()


def _of_failure(check: Check, finding: Finding) -> Explanation:
    """Return the explanation of a property's finding: its own cause, or else that of the exception in student code."""
    if finding.cause or finding.failure is None:
        return Explanation(finding.cause)
    from cs231n.tutor.checks import raised

    with faults.noted(f"explaining {check.name}"):
        return raised.cause(finding.failure, {}, check.axes, {})
    return Explanation()


def _judge(check: Check, case: Case, run: Run, oracle: Oracle) -> Finding | None:
    """Return the finding of one case, or None if nothing is wrong."""
    if run.failure:
        return failed(f"With {case.name}", run.failure)
    for output, expected in oracle.expected(check.stored_as, case.name, case.inputs).items():
        actual = np.asarray(run.value[output])
        tolerance = check.tolerance(case.inputs, output, expected)
        if not compare.agrees(actual, expected, tolerance):
            told = compare.describe(actual, expected, tolerance, output)
            if check.words and actual.shape == expected.shape:
                told = check.words(case.inputs, output, actual, expected)
            return Finding(f"With {case.name}: {told}.", output=WrongOutput(case, output, actual, expected))
    if run.mutated:
        return Finding(f"With {case.name}, it changes {compare.listed(run.mutated)} in place.", "mutation")
    return None


def _difference(check: Check, wrong: WrongOutput | None) -> Difference | None:
    if wrong is None:
        return None
    shapes = {name: np.shape(value) for name, value in wrong.case.inputs.items()}
    axes = axis_names(wrong.name, wrong.expected.shape, shapes, check.axes)
    return Difference(wrong.name, wrong.case.name, wrong.expected, wrong.actual, axes)


def _verdict(check: Check, finding: Finding, why: Explanation | None = None) -> Verdict:
    if finding.status == "todo":
        return Verdict(check.name, "todo", where=finding.where, waits_for=finding.missing)
    why = why or Explanation(finding.cause)
    evidence = "" if why.evidence in finding.message else why.evidence  # the same sentence once is enough
    words = " ".join(filter(None, (CAUSES.get(why.cause, ""), evidence)))
    message = " ".join(filter(None, (finding.message, why.seen)))
    return Verdict(check.name, finding.status, message, words, why.cause, where=finding.where, also=why.also)


def _advice(finding: Finding, cause: str) -> str:
    """Return the text of a cause, or the message of the finding if there is no cause, with a capital letter first."""
    told = CAUSES.get(cause, finding.message)
    return told[:1].upper() + told[1:]


def _passed(cases: list[Case]) -> str:
    return f"All {len(cases)} test cases pass." if len(cases) > 1 else "The test case passes."
