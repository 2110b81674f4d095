"""`check --watch`: what a save may have changed is checked again; keys work, and the terminal is put back."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from cs231n.tutor import course
from cs231n.tutor.commands import watch
from tests import student

SOLVED = course.ROOT
LAYERS = "cs231n/layers.py"
SOURCE = (SOLVED / LAYERS).read_text(encoding="utf-8")
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def test_a_save_concerns_the_exercises_of_the_file_and_those_that_build_on_them(tmp_path, monkeypatch):
    names = list(course.exercises())
    monkeypatch.setattr(course, "ROOT", tmp_path)
    (tmp_path / LAYERS).parent.mkdir(parents=True)
    (tmp_path / LAYERS).write_text("before", encoding="utf-8")
    files = watch.Files(names)
    (tmp_path / LAYERS).write_text("after", encoding="utf-8")
    assert files.changed() == set()  # it may be half written
    changed = files.changed()
    assert changed == {name for name, (_, one) in course.exercises().items() if one.file == LAYERS}
    found = watch.with_dependents(changed)
    assert "TwoLayerNet_loss" in found and "relu_forward" in found and "adam" not in found
    assert found == sorted(found, key=names.index)
    assert files.changed() == set()


class Session:
    """`check --watch` on a kit: in a terminal of its own, or with a pipe to type into."""

    def __init__(self, kit, terminal, *names, **environment):
        command = [sys.executable, "-m", "cs231n", "check", "--watch", *names]
        environment = {**os.environ, "PYTHONPATH": str(kit), "PYTHONUNBUFFERED": "1", "TERM": "xterm", **environment}
        self.terminal = terminal
        if terminal:
            import pty

            self.ours, theirs = pty.openpty()
            self.theirs = theirs
            self.process = subprocess.Popen(
                command, cwd=kit, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
            )
        else:
            self.process = subprocess.Popen(
                command,
                cwd=kit,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )
            self.ours = self.process.stdout.fileno()
        os.set_blocking(self.ours, False)
        self.shown = ""

    def type(self, text):
        if self.terminal:
            os.write(self.ours, text.encode())
        else:
            self.process.stdin.write(text.encode() + b"\n")
            self.process.stdin.flush()

    def wait_for(self, text, seconds=30):
        """Wait until something new holds `text`; return what is new, without colours."""
        ends, new = time.monotonic() + seconds, ""
        while text not in CONTROL.sub("", new):
            assert time.monotonic() < ends, f"{text!r} is not in {new!r}"
            try:
                new += os.read(self.ours, 65536).decode(errors="replace")
            except (BlockingIOError, OSError):
                time.sleep(0.05)
        self.shown += new
        return CONTROL.sub("", new)

    def mode(self):
        import termios

        return termios.tcgetattr(self.theirs)

    def close(self):
        self.process.kill()
        self.process.wait()
        if self.terminal:
            os.close(self.ours)
            os.close(self.theirs)
        else:
            self.process.stdin.close()
            self.process.stdout.close()


@pytest.fixture
def start(tmp_path):
    sessions = []

    def begin(*names, terminal=True, **environment):
        kit = student.copy_kit(tmp_path / "kit", SOLVED)
        sessions.append(Session(kit, terminal, *names, **environment))
        return kit / LAYERS, sessions[-1]

    yield begin
    for session in sessions:
        session.close()


needs_terminal = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
NAMES = ("affine_forward", "affine_backward", "relu_forward", "TwoLayerNet_loss")


@needs_terminal
def test_a_session_in_a_terminal(start):
    layers, session = start(*NAMES)
    session.wait_for("q quit")
    assert "4 of 4 exercises pass" in CONTROL.sub("", session.shown) and "\x1b[" in session.shown
    layers.write_text(SOURCE.replace("rows @ w + b", "rows @ w - b", 1), encoding="utf-8")
    told = session.wait_for("q quit")
    assert "2 of 4" in told and "✗ affine_forward" in told and "open: cs231n/layers.py:" in told and "Hint" not in told
    session.type("h")
    session.wait_for("Hint 1 of 3 for affine_forward")
    session.type("h")
    session.wait_for("Hint 2 of 3 for affine_forward")
    session.type("n")
    assert "waits for affine_forward" in session.wait_for("q quit")
    session.type("l")
    assert "passed         1/1  relu_forward" in session.wait_for("q quit")
    layers.write_text(SOURCE, encoding="utf-8")
    assert "Everything passes" in session.wait_for("q quit")
    session.type("a")
    assert "Checking 4 exercises" in session.wait_for("q quit")
    session.type("q")
    assert session.process.wait(10) == 0


def test_a_session_through_pipes(start):
    layers, session = start(*NAMES, terminal=False, PYTHONIOENCODING="ascii")
    told = session.wait_for("(and Enter)")
    assert "4 of 4" in told and "\x1b" not in session.shown
    layers.write_text(SOURCE.replace("rows @ w + b", "rows @ w - b", 1), encoding="utf-8")
    assert "x affine_forward" in session.wait_for("(and Enter)")
    session.type("h")
    session.wait_for("Hint 1 of 3")
    session.type("q")
    assert session.process.wait(10) == 1


def test_files_that_break_vanish_or_never_end_are_survived(start):
    layers, session = start(*NAMES)
    session.wait_for("q quit")
    layers.write_text(SOURCE + "\ndef broken(:\n", encoding="utf-8")
    assert "SyntaxError" in session.wait_for("q quit")
    session.type("n")  # on to one that waits for the broken one, which is shown too
    told = " ".join(session.wait_for("q quit").split())
    assert "waits" in told and "SyntaxError" in told and "in `def broken(:`" in told
    layers.unlink()
    assert "is missing" in session.wait_for("q quit")
    layers.write_text(SOURCE.replace("out = rows @ w + b", "while True: pass", 1), encoding="utf-8")
    session.wait_for("Checking")
    time.sleep(1.5)
    layers.write_text(SOURCE, encoding="utf-8")  # what is under way need not come to its end
    assert "Everything passes" in session.wait_for("q quit", 10)
    layers.write_bytes(b"\xff\xfe\x00" + SOURCE.encode())
    assert "does not run" in session.wait_for("q quit")
    session.type("q")
    assert session.process.wait(10) == 1


def test_what_a_save_has_just_broken_is_shown_whatever_was_chosen_before(start):
    layers, session = start(*NAMES, terminal=False)
    session.wait_for("(and Enter)")
    layers.write_text(SOURCE.replace("rows @ w + b", "rows @ w - b", 1), encoding="utf-8")
    session.wait_for("(and Enter)")
    session.type("n")
    assert "TwoLayerNet_loss" in session.wait_for("(and Enter)")
    layers.write_text(SOURCE + "\ndef broken(:\n", encoding="utf-8")
    assert "in `def broken(:`" in " ".join(session.wait_for("(and Enter)").split())


@needs_terminal
@pytest.mark.parametrize("ends", ["q", "\x03", signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=str)
def test_the_terminal_is_put_back_however_it_ends(start, ends):
    _, session = start("relu_forward")
    before = session.mode()
    session.wait_for("q quit")
    assert session.mode()[3] != before[3]
    if isinstance(ends, str) and ends != "\x03":
        session.type(ends)
    else:
        session.process.send_signal(signal.SIGINT if ends == "\x03" else ends)
    code = session.process.wait(10)
    assert session.mode() == before
    assert code == {"q": 0, signal.SIGTERM: 143, signal.SIGHUP: 129}.get(ends, 130)


def test_without_anything_to_type_on_it_still_watches(start):
    layers, session = start(*NAMES, terminal=False)
    session.wait_for("4 of 4")
    session.process.stdin.close()
    layers.write_text(SOURCE.replace("rows @ w + b", "rows @ w - b", 1), encoding="utf-8")
    assert "2 of 4" in session.wait_for("(and Enter)")
