"""Canvas: fill in the gradebook that the instructor exported, and name feedback files so that Canvas imports them.

Canvas creates a new assignment for a title that it does not know, and a new student for an id that it does not know.
If Canvas has a mark and the file has a blank, that counts as a change. So nothing is added: the header stays the same,
byte for byte, one column is filled in, and of the students' rows, only those with a changed mark are written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from grading.intake.roster import called
from grading.marks import Mark
from grading.out.sheet import Line, Sheet, SheetError
from grading.out.words import number

IDENTITIES = ("id", "sis login id", "sis user id", "integration id", "student", "e-mail", "email")
NOT_STUDENTS = ("points possible", "manual posting", "muted")
EXCUSED = ("ex", "excused")
READ_ONLY = "(read only)"
OWN = re.compile(r"^(?:current|final|unposted|override) (?:score|grade|points)|.*\(read only\)$", re.IGNORECASE)


@dataclass
class Filled:
    """A table for an LMS to import, the number of changed marks, and a line for each mark that was left out."""

    content: bytes
    changed: int = 0
    told: list[str] = field(default_factory=list)


def fill(sheet: Sheet, marks: Sequence[Mark], assignment: str, column: str = "") -> Filled:
    """Return the gradebook with the marks filled in, but without the students' rows in which nothing changes.

    Raises SheetError if it is unclear which column is meant, if this is read-only, or if a mark is above the maximum.
    """
    header = sheet.header
    at = find_column(header, assignment, column)
    special = [line for line in sheet.lines[1:] if _is_special(line)]
    for line in special:
        told = line.value(at)
        if READ_ONLY in told:
            raise SheetError(f"Canvas marks the column {header[at]!r} as read-only")
    possible = next((line.value(at) for line in special if line.value(0).lower().startswith("points possible")), "")
    filled, changed = Filled(b""), []
    by_identity = identities(marks)
    for line in sheet.lines[1:]:
        if line in special or not any(map(line.value, range(len(line.cells)))):
            continue
        mark = _student(line, header, by_identity)
        if mark is None:
            continue
        name = line.value(0)
        if line.value(at).lower() in EXCUSED:
            filled.told.append(f"{name} is left out: excused in Canvas")
        elif (text := new_mark(mark, line.value(at), possible, header[at])) is not None:
            line.put(at, text)
            changed.append(line)
        by_identity = {key: one for key, one in by_identity.items() if one is not mark}
    lost = {one.row.key: one for one in by_identity.values() if one.total is not None}
    filled.told += [f"{key} is not in the gradebook" for key in sorted(lost)]
    filled.content = sheet.dumps([sheet.lines[0], *special, *changed])
    filled.changed = len(changed)
    return filled


def find_column(header: Sequence[str], assignment: str, column: str = "") -> int:
    """Return the index of `column`, or of the only column that is named after the assignment. Raises SheetError."""
    if column:
        if header.count(column) == 1:
            return header.index(column)
        raise SheetError(
            f"there is no column {column!r}, or more than one; choose from: {', '.join(map(repr, header))}"
        )
    wanted = re.sub(r"\W|_", "", assignment).lower()
    found = [
        at for at, title in enumerate(header) if wanted in re.sub(r"\W|_", "", title).lower() and not OWN.match(title)
    ]
    if len(found) != 1:
        titles = ", ".join(repr(header[at]) for at in found) or "none"
        raise SheetError(
            f"name the column with --column, since not exactly one is named after {assignment}; found: {titles}"
        )
    return found[0]


def identities(marks: Sequence[Mark]) -> dict[str, Mark]:
    """Return {key, id, address or name of a student, in lower case: mark}, without what two students share."""
    by_key = {mark.row.key: mark for mark in marks}
    return {one: by_key[row.key] for one, row in called(mark.row for mark in marks).items() if row}


def new_mark(mark: Mark, before: str, possible: str, title: str) -> str | None:
    """Return a mark as text, or None if it is unknown or unchanged. Raises SheetError if it is above `possible`."""
    if mark.total is None:
        return None
    most = _number(possible)
    if most is not None and mark.total > most:
        raise SheetError(
            f"{mark.row.key} has a mark of {number(mark.total)}, but {title!r} allows at most {possible}: "
            f"set maximum = {possible} in policy.toml, or raise the limit in the LMS"
        )
    was = _number(before)
    return None if was is not None and round(was, 2) == round(mark.total, 2) else number(mark.total)


def _number(text: str) -> float | None:
    text = text.strip().replace("\N{NO-BREAK SPACE}", "")
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


def _is_special(line: Line) -> bool:
    return line.value(0).lower().startswith(NOT_STUDENTS) or (
        not line.value(0) and any(line.value(at).lower().startswith(NOT_STUDENTS) for at in range(len(line.cells)))
    )


def _student(line: Line, header: Sequence[str], known: Mapping[str, Mark]) -> Mark | None:
    """Return the mark of a row's student, found by id, address, name, or name as written in Canvas's zips, or None."""
    values = {title.lower(): line.value(at) for at, title in enumerate(header)}
    for title in IDENTITIES:
        if (value := values.get(title, "")) and (mark := known.get(value.casefold())):
            return mark
    packed = re.sub(r"\W", "", line.value(0)).casefold()
    return known.get(packed)


def feedback_name(mark: Mark, assignment: str) -> str:
    """Return the name of a feedback file.

    It begins with the prefix by which Canvas knows the student or, if the submission has none, with the student's key.
    """
    match = re.match(r"(?P<prefix>(?:\w*?_)?(?:LATE_)?(?:\d+|anon_[^\W_]+)_\d+_)", mark.row.source.rpartition("/")[2])
    return f"{match['prefix']}{assignment}_feedback.html" if match else f"{mark.row.key}_{assignment}_feedback.html"
