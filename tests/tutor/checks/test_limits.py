"""Student code that never ends, takes all memory or ends Python is stopped, and what was running it lives."""

import contextlib
import os
import sys
import threading
import time

import numpy as np
import pytest

from cs231n.tutor import exercises
from cs231n.tutor.checks import isolated, limits, runner
from cs231n.tutor.checks.limits import Limits, OutOfMemory, OutOfTime
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.kernel import reload
from tests import student
from tests.solutions.test_notebooks import kernel_session

LAYERS = "cs231n/layers.py"
UNFILLED = 'raise NotImplementedError("{}: not written yet, see the TODO above")'


def endless():
    while True:
        pass


def endless_with_handlers():
    while True:
        with contextlib.suppress(Exception):
            sum(range(100))


def growing():
    kept = []
    while True:
        kept.append(np.ones(10**6))


def huge():
    return np.ones((10**6, 10**6))


@pytest.mark.parametrize("function", [endless, endless_with_handlers])
def test_a_loop_without_end_is_stopped_in_its_own_line(function):
    start = time.monotonic()
    with pytest.raises(OutOfTime) as stopped:
        Limits(seconds=0.3).call(function)
    assert time.monotonic() - start < 5
    assert function.__name__ in {entry.name for entry in stopped.traceback}


@pytest.mark.skipif(sys.platform == "win32", reason="there memory is only polled")
@pytest.mark.parametrize("function", [growing, huge])
def test_memory_that_explodes_is_refused(function):
    with pytest.raises(OutOfMemory):
        Limits(memory=200 * 2**20).call(function)
    assert np.ones((5000, 5000)).sum() == 25e6  # the limit is gone


def test_the_time_is_for_all_calls_together():
    limited = Limits(seconds=0.5)
    limited.call(lambda: time.sleep(0.4))
    with pytest.raises(OutOfTime):
        limited.call(lambda: [sum(range(1000)) for _ in range(100_000)])


def test_code_that_asks_a_question_does_not_wait_for_an_answer(monkeypatch):
    asked = []
    monkeypatch.setattr("builtins.input", asked.append)  # a notebook's shows a field and waits
    run = LocalTarget().run(lambda target: input("W? "), {})
    assert not asked and (run.failure.kind, run.failure.message) == ("EOFError", "input() cannot be used in a check")
    input("after the check")
    assert asked == ["after the check"]


def test_nothing_is_raised_after_the_call_has_returned(monkeypatch):
    monkeypatch.setattr(limits, "POLL", 0.0002)
    stopped = 0
    for number in range(100):
        try:
            Limits(seconds=0.002 * (number % 10)).call(lambda: [sum(range(100)) for _ in range(10_000)])
        except OutOfTime:
            stopped += 1
        assert sum(one % 2 for one in range(2000)) == 1000
    assert 0 < stopped < 100


def test_all_calls_have_one_watchdog_which_looks_at_none_that_is_over():
    for _ in range(20):
        Limits().call(lambda: None)
    assert [thread.name for thread in threading.enumerate()].count("limits of checks") == 1
    time.sleep(10 * limits.POLL)
    assert not limits._watchdog(os.getpid())._watches


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on Unix only")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_has_a_watchdog_of_its_own():
    Limits().call(lambda: None)
    child = os.fork()
    if child == 0:
        with contextlib.suppress(OutOfTime):
            Limits(seconds=0.2).call(endless)
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_watching_steps_still_works_after_limited_calls():
    for observe in ("", "steps", "memory"):
        run = LocalTarget(limits=Limits()).run(lambda student, x: {"y": x + 1}, {"x": np.zeros(3)}, observe)
        assert run.failure is None
    assert sys.gettrace() is None or "coverage" in sys.modules


def test_what_passes_a_limit_ends_the_check():
    target = LocalTarget(limits=Limits(seconds=0.2))
    with pytest.raises(OutOfTime) as stopped:
        target.run(lambda student, x: endless(), {"x": np.zeros(3)})
    assert stopped.value.cause == "too_slow"


def test_a_debugger_has_all_the_time_it_needs():
    before = sys.gettrace()
    sys.settrace(lambda *_: None)
    try:
        Limits(seconds=0.05).call(lambda: time.sleep(0.3))
    finally:
        sys.settrace(before)


def spoilt_kit(tmp_path, code, name="affine_forward", file=LAYERS):
    kit = student.copy_kit(tmp_path / "kit")
    source = (kit / file).read_text(encoding="utf-8")
    assert UNFILLED.format(name) in source
    (kit / file).write_text(source.replace(UNFILLED.format(name), code), encoding="utf-8")
    limits_file = kit / "cs231n/tutor/checks/limits.py"
    text = limits_file.read_text(encoding="utf-8")
    assert "SECONDS = 20.0" in text and "2 * 2**30" in text
    limits_file.write_text(text.replace("SECONDS = 20.0", "SECONDS = 1.0"), encoding="utf-8")
    return kit


def test_an_endless_loop_is_told_with_its_line_and_others_are_still_checked(tmp_path):
    kit = spoilt_kit(tmp_path, "while True: pass")
    rows, code = student.check(kit, "affine_forward", "affine_backward", "relu_forward")
    told = rows["affine_forward"]
    assert code == 1 and told["status"] == "error" and told["cause_id"] == "too_slow"
    assert told["message"].startswith("stopped after 1 s: is there a loop that never ends")
    assert "while True: pass" in told["message"]
    assert told["where"].startswith(f"{LAYERS}:")
    assert rows["relu_forward"]["status"] == "todo"


ENDS = {
    "os._exit": ("import os; os._exit(3)", "ended Python (exit code 3)"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "ended Python (exit code"),
    "sys.exit": ("import sys; sys.exit(1)", "SystemExit"),
    "a sleep": ("import time; time.sleep(1000)", "stopped after 1 s"),
    "a loop that catches all": (
        "\n    while True:\n        try:\n            pass\n        except BaseException:\n            pass",
        "stopped after 1 s",
    ),
    "noise": ("import os; os.write(1, b'[1]'); print('x' * 10**6); return 1, 2", "out is a single number"),
}


@pytest.mark.parametrize("code, told", ENDS.values(), ids=ENDS.keys())
def test_the_command_line_outlives_whatever_student_code_does(tmp_path, code, told):
    kit = spoilt_kit(tmp_path, code)
    rows, exit_code = student.check(kit, "affine_forward", "relu_forward")
    assert exit_code == 1
    assert rows["affine_forward"]["status"] in ("error", "fail") and told in rows["affine_forward"]["message"]
    assert rows["affine_forward"]["where"].startswith(f"{LAYERS}:")
    assert rows["relu_forward"]["status"] == "todo"


def test_sys_exit_while_a_module_is_imported_is_told_and_not_obeyed(tmp_path):
    kit = spoilt_kit(tmp_path, "pass")
    (kit / LAYERS).write_text("import sys\nsys.exit(0)\n", encoding="utf-8")
    rows, code = student.check(kit, "affine_forward")
    assert code == 1 and "SystemExit" in rows["affine_forward"]["message"]


def test_dependents_of_what_never_ends_wait_and_take_no_time(monkeypatch):
    known = {"l2": runner.stopped("l2", "too_slow", "")}
    monkeypatch.setattr(runner, "decide", lambda *_: pytest.fail("it was run"))
    verdict = exercises.session(known=known).run("svm_loss_naive")
    assert verdict.status == "todo" and verdict.message.startswith("waits for l2")


def test_what_is_known_is_not_checked_again(monkeypatch):
    decided = []
    decide = runner.decide
    monkeypatch.setattr(runner, "decide", lambda check, *rest: decided.append(check.name) or decide(check, *rest))
    list(exercises.run_all(["l2", "l1", "l2", "elastic_net"]))
    assert decided == ["l2", "l1", "elastic_net"]


def test_an_endless_module_is_stopped_while_it_is_loaded_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(reload, "refresh", endless)
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    with pytest.raises(OutOfTime):
        Limits(limits.SECONDS).call(reload.refresh)


def test_leaving_the_child_ends_its_process():
    with isolated.Child(["l2"]) as running:
        process = running._process
        assert process.poll() is None
    assert process.poll() is not None


def test_the_kernel_of_a_notebook_lives(tmp_path):
    shorter = (
        "import os, pathlib\npath = pathlib.Path(os.environ['KIT'], 'cs231n/tutor/checks/limits.py')\n"
        "path.write_text(path.read_text(encoding='utf-8').replace('SECONDS = 20.0', 'SECONDS = 1.0'), encoding='utf-8')"
    )
    endless_stub = (
        "path = pathlib.Path(os.environ['KIT'], 'cs231n/regularizers.py')\n"
        "path.write_text('def l2(W):\\n    while True:\\n        W = W + 0\\n', encoding='utf-8')"
    )
    shown = kernel_session(
        tmp_path, [shorter, "from cs231n.notebook import checks", endless_stub, "checks.run('l2')", "print(6 * 7)"]
    )
    assert "stopped after 1 s: is there a loop that never ends" in shown[3] and "cs231n/regularizers.py:" in shown[3]
    assert shown[4] == "42\n"
