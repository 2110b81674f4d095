"""What a grader would see, told in one screen."""

import io
import os
from dataclasses import replace
from pathlib import Path

import pytest

from cs231n.tutor import course
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import read, screen
from cs231n.tutor.submission.submit import Submission
from cs231n.tutor.terminal import Screen
from tests.tutor.submission import handin

FOUND = "dW[0, 1] is 0.123, expected 0.456; 12 of 30 entries are wrong, the worst by 0.789. " * 2
LONGEST = max(CAUSES.values(), key=len)
NOTICES = [
    "not run: cells 22, 24, 26, 28, 32, 33 and 11 more",
    "run out of order: cell 12 [6] comes after cell 11 [10]",
]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def verdict(exercise, status="fail", cause=LONGEST):
    return Verdict(exercise.name, status, FOUND, cause=cause, out_of=exercise.points)


def submission(assignment, verdicts, problems=None):
    asked = [handin.markdown("**Question.** Why?", "question"), handin.markdown("*Your answer:*", "answer")] * 5
    names = [f"assignments/{assignment.name}/{stem}.ipynb" for stem in assignment.notebooks]
    books = [read.parse(name, handin.book(handin.code(), *asked)) for name in names]
    return Submission(assignment, {"a": b"12"}, books, problems or {}, verdicts)


def shown(told, monkeypatch, columns=80, lines=24, stream=Terminal):
    monkeypatch.setattr("shutil.get_terminal_size", lambda fallback: os.terminal_size((columns, lines)))
    stream = stream()
    screen.show(told, Screen(stream))
    return stream.getvalue()


@pytest.mark.parametrize("assignment", course.ASSIGNMENTS, ids=lambda one: one.name)
@pytest.mark.parametrize("status", ["fail", "error", "todo", "mixed"])
@pytest.mark.parametrize("columns, lines", [(80, 24), (100, 40)])
def test_however_much_is_wrong_it_is_one_screen_with_the_prompt(monkeypatch, assignment, status, columns, lines):
    problems = dict.fromkeys(assignment.notebooks, NOTICES)
    verdicts = [verdict(one, "fail" if status == "mixed" else status) for one in assignment.exercises]
    if status == "mixed":  # every other one is to do, and every fourth waits for one that is wrong
        verdicts[1::2] = [replace(one, status="todo") for one in verdicts[1::2]]
        verdicts[3::4] = [replace(one, waits_for=verdicts[0].name) for one in verdicts[3::4]]
    text = shown(submission(assignment, verdicts, problems), monkeypatch, columns, lines)
    assert text.count("\n") + 2 <= lines and max(map(len, text.splitlines())) < columns
    assert all(f"✗ {stem}: not run" in text for stem in assignment.notebooks)
    wrong = sum(one.status in ("fail", "error") for one in verdicts)
    if wrong:
        assert f"Likely: {LONGEST}" in " ".join(text.split())
        rest = wrong - text.count("0/")
        assert f"… and {rest} more that are not right" in text


def test_what_was_found_and_the_likely_mistake_are_whole_where_there_is_room(monkeypatch):
    one, *others = handin.ASSIGNMENT.exercises
    rest = [verdict(other, "pass") for other in others]
    told = " ".join(shown(submission(handin.ASSIGNMENT, [verdict(one), *rest]), monkeypatch).split())
    assert f"✗ 0/{one.points} {one.name}: {FOUND}Likely: {LONGEST}" in told


def test_a_likely_mistake_is_what_is_told_where_there_is_little_room(monkeypatch):
    few, others = handin.ASSIGNMENT.exercises[:4], handin.ASSIGNMENT.exercises[4:]
    known = [verdict(one, cause="an axis is missing") for one in few[:3]]
    told = submission(handin.ASSIGNMENT, [*known, verdict(few[3], cause=""), *(verdict(one, "pass") for one in others)])
    assert shown(told, monkeypatch, lines=40).count("dW[0, 1]") == 2 * 4  # it stands twice in FOUND
    text = shown(told, monkeypatch, lines=20)
    assert text.count("Likely: an axis is missing") == 3 and text.count("dW[0, 1]") == 2


def test_headings_give_way_before_numbers_of_cells_do(monkeypatch):
    told = [f'{number} (under "A heading of some length")' for number in (8, 43)]
    problems = {handin.ASSIGNMENT.notebooks[0]: [f"not written yet: cells {', '.join(told)}"]}
    verdicts = [verdict(one) for one in handin.ASSIGNMENT.exercises]
    assert "cells 8, 43\n" in shown(submission(handin.ASSIGNMENT, verdicts, problems), monkeypatch)
    roomy = shown(submission(handin.ASSIGNMENT, verdicts, problems), monkeypatch, columns=100, lines=400)
    assert all(one in " ".join(roomy.split()) for one in told)


def test_a_file_gets_all_there_is(monkeypatch):
    verdicts = [verdict(one) for one in course.find_assignment("assignment2").exercises]
    told = submission(course.find_assignment("assignment2"), verdicts)
    assert shown(told, monkeypatch, stream=io.StringIO).count("Likely:") == len(verdicts)


def test_what_a_students_exception_says_is_cut(monkeypatch):
    endless = replace(
        verdict(handin.ASSIGNMENT.exercises[0], "error", cause=""), message="ValueError: " + "no " * 10_000
    )
    text = shown(submission(handin.ASSIGNMENT, [endless]), monkeypatch)
    assert text.count("\n") < 20 and "no …" in text


def test_what_waits_for_a_wrong_one_is_not_called_to_do(monkeypatch):
    exercises = course.find_assignment("assignment1").exercises
    needs = {"svm_loss_naive": "l2", "elastic_net": "l1", "linear_classifier_train": "svm_loss_naive"}
    verdicts = [
        replace(verdict(one, "fail" if one.name == "l2" else "todo"), waits_for=needs.get(one.name, ""))
        for one in exercises
    ]
    points = {one.name: one.points for one in exercises}
    waiting = points["svm_loss_naive"] + points["linear_classifier_train"]
    left = sum(points.values()) - points["l2"] - waiting
    text = " ".join(shown(submission(handin.ASSIGNMENT, verdicts), monkeypatch, lines=60).split())
    names = "svm_loss_naive, linear_classifier_train"
    assert f"○ waiting for exercises that are not right, {waiting} points: {names} Notebooks" in text
    assert f"○ to do, {left} points: compute_distances_two_loops" in text and "l1, elastic_net" in text


def test_what_waits_for_another_assignment_is_not_called_to_do(monkeypatch):
    one = course.find_assignment("assignment2").exercises[0]
    told = submission(course.find_assignment("assignment2"), [replace(verdict(one, "todo"), waits_for="l2")])
    assert f"waiting for exercises that are not right, {one.points} point: {one.name}\n" in shown(
        told, monkeypatch, columns=100
    )


def test_those_to_do_are_named_or_counted_by_file(monkeypatch):
    assignment = course.find_assignment("assignment2")
    told = submission(assignment, [verdict(one, "todo") for one in assignment.exercises])
    assert "topological_order, backward" in shown(told, monkeypatch, lines=60)
    graph = sum(Path(one.file).name == "graph.py" for one in assignment.exercises)
    assert f"{len(assignment.exercises)} exercises, of graph.py {graph}," in " ".join(shown(told, monkeypatch).split())
