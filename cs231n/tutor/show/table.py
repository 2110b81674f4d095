"""Verdicts as a table in a terminal or in Markdown, or as JSON rows."""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TextIO

from cs231n.tutor import course
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.terminal import Screen, command, here, plain

ANSI = {"pass": "34", "fail": "31", "todo": "90", "error": "35"}
# Characters that have a meaning in Markdown, or in links, mentions and issue numbers.
MARKUP = re.compile(r"[\\`*\[\]<>|~&@]|#(?=\d)|:(?=//)|(?<!\w)_|_(?!\w)")
FEW_LINES = 2  # lines for each part of the details, unless all of them are shown


def write_table(verdicts: Iterable[Verdict], whole_story: bool = False, out: TextIO | None = None) -> list[Verdict]:
    """Print each verdict as it arrives, then the progress and the next thing to do; return all verdicts."""
    screen = Screen(out or sys.stdout)
    done: list[Verdict] = []
    for verdict in verdicts:
        screen.lines(_headings(done[-1] if done else None, verdict))
        same = next((one for one in done if verdict.wrong and _found(one) == _found(verdict)), None)
        said = not whole_story and any(one.advice == verdict.advice for one in done if _file(one) == _file(verdict))
        screen.lines(rows(replace(verdict, advice="") if said else verdict, screen, whole_story, same))
        done.append(verdict)
    screen.line()
    screen.lines(summary(done, screen))
    return done


def write_json(verdicts: Iterable[Verdict], out: TextIO | None = None) -> list[Verdict]:
    """Write the verdicts as one JSON list and nothing else; return them."""
    done, stream = list(verdicts), out or sys.stdout
    json.dump([verdict.as_row() for verdict in done], stream, indent=1)
    stream.write("\n")
    return done


def write_markdown(verdicts: Iterable[Verdict], screen: Screen) -> list[Verdict]:
    """Write a table for each assignment, with its progress above it; return the verdicts."""
    done = list(verdicts)
    for part in by_assignment(done):
        screen.line(f"### {part[0].assignment}\n\n`{progress(part, screen)}`\n")
        screen.line("| exercise | | points | |\n|---|---|--:|---|")
        for verdict in part:
            score = f"{verdict.points} of {verdict.out_of}"
            screen.line(f"| `{verdict.name}` | {verdict.state} | {score} | {_in_markdown(verdict)} |")
        screen.line()
    return done


def _in_markdown(verdict: Verdict) -> str:
    """Return what is wrong, the likely cause and where to look.

    For an exercise that passes, the result is only the advice; for one that is still to do, only what it waits for.
    """
    told = [_escaped(label.lower() + text) for label, text in verdict.story]
    if verdict.status == "todo":
        told = told[:1] if verdict.waits_for else []
    return "<br>".join(told[1:] if verdict.status == "pass" and verdict.message else told)


def _escaped(text: str) -> str:
    """Return text with markup escaped, since messages of exceptions come from student code and may contain it."""
    return MARKUP.sub(lambda match: f"&#{ord(match[0])};", plain(text))


def _headings(last: Verdict | None, verdict: Verdict) -> Iterable[str]:
    """Yield a heading for the assignment if it is a new one, and for the notebook and file if one of them is new."""
    if last is None or last.assignment != verdict.assignment:
        yield from ([] if last is None else [""])
        yield verdict.assignment
        last = None
    exercise = course.find_exercise(verdict.name)[1]
    before = course.find_exercise(last.name)[1] if last else None
    if before is None or (before.notebook, before.file) != (exercise.notebook, exercise.file):
        yield f"  {exercise.notebook}: {exercise.file}"


def _file(verdict: Verdict) -> str:
    return course.find_exercise(verdict.name)[1].file


def _found(verdict: Verdict) -> tuple[str, str]:
    return verdict.message, verdict.where


def rows(verdict: Verdict, screen: Screen, whole_story: bool, same: Verdict | None = None) -> Iterable[str]:
    """Yield the lines of a table for one exercise: its state, and what is wrong or worth knowing.

    Unless whole_story is set, each part of the details has at most FEW_LINES lines. Details that are the same as those
    of an earlier exercise, `same`, are not repeated.
    """
    mark = screen.painted(f"{verdict.state:<15}", ANSI[verdict.status])
    line = f"    {mark} {verdict.points:>2}/{verdict.out_of:<2} {verdict.name}"
    story = [label.lower() + text for label, text in verdict.story]
    if not (whole_story or verdict.wrong):
        story = [f"advice: {verdict.advice}"] if verdict.advice else []
        if verdict.waits_for:
            story = [verdict.message.partition(",")[0]]
            if len(f"{line}: {story[0]}") - len(mark) + 15 <= screen.width:
                line, story = f"{line}: {story[0]}", []
    if same:
        line, story = f"{line}: the same as {same.name}", []
    yield line
    for told in story:
        lines = textwrap.wrap(plain(here(told)), screen.width - 2, initial_indent=" " * 8, subsequent_indent=" " * 10)
        if len(lines) > FEW_LINES and not whole_story:
            lines = [*lines[: FEW_LINES - 1], lines[FEW_LINES - 1] + " …"]
        yield from lines


def summary(done: Sequence[Verdict], screen: Screen) -> Iterable[str]:
    """Yield the progress of each assignment, and the next thing to do."""
    yield from (progress(part, screen) for part in by_assignment(done))
    following = next_to_do(done)
    if following is None:
        return
    yield from textwrap.wrap(f"Next: {following.name} in {following.where}", screen.width, subsequent_indent=" " * 6)
    yield f"      the notebook: {course.find_exercise(following.name)[1].notebook}"
    if following.status != "todo" and len(done) > 1:
        yield f"      all details: {command(f'check {following.name}')}"
    yield f"      a hint: {command(f'hint {following.name}')}"


def by_assignment(verdicts: Iterable[Verdict]) -> list[list[Verdict]]:
    """Return the verdicts of each assignment."""
    parts: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        parts.setdefault(verdict.assignment, []).append(verdict)
    return list(parts.values())


def progress(part: Sequence[Verdict], screen: Screen) -> str:
    """Return a line about the progress in one assignment: the numbers of exercises and points, and a bar if it fits."""
    filled = round(20 * sum(verdict.status == "pass" for verdict in part) / len(part))
    bar = f" [{screen.painted('#' * filled, ANSI['pass'])}{'-' * (20 - filled)}]" if screen.width > 75 else ":"
    return f"{part[0].assignment}{bar} {tally(part)}"


def tally(verdicts: Sequence[Verdict]) -> str:
    """Return a text with the number of exercises that pass, and the points."""
    passed = sum(verdict.status == "pass" for verdict in verdicts)
    points, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    return f"{passed} of {len(verdicts)} exercises pass, {points} of {out_of} points"


def next_to_do(done: Sequence[Verdict]) -> Verdict | None:
    """Return the first verdict that is not a pass, preferably one that does not wait for another exercise, or None."""
    left = [verdict for verdict in done if verdict.status != "pass"]
    free = [verdict for verdict in left if not verdict.waits_for]
    return next(iter(free or left), None)
