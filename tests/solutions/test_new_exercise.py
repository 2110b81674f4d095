"""An exercise is added to a copy of the kit by exactly the steps of docs/developers.md, and seen through to its end."""

import ast
import json
import re
import shutil
import zipfile

import pytest

from cs231n.tutor import course
from cs231n.tutor.course import tomllib
from solutions.__main__ import main
from solutions.tools import generate, lint, skeleton
from tests import student
from tests.student import ROOT

NAME, FILE, BOOK = "swish_forward", "cs231n/activations.py", "assignment2/backprop"
KIT = ("cs231n", "assignments", "solutions", "tests", "requirements.txt", "pyproject.toml", "collect_submission.sh")
SECTION = re.search(r"(?ms)^## Add an exercise\n(.*?)^## ", (ROOT / "docs/developers.md").read_text(encoding="utf-8"))[
    1
]
COMMAND, *BLOCKS = re.findall(r"(?ms)^```\w*\n(.*?)^```$", SECTION)


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    tree = tmp_path_factory.mktemp("kit")
    for name in KIT:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        more = {"ignore": shutil.ignore_patterns("__pycache__", "*.png")} if copy is shutil.copytree else {}
        copy(ROOT / name, tree / name, **more)
    return tree


def solutions(tree, *arguments):
    """Run a verb of `python -m solutions` in a copy of the kit; return its exit code and lines."""
    done = student.run(tree, "-m", "solutions", *arguments, PYTHONIOENCODING="utf-8")
    return done.returncode, (done.stdout + done.stderr).decode().splitlines()


@pytest.fixture(scope="module")
def started(kit):
    """Return the copy in which the exercise was started, with the places and what lint said then."""
    python, _, package, *command = COMMAND.split()
    assert (python, package, *command) == ("python", "solutions", "new", NAME, "--in", FILE, "--notebook", BOOK)
    code, places = solutions(kit, *command)
    assert code == 0, places
    return kit, places, solutions(kit, "lint", NAME)


@pytest.fixture(scope="module")
def added(started):
    """Return the copy in which the page's pieces took the place of the skeletons, and all was generated."""
    tree = started[0]
    pieces = skeleton.pieces(NAME, FILE, BOOK)
    for piece, block in zip(pieces, BLOCKS, strict=True):
        path = tree / piece.file
        text = path.read_text(encoding="utf-8")
        assert text.count(piece.text) == 1
        path.write_text(text.replace(piece.text, block), encoding="utf-8")
    code, told = solutions(tree, "stubs")
    assert code == 0, told
    return tree


def test_the_five_places_are_printed_in_the_order_of_the_page(started):
    tree, places, _ = started
    files = [place.partition(":")[0] for place in places[:5]]
    assert files == re.findall(r"(?m)^\*\*\d\. .*\*\*, `(.*?)`", SECTION)
    for place in places[:5]:
        file, _, number = place.partition(":")
        lines = (tree / file).read_text(encoding="utf-8").splitlines()[int(number) - 1 :]
        assert any(NAME in line for line in lines[:6]) and any(skeleton.MARK in line for line in lines[:6])


def test_lint_lists_what_is_left_in_the_same_order(started):
    _, places, (code, told) = started
    assert code == 1
    marked = [line.partition(":")[0] for line in told if skeleton.MARK in line]
    assert list(dict.fromkeys(marked)) == [place.partition(":")[0] for place in places[:5]]
    assert any("has 2 attempts in WRONG; write 4 more" in line for line in told)
    assert any(line.startswith(f"out of step with its master: {FILE} (make stubs") for line in told)


def test_nothing_is_missing_in_the_end(added):
    assert solutions(added, "lint", NAME) == (0, ["Nothing is missing (1 exercise)."])


def test_its_attempts_are_judged_as_they_must_be(added):
    done = student.run(added, "-m", "pytest", "tests/solutions/test_attempts.py", "-k", NAME, "-p", "no:cacheprovider")
    assert done.returncode == 0, done.stdout.decode()
    assert b"12 passed" in done.stdout  # seven wrong ones, three right ones, their number, the master


def test_the_stub_is_to_do_and_a_wrong_solution_is_told_why(added):
    rows, _ = student.check(added, NAME)
    assert rows[NAME]["status"] == "todo" and rows[NAME]["out_of"] == 2
    path = added / "build/solved" / FILE
    right = path.read_text(encoding="utf-8")
    path.write_text(right.replace("return x * gate, ", "return gate, "), encoding="utf-8")
    show = f"from cs231n.notebook import checks\nverdict = checks.run('{NAME}')\nprint(verdict, verdict._repr_html_())"
    told = student.run(added / "build/solved", "-c", show, PYTHONIOENCODING="utf-8").stdout.decode()
    path.write_text(right, encoding="utf-8")
    assert f"✗ {NAME}: not right yet (0/2 points)" in told
    assert "Likely: this is σ(x) alone: swish multiplies it by x." in told
    card = told[told.index("<") :]
    assert "this is σ(x) alone" in card and f"<code>{NAME}</code>" in card


def test_it_has_hints_and_a_cell(added):
    told = student.run(added, "-m", "cs231n", "hint", NAME, PYTHONIOENCODING="utf-8").stdout.decode()
    assert "What is left to do with it?" in told
    cells = json.loads((added / "assignments/assignment2/backprop.ipynb").read_text(encoding="utf-8"))["cells"]
    assert [cell["cell_type"] for cell in cells if "".join(cell["source"]) == f'checks.run("{NAME}")'] == ["code"]


def test_it_is_handed_in_with_its_points(added):
    tree = added / "build/solved"
    done = student.run(
        tree, "-m", "cs231n", "submit", "assignment2", "--no-report", "--allow-incomplete", PYTHONIOENCODING="utf-8"
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    with zipfile.ZipFile(tree / "assignment2_submission.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert b"def swish_forward" in archive.read(FILE)
    assert next(row for row in manifest["checks"] if row["name"] == NAME)["points"] == 2
    before = sum(exercise.points for exercise in course.find_assignment("assignment2").exercises)
    assert manifest["points"] == manifest["out_of"] == before + 2


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["sgd", "--in", FILE, "--notebook", BOOK], "there is an exercise sgd already"),
        (
            ["sigmoid_forwards", "--in", "cs231n/activation.py", "--notebook", BOOK],
            "Did you mean cs231n/activations.py?",
        ),
        (["swish", "--in", FILE, "--notebook", "assignment2/backprops"], "Did you mean assignment2/backprop?"),
        (["Swish", "--in", FILE, "--notebook", BOOK], "cannot be the name of a function"),
        (["swish", "--in", FILE, "--notebook", BOOK, "--family", "waves"], "choose from "),
        (["swish", "--in", FILE, "--notebook", BOOK, "--family", "cells"], "has no RIGHT"),
    ],
)
def test_what_is_unknown_or_taken_is_refused_and_nothing_written(arguments, why, capsys):
    files = [*(ROOT / "solutions").rglob("*.py"), *(ROOT / "cs231n/tutor").rglob("*.[pt][yo]*")]
    before = {path: path.read_bytes() for path in files}
    assert main(["new", *arguments]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Nothing was written: ") and why in told
    assert before == {path: path.read_bytes() for path in files}


LAST = {exercise.file: f"{one.name}/{exercise.notebook}" for one, exercise in course.exercises().values()}


@pytest.mark.parametrize(("file", "notebook"), LAST.items(), ids=LAST.keys())
def test_an_exercise_may_be_started_in_every_stub_file(file, notebook):
    pieces = skeleton.pieces(NAME, file, notebook)
    for path in {piece.file for piece in pieces}:
        text = skeleton.inserted((ROOT / path).read_text(encoding="utf-8"), [one for one in pieces if one.file == path])
        assert NAME in text
        if path.endswith(".py"):
            ast.parse(text)
        else:
            assert NAME in [row["name"] for row in tomllib.loads(text)["exercises"]]


def test_an_exercise_that_is_not_there_is_told_how_to_start(capsys):
    assert main(["lint", NAME]) == 1
    assert f"python -m solutions new {NAME} --in" in capsys.readouterr().err


def test_nothing_is_written_where_one_of_the_files_cannot_be(monkeypatch):
    before = {one.file: (ROOT / one.file).read_bytes() for one in skeleton.pieces(NAME, FILE, BOOK)}
    write, written = generate.write_if_changed, []

    def full(path, text):
        written.append(path)
        if len(written) == 4:
            raise OSError("No space left on device")
        return write(path, text)

    monkeypatch.setattr(generate, "write_if_changed", full)
    with pytest.raises(OSError, match="No space left"):
        skeleton.new(NAME, FILE, BOOK)
    assert len(written) == 9 and before == {file: (ROOT / file).read_bytes() for file in before}


def test_nothing_is_missing_of_the_exercises_there_are():
    assert list(lint.missing(list(course.exercises()), lambda: ["a stale file"])) == ["a stale file"]


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        (
            "solutions/cs231n/optim.py",
            "You fill this in",
            "Fill",
            ":1: the first line must contain",
        ),
        ("solutions/cs231n/optim.py", "def sgd(", "def other(", ": there is no sgd; write it"),
        ("solutions/cs231n/optim.py", "# TODO", "# Do", ": a region must begin with '# TODO"),
        ("solutions/cs231n/optim.py", "### BEGIN", "### Begin", ": almost a marker"),
        ("solutions/release-manifest.txt", "cs231n/optim.py", "", ": cs231n/optim.py is not listed; commit it"),
        ("solutions/assignment1/two_layer_net.py", 'checks.run("sgd")', "1", "it is nowhere"),
        ("solutions/assignment1/knn.py", "# %%", 'checks.run("sgd")', "it is in solutions/assignment1/knn.py, "),
    ],
)
def test_what_is_missing_is_told_with_its_place(path, old, new, told, monkeypatch):
    lines = lint._lines

    def spoiled(file):
        return [line.replace(old, new) for line in lines(file)] if file == path else lines(file)

    monkeypatch.setattr(lint, "_lines", spoiled)
    found = list(lint.missing(["sgd"], lambda: ["a stale file"]))
    assert any(told in line for line in found[:-1]), found
