"""Find what a grader would miss in a notebook: code that was not run, errors, questions without an answer."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cs231n.tutor.kernel import recorded
from cs231n.tutor.submission.files import size
from cs231n.tutor.submission.read import Cell, Notebook, text_of

QUESTION, ANSWER = "question", "answer"  # tags of cells
ANSWER_LINE = "*Your answer:*"  # what an answer cell holds before anything is written in it
LARGE = 10_000_000  # bytes of a notebook file about which the student is warned
UNWRITTEN = re.compile(r"raise NotImplementedError\(\"[^\"]*not written yet")
CONFLICT = re.compile(r"^(<{7} |>{7} )", re.M)
DATA = re.compile(r"^Data: ([^\n]*?\)|[^\n]{1,80})", re.M)
RESULTS = (r"\baccurac[^\n]{0,60}?\d", r"\b(?:validation|test) +[01]\.\d", r"\b\d+ of \d+ [a-z ]{0,30}right\b")
ACCURACY = re.compile(rf"^(?!\()[^\n]{{0,120}}?(?:{'|'.join(RESULTS)})[^\n]{{0,80}}$", re.M | re.I)
PROGRESS = re.compile(r"epoch +\d", re.I)


@dataclass(frozen=True)
class Question:
    """A question of a notebook and the cells of its answer."""

    number: int
    cell: Cell
    answers: tuple[Cell, ...]

    @property
    def answered(self) -> bool:
        """Whether there is text or a picture in an answer cell."""
        return any(written(cell) or cell.attachments for cell in self.answers)


def written(cell: Cell) -> str:
    """Return what a student wrote in an answer cell, without the line that was there."""
    return cell.source.replace(ANSWER_LINE, "").strip()


def questions(notebook: Notebook) -> list[Question]:
    """Return the questions, each with the answer cells from there to the next one."""
    asked = [index for index, cell in enumerate(notebook.cells) if QUESTION in cell.tags]
    ends = [*asked, len(notebook.cells)][1:]
    return [
        Question(number, notebook.cells[start], tuple(c for c in notebook.cells[start:end] if ANSWER in c.tags))
        for number, (start, end) in enumerate(zip(asked, ends, strict=True), 1)
    ]


def notices(notebook: Notebook, file_size: int, known: Sequence[recorded.Session] = ()) -> list[str]:
    """Return what is missing or wrong, the most important first; for empty questions see `questions`."""
    code = notebook.code
    if not any(cell.count for cell in code):
        found = ["never run"] if code else ["holds no code"]
    else:
        found = [
            _cells("not run", (cell for cell in code if not cell.count)),
            _order([cell for cell in code if cell.count]),
            _cells("outputs older than the code", stale_cells(notebook, known)),
        ]
    found += [
        _errors(code),
        _cells("yours to write", (cell for cell in code if UNWRITTEN.search(cell.source))),
        _cells("merge-conflict markers", (cell for cell in notebook.cells if CONFLICT.search(cell.source))),
        *(f"cell {cell.label}: {size(cell.left_out)} of output will be left out" for cell in code if cell.left_out),
        f"{size(file_size)} large" if file_size > LARGE else "",
    ]
    return [notice for notice in found if notice]


def stale_cells(notebook: Notebook, known: Sequence[recorded.Session]) -> list[Cell]:
    """Return the cells whose code is known to have changed since it was executed."""
    run = [cell for cell in notebook.code if cell.count]
    shown = [(cell.count or 0, recorded.digest(cell.source)) for cell in run]
    return [cell for cell, old in zip(run, recorded.stale(shown, known), strict=True) if old]


def data_used(notebook: Notebook) -> str:
    """Return the data set that the outputs name, "" if they name none."""
    found = (DATA.search(text_of(output)) for cell in notebook.code for output in cell.outputs)
    return next((match[1] for match in found if match), "")


def accuracies(notebook: Notebook) -> list[tuple[Cell, str]]:
    """Return the printed lines with an accuracy, and their cells; of the lines about epochs only the last in a cell."""
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


def _cells(what: str, cells: Iterable[Cell]) -> str:
    numbers = [cell.label for cell in cells]
    if not numbers:
        return ""
    listed = ", ".join(numbers[:6]) + (f" and {len(numbers) - 6} more" if len(numbers) > 6 else "")
    return f"{what}: cell{'s' if len(numbers) > 1 else ''} {listed}"
