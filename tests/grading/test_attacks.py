"""Hostile submissions get no points, read nothing outside, and leave nothing for the next submission.

Each file in attacks/ is what a student hands in as cs231n/regularizers.py, or several files, each after a line with its
path, "#: numpy.py". Its docstring says what it tries. What it finds that it must not have, it tells with "CANARY".
"""

import json
import os
import py_compile
import re
import secrets
import shutil
import socket
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from grading import remote
from grading.grade import grade
from grading.sandbox.base import FIRST_USER
from grading.trees import workshop
from solutions.tools import generate, regions
from tests import student

HERE = Path(__file__).parent / "attacks"
ATTACKS = sorted(HERE.glob("*.py"))
FILE = "cs231n/regularizers.py"
EXERCISES = ("l2", "l1", "elastic_net")
CANARY = "CANARY"
SECRET = f"{CANARY} {secrets.token_hex()}"
REFUSED = ("fail", "error", "todo", "grader error")  # the last is listed, and somebody looks at it
BLAMED = (
    "fault_of_the_grader",
    "changed_recipes",
)  # these say that the grader failed: that is listed, and gives no mark
BOUND = 30.0  # seconds for the three exercises of an attack


@pytest.fixture(scope="module", autouse=True)
def watched():
    """Put canaries where an attack may look, and a port where the engine's would be."""
    os.environ[CANARY] = SECRET
    beside = workshop().home / "submission-of-another"
    beside.mkdir()
    (beside / "regularizers.py").write_text(f"# {SECRET}\n")
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield {"@ROOT@": str(generate.ROOT), "@BESIDE@": str(beside), "@PORT@": str(server.getsockname()[1])}
    del os.environ[CANARY]


def graded(tree, sandbox):
    return grade(tree, "assignment1", submission="0" * 64, secret=SECRET.encode(), sandbox=sandbox, only=EXERCISES)


def without_seconds(record):
    rows = [{**row, "seconds": 0} for row in record["exercises"]]
    return json.dumps({**record, "exercises": rows, "seconds": 0})


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """The tree of an honest student."""
    master = generate.ROOT / "solutions" / FILE
    tree = tmp_path_factory.mktemp("honest")
    (tree / FILE).parent.mkdir()
    (tree / FILE).write_text(regions.to_solved(master.read_text(encoding="utf-8"), FILE), encoding="utf-8")
    return tree


@pytest.fixture(scope="module")
def neighbour(sandbox, honest):
    """What the honest student gets where there has been no attack."""
    record = graded(honest, sandbox)
    assert [row["status"] for row in record["exercises"]] == ["pass"] * 3, record
    return without_seconds(record)


def write(tree, attack, places):
    """Write the files of an attack."""
    text = attack.read_text(encoding="utf-8")
    for place, value in places.items():
        text = text.replace(place, value)
    first, *others = text.split("\n#: ")
    for part in others or [f"{FILE}\n{first}"]:
        path, _, content = part.partition("\n")
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(content, encoding="utf-8")


def left_over():
    """Return files and processes that an attack may have left on this machine."""
    files = [str(path) for top in ("/tmp", "/var/tmp", "/dev/shm") for path in Path(top).glob("attacked*")]
    return files + [str(one) for one in psutil.process_iter() if _is_a_childs(one)]


def _is_a_childs(process):
    """Return whether a process has the user of a child of ours, or is one; the masters' is not a student's."""
    with suppress(psutil.Error):
        whose, line = process.uids().real >> 8, " ".join(process.cmdline())
        of_ours = process.ppid() == os.getpid() and "child.py" in line and str(workshop().masters) not in line
        return whose == FIRST_USER + (os.getpid() << 8) >> 8 or of_ours
    return False


def harmless(tree, sandbox, honest, neighbour):
    """Grade a hostile tree; see that it got nothing, and that an honest student after it gets what is due."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remote, "PATIENCE", 3.0)
        record = graded(tree, sandbox)
    told = re.sub(r"in `.*?`", "", json.dumps(record))  # without the line of the attack itself
    for row in record["exercises"]:
        assert (row["points"], row["status"] in REFUSED) == (0, True), row
    assert CANARY not in told and "\x1b" not in told and "\\u001b" not in told, told
    assert record["seconds"] < BOUND
    assert not left_over()
    assert without_seconds(graded(honest, sandbox)) == neighbour
    return record


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda path: path.stem)
def test_an_attack_gets_nothing(attack, sandbox, tmp_path, watched, honest, neighbour):
    write(tmp_path, attack, watched)
    record = harmless(tmp_path, sandbox, honest, neighbour)
    blamed = [row for row in record["exercises"] if row["status"] == "grader error"]
    assert not blamed or attack.stem in BLAMED, blamed


def to_the_masters(tree):
    (tree / FILE).symlink_to(workshop().masters / FILE)


def to_another_folder(tree):
    (tree / "cs231n").rmdir()
    (tree / "cs231n").symlink_to(workshop().masters / "cs231n")


def pipe(tree):
    os.mkfifo(tree / "cs231n" / "pipe.py")
    os.mkfifo(tree / FILE)


def folder_for_a_file(tree):
    (tree / FILE).mkdir()
    (tree / FILE / "__init__.py").write_text("raise SystemExit(0)")


def stale_bytecode(tree):
    cache = tree / "cs231n" / "__pycache__"
    cache.mkdir()
    for module in ("regularizers", "__init__", "gradient_check"):
        source = tree / f"{module}.txt"
        source.write_text("def l2(W):\n    raise SystemExit('CANARY ' 'bytecode')\n")
        target = cache / f"{module}.{sys.implementation.cache_tag}.pyc"
        py_compile.compile(str(source), str(target), invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    (tree / FILE).write_text("def l2(W):\n    return 0.0, W\n")


def binary_module(tree):
    name = f"regularizers{sysconfig.get_config_var('EXT_SUFFIX')}"
    (tree / "cs231n" / name).write_bytes(b"\x7fELF" + bytes(1000))


def large_file(tree):
    (tree / FILE).write_text("def l2(W):\n    return 0.0, W\n" + "#" * (200 << 20))


def many_files(tree):
    for number in range(3000):
        (tree / "cs231n" / f"module{number}.py").write_text("raise SystemExit(0)\n")


def odd_names(tree):
    for name in ("..py", "-c.py", "a b.py", "x\ny.py", "\u202eyp.py", "é.py", ".py", "regularizers.PY", "con.py"):
        (tree / "cs231n" / name).write_text("raise SystemExit(0)\n")


def no_text(tree):
    (tree / FILE).write_bytes(b"\x00\xff\xfe" * 1000)


def deep_source(tree):
    (tree / FILE).write_text("x = " + "(" * 100_000 + ")" * 100_000 + "\n")


TREES = (
    *(to_the_masters, to_another_folder, pipe, folder_for_a_file, stale_bytecode, binary_module),
    *(large_file, many_files, odd_names, no_text, deep_source),
)


@pytest.mark.parametrize("make", TREES, ids=lambda make: make.__name__)
def test_a_hostile_tree_gets_nothing(make, sandbox, tmp_path, honest, neighbour):
    (tmp_path / "cs231n").mkdir()
    make(tmp_path)
    harmless(tmp_path, sandbox, honest, neighbour)


@pytest.mark.parametrize("attack", ["frames", "patched_comparison", "public_answers"])
def test_an_attack_is_none_only_since_the_verdict_is_made_outside(attack, tmp_path):
    """A test of the tests: where the code runs next to the expected values, these get full points."""
    tree = student.copy_kit(tmp_path)
    shutil.copy(HERE / f"{attack}.py", tree / FILE)
    rows, _ = student.check(tree, "l2")
    assert rows["l2"]["status"] == "pass"


def test_there_are_forty_attacks_and_each_says_what_it_tries():
    assert len(ATTACKS) >= 40
    assert all(path.read_text(encoding="utf-8").startswith('"""') for path in ATTACKS)
