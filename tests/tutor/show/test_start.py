"""The page that JupyterLab opens with: links that lead somewhere, the progress, and nobody else's file is touched."""

import os
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.show import start
from cs231n.tutor.show.verdict import Verdict


@pytest.fixture
def page(tmp_path, monkeypatch):
    (tmp_path / "assignments").mkdir()
    monkeypatch.setattr(course, "ROOT", tmp_path)
    return tmp_path / start.FILE


def verdict(name, status):
    assignment, exercise = course.find_exercise(name)
    return Verdict(
        name, status, where=f"{exercise.file}:7", assignment=assignment.name, points=0, out_of=exercise.points
    )


def test_every_notebook_and_every_file_is_linked_and_all_links_lead_somewhere():
    links = re.findall(r"\]\(([^)]+)\)", start.page([verdict(name, "todo") for name in exercises.names()]))
    files = {Path("assignments", unquote(link.partition("#")[0])) for link in links}
    found = {(course.ROOT / file).resolve() for file in files}
    assert all(file.is_file() for file in found)
    for assignment in course.ASSIGNMENTS:
        assert {course.ROOT / file for file in assignment.files} <= found


def test_progress_and_the_next_thing_to_do_are_shown():
    names = exercises.names()
    told = start.page([verdict(names[0], "pass"), *(verdict(name, "todo") for name in names[1:])])
    assert f"**Next:** `{names[1]}` of [knn](assignment1/knn.ipynb), in " in told
    assert "k_nearest_neighbor.py, line 7](../cs231n/classifiers/k_nearest_neighbor.py#line=6)" in told
    assert "| ✓ ○ ○ ○ ○ |" in told and f"1 of {len(exercises.names('assignment1'))} exercises pass" in told
    assert "Next" not in start.page([verdict(name, "pass") for name in names])


def test_the_page_is_written_once_and_then_only_with_news(page):
    assert start.write() and start.MARK in page.read_text(encoding="utf-8")
    assert start.write([verdict("l2", "pass")])
    assert "1 of 1 exercises pass" in page.read_text(encoding="utf-8")
    assert start.write()  # nothing new: the progress of before stays
    assert "1 of 1 exercises pass" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("content", [b"# my own page\n", b"\xff\xfe"])
def test_a_page_that_somebody_else_wrote_is_left_alone(page, content):
    page.write_bytes(content)
    assert not start.write([verdict("l2", "pass")])
    assert page.read_bytes() == content


def test_where_it_cannot_be_written_there_is_no_page(page):
    shutil.rmtree(page.parent)
    assert not start.write()


def test_a_process_that_dies_while_it_writes_leaves_the_page_of_before(page, monkeypatch):
    def die(_):
        raise KeyboardInterrupt

    start.write()
    before = page.read_bytes()
    with monkeypatch.context() as dying:
        dying.setattr(os, "fsync", die)
        with pytest.raises(KeyboardInterrupt):
            start.write([verdict("l2", "pass")])
    assert page.read_bytes() == before and start.write([verdict("l2", "pass")])
