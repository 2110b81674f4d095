"""Call the student's code again with one thing changed, to see whether the result stays the same or becomes right.

The evidence states what these calls have shown, which is true whatever the mistake is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, product
from typing import Any

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Check, Explanation
from cs231n.tutor.checks.diagnosis import examples
from cs231n.tutor.checks.diagnosis.penalties import Again, other_penalty
from cs231n.tutor.checks.diagnosis.sample import Sample
from cs231n.tutor.checks.target import LocalTarget

DEFAULTS = (0.9, 0.99, 0.999, 0.95, 0.5, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-8, 1.0)
OF_THE_CHECK = ("shrink", "seed")  # inputs of a recipe that are not arguments of the student's function
FEW = 2  # the most wrong cases that are tried again to see whether an argument is ignored


def tried(
    check: Check, target: LocalTarget, samples: Sequence[Sample], matter: Callable[[Sample], set[str]]
) -> Explanation:
    """Return the first explanation that is found by calling the student's code again, or an empty one if there is none.

    matter(sample) returns the names of the numbers and switches that the expected output depends on.
    """

    def again(sample: Sample, changed: dict[str, Any]) -> np.ndarray | None:
        value = target.run(check.recipe, {**sample.inputs, **changed}).value
        return value.get(sample.output)

    found = chain(
        other_penalty(samples, again),
        _argument_ignored(samples, again, matter),
        _other_default(samples, again),
        _changed_input(samples, again),
        examples.unequal(samples, again),
        _without_effect(samples, again, matter),
    )
    return next(found, Explanation())


def _argument_ignored(
    samples: Sequence[Sample], again: Again, matter: Callable[[Sample], set[str]]
) -> Iterator[Explanation]:
    """Yield an explanation for each number or switch that differs between right and wrong cases but is ignored."""
    wrong, right = _parted(samples)
    telling = set.intersection(*map(matter, wrong)) if right else set()
    for name in (name for name in numbers(wrong[0].inputs) if name in telling):
        values = {sample.inputs[name] for sample in wrong}
        others = {sample.inputs[name] for sample in right if name in sample.inputs}
        if values & others:
            continue
        other = min(others, default=1 if wrong[0].inputs[name] != 1 else 2)
        if all(_same(again(sample, {name: other}), sample.actual) for sample in wrong[:FEW]):
            told = {"output": wrong[0].output, "name": name, "one": wrong[0].inputs[name], "other": other}
            told["where"] = (
                "only with " + " or ".join(map(str, sorted(others))) if others else f"where {name} is left out"
            )
            cause, key = ("mode_ignored", "same_in_modes") if name == "train" else ("argument_ignored", "same_with")
            yield Explanation(cause, EVIDENCE[key].format(**told))


def _without_effect(
    samples: Sequence[Sample], again: Again, matter: Callable[[Sample], set[str]]
) -> Iterator[Explanation]:
    """Yield an explanation if there is exactly one float input that the output should depend on but does not."""
    wrong, _ = _parted(samples)
    telling = set.intersection(*map(matter, wrong))
    floats = [one for one in numbers(wrong[0].inputs) if one in telling and isinstance(wrong[0].inputs[one], float)]
    some = [sample for sample in wrong if np.any(sample.actual)][:FEW]
    idle = [n for n in floats if some and all(_same(again(s, {n: 0.1 + s.inputs[n]}), s.actual) for s in some)]
    if len(idle) == 1:
        one = some[0].inputs[idle[0]]
        told = {"output": some[0].output, "name": idle[0], "one": f"{one:g}", "other": f"{0.1 + one:g}"}
        yield Explanation("argument_ignored", EVIDENCE["no_difference"].format(**told))


def _other_default(samples: Sequence[Sample], again: Again) -> Iterator[Explanation]:
    """Yield an explanation for an argument that wrong cases leave out, if one of DEFAULTS makes them right."""
    wrong, right = _parted(samples)
    given = dict.fromkeys(name for sample in right for name in numbers(sample.inputs))
    for name in given:
        for value in DEFAULTS if not any(name in sample.inputs for sample in wrong) else ():
            if all(_right_with(again(sample, {name: value}), sample) for sample in wrong):
                told = EVIDENCE["right_when_given"].format(output=wrong[0].output, name=name, value=value)
                yield Explanation("other_default", told)


def _changed_input(samples: Sequence[Sample], again: Again) -> Iterator[Explanation]:
    """Yield an explanation if one of CHANGES makes every wrong output right, or right except for its sign."""
    wrong, _ = _parted(samples)
    names = [name for name, value in wrong[0].inputs.items() if np.ndim(value) and np.asarray(value).dtype.kind == "f"]
    for name, (cause, change, sign) in product(names, CHANGES):
        if all(_right_with(again(sample, {name: change(sample.inputs[name])}), sample, sign) for sample in wrong):
            yield Explanation(cause, EVIDENCE[cause].format(output=wrong[0].output, input=name))


# (cause, change of the input that compensates for it, sign of the result). The first four compensate for
# x.reshape(-1, N).T, x.reshape(N, -1).T.reshape(N, -1), x.T.reshape(N, -1) and x.T.reshape(-1, N).T, where
# x.reshape(N, -1) is meant.
CHANGES: tuple[tuple[str, Callable[[np.ndarray], np.ndarray], int], ...] = (
    ("input_rearranged", lambda x: x.reshape(len(x), -1).T.reshape(x.shape), 1),
    ("input_rearranged", lambda x: x.reshape(-1, len(x)).T.reshape(x.shape), 1),
    ("input_rearranged", lambda x: x.reshape(x.shape[::-1]).T, 1),
    ("input_rearranged", lambda x: x.reshape(len(x), -1).T.reshape(x.shape[::-1]).T, 1),
    ("input_negated", np.negative, 1),
    ("sides_exchanged", np.negative, -1),
)


def numbers(inputs: Mapping[str, Any]) -> list[str]:
    """Return the names of the single numbers and switches among the inputs of a case."""
    return [name for name, value in inputs.items() if isinstance(value, (int, float)) and name not in OF_THE_CHECK]


def _parted(samples: Sequence[Sample]) -> tuple[list[Sample], list[Sample]]:
    return [sample for sample in samples if sample.wrong], [sample for sample in samples if not sample.wrong]


def _same(found: np.ndarray | None, before: np.ndarray) -> bool:
    return found is not None and np.array_equal(found, before, equal_nan=True)


def _right_with(found: np.ndarray | None, sample: Sample, sign: int = 1) -> bool:
    return found is not None and compare.agrees(sign * found, sample.expected, sample.tolerance)
