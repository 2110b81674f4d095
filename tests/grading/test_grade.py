"""A grade: the model answers pass, stubs are to do, mistakes have their causes, and a fault of ours is no verdict."""

import json
import os
from textwrap import dedent

import pytest

from cs231n.tutor import course, exercises
from grading import grade as grading_of_one
from grading import masters, trees
from grading.grade import grade
from grading.remote import BrokenOff, Target
from grading.sandbox import choose
from grading.session import HIDDEN
from solutions.attempts import place
from solutions.tools import generate, regions
from tests.solutions.test_attempts import RIGHT, WRONG, name

MASTERS = {path: master for path, master in generate.masters(generate.ROOT).items() if path.endswith(".py")}


def write(tree, transform=regions.to_solved, files=MASTERS):
    for path in files:
        text = transform(MASTERS[path].read_text(encoding="utf-8"), path)
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text, encoding="utf-8")
    return tree


def graded(tree, sandbox, assignment="assignment1", submission="ab" * 32, **more):
    return grade(tree, assignment, submission=submission, secret=b"a secret", sandbox=sandbox, **more)


def states(record):
    return {row["name"]: row["status"] for row in record["exercises"]}


@pytest.mark.parametrize("assignment", [one.name for one in course.ASSIGNMENTS])
def test_the_model_answers_pass(assignment, sandbox, tmp_path):
    record = graded(write(tmp_path), sandbox, assignment)
    names = [one.name for one in course.find_assignment(assignment).exercises]
    assert states(record) == dict.fromkeys(names, "pass"), record
    assert all(row["points"] == row["out_of"] > 0 and not row["advice"] for row in record["exercises"])
    assert record["grader"] == trees.version() and record["seeds"] == ["secret 1", "secret 2"]
    assert json.loads(json.dumps(record)) == record and record["sandbox"] == {"name": "bwrap", "probe": sandbox.probe}


def test_stubs_are_to_do(sandbox, tmp_path):
    record = graded(write(tmp_path, regions.to_stub), sandbox)
    assert set(states(record).values()) == {"todo"} and not any(row["points"] for row in record["exercises"])


def test_files_that_are_missing_are_to_do(sandbox, tmp_path):
    record = graded(write(tmp_path, files=["cs231n/optim.py"]), sandbox, only=["sgd", "l2"])
    assert states(record) == {"l2": "todo", "sgd": "pass"}


CHANGING = """
def sgd(w, dw, config=None):
    raise ValueError(f"hashes {hash('a')} {set('abcdefgh')} {object()} {__file__}")
"""


def test_the_same_again_is_the_same_record(sandbox, tmp_path):
    write(tmp_path, files=["cs231n/regularizers.py"])
    with (tmp_path / "cs231n/regularizers.py").open("a") as file:
        file.write("\ndef l1(W):\n    return np.random.rand(), W\n")
    (tmp_path / "cs231n/optim.py").write_text(CHANGING)
    found = [graded(tmp_path, sandbox, only=["l1", "l2", "sgd"]) for _ in range(2)]
    for record in found:
        record["seconds"] = 0
        for row in record["exercises"]:
            row["seconds"] = 0
    assert found[0] == found[1] and states(found[0]) == {"l2": "pass", "l1": "fail", "sgd": "error"}
    assert "hashes" in found[0]["exercises"][2]["message"] and "/kit" not in str(found[0])


def in_one_function(attempt):
    """Return whether an attempt can be written at the end of a file, in place of the function above."""
    return attempt.exercise in course.exercises() and not isinstance(place(attempt.exercise)[0], type)


@pytest.mark.parametrize("attempt", list(filter(in_one_function, WRONG))[5::60], ids=name)
def test_a_mistake_has_the_cause_that_the_student_saw(attempt, sandbox, tmp_path):
    assignment, exercise = course.exercises()[attempt.exercise]
    write(tmp_path)
    attribute = place(attempt.exercise)[1]
    with (tmp_path / exercise.file).open("a", encoding="utf-8") as file:
        file.write(f"\n\n{dedent(attempt.code)}\n")
        file.write(f"\n{attribute} = {exercise.name}\n" if f"def {exercise.name}(" in attempt.code else "")
    record = graded(tmp_path, sandbox, assignment.name, only=[exercise.name])
    (row,) = record["exercises"]
    assert (row["status"], row["cause"], row["points"]) == (attempt.status, attempt.cause, 0), row
    assert row["message"] and row["where"].startswith("cs231n/")


def test_vast_answers_of_a_size_in_the_code_have_their_cause_and_are_not_kept(sandbox, tmp_path):
    write(tmp_path)
    with (tmp_path / "cs231n/classifiers/k_nearest_neighbor.py").open("a") as file:
        file.write("\n\nKNearestNeighbor.compute_distances_one_loop = lambda self, X: np.zeros((500, 5000))\n")
    (row,) = graded(tmp_path, sandbox, only=["compute_distances_one_loop"])["exercises"]
    assert (row["status"], row["cause"]) == ("fail", "hard_coded_size")
    assert "(500, 5000), expected (7, 11)" in row["message"]


LYING = """
_called = []
_right = batchnorm_forward


def batchnorm_forward(x, gamma, beta, bn_param):
    return (np.zeros(x.shape), x) if _called else (_right(x, gamma, beta, bn_param)[0], x)


def batchnorm_backward(dout, cache):
    _called.append(dout)
    return np.zeros(dout.shape), np.zeros(dout.shape[1]), np.zeros(dout.shape[1])
"""
UNDROPPED = """
_right = dropout_forward


def dropout_forward(x, dropout_param):
    if dropout_param["p"] in (0.3, 0.6) or np.all(x == 1):
        return x.copy(), None
    return _right(x, dropout_param)[0], None


def dropout_backward(dout, cache):
    return dout.copy()
"""


@pytest.mark.parametrize(
    ("code", "exercise"), [(LYING, "batchnorm_backward"), (UNDROPPED, "dropout_backward")], ids=["lying", "undropped"]
)
def test_a_forward_pass_that_lies_to_the_backward_pass_gains_nothing(code, exercise, sandbox, tmp_path):
    write(tmp_path)
    with (tmp_path / "cs231n/layers.py").open("a", encoding="utf-8") as file:
        file.write(code)
    (row,) = graded(tmp_path, sandbox, "assignment2", only=[exercise])["exercises"]
    assert row["status"] in ("fail", "todo") and not row["points"], row


@pytest.mark.parametrize("attempt", [one for one in RIGHT if "eps outside the root" in one.label], ids=name)
def test_a_backward_pass_that_fits_eps_outside_the_root_passes(attempt, sandbox, tmp_path):
    write(tmp_path)
    with (tmp_path / "cs231n/layers.py").open("a", encoding="utf-8") as file:
        file.write(f"\n\n{dedent(attempt.code)}\n")
    (row,) = graded(tmp_path, sandbox, "assignment2", only=[attempt.exercise])["exercises"]
    assert row["status"] == "pass", row


TELLS = """
_seen = []


def l2(W):
    _seen.append(W.copy())
    told = " ".join(f"{one:.17g}" for array in _seen for one in array.ravel()[:3])
    {how}


def elastic_net(W, beta=0.5):
    return np.nan, W
"""
HOW = {
    "an exception": "raise ValueError(told)",
    "its name": "raise type(told, (Exception,), {})()",
    "no memory": "raise MemoryError(told)",
    "inputs of its own": "if W.flat[0] in PUBLIC: return np.sum(W * W), 2 * W\n    raise ValueError(told)",
    "a note": "open('/tmp/note', 'a').write(told)\n    raise ValueError(open('/tmp/note').read())",
    "a note that cannot be deleted": (
        "import os\n    os.makedirs('/tmp/x', exist_ok=True)\n    open('/tmp/x/note', 'a').write(told)\n"
        "    os.chmod('/tmp/x', 0o500)\n    raise ValueError(open('/tmp/x/note').read())"
    ),
    "a number": "return (np.sum(W * W), 2 * W) if W.flat[0] in PUBLIC else (W[0, 0], W)",
    "a place": "exec(compile('\\n' * int(abs(W[0, 0]) * 1e6) + 'raise ValueError', 'cs231n/x' + told + '.py', 'exec'))",
}


@pytest.mark.parametrize("how", HOW)
def test_hidden_inputs_are_not_in_the_words(how, sandbox, tmp_path, monkeypatch):
    inputs = []
    real = masters._Process.run

    def noted(self, check, given):
        inputs.extend(given.values())
        return real(self, check, given)

    monkeypatch.setattr(masters._Process, "run", noted)
    write(tmp_path, files=["cs231n/regularizers.py"])
    public = [float(case.inputs["W"].flat[0]) for case in exercises.registry()["l2"][1].drawn]
    with (tmp_path / "cs231n/regularizers.py").open("a") as file:
        file.write(f"\nPUBLIC = {public}\n{TELLS.replace('{how}', HOW[how])}")
    told = json.dumps(graded(tmp_path, sandbox, only=["l2", "l1", "elastic_net"])["exercises"])
    hidden = [array for array in inputs if getattr(array, "ndim", 0) == 2]
    assert hidden
    for array in hidden:
        for number in (abs(one) for one in array.ravel() if abs(one) % 1):
            assert f"{number:.6g}" not in told and f"{number:.17g}"[:8] not in told


def test_what_only_hidden_inputs_show_is_said_without_them(sandbox, tmp_path):
    write(tmp_path, files=["cs231n/regularizers.py"])
    public = [float(case.inputs["W"].flat[0]) for case in exercises.registry()["l2"][1].drawn]
    with (tmp_path / "cs231n/regularizers.py").open("a") as file:
        file.write(f"\nPUBLIC = {public}\n{TELLS.replace('{how}', HOW['a number'])}")
    (row,) = graded(tmp_path, sandbox, only=["l2"])["exercises"]
    assert (row["status"], row["points"], row["message"]) == ("fail", 0, HIDDEN)


def test_a_module_may_import_matplotlib(sandbox, tmp_path):
    write(tmp_path, files=["cs231n/regularizers.py"])
    path = tmp_path / "cs231n/regularizers.py"
    path.write_text("import matplotlib.pyplot as plt\n\nplt.figure()\n" + path.read_text())
    boxes = [sandbox, *([choose("uid")] if os.geteuid() == 0 and sandbox.name != "uid" else [])]
    for box in boxes:
        assert states(graded(tmp_path, box, only=["l2"])) == {"l2": "pass"}, box.name


def test_own_modules_come_along(sandbox, tmp_path):
    write(tmp_path, files=["cs231n/regularizers.py"])
    (tmp_path / "helpers.py").write_text("import numpy as np\n\ndef square(W):\n    return np.sum(W * W), 2 * W\n")
    (tmp_path / "cs231n/regularizers.py").write_text(
        "from helpers import square\n\n\ndef l2(W):\n    return square(W)\n"
    )
    assert states(graded(tmp_path, sandbox, only=["l2"])) == {"l2": "pass"}


def test_what_kills_its_process_does_not_spoil_the_next_exercise(sandbox, tmp_path):
    write(tmp_path, files=["cs231n/regularizers.py"])
    with (tmp_path / "cs231n/regularizers.py").open("a") as file:
        file.write("\ndef l1(W):\n    import os\n    os._exit(7)\n")
    record = graded(tmp_path, sandbox, only=["l1", "l2", "elastic_net"])
    assert states(record)["l2"] == "pass" and states(record)["l1"] == "error"
    (told,) = (row["message"] for row in record["exercises"] if row["name"] == "l1")
    assert told == "your code ended Python (exit code 7), as os._exit() or a crash does"


def test_a_fault_of_the_grader_is_tried_again_and_is_no_verdict(sandbox, tmp_path, monkeypatch):
    tries = []

    def fails(self, check, case, inputs):
        tries.append(check)
        raise masters.MastersError("the master of l2 fails")

    monkeypatch.setattr(masters.Masters, "expected", fails)
    record = graded(write(tmp_path, files=["cs231n/regularizers.py"]), sandbox, only=["l2"])
    (row,) = record["exercises"]
    assert (row["status"], row["points"], row["out_of"], len(tries)) == ("grader error", 0, 1, 2)
    assert "the master of l2 fails" in row["message"]


def test_a_model_answer_that_is_not_finished_is_no_verdict_on_the_student(sandbox, tmp_path, monkeypatch):
    real = Target.run

    def slow(self, recipe, inputs, observe=""):
        if self.name == "masters":
            raise BrokenOff("too_slow")
        return real(self, recipe, inputs, observe)

    monkeypatch.setattr(Target, "run", slow)
    (row,) = graded(write(tmp_path, files=["cs231n/regularizers.py"]), sandbox, only=["l2"])["exercises"]
    assert (row["status"], row["points"]) == ("grader error", 0)
    assert "the master of l2 gave no answer" in row["message"]


def test_the_exercises_of_a_submission_have_a_budget_together(sandbox, tmp_path, monkeypatch):
    monkeypatch.setattr(grading_of_one, "BUDGET", 1.0)
    write(tmp_path, files=["cs231n/regularizers.py"])
    with (tmp_path / "cs231n/regularizers.py").open("a") as file:
        file.write("\nimport time\n\n\ndef l2(W):\n    time.sleep(0.3)\n    return np.sum(W * W), 2 * W\n")
    record = graded(tmp_path, sandbox, only=["l2", "l1", "elastic_net"])
    assert states(record) == {"l2": "pass", "l1": "error", "elastic_net": "error"}
    assert record["exercises"][1]["message"] == grading_of_one.SPENT and record["exercises"][1]["points"] == 0


def test_the_version_follows_from_what_decides():
    kit, _, digest = trees.version().partition("+")
    assert kit and len(digest) == 16
