"""Explain why a check failed: the cause, if one can be named, or else what wrong entries or cases have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cs231n.tutor.checks import compare, diagnosis
from cs231n.tutor.checks import raised as exceptions
from cs231n.tutor.checks.causes import CAUSES, EVIDENCE
from cs231n.tutor.checks.check import Check, Explanation, Outcome
from cs231n.tutor.checks.diagnosis import Sample, trials
from cs231n.tutor.checks.oracle import WAY, Oracle
from cs231n.tutor.checks.target import LocalTarget

MEASURED = ("times_n", "over_n", "times_c", "over_c", "scaled")  # their evidence is also shown with a known mistake
SIZES_OF_CIFAR = re.compile(r"\b(3072|3073|5000|49000|50000|10000)\b")  # larger than any size in a case


def explain(check: Check, target: LocalTarget, oracle: Oracle, outcomes: Sequence[Outcome]) -> Explanation:
    """Return why outcomes are wrong; at least one case that is not fragile must be wrong.

    A cause is named only if the evidence points to it alone, because a wrong cause is worse than none.
    """
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
    found = _found(check, target, oracle, outcomes, samples)
    looked = Explanation()
    if wrong and check.second_look and np.all(np.isfinite(wrong.actual)):
        looked = check.second_look(target, check, wrong)
    if not found.cause and not looked.cause and samples:
        found = _about_others(check, oracle, outcomes, samples)
    seen = "" if found.cause else _seen(check, outcomes, samples)
    if looked.tentative and found.cause:
        return found
    evidence = " ".join(filter(None, (found.evidence, looked.evidence)))
    return Explanation(found.cause or looked.cause, evidence, seen, looked.also)


def _raised(check: Check, oracle: Oracle, first: Outcome, outcomes: Sequence[Outcome]) -> Explanation:
    """Return the explanation of an exception; a cause that the wrong cases share has priority."""
    expected = oracle.expected(check.stored_as, first.case.name, first.case.inputs)
    found = exceptions.cause(first.run.failure, first.case.inputs, check.axes, expected)
    return Explanation(_without_numbers(outcomes) or found.cause, found.evidence)


def _without_numbers(outcomes: Sequence[Outcome]) -> str:
    return _by_hint(outcomes) or _by_number(outcomes)


def _found(
    check: Check, target: LocalTarget, oracle: Oracle, outcomes: Sequence[Outcome], samples: Sequence[Sample]
) -> Explanation:
    """Return the explanation from the numbers of an output, from hints, or from calling the student's code again."""
    if not samples:
        return Explanation(_without_numbers(outcomes))
    hint = _by_hint(outcomes)
    found = _named(check, oracle, samples, hint)
    if found.cause:
        return found
    first = next(sample for sample in samples if sample.wrong)
    if _differs_between_calls(check, target, first):
        return Explanation("differs_between_calls")
    return trials.tried(check, target, samples, lambda one: oracle.matter(check.stored_as, one.case, one.output))


def _about_others(check: Check, oracle: Oracle, outcomes: Sequence[Outcome], samples: Sequence[Sample]) -> Explanation:
    """Return the explanation of the first other wrong output for which a cause is found, or else an empty one."""
    first = next(sample for sample in samples if sample.wrong)
    for other in first.others:
        more = _samples(check, oracle, _without_breakdowns(outcomes, other), other)
        found = _named(check, oracle, more, besides=first.output) if more else Explanation()
        if found.cause:
            told = EVIDENCE["about_output"].format(output=other)
            return Explanation(found.cause, " ".join(filter(None, (told, found.evidence))))
    return Explanation()


def _named(check: Check, oracle: Oracle, samples: Sequence[Sample], hint: str = "", besides: str = "") -> Explanation:
    told = _known_mistake(check, oracle, samples, besides) or hint
    found = diagnosis.cause(samples)
    if told:
        return Explanation(told, found.evidence if found.cause in MEASURED else "")
    return found


def _without_breakdowns(outcomes: Sequence[Outcome], output: str) -> list[Outcome]:
    """Return the outcomes that are useful for explaining `output`.

    If `output` is wrong in a case without a hint, those wrong cases with a hint are left out in which `output` is
    missing or not finite, since the reason may be a different one there.
    """
    wrong = [one.finding.output for one in outcomes if one.finding and one.finding.output and not one.case.hint]
    if not any(found.name == output for found in wrong):
        return list(outcomes)
    return [one for one in outcomes if not (one.case.hint and one.finding and _broke_down(one, output))]


def _broke_down(outcome: Outcome, output: str) -> bool:
    value = (outcome.run.value or {}).get(output)
    return value is None or not np.all(np.isfinite(np.asarray(value, dtype=np.float64)))


def _samples(check: Check, oracle: Oracle, outcomes: Sequence[Outcome], output: str) -> list[Sample]:
    """Return the samples of one output, without wrong ones of fragile cases; [] if none of those left is wrong."""
    samples = []
    for outcome in outcomes:
        if output not in (outcome.run.value or {}):
            continue
        sample = _sample(check, oracle, outcome, output)
        if not (sample.wrong and outcome.case.fragile):
            samples.append(sample)
    return samples if any(sample.wrong for sample in samples) else []


def _sample(check: Check, oracle: Oracle, outcome: Outcome, output: str) -> Sample:
    case, values = outcome.case, outcome.run.value
    right = oracle.expected(check.stored_as, case.name, case.inputs)
    expected = np.asarray(right[output], dtype=np.float64)
    tolerance = np.broadcast_to(check.tolerance(case.inputs, output, expected), expected.shape)
    others = {name: (right[name], np.asarray(values[name])) for name in right if name != output and name in values}
    return Sample(case.name, output, case.inputs, expected, np.asarray(values[output]), tolerance, others, check.axes)


def _known_mistake(check: Check, oracle: Oracle, samples: Sequence[Sample], besides: str) -> str:
    """Return the id of a known mistake that gives the student's output in all cases, right or wrong, or "".

    A mistake that gives all of the student's outputs has priority over one that gives only this output. Mistakes that
    also change the output `besides`, which is wrong for a different reason, are ignored.
    """

    def stored(sample: Sample, output: str) -> dict[str, np.ndarray]:
        return oracle.mistakes(check.stored_as, sample.case, output)

    def gives(cause: str, sample: Sample, output: str, expected: np.ndarray, actual: np.ndarray) -> bool:
        mistaken = stored(sample, output).get(cause)
        if mistaken is None:
            return _fits(check, sample.inputs, output, actual, expected)
        with np.errstate(over="ignore"):  # mistakes are stored in float32, in which large numbers are inf
            return _fits(check, sample.inputs, output, actual.astype(np.float32), mistaken)

    def gives_others(cause: str, sample: Sample) -> bool:
        return all(gives(cause, sample, output, *values) for output, values in sample.others.items())

    def fits(cause: str) -> bool:
        return all(gives(cause, one, one.output, one.expected, one.actual) for one in samples)

    wrong = [sample for sample in samples if sample.wrong]
    common = [cause for cause in stored(wrong[0], wrong[0].output) if all(cause in stored(s, s.output) for s in wrong)]
    if besides:
        common = [cause for cause in common if not any(cause in stored(sample, besides) for sample in samples)]
    fitting = [cause for cause in common if fits(cause)]
    whole = [cause for cause in fitting if all(gives_others(cause, sample) for sample in samples)]
    part = fitting if any(np.all(np.isfinite(sample.actual)) for sample in wrong) else []  # nan has many causes
    return next(iter(whole + part), "").partition(WAY)[0]


def _fits(check: Check, inputs: dict, output: str, actual: np.ndarray, given: np.ndarray) -> bool:
    """Return whether an output equals the given values, within the tolerance of the check."""
    return compare.agrees(actual, np.asarray(given), check.tolerance(inputs, output, np.nan_to_num(given)))


def _differs_between_calls(check: Check, target: LocalTarget, wrong: Sample) -> bool:
    """Return whether a second call gives different numbers, with a different state of numpy's random generator."""

    def again(student, **inputs):
        np.random.seed(20_01)  # noqa: NPY002  a student may draw from the global generator
        return check.recipe(student, **inputs)

    values = target.run(again, wrong.inputs).value or {}
    return wrong.output in values and not np.array_equal(values[wrong.output], wrong.actual, equal_nan=True)


def _by_hint(outcomes: Sequence[Outcome]) -> str:
    """Return the hint that all wrong cases share, or "" if there is no such hint or no ordinary case is right.

    An ordinary case has no hint; wrong fragile cases are ignored. If every wrong case has a hint and gives nan, the
    hints may differ: the first is returned.
    """
    wrong = [one for one in outcomes if one.finding and not one.case.fragile]
    hints = [one.case.hint for one in wrong]
    passed = any(not one.finding and not one.case.hint for one in outcomes)
    same = len(set(hints)) == 1 or (all(hints) and all(_broken(one) for one in wrong))
    return hints[0] if same and passed else ""


def _broken(outcome: Outcome) -> bool:
    return any(np.isnan(value).any() for value in (outcome.run.value or {}).values())


def _by_number(outcomes: Sequence[Outcome]) -> str:
    """Return "hard_coded_size" if all wrong cases fail with a message that mentions a size of CIFAR-10, else ""."""
    errors = [one.run.failure.message if one.run.failure else "" for one in outcomes if one.finding]
    told = [SIZES_OF_CIFAR.search(message) for message in errors]
    return "hard_coded_size" if errors and all(told) else ""


def _seen(check: Check, outcomes: Sequence[Outcome], samples: Sequence[Sample]) -> str:
    """Return a sentence about what distinguishes wrong cases from right ones, or about the wrong entries, or ""."""
    wrong = [one.case.inputs for one in outcomes if one.finding and not one.case.fragile]
    right = [one.case.inputs for one in outcomes if not one.finding]
    cases = diagnosis.shared(wrong, right, check.axes)
    return cases or (diagnosis.where(samples) if samples else "")
