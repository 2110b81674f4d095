"""`check --watch`: what a save may have changed is checked again; keys work, and the terminal is put back."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from cs231n.tutor import course
from cs231n.tutor.commands import changes
from tests import student

SOLVED = course.ROOT
LAYERS = "cs231n/layers.py"
FC_NET = "cs231n/classifiers/fc_net.py"
SOURCE = (SOLVED / LAYERS).read_text(encoding="utf-8")
CONTROL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def test_a_change_in_one_function_concerns_its_exercise_and_those_that_build_on_it():
    after = SOURCE.replace("out += b", "out = out + b", 1)
    assert changes.exercises(LAYERS, SOURCE, after) == {"affine_forward"}
    assert {"affine_forward", "affine_backward", "TwoLayerNet_loss"} <= set(changes.with_dependents(["affine_forward"]))
    assert "relu_forward" not in changes.with_dependents(["affine_forward"])


def test_dependents_come_in_working_order():
    names = list(course.exercises())
    found = changes.with_dependents(["relu_forward", "affine_forward"])
    assert found == sorted(found, key=names.index)


@pytest.mark.parametrize(
    "after", [SOURCE + "\nLIMIT = 1\n", SOURCE + "\ndef (:\n", "", SOURCE + "\ndef mine(): pass\n"]
)
def test_any_other_change_concerns_the_whole_file(after):
    own = {name for name, (_, one) in course.exercises().items() if one.file == LAYERS}
    assert changes.exercises(LAYERS, SOURCE, after) == own


def test_comments_and_blank_lines_change_nothing():
    assert changes.exercises(LAYERS, SOURCE, "# mine\n\n" + SOURCE) == set()


def test_functions_of_a_file_that_call_a_changed_one_are_concerned_too():
    before = "def relu_forward(x):\n    return x\n\n\ndef relu_backward(d, c):\n    return relu_forward(d)\n"
    after = before.replace("return x", "return 2 * x")
    assert changes.exercises(LAYERS, before, after) == {"relu_forward", "relu_backward"}


def test_methods_belong_to_their_exercise():
    before = (SOLVED / FC_NET).read_text(encoding="utf-8")
    after = before.replace("def loss(self, X, y=None):", "def loss(self, X, y=None):\n        X = X + 0", 1)
    assert before != after
    assert "TwoLayerNet_loss" in changes.exercises(FC_NET, before, after)
    assert "TwoLayerNet_init" not in changes.exercises(FC_NET, before, after)


def test_exercises_that_share_a_function_are_all_concerned():
    before = (SOLVED / FC_NET).read_text(encoding="utf-8")
    place = before.index("class FullyConnectedNet")
    after = before[:place] + before[place:].replace(
        "def loss(self, X, y=None):", "def loss(self, X, y=None):\n        X + 0"
    )
    sharing = {name for name, (_, one) in course.exercises().items() if one.function == "FullyConnectedNet.loss"}
    assert len(sharing) > 1 and sharing <= changes.exercises(FC_NET, before, after)


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
    layers.write_text(SOURCE.replace("out += b", "out -= b", 1), encoding="utf-8")
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
    layers.write_text(SOURCE.replace("out += b", "out -= b", 1), encoding="utf-8")
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
    layers.unlink()
    assert "is not there" in session.wait_for("q quit")
    layers.write_text(SOURCE.replace("out += b", "while True: pass", 1), encoding="utf-8")
    session.wait_for("Checking")
    time.sleep(1.5)
    layers.write_text(SOURCE, encoding="utf-8")  # what is under way need not come to its end
    assert "Everything passes" in session.wait_for("q quit", 10)
    layers.write_bytes(b"\xff\xfe\x00" + SOURCE.encode())
    assert "does not run" in session.wait_for("q quit")
    session.type("q")
    assert session.process.wait(10) == 1


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
    layers.write_text(SOURCE.replace("out += b", "out -= b", 1), encoding="utf-8")
    assert "2 of 4" in session.wait_for("(and Enter)")
