"""Verbs of make that do more than hand on."""

import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from tests import student
from tests.student import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="needs make")


ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}


def test_in_a_students_kit_test_is_red_only_where_something_is_wrong(tmp_path):
    kit = student.copy_kit(tmp_path)
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, kit)
    (kit / "venv/bin").mkdir(parents=True)
    (kit / "venv/created").touch()
    python = kit / "venv/bin/python"  # a Python that has everything already
    python.write_text(f'#!/bin/sh\n[ "$2" = install ] || exec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    command = ["make", "test", "VENV=venv", "ARGS=l2"]
    environment = ENVIRONMENT | {"PYTHONPATH": str(kit), "PYTHONIOENCODING": "utf-8"}
    told = {"cwd": kit, "env": environment, "capture_output": True, "encoding": "utf-8", "timeout": 60}
    done = subprocess.run(command, **told)
    assert done.returncode == 0 and "○ to do          0/1  l2" in done.stdout, done.stderr
    stub = kit / "cs231n/regularizers.py"
    stub.write_text(stub.read_text(encoding="utf-8").replace('raise NotImplementedError("l2', 'return 0, W  # ("l2'))
    done = subprocess.run(command, **told)
    assert done.returncode == 2 and "✗ not right yet  0/1  l2" in done.stdout, done.stderr


def test_the_matrix_does_not_take_another_python_for_one_that_is_missing():
    command = ["make", "matrix", "MATRIX_PYTHONS=2.0 3.99", "MATRIX_SETS=newest oldest"]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert done.returncode and "failed: 2.0-newest 2.0-oldest 3.99-newest 3.99-oldest" in done.stdout
    assert not (ROOT / "build/matrix/3.99-newest").exists()


def test_a_python_newer_than_any_tested_is_taken_and_told(tmp_path):
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\n[ "$2" = venv ] || exec "{sys.executable}" "$@"\nmkdir -p "$4"\n')
    python.chmod(0o755)
    command = ["make", f"{tmp_path}/venv/created", f"VENV={tmp_path}/venv", f"PYTHON={python}", "PROVEN=9"]
    done = subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and (tmp_path / "venv/created").exists(), done.stdout + done.stderr
    assert "is newer than 3.9" in done.stdout and len(done.stdout.splitlines()) == 1


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    """Return a folder in which `make setup` installs one small package from an index in a folder."""
    kit = tmp_path_factory.mktemp("kit")
    shutil.copy(ROOT / "Makefile", kit)
    (kit / "cs231n/tutor").mkdir(parents=True)
    shutil.copy(ROOT / "cs231n/tutor/surroundings.py", kit / "cs231n/tutor")
    (kit / "pyproject.toml").touch()
    (kit / "requirements.txt").write_text("tiny\n")
    (kit / "index/tiny").mkdir(parents=True)
    with zipfile.ZipFile(kit / "index/tiny/tiny-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny.py", "")
        wheel.writestr("tiny-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n")
        wheel.writestr("tiny-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.dist-info/RECORD", "")
    (kit / "index/tiny/index.html").write_text('<a href="tiny-1-py3-none-any.whl">tiny-1-py3-none-any.whl</a>')
    subprocess.run([sys.executable, "-m", "venv", ".venv"], cwd=kit, check=True)
    (kit / ".venv/created").touch()
    return kit


def setup(kit, settings, configured=""):
    """Run `make setup` under pip settings; return what it printed and whether the package is in the kit's .venv."""
    (kit / ".venv/installed").unlink(missing_ok=True)
    python = kit / ".venv/bin/python"
    clean = {name: value for name, value in ENVIRONMENT.items() if not name.startswith(("PIP_", "XDG_"))}
    alone = clean | {"HOME": str(kit), "XDG_CONFIG_DIRS": str(kit), "PIP_CONFIG_FILE": os.devnull}
    told = {"cwd": kit, "capture_output": True, "text": True, "timeout": 60}
    for installed in kit.glob(".venv/lib/python*/site-packages/tiny*"):
        shutil.rmtree(installed) if installed.is_dir() else installed.unlink()
    (kit / "pip.conf").write_text(configured)
    index = {"PIP_INDEX_URL": (kit / "index").as_uri(), "PIP_CONFIG_FILE": str(kit / "pip.conf")}
    done = subprocess.run(["make", "setup"], env=alone | index | settings, **told)
    found = subprocess.run([python, "-c", "import tiny"], env=clean, **told)
    return done.stdout + done.stderr, done.returncode == 0 and found.returncode == 0


ELSEWHERE = ["USER=1", "TARGET=else", "PREFIX=else", "ROOT=else", "NO_INDEX=1", "DRY_RUN=1", "REQUIRE_HASHES=1"]


@pytest.mark.parametrize("name", [*ELSEWHERE, "NO_BINARY=:all:", "PYTHON=/nowhere", "ISOLATED=1", "EDITABLE=nowhere"])
def test_setup_installs_whatever_the_environment_tells_pip(kit, name):
    name, _, value = name.partition("=")
    told, installed = setup(kit, {f"PIP_{name}": value})
    assert installed, told


LINES = [
    "[install]\nuser = yes",
    "[global]\nno-index = true",
    "[global]\ntarget = /tmp/else",
    "[install]\ndry-run = yes",
]


@pytest.mark.parametrize("line", LINES)
def test_setup_installs_whatever_pip_conf_says(kit, line):
    told, installed = setup(kit, {}, line)
    assert installed, told


@pytest.mark.parametrize("name", ["types", "subprocess", "ast", "pip"])
def test_setup_installs_whatever_file_has_the_name_of_a_module(kit, name):
    (kit / f"{name}.py").touch()
    told, installed = setup(kit, {"PYTHONPATH": str(kit)} if name == "pip" else {})
    (kit / f"{name}.py").unlink()
    assert installed, told


UV = """#!/bin/sh
echo "$@ and the index $UV_DEFAULT_INDEX" > asked
cp index/tiny/tiny.py .venv/lib/python*/site-packages/
"""


def test_setup_asks_uv_where_it_is_on_the_path_and_tells_it_where_the_index_is(kit):
    (kit / "index/tiny/tiny.py").touch()
    asked = with_uv(kit, UV)
    assert asked.startswith("pip install ") and f"--python {kit}/.venv/bin/python " in asked
    assert asked.endswith(f"-r requirements.txt and the index {(kit / 'index').as_uri()}\n")


def test_where_uv_fails_setup_asks_pip(kit):
    told = with_uv(kit, "#!/bin/sh\necho no network; exit 2\n")
    assert told.index("no network") < told.index("uv could not install the packages. Trying pip instead.")
    assert "Installing packages: 1 ..." in told


def test_uv_is_not_asked_where_it_cannot_be_told_what_pip_is_told(kit):
    told = with_uv(kit, "#!/bin/sh\nexit 1\n", {"PIP_ONLY_BINARY": ":all:"})
    assert "uv could not" not in told and "Installing packages: 1 ..." in told


def with_uv(kit, script, settings=None):
    """Run `make setup` with a uv of ours; return what it was asked, or where it did not note that, what make told."""
    (kit / "bin").mkdir(exist_ok=True)
    (kit / "asked").unlink(missing_ok=True)
    (kit / "bin/uv").write_text(script)
    (kit / "bin/uv").chmod(0o755)
    told, installed = setup(kit, {"PATH": f"{kit}/bin{os.pathsep}{os.environ['PATH']}"} | (settings or {}))
    assert installed, told
    return (kit / "asked").read_text() if (kit / "asked").exists() else told


def test_where_only_find_links_is_to_be_asked_setup_keeps_to_it_and_says_so(kit):
    line = f"[global]\nno-index = true\nfind-links = {kit}/index/tiny"
    told, installed = setup(kit, {"PIP_INDEX_URL": "http://127.0.0.1:1/"}, line)
    assert installed and "packages come from find-links only" in told, told
