"""Thirty submissions in five shapes go through everything: intake, grading, a regrade, and out to all formats."""

import csv
import json
import zipfile
from pathlib import Path

import pytest

from grading.intake import attempts, roster
from grading.intake.source import open_source
from tests.grading import handed_in
from tests.grading.fake_engine import NAME as ENGINE


def marks_of(results):
    with (results / "out" / "marks.csv").open(encoding="utf-8") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("shape", list(handed_in.SHAPES))
def test_a_download_goes_through_everything(tmp_path, command, shape):
    made = handed_in.make(tmp_path / "from", shape)
    results = tmp_path / "results"
    done = command("grade", made.path, "-r", results, "--engine", ENGINE, "--go-on")
    found = marks_of(results)
    points = {key: float(row["mark"]) if row["mark"] else None for key, row in found.items()}
    assert points == made.expected
    assert attempts.find(open_source(made.path), "assignment1").layout.name == made.layout
    for key, row in found.items():
        assert row["notes"] or row["mark"], key  # a row without a mark says why
        page = (results / "out" / "feedback" / f"{key}.html").read_text("utf-8")
        assert (
            "<b>exactly" not in page
            and ("7 times too large" in page or not row["mark"] or float(row["mark"]) == handed_in.ALL)
            and "<script" not in page
        )
    assert (results / "out" / "class.html").stat().st_size > 1000
    assert not Path("/tmp/slipped.py").exists() and not Path("/tmp/hook-was-run").exists()
    assert "SyntaxError" not in done.stderr

    before = {path.name: path.read_bytes() for path in results.glob("records/*/*.json")}
    assert before
    again = command("regrade", "-r", results, "--engine", ENGINE)
    assert "the same result" in again.stdout
    assert {path.name: path.read_bytes() for path in results.glob("records/*/*.json")} == before

    # a changed check: the version is another one, old records stay, and marks follow
    command("regrade", "-r", results, "--engine", ENGINE, FAKE_VERSION="fake-2")
    command("out", "-r", results)
    lost = {key: value and value - 4 for key, value in made.expected.items()}
    assert {key: float(row["mark"]) if row["mark"] else None for key, row in marks_of(results).items()} == lost
    assert before.items() <= {path.name: path.read_bytes() for path in results.glob("records/*/*.json")}.items()


def test_the_shapes_are_thirty_students_together(tmp_path):
    assert sum(len(handed_in.make(tmp_path / shape, shape).expected) for shape in handed_in.SHAPES) == 30


def take(tmp_path, shape):
    made = handed_in.make(tmp_path / "from", shape)
    return roster.take([open_source(made.path)], "assignment1", tmp_path / "submissions")


def test_the_latest_attempt_counts_and_all_are_listed(tmp_path):
    mine = [row for row in take(tmp_path, "canvas").rows if row.key == "doejane-123"]
    assert [(row.source.split("_")[2], row.counts) for row in mine] == [("456", False), ("470", True)]


def test_reasons_are_in_words(tmp_path):
    problems = {row.key: row.problem for row in take(tmp_path, "canvas").counting if row.problem}
    assert "damaged" in problems["damaged-127"]
    assert "leads out of its folder" in problems["slip-128"]
    assert "link" in problems["linked-129"]
    moodle = {row.key: row.problem for row in take(tmp_path, "moodle").counting}
    assert moodle["second-one-559"] == "it is assignment2"
    assert "only notebooks" in moodle["only-books-560"]
    assert take(tmp_path, "nbgrader").counting[3].problem.startswith(f"{handed_in.STUB} unpacks to more")


def test_renamed_files_and_old_kits_are_remarked(tmp_path):
    remarks = {row.key: row.remarks for row in take(tmp_path, "nbgrader").counting}
    assert "my knn final.ipynb is taken for assignments/assignment1/knn.ipynb" in remarks["s3"]
    remarks = {row.key: row.remarks for row in take(tmp_path, "clones").counting}
    assert "version 0.0.9" in remarks["fay"] and "numpy.py has a name that Python or a package uses" in remarks["ben"]
    assert "missing: cs231n/classifiers/softmax.py" in remarks["cem"]


def test_times_and_groups_of_gradescope(tmp_path):
    rows = {row.key: row for row in take(tmp_path, "gradescope").counting}
    assert rows["ada@uni.example"].handed_in == "2026-10-09T21:00:00+00:00"
    assert rows["ada@uni.example"].group == rows["charles@uni.example"].group == "submission_900"
    assert rows["ada@uni.example"].sha256 == rows["charles@uni.example"].sha256
    assert rows["grace@uni.example"].handed_in == "2026-10-09T22:30:00+00:00"


def test_a_roster_reads_back_as_it_was_written(tmp_path):
    rows = take(tmp_path, "gradescope").rows
    roster.write(tmp_path / "roster.csv", rows)
    assert roster.read(tmp_path / "roster.csv") == rows


def test_grading_does_not_begin_if_more_than_a_few_are_unclear(tmp_path, command):
    for number in range(5):
        handed_in.put(tmp_path / "from", f"x_{number}_9_a.zip", b"no zip")
    done = command("grade", tmp_path / "from", "-r", tmp_path / "results", "--engine", ENGINE, check=(2,))
    assert "nothing is graded yet" in done.stderr and not (tmp_path / "results" / "events.jsonl").exists()


def test_a_download_without_any_attempt_says_so(tmp_path, command):
    handed_in.put(tmp_path / "from", "ann/assignment2/a.zip", handed_in.packed(handed_in.kit("all")))
    done = command("intake", tmp_path / "from", "-r", tmp_path / "results", check=(2,))
    assert "No attempt at assignment1 was found" in done.stderr and "unclear" not in done.stderr


def test_feedback_goes_back_under_the_names_of_the_lms(tmp_path, command):
    for shape, expected in (
        ("canvas", "doejane_123_470_assignment1_feedback.html"),
        ("moodle", "Zoë O'Brien_555_assignsubmission_file_/assignment1_feedback.html"),
    ):
        made = handed_in.make(tmp_path / "from", shape)
        command("grade", made.path, "-r", tmp_path / shape, "--engine", ENGINE, "--go-on")
        with zipfile.ZipFile(tmp_path / shape / "out" / f"feedback-{shape}.zip") as packed:
            assert expected in packed.namelist()
            assert len(packed.namelist()) == len(made.expected)


def test_settings_say_where_submissions_came_from(tmp_path, command):
    made = handed_in.make(tmp_path / "from", "moodle")
    command("intake", made.path, "-r", tmp_path / "r", "--go-on")
    assert json.loads((tmp_path / "r" / "settings.json").read_text())["lms"] == "moodle"
    assert (tmp_path / "r" / "secret").stat().st_mode & 0o777 == 0o600


def test_feedback_on_a_file_of_two_goes_to_who_handed_it_in(tmp_path, command):
    handed_in.put(tmp_path / "from", "ann_1_10_a.zip", handed_in.packed(handed_in.kit("all")))
    handed_in.put(tmp_path / "from", "bob_2_11_a.zip", handed_in.packed(handed_in.kit("some")))
    handed_in.put(tmp_path / "r", "exceptions.csv", b"student,group,mark\nann,g,\nbob,g,7\nzoe,g,\n")
    done = command("grade", tmp_path / "from", "-r", tmp_path / "r", "--engine", ENGINE)
    assert "in feedback/ only: ann-1, zoe" in done.stdout
    with zipfile.ZipFile(tmp_path / "r/out/feedback-canvas.zip") as packed:
        assert packed.namelist() == ["bob_2_11_assignment1_feedback.html"]
        assert "bob" in packed.read(packed.namelist()[0]).decode()
