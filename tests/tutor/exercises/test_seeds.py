"""Every check draws its cases from a seed: another seed gives other inputs, and the same verdicts."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from cs231n.tutor import exercises
from cs231n.tutor.checks.decide import decide
from cs231n.tutor.checks.oracle import fingerprint
from cs231n.tutor.checks.seed import PUBLIC, Seed
from cs231n.tutor.checks.target import LocalTarget
from solutions.tools.expected import cell_functions
from tests.solutions.test_attempts import RIGHT, WRONG, name
from tests.tutor.exercises.test_false_alarms import SMALL_VARIANCES, Masters

SECRET = Seed(2**100 + 4711)
SEEDS = [Seed(1), Seed(2), Seed(3), Seed(2**64 + 1), SECRET]


def prints(check, seed):
    return [fingerprint(case.inputs) for case in check.cases(seed)]


@pytest.mark.parametrize("exercise", exercises.names())
def test_two_seeds_give_different_inputs(exercise):
    check = exercises.registry()[exercise][1]
    drawn = [prints(check, seed) for seed in (PUBLIC, *SEEDS)]
    assert len({tuple(one) for one in drawn}) == len(drawn)


@pytest.mark.parametrize("exercise", exercises.names())
def test_a_seed_gives_the_same_cases_again_each_with_a_name_of_its_own(exercise):
    check = exercises.registry()[exercise][1]
    for seed in (PUBLIC, *SEEDS):
        assert prints(check, seed) == prints(check, seed)
        assert len({case.name for case in check.cases(seed)}) == len(check.cases(seed))


@pytest.mark.parametrize("exercise", exercises.names())
def test_hints_are_those_of_the_public_seed(exercise):
    check = exercises.registry()[exercise][1]

    def kinds(seed):
        return [(case.hint, case.fragile, list(case.inputs)) for case in check.cases(seed)]

    assert all(kinds(seed) == kinds(PUBLIC) for seed in SEEDS)


def graded(exercise, seed, functions):
    """Return the verdict with the cases of a seed; `functions()` puts a student's code in the masters' place."""
    check = replace(exercises.registry()[exercise][1], seed=seed)
    oracle = Masters(check, check.drawn)
    return decide(check, LocalTarget(functions()), oracle, needs_pass=True)


@pytest.mark.parametrize("exercise", exercises.names())
def test_the_masters_pass_with_every_seed(exercise):
    for seed in SEEDS:
        found = graded(exercise, seed, cell_functions)
        assert (found.status, found.advice) == ("pass", ""), f"{seed}: {found}"


def functions_of(attempt, monkeypatch):
    return {**cell_functions(), **attempt.install(monkeypatch)}


@pytest.mark.parametrize("attempt", WRONG[::7], ids=name)
def test_a_mistake_is_refused_with_a_secret_seed_too(attempt, monkeypatch):
    found = graded(attempt.exercise, SECRET, partial(functions_of, attempt, monkeypatch))
    assert found.status in ("fail", "error", "todo"), str(found)


@pytest.mark.parametrize("attempt", RIGHT[::4], ids=name)
def test_an_unusual_right_solution_passes_with_a_secret_seed_too(attempt, monkeypatch):
    if attempt.advice == SMALL_VARIANCES:
        pytest.skip("what epsilon out of its root does depends on the numbers")
    found = graded(attempt.exercise, SECRET, partial(functions_of, attempt, monkeypatch))
    assert found.status == "pass", str(found)


def test_the_public_seed_is_the_plain_stream():
    assert np.array_equal(PUBLIC.random(7).randn(5), np.random.RandomState(7).randn(5))
    assert PUBLIC.vary(7, (3, 0.5), most=3) == (3, 0.5)


def test_numbers_vary_upwards_and_equal_ones_stay_equal():
    one, other, third, fraction = SECRET.vary(7, (3, 3, 4, 0.5), most=3)
    assert 3 <= one == other <= 9 and 4 <= third <= 12 and 0.5 <= fraction <= 1.5
    assert isinstance(one, int) and isinstance(fraction, float)


@pytest.mark.parametrize("exercise", ["TwoLayerNet_loss", "FullyConnectedNet_loss", "ThreeLayerConvNet_loss"])
def test_every_gradient_of_a_net_counts_in_every_case(exercise):
    check = exercises.registry()[exercise][1]
    for case in check.cases(PUBLIC):
        outputs = check.recipe(LocalTarget(), **case.inputs)
        assert not [output for output, value in outputs.items() if not np.any(value)], case.name
