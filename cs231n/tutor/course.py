"""The course: assignments, notebooks and exercises, read from assignment*.toml next to this file."""

from __future__ import annotations

import ast
import contextlib
import difflib
import os
import sys
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TUTOR = Path(__file__).resolve().parent
PACKAGE = TUTOR.parent
ROOT = PACKAGE.parent  # the checkout or unpacked release: assignments/, datasets/ and cs231n/ are here


@dataclass(frozen=True)
class Exercise:
    """One function that a student writes: its name, file (relative to ROOT), notebook and points.

    `needs` are the exercises that have to be right first; `function` is the function's name in the file, such
    as "affine_forward" or "TwoLayerNet.loss"; the three `hints` give a place to look, the idea, and nearly the answer.
    """

    name: str
    file: str
    notebook: str
    hints: tuple[str, ...]
    points: int = 0
    needs: tuple[str, ...] = ()
    function: str = ""

    @property
    def module(self) -> str:
        """The dotted name of the stub's module, for an exercise in a file of the package."""
        return self.file.removesuffix(".py").replace("/", ".")


@dataclass(frozen=True)
class Assignment:
    """One assignment: its notebooks (file names without .ipynb) and `asked`, its exercises, both in course order."""

    name: str
    notebooks: tuple[str, ...]
    asked: tuple[Exercise, ...]

    @property
    def in_cells(self) -> tuple[Exercise, ...]:
        """The exercises that are written in a cell of their notebook."""
        return tuple(one for one in self.asked if one.file.endswith(".ipynb"))

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """The exercises that are written in a file of the package."""
        return tuple(one for one in self.asked if not one.file.endswith(".ipynb"))

    @property
    def files(self) -> tuple[str, ...]:
        """The paths, relative to ROOT, of the files that a student has to hand in: stub modules, then notebooks."""
        modules = dict.fromkeys(exercise.file for exercise in self.exercises)
        return (*modules, *(f"assignments/{self.name}/{stem}.ipynb" for stem in self.notebooks))


def _read(path: Path) -> Assignment:
    """Return the assignment that a data file describes; an exercise without a file is in a cell of its notebook."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    exercises = []
    for row in data["exercises"]:
        row = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        row.setdefault("function", row["name"])
        row.setdefault("file", f"assignments/{path.stem}/{row['notebook']}.ipynb")
        exercises.append(Exercise(**row))
    return Assignment(path.stem, tuple(data["notebooks"]), tuple(exercises))


ASSIGNMENTS = tuple(map(_read, sorted(TUTOR.glob("assignment*.toml"))))


def find_assignment(name: str) -> Assignment:
    """Return the assignment of that name. Raises KeyError, which names the existing ones."""
    for assignment in ASSIGNMENTS:
        if assignment.name == name:
            return assignment
    raise KeyError(f"there is no {name!r}; choose from {', '.join(a.name for a in ASSIGNMENTS)}")


@cache
def everything() -> dict[str, tuple[Assignment, Exercise]]:
    """Return {exercise name: (its assignment, the exercise)} for all exercises, in course order."""
    return {one.name: (part, one) for part in ASSIGNMENTS for one in part.asked}


@cache
def exercises() -> dict[str, tuple[Assignment, Exercise]]:
    """Return {exercise name: (its assignment, the exercise)} for those in files of the package, in course order."""
    return {name: (part, one) for name, (part, one) in everything().items() if one not in part.in_cells}


def find_exercise(name: str) -> tuple[Assignment, Exercise]:
    """Return (assignment, exercise) for the name of an exercise in the package or a notebook cell. Raises KeyError."""
    return everything()[name]


def named(name: str) -> list[str]:
    """Return the names of the exercises that `name` refers to, in course order, without those in notebook cells.

    `name` may be an exercise, an assignment, a notebook ("knn", "assignment1/knn"), or the path of a file.
    """
    path = Path(os.path.abspath(name))  # noqa: PTH100  no resolving
    return [
        one.name
        for part, one in exercises().values()
        if name in (one.name, part.name, one.notebook, f"{part.name}/{one.notebook}", one.file)
        or path in (ROOT / one.file, ROOT / f"assignments/{part.name}/{one.notebook}.ipynb")
    ]


def expect_name(name: object, call: str) -> None:
    """Raise TypeError if `name` is not a string; `call`, such as "checks.run", is the function it was passed to."""
    if not isinstance(name, str):
        raise TypeError(f'{call} expects the name of an exercise, as in {call}("adam"), not {repr(name)[:80]}')


@lru_cache(maxsize=16)
def functions(source: str) -> dict[str, ast.FunctionDef]:
    """Return {name: syntax tree} of the functions in Python source; a method has the names "Class.method" and "method".

    Of several functions with the same name, the least nested one is returned; of equally nested ones, the first. If
    Python cannot read the source, this raises SyntaxError or ValueError; if the source is nested too deeply,
    RecursionError or MemoryError.
    """
    tree = ast.parse(source)
    found: dict[str, ast.FunctionDef] = {}
    for home in (tree, *(one for one in ast.walk(tree) if isinstance(one, ast.ClassDef))):
        owner = f"{home.name}." if isinstance(home, ast.ClassDef) else ""
        for one in ast.walk(home):
            if isinstance(one, ast.FunctionDef):
                found.setdefault(owner + one.name, one)
    return found


def parsed(source: str | bytes) -> ast.Module | None:
    """Return the syntax tree of Python source, without printing warnings; None if Python cannot read the source."""
    with warnings.catch_warnings(), contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        warnings.simplefilter("ignore")
        return ast.parse(source)
    return None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question such as "Did you mean adam?", or "" if no known name is similar to `name`.

    The question offers the most similar known name, or else up to three that contain `name`.
    """
    spellings = {one.lower(): one for one in known}
    close = difflib.get_close_matches(name.lower(), spellings, n=1)
    if not close and len(name) > 2:
        close = [one for one in spellings if name.lower() in one][:3]
    return f"Did you mean {' or '.join(spellings[one] for one in close)}?" if close else ""


def stub_modules() -> tuple[str, ...]:
    """Return the dotted names of all modules that students edit, in course order."""
    return tuple(dict.fromkeys(exercise.module for _, exercise in exercises().values()))
