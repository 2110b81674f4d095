"""Observe a call: the functions that it enters, the number of Python steps, and the memory."""

from __future__ import annotations

import sys
import tracemalloc
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Observed:
    """What was observed: Python steps (lines and calls), {function: number of calls}, and peak memory in bytes."""

    steps: int = 0
    entered: dict[str, int] = field(default_factory=dict)
    peak: int = 0


@contextmanager
def steps_and_calls(student_files: frozenset[str]):
    """Count the lines executed in `student_files`, and all calls to Python functions, except numpy's *_dispatcher.

    Only what this thread executes is counted, and a loop counts even if it is hidden in a helper function, a
    comprehension or np.vectorize.
    """
    observed = Observed()

    def on_line(frame, event, argument):
        observed.steps += event == "line"
        return on_line

    def on_call(frame, event, argument):
        return on_line if frame.f_code.co_filename in student_files else None

    def on_profile(frame, event, argument):
        if event == "call" and not frame.f_code.co_name.endswith("_dispatcher"):  # numpy's dispatchers
            observed.steps += 1
            name = f"{frame.f_globals.get('__name__', '')}.{frame.f_code.co_name}"
            observed.entered[name] = observed.entered.get(name, 0) + 1

    before = sys.gettrace(), sys.getprofile()
    sys.settrace(on_call)
    sys.setprofile(on_profile)
    try:
        yield observed
    finally:
        sys.setprofile(before[1])
        sys.settrace(before[0])


@contextmanager
def peak_memory():
    """Measure the peak of the memory allocated inside the block, above that at its start; numpy arrays are included."""
    observed = Observed()
    already = tracemalloc.is_tracing()
    if not already:
        tracemalloc.start()
    tracemalloc.reset_peak()
    start = tracemalloc.get_traced_memory()[0]
    try:
        yield observed
    finally:
        observed.peak = tracemalloc.get_traced_memory()[1] - start
        if not already:
            tracemalloc.stop()
