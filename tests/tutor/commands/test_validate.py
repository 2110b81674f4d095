"""`python -m cs231n validate`: what is wrong is told in lines, and what is there stays as it was."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import psutil
import pytest

from cs231n.data import standin
from cs231n.tutor import course
from tests import student
from tests.student import ROOT

TO_DO = len(course.find_assignment("assignment1").exercises)
SETUP = "from cs231n.notebook import checks, np, plt"
CELLS = {
    "knn": [SETUP, "from cs231n.optim import sgd\nnext_w, _ = sgd(np.ones(2), np.ones(2))", "print(next_w)"],
    "svm": [SETUP, "np.zeros(3) @ np.zeros(2)", "import os\nos._exit(3)", "print('never')"],
    "softmax": [SETUP, "while True:\n    pass"],
    "two_layer_net": None,
    "features": [SETUP, "print('\\x1b]0;owned\\x07')\nraise ValueError('\\x1b[2Jseen')"],
}


def write_notebook(path, cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    common = {"metadata": {}, "execution_count": None, "outputs": []}
    code = [{"cell_type": "code", "id": f"c{n}", "source": text, **common} for n, text in enumerate(cells)]
    title = {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A title"}
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    notebook = {"cells": [title, *code], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")


def store_outputs_without_a_count(path):
    """Give the last cell of a notebook an output but no number, as Colab saves a cell of another session."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][-1]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "seen\n"}]
    path.write_text(json.dumps(notebook), encoding="utf-8")


def make_kit(folder, cells):
    """Return a kit with tiny notebooks in place of assignment 1's, and the stand-in of this checkout."""
    kit = student.copy_kit(folder / "mein Kurs – été")
    for stem, code in cells.items():
        write_notebook(kit / f"assignments/assignment1/{stem}.ipynb", code or [])
        if code is None:
            (kit / f"assignments/assignment1/{stem}.ipynb").write_text("<<<<<<< HEAD\n{", encoding="utf-8")
    standin.ensure(ROOT / "datasets/standin")
    (kit / "datasets").symlink_to(ROOT / "datasets")
    return kit


def everything(kit):
    files = [path for place in ("assignments", "cs231n") for path in (kit / place).rglob("*") if path.is_file()]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


@pytest.fixture(scope="module")
def validated(tmp_path_factory):
    """A kit with every trouble there is: its exit code, what was printed, and what it held before and after."""
    kit = make_kit(tmp_path_factory.mktemp("kit"), CELLS)
    optim = kit / "cs231n/optim.py"
    solved = (course.ROOT / "cs231n/optim.py").read_text(encoding="utf-8")
    optim.write_text(solved.replace("w -= ", "w += ").replace("w - ", "w + "), encoding="utf-8")
    before = everything(kit)
    done = student.run(kit, "-m", "cs231n", "validate", "assignment1", "--cell-seconds", "10", PYTHONIOENCODING="utf-8")
    return done.returncode, done.stdout.decode(), before, everything(kit)


def test_exit_code_and_last_lines_say_that_something_is_wrong_and_where(validated):
    code, told, _, _ = validated
    assert code == 1
    assert "Not right yet: sgd\n" in told
    assert "Notebooks that stop: " + ", ".join(f"assignment1/{stem}" for stem in CELLS if stem != "knn") in told
    assert re.search(rf"Not valid yet, {TO_DO - 1} exercises are still to do \(\d+ s\)\.\n$", told)  # all but sgd


def test_a_notebook_that_runs_to_its_end_is_good_whatever_it_prints(validated):
    assert re.search(r"✓ assignment1/knn +3 cells, none stopped, \d+ s", validated[1])


@pytest.mark.parametrize(
    ("stem", "wanted"),
    [
        ("svm", r"cell 3: np\.zeros\(3\) @ np\.zeros\(2\)\n +ValueError: matmul.*\n +cell 4: import os\n +\S"),
        ("softmax", r"cell 3: while True:\n +took more than 10 s \(--cell-seconds allows more\)"),
        ("two_layer_net", r"it contains merge-conflict markers \(line 1\)"),
        ("features", r"cell 3: print.*\n +ValueError: .*seen"),
    ],
)
def test_a_stopped_cell_is_named_with_its_number_its_line_and_its_reason(validated, stem, wanted):
    assert re.search(rf"✗ assignment1/{stem} .*\n?.*{wanted}", validated[1])


def test_no_escape_code_of_a_notebook_reaches_the_terminal(validated):
    assert not re.search(r"[\x00-\x09\x0b-\x1f]", validated[1])


def test_the_students_files_stay_as_they_were(validated):
    assert validated[2] == validated[3]


def test_a_kit_with_nothing_written_yet_is_valid_and_says_what_is_left(tmp_path):
    kit = make_kit(tmp_path, {stem: [SETUP] for stem in CELLS})
    done = student.run(kit, "-m", "cs231n", "validate", "assignment1", PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stdout.decode()
    assert f"Valid, {TO_DO} exercises are still to do" in done.stdout.decode()


def test_outputs_of_cells_that_are_not_counted_are_no_mistake(tmp_path):
    kit = make_kit(tmp_path, {stem: [SETUP] for stem in CELLS})
    store_outputs_without_a_count(kit / "assignments/assignment1/knn.ipynb")
    done = student.run(kit, "-m", "cs231n", "validate", "assignment1", PYTHONIOENCODING="utf-8")
    assert re.search(r"✓ assignment1/knn +1 cell, none stopped", done.stdout.decode())


def test_an_unknown_assignment_is_told_of_those_there_are():
    done = student.run(ROOT, "-m", "cs231n", "validate", "assignment7")
    assert done.returncode == 2 and b"Choose from assignment1, assignment2" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="signals are sent to a group of processes")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_what_ends_it_ends_the_kernel(tmp_path, name):
    kit = make_kit(tmp_path, {"knn": [SETUP, "import time\ntime.sleep(300)"]})
    process = subprocess.Popen(
        [sys.executable, "-m", "cs231n", "validate", "assignment1"],
        cwd=kit,
        env={**os.environ, "PYTHONPATH": str(kit)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    own = psutil.Process(process.pid)
    try:
        wait(lambda: any("ipykernel" in " ".join(one.cmdline()) for one in family(own)))
        begun = family(own)
        process.send_signal(getattr(signal, name))
        assert process.wait(30) == 130
        wait(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in begun))
    finally:
        for one in [*family(own), own] if own.is_running() else []:
            one.kill()
        shutil.rmtree(kit, ignore_errors=True)


def family(process):
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def wait(condition, seconds=60):
    ends = time.monotonic() + seconds
    while not holds(condition):
        assert time.monotonic() < ends, "it did not happen"
        time.sleep(0.2)


def holds(condition):
    try:
        return condition()
    except psutil.Error:  # a process ended while it was asked
        return False
