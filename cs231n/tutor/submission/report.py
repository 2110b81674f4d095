"""The report for human graders: one HTML page that loads nothing, runs nothing, and prints well.

It is next to the zip, not in it. It shows the student's work in the notebooks, and what the checks and the review
found. The template is report.html, in which Jinja escapes every text except Markup, which `prose` or this module has
made harmless.
"""

from __future__ import annotations

import platform
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from cs231n import __version__
from cs231n.data import disk
from cs231n.tutor.submission import inventory, outputs, pictures, prose, review
from cs231n.tutor.submission.inventory import Inventory, Item
from cs231n.tutor.submission.pictures import NoPictureError
from cs231n.tutor.submission.read import Cell, Notebook, headings, text_of
from cs231n.tutor.submission.submit import Submission
from cs231n.tutor.terminal import plain

MAX_FIGURES = 40_000_000  # characters of pictures in one report
MAX_LINES = 60  # accuracies that are listed for one notebook
MAX_CODE, MAX_PRINTED = 6_000, 2_000  # characters shown of a cell's code, and of what it printed
LONGEST_ADVICE = 160
TITLES = (r"suptitle\(", r"set_title\(", r"plt\.title\(", r"\btitle=")
TITLE = re.compile(rf"(?:{'|'.join(TITLES)})\s*[fr]?([\"'])(?P<title>[^\"'\n]{{1,200}})\1")


def write(submission: Submission, folder: Path) -> Path:
    """Write <assignment>_report.html into `folder` and return its path. Raises OSError."""
    path = folder / f"{submission.assignment.name}_report.html"
    disk.write_file(path, page(submission).encode("utf-8", "replace"))
    return path


def page(submission: Submission) -> str:
    """Return the whole page, which is always the same for the same submission on the same machine."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    books = [_Book(book, submission.files) for book in submission.notebooks]
    left = MAX_FIGURES
    for book in books:
        left = book.lay_out(left)
    found = ((book.stem, review.accuracies(book)) for book in submission.notebooks)
    return templates.get_template("report.html").render(
        submission=submission,
        heading=f"{submission.assignment.name}: {submission.student or 'submission'}",
        origin=_origin(submission, books),
        rows=[_row(submission, book) for book in books],
        accuracies=[line for stem, lines in found for line in _cut(stem, lines)],
        books=books,
        advice=lambda text: textwrap.shorten(text, LONGEST_ADVICE, placeholder=" …"),
    )


def _origin(submission: Submission, books: list[_Book]) -> dict[str, str]:
    names = [submission.student] if submission.student else sorted({book.inventory.name for book in books} - {""})
    data = sorted({review.data_used(book) for book in submission.notebooks} - {""})
    points = sum(verdict.points for verdict in submission.verdicts)
    out_of = sum(verdict.out_of for verdict in submission.verdicts)
    system = f"Python {platform.python_version()}, numpy {np.__version__}, {platform.system()}"
    told = {
        "Name": " · ".join(names),
        "Last change": submission.date,
        "Points": f"{points} of {out_of} by the kit's own checks",
        "Data": " · ".join(data) or "unknown: no notebook printed it",
        "Made with": f"kit {__version__}, {system}",
    }
    return {key: value for key, value in told.items() if value}


def _row(submission: Submission, book: _Book) -> dict[str, Any]:
    """Return what the overview says about one notebook: notices, unanswered questions, exercises that do not pass."""
    notebook, verdicts = book.notebook, {one.name: one for one in submission.verdicts}
    problems = submission.problems.get(notebook.stem, [])
    in_cells = set(review.of_cells(notebook, len(submission.files.get(notebook.name, b""))))
    in_cells |= {notice for notice in problems if notice.startswith("cell ")}
    exercises = [one for one in submission.assignment.exercises if one.notebook == notebook.stem]
    asked = book.inventory.questions
    return {
        "book": book,
        "run": [notice for notice in problems if notice not in in_cells],
        "cells": [notice for notice in problems if notice in in_cells],
        "asked": len(asked),
        "empty": [question.number for question in asked if not question.answered],
        "exercises": len(exercises),
        "failing": [one.name for one in exercises if one.name in verdicts and verdicts[one.name].status != "pass"],
    }


def _cut(stem: str, lines: list[tuple[Cell, str]]) -> list[tuple[str, str, str]]:
    told = [(stem, cell.label, line) for cell, line in lines[:MAX_LINES]]
    return told + ([(stem, "", f"… and {len(lines) - MAX_LINES} more")] if len(lines) > MAX_LINES else [])


class _Book:
    """One notebook in the report: questions with their answers, the student's own text and code, and figures."""

    def __init__(self, notebook: Notebook, files: dict[str, bytes]):
        self.notebook, self.files = notebook, files
        self.stem = notebook.stem
        self.inventory: Inventory = inventory.take(notebook)
        self.parts: list[dict[str, Any]] = []
        self.left = 0

    @property
    def title(self) -> str:
        """The file's name and the notebook's first heading."""
        title = next((heading for cell in self.notebook.cells for heading in headings(cell)), "")
        return f"{self.stem}: {title}" if title else self.stem

    def lay_out(self, left: int) -> int:
        """Fill `parts`; pictures may use `left` characters. Return what is left, below 0 if a picture did not fit."""
        self.left = left
        self.parts = list(self._parts())
        return self.left

    def _parts(self) -> Iterator[dict[str, Any]]:
        """Yield the parts of the page in notebook order, each heading with the first part that is shown under it."""
        order: list[tuple[int, int, inventory.Question | Item]] = []
        order += [(question.place, -1, question) for question in self.inventory.questions]
        order += [(item.cell.number, 0, item) for item in self.inventory.others]
        heading = ""
        for _, _, one in sorted(order, key=lambda entry: entry[:2]):
            if isinstance(one, inventory.Question):
                part: dict[str, Any] = {"question": one, "asked": self._html(one.cell.source, one.cell)}
                part["pieces"] = [piece for item in one.items for piece in self._pieces(item)]
            else:
                heading = next(reversed(headings(one.cell)), heading) if one.given else heading
                part = {"pieces": self._pieces(one)}
            if "question" in part or part["pieces"]:
                if heading:
                    words = self._html(heading, one.cell).strip().removeprefix("<p>").removesuffix("</p>")
                    part["heading"], heading = Markup(words), ""
                yield part

    def _pieces(self, item: Item) -> list[dict[str, Any]]:
        """Return what is shown of one cell: the student's own text or code, attached pictures, and outputs.

        Printed text is shown only if the student made or changed the cell.
        """
        cell = item.cell
        pieces = []
        if inventory.NAME in (item.given.tags if item.given else ()):
            return []  # the name is at the top of the page
        if item.written and cell.kind == "markdown":
            pieces.append({"html": self._html(item.written, cell)})
        elif item.written:
            pieces.append({"code": _shortened(item.written, MAX_CODE)})
        pieces += [{"html": self._image(f"attachment:{name}", name, cell)} for name in _unmentioned(cell)]
        own = bool(pieces)
        for output in cell.outputs:
            pieces += self._shown(output, cell)
            if item.own and outputs.is_printed(output) and (text := text_of(output).strip()):
                pieces.append({"printed": _shortened(text, MAX_PRINTED)})
        return [piece | {"label": cell.label, "own": own} for piece in pieces]

    def _shown(self, output: dict, cell: Cell) -> Iterator[dict[str, Any]]:
        data = outputs.bundle(output)
        mime, text = outputs.rich(data)
        if outputs.has_picture(data):
            uri, alt = pictures.from_bundle(data), _alt(output, cell)
            self.left -= len(uri)
            lost = "left out: too many large figures" if uri else f"not shown: it is {pictures.WHAT}, or is too large"
            figure = {"figure": uri, "alt": alt, "width": _width(output)}
            yield figure if uri and self.left > 0 else {"told": f"a figure is {lost}"}
        elif mime == "text/html":
            shown = Markup(prose.of_html(text, lambda url, alt: self._image(url, alt, cell)))
            if shown.strip():
                yield {"output": shown}
        elif text:
            yield {"output": self._html(text, cell)}
        if unshown := outputs.unshown(output):
            yield {"told": f"this page cannot show {unshown}; see the notebook"}

    def _html(self, text: str, cell: Cell) -> Markup:
        return Markup(prose.to_html(text, lambda url, alt: self._image(url, alt, cell)))

    def _image(self, url: str, alt: str, cell: Cell) -> Markup:
        try:
            uri = pictures.find(url, cell.attachments, self.notebook.name, self.files)
            self.left -= len(uri)
            if self.left <= 0:
                raise NoPictureError("is left out: too many large figures")
        except NoPictureError as error:
            name = "" if url.startswith("data:") else plain(url.removeprefix("attachment:"))
            return Markup("<em>[{}: the picture{} {}]</em>").format(
                plain(alt) or f"cell {cell.number}", name and f" {name}", error
            )
        return Markup('<img class="photo" alt="{}" src="{}">').format(plain(alt), uri)


def _unmentioned(cell: Cell) -> list[str]:
    """Return the pictures attached to a cell that its text does not show."""
    return [name for name in cell.attachments if f"attachment:{name}" not in cell.source]


def _alt(output: dict, cell: Cell) -> str:
    """Return the title of a figure, as the kernel recorded it or the code sets it, or else the number of its cell."""
    noted = (told.get("alt") for told in output.get("metadata", {}).values() if isinstance(told, dict))
    if alt := next(filter(None, noted), ""):
        return str(alt)
    if len(found := [match["title"] for match in TITLE.finditer(cell.source)]) == 1:
        return found[0]
    return f"Figure of cell {cell.label}" + (f", {cell.section}" if cell.section and cell.count else "")


def _width(output: dict) -> int:
    """Return the width at which to show a figure, or 0 if unknown; the picture may have twice as many pixels."""
    noted = (told.get("width") for told in output.get("metadata", {}).values() if isinstance(told, dict))
    return next((width for width in noted if width and 0 < width <= pictures.MAX_SIDE), 0)


def _shortened(text: str, longest: int) -> Markup:
    more = f"\n[{len(text) - longest:,} more characters]" if len(text) > longest else ""
    return Markup(prose.verbatim(text[:longest] + more))
