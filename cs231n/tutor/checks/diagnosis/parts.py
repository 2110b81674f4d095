"""A part of a sum is missing, too much, or weighed wrongly: the penalty, a bias, another term made of an input."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.diagnosis.hypothesis import Hypothesis
from cs231n.tutor.checks.diagnosis.quantity import Quantity, coefficients, constant, factors
from cs231n.tutor.checks.diagnosis.sample import Sample

PART, PENALTY_PART = ("part_extra", "part_missing"), ("penalty_part_extra", "penalty_part_missing")
Term = Callable[[Sample], "np.ndarray | None"]
TOTALS = {"Σ{}²": lambda z: np.sum(z**2), "Σ|{}|": lambda z: np.sum(np.abs(z)), "Σ{}": np.sum}
ENTRIES = {"{}": lambda z: z, "{}²": np.square, "|{}|": np.abs, "sign({})": np.sign}


def added(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield the terms whose multiple is the difference between what came back and the expected value."""
    if any(sample.misshapen or sample.broken for sample in wrong):
        return
    weights = list(coefficients(wrong))
    for text, term in terms(wrong[0]).items():
        measured = [_share(sample, term) for sample in wrong]
        if any(share is None for share in measured):
            continue
        for weight in weights:
            for sign in (1, -1):
                if weight.matches([sign * share for share in measured], wrong):
                    yield _sum(text, term, weight, sign)
        if np.allclose(measured, measured[0], rtol=3e-4) and any(sample.expected.size > 1 for sample in wrong):
            yield _sum(text, term, constant(abs(measured[0])), 1 if measured[0] > 0 else -1)


def terms(sample: Sample) -> dict[str, Term]:
    """Return {how it is written: term} of what can be added to an output, made of single inputs."""
    found: dict[str, Term] = {"1": lambda sample: np.ones(())}
    kinds = ENTRIES if sample.expected.ndim else TOTALS
    for name, array in sample.arrays.items():
        for form, function in kinds.items():
            if not sample.expected.ndim or _broadcasts(array, sample.expected):
                found[form.format(name)] = _made_of(name, function)
    if len(_weights(sample)) > 1 and not sample.expected.ndim:
        text = " + ".join(f"{name}²" for name in _weights(sample))
        found[f"Σ({text})"] = lambda sample: sum(np.sum(sample.arrays[name] ** 2) for name in _weights(sample))
    return found


def _weights(sample: Sample) -> list[str]:
    """Return the names of all weight matrices of a net; other samples may have nets of another depth."""
    return [name for name in sample.arrays if name[:1] == "W" and name[1:].isdigit()]


def _broadcasts(array: np.ndarray, expected: np.ndarray) -> bool:
    try:
        return np.broadcast_shapes(array.shape, expected.shape) == expected.shape
    except ValueError:
        return False


def _made_of(name: str, function) -> Term:
    return lambda sample: function(sample.arrays[name]) if name in sample.arrays else None


def _share(sample: Sample, term: Term) -> float | None:
    """Return how much of the term the difference is, None where it is no multiple of it."""
    part = term(sample)
    if part is None or not _broadcasts(np.asarray(part), sample.expected) or not np.any(part):
        return None
    part = np.broadcast_to(part, sample.expected.shape)
    difference = sample.actual - sample.expected
    share = float(np.sum(difference * part) / np.sum(part * part))
    return share if share and np.all(np.abs(difference - share * part) <= 2 * sample.tolerance) else None


def _sum(text: str, term: Term, weight: Quantity, sign: int) -> Hypothesis:
    part = _product(weight.text, text)
    key = "has_part" if sign > 0 else "lacks_part"

    def predict(sample: Sample, expected: np.ndarray) -> np.ndarray | None:
        value = term(sample) if all(name in sample.numbers for name in weight.names) else None
        if value is None or not _broadcasts(np.asarray(value), expected):
            return None
        return expected + sign * weight.value(sample) * value

    def evidence(sample: Sample) -> str:
        return EVIDENCE[key].format(output=sample.output, part=part)

    of_penalty = "reg" in weight.names and text not in ("1", "Σx", "ΣX")
    extra, missing = PENALTY_PART if of_penalty else PART
    cause = extra if sign > 0 else missing
    return Hypothesis(cause, 20 + weight.rank + 3 * (text == "1"), predict, evidence=evidence)


def _product(weight: str, term: str) -> str:
    if term == "1":
        return weight
    return term if weight == "1" else f"{weight.rstrip('·')}·{term}" if weight else term


def scaled_but_for_penalty(wrong: Sequence[Sample]) -> Iterable[Hypothesis]:
    """Yield factors on everything but a penalty that is a multiple of reg and made of the weights."""
    if any(s.misshapen or s.broken or "reg" not in s.numbers for s in wrong):
        return
    penalties = {text: term for text, term in terms(wrong[0]).items() if "W" in text}
    for text, term in penalties.items():
        for share, written in ((0.5, "0.5·reg"), (1.0, "reg"), (2.0, "2·reg")):
            yield from _partly_scaled(wrong, term, share, f"{written}·{text}")


def _partly_scaled(wrong: Sequence[Sample], term: Term, share: float, text: str) -> Iterable[Hypothesis]:
    def penalty(sample: Sample) -> np.ndarray | None:
        value = term(sample)
        return None if value is None else share * sample.numbers.get("reg", 0.0) * value

    measured = []
    for sample in wrong:
        part = penalty(sample)
        if part is None or not _broadcasts(np.asarray(part), sample.expected):
            return
        rest, returned = sample.expected - part, sample.actual - part
        total = np.sum(rest * rest)
        measured.append(float(np.sum(rest * returned) / total) if total else np.nan)
    for quantity in factors(wrong):
        if quantity.matches(measured, wrong):
            yield Hypothesis(
                "scaled_but_penalty",
                30 + quantity.rank,
                lambda s, expected, q=quantity: (
                    q.value(s) * (expected - penalty(s)) + penalty(s) if all(n in s.numbers for n in q.names) else None
                ),
                evidence=lambda s, q=quantity: EVIDENCE["factor_but_part"].format(
                    output=s.output, part=text, factor=f"{q.text} = {q.value(s):.4g}"
                ),
            )
