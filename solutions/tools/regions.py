"""Solution regions: turn a master's text into the stub that a student gets, or into the solved file.

A region is the part between two lines, each of which contains only a marker:

    ### BEGIN SOLUTION
    # TODO: fill dists[i, j] with the distance between X[i] and self.X_train[j].
    #   A continuation line is indented by three spaces.
    dists[i, j] = ...
    ### END SOLUTION

A region begins with a TODO of one to three lines. In the stub, the region is replaced by this TODO and the line
`raise NotImplementedError("<function>: …")`. There are two exceptions. A region in a module, but outside any function,
contains helpers of the solution: it has no TODO and is removed completely. A region in a markdown cell is a model
answer: a line to write on replaces it. If regions are nested, only the outermost one counts. The result has "\\n" as
line ending, whatever the master has.
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
    """The solution markers of a master are wrong; the message says in which file and line."""

    def __init__(self, path: str, line: int, message: str):
        self.line, self.message = line, message
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True)
class Region:
    """Lines `begin` to `end` of a master, from marker to marker, counted from 0; and the TODO at their beginning."""

    begin: int
    end: int
    todo: tuple[str, ...]


def find_regions(text: str, path: str = "<text>") -> list[Region]:
    """Return the outermost solution regions of `text`. Raises MarkerError if the markers or a TODO are wrong."""
    lines = _lines(text)
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
                raise MarkerError(path, number + 1, f"'{END}' is not indented like its '{BEGIN}' in line {begin + 1}")
            if not opened:
                regions.append(Region(begin, number, _todo(lines, begin, number, path)))
        elif _looks_like_marker(marker):
            raise MarkerError(
                path, number + 1, f"almost a marker: write exactly '{BEGIN}' or '{END}', and nothing else on this line"
            )
    if opened:
        raise MarkerError(path, opened[-1] + 1, f"'{BEGIN}' is never closed by '{END}'")
    return regions


def to_stub(text: str, path: str = "<text>", task: str | None = None) -> str:
    """Return text with each region replaced by its TODO and a `raise NotImplementedError` that names the function.

    `task` is the name to use outside any function, as in a notebook cell. Without it, as in a module, such regions are
    helpers of the solution and are removed. Raises MarkerError if the markers are wrong or the result is not Python.
    """
    regions = find_regions(text, path)
    functions = _functions(_parsed(text, path, "the master")) if regions else []
    lines = _lines(text)
    for region in reversed(regions):
        name = _owner(lines, region, functions, path) or task
        if bool(name) != bool(region.todo):
            wanted = f"must begin with '{TODO} …'" if name else f"outside any function must not begin with '{TODO} …'"
            raise MarkerError(path, region.begin + 2, f"a region {wanted}")
        if name:
            indent = " " * _indent(lines[region.begin])
            stub = [*region.todo, f'{indent}raise NotImplementedError("{name}: {UNFILLED}")']
            lines[region.begin : region.end + 1] = stub
        else:
            _remove(lines, region.begin, region.end + 1)
    stub_text = "\n".join(lines)
    if regions:
        _parsed(stub_text, path, "the stub made from it")
    return stub_text


def to_answer_stub(text: str, path: str = "<text>") -> str:
    """Return the text of a markdown cell with a line to write on in place of each model answer."""
    lines = _lines(text)
    for region in reversed(find_regions(text, path)):
        lines[region.begin : region.end + 1] = [ANSWER]
    return "\n".join(lines)


def to_solved(text: str, path: str = "<text>") -> str:
    """Return text without the markers and the outer TODOs: the solution as a student might have written it."""
    lines = _lines(text)
    drop: list[int] = []
    for region in find_regions(text, path):
        body = range(region.begin + 1 + len(region.todo), region.end + 1)
        drop += range(region.begin, body.start)
        drop += [number for number in body if lines[number].strip() in (BEGIN, END)]
    for number in reversed(drop):
        _remove(lines, number, number + 1)
    return "\n".join(lines)


def solution_lines(text: str, path: str = "<text>") -> list[str]:
    """Return the lines that must never reach a student: region bodies without markers and TODOs."""
    lines = _lines(text)
    return [
        line.strip()
        for region in find_regions(text, path)
        for line in lines[region.begin + 1 + len(region.todo) : region.end]
        if line.strip() not in ("", BEGIN, END)
    ]


def _lines(text: str) -> list[str]:
    """Return the lines as Python counts them; str.splitlines would also split at form feeds in string literals."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _remove(lines: list[str], begin: int, end: int) -> None:
    """Delete lines begin..end-1, and the blank lines before them if a blank line or nothing follows."""
    if all(not line.strip() for line in lines[end : end + 1]):
        while begin and not lines[begin - 1].strip():
            begin -= 1
    del lines[begin:end]


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
        raise MarkerError(path, begin + 2, f"a TODO may have at most {MAX_TODO_LINES} lines; found {len(todo)}")
    return tuple(todo)


def _parsed(text: str, path: str, what: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError) as error:  # ValueError: a null byte
        line = getattr(error, "lineno", None) or 1
        raise MarkerError(path, line, f"{what} is not valid Python: {getattr(error, 'msg', error)}") from None


def _functions(tree: ast.Module) -> list[tuple[int, int, str]]:
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return [(node.lineno, node.end_lineno or node.lineno, node.name) for node in functions]


def _owner(lines: list[str], region: Region, functions: list[tuple[int, int, str]], path: str) -> str | None:
    """Return the name of the innermost function around a region, or None if there is none.

    Raises MarkerError if the region has no code, is indented wrongly, or reaches beyond the function.
    """
    body = range(region.begin + 1 + len(region.todo), region.end)
    code = [number for number in body if lines[number].strip() and not lines[number].strip().startswith("#")]
    if not code:
        raise MarkerError(path, region.begin + 1, "there is no solution in this region")
    if _indent(lines[code[0]]) != _indent(lines[region.begin]):
        raise MarkerError(path, region.begin + 1, f"'{BEGIN}' is not indented like the code after it")
    around = [one for one in functions if one[0] <= region.begin + 1 and code[0] < one[1]]
    crossed = [one for one in around if code[-1] >= one[1]]
    if crossed:
        raise MarkerError(path, region.begin + 1, f"this region reaches beyond the end of {crossed[0][2]}")
    return min(around, key=lambda one: one[1] - one[0])[2] if around else None
