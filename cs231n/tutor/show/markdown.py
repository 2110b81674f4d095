"""Verdicts as a table in Markdown, for the summary page of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cs231n.tutor.show.table import by_assignment, progress
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.terminal import Screen, plain

SPECIAL = re.compile(
    r"[\\`*\[\]<>|~&@]|#(?=\d)|:(?=//)|(?<!\w)_|_(?!\w)"
)  # also of links, mentions and numbers of issues


def write_markdown(verdicts: Iterable[Verdict], screen: Screen) -> list[Verdict]:
    """Write a table for each assignment, its progress above it; return the verdicts."""
    done = list(verdicts)
    for part in by_assignment(done):
        screen.line(f"### {part[0].assignment}\n\n`{progress(part, screen)}`\n")
        screen.line("| exercise | | points | |\n|---|---|--:|---|")
        for verdict in part:
            score = f"{verdict.points} of {verdict.out_of}"
            screen.line(f"| `{verdict.name}` | {verdict.state} | {score} | {_story(verdict)} |")
        screen.line()
    return done


def _story(verdict: Verdict) -> str:
    """Return what was found, the likely cause and where to look; of what is right only the advice."""
    told = [_escaped(label.lower() + text) for label, text in verdict.story]
    if verdict.status == "todo":
        told = told[:1] if verdict.waits_for else []
    return "<br>".join(told[1:] if verdict.status == "pass" and verdict.message else told)


def _escaped(text: str) -> str:
    """Return text that comes out as it is: exception texts come from student code, and may hold markup."""
    return SPECIAL.sub(lambda match: f"&#{ord(match[0])};", plain(text))
