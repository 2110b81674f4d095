"""Rules on how: what is called is named as it is typed, and what refuses is stated in the docstring."""

import ast
import linecache
from textwrap import dedent

import numpy as np
import pytest

from cs231n import layers
from cs231n.classifiers import k_nearest_neighbor
from cs231n.tutor import course, exercises
from cs231n.tutor.exercises.common import rules
from solutions.attempts import place

TWO, ONE, NO = (f"compute_distances_{loops}" for loops in ("two_loops", "one_loop", "no_loops"))
REFUSING = [(name, rule) for name in exercises.registry() for rule in rules.refused(name, exercises.registry())]


def verdict(exercise, code, monkeypatch, file="<ipython-input test>", **names):
    """Return what is said of code that defines `solution`, as if it was typed into a file, in a student's place."""
    code = dedent(code).strip() + "\n"
    monkeypatch.setitem(linecache.cache, file, (len(code), None, code.splitlines(keepends=True), file))
    home, attribute = place(exercise)
    namespace = {**vars(layers), **vars(k_nearest_neighbor), "__name__": "cs231n.layers", **names}
    exec(compile(code, file, "exec"), namespace)
    monkeypatch.setattr(home, attribute, namespace["solution"])
    return exercises.run(exercise)


def line_by_line(distance, head=""):
    return f"""
    {head or "import math"}
    def solution(self, X):
        dists = np.zeros((len(X), len(self.X_train)))
        for i in range(len(X)):
            for j in range(len(self.X_train)):
                d = 1.0 * X[i] - self.X_train[j]
                dists[i, j] = {distance}
        return dists
    """


@pytest.mark.parametrize(("name", "rule"), REFUSING, ids=lambda one: getattr(one, "told", one))
def test_a_rule_that_refuses_is_stated_in_the_docstring_of_its_exercise(name, rule):
    exercise = course.find_exercise(name)[1]
    source = (course.ROOT / exercise.file).read_text(encoding="utf-8")
    stated = " ".join(ast.get_docstring(course.functions(source)[exercise.function]).split())
    assert rule.told.removesuffix("batchnorm_backward") in stated
    assert "which must not be called" in stated or rule.told != "batchnorm_backward"


def test_rules_cover_what_the_kit_and_other_exercises_would_answer():
    told = {(name, rule.told) for name, rule in REFUSING}
    assert {("conv_backward_naive", "fast_layers"), ("softmax_loss", "numeric gradient"), (ONE, NO)} <= told
    assert {("batchnorm_backward", "batchnorm_backward_alt"), ("svm_loss_naive", "svm_loss_vectorized")} <= told
    assert ("softmax_loss", "softmax_loss_naive") not in told  # stored under the same name, in another family


@pytest.mark.parametrize(
    ("distance", "head", "said"),
    [
        ("np.linalg.norm(d)", "", "It calls np.linalg.norm (line 7)."),
        ("LA.norm(d)", "from numpy import linalg as LA", "It calls LA.norm (line 7)."),
        ("norm(d)", "from numpy.linalg import norm", "It calls norm (line 7)."),
        ("length(d)", "length = np.linalg.norm", "It calls length, which is np.linalg.norm (line 7)."),
        (
            "length(d)",
            "from functools import partial; length = partial(np.linalg.norm, ord=2)",
            "It calls length, which",
        ),
        ("max(map(np.linalg.norm, [d]))", "", "It calls np.linalg.norm (line 7)."),
        ("np.apply_along_axis(np.linalg.norm, 0, d)", "", "It calls np.linalg.norm (line 7)."),
        ("cdist(d[None], 0 * d[None]).item()", "from scipy.spatial.distance import cdist", "It calls cdist (line 7)."),
        ("scipy.linalg.norm(d)", "import scipy.linalg", "It calls scipy.linalg.norm (line 7)."),
        ("distance.euclidean(d, 0 * d)", "from scipy.spatial import distance", "It calls distance.euclidean (line 7)."),
        ("self.compute_distances_no_loops(X)[i, j]", "", "It calls self.compute_distances_no_loops (line 7)."),
    ],
)
def test_a_call_is_named_as_it_is_typed(distance, head, said, monkeypatch):
    found = verdict(TWO, line_by_line(distance, head), monkeypatch)
    assert found.status == "fail" and found.message.startswith(said), str(found)


def test_a_call_in_a_module_of_ones_own_is_named_with_its_file(monkeypatch):
    helper = course.ROOT / "cs231n" / "own_distances.py"
    helper.write_text("import numpy as np\n\n\ndef apart(a, b):\n    return np.linalg.norm(a - b)\n", encoding="utf-8")
    try:
        code = line_by_line("own_distances.apart(1.0 * X[i], self.X_train[j])", "from cs231n import own_distances")
        found = verdict(TWO, code, monkeypatch)
    finally:
        helper.unlink()
    assert found.message == "It calls np.linalg.norm (line 5 of cs231n/own_distances.py)."


def test_one_loop_passes_with_a_line_of_advice(monkeypatch):
    code = """
    def solution(self, X):
        dists = np.zeros((len(X), len(self.X_train)))
        for i in range(len(X)):
            dists[i] = np.linalg.norm(1.0 * self.X_train - X[i], axis=1)
        return dists
    """
    found = verdict(ONE, code, monkeypatch)
    assert found.status == "pass" and found.advice.startswith("It calls np.linalg.norm (line 4): ")
    assert found.advice.count("It calls") == 1


def test_other_functions_of_numpys_linear_algebra_pass(monkeypatch):
    code = """
    def solution(self, X):
        T = self.X_train.astype(float)
        cross = np.linalg.multi_dot([X, np.eye(T.shape[1]), T.T])
        squared = (X.astype(float) ** 2).sum(1)[:, None] + (T**2).sum(1) - 2 * cross
        return np.sqrt(np.maximum(squared, 0))
    """
    assert verdict(NO, code, monkeypatch).status == "pass"


@pytest.mark.parametrize(
    ("exercise", "code", "said"),
    [
        (
            "conv_forward_naive",
            "def solution(x, w, b, conv_param):\n    return fast(x, w, b, conv_param)",
            "It calls fast, which is conv_forward_fast (line 2).",
        ),
        ("conv_forward_naive", "solution = fast", "It is conv_forward_fast itself."),
        (
            "relu_backward",
            "def solution(dout, x):\n    return gradient_check.eval_numerical_gradient_array("
            "lambda x: relu_forward(x)[0], np.array(x, float), dout)",
            "It calls gradient_check.eval_numerical_gradient_array (line 2).",
        ),
        ("batchnorm_backward_alt", "solution = batchnorm_backward", "It is batchnorm_backward itself."),
    ],
)
def test_answers_that_are_there_already_are_refused(exercise, code, said, monkeypatch):
    from cs231n import gradient_check
    from cs231n.fast_layers import conv_forward_fast

    found = verdict(exercise, code, monkeypatch, fast=conv_forward_fast, gradient_check=gradient_check)
    assert found.status == "fail" and found.message == said, str(found)


def test_what_is_imported_while_the_code_runs_is_not_what_it_calls(monkeypatch):
    code = """
    def solution(x):
        import importlib, scipy.constants
        importlib.reload(scipy.constants)
        return np.maximum(x, 0), x
    """
    found = verdict("relu_forward", code, monkeypatch)
    assert (found.status, found.advice) == ("pass", "")


def test_only_nan_for_equal_rows_is_let_pass(monkeypatch):
    code = "def solution(self, X):\n    T = 1.0 * self.X_train\n    d = {}\n    return d"
    squared = "(1.0 * X * X).sum(1)[:, None] + (T**2).sum(1) - 2.0 * X @ T.T"
    with np.errstate(all="ignore"):
        found = verdict(NO, code.format(f"np.sqrt({squared})"), monkeypatch)
        assert found.status == "pass" and found.advice.count("The distance between equal rows is NaN") == 1
        wrong = f"{squared}; d = np.where(d < 1e-3, np.inf, np.sqrt(np.abs(d)))"
        assert verdict(NO, code.format(wrong), monkeypatch).status == "fail"
