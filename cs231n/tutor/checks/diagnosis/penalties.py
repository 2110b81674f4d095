"""Which penalty on the weights a loss or gradient has, as calling the code again without it, or for others, shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.diagnosis.sample import Sample

Again = Callable[[Sample, dict[str, Any]], "np.ndarray | None"]
PARAMETER, WEIGHTS = re.compile(r"(W|b|gamma|beta)\d*"), re.compile(r"W\d*")
OFF = 1e-3  # relative to the factor that is right


def other_penalty(samples: Sequence[Sample], again: Again) -> Iterator[Explanation]:
    """Yield the penalty of a loss, or its part of a gradient, where it is another one than is asked for.

    It is reg·ΣW² for the only W there is, and 0.5·reg·ΣW² for each W of a net. What has nothing to do with the penalty
    may be wrong as well, but not in cases with reg = 0.
    """
    wrong = [sample for sample in samples if sample.wrong]
    usual = [s for s in wrong if s.inputs.get("reg") and s.actual.dtype == np.float64 and _parameters(s)]
    if not usual or any(not sample.inputs.get("reg") for sample in wrong):
        return
    first = usual[0]
    share = 1.0 if "W" in first.inputs else 0.5
    told = _of_loss(first, again, share) if first.output == "loss" else _of_gradient(first, again, 2 * share)
    if told:
        yield Explanation("other_penalty", told)


def _parameters(sample: Sample) -> dict[str, np.ndarray]:
    """Return the parameters among the inputs, X and y left out."""
    return {name: value for name, value in sample.inputs.items() if PARAMETER.fullmatch(name) and np.ndim(value)}


def _part(sample: Sample, again: Again, **changed: np.ndarray) -> np.ndarray:
    """Return what reg makes of the output; nan where the code fails."""
    with_it, without = again(sample, changed), again(sample, changed | {"reg": 0.0})
    if with_it is None or without is None or with_it.shape != without.shape:
        return np.array(np.nan)
    return with_it - without


def _of_loss(sample: Sample, again: Again, share: float) -> str:
    """Return a sentence on the factors of the squares in the penalty, "" if they are right or there are no squares."""
    reg, parameters = sample.inputs["reg"], _parameters(sample)
    plain, factors = _part(sample, again), {}
    for name, value in parameters.items():
        total = reg * np.sum(value**2)
        twice, thrice = (_part(sample, again, **{name: times * value}) - plain for times in (2, 3))
        factors[name] = twice / (3 * total)
        other_signs = value * (-1.0) ** np.arange(value.size).reshape(value.shape)
        of_squares = np.allclose(_part(sample, again, **{name: other_signs}), plain, rtol=OFF)
        if not of_squares or not np.allclose(thrice / (8 * total), factors[name], rtol=OFF, atol=OFF):
            return ""
    whole = sum(factors[name] * reg * np.sum(value**2) for name, value in parameters.items())
    right = {name: share if WEIGHTS.fullmatch(name) else 0.0 for name in parameters}
    if not np.allclose(whole, plain, rtol=OFF) or np.allclose(list(factors.values()), list(right.values()), atol=OFF):
        return ""
    found, expected = (_sum(sample, of) for of in (factors, right))
    return EVIDENCE["penalty"].format(found=found, expected=expected)


def _of_gradient(sample: Sample, again: Again, share: float) -> str:
    """Return a sentence on the penalty's part of a gradient, "" if it is right."""
    name = next((name for name in _parameters(sample) if sample.output in (f"d{name}", f"grads['{name}']")), "")
    part = _part(sample, again) if name else np.array(np.nan)
    if not np.all(np.isfinite(part)) or part.shape != np.shape(sample.inputs[name]):
        return ""
    W, reg = sample.inputs[name], sample.inputs["reg"]
    factor, right = float(np.sum(part * W) / (reg * np.sum(W * W))), share if WEIGHTS.fullmatch(name) else 0.0
    multiple = np.allclose(part, factor * reg * W, atol=OFF * np.max(np.abs(reg * W)))
    if multiple and abs(factor - right) <= OFF:
        return ""
    found = _term(sample, factor, name) if multiple else EVIDENCE["no_multiple"].format(name=name)
    return EVIDENCE["penalty_in_gradient"].format(
        output=sample.output, found=found, expected=_term(sample, right, name)
    )


def _sum(sample: Sample, factors: dict[str, float]) -> str:
    terms = [_term(sample, factor, f"Σ{name}²") for name, factor in factors.items() if abs(factor) > OFF]
    return " + ".join(terms) or "0"


def _term(sample: Sample, factor: float, of: str) -> str:
    """Return "0.5·reg·ΣW1²", or "0.5·reg/N·ΣW1²" where that has the rounder number."""
    N = sample.numbers.get("N", 1.0)
    averaged = abs(2 * factor - round(2 * factor)) > OFF and abs(2 * factor * N - round(2 * factor * N)) <= OFF * N
    number = f"{factor * N if averaged else factor:.4g}"
    if abs(factor) <= OFF:
        return "0"
    return f"{'' if number == '1' else number + '·'}reg{'/N' if averaged else ''}·{of}"
