"""An instructor's evening with the real grader: thirty students in five shapes, killed in the middle and started again,
a late policy, the LMSs' own tables, and a check that is mended afterwards.
"""

import csv
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from tests.grading import handed_in
from tests.grading.handed_in import ALL, SOME
from tests.student import ROOT

POLICY = "due = 2026-10-10T00:00:00+00:00\npercent_per_day = 10\n"
EXCEPTIONS = (
    "student,extension,group,mark,reason\nroejoe-124,1 day,,,ill\ngus,,,7,oral exam\nann,,pair,,\nzoe,,pair,,\n"
)
GRADEBOOK = "Student,ID,Assignment 1 (88)\nPoints Possible,,65\n" + "".join(
    f'"{name}",{number},\n' for name, number in (("Doe, Jane", 123), ("Roe, Joe", 124), ("Damaged, Zip", 127))
)
WORKSHEET = 'Identifier,"Full name",Grade,"Maximum grade","Grade can be changed"\n' + "".join(
    f'"Participant {number}",X,,{ALL},Yes\n' for number in (555, 556, 558)
)


@pytest.fixture
def grading(tmp_path):
    """Return a function that starts `python -m grading` of a tree of ours, with one results folder."""

    def start(*arguments, tree=ROOT, **more):
        told = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tree), os.environ.get("PYTHONPATH", "")])}
        line = [sys.executable, "-m", "grading", *map(str, arguments), "-r", str(tmp_path / "results")]
        return subprocess.Popen(
            line, cwd=tree, env=told, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more
        )

    return start


def done(process):
    told = process.communicate(timeout=500)[0]
    assert process.returncode == 0, told
    return told


def marks_of(results):
    with (results / "out" / "marks.csv").open(encoding="utf-8") as file:
        return {row["key"]: float(row["mark"]) if row["mark"] else None for row in csv.DictReader(file)}


def records_of(results):
    return {path.name: path.read_bytes() for path in results.glob("records/*/*.json")}


def changed_tree(folder):
    """Return a copy of the instructor's tree in which the model answer of sgd, and so its check, is another one."""
    left_out = shutil.ignore_patterns(".*", "build", "graded", "docs", "tests", "__pycache__", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=left_out)
    path = folder / "solutions/cs231n/optim.py"
    text = path.read_text(encoding="utf-8")
    assert text.count("w -= learning_rate * dw") == 1
    path.write_text(text.replace("w -= learning_rate * dw", "w -= 2 * learning_rate * dw"), "utf-8")
    return folder


def test_an_evening(sandbox, grading, tmp_path):
    results = tmp_path / "results"
    classes = [handed_in.make(tmp_path / "from" / shape, shape) for shape in handed_in.SHAPES]
    command = ("grade", *(one.path for one in classes), "--go-on", "--seeds", 1)
    expected = {key: points for one in classes for key, points in one.expected.items()}
    assert len(expected) == 30

    handed_in.put(results, "policy.toml", POLICY.encode())
    handed_in.put(results, "exceptions.csv", EXCEPTIONS.encode())
    process = grading(*command)
    while not records_of(results) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    begun = records_of(results)
    told = done(grading(*command))
    assert begun and f"{len(begun)} had a record" in told
    assert "zip is damaged" in told and "it is assignment2" in told and "refused: files of others" in told
    assert begun.items() <= records_of(results).items()
    expected |= {"alan@uni.example": 0.8 * ALL, "gus": 7, "zoe": ALL}
    expected["anon_x7"] = SOME
    assert marks_of(results) == pytest.approx(expected)

    # nothing changes if it is killed never, or all is done again
    before = records_of(results)
    assert "had a record" in done(grading("run", "--seeds", 1))
    assert "with the same result" in done(grading("regrade", "--seeds", 1, "--student", "ann", "eva"))
    assert records_of(results) == before

    # out to everything
    handed_in.put(tmp_path, "gradebook.csv", GRADEBOOK.encode())
    handed_in.put(tmp_path, "worksheet.csv", WORKSHEET.encode())
    done(grading("out", "--canvas", tmp_path / "gradebook.csv", "--moodle", tmp_path / "worksheet.csv"))
    filled = (results / "out/canvas-gradebook.csv").read_text()
    assert filled == GRADEBOOK.replace("123,", f"123,{ALL}").replace("124,", f"124,{SOME}").replace(
        '"Damaged, Zip",127,\n', ""
    )
    filled = (results / "out/moodle-worksheet.csv").read_text()
    assert [line.split(",")[2] for line in filled.splitlines()] == ["Grade", str(ALL), str(SOME)]
    page = (results / "out/class.html").read_text("utf-8")
    assert "30 students" not in page and "Passed by the fewest" in page and "does not run" in page
    for key in expected:
        page = (results / "out/feedback" / f"{key}.html").read_text("utf-8")
        assert "<script" not in page and "default-src 'none'" in page
    assert "your code ended Python" in (results / "out/feedback/dee.html").read_text("utf-8")

    # a check is mended: what it says counts, and what was decided by hand stays
    tree = changed_tree(tmp_path / "changed")
    assert "graded" in done(grading("regrade", "--seeds", 1, "--exercise", "sgd", tree=tree))
    lost = {key: value - 1 if value == ALL else value for key, value in expected.items() if value is not None}
    lost["alan@uni.example"] = 0.8 * (ALL - 1)
    found = marks_of(results)
    assert {key: value for key, value in found.items() if value is not None} == pytest.approx(lost)
    page = (results / "out/feedback/ann.html").read_text("utf-8")
    assert "with other inputs, which are not shown" in page
    assert before.items() <= records_of(results).items()
    assert "regrade: sgd" in done(grading("status", tree=tree))


def test_each_lms_gets_its_feedback_back(grading, tmp_path, sandbox):
    made = handed_in.make(tmp_path / "from", "canvas")
    done(grading("grade", made.path, "--go-on", "--seeds", 1))
    with zipfile.ZipFile(tmp_path / "results/out/feedback-canvas.zip") as packed:
        assert len(packed.namelist()) == len(made.expected)
        assert "roejoe_LATE_124_457_assignment1_feedback.html" in packed.namelist()
