"""Student notebooks from clean stubs run to their end, and say in a line what each stopped cell waits for."""

import json
import os
import re
import shutil
import subprocess
import sys
from textwrap import dedent

import nbformat
import pytest
from nbclient import NotebookClient

from cs231n.tutor import course
from solutions.tools import generate
from tests.conftest import SOLVED

NOTEBOOKS = [f"{one.name}/{stem}" for one in course.ASSIGNMENTS for stem in one.notebooks]


def run(path, package, **variables):
    notebook = nbformat.read(path, as_version=4)
    environment = {**os.environ, "PYTHONPATH": str(package), "CS231N_DATA": "standin", **variables}
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute(env=environment)
    return notebook


@pytest.fixture(scope="module", params=NOTEBOOKS)
def from_stubs(request):
    return run(generate.ROOT / "assignments" / f"{request.param}.ipynb", generate.ROOT)


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_run_all_from_clean_stubs_shows_no_traceback(from_stubs):
    assert [output for output in outputs(from_stubs) if output.output_type == "error"] == []
    executed = [cell.execution_count for cell in from_stubs.cells if cell.cell_type == "code"]
    assert None not in executed


def test_every_exercise_is_named_as_to_do_or_waiting_for_one_that_is(from_stubs):
    told = json.dumps(from_stubs, ensure_ascii=False)
    for name in re.findall(r'checks\.run\(\\"(\w+)\\"', told):
        waits = rf"○ {name}: waits [^\\]*\\n  waits for \w+, which is not written yet"
        assert f"○ {name}: to do" in told or re.search(waits, told), name


def test_a_cell_stopped_by_an_earlier_one_says_what_it_waits_for(from_stubs):
    told = [output.data["text/plain"] for output in outputs(from_stubs) if "data" in output]
    assert any(re.fullmatch(r"○ This cell needs \w+, which waits for [\w ]+\.", line) for line in told)
    assert any(re.match(r"○ \w+ is not written yet: ", line) for line in told)
    if from_stubs.cells[0].source.startswith("# k-nearest"):
        assert "○ This cell needs dists, which waits for compute_distances_no_loops." in told
        assert any(re.fullmatch(r"○ \w+ is not written yet: .*\.py, line \d+", line) for line in told)


def test_no_empty_figure_is_left_by_a_stopped_cell(from_stubs):
    for cell in from_stubs.cells:
        shown = [output.get("data", {}) for output in cell.get("outputs", [])]
        stopped = any(data.get("text/plain", "").startswith("○ ") for data in shown)
        assert not (stopped and any("image/png" in data for data in shown)), cell.source


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_inline_questions_have_answer_cells_that_are_found_by_tag(name):
    notebook = nbformat.read(generate.ROOT / "assignments" / f"{name}.ipynb", as_version=4)
    tags = [cell.metadata.get("tags", []) for cell in notebook.cells]
    questions = [number for number, tag in enumerate(tags) if "question" in tag]
    assert questions
    for number in questions:
        assert "answer" in tags[number + 1] and notebook.cells[number + 1].source.startswith("*Your answer:*")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_wrapped_line_of_a_paragraph_looks_like_an_item_of_a_list(name):
    """Markdown would begin a list there: "through i" and, on the next line, "- 1 layers"."""
    marker, found = re.compile(r"([-+*]|\d+[.)]) "), []
    for cell in nbformat.read(SOLVED / "assignments" / f"{name}.ipynb", as_version=4).cells:
        for paragraph in re.split(r"\n\s*\n", cell.source if cell.cell_type == "markdown" else ""):
            lines = paragraph.split("\n")
            found += [line for line in lines[1:] if marker.match(line) and not marker.match(lines[0])]
    assert found == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_files_to_edit_are_links_that_lead_there(name):
    path = generate.ROOT / "assignments" / f"{name}.ipynb"
    texts = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    linked = {(path.parent / link).resolve() for text in texts for link in re.findall(r"\]\((\.\./[^)#]+)\)", text)}
    assert all(file.is_file() for file in linked)
    exercises = [one for _, one in course.exercises().values() if one.notebook == path.stem]
    assert {generate.ROOT / one.file for one in exercises} <= linked


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_reference_outputs_hold_no_images_and_no_paths(name):
    text = (generate.ROOT / generate.REFERENCE / f"{name}.json").read_text(encoding="utf-8")
    assert "image/" not in text and str(generate.ROOT) not in text and "Traceback" not in text


def kernel_session(tmp_path, cells, package=generate.ROOT):
    """Run cells in a kernel that uses a copy of the package; return what each printed or showed."""
    tree = tmp_path / "kit"
    shutil.copytree(package / "cs231n", tree / "cs231n", ignore=shutil.ignore_patterns("__pycache__"))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    path = tmp_path / "session.ipynb"
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    done = run(path, tree, KIT=str(tree))
    return ["\n".join(o.get("text") or o.data["text/plain"] for o in cell.outputs) for cell in done.cells]


SETUP = "from cs231n.notebook import checks, np\nimport os, pathlib\nfrom cs231n.classifiers import KNearestNeighbor"
PATCH = """
path = pathlib.Path(os.environ['KIT'], 'cs231n/classifiers/k_nearest_neighbor.py')
text = path.read_text(encoding='utf-8')
path.write_text(text.replace({old!r}, {new!r}), encoding='utf-8')
"""
RAISE = 'raise NotImplementedError("compute_distances_two_loops: not written yet, see the TODO above")'


def test_a_saved_edit_is_in_effect_in_the_next_cell(tmp_path):
    shown = kernel_session(
        tmp_path,
        [
            SETUP,
            "model = KNearestNeighbor()\nmodel.train(np.eye(2), np.array([0, 1]))",
            "model.compute_distances_two_loops(np.eye(2))",
            PATCH.format(old=RAISE, new="dists[i, j] = np.sum((X[i] - self.X_train[j]) ** 2)"),
            "model.compute_distances_two_loops(np.eye(2))",
            "checks.run('compute_distances_two_loops')",
        ],
    )
    assert "compute_distances_two_loops is not written yet" in shown[2]
    assert "[0., 2.]" in shown[4]
    assert "square root is missing" in shown[5]


def test_a_variable_that_an_unfilled_cell_is_to_set_is_waited_for(tmp_path):
    todo = (
        "# TODO: set best_k to the best k.\nraise NotImplementedError('this cell: not written yet, see the TODO above')"
    )
    shown = kernel_session(tmp_path, [SETUP, todo, "print(best_k)"])
    assert "This cell needs best_k, which waits for a cell above that is not written yet." in shown[2]


def test_an_unfilled_part_is_named_after_the_exercise_that_it_belongs_to(tmp_path):
    setup = "from cs231n.notebook import checks\nimport os, pathlib\nfrom cs231n.classifiers import FullyConnectedNet"
    patch = PATCH.replace("k_nearest_neighbor", "fc_net").format(
        old='self.params[f"gamma{i}"] = np.ones(size)',
        new='raise NotImplementedError("__init__: not written yet, see the TODO above")',
    )
    make = "net = FullyConnectedNet([5], 4, normalization='batchnorm')"
    shown = kernel_session(tmp_path, [setup, patch, make, "net.params"], SOLVED)
    assert shown[2].startswith("○ FullyConnectedNet_normalization is not written yet")
    assert "This cell needs net, which waits for FullyConnectedNet_normalization." in shown[3]


def test_no_progress_is_shown_where_nothing_ran(tmp_path):
    start = "from cs231n.layers import relu_forward\nfrom cs231n.notebook import progress"
    stopped = "for item in progress([1, 2], 'search'):\n    relu_forward(item)"
    ran = "import time\nfor item in progress([1, 2], 'search'):\n    time.sleep(0.6)"
    shown = kernel_session(tmp_path, [start, stopped, ran])
    assert shown[1].startswith("○ relu_forward is not written yet")
    assert "search" not in shown[1] and "search: 100%" in shown[2]


def test_a_syntax_error_in_a_stub_is_one_line_and_the_kernel_goes_on(tmp_path):
    shown = kernel_session(tmp_path, [SETUP, PATCH.format(old=RAISE, new="dists[i, j = 0"), "print('alive')"])
    assert re.search(r"k_nearest_neighbor\.py, line \d+: SyntaxError", shown[2]) and "alive" in shown[2]


def test_ordinary_errors_keep_their_traceback(tmp_path):
    from nbclient.exceptions import CellExecutionError

    for cell in ("undefined_name", "raise NotImplementedError('mine')", "1 / 0"):
        with pytest.raises(CellExecutionError):
            kernel_session(tmp_path / cell[:3], [SETUP, cell])


def setup_cell():
    """The setup cell of the page on Colab."""
    page = (generate.ROOT / "docs" / "colab.md").read_text(encoding="utf-8")
    return dedent(re.search(r"```python\n(.*?)```", page, re.S)[1])


@pytest.mark.parametrize("packed", [True, False])
def test_the_setup_cell_finds_a_kit_that_is_not_installed_and_cannot_be_written_to(tmp_path, packed):
    kit = tmp_path / "content" / "cs231n-assignments-0.1.0"
    shutil.copytree(generate.ROOT / "cs231n", kit / "cs231n", ignore=shutil.ignore_patterns("__pycache__"))
    if packed:
        shutil.make_archive(str(kit), "zip", kit.parent, kit.name)
        shutil.rmtree(kit)
    else:
        for folder in (kit, kit / "cs231n", kit / "cs231n/tutor"):
            folder.chmod(0o555)
    setup = setup_cell().replace('"/content"', repr(str(kit.parent)))
    told = "from cs231n.notebook import checks\nfrom cs231n.tutor import course\nprint(course.ROOT)"
    cells = [nbformat.v4.new_code_cell(cell) for cell in (setup, told, "checks.run('sgd')")]
    book = tmp_path / "drive" / "knn.ipynb"
    book.parent.mkdir()
    book.write_text(nbformat.writes(nbformat.v4.new_notebook(cells=cells)), encoding="utf-8")
    done = run(book, tmp_path)  # nothing to import there
    assert done.cells[0].outputs == []
    assert done.cells[1].outputs[0].text.strip() == str(kit)
    assert "○ sgd: to do" in done.cells[2].outputs[0].data["text/plain"]
    for folder in (kit, kit / "cs231n", kit / "cs231n/tutor"):
        folder.chmod(0o755)


def test_the_setup_cell_does_nothing_where_a_grader_runs_the_notebook(tmp_path):
    setup = setup_cell().replace('"/content"', repr(str(tmp_path / "none")))
    code = f"import sys\nbefore = list(sys.path)\n{setup}\nassert sys.path == before"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
