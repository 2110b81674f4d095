"""Verbs of make that do more than hand on."""

import os
import shutil
import subprocess

import pytest

from tests.student import ROOT

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="needs make")


def test_the_matrix_does_not_take_another_python_for_one_that_is_missing():
    command = ["make", "matrix", "MATRIX_PYTHONS=2.0 3.99", "MATRIX_SETS=newest oldest"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode and "failed: 2.0-newest 2.0-oldest 3.99-newest 3.99-oldest" in done.stdout
    assert not (ROOT / "build/matrix/3.99-newest").exists()
