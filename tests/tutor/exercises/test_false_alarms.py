"""No right solution is refused: unusual ways to write it × forms of what comes back × fresh random inputs.

Fresh inputs are a check's own cases with other numbers; the masters give the outputs expected of them.
"""

from dataclasses import replace
from functools import cache, wraps

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cs231n.tutor import exercises
from cs231n.tutor.checks.decide import decide
from cs231n.tutor.checks.oracle import in_double
from cs231n.tutor.checks.target import LocalTarget
from solutions.attempts import place
from solutions.tools.expected import cell_functions
from tests.solutions.test_attempts import RIGHT

SMALL_VARIANCES = "is added to the standard deviation"  # what epsilon out of its root does depends on the numbers
ATTEMPTS = [attempt for attempt in RIGHT if attempt.advice != SMALL_VARIANCES]
SINGLE = next(attempt for attempt in ATTEMPTS if attempt.label == "without padding, in float32")
NUMBERED = {"linear_classifier_train": "X"}  # its first column numbers the rows
LARGE = 100  # cases with larger numbers are there to provoke overflow: they stay as they are

FORMS = {
    "as it is": lambda array: array,
    "Fortran order": lambda array: np.asarray(array, order="F"),
    "a view into something larger": lambda array: np.stack([array, array], axis=-1)[..., 0],
    "reversed twice": lambda array: np.ascontiguousarray(array[::-1])[::-1] if np.ndim(array) else array,
    "float32": lambda array: array.astype(np.float32) if array.dtype.kind == "f" else array.astype(np.int32),
    "read-only": lambda array: _locked(array.copy()),
}


def _locked(array):
    array.flags.writeable = False
    return array


class Masters:
    """The oracle that asks the masters, before a student's function takes their place."""

    def __init__(self, check, cases):
        target = LocalTarget(cell_functions())
        self.answers = {case.name: target.run(check.recipe, in_double(case.inputs)) for case in cases}
        assert not any(run.failure for run in self.answers.values())

    def expected(self, check, case, inputs):
        return self.answers[case].value

    def mistakes(self, check, case, output):
        return {}

    def matter(self, check, case, output):
        return set()


def fresh(check, seed):
    """Return a check's cases with their numbers drawn anew: same shapes, dtypes, signs and zeros."""
    random = np.random.RandomState(seed)

    def drawn(case):
        numbers = {name: a for name, a in case.inputs.items() if isinstance(a, np.ndarray) and a.dtype.kind == "f"}
        if any(np.max(np.abs(array), initial=0) > LARGE for array in numbers.values()):
            return case
        numbers.pop(NUMBERED.get(check.name), None)
        anew = {name: (a * np.exp(0.2 * random.randn(*a.shape))).astype(a.dtype) for name, a in numbers.items()}
        return replace(case, inputs={**case.inputs, **anew})

    return [drawn(case) for case in check.drawn]


def reshaped(found, form):
    """Return what a function returned with its arrays in another form; of (out, cache) only out."""
    if isinstance(found, np.ndarray):
        return form(found)
    if isinstance(found, tuple):
        return tuple(reshaped(part, form) if isinstance(part, (np.ndarray, dict)) else part for part in found)
    if isinstance(found, dict):
        return {name: reshaped(value, form) for name, value in found.items()}
    return found


def install(attempt, form, monkeypatch):
    """Put the student's function in the master's place, with its results in another form."""
    attempt.install(monkeypatch)
    home, name = place(attempt.exercise)
    function = getattr(home, name)

    @wraps(function)
    def in_form(*args, **kwargs):
        found = function(*args, **kwargs)
        if name.endswith("_forward") and isinstance(found, tuple):
            return (reshaped(found[0], form), *found[1:])  # the cache is nobody's business
        return reshaped(found, form)

    monkeypatch.setattr(home, name, in_form)


@cache
def checks():
    return exercises.registry()


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(ATTEMPTS), st.sampled_from(sorted(FORMS)), st.integers(0, 2**31))
@example(SINGLE, "Fortran order", 9)  # the terms of its one bias gradient nearly cancel
def test_no_right_solution_is_refused(attempt, form, seed):
    assume(form != "read-only" or attempt.label != "in place")  # the next step changes what it gave back
    check = checks()[attempt.exercise][1]
    cases = fresh(check, seed)
    oracle = Masters(check, cases)
    with pytest.MonkeyPatch.context() as monkeypatch:
        install(attempt, FORMS[form], monkeypatch)
        verdict = decide(replace(check, cases=lambda seed: cases), LocalTarget(), oracle, needs_pass=True)
    assert verdict.status == "pass", f"{attempt.label}, {form}:\n{verdict}"


def test_the_same_setting_refuses_what_is_wrong():
    """A test of the test: arrays that are one part in a thousand off are found with fresh inputs too."""
    last = {attempt.exercise: attempt for attempt in ATTEMPTS}.values()
    seen = [verdict for verdict in map(_slightly_wrong, last) if verdict]
    assert len(seen) > 40
    assert not [str(verdict) for verdict in seen if verdict.status == "pass"]


def _slightly_wrong(attempt):
    """Return the verdict on a solution whose arrays are changed a little; None where it returns no arrays."""
    check = checks()[attempt.exercise][1]
    cases = fresh(check, 1)
    oracle = Masters(check, cases)
    changed = []

    def off(array):
        changed.append(array)
        return array * 1.001 if array.dtype.kind == "f" else array + 1

    with pytest.MonkeyPatch.context() as monkeypatch:
        install(attempt, off, monkeypatch)
        verdict = decide(replace(check, cases=lambda seed: cases), LocalTarget(), oracle, needs_pass=True)
    return verdict if changed else None
