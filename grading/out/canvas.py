"""Canvas: fill in the gradebook that the instructor exported, and name feedback files so that Canvas imports them.

Canvas creates a new assignment for a title that it does not know, and a new student for an id that it does not know.
If it has a mark and the file has a blank, that counts as a change. So nothing is added: the header stays the same,
byte for byte, one column is filled in, and only rows with a changed mark are written.
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
    """A table for an LMS to import, the number of changed marks, and a line for each student who was left out."""

    content: bytes
    changed: int = 0
    told: list[str] = field(default_factory=list)


def fill(sheet: Sheet, marks: Sequence[Mark], assignment: str, column: str = "") -> Filled:
    """Return the gradebook's header and its rows with a changed mark. Raises SheetError if something is unclear."""
    header = sheet.header
    at = find_column(header, assignment, column)
    special = [line for line in sheet.lines[1:] if _is_special(line)]
    for line in special:
        told = line.value(at)
        if READ_ONLY in told:
            raise SheetError(f"Canvas calls the column {header[at]!r} read-only")
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
            filled.told.append(f"{name} is excused: left out")
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
    """Return the index of `column`, or of the only one named after the assignment. Raises SheetError."""
    if column:
        if header.count(column) == 1:
            return header.index(column)
        raise SheetError(f"there is no single column {column!r}; choose from: {', '.join(map(repr, header))}")
    wanted = re.sub(r"\W|_", "", assignment).lower()
    found = [
        at for at, title in enumerate(header) if wanted in re.sub(r"\W|_", "", title).lower() and not OWN.match(title)
    ]
    if len(found) != 1:
        told = ", ".join(repr(header[at]) for at in found) or "none"
        raise SheetError(f"name the column with --column: those named after {assignment} are {told}")
    return found[0]


def identities(marks: Sequence[Mark]) -> dict[str, Mark]:
    """Return {key, id, address or name of a student, in lower case: mark}, without those that two students share."""
    by_key = {mark.row.key: mark for mark in marks}
    return {one: by_key[row.key] for one, row in called(mark.row for mark in marks).items() if row}


def new_mark(mark: Mark, before: str, possible: str, title: str) -> str | None:
    """Return a mark as text, None if it is unknown or unchanged. Raises SheetError if it is above the maximum."""
    if mark.total is None:
        return None
    most = _number(possible)
    if most is not None and mark.total > most:
        raise SheetError(
            f"{mark.row.key} has {number(mark.total)} points, and {title!r} is worth {possible}: "
            f"set maximum = {possible} in policy.toml, or change what it is worth"
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
    """Return the mark of a row's student: by Canvas's id, then by SIS ids, then by name as Canvas writes it in zips."""
    values = {title.lower(): line.value(at) for at, title in enumerate(header)}
    for title in IDENTITIES:
        if (value := values.get(title, "")) and (mark := known.get(value.casefold())):
            return mark
    packed = re.sub(r"\W", "", line.value(0)).casefold()
    return known.get(packed)


def feedback_name(mark: Mark, assignment: str) -> str:
    """Return the name under which Canvas gives a file back to the student: the prefix of the submission, with ids."""
    match = re.match(r"(?P<prefix>(?:\w*?_)?(?:LATE_)?(?:\d+|anon_[^\W_]+)_\d+_)", mark.row.source.rpartition("/")[2])
    return f"{match['prefix']}{assignment}_feedback.html" if match else f"{mark.row.key}_{assignment}_feedback.html"
