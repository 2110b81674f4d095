"""Why a check failed: the cause, where the evidence is exact, and what the wrong entries or cases have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cs231n.tutor.checks import compare, diagnosis
from cs231n.tutor.checks import raised as exceptions
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Check, Explanation, Outcome, WrongOutput
from cs231n.tutor.checks.diagnosis import Sample
from cs231n.tutor.checks.oracle import Oracle
from cs231n.tutor.checks.target import LocalTarget

MEASURED = ("times_n", "over_n", "times_c", "over_c", "scaled")  # evidence of these adds to a known mistake
SIZES_OF_CIFAR = re.compile(r"\b(3072|3073|5000|49000|50000|10000)\b")  # larger than anything in a case


def explain(check: Check, target: LocalTarget, oracle: Oracle, outcomes: Sequence[Outcome]) -> Explanation:
    """Explain what is wrong in cases that count. A wrong guess is worse than none: it names a cause or it does not."""
    found = _explained(check, target, oracle, outcomes)
    first, *others = [one for one in outcomes if one.finding and not one.case.fragile]
    raising = next((one for one in others if one.finding and one.finding.status == "error"), None)
    if raising is None or (first.finding and first.finding.status == "error"):
        return found
    why = _raised(check, oracle, raising, outcomes)
    crash = raising.finding.message if raising.finding else ""
    told = (found.also, crash, "" if found.cause else CAUSES.get(why.cause, ""))
    return replace(found, also=" ".join(filter(None, told)))


def _explained(check: Check, target: LocalTarget, oracle: Oracle, outcomes: Sequence[Outcome]) -> Explanation:
    findings = [one.finding for one in outcomes if one.finding and not one.case.fragile]
    first = next(one for one in outcomes if one.finding and not one.case.fragile)
    raised = _raised(check, oracle, first, outcomes) if findings[0].status == "error" else Explanation()
    cause = findings[0].cause or raised.cause or next((finding.cause for finding in findings if finding.cause), "")
    if cause:
        return Explanation(cause, raised.evidence)
    wrong = findings[0].output
    samples = _samples(check, oracle, _without_breakdowns(outcomes, wrong.name), wrong.name) if wrong else []
    found = _named(check, oracle, outcomes, samples)
    if not found.cause and wrong and _differs_between_calls(check, target, wrong):
        return Explanation("differs_between_calls")
    if not found.cause:
        found = Explanation(seen=_seen(check, outcomes, samples))
    if wrong is None or check.second_look is None or not np.all(np.isfinite(wrong.actual)):
        return found
    looked = check.second_look(target, check, wrong)
    if looked.tentative and found.cause:
        return found
    evidence = " ".join(filter(None, (found.evidence, looked.evidence)))
    return Explanation(found.cause or looked.cause, evidence, found.seen, looked.also)


def _raised(check: Check, oracle: Oracle, first: Outcome, outcomes: Sequence[Outcome]) -> Explanation:
    """Explain an exception by what the wrong cases share, and by what was at hand where it was raised."""
    expected = oracle.expected(check.stored_as, first.case.name, first.case.inputs)
    found = exceptions.cause(check, first, expected)
    return Explanation(_by_hint(outcomes) or _by_number(outcomes) or found.cause, found.evidence)


def _named(check: Check, oracle: Oracle, outcomes: Sequence[Outcome], samples: Sequence[Sample]) -> Explanation:
    if not any(sample.wrong for sample in samples):
        return Explanation(_by_hint(outcomes) or _by_number(outcomes))
    told = _known_mistake(check, oracle, samples) or _by_hint(outcomes)
    found = diagnosis.cause(samples)
    if told:
        return Explanation(told, found.evidence if found.cause in MEASURED else "")
    return found


def _without_breakdowns(outcomes: Sequence[Outcome], output: str) -> list[Outcome]:
    """Leave out hard cases that gave nan or an error, if ordinary ones are wrong too: first things first."""
    wrong = [one.finding.output for one in outcomes if one.finding and one.finding.output and not one.case.hint]
    if not any(found.name == output for found in wrong):
        return list(outcomes)
    return [one for one in outcomes if not (one.case.hint and one.finding and _broke_down(one, output))]


def _broke_down(outcome: Outcome, output: str) -> bool:
    value = (outcome.run.value or {}).get(output)
    return value is None or not np.all(np.isfinite(np.asarray(value, dtype=np.float64)))


def _samples(check: Check, oracle: Oracle, outcomes: Sequence[Outcome], output: str) -> list[Sample]:
    """Return one output in every case that gave it."""
    samples = []
    for outcome in outcomes:
        values = outcome.run.value or {}
        if output not in values:
            continue
        sample = _sample(check, oracle, outcome, output)
        if not (sample.wrong and outcome.case.fragile):
            samples.append(sample)
    return samples


def _sample(check: Check, oracle: Oracle, outcome: Outcome, output: str) -> Sample:
    case, values = outcome.case, outcome.run.value
    right = oracle.expected(check.stored_as, case.name, case.inputs)
    expected = np.asarray(right[output], dtype=np.float64)
    tolerance = np.broadcast_to(check.tolerance(case.inputs, output, expected), expected.shape)
    others = {name: (right[name], np.asarray(values[name])) for name in right if name != output and name in values}
    return Sample(case.name, output, case.inputs, expected, np.asarray(values[output]), tolerance, others, check.axes)


def _known_mistake(check: Check, oracle: Oracle, samples: Sequence[Sample]) -> str:
    """Return the mistake whose output is the student's in every wrong case, and which the right ones allow."""
    known = [(sample, oracle.mistakes(check.stored_as, sample.case, sample.output)) for sample in samples]
    wrong = [(sample, mistakes) for sample, mistakes in known if sample.wrong]
    showing = {cause for sample, mistakes in known if not sample.wrong for cause in mistakes}
    for cause in wrong[0][1]:
        fits = (cause in mistakes and _fits(check, sample, mistakes[cause]) for sample, mistakes in wrong)
        if cause not in showing and all(fits):
            return cause
    return ""


def _fits(check: Check, sample: Sample, mistaken: np.ndarray) -> bool:
    tolerance = check.tolerance(sample.inputs, sample.output, np.nan_to_num(mistaken))
    return compare.agrees(sample.actual, mistaken, tolerance)


def _differs_between_calls(check: Check, target: LocalTarget, wrong: WrongOutput) -> bool:
    """Return whether the same call gives other numbers a second time, with numpy's global generator elsewhere."""

    def again(student, **inputs):
        np.random.seed(20_01)  # noqa: NPY002  a student may draw from the global generator
        return check.recipe(student, **inputs)

    values = target.run(again, wrong.case.inputs).value or {}
    return wrong.name in values and not np.array_equal(values[wrong.name], wrong.actual, equal_nan=True)


def _by_hint(outcomes: Sequence[Outcome]) -> str:
    """Return the hint of the wrong cases if they all have the same, and ordinary cases are right."""
    hints = {one.case.hint for one in outcomes if one.finding and not one.case.fragile}
    passed = any(not one.finding and not one.case.hint for one in outcomes)
    return hints.pop() if len(hints) == 1 and passed else ""


def _by_number(outcomes: Sequence[Outcome]) -> str:
    """Name a hard-coded size where every error speaks of a size of CIFAR-10 that no array of the case has."""
    errors = [one.run.failure.message if one.run.failure else "" for one in outcomes if one.finding]
    told = [SIZES_OF_CIFAR.search(message) for message in errors]
    return "hard_coded_size" if errors and all(told) else ""


def _seen(check: Check, outcomes: Sequence[Outcome], samples: Sequence[Sample]) -> str:
    """Say one thing: what the wrong cases share, or where the wrong entries are, or else which cases are right."""
    wrong = [one.case.inputs for one in outcomes if one.finding and not one.case.fragile]
    right = [one.case for one in outcomes if not one.finding]
    cases = diagnosis.shared(wrong, [case.inputs for case in right], check.axes)
    place = diagnosis.where(samples) if any(sample.wrong for sample in samples) else ""
    return cases or place or diagnosis.right_cases([case.name for case in right], len(wrong) + len(right))
