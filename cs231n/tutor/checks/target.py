"""The target of a check: it calls a student's code through a recipe and reports what happened."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import linecache
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from cs231n.tutor import course
from cs231n.tutor.checks import steps
from cs231n.tutor.checks.limits import Limits, Stopped, short, text_of

UNFILLED = re.compile(r"[\w ]+: not written yet(, see the TODO above)?")  # the message of an unfilled stub
Recipe = Callable[..., dict[str, np.ndarray]]  # recipe(student, **inputs) -> {output name: array}


class WrongKindError(Exception):
    """Raised by a recipe if the code breaks a promise of the exercise's docstring, for example by returning None."""

    def __init__(self, message: str, cause: str = ""):
        super().__init__(message)
        self.cause = cause


@dataclass(frozen=True)
class Failure:
    """Why a call failed: the type of the exception ("" for WrongKindError) and its message.

    `where` is the place, file:line, and `source` the text, of the student's line that raised the exception, or "".
    """

    kind: str
    message: str
    where: str = ""
    source: str = ""
    todo: str = ""  # the exercise, or else the function, whose unfilled stub was reached
    cause: str = ""
    why: tuple[str, str] = ("", "")  # cause and evidence, if the process in which the error was raised found them
    error: BaseException | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Run:
    """What one call to the student's code did: its value, which is empty after a failure, and its side effects."""

    value: dict[str, np.ndarray]
    failure: Failure | None
    mutated: tuple[str, ...]
    observed: steps.Observed


class LocalTarget:
    """The student's modules in this process, and the `functions` that a notebook defines, {name: function}.

    Code that exceeds one of the `limits` is stopped; None means no limits.
    """

    def __init__(self, functions: dict[str, Callable] | None = None, limits: Limits | None = None):
        self.functions = functions or {}
        self.limits = limits

    def module(self, name: str) -> ModuleType:
        """Return a module of the student, imported by name, e.g. "cs231n.classifiers.k_nearest_neighbor"."""
        return importlib.import_module(name)

    def run(self, recipe: Recipe, inputs: dict[str, Any], observe: str = "") -> Run:
        """Call recipe(self, **inputs) with copies of the arrays among the inputs, and return what happened.

        `observe` is "steps", "memory" or "", which means neither. Raises Stopped if the code exceeds a limit.
        """
        given = {name: _copy(value) for name, value in inputs.items()}
        value, failure, observed = self.call(recipe, given, observe)
        mutated = changed(given, inputs)
        return Run({name: _copy(array) for name, array in value.items()}, failure, mutated, observed)

    def in_turn(self, cases: Sequence[Any]) -> Sequence[Any]:
        """Return cases in the order in which they are run."""
        return cases

    def watch(self, look: Callable[[LocalTarget, Any], Any], check: Any) -> Any:
        """Call `look`, a watch of a check, in the process that runs the student's code, and return its finding."""
        return look(self, check)

    def call(
        self, recipe: Recipe, given: dict[str, Any], observe: str = ""
    ) -> tuple[dict[str, np.ndarray], Failure | None, steps.Observed]:
        """Return the value of recipe(self, **given), the failure or None, and what was observed; see run()."""
        state = np.random.get_state()  # noqa: NPY002  a student may seed or draw from the global generator
        value: dict[str, np.ndarray] = {}
        failure, observed = None, steps.Observed()

        def call() -> tuple[dict[str, np.ndarray], Failure | None]:
            nonlocal observed
            try:
                with self._observer(observe) as observed:
                    return recipe(self, **given), None
            except (Stopped, MemoryError):
                raise
            except BaseException as error:  # student code may raise anything, SystemExit included
                if isinstance(error, KeyboardInterrupt) and signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
                    raise  # somebody pressed Ctrl-C
                return {}, describe_failure(error)  # within the limits: its __str__ is student code

        try:
            with self._quiet():
                value, failure = self.limits.call(call) if self.limits else call()
        except MemoryError as error:  # with limits, OutOfMemory is raised instead
            failure = describe_failure(error)
        finally:
            np.random.set_state(state)  # noqa: NPY002
        return value, failure, observed

    @staticmethod
    @contextlib.contextmanager
    def _quiet() -> Iterator[None]:
        with (
            Path(os.devnull).open("w", errors="replace") as nowhere,
            contextlib.redirect_stdout(nowhere),
            warnings.catch_warnings(),
            np.errstate(all="ignore"),
        ):
            warnings.simplefilter("ignore")
            asked = builtins.input
            builtins.input = _input
            try:
                yield
            finally:
                builtins.input = asked

    @staticmethod
    def _observer(observe: str) -> contextlib.AbstractContextManager[steps.Observed]:
        if observe == "steps":
            loaded = (sys.modules[name].__file__ for name in course.stub_modules() if name in sys.modules)
            return steps.steps_and_calls(frozenset(filter(None, loaded)))
        return steps.peak_memory() if observe == "memory" else contextlib.nullcontext(steps.Observed())


def is_unfilled(error: BaseException) -> bool:
    """Return whether an exception is the one that an unfilled stub raises, and not one of the student's."""
    return isinstance(error, NotImplementedError) and UNFILLED.fullmatch(text_of(error)) is not None


def describe_failure(error: BaseException) -> Failure:
    """Return the type and message of an exception, and the student's line that it comes from, if there is one."""
    if isinstance(error, WrongKindError):
        return Failure("", text_of(error), cause=error.cause)
    if isinstance(error, SyntaxError) and error.filename:  # otherwise it was raised by a statement
        where = f"{relative(short(error.filename))}:{error.lineno}"
        return Failure(type(error).__name__, short(error.msg), where, short(error.text).strip())
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if is_students(frame.filename)]
    kind = short(type(error).__name__, 100)
    if not frames:
        return Failure(kind, text_of(error), error=error)
    last = frames[-1]
    todo = _exercise(last) if is_unfilled(error) else ""
    where = "" if in_cell(last.filename) else f"{relative(last.filename)}:{last.lineno}"
    return Failure(kind, text_of(error), where, short(last.line), todo, error=error)


def _exercise(frame: traceback.FrameSummary) -> str:
    """Return the exercise that a line of student code belongs to, or the name of the function if there is none."""
    with contextlib.suppress(SyntaxError, ValueError):  # it may have been edited since it was loaded
        functions = course.functions("".join(linecache.getlines(frame.filename)))
        for _, exercise in course.exercises().values():
            found = functions.get(exercise.function) if exercise.file == relative(frame.filename) else None
            if found and found.lineno <= (frame.lineno or 0) <= (found.end_lineno or 0):
                return exercise.name
    return frame.name


def relative(filename: str) -> str:
    """Return a path relative to the kit's folder if it is inside, otherwise unchanged."""
    with contextlib.suppress(ValueError):
        return Path(filename).resolve().relative_to(course.ROOT).as_posix()
    return filename


def is_students(filename: str) -> bool:
    """Return whether a file is a cell of a notebook, or a file of an exercise."""
    known = relative(filename)
    return in_cell(filename) or any(known == exercise.file for _, exercise in course.exercises().values())


def in_cell(filename: str) -> bool:
    """Return whether code comes from a cell of a notebook."""
    return filename.startswith("<ipython-input") or "ipykernel_" in filename


def _input(prompt: object = "", /) -> str:
    raise EOFError("input() cannot be used in a check")


def changed(after: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the arrays that a call has changed."""
    return tuple(name for name in before if not _same(after[name], before[name]))


def _copy(value: Any) -> Any:
    return value.copy() if isinstance(value, np.ndarray) else value


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        return a.shape == b.shape and a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
    return True
