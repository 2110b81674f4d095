"""Verbs of make that do more than hand on."""

import os
import shutil
import subprocess
import sys

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
    python.write_text(f'#!/bin/sh\n[ "$2" = pip ] || exec "{sys.executable}" "$@"\n')
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
