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
and leaves a line to write on; of nested regions the outermost one decides. Lines end in a line feed in what comes out,
however they end in the master.
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
        self.line, self.message = line, message
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True)
class Region:
    """Lines `begin`..`end` of a master (0-based, both markers included) and the TODO that replaces them."""

    begin: int
    end: int
    todo: tuple[str, ...]


def find_regions(text: str, path: str = "<text>") -> list[Region]:
    """Return the outermost solution regions of `text`. Raises MarkerError where markers do not match up."""
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
    are helpers of the solution and vanish. Raises MarkerError where that would leave something broken.
    """
    regions = find_regions(text, path)
    functions = _functions(_parsed(text, path, "the master")) if regions else []
    lines = _lines(text)
    for region in reversed(regions):
        name = _owner(lines, region, functions, path) or task
        if bool(name) != bool(region.todo):
            wanted = f"opens with '{TODO} …'" if name else f"outside any function vanishes, and has no '{TODO} …'"
            raise MarkerError(path, region.begin + 2, f"a region {wanted}")
        if name:
            indent = " " * _indent(lines[region.begin])
            stub = [*region.todo, f'{indent}raise NotImplementedError("{name}: {UNFILLED}")']
            lines[region.begin : region.end + 1] = stub
        else:
            _remove(lines, region.begin, region.end + 1)
    stub_text = "\n".join(lines)
    if regions:
        _parsed(stub_text, path, "the stub made of it")
    return stub_text


def to_answer_stub(text: str, path: str = "<text>") -> str:
    """Replace the model answers in a markdown cell by a line to write on."""
    lines = _lines(text)
    for region in reversed(find_regions(text, path)):
        lines[region.begin : region.end + 1] = [ANSWER]
    return "\n".join(lines)


def to_solved(text: str, path: str = "<text>") -> str:
    """Drop the markers and the outer TODOs; what is left is the solution as a student might have written it."""
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
    """Split as Python does: str.splitlines would also split at form feeds and separators inside string literals."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _remove(lines: list[str], begin: int, end: int) -> None:
    """Delete lines begin..end-1, and the blank lines before them where others follow: no gap is left."""
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
        raise MarkerError(path, begin + 2, f"a TODO has at most {MAX_TODO_LINES} lines; found {len(todo)}")
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
    """Return the name of the innermost function around a region, and see to it that the region keeps within it."""
    body = range(region.begin + 1 + len(region.todo), region.end)
    code = [number for number in body if lines[number].strip() and not lines[number].strip().startswith("#")]
    if not code:
        raise MarkerError(path, region.begin + 1, "there is no solution in this region")
    if _indent(lines[code[0]]) != _indent(lines[region.begin]):
        raise MarkerError(path, region.begin + 1, f"'{BEGIN}' is indented unlike the code after it")
    around = [one for one in functions if one[0] <= region.begin + 1 and code[0] < one[1]]
    crossed = [one for one in around if code[-1] >= one[1]]
    if crossed:
        raise MarkerError(path, region.begin + 1, f"this region reaches beyond the end of {crossed[0][2]}")
    return min(around, key=lambda one: one[1] - one[0])[2] if around else None
