"""Solutions as students write them, wrong ones with the cause they should be told, and unusual right ones."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from textwrap import dedent

import numpy as np

from cs231n.tutor import course, exercises
from cs231n.tutor.show.verdict import Verdict
from tests import place


@dataclass(frozen=True)
class Attempt:
    """A student's version of one function, under its own name or that of the exercise."""

    exercise: str
    label: str
    code: str
    cause: str = ""
    status: str = "pass"
    advice: str = ""

    def install(self, monkeypatch) -> None:
        """Put the student's function in the master's place for the length of a test."""
        home = import_module(course.exercises()[self.exercise][1].module)
        before = {**vars(home), "np": np}
        names = dict(before)
        exec(compile(dedent(self.code), home.__file__, "exec"), names)
        owner, attribute = place.of(self.exercise)
        written = [name for name in (attribute, self.exercise) if names.get(name) is not before.get(name)]
        monkeypatch.setattr(owner, attribute, names[written[0]])

    def verdict(self, monkeypatch) -> Verdict:
        """Install the function, and return what its check says."""
        self.install(monkeypatch)
        return exercises.run(self.exercise)


def wrong(exercise: str, cause: str, code: str, status: str = "fail") -> Attempt:
    """A mistake, with the id of the cause that should be named ("" where none should)."""
    return Attempt(exercise, cause or code.strip().splitlines()[-1].strip(), code, cause, status)


def right(exercise: str, label: str, code: str) -> Attempt:
    """An unusual solution that must pass."""
    return Attempt(exercise, label, code)


def fragile(exercise: str, advice: str, code: str) -> Attempt:
    """A solution that is right as documented but fragile: it must pass, with these words in its advice."""
    return Attempt(exercise, advice, code, advice=advice)
