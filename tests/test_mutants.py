"""A sample of the mutants: for every exercise a few small changes, none of which may pass its check as right.

All of them: `make mutants`.
"""

import random

import pytest

from cs231n.tutor import course
from tests.mutants import cases
from tests.mutants.judge import judge, judge_all
from tests.mutants.sites import mutants

EVERY = [e.name for assignment in course.ASSIGNMENTS for e in assignment.asked]
SAMPLE = 3


@pytest.fixture(autouse=True)
def _fewer_cases(monkeypatch):
    monkeypatch.setattr(cases, "MANY", 100)  # a mistake that is taken for none here survives in `make mutants`


@pytest.mark.parametrize("name", EVERY)
def test_small_changes_to_a_solution_do_not_pass(name):
    count = sum(1 for _ in mutants(name))
    chosen = set(random.Random(name).sample(range(count), min(SAMPLE, count)))
    fates = [judge(mutant) for number, mutant in enumerate(mutants(name)) if number in chosen]
    assert not [outcome.mutant for outcome in fates if outcome.fate == "survived"]


def test_what_changes_nothing_is_told_from_what_does():
    fates = {outcome.mutant.split(": ", 1)[1]: outcome.fate for outcome in judge_all("relu_backward")}
    assert fates["-> GtE:  return dout * (cache >= 0)"] == "equivalent"
    assert fates["-> Lt:  return dout * (cache < 0)"] == "killed"


def test_a_check_that_looks_at_nothing_lets_mistakes_survive(monkeypatch):
    from cs231n.tutor.checks import compare

    monkeypatch.setattr(compare, "agrees", lambda *_: True)
    assert "survived" in {outcome.fate for outcome in judge_all("relu_backward")}
