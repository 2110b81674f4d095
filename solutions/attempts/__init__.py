"""Solutions as students write them: wrong ones, with the cause they should be told, and unusual right ones.

A module for each family of checks has the attempts, WRONG and RIGHT, and CAUSES: {cause id: (what is wrong, what is
right or where to look)}. A cause that several families have is in the module of the first of them; `common` has those
that any exercise may have. `make stubs` writes them all to cs231n/tutor/exercises/causes.json.

A mistake that is `known` is recognised by its outputs: `make stubs` runs it through its check and stores with the kit
what it gives. The first that fits is named, so that their order in WRONG matters. What is merely `wrong` is found in
another way (by an exception, by a property of the check, by comparing), or is a known mistake made in another way.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from textwrap import dedent
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from cs231n.tutor import course

if TYPE_CHECKING:
    from cs231n.tutor.show.verdict import Verdict


def place(name: str) -> tuple[Any, str]:
    """Return (module or class, attribute) of an exercise's function. Methods may be listed by their own name."""
    exercise = course.exercises()[name][1]
    home = import_module(exercise.module)
    owner, _, attribute = (exercise.function or exercise.name).rpartition(".")
    if owner:
        return getattr(home, owner), attribute
    if hasattr(home, attribute):
        return home, attribute
    classes = (value for value in vars(home).values() if isinstance(value, type))
    return next(one for one in classes if hasattr(one, attribute)), attribute


@dataclass(frozen=True)
class Attempt:
    """A student's version of one function, under its own name or that of the exercise.

    `stored`: what it gives is stored with the kit, as what its cause gives.
    """

    exercise: str
    label: str
    code: str
    cause: str = ""
    status: str = "pass"
    advice: str = ""
    stored: bool = False

    def install(self, patch: pytest.MonkeyPatch) -> dict[str, Callable]:
        """Put the student's functions in the masters' place; return {name: function} if one belongs in a notebook cell.

        Mostly there is one, but a backward pass may come with the forward pass whose cache it takes.
        """
        if self.exercise not in course.exercises():
            return {self.exercise: self._written({"np": np}, f"<ipython-input {self.exercise}>")[self.exercise]}
        home = import_module(course.exercises()[self.exercise][1].module)
        owner, attribute = place(self.exercise)
        for name, function in self._written({**vars(home), "np": np}, home.__file__).items():
            own = attribute if name == self.exercise else name
            if there := next((one for one in (owner, home) if hasattr(one, own)), None):
                patch.setattr(there, own, function)
        return {}

    def _written(self, names: dict[str, Any], file: str) -> dict[str, Any]:
        """Return what the code defines, run with these names at hand."""
        before = dict(names)
        exec(compile(dedent(self.code), file, "exec"), names)
        return {name: value for name, value in names.items() if value is not before.get(name)}

    def verdict(self, patch: pytest.MonkeyPatch) -> Verdict:
        """Install the function, and return what its check says."""
        from cs231n.tutor import exercises  # which reads causes.json, and that is written from here

        functions = self.install(patch)
        return exercises.run(self.exercise, functions.get(self.exercise))


def families() -> list[ModuleType]:
    """Return the modules of attempts and causes."""
    return [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]


def everything(name: str) -> list[Attempt]:
    """Return all attempts that are WRONG, or all that are RIGHT."""
    return [attempt for family in families() for attempt in getattr(family, name, [])]


def known(exercise: str, cause: str, code: str) -> Attempt:
    """A mistake that is recognised by its outputs, with the id of its cause."""
    return Attempt(exercise, cause, code, cause, "fail", stored=True)


def wrong(exercise: str, cause: str, code: str, status: str = "fail") -> Attempt:
    """Another mistake, with the id of the cause that should be named ("" where none should)."""
    return Attempt(exercise, cause or code.strip().splitlines()[-1].strip(), code, cause, status)


def right(exercise: str, label: str, code: str) -> Attempt:
    """An unusual solution that must pass."""
    return Attempt(exercise, label, code)


def fragile(exercise: str, advice: str, code: str) -> Attempt:
    """A solution that is right as documented but fragile: it must pass, with these words in its advice."""
    return Attempt(exercise, advice, code, advice=advice)
