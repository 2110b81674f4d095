"""Does the work in Python grow with the size of the arrays? Counting steps sees through every way to write a loop."""

from __future__ import annotations

from collections.abc import Callable

from cs231n.tutor.checks.check import Check
from cs231n.tutor.checks.steps import Observed
from cs231n.tutor.checks.target import LocalTarget


def steps(target: LocalTarget, check: Check, inputs: dict) -> Observed | None:
    """Return what was seen of a call of the student's code, None if it failed."""
    run = target.run(check.recipe, inputs, observe="steps")
    return None if run.failure else run.observed


def growing_sizes(target: LocalTarget, check: Check, draw: Callable[..., dict], **sizes: int) -> list[str]:
    """Return along which of `sizes` (name=number) Python steps grow when it becomes ten times as large.

    draw(**sizes) gives the inputs.
    """
    small = steps(target, check, draw(**sizes))
    grown = {name: steps(target, check, draw(**{**sizes, name: 10 * size})) for name, size in sizes.items()}
    return [name for name, seen in grown.items() if small and seen and seen.steps >= small.steps + 20]
