"""`check --watch`: what a save may have changed is checked again; keys work, and the terminal is put back."""

import io
import os
import re
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from cs231n.tutor import course
from cs231n.tutor.checks import runner
from cs231n.tutor.commands import watch
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.terminal import Screen
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


def test_what_was_edited_are_the_exercises_whose_own_lines_are_different(tmp_path, monkeypatch):
    def save(text):
        (tmp_path / LAYERS).write_text(text, encoding="utf-8")
        files.changed(), files.changed()
        return files.edited

    names = list(course.exercises())
    monkeypatch.setattr(course, "ROOT", tmp_path)
    (tmp_path / LAYERS).parent.mkdir(parents=True)
    (tmp_path / LAYERS).write_text(SOURCE, encoding="utf-8")
    files = watch.Files(names)
    assert save(SOURCE.replace("rows @ w + b", "rows @ w - b", 1)) == {"affine_forward"}
    assert save(SOURCE.replace("rows @ w + b", "rows @ (w", 1)) == set()  # Python cannot read it: nobody can tell
    assert save(SOURCE) == {"affine_forward"}  # since Python could last read it
    assert save("# a line above all functions\n" + SOURCE) == set()
    assert save("'\\d'\n" + SOURCE) == set()  # and no warning about it on the screen


def done(name, status="pass", **more):
    return runner.in_course(Verdict(name, status, **more))


class Scripted:
    """A process of checks that has a list of verdicts ready, with other lines in between."""

    lives = True

    def __init__(self, verdicts):
        self.verdicts = {verdict.name: verdict for verdict in verdicts}
        self.begins = False

    def ask(self, names, known):
        self.asked, self.left, self.known = list(names), list(names), dict(known)

    def poll(self, timeout):
        self.begins = not self.begins
        return None if self.begins or self.left[0] not in self.verdicts else self.verdicts[self.left.pop(0)]

    def __exit__(self, *_):
        pass


@pytest.fixture
def scripted(monkeypatch):
    """Begin a session whose processes are scripted: the first has all verdicts, each of the others its own list."""

    def begin(*verdicts, saves=()):
        scripts = [Scripted(verdicts), *map(Scripted, saves), Scripted([])]
        monkeypatch.setattr(watch, "Child", lambda: scripts.pop(0))
        session = watch.Watch([one.name for one in verdicts], Screen(io.StringIO()), SimpleNamespace(one_by_one=True))
        session._check()
        session._advance()
        return session

    return begin


def shown(session):
    """Return what was shown since the last look."""
    text = session.screen.stream.getvalue()
    session.screen.stream.truncate(session.screen.stream.seek(0))
    return text


LAYER = [name for name, (_, one) in course.exercises().items() if one.file == LAYERS]


def test_verdicts_are_taken_as_they_come(scripted):
    session = scripted(*map(done, LAYER))  # after one step
    assert all(map(session._passed, LAYER)) and session.child is None
    assert "Everything passes" in shown(session)


def test_the_edited_exercise_is_checked_and_shown_first_and_nothing_that_was_found_before_the_save(scripted):
    session = scripted(*map(done, LAYER), saves=[[done("layernorm_forward", "fail", message="mean is odd")], []])
    shown(session)
    session._check(LAYER, {"layernorm_forward"})
    session._advance()
    assert session.child.asked == sorted(LAYER, key=lambda name: name != "layernorm_forward")
    told = shown(session)
    assert "not right yet  0/3  layernorm_forward" in told and "mean is odd" in told
    assert "Changed: ✗ layernorm_forward" in told and "Watching" not in told and " pass" not in told
    assert "assignment1: 6 of 6 exercises are being checked" in told
    assert "assignment2: 15 of 15 exercises are being checked" in told
    assert session.child.known == {}  # what it is to believe


def test_what_the_edited_exercise_needs_comes_before_it_if_it_does_not_pass(scripted):
    session = scripted(done("affine_forward", "fail"), *map(done, LAYER[1:]))
    session._check(LAYER, {"affine_backward", "batchnorm_backward"})
    assert session.child.asked[:4] == ["affine_forward", "affine_backward", "batchnorm_backward", "relu_forward"]


def test_if_no_exercise_was_edited_the_one_that_is_shown_comes_first(scripted):
    left = [done(name, "fail" if name == "svm_loss" else "pass") for name in LAYER]
    session = scripted(*left, saves=[map(done, LAYER)])
    session._check(LAYER)
    assert session.child.asked[0] == "svm_loss"
    session._check(LAYER, LAYER[:9])  # a whole file: too many to be shown in full
    assert session.child.asked[0] == "svm_loss"


def test_what_was_found_before_a_save_does_not_stay_on_the_screen_while_new_code_is_slow(scripted, monkeypatch):
    session = scripted(*map(done, LAYER), saves=[[]])
    session._check(LAYER, {"affine_forward"})
    shown(session)
    session._advance()
    assert shown(session) == ""
    monkeypatch.setattr(watch, "SOON", 0)
    session._check(LAYER)
    shown(session)
    session._advance()
    session._advance()
    assert (
        shown(session) == "\nassignment1: 6 of 6 exercises are being checked\n"
        "assignment2: 15 of 15 exercises are being checked\n\n\n"
    )


def test_a_second_save_during_the_checks_tells_what_changed_since_the_first(scripted):
    broken = done("affine_forward", "fail")
    session = scripted(*map(done, LAYER), saves=[[broken], [broken, *map(done, LAYER[1:])]])
    session._check(LAYER, {"affine_forward"})
    session._advance()
    session._check(LAYER, {"relu_forward"})
    assert session.child.asked[:3] == ["relu_forward", "affine_forward", "affine_backward"]
    shown(session)
    session._advance()
    told = shown(session)
    assert "Changed: ✗ affine_forward\n" in told and "0/2  affine_forward" in told and "1/1  relu_forward" in told


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


def test_the_verdict_on_what_was_edited_does_not_wait_for_the_slow_code_of_others(start):
    layers, session = start(*NAMES, terminal=False)
    session.wait_for("(and Enter)")
    slow = SOURCE.replace("rows @ w + b", "rows @ w + b + (__import__('time').sleep(3) or 0)", 1)
    layers.write_text(slow, encoding="utf-8")
    session.wait_for("Checking")
    layers.write_text(slow.replace("np.maximum(x, 0)", "np.maximum(x, 1)", 1), encoding="utf-8")
    told = session.wait_for("0/1  relu_forward")
    assert "4 of 4 exercises are being checked" in told and "Watching" not in told and "affine_forward" not in told
    session.type("l")  # waits for the checks under way
    layers.write_text(SOURCE, encoding="utf-8")
    told = session.wait_for("6/6  TwoLayerNet_loss\n\nassignment1")
    assert told.index("Everything passes") < told.index("two_layer_net: cs231n/layers.py")
    layers.write_text(slow, encoding="utf-8")
    session.wait_for("Checking")
    session.type("q")  # does not
    assert session.process.wait(3) == 1
