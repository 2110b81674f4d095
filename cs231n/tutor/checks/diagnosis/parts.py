"""Hypotheses that part of a sum, such as the penalty or a bias, is missing or superfluous, or has the wrong weight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product

import numpy as np

from cs231n.tutor.checks.diagnosis.hypothesis import Hypothesis, Transformation, evidence
from cs231n.tutor.checks.diagnosis.quantity import Quantity, coefficients, constant, factors
from cs231n.tutor.checks.diagnosis.sample import Sample

PART, PENALTY_PART = ("part_extra", "part_missing"), ("penalty_part_extra", "penalty_part_missing")
Term = Callable[[Sample], np.ndarray]
TOTALS: dict[str, Callable] = {"Σ{}²": lambda z: np.sum(z**2), "Σ|{}|": lambda z: np.sum(np.abs(z)), "Σ{}": np.sum}
ENTRIES: dict[str, Callable] = {"{}": lambda z: z, "{}²": np.square, "|{}|": np.abs, "sign({})": np.sign}


def added(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that a term is missing or superfluous: the output is off by a multiple of this term."""
    if any(sample.misshapen or sample.broken for sample in wrong):
        return
    weights = list(coefficients(wrong))
    for text, term in terms(wrong).items():
        measured = [_share(sample, term) for sample in wrong]
        if not all(measured):
            continue
        for weight, sign in product(weights, (1, -1)):
            if weight.matches([sign * share for share in measured], wrong):
                yield _sum(wrong[0], text, term, weight, sign)
        if np.allclose(measured, measured[0], rtol=3e-4) and any(sample.expected.size > 1 for sample in wrong):
            yield _sum(wrong[0], text, term, constant(abs(measured[0])), 1 if measured[0] > 0 else -1)


def terms(wrong: Sequence[Sample]) -> dict[str, Term]:
    """Return {formula: term} for the functions of the inputs that can be added to an output in all samples."""
    found: dict[str, Term] = {"1": lambda sample: np.ones(())}
    scalar = not wrong[0].expected.ndim
    for name in wrong[0].arrays:
        if all(name in s.arrays and (scalar or _broadcasts(s.arrays[name], s.expected)) for s in wrong):
            for form, function in (TOTALS if scalar else ENTRIES).items():
                found[form.format(name)] = _made_of(name, function)
    if len(_weights(wrong[0])) > 1 and scalar:
        text = " + ".join(f"{name}²" for name in _weights(wrong[0]))
        found[f"Σ({text})"] = lambda sample: sum(np.sum(sample.arrays[name] ** 2) for name in _weights(sample))
    return found


def _made_of(name: str, function: Callable) -> Term:
    return lambda sample: function(sample.arrays[name])


def _weights(sample: Sample) -> list[str]:
    """Return the names of all weight matrices of a network; their number may differ between samples."""
    return [name for name in sample.arrays if name[:1] == "W" and name[1:].isdigit()]


def _broadcasts(array: np.ndarray, expected: np.ndarray) -> bool:
    try:
        return np.broadcast_shapes(np.shape(array), expected.shape) == expected.shape
    except ValueError:
        return False


def _share(sample: Sample, term: Term) -> float:
    """Return the number c for which actual - expected = c·term, or 0 if there is none."""
    part, difference = np.broadcast_to(term(sample), sample.expected.shape), sample.actual - sample.expected
    if not np.any(part):
        return 0.0
    with np.errstate(all="ignore"):  # squares may overflow
        share = float(np.sum(difference * part) / np.sum(part * part))
    return share if np.all(np.abs(difference - share * part) <= 2 * sample.tolerance) else 0.0


def _sum(first: Sample, text: str, term: Term, weight: Quantity, sign: int) -> Hypothesis:
    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray | None:
        value = term(sample)
        return expected + sign * weight.value(sample) * value if _broadcasts(value, expected) else None

    of_penalty = "reg" in weight.names and text not in ("1", "Σx", "ΣX")
    extra, missing = PENALTY_PART if of_penalty else PART
    cause, key = (extra, "has_part") if sign > 0 else (missing, "lacks_part")
    told = evidence(key, first, part=_product(weight.text, text))
    return Hypothesis(cause, 20 + weight.rank + 3 * (text == "1"), predict, evidence=told)


def _product(weight: str, term: str) -> str:
    if term == "1":
        return weight
    return term if weight == "1" else f"{weight.rstrip('·')}·{term}" if weight else term


def changed_but_for_penalty(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield hypotheses that all of an output is multiplied by a factor, or rounded down, except for the penalty."""
    if any(s.misshapen or s.broken or "reg" not in s.numbers for s in wrong):
        return
    shares = ((0.5, "0.5·reg"), (1.0, "reg"), (2.0, "2·reg"))
    for (text, term), (share, written) in product(terms(wrong).items(), shares):
        if "W" in text:
            yield from _partly_changed(wrong, term, share, f"{written}·{text}")


def _partly_changed(wrong: Sequence[Sample], term: Term, share: float, text: str) -> Iterable[Hypothesis]:
    def penalty(sample: Sample) -> np.ndarray:
        return share * sample.numbers["reg"] * term(sample)

    yield Hypothesis("whole_numbers", 30, _on_rest(lambda sample, rest: np.floor(rest), penalty))
    measured = []
    for sample in wrong:
        part = penalty(sample)
        rest, returned = sample.expected - part, sample.actual - part
        total = np.sum(rest * rest)
        measured.append(float(np.sum(rest * returned) / total) if total else np.nan)
    for quantity in factors(wrong):
        if quantity.matches(measured, wrong):
            factor = f"{quantity.text} = {quantity.value(wrong[0]):.4g}"
            told = evidence("factor_but_part", wrong[0], part=text, factor=factor)
            predict = _on_rest(_times(quantity), penalty)
            yield Hypothesis("scaled_but_penalty", 30 + quantity.rank, predict, evidence=told)


def _times(quantity: Quantity) -> Transformation:
    return lambda sample, array: quantity.value(sample) * array


def _on_rest(function: Transformation, penalty: Term) -> Transformation:
    return lambda sample, expected: function(sample, expected - penalty(sample)) + penalty(sample)
