"""`submit` and `validate` killed at random moments: work and zip are whole, and nothing is left behind.

What a killed process leaves in the folder for temporary files, the next one clears away.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest

from cs231n.tutor.submission import archive
from tests import fuzzing
from tests.tutor.commands.test_validate import SETUP, make_kit
from tests.tutor.submission.handin import ASSIGNMENT

pytestmark = [pytest.mark.fuzz, pytest.mark.skipif(os.name == "nt", reason="SIGKILL")]
ZIP = "assignment1_submission.zip"
COMMANDS = {
    "submit": ["submit", "assignment1", "--in-place", "--allow-incomplete", "--no-report"],
    "validate": ["validate", "assignment1"],
}


@pytest.fixture(params=COMMANDS)
def begin(request, tmp_path):
    """Return a kit with small notebooks, its folder for temporary files, and what begins a command there."""
    kit = make_kit(tmp_path, {stem: [SETUP, f"print('{stem}')"] for stem in ASSIGNMENT.notebooks})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    own = {"PYTHONPATH": str(kit), "TMPDIR": str(temporary), "JUPYTER_RUNTIME_DIR": str(temporary / "jupyter")}
    nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}

    def started():
        command = [sys.executable, "-m", "cs231n", *COMMANDS[request.param]]
        return subprocess.Popen(command, cwd=kit, env=os.environ | own, **nowhere)

    return kit, temporary, started


def survivors(temporary):
    """Return the processes that were started with this folder for temporary files."""
    return [process for process in psutil.process_iter() if _lives_in(process, temporary)]


def _lives_in(process, temporary):
    with contextlib.suppress(psutil.Error, OSError):
        return process.environ().get("TMPDIR") == str(temporary) and process.status() != psutil.STATUS_ZOMBIE
    return False


def work(kit):
    names = [*ASSIGNMENT.files, ZIP]
    return {name: (kit / name).read_bytes() if (kit / name).exists() else None for name in names}


def whole(kit, *allowed):
    """Return whether every file is what it was before some run or after it."""
    return all(content in [one[name] for one in allowed] for name, content in work(kit).items())


def test_killed_at_any_moment_it_loses_nothing_and_the_next_run_clears_up(begin):
    kit, temporary, started = begin
    before, start = work(kit), time.monotonic()
    assert started().wait(300) == 0
    seconds, after = time.monotonic() - start, work(kit)
    killed = 0
    for number, dice in fuzzing.seeds(fuzzing.KILLS):
        if random.Random(-number).random() < 0.5:  # half of them over an earlier zip
            for name, content in before.items():
                (kit / name).unlink(missing_ok=True) if content is None else (kit / name).write_bytes(content)
        process = started()
        time.sleep(dice.uniform(0, seconds))
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert whole(kit, before, after), number
        if (kit / ZIP).exists():
            assert archive.read(kit / ZIP)
        deadline = time.monotonic() + 30
        while left := survivors(temporary):
            assert time.monotonic() < deadline, (number, [one.cmdline() for one in left])
            time.sleep(0.2)
    print(f"{killed} of {fuzzing.KILLS} killed while they ran, {len(list(temporary.iterdir()))} left something")
    assert started().wait(300) == 0
    assert whole(kit, after)
    assert [path for path in temporary.rglob("*") if path.is_file()] == []
    assert [path.name for path in temporary.iterdir() if path.name != "jupyter"] == []
    assert list(kit.rglob("*.partial")) == []
