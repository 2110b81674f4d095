"""Find out whether the work done in Python grows with the size of the arrays.

The steps that Python executes are counted, so it does not matter how a loop is written.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cs231n.tutor.checks.check import Check, Finding
from cs231n.tutor.checks.compare import listed
from cs231n.tutor.checks.steps import Observed
from cs231n.tutor.checks.target import LocalTarget

NEVER_BY_CHANCE = 20  # steps; two calls to code without a loop differ by fewer


def steps(target: LocalTarget, check: Check, inputs: dict) -> Observed | None:
    """Return the steps and calls counted in one run of a check's recipe, or None if the student's code failed."""
    run = target.run(check.recipe, inputs, observe="steps")
    return None if run.failure else run.observed


def growing_sizes(target: LocalTarget, check: Check, draw: Callable[..., dict], **sizes: int) -> list[str]:
    """Return the names of those `sizes`, {name: number}, with which the number of steps in Python grows.

    Each size is made ten times as large in turn; draw(**sizes) returns the inputs.
    """
    small = steps(target, check, draw(**sizes))
    grown = {name: steps(target, check, draw(**{**sizes, name: 10 * size})) for name, size in sizes.items()}
    return [name for name, seen in grown.items() if _more(small, seen)]


def _more(few: Observed | None, many: Observed | None) -> bool:
    return few is not None and many is not None and many.steps >= few.steps + NEVER_BY_CHANCE


def loop(growing: list[str], cause: str = "loop", status: str = "fail") -> Finding:
    """Return the finding that the number of steps grows with these sizes."""
    return Finding(f"The number of steps in Python grows with {listed(growing)}.", cause, status=status)


def without_loop(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against Python loops over the batch."""
    inputs = check.usual
    batch = [name for name in ("x", "y", "dout") if name in inputs]
    tenfold = inputs | {name: np.concatenate([inputs[name]] * 10) for name in batch}
    grows = _more(steps(target, check, inputs), steps(target, check, tenfold))
    return loop(["N"], status="advice") if grows else None
