"""Cells that a tag or a comment excuses from running or from failing: the marks that nbval and nbclient know.

`validate`, `submit --run` and the students' CI all go by this list, and name the cells.
"""

from __future__ import annotations

from cs231n.tutor.submission.read import Cell, Notebook

SKIPPED = ("nbval-skip", "NBVAL_SKIP", "skip-execution")
MAY_FAIL = ("raises-exception", "nbval-raises-exception", "NBVAL_RAISES_EXCEPTION")
COMMENTS = ("NBVAL_SKIP", "NBVAL_RAISES_EXCEPTION")


def mark(cell: Cell) -> str:
    """Return the tag or comment that excuses a code cell, "" if there is none; skipping comes first."""
    if cell.kind != "code" or not cell.source.strip():
        return ""
    lines = map(str.strip, cell.source.splitlines())
    comments = {line.lstrip("#").strip() for line in lines if line.startswith("#")}
    found = {*cell.tags, *comments.intersection(COMMENTS)}
    return next((one for one in (*SKIPPED, *MAY_FAIL) if one in found), "")


def notice(notebook: Notebook) -> str:
    """Return a line that names the excused cells of a notebook and their marks, "" if there are none."""
    marks = {cell.number: mark(cell) for cell in notebook.cells}
    told = ", ".join(f"{number} ({found})" for number, found in marks.items() if found)
    return f"excused from running or failing: cell {told}" if told else ""
