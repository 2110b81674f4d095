"""Read exceptions.csv, which contains what is different for some students: extensions, groups, corrections.

student      a key, e-mail, LMS id or name; only this column is required
extension    a number of days, or the new due date with its time
group        a name; students with the same one form a group
handed in    the correct time, if that of the LMS is wrong or missing
mark         replaces the total
reason       is shown with the mark that replaces the total
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cs231n.tutor.course import did_you_mean
from grading import tables

COLUMNS = ("student", "extension", "group", "handed in", "mark", "reason")


@dataclass(frozen=True)
class Special:
    """One row of exceptions.csv: what is different for one student."""

    student: str
    extension: timedelta | datetime | None = None
    group: str = ""
    handed_in: str = ""
    mark: float | None = None
    reason: str = ""


def read(path: Path) -> list[Special]:
    """Return the rows of exceptions.csv, or [] if there is no such file. Raises TableError."""
    if not path.exists():
        return []
    rows = tables.read(path)
    if rows and (unknown := sorted(set(rows[0]) - set(COLUMNS))):
        told = did_you_mean(unknown[0], COLUMNS)
        raise tables.TableError(
            f"{path}: the column {unknown[0]!r} is unknown. {told or 'Columns: ' + ', '.join(COLUMNS)}"
        )
    found = []
    for number, row in enumerate(rows, 2):
        try:
            found.append(_row(row))
        except ValueError as error:  # noqa: PERF203
            raise tables.TableError(f"{path}, row {number}: {error}") from None
    return found


def _row(row: dict[str, str]) -> Special:
    if not row.get("student"):
        raise ValueError("the student is missing")
    handed_in = time(row["handed in"]).isoformat() if row.get("handed in") else ""
    extension: timedelta | datetime | None = None
    if text := row.get("extension", ""):
        words = text.lower().removesuffix("days").removesuffix("day").strip()
        extension = timedelta(days=float(words)) if _is_number(words) else time(text)
    mark = float(row["mark"]) if row.get("mark") else None
    if mark is not None and not 0 <= mark < math.inf:
        raise ValueError(f"{row['mark']!r} is not a mark")
    return Special(row["student"], extension, row.get("group", ""), handed_in, mark, row.get("reason", ""))


def _is_number(text: str) -> bool:
    try:
        return float(text) >= 0
    except ValueError:
        return False


def time(text: str) -> datetime:
    """Return the time in a text such as 2026-10-09 23:59+02:00, in UTC if there is no offset. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 2026-10-09 23:59+02:00") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)
