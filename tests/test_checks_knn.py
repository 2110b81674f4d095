"""The kNN checks refuse what is wrong with the right cause, and accept whatever is right."""

import pytest

from cs231n import checks
from tests.corpus.knn import FRAGILE, RIGHT, WRONG

KNN = ("cs231n.classifiers.k_nearest_neighbor", "KNearestNeighbor")
HOMES = {"cross_validate": ("cs231n.cross_validation", "")}


def verdict(attempt, monkeypatch):
    attempt.install(monkeypatch, *HOMES.get(attempt.exercise, KNN))
    return checks.run(attempt.exercise)


def name(attempt):
    return f"{attempt.exercise}-{attempt.label}"


@pytest.mark.parametrize("attempt", WRONG, ids=name)
def test_a_mistake_is_refused_and_its_cause_named(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert (found.status, found.cause_id) == (attempt.status, attempt.cause), str(found)
    assert found.message and found.where and found.points == 0


@pytest.mark.parametrize("attempt", RIGHT, ids=name)
def test_an_unusual_right_solution_passes(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert (found.status, found.cause) == ("pass", ""), str(found)


@pytest.mark.parametrize("attempt", FRAGILE, ids=name)
def test_a_fragile_solution_passes_with_advice(attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert found.status == "pass" and attempt.label in found.advice, str(found)


@pytest.mark.parametrize("exercise", checks.names())
def test_the_master_passes_without_advice(exercise):
    found = checks.run(exercise)
    assert (found.status, found.advice) == ("pass", ""), str(found)
    assert found.points == found.out_of > 0
