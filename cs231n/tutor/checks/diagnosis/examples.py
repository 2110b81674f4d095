"""Measure how much each example of a batch counts in a loss or gradient; in correct code, all count equally."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.diagnosis.penalties import Again
from cs231n.tutor.checks.diagnosis.sample import Sample, is_array

FEW, MOST = 2, 64  # the most batches that are tried, and the most examples in each
ALIKE = 1e-3


def unequal(samples: Sequence[Sample], again: Again) -> Iterator[Explanation]:
    """Yield an explanation if the examples of the batches that are tried do not count equally in an output."""
    batches = [s for s in samples if s.wrong and 2 < s.numbers.get("N", 0) <= MOST and _is_total(s)][:FEW]
    found = [told for told in (_told(_shares(sample, again)) for sample in batches) if told]
    if 0 < len(found) == len(batches) and len({cause for cause, _, _ in found}) == 1:
        cause, key, told = found[0]
        yield Explanation(cause, EVIDENCE[key].format(output=batches[0].output, **told))


def _is_total(sample: Sample) -> bool:
    """Return whether an output is a loss, or a gradient with respect to an input that is not part of the batch."""
    gradient = sample.output.removeprefix("grads['").removesuffix("']").removeprefix("d")
    of_batch = sample.axes.get(gradient, "").split()[:1] == ["N"]
    return sample.output == "loss" or (gradient != sample.output and gradient in sample.inputs and not of_batch)


def _shares(sample: Sample, again: Again) -> np.ndarray | None:
    """Return how much each example counts, as a fraction of the one that counts most; zeros if none counts.

    In a batch that repeats one example, each row in turn is replaced with a different example, and the change of the
    output is measured. Returns None if an output is missing, is not finite or has another shape than in the sample.
    """
    N = int(sample.numbers["N"])
    of_batch = (name for name, axes in sample.axes.items() if axes.split()[:1] == ["N"])
    batch = [name for name in of_batch if is_array(sample.inputs.get(name, 0))]
    changes = np.zeros((N, 1))
    for other in range(1, N):
        plain = {name: np.repeat(sample.inputs[name][:1], N, axis=0) for name in batch}
        outputs = [again(sample, plain)]
        for place in range(N):
            given: dict[str, Any] = {name: np.copy(value) for name, value in plain.items()}
            for name in batch:
                given[name][place] = sample.inputs[name][other]
            outputs.append(again(sample, given))
        if any(one is None or one.shape != sample.actual.shape or not np.all(np.isfinite(one)) for one in outputs):
            return None
        base, *found = (np.ravel(one).astype(np.float64) for one in outputs if one is not None)
        changes = np.array(found) - base
        if np.any(np.abs(changes) > ALIKE * np.max(np.abs(base), initial=ALIKE)):
            break
    entry = np.unravel_index(np.argmax(np.abs(changes)), changes.shape)[1] if np.any(changes) else 0
    largest = np.max(np.abs(changes[:, entry]))
    return np.abs(changes[:, entry]) / (largest or 1.0)


def _told(shares: np.ndarray | None) -> tuple[str, str, dict[str, Any]] | None:
    """Return (cause, key in EVIDENCE, fields of that text), or None if the shares are unknown, or equal but not 0."""
    if shares is None or (np.allclose(shares, shares[0], atol=ALIKE) and np.any(shares)):
        return None
    N, counting = len(shares), np.flatnonzero(shares > 1e-12)
    if not counting.size:
        return "no_example_counts", "none_decides", {}
    for place, which, alone in ((0, "first", "first_example_only"), (N - 1, "last", "last_example_only")):
        if counting.tolist() == [place]:
            return alone, "one_decides", {"which": which}
        if len(counting) == N - 1 and place not in counting and np.ptp(shares[counting]) < ALIKE:
            return "example_left_out", "one_ignored", {"which": which}
    told = {"first": f"{shares[0]:.1g}", "last": f"{shares[-1]:.1g}"}
    counting = np.flatnonzero(shares > 1e-9)
    if len(counting) > 1 and np.all(np.diff(counting) == 1) and counting[-1] == N - 1:
        power = np.log(shares[counting][1:] / shares[counting][:-1]) / np.log(N)
        if np.allclose(power, power[0], atol=0.01) and power[0] > 0.5 and abs(power[0] - round(power[0])) < 0.01:
            return "divided_in_loop", "counts_times", {"times": f"{float(N) ** round(power[0]):.0f}", "N": N}
    return "examples_unequal", "counts_unequal", told
