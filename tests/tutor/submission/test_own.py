"""What of a student's own travels with what is handed in, and what a grader may lack."""

import os

import pytest

from cs231n.tutor.submission import archive, own, submit
from tests.tutor.submission import handin
from tests.tutor.submission.handin import ASSIGNMENT, KNN, book, code

STUB = "cs231n/regularizers.py"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory):
    return handin.copy_kit(tmp_path_factory.mktemp("pristine"))


@pytest.fixture
def kit(tmp_path, pristine):
    return handin.copy_kit(tmp_path / "a kit", pristine)


def put(kit, texts):
    """Write modules: {path without .py: text}."""
    for name, text in texts.items():
        path = kit / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(kit, stub="", *cells):
    """Return what is found for a stub that begins with this text, and a notebook of these cells."""
    (kit / STUB).write_text(f"{stub}\n{(kit / STUB).read_text(encoding='utf-8')}", encoding="utf-8")
    (kit / KNN).write_bytes(book(*map(code, cells)))
    contents, books = submit.prepare(ASSIGNMENT, kit)
    return sorted(contents.keys() - set(ASSIGNMENT.files)), own.find(contents, books, kit).notices


def test_a_kit_as_it_came_holds_nothing_more(kit):
    assert found(kit) == ([], [])


@pytest.mark.parametrize(
    "line",
    [
        "from cs231n import helper",
        "from cs231n.helper import f",
        "import cs231n.helper as h",
        "from . import helper",
        "from .helper import f",
        "def f():\n    from .helper import *",
        "import importlib; importlib.import_module('cs231n.helper')",
        "try:\n    from .helper import f\nexcept ImportError:\n    pass",
    ],
)
def test_a_module_that_a_stub_imports_travels_however_it_is_written(kit, line):
    put(kit, {"cs231n/helper": "def f(): pass\n", "cs231n/unused": ""})
    assert found(kit, line) == (["cs231n/helper.py"], [])


def test_what_it_imports_travels_too_and_circles_end(kit):
    put(kit, {"cs231n/a": "from . import b", "cs231n/b": "import top", "top": "from cs231n import solver, a"})
    assert found(kit, "import cs231n.a") == (["cs231n/a.py", "cs231n/b.py", "top.py"], [])


def test_a_package_travels_whole(kit):
    put(kit, {"cs231n/mine/__init__": "", "cs231n/mine/deep/one": "", "cs231n/mine/two": "import top", "top": ""})
    put(kit, {"cs231n/mine/.ipynb_checkpoints/two-checkpoint": ""})
    names = ["cs231n/mine/__init__.py", "cs231n/mine/deep/one.py", "cs231n/mine/two.py", "top.py"]
    assert found(kit, "from cs231n import mine") == (names, [])


def test_what_a_notebook_imports_or_runs_travels(kit):
    put(kit, {"assignments/assignment1/near": "", "assignments/assignment1/tools/go": "import top"})
    put(kit, {"top": "", "lib/far": ""})
    cells = ["import near\n%matplotlib inline", "import sys\nsys.path.append('../../lib')\nimport far"]
    names = ["assignments/assignment1/near.py", "assignments/assignment1/tools/go.py", "lib/far.py", "top.py"]
    assert found(kit, "", *cells, "%run tools/go.py") == (names, [])


def test_a_stub_of_another_assignment_travels_if_it_was_worked_on(kit):
    line = "from cs231n import graph"
    assert found(kit, line) == ([], [])
    put(kit, {"cs231n/graph": "x = 1"})
    assert found(kit)[0] == ["cs231n/graph.py"]


def test_a_given_file_never_travels_and_its_own_additions_are_not_followed(kit):
    put(kit, {"cs231n/solver": "import helper", "helper": ""})
    assert found(kit, "import cs231n.solver") == ([], [])


@pytest.mark.parametrize(
    "line", ["import torch", "from pandas import DataFrame", "import cv2.x", "from .nothing import f"]
)
def test_what_a_grader_may_lack_is_named_once_with_its_place(kit, line):
    files, notices = found(kit, line, line, "import numpy, scipy.ndimage, matplotlib.pyplot, os.path, tqdm, PIL.Image")
    assert files == [] and notices[0].startswith(f"{KNN}, cell 1 imports ")
    assert len(notices) == 1 or "nothing" in line


@pytest.mark.parametrize("caught", ["ImportError", "(ImportError, OSError)", "Exception", "ModuleNotFoundError"])
def test_what_the_code_does_without_is_not_named(kit, caught):
    assert found(kit, f"try:\n    import cupy\nexcept {caught}:\n    cupy = None") == ([], [])


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
@pytest.mark.parametrize(
    "make, words", [(os.mkfifo, "not an ordinary file"), (lambda path: path.symlink_to("/dev/zero"), "leads out")]
)
def test_a_module_that_cannot_be_read_is_named(kit, make, words):
    make(kit / "cs231n/helper.py")
    files, notices = found(kit, "from . import helper")
    assert files == [] and words in notices[0]


@pytest.mark.parametrize("junk", ["def f(:", "\0", "é = 'latin'", "(" * 5000 + ")" * 5000])
def test_a_module_that_python_cannot_read_travels_as_it_is(kit, junk):
    (kit / "cs231n/helper.py").write_bytes(junk.encode("latin-1"))
    assert found(kit, "from . import helper") == (["cs231n/helper.py"], [])


def test_what_is_handed_in_is_what_is_graded(kit):
    solved = submit.course.ROOT / STUB
    text = solved.read_text(encoding="utf-8")
    (kit / STUB).write_text(f"from cs231n.helper import zeros\n{text}", encoding="utf-8")
    put(kit, {"cs231n/helper": "def zeros(): pass\n"})
    submission = handin.examined(kit, submit.trial.verdicts)
    assert {one.name: one.status for one in submission.verdicts}["l2"] == "pass"
    zipped = archive.read(submit.write_zip(submission, kit))
    assert zipped["cs231n/helper.py"] == (kit / "cs231n/helper.py").read_bytes()


def test_the_effect_of_an_edited_given_file_is_not_graded_and_it_is_named(kit):
    text = (submit.course.ROOT / STUB).read_text(encoding="utf-8")
    (kit / STUB).write_text(f"from cs231n.vis_utils import more\n{text}", encoding="utf-8")
    with (kit / "cs231n/vis_utils.py").open("a") as file:
        file.write("def more(): pass\n")
    submission = handin.examined(kit, submit.trial.verdicts)
    verdict = next(one for one in submission.verdicts if one.name == "l2")
    assert verdict.status == "error" and "more" in verdict.message
    told = "cs231n/vis_utils.py is a given file and was edited: a grader uses the original, and so did the checks"
    assert told in submission.notices


def test_an_edited_check_is_named(kit):
    path = kit / "cs231n/tutor/checks/compare.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert handin.examined(kit).remarks == []  # git writes lines like that on Windows
    path.write_text("# edited\n")
    assert handin.examined(kit).remarks == [
        "cs231n/tutor/checks/compare.py belongs to the tutor and was edited: "
        "a grader's checks may give a different result"
    ]


def test_of_an_edited_page_nobody_says_that_the_checks_used_the_original(kit):
    contents, books = submit.prepare(ASSIGNMENT, kit)
    (kit / "cs231n/toys/page.html").write_text("edited", encoding="utf-8")
    told = "cs231n/toys/page.html is a given file and was edited: a grader uses the original"
    assert submit.remarks(ASSIGNMENT, contents, books, kit) == [told]


@pytest.mark.parametrize(
    "cell",
    [
        "%run 'tools/my helper.py'",
        "%run -i 'tools/my helper'",
        "get_ipython().run_line_magic('run', 'tools/my helper.py')",
        "!python 'tools/my helper.py' --fast",
        "%%bash\npython 'tools/my helper.py'",
        "exec(open('tools/my helper.py').read())",
        "import runpy\nrunpy.run_path('tools/my helper.py')",
        "from importlib.util import *\nspec_from_file_location('helper', 'tools/my helper.py')",
    ],
)
def test_code_that_a_cell_names_as_a_file_travels(kit, cell):
    put(kit, {"assignments/assignment1/tools/my helper": "import deeper\n", "assignments/assignment1/tools/deeper": ""})
    names = ["assignments/assignment1/tools/deeper.py", "assignments/assignment1/tools/my helper.py"]
    assert found(kit, "", cell) == (names, [])


@pytest.mark.parametrize(
    "lines",
    [
        "import sys\nsys.path += ['lib']\nimport helper",
        "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path.cwd() / 'lib'))\nimport helper",
        "%cd lib\nimport helper",
        "import os\nos.chdir(os.path.join('.', 'lib'))\nfrom helper import f",
        "from importlib import import_module\nimport_module('helper')",
        "%time import helper",
        "%load_ext helper",
    ],
)
def test_a_module_travels_from_wherever_it_is_in_the_kit(kit, lines):
    put(kit, {"assignments/assignment1/lib/helper": ""})
    assert found(kit, "", lines) == (["assignments/assignment1/lib/helper.py"], [])


def test_a_module_that_is_named_relative_to_a_package_travels(kit):
    put(kit, {"cs231n/helper": ""})
    cell = "import importlib\nimportlib.import_module('.helper', package='cs231n')"
    assert found(kit, "", cell) == (["cs231n/helper.py"], [])


def test_a_notebook_that_a_cell_runs_travels_with_nothing_personal_in_it(kit):
    other = "assignments/assignment1/other.ipynb"
    (kit / other).write_bytes(book(code("import helper", 1, [handin.printed(f"{kit}/x\n")])))
    put(kit, {"assignments/assignment1/helper": ""})
    assert found(kit, "", "%run other.ipynb")[0] == ["assignments/assignment1/helper.py", other]
    assert str(kit).encode() not in handin.examined(kit).files[other]


def test_nobody_lacks_what_is_not_needed_or_written_by_a_cell(kit):
    stub = "from contextlib import suppress\nwith suppress(ImportError):\n    import nothing_of_the_kind\n"
    stub += "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nor_this\n"
    assert found(kit, stub, "%%writefile helper.py\nx = 1", "import helper") == ([], [])


def test_a_module_that_a_cell_further_down_writes_is_not_lacking(kit):
    assert found(kit, "", "import helper", "%%writefile helper.py\nx = 1") == ([], [])


def test_an_extension_of_the_notebook_is_a_package_too(kit):
    (told,) = found(kit, "", "%load_ext autoreload\n%load_ext line_profiler")[1]
    assert (
        told == f"{KNN}, cell 1 imports line_profiler, which is not among the kit's packages: a grader may not have it"
    )


def test_what_the_kit_brings_is_never_lacking(kit):
    (kit / "cs231n/solver.py").unlink()
    contents, books = submit.prepare(ASSIGNMENT, kit)
    told = submit.remarks(ASSIGNMENT, contents, books, kit)
    why = "a grader uses the original, and so did the checks"
    assert told == [f"cs231n/solver.py is a given file and was deleted: {why}"]
    (kit / "cs231n/layers.py").unlink()
    contents, books, _ = submit.collect(ASSIGNMENT, kit)
    assert own.find(contents, books, kit).notices == []


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_to_the_package_is_no_second_one(kit):
    put(kit, {"cs231n/helper": ""})
    (kit / "assignments/assignment1/cs231n").symlink_to("../../cs231n", target_is_directory=True)
    assert found(kit, "", "from cs231n import helper, layers") == (["cs231n/helper.py"], [])


def test_a_folder_of_pictures_hides_no_module(kit):
    put(kit, {"cs231n/images": ""})
    (kit / "cs231n/images").mkdir()
    (kit / "cs231n/images/one.png").write_bytes(b"")
    assert found(kit, "from . import images") == (["cs231n/images.py"], [])
    assert found(kit, "from cs231n.images import one") == (["cs231n/images.py"], [])


def test_a_link_to_nothing_is_told_as_such(kit):
    (kit / "helper.py").symlink_to("nothing.py")
    assert found(kit, "import helper")[1] == [f"{STUB}, line 1: helper.py is a broken link"]
