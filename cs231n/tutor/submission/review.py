"""Find what is missing or wrong in a notebook: code that was not run, errors, lost figures, unanswered questions."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Sequence

from cs231n.data.disk import size
from cs231n.tutor.kernel import recorded
from cs231n.tutor.submission import inventory, outputs
from cs231n.tutor.submission.code import Piece, qualified
from cs231n.tutor.submission.inventory import Question
from cs231n.tutor.submission.read import Cell, Notebook, text_of

LARGE = 10_000_000  # bytes; the student is warned about a larger notebook file
DRAWING = re.compile(
    "show|plot|imshow|scatter|barh?|hist|figure|subplots?|contourf?|errorbar|fill_between|boxplot|pcolormesh|matshow|"
    "loglog|semilog[xy]|stem|step|pie|violinplot|quiver"
)
LOST = re.compile(r"<Figure size \d+x\d+ with [1-9]|\bFigureCanvas\w+ is non-interactive|^Canvas\(toolbar=")
UNWRITTEN = re.compile(r"raise NotImplementedError\(\"[^\"]*not written yet")
CONFLICT = re.compile(r"^(<{7} |>{7} )", re.M)
DATA = re.compile(r"^Data: ([^\n]*?\)|[^\n]{1,80})", re.M)
RESULTS = (r"\baccurac[^\n]{0,60}?\d", r"\b(?:validation|test) +[01]\.\d", r"\b\d+ of \d+ [a-z ]{0,30}right\b")
ACCURACY = re.compile(rf"^(?!\()[^\n]{{0,120}}?(?:{'|'.join(RESULTS)})[^\n]{{0,80}}$", re.M | re.I)
PROGRESS = re.compile(r"epoch +\d", re.I)


def questions(notebook: Notebook) -> tuple[Question, ...]:
    """Return the questions of a notebook, each with the cells that belong to it."""
    return inventory.take(notebook).questions


def notices(notebook: Notebook, file_size: int, known: Sequence[recorded.Session] = ()) -> list[str]:
    """Return notices about what is missing or wrong, the main ones first; for unanswered questions see `questions`."""
    return of_run(notebook, known) + of_cells(notebook, file_size)


def of_run(notebook: Notebook, known: Sequence[recorded.Session] = ()) -> list[str]:
    """Return notices about cells that were not run, were run out of order, or have changed since they were run."""
    code = notebook.code
    if not any(cell.count for cell in code):
        return ["never run"] if code else ["contains no code"]
    found = [
        _cells("not run", (cell for cell in code if not cell.count)),
        _order([cell for cell in code if cell.count]),
        _cells("outputs older than the code", stale_cells(notebook, known)),
    ]
    return [notice for notice in found if notice]


def of_cells(notebook: Notebook, file_size: int) -> list[str]:
    """Return notices about what is missing or wrong in cells, and about a large file."""
    code = notebook.code
    found = [
        _errors(code),
        _cells("not written yet", (cell for cell in code if UNWRITTEN.search(cell.source))),
        _cells("a figure was drawn that is not in the notebook", filter(lost_figure, code), most=99),
        _cells(
            "the report cannot show what is drawn", (c for c in code if any(map(outputs.unshown, c.outputs))), most=99
        ),
        _cells("merge-conflict markers", (cell for cell in notebook.cells if CONFLICT.search(cell.source))),
        *(f"cell {cell.label}: {size(cell.left_out)} of output will be left out" for cell in code if cell.left_out),
        f"the file is large ({size(file_size)})" if file_size > LARGE else "",
    ]
    return [notice for notice in found if notice]


def lost_figure(cell: Cell) -> bool:
    """Return whether a cell that was run seems to have drawn a figure that is not among its outputs.

    That happens if matplotlib draws in a window or to files only, or if figures are removed before saving.
    """
    if not cell.count or cell.left_out or any(map(outputs.draws, cell.outputs)):
        return False
    texts = [text_of(output) for output in cell.outputs]
    if any(output["output_type"] == "error" for output in cell.outputs) or any(map(outputs.is_card, cell.outputs)):
        return False  # it may have stopped before it drew
    return any(map(LOST.search, texts)) or _draws(Piece("", cell.source, cell.number))


def figures_lost(before: Notebook, after: Notebook) -> str:
    """Return a notice about the cells whose figures a run did not draw again, or "" if there are none."""
    held, drawn = ({cell.number: cell for cell in one.cells if _keeps_figure(cell)} for one in (before, after))
    return _cells("the run drew no new figure", (held[number] for number in sorted(held.keys() - drawn.keys())))


def _keeps_figure(cell: Cell) -> bool:
    return any(map(outputs.keeps_figure, cell.outputs))


def _draws(piece: Piece) -> bool:
    """Return whether code, outside of functions and classes, seems to draw with pyplot and leave the figure open."""
    called = set()
    waiting: list[ast.AST] = [piece.tree] if piece.tree else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        waiting += ast.iter_child_nodes(node)
        owner, _, name = qualified(node.func).rpartition(".") if isinstance(node, ast.Call) else ("", "", "")
        if owner in ("plt", "pyplot") or (name == "show" and owner.isidentifier()):
            called.add(name)
    return any(map(DRAWING.fullmatch, called)) and not called & {"close", "switch_backend", "ioff"}


def stale_cells(notebook: Notebook, known: Sequence[recorded.Session]) -> list[Cell]:
    """Return the cells whose code is known to have changed since it was executed."""
    run = [cell for cell in notebook.code if cell.count]
    shown = [(cell.count or 0, recorded.digest(cell.source)) for cell in run]
    return [cell for cell, old in zip(run, recorded.stale(shown, known), strict=True) if old]


def data_used(notebook: Notebook) -> str:
    """Return the first data set that the outputs name, or "" if they name none."""
    found = (DATA.search(text_of(output)) for cell in notebook.code for output in cell.outputs)
    return next((match[1] for match in found if match), "")


def accuracies(notebook: Notebook) -> list[tuple[Cell, str]]:
    """Return (cell, line) for the printed lines with an accuracy.

    A line about an epoch counts only if it is the last line with an accuracy in its cell.
    """
    lines = []
    for cell in notebook.code:
        texts = (text_of(output)[:100_000] for output in cell.outputs if output["output_type"] == "stream")
        found = [line.strip() for text in texts for line in ACCURACY.findall(text)]
        last = len(found) - 1
        lines += [(cell, line) for place, line in enumerate(found) if place == last or not PROGRESS.match(line)]
    return lines


def _order(run: list[Cell]) -> str:
    late = (pair for pair in itertools.pairwise(run) if (pair[1].count or 0) <= (pair[0].count or 0))
    return next((f"run out of order: cell {cell.label} comes after cell {before.label}" for before, cell in late), "")


def _errors(code: list[Cell]) -> str:
    failed = [(cell, output) for cell in code for output in cell.outputs if output["output_type"] == "error"]
    if not failed:
        return ""
    cell, output = failed[0]
    more = f", and {len(failed) - 1} more" if len(failed) > 1 else ""
    return f"an error in cell {cell.label} ({str(output.get('ename'))[:60]}){more}"


def _cells(what: str, cells: Iterable[Cell], most: int = 6) -> str:
    numbers = [cell.label for cell in cells]
    if not numbers:
        return ""
    listed = ", ".join(numbers[:most]) + (f" and {len(numbers) - most} more" if len(numbers) > most else "")
    return f"{what}: cell{'s' if len(numbers) > 1 else ''} {listed}"
