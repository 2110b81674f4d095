"""The checks for computation graphs refuse what is wrong with the right cause, and accept whatever is right."""

from textwrap import dedent

import numpy as np
import pytest

from cs231n import checks, course, graph
from cs231n.checks.graph import CHECKS
from tests.corpus.graph import FRAGILE, RIGHT, WRONG, gate


def verdict(attempt, monkeypatch):
    names = {**vars(graph), "np": np}
    exec(compile(dedent(attempt.code), graph.__file__, "exec"), names)
    owner, _, method = course.find_exercise(attempt.exercise)[1].function.rpartition(".")
    home = getattr(graph, owner) if owner else graph
    monkeypatch.setattr(home, method or attempt.exercise, names[attempt.exercise])
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
    assert (found.status, found.advice) == ("pass", ""), str(found)


@pytest.mark.parametrize(("advice", "attempt"), FRAGILE, ids=lambda one: getattr(one, "label", ""))
def test_a_fragile_solution_passes_with_advice(advice, attempt, monkeypatch):
    found = verdict(attempt, monkeypatch)
    assert found.status == "pass" and advice in found.advice, str(found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_every_stub_has_six_mistakes_and_three_unusual_ways(check):
    assert sum(attempt.exercise == check.name for attempt in WRONG) >= 6
    assert sum(attempt.exercise == check.name for attempt in RIGHT) >= 3


def test_a_wrong_backward_waits_for_a_wrong_gate(monkeypatch):
    from tests.corpus import wrong

    verdict(wrong("mul_gate", "", gate("mul_gate", "dout, dout")), monkeypatch)
    found = checks.run("backward")
    assert found.status == "todo" and "waits for mul_gate" in found.message
