"""The command line of the grader, with the fake engine unless a test asks for another."""

import os
import subprocess
import sys

import pytest

from tests.student import ROOT

ENGINE = "tests.grading.fake_engine"


def grading(*arguments, check=True, **environment):
    """Run `python -m grading` in a process of its own; return what it printed."""
    command = [sys.executable, "-m", "grading", *map(str, arguments)]
    told = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **environment}
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=300)
    if check:
        assert done.returncode in check if isinstance(check, tuple) else done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture
def command():
    return grading
