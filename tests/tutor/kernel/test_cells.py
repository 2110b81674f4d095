"""Only what the kit's own stubs raise is "to do", and only the notebook waits; errors in a file are the student's."""

import pytest
from nbclient.exceptions import CellExecutionError

from cs231n.tutor import exercises
from cs231n.tutor.checks.target import describe_failure
from tests.solutions.test_notebooks import PATCH, RAISE, SETUP, kernel_session

NO_LOOPS = 'raise NotImplementedError("compute_distances_no_loops: not written yet, see the TODO above")'
DISTANCES = (
    "model = KNearestNeighbor()\nmodel.train(np.eye(2), np.array([0, 1]))\n"
    "dists = model.compute_distances_{}(np.eye(2))"
)


def patch(old, new):
    return PATCH.format(old=old, new=new)


def test_a_name_that_a_students_file_lacks_keeps_its_traceback_though_the_notebook_waits_for_one_like_it(tmp_path):
    stopped = DISTANCES.format("no_loops").replace("dists =", "gap =")
    cells = [SETUP, stopped, patch(RAISE, "dists[i, j] = gap"), DISTANCES.format("two_loops")]
    with pytest.raises(CellExecutionError, match="name 'gap' is not defined"):
        kernel_session(tmp_path, cells)


@pytest.mark.parametrize("cell", ["[row + dists for row in [1, 2]]", "def of(row):\n    return row + dists\nof(1)"])
def test_functions_and_comprehensions_of_the_notebook_wait_like_its_cells(tmp_path, cell):
    shown = kernel_session(tmp_path, [SETUP, DISTANCES.format("no_loops"), cell])
    assert shown[2] == "○ This cell needs dists, which waits for compute_distances_no_loops."


def test_what_is_written_by_now_is_not_waited_for(tmp_path):
    written = "return np.sqrt(np.abs(np.sum(X**2, 1)[:, None] - 2 * X @ self.X_train.T + np.sum(self.X_train**2, 1)))"
    floats = "X, self.X_train = X * 1.0, self.X_train * 1.0\n        "
    cells = [SETUP, DISTANCES.format("no_loops"), patch(NO_LOOPS, floats + written), "dists"]
    shown = kernel_session(tmp_path, cells)
    told = "compute_distances_no_loops is written now, so run the cell above that sets dists."
    assert shown[3] == f"○ This cell needs dists: {told}"


def test_a_warning_quotes_the_line_as_it_is_now(tmp_path):
    cells = [SETUP, DISTANCES.format("two_loops"), patch(RAISE, "dists[i, j] = np.log(X[i, 0] - 2)  # THIS LINE WARNS")]
    shown = kernel_session(tmp_path, [*cells, DISTANCES.format("two_loops")])
    assert "RuntimeWarning" in shown[3] and "THIS LINE WARNS" in shown[3]


@pytest.mark.parametrize("told", ["my own guard: only works for one axis", "l2: not written yet for one axis"])
def test_a_students_own_not_implemented_error_is_an_error(monkeypatch, told):
    def l2(W):
        raise NotImplementedError(told)

    monkeypatch.setattr("cs231n.regularizers.l2", l2)
    verdict = exercises.run("l2")
    assert verdict.status == "error" and told in verdict.message
    assert describe_failure(NotImplementedError("l2: not written yet")).todo == ""  # raised nowhere in a stub


def test_a_file_that_python_cannot_read_is_told_once_with_its_line(tmp_path):
    broken = patch(RAISE, "dists[i, j] = (1")
    shown = kernel_session(
        tmp_path, [SETUP, broken, "checks.run('compute_distances_two_loops')", "1", "checks.names()"]
    )
    told = ("SyntaxError", "k_nearest_neighbor.py:", "in `dists[i, j] = (1`")
    assert all(shown[2].count(words) == 1 for words in told) and "does not run" in shown[2]
    assert shown[3].count("SyntaxError") == 1


def test_an_edited_given_file_and_an_own_module_are_in_effect_in_the_next_cell(tmp_path):
    (tmp_path / "mine.py").write_text("def own():\n    return 1\n", encoding="utf-8")
    given = (
        "path = pathlib.Path(os.environ['KIT'], 'cs231n/toy_data.py')\npath.write_text('def own():\\n    return {}\\n')"
    )
    cells = [
        "from cs231n.notebook import np\nimport os, pathlib\n" + given.format(1),
        "import functools\nfrom cs231n.toy_data import *\nimport mine\nrules = [functools.partial(own), mine.own]",
        given.format(2) + "\npathlib.Path('mine.py').write_text('def own():\\n    return 2\\n')",
        "print([rule() for rule in rules], own(), mine.own())",
    ]
    assert kernel_session(tmp_path, cells)[3] == "[2, 2] 2 2\n"
