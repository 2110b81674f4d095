"""Verdicts as a table in Markdown, for the summary page of a CI job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cs231n.tutor.show.table import progress
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.terminal import Screen

SPECIAL = re.compile(
    r"[\\`*\[\]<>|~&@]|#(?=\d)|:(?=//)|(?<!\w)_|_(?!\w)"
)  # also of links, mentions and numbers of issues


def write_markdown(verdicts: Iterable[Verdict], screen: Screen) -> list[Verdict]:
    """Write a table for each assignment, its progress above it; return the verdicts."""
    done = list(verdicts)
    for name in dict.fromkeys(verdict.assignment for verdict in done):
        for line in _table(name, [verdict for verdict in done if verdict.assignment == name], screen):
            screen.line(line)
    return done


def _table(name: str, verdicts: list[Verdict], screen: Screen) -> Iterator[str]:
    yield from (f"### {name}", "", f"`{progress(name, verdicts, screen)}`", "")
    yield from ("| exercise | | points | |", "|---|---|--:|---|")
    for verdict in verdicts:
        score = f"{verdict.points} of {verdict.out_of}"
        yield f"| `{verdict.name}` | {verdict.state} | {score} | {_story(verdict)} |"
    yield ""


def _story(verdict: Verdict) -> str:
    """Return what was found, the likely cause and where to look; of what is right only the advice."""
    if verdict.status == "todo":
        return _escaped(verdict.message) if verdict.waits_for else ""
    story = [("advice: ", verdict.advice), ("open: ", verdict.where)]
    if verdict.status != "pass":
        story = [("", verdict.message), ("likely: ", verdict.cause), *story]
    return "<br>".join(_escaped(label + text) for label, text in story if text)


def _escaped(text: str) -> str:
    """Return text that comes out as it is: exception texts come from student code, and may hold markup."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return SPECIAL.sub(lambda match: f"&#{ord(match[0])};", line)
