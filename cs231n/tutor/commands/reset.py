"""`python -m cs231n reset NAME`: restore a stub, a cell or a whole file; the student's version is kept next to it.

The originals come with the kit, in originals.zip.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cs231n.data import disk
from cs231n.tutor import course
from cs231n.tutor.originals import originals
from cs231n.tutor.terminal import command, refuse

STARTS_SOMETHING = re.compile(r"(def|class|async|import|from)\b|@")


class CannotResetError(RuntimeError):
    """There is nothing of that name to reset, or the file cannot be read or does not contain the exercise."""


@dataclass(frozen=True)
class Done:
    """What was reset, in which file (relative to the kit's folder), and where the previous version is kept."""

    what: str
    file: str
    kept: Path | None  # None if there was nothing to restore; the path of the file itself if it was missing


def reset(name: str, root: Path = course.ROOT) -> Done:
    """Restore an exercise (its function or its cell), a notebook ("assignment1/knn") or a file ("cs231n/layers.py").

    If it raises CannotResetError or OSError, the file is unchanged.
    """
    file = f"assignments/{name}.ipynb" if f"assignments/{name}.ipynb" in originals() else name
    if file in originals():
        return _replace(root, file, file, lambda found, original: _lines_end_as_in(found, original))
    try:
        assignment, exercise = course.find_exercise(name)
    except KeyError:
        meant = course.did_you_mean(name, _known()) or f"To list the exercises: {command('check')}"
        raise CannotResetError(f"there is no exercise, notebook or file {name!r} to reset. {meant}") from None
    put_back = _with_cell if exercise in assignment.in_cells else _with_function
    try:
        return _replace(root, name, exercise.file, lambda found, original: put_back(found, original, exercise.function))
    except CannotResetError as error:
        told = f"{exercise.file} {error}. To reset the whole file: {command(f'reset {exercise.file}')}"
        raise CannotResetError(told) from None


def _known() -> list[str]:
    """Return every name that reset() accepts."""
    notebooks = (f"{part.name}/{stem}" for part in course.ASSIGNMENTS for stem in part.notebooks)
    return [*course.everything(), *notebooks, *originals()]


def _replace(root: Path, what: str, file: str, change: Callable[[str, str], str]) -> Done:
    """Replace a file's text with change(text, original text), and keep the previous version in a new file next to it.

    If the file is missing, its original is written.
    """
    path, original = root / file, originals()[file].decode()
    if not path.is_file():
        disk.write_file(path, original.encode())
        return Done(what, file, path)
    before = path.read_bytes()
    after = change(before.decode("utf-8", "surrogateescape"), original).encode("utf-8", "surrogateescape")
    if after == before:
        return Done(what, file, None)
    kept = _keep(path, before)
    disk.write_file(path, after)
    return Done(what, file, kept)


def _keep(path: Path, content: bytes) -> Path:
    for number in itertools.count(1):
        kept = path.with_name(f"{path.stem}.before-reset-{number}{path.suffix}")
        with suppress(FileExistsError), kept.open("xb") as file:
            file.write(content)
            break
    return kept


def _with_function(text: str, original: str, function: str) -> str:
    """Return `text` with one function, "name" or "Class.name", replaced by the one in `original`.

    Raises CannotResetError if one of them does not contain the function; the message lacks the path of the file.
    """
    # The lines are divided as Python divides them.
    lines, originals_lines = (io.StringIO(one, newline="").readlines() for one in (text, original))
    old, new = _place(text, lines, function), _place(original, originals_lines, function)
    if old is None or new is None:
        raise CannotResetError(f"does not contain {function}")
    newline = re.search(r"\r\n?|\n|$", lines[old.start])
    fresh = "".join(originals_lines[new])
    lines[old] = [fresh.replace("\n", newline[0] if newline and newline[0] else "\n")]
    return "".join(lines)


def _place(text: str, lines: list[str], function: str) -> slice | None:
    """Return the place of a function with its decorators among the lines of a text; None if it is not there.

    If Python cannot parse the text, the place is that of the function without its decorators.
    """
    try:
        node = course.functions(text.lstrip("\ufeff")).get(function)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last two if the text is nested too deeply
        return _place_by_indent(lines, function)
    if node is None:
        return None
    return slice(min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1, node.end_lineno)


def _place_by_indent(lines: list[str], function: str) -> slice | None:
    """Return the slice of the lines of a function in a file that Python cannot parse; None if its `def` is not found.

    It begins with the `def`, and ends before the next def, class, import or decorator, outside of docstrings, that is
    not indented further; blank lines at its end are left out.
    """
    owner, _, name = function.rpartition(".")
    classes = (number for number, line in enumerate(lines) if re.match(rf"class {owner}\b", line))
    first = next(classes, len(lines)) if owner else 0
    start = next((n for n in range(first, len(lines)) if re.match(rf"\s*def {name}\b", lines[n])), None)
    if start is None:
        return None
    end, quoted = start + 1, False
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not quoted and _indent(line) <= _indent(lines[start]) and STARTS_SOMETHING.match(line.strip()):
            break
        quoted ^= line.count('"""') % 2 == 1
        end = number + 1 if line.strip() else end
    return slice(start, end)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _with_cell(text: str, original: str, function: str) -> str:
    """Return a notebook with the cell of `function` replaced by the one in `original`, without outputs.

    This is the cell with the id of the one in `original` or, if there is none, the first cell that defines `function`.
    Raises CannotResetError if the notebook cannot be read or has no such cell; the message lacks the notebook's path.
    """
    wanted = re.compile(rf"(?m)^def {re.escape(function)}\b")
    fresh = next(cell for cell in json.loads(original)["cells"] if wanted.search(_source(cell)))
    try:
        text.encode()  # a file that is not UTF-8 could not be written back unchanged
        notebook = json.loads(text)
        code = [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]
        cells = [cell for cell in code if cell.get("id") == fresh["id"]]
        cells += [cell for cell in code if wanted.search(_source(cell))]
        if cells:
            cells[0] |= {"source": fresh["source"], "outputs": [], "execution_count": None}
        # A lone surrogate, which is allowed in JSON but not in UTF-8, is written as an escape, as it was before.
        written = json.dumps(notebook, indent=1, ensure_ascii=False).encode("utf-8", "backslashreplace").decode() + "\n"
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:  # the file may be any JSON
        why = f"{type(error).__name__}: {error}"[:200]
        raise CannotResetError(f"cannot be read ({why})") from None
    if not cells:
        raise CannotResetError(f"has no cell that defines {function}")
    return _lines_end_as_in(text, written)


def _lines_end_as_in(found: str, text: str) -> str:
    return text.replace("\n", "\r\n") if "\r\n" in found else text


def _source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `reset`, and set `func` to the function that runs it and returns the exit code."""
    verb = subparsers.add_parser("reset", help="restore a stub, a notebook or a file; your version is kept next to it")
    told = "an exercise, a notebook (assignment1/knn) or a file (cs231n/layers.py)"
    verb.add_argument("name", metavar="NAME", nargs="?", help=told)
    verb.set_defaults(func=_reset)


def _reset(args: argparse.Namespace) -> int:
    if args.name is None:
        return refuse(f"Name what to reset, as in {command('reset adam')}", [""], _known())
    try:
        done = reset(args.name)
    except (CannotResetError, OSError) as error:
        print(f"{args.name} was not reset: {error}", file=sys.stderr)
        return 1
    if done.kept is None:
        print(f"{done.what} is still the original: there is nothing to restore.")
        return 0
    print(f"{done.what} is restored: {done.file}")
    if done.kept.name != Path(done.file).name:
        print(f"Your version is kept in {done.kept.relative_to(course.ROOT).as_posix()}")
    if done.file.endswith(".ipynb"):
        print("If the notebook is open in JupyterLab, choose File > Reload Notebook from Disk.")
    return 0
