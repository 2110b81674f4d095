"""Where a student writes: the functions of an exercise in its master, and every mutant of what stands there."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np

from cs231n.tutor import course
from solutions.tools import generate, notebooks, regions
from tests.mutants.operators import changes

Place = tuple[ast.AST, str, int | None]  # a node's parent, the field it is in, its index where that is a list


@dataclass(frozen=True)
class Mutant:
    """One small change to an exercise's solution; `make` gives the changed function."""

    exercise: str
    line: int
    change: str
    source: str
    make: Callable[[], Callable]

    def __str__(self) -> str:
        return f"line {self.line}: {self.change}:  {self.source}"


@dataclass(frozen=True)
class Solution:
    """The function of an exercise, the helpers it calls, and the lines that are the student's to write."""

    exercise: course.Exercise
    function: ast.FunctionDef
    helpers: tuple[ast.FunctionDef, ...]
    lines: frozenset[int]
    file: str

    def make(self) -> Callable:
        """Compile the function as it stands now, within the names of its module."""
        tree = ast.fix_missing_locations(ast.Module([*self.helpers, self.function], []))
        names = dict(vars(import_module(self.exercise.module))) if self.exercise.file.endswith(".py") else {"np": np}
        exec(compile(tree, self.file, "exec"), names)
        return names[self.function.name]


def solution(name: str) -> Solution:
    """Find the master's solution of an exercise."""
    assignment, exercise = course.find_exercise(name)
    if exercise in assignment.in_cells:
        return _in_cell(assignment, exercise)
    text = (generate.ROOT / generate.HERE / exercise.file).read_text(encoding="utf-8")
    tree = ast.parse(text)
    owner, _, function_name = (exercise.function or exercise.name).rpartition(".")
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and owner in ("", node.name)]
    homes = classes if owner else [tree, *classes]
    functions = (node for home in homes for node in home.body if isinstance(node, ast.FunctionDef))
    function = next(one for one in functions if one.name == function_name)
    found = regions.find_regions(text)
    lines = frozenset(n + 1 for region in found for n in range(region.begin, region.end))
    own = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.lineno in lines]
    return Solution(
        exercise, function, _reached(function, own), lines, import_module(exercise.module).__file__ or exercise.file
    )


def _reached(function: ast.FunctionDef, helpers: list[ast.FunctionDef]) -> tuple[ast.FunctionDef, ...]:
    """Return the helpers that a function calls, itself or by way of others."""
    reached: list[ast.FunctionDef] = []
    waiting = [function]
    while waiting:
        named = {node.id for node in ast.walk(waiting.pop()) if isinstance(node, ast.Name)}
        new = [helper for helper in helpers if helper.name in named and helper not in reached]
        reached += new
        waiting += new
    return tuple(reached)


def _in_cell(assignment: course.Assignment, exercise: course.Exercise) -> Solution:
    master = generate.ROOT / generate.HERE / assignment.name / f"{Path(exercise.file).stem}.py"
    sources = [cell.source for cell in notebooks.render(master, solved=True).cells if cell.cell_type == "code"]
    text = next(source for source in sources if f"def {exercise.name}(" in source)
    function = next(node for node in ast.parse(text).body if getattr(node, "name", "") == exercise.name)
    lines = frozenset(range(function.body[0].lineno, (function.end_lineno or 0) + 1))
    return Solution(exercise, function, (), lines, f"<ipython-input {exercise.name}>")


def mutants(name: str) -> Iterator[Mutant]:
    """Yield every mutant of an exercise; use each before asking for the next: they share one syntax tree."""
    found = solution(name)
    for function in (found.function, *found.helpers):
        names = sorted(_variables(function))
        for statement, place, node in _nodes(function, found.lines):
            for replacement, change in changes(node, names):
                with _put(place, ast.copy_location(replacement, node)):
                    shown = statement if node is not statement else replacement
                    source = ast.unparse(shown).splitlines()[0]
                    yield Mutant(name, node.lineno, change, source, found.make)


def _variables(function: ast.FunctionDef) -> set[str]:
    stored = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    arguments = function.args
    return stored | {a.arg for a in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)} - {"self"}


def _nodes(function: ast.FunctionDef, lines: frozenset[int]) -> Iterator[tuple[ast.stmt, Place, ast.AST]]:
    """Yield (statement, place, node) for each node of the function's body in the student's lines."""

    def descend(parent: ast.AST, statement: ast.stmt | None):
        for field, value in list(ast.iter_fields(parent)):
            for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(node, ast.AST):
                    continue
                around = node if isinstance(node, ast.stmt) else statement
                inside = not hasattr(node, "lineno") or node.lineno in lines
                if inside and around is not None:
                    yield around, (parent, field, index), node
                yield from descend(node, around)

    for index, node in enumerate(function.body):
        if node.lineno in lines:
            yield node, (function, "body", index), node
        yield from descend(node, node)


@contextmanager
def _put(place: Place, node: ast.AST):
    parent, field, index = place
    whole = getattr(parent, field)
    if index is None:
        setattr(parent, field, node)
    else:
        before = whole[index]
        whole[index] = node
    try:
        yield
    finally:
        if index is None:
            setattr(parent, field, whole)
        else:
            whole[index] = before
