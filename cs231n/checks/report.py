"""Verdicts as a table in a terminal or as JSON rows."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import TextIO

from cs231n.checks.verdict import SYMBOLS, WORDS, Verdict

ANSI = {"pass": "34", "fail": "31", "todo": "90", "error": "35"}


def write_table(verdicts: Iterable[Verdict], out: TextIO) -> list[Verdict]:
    """Print each verdict as it arrives, then progress and the next thing to do; return them all."""
    colour = out.isatty()
    width = min(100, shutil.get_terminal_size((100, 24)).columns)
    done = []
    for verdict in verdicts:
        if not done or done[-1].assignment != verdict.assignment:
            print(f"{'' if not done else chr(10)}{verdict.assignment}", file=out)
        for line in _rows(verdict, width, colour):
            print(line, file=out, flush=True)
        done.append(verdict)
    print("\n" + _summary(done), file=out)
    return done


def write_json(verdicts: Iterable[Verdict], out: TextIO) -> list[Verdict]:
    """Write one JSON list and nothing else."""
    done = list(verdicts)
    json.dump([verdict.as_row() for verdict in done], out, indent=1)
    out.write("\n")
    return done


def printable(stream: TextIO) -> TextIO:
    """Return the stream, replacing characters it cannot encode (an old Windows console) instead of failing."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")
    return stream


def _rows(verdict: Verdict, width: int, colour: bool) -> Iterable[str]:
    mark = f"{SYMBOLS[verdict.status]} {WORDS[verdict.status]:<13}"
    mark = f"\x1b[{ANSI[verdict.status]}m{mark}\x1b[0m" if colour else mark
    yield f"  {mark} {verdict.points:>2}/{verdict.out_of:<2} {verdict.name}"
    told = [("", verdict.message)] if verdict.status in ("fail", "error") or "waits" in verdict.message else []
    told += [("likely: ", verdict.cause), ("advice: ", verdict.advice)]
    told += [("open: ", verdict.where)] if verdict.status != "pass" else []
    for label, text in told:
        if text:
            yield from textwrap.wrap(_plain(label + text), width, initial_indent=" " * 6, subsequent_indent=" " * 8)


def _plain(text: str) -> str:
    """Drop control characters: exception texts come from student code and must not reach the terminal as codes."""
    return "".join(character if character.isprintable() else " " for character in text)


def _summary(done: list[Verdict]) -> str:
    passed = sum(verdict.status == "pass" for verdict in done)
    points, out_of = sum(v.points for v in done), sum(v.out_of for v in done)
    filled = round(20 * passed / len(done)) if done else 0
    bar = "#" * filled + "-" * (20 - filled)
    line = f"[{bar}] {passed} of {len(done)} exercises pass, {points} of {out_of} points"
    following = next((verdict for verdict in done if verdict.status != "pass"), None)
    return line + (f"\nNext: {following.name} in {following.where}" if following else "")


def write(verdicts: Iterable[Verdict], as_json: bool, out: TextIO | None = None) -> list[Verdict]:
    """Write verdicts to standard output in the form asked for."""
    stream = printable(out or sys.stdout)
    return (write_json if as_json else write_table)(verdicts, stream)
