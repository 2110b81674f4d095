"""`python -m cs231n lab` in front of JupyterLab, whose place a small program takes here."""

import os
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from cs231n import data_utils
from cs231n.__main__ import main
from cs231n.tutor.commands import lab as command
from tests.student import ROOT

STARTER = """
import sys, types
from cs231n import __main__, data_utils
data_utils.find_data = lambda: types.SimpleNamespace(is_standin=True)
sys.exit(__main__.main(["lab", *sys.argv[1:]]))
"""
JUPYTERLAB = """
import os, pathlib, signal, sys, time
def end(number, frame):
    time.sleep(0.3)  # its kernels
    pathlib.Path("ended").touch()
    sys.exit(7)
signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, signal.SIG_IGN)  # it only asks whether it was meant
if "fails" in sys.argv:
    sys.exit(3)
pathlib.Path("path").write_text(os.environ["PATH"])
pathlib.Path("partial").write_text(" ".join(sys.argv[1:]))
pathlib.Path("partial").rename("arguments")
time.sleep(60)
"""


@pytest.fixture
def lab(tmp_path):
    """Return a function that starts `lab` with arguments; the stand-in for JupyterLab writes into tmp_path."""
    started = []
    fake = f"import os; os.chdir({str(tmp_path)!r})\n{JUPYTERLAB}"
    (tmp_path / "jupyterlab.py").write_text(fake, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}

    def start(*arguments):
        command = [sys.executable, "-c", STARTER, *arguments]
        process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def until(path, seconds=30):
    ends = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < ends, f"{path.name} is not there"
        time.sleep(0.05)


def test_it_hands_on_arguments_and_the_exit_code_and_says_which_images_there_are(lab):
    process = lab("fails")
    assert b"stand-in" in process.communicate(timeout=30)[0] and process.returncode == 3


def test_without_jupyterlab_it_says_so_before_images_are_drawn(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupyterlab", None)
    monkeypatch.setattr(data_utils, "find_data", lambda: pytest.fail("drawn"))
    assert main(["lab"]) == 2
    assert "jupyterlab is not installed in this Python" in capsys.readouterr().err


def test_a_wrong_place_of_the_images_is_one_line_and_jupyterlab_is_not_started(monkeypatch, capsys, tmp_path):
    monkeypatch.setitem(sys.modules, "jupyterlab", types.SimpleNamespace(__spec__="there"))
    monkeypatch.setattr(command, "_run", lambda *arguments: pytest.fail("started"))
    monkeypatch.setenv("CS231N_DATA", str(tmp_path / "nowhere"))
    assert main(["lab"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Error: expected cifar-10-batches-py") and told.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="a Windows console stops all its processes itself")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP", "SIGINT"])
def test_what_ends_it_ends_jupyterlab_which_gets_time_for_it(lab, tmp_path, name):
    process = lab("--no-browser")
    until(tmp_path / "arguments")
    assert "--no-browser" in (tmp_path / "arguments").read_text(encoding="utf-8")
    first = (tmp_path / "path").read_text(encoding="utf-8").split(os.pathsep)[0]
    assert first == str(Path(sys.executable).parent)  # `python` in its terminals is this one
    process.send_signal(getattr(signal, name))
    assert process.wait(30) == 0
    assert (tmp_path / "ended").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no hangup")
def test_with_nohup_it_outlives_its_terminal(lab, tmp_path):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # what nohup does; a process that is started inherits it
    try:
        process = lab()
    finally:
        signal.signal(signal.SIGHUP, before)
    until(tmp_path / "arguments")
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.terminate()
    assert process.wait(30) == 0
