"""Write all tables and pages of a results folder, from its records and from the decisions of people."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from pathlib import Path

from cs231n.tutor.course import did_you_mean
from grading import exceptions, marks, store
from grading.intake import roster
from grading.marks import Mark
from grading.out import canvas, classpage, feedback, moodle, plain, sheet, words
from grading.records import Record, Results

LMS: dict[str, Callable[..., canvas.Filled]] = {"canvas": canvas.fill, "moodle": moodle.fill}
NAMES = {"canvas": canvas.feedback_name, "moodle": moodle.feedback_name}
KEPT = 64  # records in memory at a time


def compute(results: Results) -> list[Mark]:
    """Return the mark of every student. Raises TableError, PolicyError or RecordsError."""
    events = results.events()
    manual = marks.read_manual(results.path("manual"))
    policy = marks.read_policy(results.path("policy.toml"))
    specials = exceptions.read(results.path("exceptions.csv"))
    rows = [row for row in roster.read(results.path(roster.NAME)) if row.counts]
    special_of = roster.specials_of(specials, roster.called(rows))

    @lru_cache(KEPT)
    def record_of(sha256: str, grader: str) -> Record | None:
        return results.record(sha256, grader) or results.error(sha256, grader) if grader else None

    return [marks.mark(row, record_of, events, manual, policy, special_of.get(row.key)) for row in rows]


def strange(results: Results, found: Sequence[Mark]) -> list[str]:
    """Return lines about exceptions, manual marks and lateness without effect, and about pages that no LMS imports."""
    specials = exceptions.read(results.path("exceptions.csv"))
    policy = marks.read_policy(results.path("policy.toml"))
    late = [mark.row.key for mark in found if (mark.row.late or mark.late_days) and mark.row.sha256]
    told = roster.unknown(specials, roster.called(mark.row for mark in found))
    known = {name for mark in found for name in (mark.row.key, mark.row.sha256) if name}
    named = {str(one.get("student") or one.get("submission")) for one in marks.read_manual(results.path("manual"))}
    for name in sorted(named - known):
        meant = did_you_mean(name, [mark.row.key for mark in found])
        why = "it is neither a student's key nor a submission that counts"
        told.append(f"manual/: {name!r} is not used, since {why}. {meant}".strip())
    if late and not policy.percent_per_day and not math.isfinite(policy.most_days):
        told.append(
            f"late work loses no points (late submissions: {len(late)}): to change that, "
            "set percent_per_day or most_days in policy.toml"
        )
    alone = {mark.row.key for mark in _returned(results, found).values()}
    if alone and len(alone) < len(found):
        keys = ", ".join(sorted({mark.row.key for mark in found} - alone))
        told.append(f"students without a file of their own in the LMS, whose pages are in feedback/ only: {keys}")
    return told


def _returned(results: Results, found: Sequence[Mark]) -> dict[str, Mark]:
    """Return {name of a feedback file for the LMS: mark}; for a group, it is the submitter's mark, if that is known."""
    settings = results.settings()
    name_of = NAMES.get(settings.get("lms", ""))
    pages: dict[str, Mark] = {}
    for mark in found if name_of else ():
        name = name_of(mark, settings["assignment"]) if name_of else ""
        if name not in pages or (mark.row.lms_id and f"_{mark.row.lms_id}_" in name):
            pages[name] = mark
    return pages


def write(results: Results, assignment: str) -> tuple[list[Mark], list[Path]]:
    """Write marks.csv, the class page, and feedback: a page for each student, and a zip for Canvas or Moodle.

    Return the marks, and the paths of what was written. Raises OSError, and whatever `compute` raises.
    """
    found = compute(results)
    notice = words.notice(found, results.events())
    manual = marks.read_manual(results.path("manual"))
    out = results.path("out")
    plain.write(out / "marks.csv", found, notice)
    times: dict[str, dict[str, float]] = {}
    for grader in sorted({one for mark in found for one in mark.graders}):
        times |= results.times(grader)
    counted = {mark.row.sha256 for mark in found}
    times = {sha256: time for sha256, time in times.items() if sha256 in counted}
    store.write(out / "class.html", classpage.page(found, times, assignment, notice).encode())
    written = [out / "marks.csv", out / "class.html"]
    for mark in found:
        path = out / "feedback" / f"{mark.row.key}.html"
        store.write(path, feedback.page(mark, assignment, notice, manual).encode("utf-8", "replace"))
    written.append(out / "feedback")
    if pages := _returned(results, found):
        makers = {name: partial(feedback.page, mark, assignment, notice, manual) for name, mark in pages.items()}
        feedback.write_zip(out / f"feedback-{results.settings()['lms']}.zip", sorted(makers.items()))
        written.append(out / f"feedback-{results.settings()['lms']}.zip")
    return found, written


def fill(results: Results, lms: str, path: Path, assignment: str, column: str = "") -> tuple[Path, canvas.Filled]:
    """Write the LMS's own table with the changed marks to a file in out/; return its path and the filled table.

    Raises OSError, whatever `compute` raises, and SheetError if the table cannot be filled in.
    """
    found = compute(results)
    filled = LMS[lms](sheet.load(path), found, assignment, column)
    warning = "NOT-SANDBOXED-" if words.notice(found, results.events()) else ""
    target = results.path("out", f"{warning}{lms}-{path.stem}.csv")
    store.write(target, filled.content)
    return target, filled
