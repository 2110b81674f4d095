"""`reset` gives one stub back as it came, and nothing else is touched or lost."""

import ast
import json
import shutil
import zipfile

import pytest

from cs231n.tutor import course
from cs231n.tutor.commands.reset import CannotResetError, reset
from cs231n.tutor.originals import originals
from solutions.tools import generate
from solutions.tools import originals as stored
from tests import student
from tests.student import ROOT

SOLVED = course.ROOT
LAYERS = "cs231n/layers.py"
BOOK = "assignments/assignment1/knn.ipynb"


@pytest.fixture
def kit(tmp_path):
    """A finished kit."""
    student.copy_kit(tmp_path / "kit", SOLVED)
    shutil.copytree(SOLVED / "assignments", tmp_path / "kit" / "assignments")
    return tmp_path / "kit"


def span(text, place):
    owner, _, name = place.rpartition(".")
    tree = ast.parse(text)
    home = next((node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner), tree)
    node = next(node for node in ast.walk(home) if isinstance(node, ast.FunctionDef) and node.name == name)
    return node.lineno - 1, node.end_lineno


def function(text, place):
    first, end = span(text, place)
    return "\n".join(text.split("\n")[first:end])


def without(text, place):
    first, end = span(text, place)
    return text.split("\n")[:first], text.split("\n")[end:]


def files(kit):
    return {path: path.read_bytes() for path in sorted(kit.rglob("*")) if path.is_file()}


def test_the_originals_are_the_stubs_and_notebooks_students_get():
    assert {name: content.decode() for name, content in originals().items()} == generate.render_tree(ROOT, solved=False)


@pytest.mark.parametrize("name", course.exercises())
def test_only_the_stub_asked_for_is_restored_and_the_version_before_is_kept(kit, name):
    file = course.exercises()[name][1].file
    before = files(kit)
    done = reset(name, kit)
    after = files(kit)
    kept = after.pop(done.kept)
    assert kept == before[kit / file]
    assert {path for path in after if after[path] != before.get(path)} == {kit / file}
    place = course.exercises()[name][1].function or name
    text, solved = after[kit / file].decode(), kept.decode()
    assert without(text, place) == without(solved, place)
    assert function(text, place) == function(originals()[file].decode(), place)
    assert "NotImplementedError" in function(text, place)


def test_resetting_every_exercise_of_a_file_gives_stubs_that_are_all_to_do(kit):
    names = [name for name, (_, one) in course.exercises().items() if one.file == LAYERS]
    for name in names:
        reset(name, kit)
    rows, _ = student.check(kit, *names)
    assert {row["status"] for row in rows.values()} == {"todo"}


def test_nothing_kept_is_ever_overwritten(kit):
    path = kit / LAYERS
    kept = []
    for text in ("a = 1\n", "a = 2\n", "a = 3\n"):
        path.write_text(text, encoding="utf-8")
        kept.append(reset(LAYERS, kit).kept)
    assert [one.read_text(encoding="utf-8") for one in kept] == ["a = 1\n", "a = 2\n", "a = 3\n"]
    assert path.read_text(encoding="utf-8") == originals()[LAYERS].decode()


def test_what_is_as_it_came_is_left_alone(kit):
    reset("relu_forward", kit)
    before = files(kit)
    assert reset("relu_forward", kit).kept is None
    assert files(kit) == before


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace("def relu_forward", "def broken(:\n\n\ndef relu_forward"),
        lambda text: text + "\n\ndef mine(:\n    pass\n",
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("def relu_forward", "import functools\n\n\n@functools.cache\ndef relu_forward"),
        lambda text: text + "# caf\u00e9 \u2028 \x0c\n",
    ],
    ids=["syntax error before", "syntax error after", "byte order mark", "CRLF", "decorator", "odd characters"],
)
def test_files_in_whatever_state_keep_all_the_rest(kit, spoil):
    text = (kit / LAYERS).read_text(encoding="utf-8")
    (kit / LAYERS).write_bytes(spoil(text).encode())
    reset("relu_forward", kit)
    found = (kit / LAYERS).read_bytes().decode()
    plain = found.replace("\r\n", "\n")
    assert plain.count('raise NotImplementedError("relu_forward: not written yet') == 1
    expected = spoil(text).replace("\r\n", "\n").replace("@functools.cache\n", "")
    start = expected.index("def relu_forward")
    assert plain[: plain.index("def relu_forward")] == expected[:start]
    after = expected.index("\n\n\ndef relu_backward")
    assert plain[plain.index("\n\n\ndef relu_backward") :] == expected[after:]
    assert ("\r\n" in found) == ("\r\n" in spoil(text)) and (
        not found.count("\r\n") or "\n" not in found.replace("\r\n", "")
    )


def test_a_file_that_is_gone_comes_back(kit):
    (kit / LAYERS).unlink()
    reset(LAYERS, kit)
    assert (kit / LAYERS).read_text(encoding="utf-8") == originals()[LAYERS].decode()


def test_a_function_that_is_not_there_is_said_to_be_and_nothing_changes(kit):
    (kit / LAYERS).write_text("a = 1\n", encoding="utf-8")
    before = files(kit)
    with pytest.raises(CannotResetError, match=f"{LAYERS} does not contain relu_forward. .* reset {LAYERS}"):
        reset("relu_forward", kit)
    with pytest.raises(CannotResetError, match=r"no exercise, notebook or file 'adm' to reset. Did you mean adam\?"):
        reset("adm", kit)
    with pytest.raises(CannotResetError, match=r"Did you mean cs231n/layers.py\?"):
        reset("layers.py", kit)
    with pytest.raises(CannotResetError, match=r"'nope' to reset\. To list the exercises: .*python -m cs231n check"):
        reset("nope", kit)
    assert files(kit) == before


def test_of_a_notebook_one_cell_is_restored(kit):
    before = json.loads((kit / BOOK).read_text(encoding="utf-8"))
    done = reset("l2_distance", kit)
    after = json.loads((kit / BOOK).read_text(encoding="utf-8"))
    assert json.loads(done.kept.read_text(encoding="utf-8")) == before and done.kept.suffix == ".ipynb"
    changed = [new for old, new in zip(before["cells"], after["cells"], strict=True) if old != new]
    assert len(changed) == 1 and "def l2_distance" in "".join(changed[0]["source"]) and changed[0]["outputs"] == []
    assert "NotImplementedError" in "".join(changed[0]["source"])


def test_a_notebook_is_restored_by_its_name(kit):
    (kit / BOOK).write_text("not json", encoding="utf-8")
    with pytest.raises(CannotResetError, match=f"{BOOK} cannot be read .* reset {BOOK}"):
        reset("l2_distance", kit)
    reset("assignment1/knn", kit)
    assert (kit / BOOK).read_text(encoding="utf-8") == originals()[BOOK].decode()


def test_the_command_says_where_the_old_version_is(kit):
    done = student.run(kit, "-m", "cs231n", "reset", "affine_forward")
    assert done.returncode == 0 and b"cs231n/layers.before-reset-1.py" in done.stdout
    done = student.run(kit, "-m", "cs231n", "reset", "affine_forward")
    assert done.returncode == 0 and b"is still the original" in done.stdout
    done = student.run(kit, "-m", "cs231n", "reset", "nonsense")
    assert done.returncode == 1 and b"nonsense" in done.stderr and b"Traceback" not in done.stderr


def test_a_kit_without_its_originals_says_so(kit):
    (kit / "cs231n/tutor/commands/originals.zip").write_bytes(b"PK")
    done = student.run(kit, "-m", "cs231n", "reset", "affine_forward")
    assert done.returncode == 1 and b"originals.zip" in done.stderr and b"Traceback" not in done.stderr


def test_originals_out_of_step_are_noticed_and_written_anew(tmp_path):
    (tmp_path / "solutions/cs231n").mkdir(parents=True)
    (tmp_path / "solutions/cs231n/a.py").write_text("A = 1\n", encoding="utf-8")
    assert stored.write(tmp_path) == [stored.PATH] and stored.in_step(tmp_path)
    first = (tmp_path / stored.PATH).read_bytes()
    with zipfile.ZipFile(tmp_path / stored.PATH, "w") as archive:
        archive.writestr("cs231n/a.py", "A = 2\n")
    assert not stored.in_step(tmp_path)
    assert stored.write(tmp_path) and (tmp_path / stored.PATH).read_bytes() == first
    assert stored.write(tmp_path) == []
