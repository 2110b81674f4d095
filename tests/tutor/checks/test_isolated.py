"""What student code says or raises is told, shortened, as theirs; what the kit or the machine gets wrong never is."""

import subprocess
import sys
import time

import psutil
import pytest

from cs231n.tutor import course
from cs231n.tutor.checks import isolated
from cs231n.tutor.checks.limits import TEXT
from cs231n.tutor.faults import DamagedKitError
from tests import student

FILE = "cs231n/regularizers.py"


def verdict(tmp_path, text, **environment):
    kit = student.copy_kit(tmp_path)
    (kit / FILE).write_text(text, encoding="utf-8")
    (found,) = isolated.verdicts(["l2"], kit)
    return found


UNSPEAKABLE = """class Unspeakable({}):
    def __str__(self):
        {}
raise Unspeakable"""
RAISED = {
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "str raises": UNSPEAKABLE.format("Exception", "raise ValueError"),
    "str ends Python": UNSPEAKABLE.format("Exception", "raise SystemExit"),
    "str interrupts": UNSPEAKABLE.format("BaseException", "raise KeyboardInterrupt"),
    "str is a number": UNSPEAKABLE.format("Exception", "return 7"),
    "str never ends in itself": UNSPEAKABLE.format("Exception", "return str(self)"),
    "100 MB": "raise ValueError('x' * 100_000_000)",
    "an odd SyntaxError": "raise SyntaxError(*[object(), (7, 'x', [], {}, 9, 9)][:1])",
    "a long name": "raise type('E' * 100_000_000, (Exception,), {})('no')",
    "not written": "raise NotImplementedError('x' * 100_000_000)",
}


@pytest.mark.parametrize("where", ["at import", "in the function"])
@pytest.mark.parametrize("raised", RAISED.values(), ids=RAISED)
def test_whatever_student_code_raises_is_told_in_short_with_its_line(tmp_path, raised, where):
    text = raised if where == "at import" else "def l2(W):\n    " + raised.replace("\n", "\n    ")
    found = verdict(tmp_path, text + "\n")
    assert found.status in ("error", "todo") and "ended Python" not in found.message, found
    assert "fault of the kit" not in found.message and sum(len(text) for _, text in found.story) < 4 * TEXT + 500
    assert found.where.startswith(FILE)


def test_names_of_whatever_length_are_told_in_short(tmp_path):
    found = verdict(tmp_path, "def l2(W):\n    return '" + "y" * 10**6 + "'\n")
    assert found.wrong and sum(len(text) for _, text in found.story) < 4 * TEXT + 500


def test_a_process_that_waits_for_its_request_checks_what_is_in_the_files_then(tmp_path):
    kit = student.copy_kit(tmp_path)
    with isolated.Child(tree=kit) as child:
        wait_until_loaded(child)
        (kit / FILE).write_text("def l2(W):\n    return 7, W\n", encoding="utf-8")
        child.ask(["l2"])
        while not (found := child.poll(1)):
            assert child.lives
    assert found.status == "fail"


def test_loading_the_checks_loads_no_file_of_an_exercise():
    code = "import sys\nfrom cs231n.tutor.exercises import registry\nregistry()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "cs231n.tutor.exercises.optim" in loaded
    assert not loaded & set(course.stub_modules())


def wait_until_loaded(child):
    """Wait until a process has spent no processor time for a while: it waits for its request."""
    process, before = psutil.Process(child._process.pid), -1.0
    while (spent := sum(process.cpu_times()[:2])) != before or spent < 0.1:
        before = spent
        time.sleep(0.5)


def test_what_keeps_the_checks_from_starting_is_told_and_nobody_is_blamed(tmp_path):
    kit = student.copy_kit(tmp_path)
    (kit / "cs231n/data/places.py").unlink()
    with pytest.raises(DamagedKitError, match=r"before the first check: ImportError: .*places") as error:
        list(isolated.verdicts(["l2"], kit))
    assert "\n" not in str(error.value) and len(str(error.value)) < 800


def test_checks_that_do_not_start_in_time_blame_nobody(tmp_path, monkeypatch):
    kit = student.copy_kit(tmp_path)
    worker = kit / "cs231n/tutor/exercises/worker.py"
    worker.write_text("import time\ntime.sleep(60)\n", encoding="utf-8")
    monkeypatch.setattr(isolated, "START", 1.0)
    with pytest.raises(DamagedKitError, match="did not start"):
        list(isolated.verdicts(["l2"], kit))


def test_a_fault_of_the_kit_is_told_as_one_and_the_next_exercise_is_checked(tmp_path, monkeypatch):
    monkeypatch.delenv("CS231N_DEBUG")
    kit = student.copy_kit(tmp_path)
    check = kit / "cs231n/tutor/checks/decide.py"
    check.write_text(
        check.read_text(encoding="utf-8") + "\n\ndef decide(*_):\n    raise KeyError(7)\n", encoding="utf-8"
    )
    found = list(isolated.verdicts(["l2", "relu_forward"], kit))
    assert [one.name for one in found] == ["l2", "relu_forward"]
    assert all("fault of the kit and not of your code" in one.message for one in found)
    assert "KeyError: 7" in (kit / ".cs231n/log").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["random", "types", "numpy", "queue", "psutil"])
def test_files_that_hide_a_module_change_no_verdict(tmp_path, name):
    kit = student.copy_kit(tmp_path)
    (kit / f"{name}.py").write_text("raise SystemExit('hidden')\n", encoding="utf-8")
    (kit / FILE).write_text("import random\ndef l2(W):\n    return random.random() > 2, W\n", encoding="utf-8")
    (found,) = isolated.verdicts(["l2"], kit)
    assert found.status == "fail" and "hidden" not in found.message
