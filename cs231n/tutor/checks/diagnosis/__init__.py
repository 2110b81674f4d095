"""Why is it wrong? Looks for the small transformation between what is right and what came back.

`cause` names it where the evidence is exact; where it is not, `where` and `shared` say what wrong entries, or wrong
cases, have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from cs231n.tutor.checks.diagnosis import factors, layouts, parts, sources
from cs231n.tutor.checks.diagnosis.clusters import where
from cs231n.tutor.checks.diagnosis.hypothesis import believed
from cs231n.tutor.checks.diagnosis.sample import Sample
from cs231n.tutor.checks.diagnosis.sharing import right_cases, shared

__all__ = ["Sample", "cause", "right_cases", "shared", "where"]

GENERATORS = (
    sources.untouched,
    sources.exchanged,
    sources.reduced,
    factors.entrywise,
    factors.scaled,
    layouts.misshapen,
    layouts.rearranged,
    layouts.unnormalised,
    parts.added,
    parts.scaled_but_for_penalty,
)


def cause(samples: Sequence[Sample]) -> tuple[str, str]:
    """Return (cause id, evidence) for one output over all cases; ("", "") where nothing explains it exactly."""
    if not any(sample.wrong for sample in samples):
        return "", ""
    found = believed(chain.from_iterable(generate(samples) for generate in GENERATORS), samples)
    if found is None:
        return "", ""
    return found.cause, found.evidence(next(sample for sample in samples if sample.wrong))
