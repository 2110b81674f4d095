"""Solution regions: from a master's text to the stub a student gets, or to the solved file.

A region is what stands between two lines that hold nothing but a marker:

    ### BEGIN SOLUTION
    # TODO: fill dists[i, j] with the distance between X[i] and self.X_train[j].
    #   A continuation line is indented by three spaces.
    dists[i, j] = ...
    ### END SOLUTION

It opens with a TODO of one to three lines, which is what the student sees in its place, followed by
`raise NotImplementedError("<function>: …")`. Three kinds of region differ: one in a module but outside any function
holds helpers of the solution and leaves nothing behind (nor has it a TODO); one in a markdown cell is a model answer
and leaves a line to write on; of nested regions the outermost one decides.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"
TODO = "# TODO:"
CONTINUATION = "#   "
MAX_TODO_LINES = 3
UNFILLED = "not written yet, see the TODO above"
ANSWER = "*Your answer:*"


class MarkerError(ValueError):
    """A master whose solution markers cannot be understood; says which file and line."""

    def __init__(self, path: str, line: int, message: str):
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True)
class Region:
    """Lines `begin`..`end` of a master (0-based, both markers included) and the TODO that replaces them."""

    begin: int
    end: int
    todo: tuple[str, ...]


def find_regions(text: str, path: str = "<text>") -> list[Region]:
    """Return the outermost solution regions of `text`. Raises MarkerError where markers do not match up."""
    lines = text.splitlines()
    opened: list[int] = []
    regions = []
    for number, line in enumerate(lines):
        marker = line.strip()
        if marker == BEGIN:
            opened.append(number)
        elif marker == END:
            if not opened:
                raise MarkerError(path, number + 1, f"'{END}' without '{BEGIN}' before it")
            begin = opened.pop()
            if _indent(lines[begin]) != _indent(line):
                raise MarkerError(path, number + 1, f"'{END}' is indented unlike its '{BEGIN}' in line {begin + 1}")
            if not opened:
                regions.append(Region(begin, number, _todo(lines, begin, number, path)))
        elif _looks_like_marker(marker):
            raise MarkerError(
                path, number + 1, f"almost a marker: write exactly '{BEGIN}' or '{END}', alone in its line"
            )
    if opened:
        raise MarkerError(path, opened[-1] + 1, f"'{BEGIN}' is never closed by '{END}'")
    return regions


def to_stub(text: str, path: str = "<text>", task: str | None = None) -> str:
    """Replace every region by its TODO and a `raise NotImplementedError` that names the enclosing function.

    `task` is the name used outside any function: a notebook cell passes one; without it (a module) such regions
    are helpers of the solution and vanish.
    """
    regions = find_regions(text, path)
    functions = _functions(text, path) if regions else []
    lines = text.splitlines()
    for region in reversed(regions):
        name = _innermost(functions, region.begin + 1) or task
        if name and not region.todo:
            raise MarkerError(path, region.begin + 2, f"a region opens with '{TODO} …', one to {MAX_TODO_LINES} lines")
        indent = " " * _indent(lines[region.begin])
        stub = [*region.todo, f'{indent}raise NotImplementedError("{name}: {UNFILLED}")'] if name else []
        lines[region.begin : region.end + 1] = stub
    return _joined(lines, text)


def to_answer_stub(text: str, path: str = "<text>") -> str:
    """Replace the model answers in a markdown cell by a line to write on."""
    lines = text.splitlines()
    for region in reversed(find_regions(text, path)):
        lines[region.begin : region.end + 1] = [ANSWER]
    return _joined(lines, text)


def to_solved(text: str, path: str = "<text>") -> str:
    """Drop the markers and the outer TODOs; what is left is the solution as a student might have written it."""
    lines = text.splitlines()
    drop = set()
    for region in find_regions(text, path):
        drop.update(range(region.begin, region.begin + 1 + len(region.todo)))
    kept = [line for number, line in enumerate(lines) if number not in drop and line.strip() not in (BEGIN, END)]
    return _joined(kept, text)


def solution_lines(text: str, path: str = "<text>") -> list[str]:
    """Return the lines that must never reach a student: region bodies without markers and TODOs."""
    lines = text.splitlines()
    return [
        line.strip()
        for region in find_regions(text, path)
        for line in lines[region.begin + 1 + len(region.todo) : region.end]
        if line.strip() not in ("", BEGIN, END)
    ]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _looks_like_marker(stripped: str) -> bool:
    words = stripped.upper().replace("#", " ").split()
    return stripped.startswith("#") and words[:2] in (["BEGIN", "SOLUTION"], ["END", "SOLUTION"])


def _todo(lines: list[str], begin: int, end: int, path: str) -> tuple[str, ...]:
    todo: list[str] = []
    for line in lines[begin + 1 : end]:
        if not line.strip().startswith(CONTINUATION if todo else TODO):
            break
        todo.append(line)
    if len(todo) > MAX_TODO_LINES:
        raise MarkerError(path, begin + 2, f"a TODO has at most {MAX_TODO_LINES} lines; found {len(todo)}")
    return tuple(todo)


def _functions(text: str, path: str) -> list[tuple[int, int, str]]:
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise MarkerError(path, error.lineno or 1, f"the master is not valid Python: {error.msg}") from None
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return [(node.lineno, node.end_lineno or node.lineno, node.name) for node in functions]


def _innermost(functions: list[tuple[int, int, str]], line: int) -> str | None:
    around = [(end - start, name) for start, end, name in functions if start <= line <= end]
    return min(around)[1] if around else None


def _joined(lines: list[str], original: str) -> str:
    return "\n".join(lines).rstrip("\n") + ("\n" if original.endswith("\n") else "")
