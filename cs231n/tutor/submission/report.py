"""The report for human graders: one HTML page that loads nothing, runs nothing, and prints well.

It stands beside the zip, not in it: everything in it is made from the zip's content, and a grader can make it again.
"""

from __future__ import annotations

import html
import itertools
import platform
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

import numpy as np

from cs231n import __version__
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import archive, pictures, prose, review
from cs231n.tutor.submission.privacy import plain
from cs231n.tutor.submission.read import Cell, Notebook, headings
from cs231n.tutor.submission.submit import Submission

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
MAX_FIGURES = 25_000_000  # characters of pictures in one report
MAX_LINES = 60  # accuracies told of one notebook


def write(submission: Submission, folder: Path) -> Path:
    """Write <assignment>_report.html into `folder` and return its path. Raises OSError."""
    path = folder / f"{submission.assignment.name}_report.html"
    archive.write_file(path, page(submission).encode("utf-8", "replace"))
    return path


def page(submission: Submission) -> str:
    """Return the whole page."""
    style = resources.files("cs231n.tutor.submission").joinpath("report.css").read_text(encoding="utf-8")
    title = f"{submission.assignment.name}: submission"
    budget = [MAX_FIGURES]
    body = [
        f"<h1>{_text(title)}</h1>",
        _origin(submission),
        _contents(submission),
        _open(submission),
        _checks(submission.verdicts),
        _accuracies(submission.notebooks),
        *(_notebook(book, submission.problems.get(book.stem, []), budget) for book in submission.notebooks),
    ]
    head = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}</title><style>{style}</style></head><body>"
    )
    return "\n".join([head, *body, "</body></html>\n"])


def _origin(submission: Submission) -> str:
    system = f"Python {platform.python_version()}, numpy {np.__version__}, {platform.system()}"
    data = sorted({review.data_used(book) for book in submission.notebooks} - {""})
    points = sum(v.points for v in submission.verdicts), sum(v.out_of for v in submission.verdicts)
    rows = {
        "Points": f"{points[0]} of {points[1]} by the kit's own checks",
        "Data": " · ".join(data) or "no notebook says which",
        "Made with": f"kit {__version__}, {system}",
    }
    return _table([], [(f"<b>{key}</b>", _text(value)) for key, value in rows.items()])


def _contents(submission: Submission) -> str:
    fixed = [("open", "What is open"), ("checks", "Checks"), ("accuracies", "Accuracies")]
    items = [f'<li><a href="#{anchor}">{title}</a></li>' for anchor, title in fixed]
    for book in submission.notebooks:
        inner = "".join(
            f'<li><a href="#{_anchor(book, f"q{question.number}")}">Question {question.number}</a>'
            f"{'' if question.answered else ' (no answer)'}</li>"
            for question in review.questions(book)
        )
        items.append(f'<li><a href="#{_anchor(book)}">{_text(_title(book))}</a><ul>{inner}</ul></li>')
    return f"<nav><h2>Contents</h2><ul>{''.join(items)}</ul></nav>"


def _open(submission: Submission) -> str:
    passing = sum(verdict.status == "pass" for verdict in submission.verdicts)
    failing = len(submission.verdicts) - passing
    checks = (
        [f'{failing} of {failing + passing} exercises do not pass: see <a href="#checks">Checks</a>'] if failing else []
    )
    items = "".join(f"<li>{line}</li>" for line in [*checks, *map(_text, submission.gaps)])
    listed = f"<ul>{items}</ul>" if items else "<p>Nothing: it is complete.</p>"
    return f'<section id="open"><h2>What is open</h2>{listed}</section>'


def _checks(verdicts: list[Verdict]) -> str:
    rows = []
    for verdict in verdicts:
        state = f'<span class="{verdict.status}">{verdict.state}</span>'
        labelled = (("", verdict.message), ("Likely: ", verdict.cause), ("Advice: ", verdict.advice))
        said = " ".join(label + text for label, text in labelled if text)
        points = f"{verdict.points}/{verdict.out_of}"
        rows.append((f"<code>{_text(verdict.name)}</code>", state, points, _text(said)))
    table = _table(["Exercise", "Check", "Points", "What was found"], rows)
    return f'<section id="checks"><h2>Checks</h2>{table}</section>'


def _accuracies(books: Iterable[Notebook]) -> str:
    rows = [
        (_link(book), f"cell {_text(cell.label)}", f"<code>{_text(line)}</code>")
        for book in books
        for cell, line in itertools.islice(review.accuracies(book), MAX_LINES)
    ]
    table = _table(["Notebook", "Where", "Printed"], rows) if rows else "<p>No notebook prints one.</p>"
    return f'<section id="accuracies"><h2>Accuracies</h2>{table}</section>'


def _notebook(book: Notebook, notices: list[str], budget: list[int]) -> str:
    told = f"<p class='notice'>{_text('; '.join(notices))}</p>" if notices else ""
    parts = "\n".join(_parts(book, budget))
    return f'<section class="notebook" id="{_anchor(book)}"><h2>{_text(_title(book))}</h2>{told}{parts}</section>'


def _parts(book: Notebook, budget: list[int]) -> Iterator[str]:
    """Yield questions with their answers, and figures, in the notebook's order under its headings."""
    asked = {question.cell.number: question for question in review.questions(book)}
    heading = ""
    for cell in book.cells:
        found = [] if cell.number in asked else headings(cell)
        heading = found[-1] if found else heading
        parts = [_question(book, asked[cell.number])] if cell.number in asked else _figures(cell, budget)
        if parts and heading:
            yield f"<h3>{prose.to_html(heading).removeprefix('<p>').strip().removesuffix('</p>')}</h3>"
            heading = ""
        yield from parts


def _question(book: Notebook, question: review.Question) -> str:
    answers = [
        prose.to_html(review.written(cell), cell.attachments)
        for cell in question.answers
        if review.written(cell) or cell.attachments
    ]
    answer = "".join(answers) or "<p><em>No answer.</em></p>"
    asked = prose.to_html(question.cell.source, question.cell.attachments)
    return (
        f'<article id="{_anchor(book, f"q{question.number}")}"><div class="question">{asked}</div>'
        f'<div class="answer">{answer}</div></article>'
    )


def _figures(cell: Cell, budget: list[int]) -> list[str]:
    figures = []
    for output in cell.outputs:
        data = output.get("data")
        pictured = [mime for mime in data if mime.startswith("image/")] if isinstance(data, dict) else []
        if not pictured:
            continue
        uri = next(filter(None, (pictures.data_uri(mime, data[mime]) for mime in pictured)), None)
        budget[0] -= len(uri or "")
        shown = uri is not None and budget[0] > 0
        image = (
            f'<img alt="Figure of cell {_text(cell.label)}" src="{uri}">'
            if shown
            else "<p>[not shown: no sound PNG]</p>"
        )
        if uri and not shown:
            image = "<p>[left out: too many large figures]</p>"
        figures.append(f"<figure>{image}<figcaption>cell {_text(cell.label)}</figcaption></figure>")
    return figures


def _title(book: Notebook) -> str:
    title = next((heading for cell in book.cells for heading in headings(cell)), "")
    return f"{book.stem}: {title[:120]}" if title else book.stem


def _link(book: Notebook) -> str:
    return f'<a href="#{_anchor(book)}">{_text(book.stem)}</a>'


def _anchor(book: Notebook, place: str = "") -> str:
    return _text(f"{book.stem}-{place}" if place else book.stem)


def _table(head: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    top = f"<thead><tr>{''.join(f'<th>{name}</th>' for name in head)}</tr></thead>" if head else ""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table>{top}<tbody>{body}</tbody></table>"


def _text(text: str) -> str:
    return html.escape(plain(text))
