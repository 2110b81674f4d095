"""Moodle: fill in the grading worksheet that the instructor downloaded, and name feedback files for its folders."""

from __future__ import annotations

import re
from collections.abc import Sequence

from grading.marks import Mark
from grading.out.canvas import Filled, identities, new_mark
from grading.out.sheet import Sheet, SheetError

NO = {"no", "nein", "non", "não", "nee", "nej"}


def fill(sheet: Sheet, marks: Sequence[Mark], assignment: str, column: str = "") -> Filled:
    """Return the worksheet's header and its rows with a changed mark.

    The titles of the columns are in the site's language, so `column` is the title of the grade's column, by default
    "Grade". The first column is the identifier; the two columns after the grade are the maximum, and whether the grade
    can be changed. Raises SheetError if it is unclear which column is meant, or if a mark is above the maximum.
    """
    header = sheet.header
    wanted = column or "Grade"
    if [title.casefold() for title in header].count(wanted.casefold()) != 1:
        raise SheetError(f"name the column of the grade with --column; choose from: {', '.join(map(repr, header))}")
    at = [title.casefold() for title in header].index(wanted.casefold())
    by_identity = identities(marks)
    filled, changed, seen = Filled(b""), [], set()
    for line in sheet.lines[1:]:
        number = re.search(r"(\d+)$", line.value(0))
        mark = by_identity.get(number[1]) if number else None
        others = (line.value(column) for column in range(1, at))
        mark = mark or next((by_identity[one.casefold()] for one in others if one.casefold() in by_identity), None)
        if mark is None:
            continue
        seen.add(mark.row.key)
        if line.value(at + 2).casefold() in NO:
            filled.told.append(f"{line.value(1)} is left out: the grade is locked in Moodle")
        elif (text := new_mark(mark, line.value(at), line.value(at + 1), header[at])) is not None:
            line.put(at, text)
            changed.append(line)
    lost = [mark.row.key for mark in marks if mark.row.key not in seen and mark.total is not None]
    filled.told += [f"{key} is not in the worksheet" for key in sorted(lost)]
    filled.content = sheet.dumps([sheet.lines[0], *changed])
    filled.changed = len(changed)
    return filled


def feedback_name(mark: Mark, assignment: str) -> str:
    """Return the path of a feedback file in a zip, from which Moodle knows to which student the file belongs."""
    match = re.match(r"(?P<folder>(?:.*/)?[^/]*_\d+_assignsubmission_file)", mark.row.source)
    name = mark.row.name.replace("/", "-").strip(".") or mark.row.key
    folder = match["folder"].rpartition("/")[2] if match else f"{name}_{mark.row.lms_id}_assignsubmission_file"
    return f"{folder}_/{assignment}_feedback.html"
