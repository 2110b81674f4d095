"""`python -m cs231n reset NAME`: a stub, a cell or a whole file as it came; what stood there is kept beside it.

The originals come with the kit, in originals.zip.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import sys
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cs231n.tutor import course

ORIGINALS = course.TUTOR / "commands" / "originals.zip"


class CannotResetError(RuntimeError):
    """There is nothing of that name, or its place in the file cannot be found."""


@dataclass(frozen=True)
class Done:
    """What was reset, in which file (relative to the kit's folder), and where the version from before is kept."""

    what: str
    file: str
    kept: Path | None  # None: it was as it came already


@cache
def originals() -> dict[str, str]:
    """Return {path: text} of every file students work on, as it came with the kit. Raises CannotResetError."""
    try:
        with zipfile.ZipFile(ORIGINALS) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise CannotResetError(f"{ORIGINALS.name} cannot be read ({error}): unpack the kit's cs231n/ anew") from None


def reset(name: str, root: Path = course.ROOT) -> Done:
    """Restore an exercise (its function only), a notebook ("assignment1/knn") or a file ("cs231n/layers.py").

    Raises CannotResetError, OSError; then nothing is changed.
    """
    file = f"assignments/{name}.ipynb" if f"assignments/{name}.ipynb" in originals() else name
    if file in originals():
        return _replace(root, file, file, lambda found, original: original)
    try:
        assignment, exercise = course.find_exercise(name)
    except KeyError:
        meant = course.did_you_mean(name, _known()) or "'python -m cs231n check' lists the exercises"
        raise CannotResetError(f"there is no exercise, notebook or file {name!r} to reset. {meant}") from None
    function = exercise.function or exercise.name
    if exercise in assignment.in_cells:
        return _replace(root, name, exercise.file, lambda found, original: _with_cell(found, original, function))
    return _replace(root, name, exercise.file, lambda found, original: _with_function(found, original, function))


def _known() -> list[str]:
    """Return every name that reset() takes."""
    exercises = (one.name for part in course.ASSIGNMENTS for one in (*part.exercises, *part.in_cells))
    notebooks = (f"{part.name}/{stem}" for part in course.ASSIGNMENTS for stem in part.notebooks)
    return [*exercises, *notebooks, *originals()]


def _replace(root: Path, what: str, file: str, change) -> Done:
    """Write a file anew; what stood there goes beside it first, under a name nothing has."""
    path, original = root / file, originals()[file]
    before = path.read_bytes() if path.is_file() else None
    if before is None:
        _write(path, original.encode())
        return Done(what, file, path)
    text = before.decode("utf-8", "surrogateescape")
    newline = "\r\n" if "\r\n" in text else "\n"
    after = change(text.replace("\r\n", "\n"), original).replace("\n", newline)
    after = after.encode("utf-8", "surrogateescape")
    if after == before:
        return Done(what, file, None)
    kept = _keep(path, before)
    _write(path, after)
    return Done(what, file, kept)


def _keep(path: Path, content: bytes) -> Path:
    number = 1
    while True:
        kept = path.with_name(f"{path.stem}.before-reset-{number}{path.suffix}")
        try:
            with kept.open("xb") as file:
                file.write(content)
            return kept
        except FileExistsError:
            number += 1


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def _with_function(text: str, original: str, function: str) -> str:
    """Return `text` with one function, "name" or "Class.name", as it is in `original`."""
    start, end = _place(original, function) or (0, 0)
    fresh = original.split("\n")[start:end]
    place = _place(text, function)
    if place is None:
        raise CannotResetError(f"{function} is not to be found in the file; the whole file can be reset by its name")
    lines = text.split("\n")
    return "\n".join([*lines[: place[0]], *fresh, *lines[place[1] :]])


def _place(text: str, function: str) -> tuple[int, int] | None:
    """Return the lines start..end-1 (0-based) of a function, decorators included; None if it is not there."""
    owner, _, name = function.rpartition(".")
    try:
        tree = ast.parse(text.lstrip("\ufeff"))
    except (SyntaxError, ValueError):
        return _place_by_indent(text.split("\n"), owner, name)
    homes: list[ast.AST] = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and node.name == owner]
    nodes = [node for home in homes or [tree] for node in ast.walk(home) if isinstance(node, ast.FunctionDef)]
    nodes = [node for node in nodes if node.name == name]
    if not nodes:
        return None
    first = min([nodes[0].lineno, *(one.lineno for one in nodes[0].decorator_list)])
    return first - 1, nodes[0].end_lineno or first


def _place_by_indent(lines: list[str], owner: str, name: str) -> tuple[int, int] | None:
    """Find a function in a file that does not parse: from its `def` to the next line that is indented no further."""
    inside, start = not owner, None
    for number, line in enumerate(lines):
        inside = inside or bool(re.match(rf"class {re.escape(owner)}\b", line))
        if inside and re.match(rf"\s*def {re.escape(name)}\b", line):
            start = number
            break
    if start is None:
        return None
    indent = len(lines[start]) - len(lines[start].lstrip())
    end, quoted = start + 1, False
    for number in range(start + 1, len(lines)):
        line = lines[number]
        starts_something = re.match(r"(def|class|async|@|import|from)\b|@", line.strip())
        if line.strip() and len(line) - len(line.lstrip()) <= indent and not quoted and starts_something:
            break
        quoted ^= line.count('"""') % 2 == 1
        end = number + 1 if line.strip() else end
    return start, end


def _with_cell(text: str, original: str, function: str) -> str:
    """Return a notebook with the cell that defines `function` as it is in `original`, its outputs cleared."""
    wanted = re.compile(rf"(?m)^def {re.escape(function)}\b")
    fresh = next(cell for cell in json.loads(original)["cells"] if wanted.search(_source(cell)))
    try:
        notebook = json.loads(text)
        cells = [cell for cell in notebook["cells"] if cell.get("id") == fresh["id"]]
        cells += [cell for cell in notebook["cells"] if wanted.search(_source(cell))]
    except (ValueError, LookupError, TypeError) as error:
        raise CannotResetError(f"the notebook cannot be read ({error}); it can be reset as a whole") from None
    if not cells:
        raise CannotResetError(f"no cell of the notebook defines {function}; it can be reset as a whole")
    cells[0] |= {"source": fresh["source"], "outputs": [], "execution_count": None}
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `reset`."""
    verb = subparsers.add_parser("reset", help="a stub as it came; your version is kept beside it")
    told = "an exercise, a notebook (assignment1/knn) or a file (cs231n/layers.py)"
    verb.add_argument("name", metavar="NAME", help=told)
    verb.set_defaults(func=_reset)


def _reset(args: argparse.Namespace) -> int:
    try:
        done = reset(args.name)
    except (CannotResetError, OSError) as error:
        print(f"{args.name} was not reset: {error}", file=sys.stderr)
        return 1
    if done.kept is None:
        print(f"{done.what} is as it came already.")
        return 0
    print(f"{done.what} is as it came: {done.file}")
    if done.kept.name != Path(done.file).name:
        print(f"The file as it was until now: {done.kept.relative_to(course.ROOT).as_posix()}")
    if done.file.endswith(".ipynb"):
        print("If it is open in JupyterLab: File > Reload Notebook from Disk.")
    return 0
