"""The wording about marks, the same in all tables and on all pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from cs231n.tutor.show import verdict
from cs231n.tutor.terminal import plain
from grading.marks import Mark
from grading.records import ERROR

UNSANDBOXED = "students' code was run WITHOUT a sandbox: what it did to the machine and to the marks is unknown"
WORDS = verdict.WORDS | {
    "waits": "waits",
    ERROR: "not decided yet",
    "not graded yet": "not graded yet",
    "manual": "marked by hand",
}
SYMBOLS = verdict.SYMBOLS | {"manual": "✎", "waits": verdict.SYMBOLS["todo"]}


def state(status: str) -> str:
    """Return the state of an exercise in words, after its symbol, as on the cards."""
    return f"{SYMBOLS.get(status, '…')} {WORDS.get(status, status)}"


def story(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the texts about an exercise as (label, text): what was found, why, and where to look."""
    labelled = (("", "message"), ("Likely: ", "hint"), ("Also: ", "also"), ("Advice: ", "advice"), ("Open: ", "where"))
    told = [(label, plain(str(found.get(key) or ""))) for label, key in labelled]
    return [(label, text) for label, text in told if text]


def with_code(text: str) -> Markup:
    """Return text as HTML, with the parts between backticks as code, unless a backtick has no partner."""
    parts = text.split("`")
    told = (Markup("<code>{}</code>" if number % 2 else "{}").format(part) for number, part in enumerate(parts))
    return Markup("").join(told) if len(parts) % 2 else escape(text)


def number(value: float | None) -> str:
    """Return a mark as text for tables, with at most two decimals; "" for None."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def notice(marks: Sequence[Mark], events: Sequence[Mapping[str, Any]]) -> str:
    """Return a warning for all tables and pages, or "" if no mark comes from code that was run without a sandbox."""
    unprotected = {event["grader"] for event in events if event.get("sandbox") == "none"}
    return UNSANDBOXED if any(mark.graders & unprotected for mark in marks) else ""


def unfinished(marks: Sequence[Mark]) -> list[str]:
    """Return a line for each student whose mark is not known yet, with the reason."""
    return [f"{one.row.key}: {'; '.join([one.status, *one.notes])}" for one in marks if one.total is None]


def waits(status: str, message: str) -> str:
    """Return the status of an exercise, or "waits" if another exercise has to be right first."""
    return "waits" if status == "todo" and message.startswith("waits for ") else status
