"""Find the penalty in a loss or gradient from its values, or by calling the code with another reg or other weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.compare import listed
from cs231n.tutor.checks.diagnosis.sample import Sample

Again = Callable[[Sample, dict[str, Any]], "np.ndarray | None"]
PARAMETER, WEIGHTS = re.compile(r"(W|b|gamma|beta)\d*"), re.compile(r"W\d*")
OFF = 1e-3  # the error allowed in a factor


def other_penalty(samples: Sequence[Sample], again: Again) -> Iterator[Explanation]:
    """Yield an explanation that describes the penalty in a loss or gradient, if it is not the required one.

    The required penalty of a linear classifier is reg·ΣW², and that of a network the sum of 0.5·reg·ΣW² over all its W.
    Other parts of the output may be wrong as well. If a case without reg, or with reg = 0, is wrong, only sums of
    squares that are not multiplied by reg are looked for.
    """
    wrong = [sample for sample in samples if sample.wrong]
    if told := _without_reg(wrong):
        yield Explanation("penalty_brackets", told)
        return
    usual = [s for s in wrong if s.inputs.get("reg") and s.actual.dtype == np.float64 and _parameters(s)]
    if not usual or any(not sample.inputs.get("reg") for sample in wrong):
        return
    first = usual[0]
    share = 1.0 if "W" in first.inputs else 0.5
    told = _of_loss(first, again, share) if first.output == "loss" else _of_gradient(first, again, 2 * share)
    if told:
        yield Explanation("other_penalty", told)


def _without_reg(wrong: Sequence[Sample]) -> str:
    """Return a sentence about a penalty in which some sum of squares lacks the factor reg, or "" if none is found."""
    weights = [name for name in _parameters(wrong[0]) if WEIGHTS.fullmatch(name)]
    alike = [one for one in wrong if [name for name in _parameters(one) if WEIGHTS.fullmatch(name)] == weights]
    if wrong[0].output != "loss" or not 0 < len(weights) <= 3 or len(alike) < 2 or any(one.misshapen for one in alike):
        return ""
    share = 1.0 if weights == ["W"] else 0.5
    ways = [(number, of_reg) for number in (0.5, 1.0, 2.0) for of_reg in (True, False)]
    for some in product(ways, repeat=len(weights)):
        factors = dict(zip(weights, some, strict=True))
        if all(of_reg for _, of_reg in some) or not all(_explained(one, factors, share) for one in alike):
            continue
        terms = [f"{'' if n == 1 else f'{n:g}·'}{'reg·' if of_reg else ''}Σ{w}²" for w, (n, of_reg) in factors.items()]
        right = _sum(wrong[0], dict.fromkeys(weights, share))
        return EVIDENCE["penalty"].format(found=" + ".join(terms), expected=right)
    return ""


def _explained(sample: Sample, factors: dict[str, tuple[float, bool]], share: float) -> bool:
    """Return whether a loss is right except that its penalty has these factors, {name: (number, times reg or not)}."""
    reg = float(sample.inputs.get("reg", 0.0))
    off = sum(
        (number * (reg if of_reg else 1.0) - share * reg) * np.sum(np.square(sample.arrays[name]))
        for name, (number, of_reg) in factors.items()
    )
    return bool(np.all(np.abs(sample.expected + off - sample.actual) <= sample.tolerance * (1 + abs(off))))


def _parameters(sample: Sample) -> dict[str, np.ndarray]:
    """Return the parameters among the inputs, {name: array}, without X and y."""
    return {name: value for name, value in sample.inputs.items() if PARAMETER.fullmatch(name) and np.ndim(value)}


def _part(sample: Sample, again: Again, **changed: np.ndarray) -> np.ndarray:
    """Return the output minus that with reg = 0, or nan if one of them is missing or their shapes differ."""
    with_it, without = again(sample, changed), again(sample, changed | {"reg": 0.0})
    if with_it is None or without is None or with_it.shape != without.shape:
        return np.array(np.nan)
    return with_it - without


def _of_loss(sample: Sample, again: Again, share: float) -> str:
    """Return a sentence about the factors of the squares in a penalty or about its growth; "" if none is found."""
    reg, parameters = sample.inputs["reg"], _parameters(sample)
    plain, factors = _part(sample, again), {}
    for name, value in parameters.items():
        total = reg * np.sum(value**2)
        twice, thrice = (_part(sample, again, **{name: times * value}) - plain for times in (2, 3))
        factors[name] = twice / (3 * total)
        other_signs = value * (-1.0) ** np.arange(value.size).reshape(value.shape)
        of_squares = np.allclose(_part(sample, again, **{name: other_signs}), plain, rtol=OFF)
        if not of_squares or not np.allclose(thrice / (8 * total), factors[name], rtol=OFF, atol=OFF):
            return _no_squares(sample, again, plain)
    whole = sum(factors[name] * reg * np.sum(value**2) for name, value in parameters.items())
    right = {name: share if WEIGHTS.fullmatch(name) else 0.0 for name in parameters}
    if not np.allclose(whole, plain, rtol=OFF):
        return _no_squares(sample, again, plain)
    if np.allclose(list(factors.values()), list(right.values()), atol=OFF):
        return ""
    found, expected = (_sum(sample, of) for of in (factors, right))
    return EVIDENCE["penalty"].format(found=found, expected=expected)


def _no_squares(sample: Sample, again: Again, plain: np.ndarray) -> str:
    """Return a sentence about how a penalty grows if the weights are doubled.

    Returns "" if it grows by a factor of 4, as a sum of squares does, or if its growth cannot be measured.
    """
    weights = {name: value for name, value in _parameters(sample).items() if WEIGHTS.fullmatch(name)}
    times = float(_part(sample, again, **{name: 2 * value for name, value in weights.items()}) / (plain or np.nan))
    if not np.isfinite(times) or abs(times - 4) <= OFF:
        return ""
    return EVIDENCE["penalty_grows"].format(names=listed([*weights]), times=f"{times:.3g}")


def _of_gradient(sample: Sample, again: Again, share: float) -> str:
    """Return a sentence about the penalty's part of a gradient, or "" if it is right or cannot be measured."""
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
    """Return a term such as "0.5·reg·ΣW1²" or, for a factor divided by N, "0.5·reg/N·ΣW1²"; "0" if the factor is 0."""
    N = sample.numbers.get("N", 1.0)
    averaged = abs(2 * factor - round(2 * factor)) > OFF and abs(2 * factor * N - round(2 * factor * N)) <= OFF * N
    number = f"{factor * N if averaged else factor:.4g}"
    if abs(factor) <= OFF:
        return "0"
    return f"{'' if number == '1' else number + '·'}reg{'/N' if averaged else ''}·{of}"
