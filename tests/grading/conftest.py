"""For the tests of grading: a sandbox that holds (bubblewrap, which `.ci/run` requires, or CS231N_SANDBOX=uid), and
the command line.
"""

import os
import subprocess
import sys
import warnings

import pytest

from grading.sandbox import SandboxError, choose
from tests.student import ROOT

REQUIRED = "CS231N_SANDBOX_REQUIRED"  # set where tests without a sandbox are no tests


@pytest.fixture(scope="session")
def sandbox():
    try:
        return choose(os.environ.get("CS231N_SANDBOX", "bwrap"))
    except SandboxError as error:
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"no sandbox, so nothing of grading can be tested: {error}")
        warnings.warn(f"GRADING IS NOT TESTED on this machine: {error}", stacklevel=1)
        return pytest.skip(f"GRADING IS NOT TESTED on this machine: {error}")


@pytest.fixture(scope="session")
def command():
    """Run `python -m grading` in a process of its own; return what it printed. `check` are the expected exit codes."""

    def grading(*arguments, check=(0,), **environment):
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        told = {**os.environ, "PYTHONPATH": path, **environment}
        line = [sys.executable, "-m", "grading", *map(str, arguments)]
        done = subprocess.run(line, cwd=ROOT, env=told, capture_output=True, text=True, timeout=300)
        assert done.returncode in check, done.stdout + done.stderr
        return done

    return grading
