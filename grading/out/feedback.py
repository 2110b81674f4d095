"""Feedback for students: an HTML page for each, with the official verdicts. A page loads nothing and runs nothing.

Hidden inputs are not shown, since the verdicts do not contain them (see grading/session.py).
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from cs231n.tutor.submission import archive
from cs231n.tutor.terminal import plain
from grading import store
from grading.marks import Mark, is_for
from grading.out import words

HERE = Path(__file__).parent
STYLE = Path(archive.__file__).parent / "report.css"


@cache
def templates() -> jinja2.Environment:
    """Return the pages' templates, in which every text is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([HERE, STYLE.parent]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )


def page(mark: Mark, assignment: str, notice: str = "", manual: Iterable[dict[str, Any]] = ()) -> str:
    """Return the page of one student, which is always the same for the same arguments."""
    comments = [one for one in manual if one.get("comment") and is_for(one, mark.row)]
    return (
        templates()
        .get_template("feedback.html")
        .render(mark=mark, assignment=assignment, notice=notice, comments=comments, words=words)
    )


def write_zip(path: Path, pages: Sequence[tuple[str, Callable[[], str]]]) -> None:
    """Write a zip of pages, each given as (name, function that returns its text); equal pages give equal bytes.

    One page is in memory at a time. Raises OSError.
    """
    partial = path.with_name(f".{path.name}{store.PARTIAL}")
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, make in pages:
            entry = zipfile.ZipInfo(name, archive.EPOCH)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, make().encode("utf-8", "replace"), zipfile.ZIP_DEFLATED)
    partial.replace(path)
