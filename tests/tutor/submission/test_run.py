"""Running notebooks before they are handed in: on copies, within limits, and the originals stay as they were."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import psutil
import pytest

from cs231n.tutor import processes
from cs231n.tutor.kernel import recorded
from cs231n.tutor.submission import read, review, submit
from cs231n.tutor.submission import run as module
from cs231n.tutor.terminal import Screen
from tests.tutor.submission import handin
from tests.tutor.submission.handin import ASSIGNMENT, KNN, book, code, markdown, shown

QUICK = module.CellLimits(seconds=3, memory=700_000_000, output=200_000)


@pytest.fixture(scope="module")
def kit(tmp_path_factory):
    return handin.copy_kit(tmp_path_factory.mktemp("a kit with ü"))


def run(kit, *cells, limits=QUICK):
    """Run a notebook of these cells; return what came out, and what was said on the way."""
    out, said, stopped = run_all(kit, *cells, limits=limits)
    assert stopped == []
    return out, said


def run_all(kit, *cells, limits=QUICK, go_on=False):
    """Run a notebook of these cells; return what came out, what was said on the way, and what stopped."""
    data, said = book(*cells, metadata={"kernelspec": {"name": "anns-own-kernel"}}), []
    known, environment = read.parse(KNN, data), processes.environment(kit)
    run = module.run_notebook(data, known, kit, environment, limits, said.append, go_on)
    return read.parse(KNN, run.content), said, run.stopped


def test_it_is_run_from_top_to_bottom_and_progress_told(kit):
    old = {"output_type": "error", "ename": "Old", "evalue": "", "traceback": []}
    cells = [markdown("x"), code("a = 20", 9, [old]), code(""), code("import cs231n; print(a, cs231n.__file__)", 3)]
    out, said = run(kit, *cells)
    assert [cell.count for cell in out.code] == [1, 2] and out.code[0].outputs == []
    assert out.code[1].outputs[0]["text"] == f"20 {kit / 'cs231n' / '__init__.py'}\n"
    assert said == ["knn: cell 2 of 4", "knn: cell 4 of 4"]
    assert review.notices(out, 100) == []


def test_a_kernel_remembers_what_it_ran_so_that_later_edits_show(kit):
    out, _ = run(kit, code("import cs231n.notebook"), code("x = 1"), code("print(x)"), limits=module.CellLimits())
    known = recorded.sessions(kit / recorded.PLACE)
    assert review.notices(out, 100, known) == []
    out.cells[2].source = "print(x + 1)"
    assert review.notices(out, 100, known) == ["outputs older than the code: cell 3 [3]"]


def test_cells_without_metadata_run(kit):
    out, _ = run(kit, {"cell_type": "code", "source": "6 * 7"}, code("1", metadata=[]), markdown("x") | {"metadata": 1})
    assert [cell.count for cell in out.code] == [1, 2]


def test_a_daemon_of_a_notebook_ends_with_its_run(kit, tmp_path):
    begun = tmp_path / "pid"
    sleep = "[sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True"
    run(kit, code(f"import subprocess, sys; open({str(begun)!r}, 'w').write(str(subprocess.Popen({sleep}).pid))"))
    deadline = time.monotonic() + 10
    while psutil.pid_exists(int(begun.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    "source, why",
    [
        ("1 / 0", "cell 2 raised ZeroDivisionError: division by zero"),
        ("raise ValueError('\\x1b[31mred')", r"cell 2 raised ValueError: .?\[31mred"),
        ("while True: pass", r"cell 2 took more than 3 s \(--cell-seconds allows more\)"),
        ("import time; x = [b'x' * 10**8 for _ in range(60) if not time.sleep(0.05)]", "cell 2 took more than 0.7 GB"),
        ("while True: print('x' * 1000)", "cell 2 produced more than 200.0 kB of output"),
        ("import os; os._exit(1)", "cell 2 ended the kernel"),
    ],
)
def test_a_cell_that_fails_or_takes_too_much_is_named(kit, source, why):
    _, said, (stopped,) = run_all(kit, code("a = 1"), code(source), code("a"))
    assert re.match(why, str(stopped)) and str(stopped).isprintable()
    assert said == ["knn: cell 1 of 3", "knn: cell 2 of 3"]


def test_where_it_goes_on_every_cell_that_raises_is_named_until_a_limit(kit):
    tagged = code("1 / 0", metadata={"tags": ["raises-exception"]})
    cells = [code("a = 1"), code("b"), tagged, code("a + ''"), code("while True: pass"), code("c")]
    _, said, stopped = run_all(kit, *cells, go_on=True)
    assert [str(one).partition(":")[0] for one in stopped] == [
        "cell 2 raised NameError",
        "cell 4 raised TypeError",
        "cell 5 took more than 3 s (--cell-seconds allows more)",
    ]
    assert said[-1] == "knn: cell 5 of 6"


TAGGED = {"tags": ["raises-exception"]}


@pytest.mark.parametrize(
    "source, why",
    [
        ("%timeti 1", "raised UsageError: Line magic function `%timeti` not found."),
        ("%%tiem\nx = 1", "raised UsageError: Cell magic `%%tiem` not found"),
        ("%load_ext nosuchextension", "raised ModuleNotFoundError: No module named 'nosuchextension'"),
        ("import sys; sys.exit()", "raised SystemExit:"),
        ("exit()", "ended the kernel"),
        ("x = (", "raised SyntaxError:"),
    ],
)
@pytest.mark.parametrize("go_on", [True, False])
def test_what_the_kernel_calls_an_error_is_one_whatever_is_shown(kit, source, why, go_on):
    _, said, (stopped, *_) = run_all(kit, code("1"), code(source), code("2"), limits=module.CellLimits(), go_on=go_on)
    assert str(stopped).startswith(f"cell 2 {why}")
    assert (said[-1] == "knn: cell 3 of 3") == (go_on and "kernel" not in why)


@pytest.mark.parametrize("go_on", [True, False])
def test_excused_cells_are_excused_by_each_of_the_marks(kit, go_on):
    picture = handin.printed("drawn before")
    cells = [
        code("1 / 0", metadata=TAGGED),
        code("# NBVAL_RAISES_EXCEPTION\n%timeti 1"),
        code("1 / 0", metadata={"tags": ["nbval-raises-exception"]}),
        code("#NBVAL_SKIP\n1 / 0", 7, [picture]),
        code("1 / 0", metadata={"tags": ["skip-execution"]}),
        code("'# NBVAL_SKIP'"),
    ]
    out, _, stopped = run_all(kit, *cells, go_on=go_on)
    assert stopped == [] and [cell.count for cell in out.cells] == [1, 2, 3, None, None, 4]
    assert out.cells[3].outputs == [picture] and out.cells[3].source == "#NBVAL_SKIP\n1 / 0"
    assert out.cells[1].tags == ()
    told = "1 (raises-exception), 2 (NBVAL_RAISES_EXCEPTION), 3 (nbval-raises-exception), 4 (NBVAL_SKIP)"
    assert out.excused == f"excused from running or failing: cells {told}, 5 (skip-execution)"


def test_cells_that_wait_for_an_exercise_and_those_never_reached_are_counted(kit):
    begin, stub = code("from cs231n.notebook import np"), "from cs231n.regularizers import l2\nR = l2(np.ones(2))"
    data = book(begin, code(stub), code("R"), code("print('○ to do')"), code("exit()"), code("1"), code("2"))
    limits, environment = module.CellLimits(), processes.environment(kit)
    run = module.run_notebook(data, read.parse(KNN, data), kit, environment, limits, print, True)
    assert (run.waiting, run.unreached) == ([2, 3], 2)
    assert run.waits == "2 cells are waiting for exercises that are not written or not right yet"


def test_it_runs_where_it_is_in_the_kit_and_leaves_nothing_behind(kit, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    (kit / KNN).with_name("helper.py").write_text("x = 3")
    out, _ = run(kit, code("import os, helper; print(os.getcwd(), helper.x)"))
    assert out.code[0].outputs[0]["text"] == f"{(kit / KNN).parent} 3\n"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_it_is_this_python_that_runs_whatever_kernel_is_installed_under_its_name(kit, tmp_path, monkeypatch):
    spec = tmp_path / "kernels/python3/kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["false"], "display_name": "Another", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    out, _ = run(kit, code("import sys; print(sys.executable)"))
    assert out.code[0].outputs[0]["text"].strip() == sys.executable


def test_those_that_run_are_handed_in_run_and_the_others_as_they_were(kit, tmp_path):
    contents = {"a/one.ipynb": book(code("print(1)")), "a/two.ipynb": book(code("1 / 0", 5))}
    books = [read.parse(name, data) for name, data in contents.items()]
    out = io.StringIO()
    fresh, failed = submit.run_notebooks(contents, books, kit, QUICK, Screen(out))
    assert list(fresh) == ["a/one.ipynb"] and b'"1\\n"' in fresh["a/one.ipynb"]
    assert failed == {"a/two.ipynb": "cell 1 raised ZeroDivisionError: division by zero"}
    assert out.getvalue() == "one: run from top to bottom\ntwo: cell 1 raised ZeroDivisionError: division by zero\n"


def test_originals_edited_in_the_meantime_are_left_alone(tmp_path):
    before, after = book(code("1")), book(code("1", 1))
    old, new = (dict.fromkeys(("one", "two", "gone"), content) for content in (before, after))
    (tmp_path / "one").write_bytes(before)
    (tmp_path / "one").chmod(0o600)
    (tmp_path / "two").write_bytes(b"edited")
    assert submit.keep_outputs(old, new, tmp_path) == dict.fromkeys(("two", "gone"), "edited in the meantime")
    assert os.name == "nt" or (tmp_path / "one").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "one").read_bytes() == after and (tmp_path / "two").read_bytes() == b"edited"


def test_figures_that_a_run_does_not_draw_again_are_not_erased(tmp_path):
    drawn, moving = shown("image/svg+xml", "<svg/>"), shown("application/vnd.jupyter.widget-view+json", "{}")
    before = book(markdown("x"), code("fig", 3, [drawn]), code("y", 4), code("z", 5, [moving]))
    png = shown("image/png", "")
    cases = {"lost": [[], [], [moving]], "redrawn": [[png], [png], []], "moving": [[moving], [], [moving]]}
    fresh = {}
    for name, (first, second, third) in cases.items():
        (tmp_path / name).write_bytes(before)
        fresh[name] = book(markdown("x"), code("fig", 1, first), code("y", 2, second), code("z", 3, third))
    left = submit.keep_outputs(dict.fromkeys(fresh, before), fresh, tmp_path)
    assert left == dict.fromkeys(("lost", "moving"), "the run drew no new figure: cell 2 [3]")
    assert [name for name in cases if (tmp_path / name).read_bytes() != before] == ["redrawn"]


@pytest.mark.parametrize("in_place, fails", [(False, False), (True, False), (True, True)])
def test_the_whole_way(tmp_path, in_place, fails):
    kit = handin.copy_kit(tmp_path / "kit")
    for stem in ASSIGNMENT.notebooks:
        (kit / f"assignments/assignment1/{stem}.ipynb").write_bytes(book(code("print(6 * 7)"), markdown("x")))
    if fails:
        (kit / KNN).write_bytes(book(code("1 / 0")))
    before = {name: (kit / name).read_bytes() for name in ASSIGNMENT.files}
    command = [sys.executable, "-m", "cs231n", "submit", "assignment1", "--run", "--allow-incomplete", "--no-report"]
    command += ["--in-place"] if in_place else []
    done = subprocess.run(command, cwd=kit, env=processes.environment(kit), capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    contents = submit.archive.read(kit / "assignment1_submission.zip")
    outputs = {name: json.loads(data)["cells"][0]["outputs"] for name, data in contents.items() if name.endswith("ynb")}
    assert {name for name, found in outputs.items() if found} == set(outputs) - ({KNN} if fails else set())
    changed = {name for name, data in before.items() if (kit / name).read_bytes() != data}
    assert changed == (set(outputs) if in_place and not fails else set())
    assert ("knn: the run stopped" in done.stdout) == fails


@pytest.mark.skipif(os.name == "nt", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_what_ends_it_ends_the_run_and_the_kernel_and_nothing_is_written(tmp_path, name):
    kit = handin.copy_kit(tmp_path / "kit")
    begun = tmp_path / "begun"
    cell = f"import os, time; open({str(begun)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    (kit / KNN).write_bytes(book(code(cell)))
    command = [sys.executable, "-m", "cs231n", "submit", "assignment1", "--in-place", "--allow-incomplete"]
    process = subprocess.Popen(command, cwd=kit, env=processes.environment(kit), stderr=subprocess.PIPE)
    while not begun.exists() or not begun.read_text():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(getattr(signal, name))
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.decode().strip()) == (130, "stopped")
    assert not list(kit.glob("*.zip*")) and (kit / KNN).read_bytes() == book(code(cell))
    assert not psutil.pid_exists(int(begun.read_text()))
