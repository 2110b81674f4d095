"""Checks of an unpacked submission: whatever student code does, every exercise gets its verdict."""

import contextlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from cs231n.tutor import course, processes
from cs231n.tutor.submission import files, trial
from tests.tutor.submission import handin
from tests.tutor.submission.handin import ASSIGNMENT

SOLVED = course.ROOT
REGULARIZERS = "cs231n/regularizers.py"


def check(tmp_path, seconds=trial.SECONDS, **stubs):
    """Check the solved tree with some of its files replaced; return {exercise: verdict}."""
    contents = {name: (SOLVED / name).read_bytes() for name in ASSIGNMENT.files}
    contents |= {f"cs231n/{name}.py": text.encode() for name, text in stubs.items()}
    tree = trial.lay_out(contents, tmp_path / "tree")
    verdicts = list(trial.verdicts(tree, ASSIGNMENT, seconds))
    assert [verdict.name for verdict in verdicts] == [exercise.name for exercise in ASSIGNMENT.exercises]
    return {verdict.name: verdict for verdict in verdicts}


def test_the_solutions_pass_with_full_points(tmp_path):
    verdicts = check(tmp_path).values()
    assert {verdict.status for verdict in verdicts} == {"pass"}
    assert sum(verdict.points for verdict in verdicts) == sum(exercise.points for exercise in ASSIGNMENT.exercises)


def test_it_is_the_unpacked_files_that_are_checked_not_the_kit_they_came_from(tmp_path):
    verdicts = check(tmp_path, regularizers="def l2(W, reg=1):\n    return None\n")
    assert verdicts["l2"].status == "fail" and verdicts["predict_labels"].status == "pass"


@pytest.mark.parametrize(
    "source, message",
    [
        ("def l2(:", "SyntaxError"),
        ("import sys; sys.exit()", "SystemExit"),
        ("import os; os._exit(0)", r"ended Python \(exit code 0\)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "ended Python"),
    ],
)
def test_a_file_that_ends_python_when_imported_is_an_error_and_the_rest_is_checked(tmp_path, source, message):
    verdicts = check(tmp_path, regularizers=source)
    assert (verdicts["l2"].status, verdicts["l2"].points) == ("error", 0)
    assert re.search(message, verdicts["l2"].message) and REGULARIZERS in verdicts["l2"].where
    assert all(verdicts[name].status == "pass" for name in ("predict_labels", "TwoLayerNet_init"))


@pytest.mark.parametrize("source", ["pass", "print('x' * 1000000)", "os.write(1, b'x' * 1000000)"])
def test_a_file_that_goes_on_forever_or_floods_the_terminal_is_stopped(tmp_path, capfd, source):
    verdicts = check(tmp_path, seconds=3, regularizers=f"import os\nwhile True: {source}")
    assert verdicts["l2"].message == "not checked within the limit of 3 s, which is for all exercises together"
    assert verdicts["l2"].status == "error" and REGULARIZERS in verdicts["l2"].where
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("module", ["exercises/worker.py", "checks/runner.py", "exercises/knn.py"])
def test_a_kit_whose_checks_cannot_start_is_said_to_be_damaged(tmp_path, module):
    tree = trial.lay_out({}, tmp_path / "tree")
    (tree / "cs231n/tutor" / module).write_text("import nothing_of_this_name")
    with pytest.raises(files.CannotSubmitError, match="could not be run"):
        list(trial.verdicts(tree, ASSIGNMENT))


EDITABLE = """
import sys
from importlib.machinery import PathFinder
class Finder:  # what setuptools puts there for pip install -e
    __module__ = "__editable___cs231n_0_1_0_finder"
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        parent = fullname.rpartition(".")[0]
        return PathFinder.find_spec(fullname, path=[{0!r} + "/" + parent.replace(".", "/")])
sys.meta_path.append(Finder)
"""


@pytest.mark.parametrize("gap", ["cs231n/optim.py", "cs231n/helper.py", "helper.py"])
def test_another_copy_of_the_kit_fills_no_gaps(tmp_path, monkeypatch, gap):
    other = handin.copy_kit(tmp_path / "other")
    (other / gap).write_text("def sgd(w, dw, config=None): return w, config\nx = 1\n")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/sitecustomize.py").write_text(EDITABLE.replace("{0!r}", repr(str(other))))
    paths = os.pathsep.join([str(tmp_path / "site"), str(other), os.environ["PYTHONPATH"]])
    monkeypatch.setenv("PYTHONPATH", paths)
    module = gap.removesuffix(".py").replace("/", ".")
    source = (SOLVED / REGULARIZERS).read_text(encoding="utf-8")
    tree = trial.lay_out({REGULARIZERS: f"import {module}\n{source}".encode()}, tmp_path / "tree")
    (tree / gap).unlink(missing_ok=True)
    verdicts = {one.name: one for one in trial.verdicts(tree, ASSIGNMENT)}
    assert verdicts["l2"].status == "error" and "No module named" in verdicts["l2"].message


def start(tree, *arguments):
    """Start Python in `tree`, where it finds the package."""
    return subprocess.Popen([sys.executable, *arguments], cwd=tree, env=processes.environment(tree))


def test_what_a_process_began_ends_with_it(tmp_path):
    begun = tmp_path / "pid"
    (tmp_path / "spawn.py").write_text(
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(begun)!r}, 'w').write(str(child.pid)); time.sleep(600)\n"
    )
    process = start(tmp_path, "spawn.py")
    while not begun.exists() or not begun.read_text():
        assert process.poll() is None
    assert processes.memory(process.pid) > 1_000_000
    processes.end(process.pid)
    assert process.wait(10) != 0
    deadline = time.monotonic() + 10
    while _lives(int(begun.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(os.name == "nt", reason="fork")
@pytest.mark.parametrize(
    "begin", ["subprocess.Popen(SLEEP).pid", "subprocess.Popen(SLEEP, start_new_session=True).pid", "forked()"]
)
def test_what_a_file_begins_when_imported_does_not_outlive_the_checks(tmp_path, begin):
    begun = tmp_path / "pids"
    verdicts = check(
        tmp_path,
        regularizers="import os, subprocess, sys, time\n"
        "SLEEP = [sys.executable, '-c', 'import time; time.sleep(600)']\n"
        "def forked():\n    pid = os.fork()\n    if pid:\n        return pid\n    time.sleep(600)\n"
        f"print({begin}, file=open({str(begun)!r}, 'a'))",
    )
    assert verdicts["predict_labels"].status == "pass"
    pids = list(map(int, begun.read_text().split()))
    deadline = time.monotonic() + 10
    while any(map(_lives, pids)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert pids


@pytest.mark.parametrize(
    "source",
    [
        "for number in range(3, 30):\n"
        "    with contextlib.suppress(OSError): os.write(number, b'{}\\n[1]\\n{\"verdict\": 3}\\nx\\n')",
        "os.fork()",
        "json.dumps = lambda *args, **more: 'x'",
    ],
)
def test_what_a_file_writes_among_the_verdicts_is_passed_over(tmp_path, source):
    if "fork" in source and os.name == "nt":
        pytest.skip("fork")
    verdicts = check(tmp_path, regularizers=f"import contextlib, json, os\n{source}\n")
    assert verdicts["predict_labels"].status in ("pass", "error") and verdicts["l2"].status == "error"


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_the_checks_end_with_the_one_who_asked_for_them(tmp_path):
    begun = tmp_path / "pid"
    code = f"import os\nopen({str(begun)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"
    tree = trial.lay_out({REGULARIZERS: code.encode()}, tmp_path / "tree")
    asking = "from pathlib import Path; from cs231n.tutor import course; from cs231n.tutor.submission import trial\n"
    asking += f"list(trial.verdicts(Path({str(tree)!r}), course.find_assignment('assignment1')))"
    process = start(Path(__file__).parents[3], "-c", asking)
    while not begun.exists() or not begun.read_text():
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 15
    while _lives(int(begun.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _lives(pid):
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def test_the_submission_of_a_hostile_file_is_written_all_the_same(tmp_path):
    kit = handin.copy_kit(tmp_path / "kit")
    (kit / REGULARIZERS).write_text("import os; os._exit(0)")
    submission = handin.examined(kit, trial.verdicts)
    assert any("l2: your code ended Python" in notice for notice in submission.notices)
    assert submission.files[REGULARIZERS] == b"import os; os._exit(0)"
