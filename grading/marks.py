"""The mark: a pure function of the roster, the automatic records, the manual events, the policy and the exceptions.

Marks are computed again from these whenever a table is written. So a regrade keeps manual marks, and a change to the
policy applies to everybody.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grading import exceptions, records, tables
from grading.exceptions import Special
from grading.intake.roster import Row
from grading.records import ERROR, Record

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

POLICY = """\
# How marks follow from points. Every line is optional. Marks are computed again whenever tables are written.

# due = 2026-10-09T23:59:00+02:00   # without it, work is late only if the LMS says so and gives no time
# grace_minutes = 15
# percent_per_day = 10              # deducted from the points for each day or part of a day
# most_days = 3                     # work that is later than this gets no points
# days_if_unknown = 1               # counted if the LMS says "late", but gives no time
# maximum = 100                     # the mark for all points; without it, the points are not scaled
# extra = ["dropout_forward"]       # bonus exercises: full marks are possible without their points
"""


class PolicyError(ValueError):
    """policy.toml is invalid; the message says why."""


@dataclass(frozen=True)
class Policy:
    """How marks follow from points."""

    due: datetime | None = None
    grace_minutes: float = 0
    percent_per_day: float = 0
    most_days: float = math.inf
    days_if_unknown: int = 1
    maximum: float = 0
    extra: tuple[str, ...] = ()


def read_policy(path: Path) -> Policy:
    """Return the policy in policy.toml, or the default one if there is no such file. Raises PolicyError."""
    if not path.exists():
        return Policy()
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        if unknown := sorted(set(told) - set(Policy.__dataclass_fields__)):
            raise PolicyError(
                f"{path}: {unknown[0]!r} is unknown; choose from {', '.join(Policy.__dataclass_fields__)}"
            )
        due = told.pop("due", None)
        if due is not None:
            told["due"] = exceptions.time(due.isoformat() if hasattr(due, "isoformat") else due)
        told["extra"] = tuple(told.get("extra", ()))
        policy = Policy(**told)
        numbers = (
            policy.grace_minutes,
            policy.percent_per_day,
            policy.most_days,
            policy.days_if_unknown,
            policy.maximum,
        )
        if any(not isinstance(one, (int, float)) or one < 0 for one in numbers):
            raise PolicyError(f"{path}: everything except due and extra must be a number, and not negative")
        return policy
    except (tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError) as error:
        raise error if isinstance(error, PolicyError) else PolicyError(f"{path}: {error}") from None


@dataclass(frozen=True)
class Item:
    """One student's points for an exercise or a question, and where they come from."""

    name: str
    points: float | None  # None: nothing is known yet
    out_of: float
    status: str
    manual: bool = False
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mark:
    """The mark of one student; `total` is None as long as it is not known, and `status` says why."""

    row: Row
    items: tuple[Item, ...] = ()
    status: str = "graded"
    points: float = 0
    out_of: float = 0
    late_days: int = 0
    penalty: float = 0
    total: float | None = None
    maximum: float = 0
    notes: tuple[str, ...] = ()
    graders: frozenset[str] = frozenset()  # the ids of the graders whose records were used


Lookup = Callable[[str, str], "Record | None"]  # (submission, grader id) -> record


def mark(
    row: Row,
    record_of: Lookup,
    events: Sequence[Mapping[str, Any]],
    manual: Sequence[Mapping[str, Any]] = (),
    policy: Policy = Policy(),
    special: Special | None = None,
) -> Mark:
    """Return the mark of one student; `special` is the student's row of exceptions.csv, if there is one.

    The total is points * max(0, 1 - days late * percent_per_day / 100) * maximum / out_of, and 0 if the work is more
    than most_days days late. It is None if there is nothing to grade, or as long as an exercise has points neither from
    the grader nor from a person. A mark in `special` replaces it.
    """
    notes = [row.problem] if row.problem else []
    nothing: tuple[tuple[Item, ...], str, frozenset[str]] = ((), "nothing to grade", frozenset())
    items, status, graders = _automatic(row, record_of, events) if row.sha256 else nothing
    automatic, (items, conflicts) = items, _with_manual(row, items, manual)
    if automatic and all(item.points is not None for item in items):
        status = "graded"  # people gave points where the grader failed
    notes += conflicts
    found = Mark(row, items, status, graders=graders)
    points = math.fsum(item.points or 0 for item in items)
    out_of = math.fsum(item.out_of for item in items if item.name not in policy.extra)
    days, told = late_days(row, policy, special)
    notes += [told] if told else []
    kept = 0.0 if days > policy.most_days else max(0.0, 1 - days * policy.percent_per_day / 100)
    maximum = policy.maximum or out_of
    scale = maximum / out_of if out_of else 0
    total: float | None = round(points * kept * scale + 1e-9, 2)
    penalty = round(points * (1 - kept) * scale, 2)
    if status != "graded" or any(item.points is None for item in items):
        total = None
    if special and special.mark is not None:
        total, status = special.mark, "overridden"
        notes.append(f"the mark is overridden: {special.reason}" if special.reason else "the mark is overridden")
    return replace(
        found,
        status=status,
        points=round(points, 2),
        out_of=out_of,
        late_days=days,
        penalty=penalty,
        total=total,
        maximum=maximum,
        notes=tuple(notes),
    )


def _automatic(
    row: Row, record_of: Lookup, events: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Item, ...], str, frozenset[str]]:
    """Return (items, status, ids of the graders): one item per exercise, taken from the record that counts for it."""

    def counting(exercise: str = "") -> tuple[str, Record | None]:
        ids = records.in_force(events, row.key, exercise)
        found = ((one, record_of(row.sha256, one)) for one in ids)
        return next(((one, record) for one, record in found if record), ("", None))

    grader, overall = counting()
    if overall is None:
        return (), "not graded yet", frozenset()
    if overall.get("failure"):
        return (), ERROR, frozenset({grader})
    items, status, graders = [], "graded", {grader}
    for one in overall["exercises"]:
        grader, record = counting(one["name"])
        graders.add(grader)
        found = next((it for it in (record or {}).get("exercises", ()) if it["name"] == one["name"]), None)
        if found is None:
            status = ERROR if record else "not graded yet" if status == "graded" else status
            items.append(Item(one["name"], None, one["out_of"], "not graded yet"))
        elif found["status"] == ERROR:
            status = ERROR
            items.append(Item(one["name"], None, found["out_of"], ERROR, record=found))
        else:
            points = min(found["points"], found["out_of"])
            items.append(Item(one["name"], points, found["out_of"], found["status"], record=found))
    return tuple(items), status, frozenset(graders - {""})


def _with_manual(
    row: Row, items: Iterable[Item], manual: Sequence[Mapping[str, Any]]
) -> tuple[tuple[Item, ...], list[str]]:
    """Return the items with the points that people gave, and a line for each item on which their points differ.

    An event is {"time", "by", "item", "points", "out_of"} with the "submission" (sha256) or the "student" (key) that it
    is for. For each person, the latest event counts; of these, the latest is used. If its points are None, the points
    of the grader stay.
    """
    by_item: dict[str, dict[str, Mapping[str, Any]]] = defaultdict(dict)
    for event in sorted(manual, key=lambda one: str(one.get("time", ""))):
        if is_for(event, row):
            by = by_item[str(event["item"])]
            by.pop(str(event.get("by", "")), None)
            by[str(event.get("by", ""))] = event
    merged = {item.name: item for item in items}
    notes = []
    for name, by in by_item.items():
        latest = next(reversed(by.values()))
        if len({one.get("points") for one in by.values()}) > 1:
            given = {who: one.get("points") for who, one in by.items()}
            told = ", ".join(f"{who}: {'withdrawn' if points is None else points}" for who, points in given.items())
            notes.append(f"{name} has different marks ({told}); the latest counts")
        if latest.get("points") is None:  # withdrawn
            continue
        before = merged.get(name, Item(name, None, float(latest.get("out_of") or 0), "manual"))
        out_of = float(latest.get("out_of") or before.out_of)
        merged[name] = replace(before, points=float(latest["points"]), out_of=out_of, status="manual", manual=True)
    return tuple(merged.values()), notes


def is_for(event: Mapping[str, Any], row: Row) -> bool:
    """Return whether a manual event is for the student, or for the submission, of a row."""
    return event.get("student") == row.key or bool(row.sha256 and event.get("submission") == row.sha256)


def late_days(row: Row, policy: Policy, special: Special | None) -> tuple[int, str]:
    """Return the number of days, rounded up, that count as late, and a remark about this number, or "".

    The extension of the student and the minutes of grace are taken into account.
    """
    due = policy.due
    extension = special.extension if special else None
    if isinstance(extension, datetime):
        due = extension
    elif isinstance(extension, timedelta) and due:
        due = due + extension
    if row.handed_in and due:
        over = exceptions.time(row.handed_in) - due - timedelta(minutes=policy.grace_minutes)
        return max(0, math.ceil(over / timedelta(days=1))), ""
    if row.late and not row.handed_in:
        if extension is not None:
            return 0, "late according to the LMS, but there is an extension: counted as on time"
        if policy.percent_per_day or math.isfinite(policy.most_days):
            days = policy.days_if_unknown
            return days, f"late, but the LMS does not say by how much: counted as {days} day{'s' * (days != 1)}"
    return 0, ""


def read_manual(folder: Path) -> list[dict[str, Any]]:
    """Return the manual events in the logs in `folder`. Raises TableError if points are not numbers >= 0."""
    found = [(path, one) for path in sorted(folder.glob("*.jsonl")) for one in records.read_log(path) if "item" in one]
    for path, one in found:
        numbers = [one[name] for name in ("points", "out_of") if one.get(name) is not None]
        if not all(type(number) in (int, float) and 0 <= number < math.inf for number in numbers):
            raise tables.TableError(f"{path}: {one['item']}: points and out_of must be numbers, and not negative")
    return [one for _, one in found]
