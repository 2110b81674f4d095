"""Stubs, student notebooks and the solved tree follow from the masters, and nobody's work is ever overwritten."""

import importlib
import json
import os
import re
import subprocess
import sys
import time

import nbformat
import numpy as np
import pytest

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import oracle
from solutions import __main__ as command_line
from solutions.tools import expected, generate, notebooks
from solutions.tools.regions import MarkerError
from tests import student
from tests.student import KNN, ROOT

MODULE = '''"""Doubling."""


def double(x):
    """Return 2 x."""
    ### BEGIN SOLUTION
    # TODO: return twice x.
    return 2 * x
    ### END SOLUTION
'''
BOOK = """# %% [markdown]
# # Doubling

# %%
from cs231n.x import double

# %%
### BEGIN SOLUTION
# TODO: set four, with double.
four = double(2)
### END SOLUTION
print(four)

# %% [markdown] tags=["answer"]
# ### BEGIN SOLUTION
# Because of the factor.
# ### END SOLUTION

# %%
print(four)

# %%
print(four)
"""
SOLVED = course.ROOT  # what the tests import is the solved tree
STUB, NOTEBOOK = "cs231n/x.py", "assignments/assignment1/nb.ipynb"


@pytest.fixture
def repository(tmp_path):
    """A repository with one module and one notebook master, nothing generated yet."""
    write(tmp_path, "solutions/cs231n/x.py", MODULE)
    write(tmp_path, "solutions/assignment1/nb.py", BOOK)
    write(tmp_path, "cs231n/__init__.py", "")
    return tmp_path


@pytest.fixture
def generated(repository):
    generate.write_stubs(repository)
    return repository


def write(root, name, text, newline="\n"):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline=newline)


def files(root):
    """Return {path: (bytes, time of last writing)} of everything below a folder."""
    found = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {name: (path.read_bytes(), path.stat().st_mtime_ns) for name, path in found.items()}


def refused(root):
    """Return the files for whose sake nothing was written; a rewritten or removed file is an error."""
    before = files(root)
    with pytest.raises(generate.EditedError) as caught:
        generate.write_stubs(root)
    assert files(root) == before
    assert all(path in str(caught.value) for path in caught.value.paths) and "--force" in str(caught.value)
    return caught.value.paths


def test_a_stub_and_a_notebook_are_written_once(repository):
    assert generate.write_stubs(repository) == [NOTEBOOK, STUB]
    assert (
        "NotImplementedError" in (repository / STUB).read_text() and "return 2" not in (repository / STUB).read_text()
    )
    before = files(repository)
    assert generate.write_stubs(repository) == []
    assert files(repository) == before
    assert generate.out_of_step(repository) == []


def test_a_changed_master_is_out_of_step_until_its_stub_is_written(generated):
    write(generated, "solutions/cs231n/x.py", MODULE.replace("twice x", "x + x"))
    assert generate.out_of_step(generated) == ["cs231n/x.py", "solutions/generated.json"]
    assert generate.write_stubs(generated) == [STUB]
    assert generate.out_of_step(generated) == []


def test_the_reference_of_a_changed_cell_is_out_of_step_until_it_is_recorded_anew(generated):
    reference = generate.reference_path(generated, NOTEBOOK)
    shown = {cell["id"]: [] for cell in json.loads((generated / NOTEBOOK).read_text())["cells"]}
    write(generated, reference.relative_to(generated).as_posix(), json.dumps(shown))
    assert generate.out_of_step(generated) == []
    write(generated, reference.relative_to(generated).as_posix(), json.dumps({**shown, "another": []}))
    assert generate.out_of_step(generated) == [reference.relative_to(generated).as_posix()]


def test_an_edited_stub_is_refused_by_name_and_nothing_is_written_unless_forced(generated):
    write(generated, STUB, "my work")
    write(generated, "solutions/assignment1/nb.py", BOOK.replace("# # Doubling", "# # Twice"))
    write(generated, "solutions/cs231n/y.py", MODULE)
    assert refused(generated) == [STUB]
    assert generate.write_stubs(generated, force=True) == [NOTEBOOK, STUB, "cs231n/y.py"]
    assert generate.out_of_step(generated) == []


@pytest.mark.parametrize("record", [None, "", "{}", "<<<<<<< a conflict"], ids=["missing", "blank", "empty", "broken"])
def test_without_a_record_only_files_that_are_as_they_should_be_may_be_written(generated, record):
    path = generated / generate.RECORD
    path.unlink() if record is None else path.write_text(record)
    write(generated, "solutions/cs231n/x.py", MODULE.replace("twice x", "x + x"))
    assert refused(generated) == [STUB]
    write(generated, "solutions/cs231n/x.py", MODULE)
    assert generate.write_stubs(generated) == []
    assert generate.out_of_step(generated) == []


def test_a_file_of_somebodys_own_where_a_new_stub_would_go_is_refused(generated):
    write(generated, "solutions/cs231n/y.py", MODULE)
    write(generated, "cs231n/y.py", "my own")
    assert refused(generated) == ["cs231n/y.py"]


def test_the_stub_of_a_removed_master_goes_with_it(generated):
    (generated / "solutions" / STUB).unlink()
    assert generate.out_of_step(generated) == [STUB, generate.RECORD]
    assert generate.write_stubs(generated) == [STUB]
    assert not (generated / STUB).exists() and generate.out_of_step(generated) == []


def test_the_edited_stub_of_a_removed_master_stays_even_when_forced(generated):
    (generated / "solutions" / STUB).unlink()
    write(generated, STUB, "my work")
    assert refused(generated) == [STUB]
    assert generate.write_stubs(generated, force=True) == []
    assert (generated / STUB).read_text() == "my work" and generate.out_of_step(generated) == []


def test_windows_line_ends_are_not_an_edit(generated):
    write(generated, STUB, (generated / STUB).read_text(), newline="\r\n")
    assert generate.out_of_step(generated) == [] == generate.write_stubs(generated)
    write(generated, "solutions/cs231n/x.py", MODULE.replace("twice x", "x + x"), newline="\r\n")
    assert generate.write_stubs(generated) == [STUB]
    assert b"\r" not in (generated / STUB).read_bytes()


def saved_by_jupyter(path, change=lambda notebook: None):
    """Open and save a notebook as JupyterLab does: the kernel's language is written into it."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.language_info.update(version="3.12.1", file_extension=".py", mimetype="text/x-python")
    change(notebook)
    nbformat.write(notebook, path)


def test_a_notebook_saved_without_a_change_is_the_same_file(generated):
    before = (generated / NOTEBOOK).read_bytes()
    nbformat.write(nbformat.read(generated / NOTEBOOK, as_version=4), generated / NOTEBOOK)
    assert (generated / NOTEBOOK).read_bytes() == before


def test_a_notebook_opened_and_saved_is_not_an_edit_and_is_put_right(generated):
    saved_by_jupyter(generated / NOTEBOOK)
    assert generate.out_of_step(generated) == [NOTEBOOK]
    assert generate.write_stubs(generated) == [NOTEBOOK]
    saved_by_jupyter(generated / NOTEBOOK)
    write(generated, "solutions/assignment1/nb.py", BOOK.replace("# # Doubling", "# # Twice"))
    assert generate.write_stubs(generated) == [NOTEBOOK]
    assert "Twice" in (generated / NOTEBOOK).read_text()


def set_source(notebook):
    notebook.cells[2].source = "four = 4"


def set_output(notebook):
    notebook.cells[4].outputs = [nbformat.v4.new_output("stream", text="4\n")]


def set_attachment(notebook):
    notebook.cells[3].attachments = {"a.png": {"image/png": "AAAA"}}


def add_cell(notebook):
    notebook.cells.append(nbformat.v4.new_code_cell("mine"))


@pytest.mark.parametrize("change", [set_source, set_output, set_attachment, add_cell])
def test_a_notebook_with_work_in_it_is_refused(generated, change):
    saved_by_jupyter(generated / NOTEBOOK, change)
    assert refused(generated) == [NOTEBOOK]


def test_a_notebook_that_is_no_longer_json_is_refused(generated):
    write(generated, NOTEBOOK, "<<<<<<< a conflict")
    assert refused(generated) == [NOTEBOOK]


def test_a_malformed_master_stops_everything_and_says_the_line_in_its_file(generated):
    before = files(generated)
    for name, text, line in (
        ("solutions/cs231n/y.py", MODULE.replace("    ### END SOLUTION\n", ""), 6),
        ("solutions/assignment1/nb.py", BOOK.replace("# TODO: set", "# Set"), 9),
        ("solutions/assignment1/nb.py", BOOK.replace("# ### END SOLUTION", "# # END SOLUTION"), 17),
        ("solutions/assignment1/nb.py", "import os\n" + BOOK.replace("# %%\nfrom", "# %% [raw]\n# from"), 1),
    ):
        write(generated, name, text)
        with pytest.raises(MarkerError, match=re.escape(f"{name}:{line}: ")):
            generate.write_stubs(generated)
        after = files(generated)
        assert {path: after[path] for path in before if path != name} == {p: f for p, f in before.items() if p != name}
        write(generated, name, MODULE if name.endswith("y.py") else BOOK)


def test_the_student_notebook_has_stubs_and_no_outputs(generated):
    notebook = nbformat.read(generated / NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert code[1].source.splitlines()[0] == "# TODO: set four, with double."
    assert 'NotImplementedError("this cell: ' in code[1].source
    assert notebook.cells[3].source == "*Your answer:*" and notebook.cells[3].metadata.tags == ["answer"]


def test_cell_ids_are_valid_unique_and_the_same_in_stub_and_solved_notebook(generated):
    stub = nbformat.read(generated / NOTEBOOK, as_version=4)
    solved = nbformat.read(generate.write_solved(generated) / NOTEBOOK, as_version=4)
    ids = [cell.id for cell in stub.cells]
    assert len(set(ids)) == len(ids) == 6 and all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", one) for one in ids)
    assert [cell.id for cell in solved.cells] == ids
    assert solved.cells[2].source == "four = double(2)\nprint(four)"


def test_cells_keep_their_ids_when_another_one_changes(generated):
    before = [cell.id for cell in notebooks.read_master(generated / "solutions/assignment1/nb.py").cells]
    write(generated, "solutions/assignment1/nb.py", BOOK.replace("# # Doubling", "# # Twice"))
    after = [cell.id for cell in notebooks.read_master(generated / "solutions/assignment1/nb.py").cells]
    assert before[1:] == after[1:] and before[0] != after[0]


def test_solved_notebooks_carry_their_reference_outputs(generated):
    cell = nbformat.read(generated / NOTEBOOK, as_version=4).cells[4]
    outputs = {cell.id: [{"name": "stdout", "output_type": "stream", "text": "4\n"}]}
    write(generated, "solutions/reference/assignment1/nb.json", json.dumps(outputs))
    solved = nbformat.read(generate.write_solved(generated) / NOTEBOOK, as_version=4)
    nbformat.validate(solved)
    assert [[output.text for output in one.outputs] for one in solved.cells if one.cell_type == "code"] == [
        [],
        [],
        ["4\n"],
        [],
    ]
    assert generate.write_stubs(generated) == []


def test_the_bytes_are_the_same_every_time_and_in_another_process(generated):
    code = f"""if True:
        from pathlib import Path
        from solutions.tools import generate
        generate.write_stubs(Path({str(generated)!r}), force=True)"""
    before = (generated / STUB).read_bytes(), (generated / NOTEBOOK).read_bytes()
    (generated / STUB).unlink(), (generated / NOTEBOOK).unlink()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "7", "LC_ALL": "C", "PYTHONUTF8": "0"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert ((generated / STUB).read_bytes(), (generated / NOTEBOOK).read_bytes()) == before


def test_a_run_cut_short_leaves_whole_files_and_can_be_repeated(generated, monkeypatch):
    whole = (generated / STUB).read_bytes()
    write(generated, "solutions/cs231n/x.py", MODULE.replace("twice x", "x + x"))

    def killed(self, target):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(type(generated), "replace", killed)
        generate.write_stubs(generated)
    assert (generated / STUB).read_bytes() == whole
    assert generate.write_stubs(generated) == [STUB]
    assert not list(generated.rglob("*.partial"))


def test_a_run_cut_short_between_files_can_be_repeated(generated):
    write(generated, "solutions/cs231n/x.py", MODULE.replace("twice x", "x + x"))
    record = (generated / generate.RECORD).read_bytes()
    generate.write_stubs(generated)
    (generated / generate.RECORD).write_bytes(record)
    assert generate.write_stubs(generated) == [] == generate.out_of_step(generated)


def test_the_solved_tree_runs_and_is_made_anew_every_time(generated):
    solved = generate.write_solved(generated)
    assert solved == generated / "build" / "solved"
    done = student.run(solved, "-c", "from cs231n.x import double; print(double(4))")
    assert done.stdout.split() == [b"8"]
    write(solved, "cs231n/left_over.py", "")
    assert not (generate.write_solved(generated) / "cs231n/left_over.py").exists()
    assert generate.out_of_step(generated) == []


def test_the_solved_tree_never_replaces_a_folder_of_somebody_elses(generated):
    write(generated, "mine/cs231n/x.py", "my work")
    before = files(generated)
    for out in (generated / "mine", generated / "mine/cs231n/x.py", generated):
        with pytest.raises(FileExistsError, match="not a solved tree"):
            generate.write_solved(generated, out)
    assert files(generated) == before


def test_the_solved_tree_is_not_written_through_a_link(generated, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    solved = generate.write_solved(generated, elsewhere / "solved")
    before = files(elsewhere)
    (generated / "build").mkdir()
    try:
        (generated / "build/solved").symlink_to(solved, target_is_directory=True)
    except OSError:
        pytest.skip("no symbolic links here")
    with pytest.raises(FileExistsError, match="is a link: remove it"):
        generate.write_solved(generated)
    assert files(elsewhere) == before


@pytest.mark.parametrize(
    "refusal",
    [generate.EditedError([STUB]), MarkerError(STUB, 3, "never closed"), FileExistsError("build is not a solved tree")],
)
def test_a_refusal_is_told_without_a_traceback(monkeypatch, capsys, refusal):
    def refuse(**options):
        raise refusal

    monkeypatch.setattr(generate, "write_stubs", refuse)
    assert command_line.main(["stubs"]) == 1
    assert capsys.readouterr() == ("", f"{refusal}\n")


# The kit itself.


def test_all_generated_files_are_in_step():
    assert generate.out_of_step() == []


def test_expected_values_are_in_step_small_and_read_without_pickle():
    assert expected.write(ROOT / "cs231n/tutor/exercises/expected", check_only=True) == []
    stored = list((ROOT / "cs231n/tutor/exercises/expected").glob("*.npz"))
    assert stored and max(path.stat().st_size for path in stored) < 100_000
    for path in stored:
        with np.load(path, allow_pickle=False) as file:
            assert all(file[key].dtype != object for key in file.files)


@pytest.mark.parametrize("kernel", ["Prescott", "Haswell"])
def test_expected_values_do_not_depend_on_how_a_machine_multiplies(tmp_path, kernel):
    command = [sys.executable, "-m", "solutions.tools.expected", str(tmp_path)]
    kernels = {**os.environ, "OPENBLAS_CORETYPE": kernel}
    subprocess.run(command, cwd=tmp_path, env=kernels, check=True, timeout=120)
    for path in sorted((ROOT / "cs231n/tutor/exercises/expected").glob("*.npz")):
        with np.load(path) as stored, np.load(tmp_path / path.name) as fresh:
            stored, fresh = oracle.unpack(stored), oracle.unpack(fresh)
        assert stored.keys() == fresh.keys()
        for key, value in stored.items():
            of_a_mistake = key.rpartition("/")[0] in stored  # these are rounded to 18 bits, the first of which is 1
            within = {"rtol": 2**-17 if of_a_mistake else 1e-10, "atol": 1e-12}
            np.testing.assert_allclose(fresh[key], value, **within, err_msg=f"{path.name}: {key}")


def test_expected_values_are_out_of_step_where_a_check_could_tell_them_apart():
    fresh = {
        "a/#": expected.Stored(np.float64(3), 1e-9),
        "a/x": expected.Stored(np.array([0.0, 5]), np.array([0.5, 0])),
    }
    assert not expected.differs({"a/#": np.float64(3), "a/x": np.array([0.4, 5])}, fresh)
    assert expected.differs({"a/#": np.float64(3), "a/x": np.array([0.6, 5])}, fresh)
    assert expected.differs({"a/#": np.float64(3), "a/x": np.array([0.4, np.nan])}, fresh)
    assert expected.differs({"a/#": np.float64(3)}, fresh)


@pytest.fixture(scope="module")
def stub_rows():
    return student.check(ROOT)


def test_every_stub_is_to_do_and_the_line_to_open_is_its_raise(stub_rows):
    rows, code = stub_rows
    assert list(rows) == exercises.names() and code == 1
    for name, row in rows.items():
        waits = re.fullmatch(r"waits for (\w+), which is not written yet", row["message"])
        reached = waits[1] if waits else name
        assert (row["status"], row["points"]) == ("todo", 0), row
        assert waits or row["message"] == "not written yet", row
        path, _, number = row["where"].rpartition(":")
        exercise = course.exercises()[reached][1]
        function = (exercise.function or reached).rpartition(".")[2]
        line = (ROOT / path).read_text(encoding="utf-8").splitlines()[int(number) - 1]
        assert path == exercise.file and line.strip().startswith(f'raise NotImplementedError("{function}: ')


def test_rows_say_what_a_program_needs(stub_rows):
    for name, row in stub_rows[0].items():
        assert {"name", "assignment", "status", "points", "message", "cause", "advice"} <= row.keys()
        assert row["assignment"] == course.exercises()[name][0].name


def test_every_solution_passes():
    rows, code = student.check(SOLVED)
    assert list(rows) == exercises.names() and code == 0
    assert {(row["status"], row["advice"]) for row in rows.values()} == {("pass", "")}
    assert [row["points"] for row in rows.values()] == [e.points for _, e in course.exercises().values()]


@pytest.mark.parametrize("name", exercises.names())
def test_no_check_takes_longer_than_two_seconds(name):
    def seconds():
        start = time.perf_counter()
        assert exercises.run(name).status == "pass"
        return time.perf_counter() - start

    assert any(seconds() < 2 for attempt in range(3))  # the machine may be busy with something else


def test_what_a_students_file_prints_does_not_get_into_the_json(tmp_path):
    kit = student.copy_kit(tmp_path, SOLVED)
    source = (kit / KNN).read_text(encoding="utf-8")
    loud = "import os, sys\nprint('loud')\nsys.stdout.write('loud')\n"
    source = loud + source.replace(
        "        num_test = dists.shape[0]\n", "        print('loud')\n        num_test = len(dists)\n"
    )
    (kit / KNN).write_text(source, encoding="utf-8")
    rows, code = student.check(kit)
    assert code == 0 and len(rows) == len(exercises.names())


def test_a_syntax_error_is_an_error_with_file_and_line_and_other_files_are_still_judged(tmp_path):
    kit = student.copy_kit(tmp_path, SOLVED)
    broken = "cs231n/cross_validation.py"
    text = (kit / broken).read_text(encoding="utf-8")
    number = text.splitlines().index("    accuracies = {k: [] for k in k_choices}") + 1
    (kit / broken).write_text(text.replace("accuracies = {k", "accuracies = {{k"), encoding="utf-8")
    rows, code = student.check(kit)
    assert code == 1
    row = rows.pop("cross_validate")
    assert (row["status"], row["where"]) == ("error", f"{broken}:{number}") and "SyntaxError" in row["message"], row
    assert {row["status"] for row in rows.values()} == {"pass"}


def test_names_choose_what_is_checked_and_an_unknown_one_is_refused():
    rows, code = student.check(SOLVED, "predict_labels")
    assert (list(rows), code) == (["predict_labels"], 0)
    done = student.run(ROOT, "-m", "cs231n", "check", "--json", "predict_label")
    assert (done.returncode, done.stdout) == (2, b"") and b"predict_labels" in done.stderr


@pytest.mark.parametrize("module", ["cs231n", "cs231n.tutor.checks", "cs231n.tutor.kernel.reload"])
def test_importing_the_kit_does_not_import_what_is_slow(module):
    code = (
        f"import sys, {module}; print(*({{'matplotlib', 'scipy', 'IPython', 'tqdm', 'nbformat'}} & sys.modules.keys()))"
    )
    done = student.run(ROOT, "-c", code)
    assert (done.returncode, done.stdout.split()) == (0, []), done.stderr.decode()


def test_stub_modules_import_numpy_and_each_other_only():
    for name in course.stub_modules():
        source = (ROOT / name.replace(".", "/")).with_suffix(".py").read_text(encoding="utf-8")
        imported = re.findall(r"^\s*(?:from|import)\s+([\w.]+)", source, flags=re.M)
        assert all(one == "numpy" or one.startswith("cs231n.") for one in imported), (name, imported)
        assert importlib.import_module(name)


@pytest.mark.parametrize("assignment", course.ASSIGNMENTS, ids=lambda one: one.name)
def test_the_course_lists_the_exercises_in_the_order_in_which_the_notebooks_check_them(assignment):
    checked = [
        (stem, name)
        for stem in assignment.notebooks
        for name in re.findall(
            r'^checks\.run\("(\w+)"', (ROOT / f"solutions/{assignment.name}/{stem}.py").read_text("utf-8"), re.MULTILINE
        )
    ]
    assert [(exercise.notebook, exercise.name) for exercise in assignment.asked] == checked


def notebooks_of_stubs():
    """Return {stub file: {assignment: [its notebooks for the exercises in the file]}}, both in course order."""
    found = {}
    for assignment, exercise in course.exercises().values():
        stems = found.setdefault(exercise.file, {}).setdefault(assignment.name.replace("ment", "ment "), [])
        stems += [] if exercise.notebook in stems else [exercise.notebook]
    return found


def test_the_first_line_of_every_stub_says_that_the_student_fills_it_in_and_for_which_notebooks():
    found = notebooks_of_stubs()
    for file, asking in found.items():
        listed = "; ".join(f"{assignment}: {', '.join(stems)}" for assignment, stems in asking.items())
        if sum(map(len, asking.values())) == 1:
            listed = listed.replace(":", ", notebook")
        first = (ROOT / file).read_text("utf-8").partition("\n")[0]
        assert first.startswith((f'"""You fill this in ({listed}): ', f'"""You fill this in ({listed}).')), file
