"""The catalogue of mistakes: complete, without leftovers, each with words and a hint."""

import json
import re

import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.causes import CAUSES, EVIDENCE
from solutions import attempts

ENTRIES = json.loads((course.TUTOR / "exercises" / "causes.json").read_text(encoding="utf-8"))["causes"]
SOURCES = [path for path in course.TUTOR.rglob("*.py") if path.name != "causes.py"]
QUOTED = {text for path in SOURCES for text in re.findall(r'"(\w+)"', path.read_text(encoding="utf-8"))}
MISTAKES = {attempt.cause for attempt in attempts.everything("WRONG") if attempt.stored}
HINTS = {case.hint for _, check in exercises.registry().values() for case in check.drawn} - {""}


def test_every_mistake_and_every_hint_of_a_case_is_in_the_catalogue():
    assert set(CAUSES) >= MISTAKES, MISTAKES - set(CAUSES)
    assert set(CAUSES) >= HINTS, HINTS - set(CAUSES)


def test_every_cause_that_a_check_names_is_in_the_catalogue():
    named = {
        cause
        for path in SOURCES
        for cause in re.findall(
            r'(?:Finding|WrongKindError)\([^"]*f?"[^"]*", "(\w+)"', path.read_text(encoding="utf-8")
        )
    }
    assert len(named) > 20
    assert named <= set(CAUSES), named - set(CAUSES)


def test_nothing_in_the_catalogue_is_left_over():
    unused = set(CAUSES) - QUOTED - MISTAKES - HINTS
    assert not unused, unused


def test_no_cause_is_there_twice():
    assert sum(len(family.CAUSES) for family in attempts.families()) == len(CAUSES)


@pytest.mark.parametrize("cause, told", ENTRIES.items(), ids=list(ENTRIES))
def test_a_cause_says_what_is_wrong_and_where_to_look(cause, told):
    assert set(told) == {"words", "hint"}
    assert told["words"][-1] in ".:;?" and told["hint"][-1] in ".?)"
    assert CAUSES[cause] == f"{told['words']} {told['hint']}"
    assert len(CAUSES[cause]) < 260, "two lines at most"


def test_every_sentence_of_evidence_is_used():
    assert set(EVIDENCE) <= QUOTED, set(EVIDENCE) - QUOTED
