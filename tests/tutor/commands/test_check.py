"""`python -m cs231n`: what a terminal, a pipe or an old console gets to see."""

import io
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cs231n import __version__
from cs231n.__main__ import main
from cs231n.tutor import course, exercises, terminal
from cs231n.tutor.checks import isolated
from cs231n.tutor.show import table
from cs231n.tutor.show.verdict import Verdict
from tests import student
from tests.student import KNN, ROOT

SOLVED = course.ROOT  # what the tests import is the solved tree
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # all but the line feed


class Terminal(io.StringIO):
    def isatty(self):
        return True


def cli(tree, *arguments, encoding="utf-8", **environment):
    """Run the command line; return exit code, standard output and standard error."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])  # an active environment
    environment = {"PATH": path, "PYTHONIOENCODING": encoding} | environment
    done = student.run(tree, "-m", "cs231n", *arguments, **environment)
    return done.returncode, done.stdout.decode(encoding).replace("\r\n", "\n"), done.stderr.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii:replace"])
def test_help_names_the_verbs_whatever_the_console(encoding):
    done = student.run(ROOT, "-m", "cs231n", "--help", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    assert all(verb in done.stdout.decode(encoding.partition(":")[0]) for verb in ("check", "data"))


def test_version():
    assert cli(ROOT, "--version") == (0, f"cs231n assignment kit {__version__}\n", "")


def test_with_an_unknown_verb_there_is_usage_and_exit_code_2():
    code, out, err = cli(ROOT, "chekc")
    assert (code, out) == (2, "") and err.startswith("usage: python -m cs231n")


def test_without_a_verb_it_says_how_far_the_work_has_come_and_what_comes_next():
    code, out, err = cli(ROOT)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    for line, assignment in zip(lines, course.ASSIGNMENTS, strict=False):
        assert line.startswith(assignment.name) and f"0 of {len(assignment.exercises)} exercises pass" in line
    assert any(re.fullmatch(rf"Next: {exercises.names()[0]} in {KNN}:\d+", line) for line in lines)
    assert lines[-1] == "All verbs: python -m cs231n --help"


def test_the_table_of_a_fresh_kit_shows_every_exercise_the_progress_and_where_to_begin():
    code, out, err = cli(ROOT, "check")
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert lines[0] == "assignment1"
    for assignment, exercise in course.exercises().values():
        row = re.compile(rf"    ○ (to do|waits) +0/{exercise.points} +{exercise.name}(: waits for \w+)?")
        assert any(row.fullmatch(line) for line in lines)
        assert f"  {exercise.notebook}: {exercise.file}" in lines and assignment.name in lines
    for one in course.ASSIGNMENTS:
        points = sum(exercise.points for exercise in one.exercises)
        told = f"{one.name} [{20 * '-'}] 0 of {len(one.exercises)} exercises pass, 0 of {points} points"
        assert told in lines
    assert re.fullmatch(rf"Next: {exercises.names()[0]} in {KNN}:\d+", lines[-3])
    assert lines[-1].endswith(f"python -m cs231n hint {exercises.names()[0]}")


def test_what_builds_on_a_wrong_stub_waits_for_it(tmp_path):
    kit = student.copy_kit(tmp_path, SOLVED)
    layers = kit / "cs231n/layers.py"
    text = layers.read_text(encoding="utf-8")
    layers.write_text(text.replace("rows @ w + b", "rows @ w - b", 1), encoding="utf-8")
    code, out, _ = cli(kit, "check", "affine_forward", "affine_backward", "TwoLayerNet_loss")
    assert code == 1 and "✗ not right yet  0/2  affine_forward" in out
    code, out, _ = cli(kit, "check", "assignment1")
    assert re.search(r"○ waits +0/6  TwoLayerNet_loss: waits for affine_forward\n", out)
    assert "Next: affine_forward in cs231n/layers.py:" in out


def test_one_exercise_gets_its_whole_story_and_a_table_no_more_than_a_few_lines_of_it():
    long = Verdict("l2", "fail", " ".join(["word"] * 200), where="x.py:1", assignment="assignment1", out_of=1)
    told = io.StringIO()
    table.write_table([long], whole_story=True, out=told)
    short = io.StringIO()
    table.write_table([long], out=short)
    assert told.getvalue().count("word") == 200 and short.getvalue().count("word") < 60 and "…" in short.getvalue()
    assert max(map(len, (told.getvalue() + short.getvalue()).splitlines())) <= 100


def test_the_table_of_a_finished_kit_has_nothing_left_to_do():
    code, out, err = cli(SOLVED, "check", "assignment1")
    assert (code, err) == (0, "")
    assert "Next:" not in out and "to do" not in out and out.count("passed") == len(exercises.names("assignment1"))


def test_a_pipe_gets_no_colours_and_a_terminal_does(monkeypatch):
    verdicts = [Verdict("l2", "pass", assignment="a", points=2, out_of=2), Verdict("l1", "fail", "off by 1")]
    piped, terminal = io.StringIO(), Terminal()
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    table.write_table(verdicts, out=piped)
    table.write_table(verdicts, out=terminal)
    assert not CONTROL.search(piped.getvalue())
    assert "\x1b[" in terminal.getvalue()
    assert re.sub(r"\x1b\[\d+m", "", terminal.getvalue()) == piped.getvalue()


@pytest.mark.parametrize("variable, value", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_without_colours_gets_none(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)
    terminal = Terminal()
    table.write_table([Verdict("l2", "fail", "off by 1")], out=terminal)
    assert not CONTROL.search(terminal.getvalue()) and "not right yet" in terminal.getvalue()


def test_a_console_without_the_symbols_gets_letters():
    code, out, _ = cli(ROOT, "check", "l2", "l1", encoding="ascii")
    assert code == 1 and "o to do" in out and "?" not in out


@pytest.mark.parametrize("columns", [20, 40, 79])
def test_stories_keep_to_the_width_of_the_terminal(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    told = io.StringIO()
    table.write_table([Verdict("l2", "fail", "a b " * 80)], whole_story=True, out=told)
    assert max(len(line) for line in told.getvalue().splitlines() if "a b" in line) <= columns


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_table_keeps_to_the_width_of_the_terminal(columns):
    code, out, _ = cli(ROOT, "check", "assignment1", COLUMNS=str(columns))
    lines = [line for line in out.splitlines() if "python -m" not in line]
    assert code == 1 and max(map(len, lines)) <= columns


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
@pytest.mark.parametrize("form", ["", "--json"])
def test_an_old_console_does_not_stop_the_check(encoding, form):
    code, out, err = cli(ROOT, "check", *form.split(), encoding=encoding)
    assert code == 1 and "Traceback" not in err
    assert all(name in out for name in exercises.names())
    if form:
        assert len(json.loads(out)) == len(exercises.names())


HOSTILE = r"""raise ValueError("\x1b[31mred\x1b]0;title\x07 \x9b2J\r\n\x08\u202e\ud800 end")"""


def test_control_characters_of_a_students_exception_do_not_reach_the_terminal(tmp_path):
    kit = student.copy_kit(tmp_path)
    source = (kit / KNN).read_text(encoding="utf-8")
    unfilled = re.compile(r"raise NotImplementedError\(\"compute_distances_no_loops.*")
    (kit / KNN).write_text(unfilled.sub(lambda found: HOSTILE, source), encoding="utf-8")
    code, out, err = cli(kit, "check", "compute_distances_no_loops")
    assert (code, err) == (1, "") and "does not run" in out and "red" in out and "end" in out
    assert not CONTROL.search(out) and "\u202e" not in out
    rows, _ = student.check(kit, "compute_distances_no_loops")
    assert rows["compute_distances_no_loops"]["status"] == "error"


def test_an_unknown_name_is_refused_and_the_nearest_one_told():
    code, out, err = cli(ROOT, "check", "assignment1", "relu_forwards", "Adm")
    assert (code, out) == (2, "")
    assert err.splitlines() == [
        "No exercise or assignment is called relu_forwards. Did you mean relu_forward?",
        "No exercise or assignment is called Adm. Did you mean adam?",
    ]


def test_where_no_name_is_near_all_are_told_in_one_screen():
    code, out, err = cli(ROOT, "check", "nope", COLUMNS="80")
    assert (code, out, err.splitlines()[0]) == (2, "", "No exercise or assignment is called nope.")
    assert {"assignment1", "assignment2", *exercises.names()} <= set(err.replace(",", " ").split())
    assert len(err.splitlines()) < 24 and max(map(len, err.splitlines())) <= 80


def test_a_notebook_and_a_file_stand_for_their_exercises(monkeypatch):
    monkeypatch.chdir(course.ROOT / "cs231n")
    linear = [name for name in exercises.names("assignment1") if name.startswith("linear_classifier")]
    for name in ("classifiers/linear_classifier.py", "cs231n/classifiers/linear_classifier.py"):
        assert course.named(name) == linear
    softmax = ["softmax_loss_naive", "softmax_loss_vectorized"]
    for name in ("softmax", "assignment1/softmax", "../assignments/assignment1/softmax.ipynb"):
        assert course.named(name) == softmax
    assert course.named("assignment2") == exercises.names("assignment2")
    assert course.named("adam") == ["adam"] and course.named("adm") == []


def test_the_exercises_of_a_notebook_are_checked_and_those_of_no_other():
    rows, code = student.check(ROOT, "softmax", "adam")
    assert list(rows) == ["softmax_loss_naive", "softmax_loss_vectorized", "adam"] and code == 1


def test_without_a_name_hint_says_what_it_expects():
    code, out, err = cli(ROOT, "hint")
    assert (code, out) == (2, "")
    assert err.startswith("Name the exercise, as in python -m cs231n hint adam.\nChoose from:")
    assert set(exercises.names()) <= set(err.replace(",", " ").split())


def test_without_a_name_reset_says_what_it_expects(capsys):
    assert main(["reset"]) == 2
    err = capsys.readouterr().err
    assert "Name what to reset, as in " in err and "reset adam" in err
    assert {"adam", "assignment1/knn", "cs231n/optim.py"} <= set(err.replace(",", " ").split())


def test_a_notebook_without_exercises_in_files_is_said_to_have_none(capsys):
    assert main(["check", "features"]) == 2
    assert capsys.readouterr().err.startswith("The notebook features has no exercises for `check`")


@pytest.mark.parametrize(
    "name, meant",
    [
        ("adm", "Did you mean adam?"),
        ("TWOLAYERNET.loss", "Did you mean TwoLayerNet_loss?"),
        ("nor", "Did you mean max_norm or layernorm?"),  # no near one: those it is part of
        ("qq", ""),
        ("", ""),
    ],
)
def test_the_name_that_was_meant(name, meant):
    assert course.did_you_mean(name, ["adam", "TwoLayerNet_loss", "max_norm", "layernorm"]) == meant


def test_a_damaged_kit_is_said_to_be_damaged_and_no_exercise_is_blamed(tmp_path):
    kit = student.copy_kit(tmp_path, SOLVED)
    (kit / "cs231n/tutor/exercises/expected/knn.npz").write_bytes(b"PK half a file")
    code, out, err = cli(kit, "check", "--json")
    assert (code, out) == (2, "") and "knn.npz" in err and len(err.splitlines()) == 1
    assert cli(kit) == (code, out, err)


@pytest.mark.parametrize("verb", ["check", "submit", "validate", "lab"])
def test_a_python_without_the_requirements_is_told_what_to_do(verb):
    done = student.run(ROOT, "-S", "-m", "cs231n", verb)  # -S: nothing that was installed is found
    told = done.stderr.decode()
    assert done.returncode == 2 and "Traceback" not in told
    assert re.search(r"numpy is not installed in this Python, .*make setup.*requirements\.txt", told, re.S)


def test_ctrl_c_stops_with_a_word(monkeypatch, capsys):
    def interrupted(names):
        raise KeyboardInterrupt

    monkeypatch.setattr(isolated, "verdicts", interrupted)
    assert main(["check", "predict_labels"]) == 130
    assert capsys.readouterr().err == "\nstopped\n"


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["table", "json"])
def test_a_reader_that_goes_away_is_no_reason_for_a_traceback(form):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""}
    command = [sys.executable, "-m", "cs231n", "check", *form]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
    ) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


OFFICIAL_STYLE = """
from builtins import object, range
import numpy as np
from past.builtins import xrange


class KNearestNeighbor(object):
    def __init__(self):
        pass

    def train(self, X, y):
        self.X_train = X
        self.y_train = y

    def compute_distances_two_loops(self, X):
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        for i in xrange(X.shape[0]):
            for j in xrange(self.X_train.shape[0]):
                dists[i, j] = np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))
        return dists

    def compute_distances_one_loop(self, X):
        dists = np.zeros((X.shape[0], self.X_train.shape[0]))
        for i in xrange(X.shape[0]):
            dists[i, :] = np.sqrt(np.sum(np.square(self.X_train - X[i]), axis=1))
        return dists

    def compute_distances_no_loops(self, X):
        cross = X.dot(self.X_train.T)
        squares = np.sum(X**2, axis=1, keepdims=True) + np.sum(self.X_train**2, axis=1)
        return np.sqrt(np.maximum(squares - 2 * cross, 0))

    def predict_labels(self, dists, k=1):
        y_pred = np.zeros(dists.shape[0])
        for i in xrange(dists.shape[0]):
            closest_y = self.y_train[np.argsort(dists[i])[:k]]
            y_pred[i] = np.argmax(np.bincount(closest_y))
        return y_pred
"""


def test_a_file_in_the_manner_of_the_official_handouts_drops_in_and_passes(tmp_path):
    tree = student.copy_kit(tmp_path / "kit")
    (tree / "cs231n/classifiers/k_nearest_neighbor.py").write_text(OFFICIAL_STYLE, encoding="utf-8")
    names = [name for name, (_, one) in course.exercises().items() if one.file.endswith("k_nearest_neighbor.py")]
    rows, code = student.check(tree, *names)
    assert {name: row["status"] for name, row in rows.items()} == dict.fromkeys(names, "pass") and code == 0


@pytest.mark.parametrize("name", ["l1_distance", "softmax_probabilities"])
def test_an_exercise_of_a_notebook_cell_is_checked_there(name, capsys):
    assert main(["check", name]) == 2
    told = capsys.readouterr().err
    assert f"{name} is written in a cell of assignments/assignment1/" in told
    assert f"Check it there: checks.run('{name}', {name})" in told


def test_an_error_of_a_whole_file_is_told_once_with_its_line(tmp_path):
    kit = student.copy_kit(tmp_path, SOLVED)
    file = kit / "cs231n/activations.py"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\ndef broken(:\n", encoding="utf-8")
    code, out, _ = cli(kit, "check", "assignment2")
    told = " ".join(out.split())
    assert code == 1 and told.count("SyntaxError") == 1 and "in `def broken(:`" in told
    assert f"open: cs231n/activations.py:{len(text.splitlines()) + 2}" in told
    assert "tanh_forward: the same as sigmoid_forward" in told


def test_what_is_printed_to_be_typed_works_where_it_is_read(tmp_path):
    kit = student.copy_kit(tmp_path, ROOT)
    elsewhere = os.environ | {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(kit)}  # `python`, if any, is another one
    for arguments in ([], ["check"], ["hint", "l2"]):
        done = subprocess.run([sys.executable, "-m", "cs231n", *arguments], cwd=kit, env=elsewhere, capture_output=True)
        commands = re.findall(r": (\S+ -m cs231n .*)", done.stdout.decode())
        assert commands
        for command in commands:
            shell = subprocess.run(command, shell=True, cwd=kit, env=elsewhere, capture_output=True)
            assert shell.returncode == 0, shell.stderr


def test_where_python_is_the_kits_own_that_is_what_is_printed(monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))
    assert terminal.command("hint l2") == "python -m cs231n hint l2"
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(Path(sys.executable).parents[1])
    name = Path(sys.executable).name
    assert terminal.command("hint l2") == f"{Path('bin', name)} -m cs231n hint l2" or os.name == "nt"


def test_the_exercises_of_a_notebook_come_one_after_another():
    books = [(assignment.name, one.notebook) for assignment in course.ASSIGNMENTS for one in assignment.exercises]
    runs = [book for book, _ in itertools.groupby(books)]
    assert len(runs) == len(set(books))
