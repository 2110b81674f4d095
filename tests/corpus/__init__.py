"""Solutions as students write them, wrong ones with the cause they should be told, and unusual right ones."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from textwrap import dedent

import numpy as np


@dataclass(frozen=True)
class Attempt:
    """A student's version of one function. `method_of` is its class, "" for a plain function."""

    exercise: str
    label: str
    code: str
    cause: str = ""
    status: str = "pass"

    def install(self, monkeypatch, module: str, method_of: str = "") -> None:
        """Put the student's function in the master's place for the length of a test."""
        home = import_module(module)
        names = {**vars(home), "np": np}
        exec(compile(dedent(self.code), home.__file__, "exec"), names)
        owner = getattr(home, method_of) if method_of else home
        monkeypatch.setattr(owner, self.exercise, names[self.exercise])


def wrong(exercise: str, cause: str, code: str, status: str = "fail") -> Attempt:
    """A mistake, with the id of the cause that should be named ("" where none should)."""
    return Attempt(exercise, cause or code.strip().splitlines()[-1].strip(), code, cause, status)


def right(exercise: str, label: str, code: str) -> Attempt:
    """An unusual solution that must pass."""
    return Attempt(exercise, label, code)
