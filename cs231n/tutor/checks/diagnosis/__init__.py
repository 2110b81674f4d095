"""The diagnosis of a wrong output: a search for a simple relation between the expected value and the result.

`cause` names the mistake if the evidence is exact, `where` describes the wrong entries, and `shared` says what
distinguishes the wrong cases from the right ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.diagnosis import factors, layouts, parts, sources
from cs231n.tutor.checks.diagnosis.clusters import where
from cs231n.tutor.checks.diagnosis.hypothesis import believed
from cs231n.tutor.checks.diagnosis.sample import Sample
from cs231n.tutor.checks.diagnosis.sharing import shared

__all__ = ["Sample", "cause", "shared", "where"]

# Each takes the wrong samples, at least one, and yields hypotheses.
GENERATORS = (
    sources.untouched,
    sources.exchanged,
    sources.reduced,
    sources.combined,
    sources.picked,
    sources.of_inputs,
    factors.entrywise,
    factors.scaled,
    layouts.misshapen,
    layouts.rearranged,
    layouts.unnormalised,
    layouts.spread,
    parts.added,
    parts.changed_but_for_penalty,
)
VAST = 200_000  # entries; a larger result probably comes from a hard-coded size, and would take long to rearrange


def cause(samples: Sequence[Sample]) -> Explanation:
    """Return the one cause that explains an output in all cases, with evidence, or an empty explanation."""
    wrong = [sample for sample in samples if sample.wrong]
    generators = (layouts.same_shape_everywhere,) if any(one.actual.size > VAST for one in wrong) else GENERATORS
    candidates = chain.from_iterable(generate(wrong) for generate in generators) if wrong else ()
    found = believed(candidates, samples)
    return Explanation(found.cause, found.evidence) if found else Explanation()
