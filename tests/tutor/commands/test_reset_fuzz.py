"""Odd notebooks and stubs, and damaged originals: `reset` restores what was asked for or says why not in one line."""

import ast
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile

import pytest

from cs231n.tutor import course, originals
from cs231n.tutor.commands import reset
from tests import fuzzing, student

pytestmark = pytest.mark.fuzz
SOLVED = course.ROOT
LAYERS, BOOK = "cs231n/layers.py", "assignments/assignment1/knn.ipynb"


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    kit = student.copy_kit(tmp_path_factory.mktemp("kit"), SOLVED)
    shutil.copytree(SOLVED / "assignments", kit / "assignments")
    return kit


def outcome(kit, name, file, content):
    """Reset an exercise in a file of this content; return what is in it then, None if it was refused in one line."""
    path = kit / file
    path.write_bytes(content)
    try:
        done = reset.reset(name, kit)
    except reset.CannotResetError as error:
        assert "\n" not in str(error) and len(str(error)) < 600
        assert path.read_bytes() == content
        return None
    if done.kept:
        assert done.kept.read_bytes() == content  # nothing is lost
        done.kept.unlink()
    return path.read_bytes()


ODD = [None, True, 0, -1.5, float("nan"), 10**400, "", "text", "\ud800", "\udc80", [], [[]], {}, {"a": []}, "x" * 10**5]


def changed(value, dice, depth=0):
    """Return JSON with something odd in one place."""
    if depth > 5 or not value or not isinstance(value, (list, dict)) or dice.random() < 0.15:
        return dice.choice(ODD)
    key = dice.choice(list(value)) if isinstance(value, dict) else dice.randrange(len(value))
    return (
        {**value, key: changed(value[key], dice, depth + 1)}
        if isinstance(value, dict)
        else [changed(one, dice, depth + 1) if number == key else one for number, one in enumerate(value)]
    )


def test_odd_notebooks_are_reset_or_refused(kit):
    whole = (kit / BOOK).read_bytes()
    fresh = originals.originals()[BOOK].decode()
    cell = next(one for one in json.loads(fresh)["cells"] if "def l2_distance" in "".join(one["source"]))
    notebook, restored = json.loads(whole), 0
    about = {"cells": [one for one in notebook["cells"] if one["id"] == cell["id"]] + notebook["cells"][:3]}
    for number, dice in fuzzing.seeds():
        if number % 2:
            content = fuzzing.damaged(whole, dice)
        else:
            odd = changed(about if dice.random() < 0.8 else notebook, dice)
            content = json.dumps(odd).encode()
        after = outcome(kit, "l2_distance", BOOK, content)
        if after is not None:
            restored += 1
            found = json.loads(after.decode())
            assert any(one.get("source") == cell["source"] for one in found["cells"] if isinstance(one, dict))
            was = json.loads(content.decode())
            assert len(was["cells"]) == len(found["cells"])
            same = [json.dumps(a) == json.dumps(b) for a, b in zip(was["cells"], found["cells"], strict=True)]
            assert same.count(False) <= 1
    (kit / BOOK).write_bytes(whole)
    assert restored > fuzzing.INPUTS / 20


@pytest.mark.parametrize(
    "content", [b"[" * 10**5, b'{"cells": ' * 10**5, b"\xff\xfe", b"", b"{}", b"null", b"9" * 5000]
)
def test_notebooks_that_are_none_are_refused(kit, content):
    before = (kit / BOOK).read_bytes()
    assert outcome(kit, "l2_distance", BOOK, content) is None
    (kit / BOOK).write_bytes(before)


def differing(before, after):
    """Return what is in `after` between the beginning and the end that both have."""
    start = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    before, after = before[start:], after[start:]
    pairs = zip(reversed(before), reversed(after), strict=False)
    return after[: len(after) - next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))]


ODD_LINES = [
    *("(" * 500 + ")" * 500, "x = " + "-" * 20_000 + "1", "x = " + "1+" * 20_000 + "1", "x" + "[0]" * 5000),
    *("if 1:\n " * 3, "\r", "\x0c", "\0", "\u2028", '"""', "def relu_forward("),
]


def test_odd_stubs_are_reset_or_refused_and_all_the_rest_stays(kit):
    whole = (kit / LAYERS).read_bytes()
    fresh = originals.originals()[LAYERS]
    fresh = fresh[fresh.index(b"def relu_forward") : fresh.index(b"def relu_backward")]
    marker = b'raise NotImplementedError("relu_forward: not written yet'
    for number, dice in fuzzing.seeds():
        if number % 3 == 0:
            text = whole.decode().split("\n")
            text.insert(dice.randrange(len(text)), dice.choice(ODD_LINES))
            content = dice.choice(("\n", "\r\n", "\r")).join(text).encode()
        else:
            content = fuzzing.damaged(whole, dice)
        after = outcome(kit, "relu_forward", LAYERS, content)
        if after is not None:
            assert marker in after or b"def relu_forward" not in content
            assert len(differing(content, after)) <= len(fresh) + 100  # for ends of lines
            try:
                outside = {one.name for one in ast.parse(content).body if isinstance(one, ast.FunctionDef)}
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            assert outside <= {one.name for one in ast.parse(after).body if isinstance(one, ast.FunctionDef)}
    (kit / LAYERS).write_bytes(whole)


@pytest.fixture
def zipped(tmp_path):
    """Return a function that says what `originals` makes of a zip with these bytes: all of them, or nothing."""
    known = originals.originals()
    path = tmp_path / "originals.zip"

    def read(content):
        path.write_bytes(content)
        originals.contents.cache_clear()
        try:
            found = originals.contents(path)
        except originals.DamagedOriginalsError as error:
            assert "\n" not in str(error) and len(str(error)) < 400
            return False
        assert found.items() <= known.items()  # nothing that is not an original
        return True

    yield read
    originals.contents.cache_clear()


def test_of_damaged_originals_only_what_is_whole_is_taken(zipped):
    whole = (course.TUTOR / "commands/originals.zip").read_bytes()
    assert zipped(whole)
    for _, dice in fuzzing.seeds():
        damaged = bytearray(fuzzing.damaged(whole, dice))
        if dice.random() < 0.7:  # in the directory at the end, where the methods, sizes, flags and names are
            damaged = bytearray(whole)
            for _ in range(dice.randint(1, 4)):
                damaged[dice.randrange(len(whole) - 4000, len(whole))] = dice.choice((0, 1, 8, 14, 99, 255))
        zipped(bytes(damaged))


def test_a_bomb_or_another_file_in_the_place_of_an_original_is_refused(zipped):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(LAYERS, bytes(50_000_000))
    assert not zipped(out.getvalue())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(LAYERS, "import os\n")
    assert not zipped(out.getvalue())


def test_killed_at_any_moment_it_leaves_the_old_file_or_the_new_one(tmp_path):
    kit = student.copy_kit(tmp_path, SOLVED)
    old, new = (kit / LAYERS).read_bytes(), originals.originals()[LAYERS]
    command = [sys.executable, "-m", "cs231n", "reset", LAYERS]
    environment = {**os.environ, "PYTHONPATH": str(kit), "PYTHONDONTWRITEBYTECODE": "1"}
    begin = time.monotonic()
    subprocess.run(command, cwd=kit, env=environment, check=True)
    seconds, ends = time.monotonic() - begin, []
    for number in range(fuzzing.KILLS):
        (kit / LAYERS).write_bytes(old)
        for kept in kit.glob("cs231n/*.before-reset-*"):
            kept.unlink()
        process = subprocess.Popen(command, cwd=kit, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(random.Random(number).uniform(0.3, 1.1) * seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found, kept = (kit / LAYERS).read_bytes(), list(kit.glob("cs231n/*.before-reset-*"))
        assert found == old or (found == new and [one.read_bytes() for one in kept] == [old])
        ends.append(found == new)
    assert fuzzing.TIMES == 1 or 0 < sum(ends) < len(ends)
