"""Verdicts as a table in a terminal or as JSON rows."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import TextIO

from cs231n.tutor import course
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.terminal import Screen

ANSI = {"pass": "34", "fail": "31", "todo": "90", "error": "35"}
FEW_LINES = 2  # of a story, in a table of many


def write_table(verdicts: Iterable[Verdict], whole_story: bool = False, out: TextIO | None = None) -> list[Verdict]:
    """Print each verdict as it arrives, then progress and the next thing to do; return them all."""
    screen = Screen(out or sys.stdout)
    done: list[Verdict] = []
    for verdict in verdicts:
        for line in _headings(done[-1] if done else None, verdict):
            screen.line(line)
        for line in rows(verdict, screen, whole_story):
            screen.line(line)
        done.append(verdict)
    screen.line()
    for line in summary(done, screen):
        screen.line(line)
    return done


def write_json(verdicts: Iterable[Verdict], out: TextIO | None = None) -> list[Verdict]:
    """Write one JSON list and nothing else."""
    done, stream = list(verdicts), out or sys.stdout
    json.dump([verdict.as_row() for verdict in done], stream, indent=1)
    stream.write("\n")
    return done


def _headings(last: Verdict | None, verdict: Verdict) -> Iterable[str]:
    """Name the assignment and the file where one begins."""
    if last is None or last.assignment != verdict.assignment:
        yield from ([] if last is None else [""])
        yield verdict.assignment
        last = None
    if last is None or _file(last) != _file(verdict):
        yield f"  {_file(verdict)}"


def _file(verdict: Verdict) -> str:
    return course.find_exercise(verdict.name)[1].file


def rows(verdict: Verdict, screen: Screen, whole_story: bool) -> Iterable[str]:
    """Yield what a table says of one exercise: its state in a line, and of what is not right the story."""
    mark = screen.painted(f"{verdict.state:<15}", ANSI[verdict.status])
    line = f"    {mark} {verdict.points:>2}/{verdict.out_of:<2} {verdict.name}"
    if whole_story or verdict.status in ("fail", "error"):
        yield line
        yield from story(verdict, screen, whole_story)
    elif verdict.waits_for:
        told = f": {verdict.message.partition(',')[0]}"
        fits = len(f"{line}{told}") - len(mark) + 15 <= screen.width
        yield from [line + told] if fits else [line, *_wrapped(told[2:], screen)]
    else:
        yield line
        if verdict.advice:
            yield from _wrapped(f"advice: {verdict.advice}", screen)[:FEW_LINES]


def story(verdict: Verdict, screen: Screen, whole: bool = True) -> Iterable[str]:
    """Yield what was found, the likely cause and where to look; of each, unless `whole`, no more than two lines."""
    for label, text in (
        ("", verdict.message),
        ("likely: ", verdict.cause),
        ("advice: ", verdict.advice),
        ("open: ", verdict.where),
    ):
        lines = _wrapped(label + text, screen) if text else []
        if not whole and len(lines) > FEW_LINES:
            lines = [*lines[: FEW_LINES - 1], lines[FEW_LINES - 1] + " …"]
        yield from lines


def _wrapped(text: str, screen: Screen) -> list[str]:
    return textwrap.wrap(_plain(text), screen.width - 2, initial_indent=" " * 8, subsequent_indent=" " * 10)


def _plain(text: str) -> str:
    """Drop control characters: exception texts come from student code and must not reach the terminal as codes."""
    return "".join(character if character.isprintable() else " " for character in text)


def summary(done: Sequence[Verdict], screen: Screen) -> Iterable[str]:
    """Yield the progress of each assignment, and the next thing to do."""
    for name in dict.fromkeys(verdict.assignment for verdict in done):
        yield progress(name, [verdict for verdict in done if verdict.assignment == name], screen)
    following = next_to_do(done)
    if following is None:
        return
    yield from textwrap.wrap(f"Next: {following.name} in {following.where}", screen.width, subsequent_indent=" " * 6)
    if following.status != "todo" and len(done) > 1:
        yield f"      the whole story: python -m cs231n check {following.name}"
    yield f"      a hint: python -m cs231n hint {following.name}"


def progress(name: str, done: Sequence[Verdict], screen: Screen) -> str:
    """Return a bar, and how many exercises and points there are, in one line."""
    passed = sum(verdict.status == "pass" for verdict in done)
    points, out_of = sum(v.points for v in done), sum(v.out_of for v in done)
    filled = round(20 * passed / len(done)) if done else 0
    bar = f" [{screen.painted('#' * filled, ANSI['pass'])}{'-' * (20 - filled)}]" if screen.width > 75 else ":"
    return f"{name}{bar} {passed} of {len(done)} exercises pass, {points} of {out_of} points"


def next_to_do(done: Sequence[Verdict]) -> Verdict | None:
    """Return the first exercise, in working order, that does not pass and waits for no other."""
    left = [verdict for verdict in done if verdict.status != "pass"]
    free = [verdict for verdict in left if not verdict.waits_for]
    return next(iter(free or left), None)
