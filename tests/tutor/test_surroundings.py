"""What the user's machine is like changes nothing in notebooks and checks, or is named in one line."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from cs231n.tutor import surroundings
from tests import student
from tests.solutions import test_notebooks


@pytest.fixture
def kit(tmp_path):
    kit = student.copy_kit(tmp_path / "kit")
    (kit / "work").mkdir()
    return kit


IMPORTS = "import sys; sys.path.insert(0, {kit!r}); from cs231n.tutor import surroundings; surroundings.settle(); "


def python(kit, code, folder="", **environment):
    """Run code in a Python that has settled in, in a folder of the kit."""
    command = [sys.executable, "-c", IMPORTS.format(kit=str(kit)) + code]
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "CS231N_DATA")}
    told = {"cwd": kit / folder, "env": clean | environment, "capture_output": True, "encoding": "utf-8", "timeout": 60}
    return subprocess.run(command, **told)


@pytest.mark.parametrize("folder", ["", "work"])
@pytest.mark.parametrize("name", ["random.py", "colorsys.py", "numpy.py", "tqdm/__init__.py", "secrets.py"])
def test_a_file_that_hides_a_module_is_named_and_hides_none(kit, name, folder):
    path = kit / folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("raise SystemExit('hidden')\n", encoding="utf-8")
    module = name.removesuffix(".py").partition("/")[0]
    done = python(kit, f"import {module}; print({module}.__file__)", folder)
    assert done.returncode == 0 and str(kit) not in done.stdout
    assert f"{module}" in done.stderr and f"give {module}" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["test.py", "mine.py", "numpy/data.txt", "random.txt", "cs231n_x.py"])
def test_files_that_hide_nothing_are_not_named(kit, name):
    (kit / name).parent.mkdir(exist_ok=True)
    (kit / name).touch()
    done = python(kit, "import numpy, random")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_imported_in_place_of_a_module_is_named_in_one_line(kit):
    (kit / "colorsys.py").touch()
    early = f"import sys; sys.path.insert(0, {str(kit)!r}); import colorsys"
    (kit / "work/sitecustomize.py").write_text(early, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(kit / "work")}
    done = subprocess.run([sys.executable, "-m", "cs231n"], cwd=kit, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert f"{kit / 'colorsys.py'} hides Python's own module 'colorsys'" in done.stderr


def test_modules_of_an_installed_copy_do_not_fill_the_gaps_of_this_one(kit):
    other = student.copy_kit(kit / "other")
    (kit / "cs231n/optim.py").unlink()
    places = [str(other / "cs231n")]
    finder = (
        "import importlib.machinery as m; find = lambda name, path=None, target=None: m.PathFinder.find_spec(name, "
        f"{places}); sys.meta_path.append(type('Finder', (), {{'find_spec': staticmethod(find)}})); "
    )
    assert python(kit, f"{finder}import cs231n.layers").returncode == 0
    done = python(kit, f"{finder}import cs231n.optim")
    assert f"No module named 'cs231n.optim' in this copy of the kit, {kit}" in done.stderr.splitlines()[-1]


def test_a_copy_of_the_kit_whose_edits_have_no_effect_is_named(kit):
    other = student.copy_kit(kit / "other")
    (other / "docs").mkdir()
    for folder in ("other", "other/docs"):
        for code in ("import cs231n.notebook", "import runpy; runpy.run_module('cs231n')"):
            done = python(kit, code, folder)
            told = f"You are running the kit in {kit}, so edits to the copy in {other} have no effect. To"
            assert done.stderr.startswith(told) and done.stderr.count("\n") == 1
    assert python(kit, "import cs231n.notebook", "work").stderr == ""


def test_a_working_folder_that_is_gone_is_named(kit):
    code = (
        "import os, sys, runpy; os.chdir('work'); os.rmdir(os.getcwd()); "
        "sys.argv = ['cs231n', 'hint', 'adam']; runpy.run_module('cs231n')"
    )
    done = python(kit, code)
    assert done.stderr == "The working folder no longer exists: change to the kit's folder first.\n"


LEAKS = {
    **{"PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "2", "PYTHONINSPECT": "1", "PYTHONSTARTUP": "/nowhere"},
    **{"PYTHONSAFEPATH": "1", "MPLBACKEND": "TkAgg", "MATPLOTLIBRC": "/nowhere", "IPYTHONDIR": "/nowhere"},
}


@pytest.mark.parametrize("name", LEAKS)
def test_variables_that_change_how_code_runs_or_draws_are_not_handed_on(monkeypatch, name):
    monkeypatch.setenv(name, LEAKS[name])
    assert surroundings.clean().get(name) != LEAKS[name]


def test_ipython_has_a_folder_in_a_new_copy_of_the_kit_and_does_not_warn(kit):
    code = (
        "import warnings; warnings.simplefilter('error'); from cs231n.tutor import surroundings; "
        "import os; os.environ |= surroundings.clean(); "
        "from IPython.paths import get_ipython_dir; print(get_ipython_dir())"
    )
    done = python(kit, code)
    assert (done.stdout.strip(), done.stderr) == (str(kit / ".cs231n/ipython"), "")


def test_other_copies_of_the_kit_and_relative_folders_do_not_stay_in_the_path(monkeypatch, tmp_path):
    other = student.copy_kit(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(other), "libs", "", str(surroundings.ROOT)]))
    assert surroundings.clean()["PYTHONPATH"].split(os.pathsep) == [str(Path("libs").resolve()), surroundings.ROOT]


SETUP = "from cs231n.notebook import checks, np, plt, progress, timed"
FIGURE = "plt.plot([0, 1, 4]); plt.title('a title $x_i$'); plt.show()"
SETTINGS = (
    "text.usetex: True\nfont.family: No Such Font\nfigure.dpi: 7\nsavefig.dpi: 7\nsavefig.format: pdf\nbackend: pdf\n"
)


@pytest.mark.parametrize("backend", ["Agg", "TkAgg", "NoSuch", "pdf"])
def test_figures_are_drawn_in_a_notebook_whatever_the_user_has_set(kit, tmp_path, backend):
    (tmp_path / "matplotlibrc").write_text(SETTINGS, encoding="utf-8")
    book = nbformat.v4.new_notebook()
    book.cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, FIGURE)]
    path = kit / "work/book.ipynb"
    nbformat.write(book, path)
    variables = {"MPLCONFIGDIR": str(tmp_path), "MPLBACKEND": backend}
    outputs = test_notebooks.outputs(test_notebooks.run(path, kit, **variables))
    assert [list(output.get("data", output)) for output in outputs] == [["text/plain", "image/png"]]
    assert len(outputs[0].data["image/png"]) > 8000  # at 7 dots per inch it has 1 kB


def test_where_the_data_is_means_the_same_after_a_change_of_folder(kit):
    code = "import os; os.chdir('work'); print(os.environ['CS231N_DATA'])"
    (kit / "data").mkdir()
    for typed in ("data", "./data/", " data", "'data'"):
        assert python(kit, code, CS231N_DATA=typed).stdout.strip() == str(kit / "data")
    elsewhere = python(kit, "import os; print(os.environ['CS231N_DATA'])", "work", CS231N_DATA="data")
    assert elsewhere.stdout.strip() == str(kit / "data")
    assert python(kit, code, CS231N_DATA="standin ").stdout.strip() == "standin"
