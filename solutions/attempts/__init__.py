"""Solutions as students write them: wrong ones, with the cause that their check must name, and unusual right ones.

There is a module for each family of exercises (`linear` is for two of them). It has lists of attempts, WRONG and RIGHT,
and CAUSES: {cause id: (what is wrong, what should be there or where to look)}. A cause that several families share is
in the module of one of them; `common` has the causes that any exercise may have. `make stubs` collects all causes in
cs231n/tutor/exercises/causes.json.

A mistake that is `known` is recognised by its outputs: `make stubs` runs the attempt through its check and stores its
outputs. Several attempts with one cause are different ways to make the same mistake. If the outputs of several mistakes
fit, one that explains all outputs has priority; among equals, the first in WRONG is named, so their order matters. The
outputs of an attempt that is only `wrong` are not stored: its cause is found from an exception, a property of the check
or a comparison, or it is another way to make a known mistake.
"""

from __future__ import annotations

import linecache
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
    """Return (module or class, attribute) of the function that an exercise asks for."""
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

    `stored`: its outputs come with the kit, so that its cause is recognised by them.
    """

    exercise: str
    label: str
    code: str
    cause: str = ""
    status: str = "pass"
    advice: str = ""
    stored: bool = False

    def install(self, patch: pytest.MonkeyPatch) -> dict[str, Callable]:
        """Install the student's functions in place of the masters'.

        Returns {name: function} for an exercise that is written in a notebook cell, and {} for any other. The code may
        define several functions: a backward pass may need a cache that only the student's forward pass leaves.
        """
        if self.exercise not in course.exercises():
            return {self.exercise: self._written({"np": np}, f"<ipython-input {self.exercise}>")[self.exercise]}
        home = import_module(course.exercises()[self.exercise][1].module)
        lines = dedent(self.code).splitlines(keepends=True)
        patch.setitem(linecache.cache, home.__file__, (len(self.code), None, lines, home.__file__))
        owner, attribute = place(self.exercise)
        for name, function in self._written({**vars(home), "np": np}, home.__file__).items():
            own = attribute if name == self.exercise else name
            if there := next((one for one in (owner, home) if hasattr(one, own)), None):
                patch.setattr(there, own, function)
        return {}

    def _written(self, names: dict[str, Any], file: str) -> dict[str, Any]:
        """Run the code with these names defined, and return {name: value} of what it defines."""
        before = dict(names)
        exec(compile(dedent(self.code), file, "exec"), names)
        return {name: value for name, value in names.items() if value is not before.get(name)}

    def verdict(self, patch: pytest.MonkeyPatch) -> Verdict:
        """Install the function, run the check of its exercise, and return the verdict."""
        from cs231n.tutor import exercises  # here, because it reads causes.json, which is written from this package

        functions = self.install(patch)
        return exercises.run(self.exercise, functions.get(self.exercise))


def families() -> list[ModuleType]:
    """Return the modules that contain attempts and causes."""
    return [import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]


def everything(name: str) -> list[Attempt]:
    """Return all attempts of the lists with this name, "WRONG" or "RIGHT"."""
    return [attempt for family in families() for attempt in getattr(family, name, [])]


def known(exercise: str, cause: str, code: str) -> Attempt:
    """Return a mistake that is recognised by its outputs, which are stored under the id of its cause."""
    return Attempt(exercise, cause, code, cause, "fail", stored=True)


def wrong(exercise: str, cause: str, code: str, status: str = "fail") -> Attempt:
    """Return a mistake whose outputs are not stored, with the id of the cause to be named, "" if there is none."""
    return Attempt(exercise, cause or code.strip().splitlines()[-1].strip(), code, cause, status)


def right(exercise: str, label: str, code: str) -> Attempt:
    """Return an unusual solution that must pass."""
    return Attempt(exercise, label, code)


def fragile(exercise: str, advice: str, code: str) -> Attempt:
    """Return a solution that is right as documented but fragile: it must pass, with these words in its advice."""
    return Attempt(exercise, advice, code, advice=advice)
