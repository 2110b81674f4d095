"""Show what a grader would see, if possible in one screen of a terminal."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from cs231n.data.disk import size
from cs231n.tutor import course
from cs231n.tutor.show.table import tally
from cs231n.tutor.show.verdict import SYMBOLS, Verdict
from cs231n.tutor.submission.read import UNDER
from cs231n.tutor.submission.review import questions
from cs231n.tutor.submission.submit import Submission
from cs231n.tutor.terminal import Screen, plain

PROMPT = 2  # lines below: the question whether to hand it in as it is, and the path of the zip
LONGEST = 300  # characters of a message, which may quote a student's exception


@dataclass(frozen=True)
class Detail:
    """How much is shown.

    At most `stories` wrong exercises are described: with what was found and the likely mistake if `whole` is set, and
    otherwise with the mistake or, if it is not known, with what was found. Exercises that are still to do are listed by
    name if `names` is set; otherwise only their number is shown, with the number for each file if `files` is set.
    Unless `whole` is set, the notices about a notebook are cut to one line.
    """

    stories: int
    whole: bool = False
    names: bool = False
    files: bool = True


DETAILS = (
    Detail(99, whole=True, names=True),
    Detail(99, names=True),
    *map(Detail, (8, 4, 2, 1)),
    Detail(1, files=False),
)


def show(submission: Submission, screen: Screen) -> None:
    """Print everything, or as much as is likely to fit into the lines of the terminal."""
    for detail in DETAILS:
        lines = _lines(submission, screen.width, detail)
        if len(lines) + PROMPT <= screen.height:
            break
    screen.lines(lines)


def _lines(submission: Submission, width: int, detail: Detail) -> list[str]:
    lines = [f"{submission.assignment.name}: what a grader would see", ""]
    longest = LONGEST * 10 if detail.whole else width - 2
    parts = (_checks(submission.verdicts, detail), _notebooks(submission, longest), _questions(submission))
    for head, text in (line for part in parts for line in part):
        lines += _wrapped(head, text, width)
    total = sum(map(len, submission.files.values()))
    own = f", with your own {', '.join(submission.own)}" if submission.own else ""
    lines += _wrapped("Files", f"{len(submission.files)}, {size(total)}{own}", width)
    for told in (*submission.large, *submission.remarks):
        lines += _wrapped("", f"{SYMBOLS['fail']} {told}", width)
    return [*lines, ""]


def _wrapped(head: str, text: str, width: int) -> list[str]:
    first, others = (f"{head:<11}", " " * 11) if head else ("  ", " " * 6)
    return textwrap.wrap(plain(text), width, initial_indent=first, subsequent_indent=others)


def _checks(verdicts: list[Verdict], detail: Detail) -> Iterable[tuple[str, str]]:
    yield "Checks", tally(verdicts)
    wrong = [verdict for verdict in verdicts if verdict.wrong]
    for verdict in wrong[: detail.stories]:
        yield "", f"{SYMBOLS[verdict.status]} 0/{verdict.out_of} {verdict.name}: {_story(verdict, detail.whole)}"
    if len(wrong) > detail.stories:
        more = len(wrong) - detail.stories
        yield "", f"… and {more} more that {'is' if more == 1 else 'are'} not right"
    blocked = _blocked(verdicts)
    todo = [verdict for verdict in verdicts if verdict.status == "todo" and verdict not in blocked]
    for head, group in (("to do", todo), ("waiting for exercises that are not right", blocked)):
        if group:
            lost = sum(verdict.out_of for verdict in group)
            yield "", f"{SYMBOLS['todo']} {head}, {lost} point{'s' * (lost != 1)}: {_which(group, detail)}"


def _blocked(verdicts: list[Verdict]) -> list[Verdict]:
    """Return the exercises that wait, directly or not, for one that is wrong or belongs to another assignment."""
    found = {verdict.name: verdict for verdict in verdicts}

    def blocks(name: str) -> bool:
        need = found.get(name)
        return need is None or need.wrong or bool(need.waits_for and blocks(need.waits_for))

    return [verdict for verdict in verdicts if verdict.waits_for and blocks(verdict.waits_for)]


def _story(verdict: Verdict, whole: bool) -> str:
    found = textwrap.shorten(verdict.message, LONGEST, placeholder=" …")
    if not verdict.cause:
        return found
    return f"{found} Likely: {verdict.cause}" if whole else f"Likely: {verdict.cause}"


def _which(verdicts: list[Verdict], detail: Detail) -> str:
    if detail.names:
        return ", ".join(verdict.name for verdict in verdicts)
    files = Counter(course.exercises()[verdict.name][1].file.rpartition("/")[2] for verdict in verdicts)
    told = ", of " + ", ".join(f"{file} {count}" for file, count in files.items()) if detail.files else ""
    return f"{len(verdicts)} exercise{'s' if len(verdicts) > 1 else ''}{told}"


def _notebooks(submission: Submission, longest: int) -> Iterable[tuple[str, str]]:
    good = len(submission.notebooks) - len(submission.problems)
    yield "Notebooks", f"{good} of {len(submission.notebooks)} run from top to bottom, without problems"
    for stem, notices in submission.problems.items():
        told = plain(f"{SYMBOLS['fail']} {stem}: {'; '.join(notices)}")
        yield "", told if len(told) <= longest else textwrap.shorten(UNDER.sub("", told), longest, placeholder=" …")


def _questions(submission: Submission) -> Iterable[tuple[str, str]]:
    empty = submission.unanswered
    asked = sum(len(questions(book)) for book in submission.notebooks)
    yield "Questions", f"{asked - sum(map(len, empty.values()))} of {asked} answered"
    if empty:
        each = (f"{stem} {', '.join(map(str, numbers))}" for stem, numbers in empty.items())
        yield "", f"{SYMBOLS['todo']} empty: {' · '.join(each)}"
