"""A session decides on an exercise and on what it builds on."""

from dataclasses import replace

from cs231n.tutor.checks import explain
from cs231n.tutor.checks.runner import Session
from cs231n.tutor.checks.target import LocalTarget
from tests.tutor.checks.test_decide import NEGATIVE, Twice


def test_no_cause_is_looked_for_where_an_exercise_waits_for_what_it_needs(monkeypatch):
    looked, real = [], explain.explain

    def explained(check, *arguments):
        looked.append(check.name)
        return real(check, *arguments)

    monkeypatch.setattr(explain, "explain", explained)
    both_wrong = {name: ("layers", replace(NEGATIVE, name=name)) for name in ("affine_forward", "affine_backward")}
    session = Session(both_wrong, LocalTarget(), Twice())
    assert session.run("affine_backward").waits_for == "affine_forward"
    assert session.run("affine_forward").cause
    assert looked == ["affine_forward"]
