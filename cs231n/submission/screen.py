"""What a grader would see, in one screen of a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from cs231n.checks.verdict import SYMBOLS, Verdict
from cs231n.submission.files import size
from cs231n.submission.privacy import plain
from cs231n.submission.review import questions
from cs231n.submission.submit import Submission
from cs231n.terminal import Screen

SHOWN, LONGEST = 8, 180  # exercises told one by one, and characters about each


def show(submission: Submission, screen: Screen) -> None:
    """Print the screen."""
    screen.line(f"{submission.assignment.name}: what a grader would see")
    screen.line()
    for head, text in (*_checks(submission.verdicts), *_notebooks(submission), *_questions(submission)):
        first, others = (f"{head:<11}", " " * 11) if head else ("  ", " " * 6)
        for line in textwrap.wrap(plain(text), screen.width, initial_indent=first, subsequent_indent=others):
            screen.line(line)
    total = sum(map(len, submission.files.values()))
    screen.line(f"{'Files':<11}{len(submission.files)}, {size(total)}")
    screen.line()


def _checks(verdicts: list[Verdict]) -> Iterable[tuple[str, str]]:
    passed = sum(verdict.status == "pass" for verdict in verdicts)
    points, out_of = sum(v.points for v in verdicts), sum(v.out_of for v in verdicts)
    yield "Checks", f"{passed} of {len(verdicts)} exercises pass, {points} of {out_of} points"
    wrong = [verdict for verdict in verdicts if verdict.status in ("fail", "error")]
    for verdict in wrong[:SHOWN]:
        told = verdict.message + (f" Likely: {verdict.cause}" if verdict.cause else "")
        if len(told) > LONGEST:
            told = told[:LONGEST].rpartition(" ")[0] + " …"
        yield "", f"{SYMBOLS[verdict.status]} 0/{verdict.out_of} {verdict.name}: {told}"
    if len(wrong) > SHOWN:
        yield "", f"… and {len(wrong) - SHOWN} more that are not right"
    todo = [verdict for verdict in verdicts if verdict.status == "todo"]
    if todo:
        lost = sum(verdict.out_of for verdict in todo)
        yield "", f"{SYMBOLS['todo']} to do, {lost} points: {', '.join(verdict.name for verdict in todo)}"


def _notebooks(submission: Submission) -> Iterable[tuple[str, str]]:
    good = len(submission.notebooks) - len(submission.problems)
    yield "Notebooks", f"{good} of {len(submission.notebooks)} run from top to bottom, with nothing open"
    for stem, notices in submission.problems.items():
        yield "", f"{SYMBOLS['fail']} {stem}: {'; '.join(notices)}"


def _questions(submission: Submission) -> Iterable[tuple[str, str]]:
    empty = submission.unanswered
    asked = sum(len(questions(book)) for book in submission.notebooks)
    yield "Questions", f"{asked - sum(map(len, empty.values()))} of {asked} answered"
    if empty:
        each = (f"{stem} {', '.join(map(str, numbers))}" for stem, numbers in empty.items())
        yield "", f"{SYMBOLS['todo']} empty: {' · '.join(each)}"
