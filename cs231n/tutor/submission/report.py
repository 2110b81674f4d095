"""The report for human graders: one HTML page that loads nothing, runs nothing, and prints well.

It lies next to the zip, not in it: everything in it is made from the zip's content, and a grader can make it again. The
page is report.html, in which Jinja escapes every text; what is Markup here has been made harmless by `prose`.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from cs231n import __version__
from cs231n.tutor import disk
from cs231n.tutor.submission import pictures, prose, review
from cs231n.tutor.submission.read import Cell, Notebook, headings
from cs231n.tutor.submission.submit import Submission
from cs231n.tutor.terminal import plain

MAX_FIGURES = 25_000_000  # characters of pictures in one report
MAX_LINES = 60  # accuracies told of one notebook


def write(submission: Submission, folder: Path) -> Path:
    """Write <assignment>_report.html into `folder` and return its path. Raises OSError."""
    path = folder / f"{submission.assignment.name}_report.html"
    disk.write_file(path, page(submission).encode("utf-8", "replace"))
    return path


def page(submission: Submission) -> str:
    """Return the whole page."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    figures = _Figures()
    found = ((book.stem, review.accuracies(book)[:MAX_LINES]) for book in submission.notebooks)
    return templates.get_template("report.html").render(
        submission=submission,
        origin=_origin(submission),
        accuracies=[(stem, cell.label, line) for stem, lines in found for cell, line in lines],
        title=_title,
        questions=review.questions,
        parts=lambda book: _parts(book, figures),
    )


def _origin(submission: Submission) -> dict[str, str]:
    data = sorted({review.data_used(book) for book in submission.notebooks} - {""})
    points = sum(verdict.points for verdict in submission.verdicts)
    out_of = sum(verdict.out_of for verdict in submission.verdicts)
    system = f"Python {platform.python_version()}, numpy {np.__version__}, {platform.system()}"
    return {
        "Points": f"{points} of {out_of} by the kit's own checks",
        "Data": " · ".join(data) or "no notebook says which",
        "Made with": f"kit {__version__}, {system}",
    }


def _title(book: Notebook) -> str:
    title = next((heading for cell in book.cells for heading in headings(cell)), "")
    return f"{book.stem}: {title[:120]}" if title else book.stem


def _parts(book: Notebook, figures: _Figures) -> Iterator[dict[str, Any]]:
    """Yield questions with their answers, and figures, in the notebook's order under its headings."""
    asked = {question.cell.number: question for question in review.questions(book)}
    heading = ""
    for cell in book.cells:
        question = asked.get(cell.number)
        if question:
            part = {"question": question, "asked": _html(cell.source, cell), "answer": _answer(question)}
        else:
            heading = next(reversed(headings(cell)), heading)
            part = {"label": cell.label, "figures": figures.of(cell)}
        if question or part["figures"]:
            if heading:
                part["heading"] = Markup(_html(heading, cell).strip().removeprefix("<p>").removesuffix("</p>"))
                heading = ""
            yield part


def _answer(question: review.Question) -> Markup:
    written = ((review.written(cell), cell) for cell in question.answers)
    return Markup("").join(_html(text, cell) for text, cell in written if text or cell.attachments)


def _html(text: str, cell: Cell) -> Markup:
    return Markup(prose.to_html(text, cell.attachments))


class _Figures:
    """The pictures among the outputs, as many as anyone would print."""

    def __init__(self) -> None:
        self.left = MAX_FIGURES

    def of(self, cell: Cell) -> list[str]:
        """Return a data: URI for each picture of a cell, or why it is not shown."""
        shown = (output["data"] for output in cell.outputs if isinstance(output.get("data"), dict))
        return [self._shown(data) for data in shown if any(mime.startswith("image/") for mime in data)]

    def _shown(self, data: dict[str, object]) -> str:
        uri = pictures.first(data)
        self.left -= len(uri)
        if not uri:
            return "not shown: no sound PNG"
        return uri if self.left > 0 else "left out: too many large figures"
