"""Write marks.csv, with a row for each student and a column for each exercise, for spreadsheets and other systems."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grading import tables
from grading.marks import Mark
from grading.out.words import number

FIRST = ("key", "name", "e-mail", "LMS id", "group", "handed in at", "late days")
LAST = ("points", "penalty", "mark", "maximum", "status", "notes", "sha256")


def write(path: Path, marks: Sequence[Mark], notice: str = "") -> None:
    """Write the marks to `path`. Raises OSError."""
    items = list(dict.fromkeys(item.name for mark in marks for item in mark.items))
    tables.write(path, [*FIRST, *items, *LAST], (_row(mark) for mark in marks), notice)


def _row(mark: Mark) -> dict[str, object]:
    row = mark.row
    found: dict[str, object] = {item.name: number(item.points) for item in mark.items}
    found |= {"key": row.key, "name": row.name, "e-mail": row.email, "LMS id": row.lms_id, "group": row.group}
    found |= {
        "handed in at": row.handed_in,
        "late days": mark.late_days or "",
        "points": number(mark.points) if mark.items else "",
    }
    found |= {"penalty": number(mark.penalty) if mark.penalty else "", "mark": number(mark.total)}
    found |= {
        "maximum": number(mark.maximum) if mark.maximum else "",
        "status": mark.status,
        "notes": "; ".join(mark.notes),
    }
    return found | {"sha256": row.sha256}
