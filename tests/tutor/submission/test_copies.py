"""A copy with newer work, under another name, is named."""

import os
import shutil

import pytest

from cs231n.tutor import course
from cs231n.tutor.submission import copies, submit
from cs231n.tutor.submission.files import CannotSubmitError
from tests.tutor.submission import handin
from tests.tutor.submission.handin import ASSIGNMENT, KNN

NAMES = [
    "knn (1).ipynb",
    "knn-Copy1.ipynb",
    "Copy of knn.ipynb",
    "my solution.ipynb",
    "../knn.ipynb",
    "../../knn.ipynb",
    "old/knn.ipynb",
    "../assignment1 (1)/knn.ipynb",
    "../../mine/KNN.IPYNB",
    "knn.ipynb.txt",
    "knn.json",
]
STUB = "cs231n/layers.py"


@pytest.fixture
def kit(tmp_path):
    return handin.copy_kit(tmp_path / "kit")


def solved(kit, file, name):
    """Put the solved version of a file next to it, under another name; return its path in the kit."""
    path = (kit / file).parent / name
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(course.ROOT / file, path)
    return path.resolve().relative_to(kit).as_posix()


def age(kit, name, seconds):
    times = (kit / name).stat().st_mtime - seconds
    os.utime(kit / name, (times, times))


@pytest.mark.parametrize("name", NAMES)
def test_work_in_a_copy_is_named_where_the_file_itself_is_as_it_came(kit, name):
    other = solved(kit, KNN, name)
    age(kit, other, 1000)
    assert f"{other} contains newer work than {KNN}, but only {KNN} is handed in" in handin.examined(kit).notices


@pytest.mark.parametrize("name", NAMES)
def test_where_the_file_is_not_there_the_copy_is_meant(kit, name):
    other = solved(kit, KNN, name)
    (kit / KNN).unlink()
    with pytest.raises(CannotSubmitError, match=r"but .+ looks like it: rename that one") as raised:
        submit.prepare(ASSIGNMENT, kit)
    assert other in str(raised.value)


def test_without_a_copy_the_verb_that_restores_it_is_named(kit):
    (kit / KNN).unlink()
    with pytest.raises(CannotSubmitError, match="python -m cs231n reset assignment1/knn"):
        submit.prepare(ASSIGNMENT, kit)


@pytest.mark.parametrize("name", ["layers (1).py", "layers_new.py", "../backup/layers.py", "classifiers/layers.py"])
def test_a_stub_has_copies_too(kit, name):
    other = solved(kit, STUB, name)
    assert copies.newer(STUB, kit) == other


def test_an_older_copy_of_what_was_worked_on_is_not_named(kit):
    shutil.copy(course.ROOT / STUB, kit / STUB)
    (kit / STUB).write_text((kit / STUB).read_text(encoding="utf-8") + "# more\n", encoding="utf-8")
    other = solved(kit, STUB, "layers-backup.py")
    age(kit, other, 1000)
    assert copies.newer(STUB, kit) == ""
    age(kit, STUB, 2000)
    assert copies.newer(STUB, kit) == other


@pytest.mark.parametrize("name", ["../.hidden/layers.py", "../venv/lib/layers.py", "../datasets/layers.py"])
def test_copies_are_not_looked_for_in_hidden_folders_environments_and_data(kit, name):
    (kit / "venv").mkdir()
    (kit / "venv/pyvenv.cfg").write_text("")
    solved(kit, STUB, name)
    assert copies.newer(STUB, kit) == ""


@pytest.mark.parametrize("name", ["layers.before-reset-1.py", "layers.py.txt"])
def test_what_reset_put_aside_is_no_copy(kit, name):
    solved(kit, STUB, name)
    assert copies.newer(STUB, kit) == ""


def test_a_copy_of_the_same_and_other_notebooks_are_not_named(kit):
    shutil.copy(kit / KNN, kit / "again.ipynb")
    (kit / "mine.ipynb").write_bytes(handin.book(handin.markdown("# Mine"), handin.code("1", 1)))
    (kit / "broken.ipynb").write_text("{")
    os.mkfifo(kit / "pipe.ipynb")
    assert copies.newer(KNN, kit) == ""
