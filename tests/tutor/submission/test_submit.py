"""The submission zip: complete or not at all, the same bytes for the same work, and handed in knowingly."""

import argparse
import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from cs231n import __version__
from cs231n.data import disk
from cs231n.tutor import processes, terminal
from cs231n.tutor.commands import submit as cli_module
from cs231n.tutor.submission import archive, screen, submit
from cs231n.tutor.submission.files import CannotSubmitError
from tests import student
from tests.student import ROOT
from tests.tutor.submission import handin
from tests.tutor.submission.handin import ASSIGNMENT, KNN

ZIP = "assignment1_submission.zip"
STUB = "cs231n/layers.py"
POINTS = sum(exercise.points for exercise in ASSIGNMENT.exercises)


@pytest.fixture
def kit(tmp_path):
    return handin.copy_kit(tmp_path / "a kit with ümlaut")


def cli(kit, *arguments, cwd=None, report=False, **environment):
    """Run `submit` of a kit in a process of its own, somewhere else."""
    command = [sys.executable, "-m", "cs231n", "submit", "assignment1", *map(str, arguments)]
    command += [] if report else ["--no-report"]
    environment = processes.environment(kit) | {"PYTHONIOENCODING": "utf-8"} | environment
    return subprocess.run(
        command, cwd=cwd or kit.parent, env=environment, capture_output=True, encoding="utf-8", timeout=120
    )


def test_it_holds_the_files_of_the_assignment_and_a_manifest_and_nothing_else(kit):
    for name in ("datasets/x.bin", ".env", "cs231n/layers.pyc", "assignments/assignment1/.ipynb_checkpoints/knn.ipynb"):
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        (kit / name).write_bytes(b"secret")
    contents = archive.read(handin.zipped(kit))
    assert sorted(contents) == sorted([*ASSIGNMENT.files, "manifest.json"])
    assert contents[STUB] == (kit / STUB).read_bytes()


def test_the_manifest_says_what_is_in_it_and_what_it_was_made_with(kit):
    (kit / KNN).write_bytes(
        handin.book(handin.code(count=1, outputs=[handin.printed("Data: CIFAR-10 (50 images) in x")]))
    )
    contents = archive.read(handin.zipped(kit))
    manifest = json.loads(contents["manifest.json"])
    for name in ASSIGNMENT.files:
        digest = hashlib.sha256(contents[name]).hexdigest()
        assert manifest["files"][name] == {"sha256": digest, "size": len(contents[name])}
    assert set(manifest["files"]) == set(ASSIGNMENT.files)
    assert (manifest["kit_version"], manifest["numpy"]) == (__version__, np.__version__)
    assert manifest["python"] == sys.version.split()[0] and manifest["system"]
    assert manifest["data"] == {"knn": "CIFAR-10 (50 images)"}
    assert [row["name"] for row in manifest["checks"]] == [exercise.name for exercise in ASSIGNMENT.exercises]
    assert manifest["points"] == manifest["out_of"] == POINTS
    assert any("never run" in notice for notice in manifest["notices"])


def test_the_same_work_gives_the_same_bytes_at_another_time_in_another_place_under_another_name(kit, tmp_path):
    first = handin.zipped(kit).read_bytes()
    other = handin.copy_kit(tmp_path / "elsewhere", kit)
    for name in ASSIGNMENT.files:
        os.utime(other / name, (1e9, 1e9))
    notebook = json.loads((other / KNN).read_text(encoding="utf-8"))
    notebook["metadata"]["kernelspec"] = {"name": "ann-env", "display_name": "Ann's", "language": "python"}
    notebook["cells"][0]["metadata"]["collapsed"] = True
    (other / KNN).write_text(json.dumps(notebook), encoding="utf-8")
    assert handin.zipped(other).read_bytes() == first


def test_other_work_gives_other_bytes(kit):
    first = handin.zipped(kit).read_bytes()
    (kit / STUB).write_bytes((kit / STUB).read_bytes() + b"# more\n")
    assert handin.zipped(kit).read_bytes() != first


def _directory(path):
    path.unlink()
    path.mkdir()


def _link_out(path):
    outside = Path(tempfile.mkdtemp()) / "outside"
    path.rename(outside)
    path.symlink_to(outside)


def _link_in_circle(path):
    path.unlink()
    path.symlink_to(path)


def _pipe(path):
    path.unlink()
    os.mkfifo(path)


MISHAPS = {
    "is not there": Path.unlink,
    "is a folder": _directory,
    "leads out of the kit's folder": _link_out,
    "circle|cannot be read: Too many": _link_in_circle,
    "is not an ordinary file": _pipe,
}


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
@pytest.mark.parametrize("name", [STUB, KNN])
@pytest.mark.parametrize("message", MISHAPS)
def test_what_is_no_file_of_the_kit_is_named_and_an_earlier_zip_kept(kit, tmp_path, monkeypatch, message, name):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = handin.zipped(kit).read_bytes()
    MISHAPS[message](kit / name)
    with pytest.raises(CannotSubmitError, match=message) as raised:
        handin.zipped(kit)
    assert name in str(raised.value)
    assert (kit / ZIP).read_bytes() == before


def test_all_that_is_amiss_is_told_at_once(kit):
    (kit / STUB).unlink()
    (kit / KNN).unlink()
    with pytest.raises(CannotSubmitError) as raised:
        handin.zipped(kit)
    assert len(raised.value.reasons) == 2


def test_a_folder_of_the_kit_that_is_a_link_elsewhere_is_refused(kit, tmp_path):
    shutil.move(kit / "assignments", tmp_path / "others")
    (kit / "assignments").symlink_to(tmp_path / "others", target_is_directory=True)
    with pytest.raises(CannotSubmitError, match="leads out of the kit's folder"):
        handin.zipped(kit)


@pytest.mark.parametrize("step", ["writestr", "read", "fsync", "replace"])
def test_a_failing_write_leaves_nothing_half_done(kit, monkeypatch, step):
    submission = handin.examined(kit)
    before = submit.write_zip(submission, kit).read_bytes()
    submission.files[STUB] += b"# edited\n"

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    owner = {"writestr": zipfile.ZipFile, "read": zipfile.ZipFile, "fsync": os, "replace": Path}[step]
    monkeypatch.setattr(owner, step, full)
    with pytest.raises(OSError, match="No space"):
        submit.write_zip(submission, kit)
    assert (kit / ZIP).read_bytes() == before
    assert [path.name for path in kit.glob("*.zip*")] == [ZIP]


def test_a_zip_that_reads_back_otherwise_is_not_put_in_place(kit, monkeypatch):
    submission = handin.examined(kit)
    monkeypatch.setattr(archive, "read", lambda path: {})
    with pytest.raises(OSError, match="cannot be read back"):
        submit.write_zip(submission, kit)
    assert list(kit.glob("*.zip*")) == []


def test_a_zip_with_a_changed_byte_is_read_or_raises_oserror(tmp_path):
    path, refused = tmp_path / "a.zip", 0
    archive.write(path, {"name": b"hello world " * 500})
    whole = path.read_bytes()
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        try:
            archive.read(path)
        except OSError:
            refused += 1
    assert refused > len(whole) / 3


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
def test_a_full_disk_keeps_the_earlier_zip(kit, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("nothing may be mounted here")
    try:
        (disk / ZIP).write_bytes(b"earlier")
        done = cli(kit, "--allow-incomplete", "-o", disk)
        assert done.returncode == 1 and "No space left on device" in done.stderr and "Traceback" not in done.stderr
        assert [path.name for path in disk.iterdir()] == [ZIP]
        assert (disk / ZIP).read_bytes() == b"earlier"
    finally:
        subprocess.run(["umount", str(disk)], check=True)


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.tutor.submission import handin
from cs231n.tutor.submission import archive, screen, submit
count = int(sys.argv[2])
def dying(event, *args):
    global count
    if event in ("open", "os.rename", "os.remove", "shutil.rmtree", "tempfile.mkdtemp", "os.mkdir"):
        count -= 1
        if count == 0:
            os.kill(os.getpid(), signal.SIGKILL)
submission = handin.examined(Path(sys.argv[1]))
sys.addaudithook(lambda event, args: dying(event))
submit.write_zip(submission, Path(sys.argv[1]))
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
def test_killed_at_any_moment_there_is_the_old_zip_or_the_new_one(kit):
    before = handin.zipped(kit).read_bytes()
    (kit / STUB).write_bytes((kit / STUB).read_bytes() + b"# edited\n")
    after = handin.zipped(kit).read_bytes()
    assert after != before
    outcomes = []
    for moment in range(1, 40):
        (kit / ZIP).write_bytes(before)
        done = subprocess.run([sys.executable, "-c", KILLED, str(kit), str(moment)], cwd=ROOT)
        outcomes.append((kit / ZIP).read_bytes())
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert set(outcomes) == {before, after} and outcomes[0] == before and outcomes[-1] == after
    assert len(outcomes) >= 4


def test_what_a_killed_process_left_is_cleared_away_later(kit):
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    gone, old, new = (kit / f"{ZIP}.{number}.partial" for number in (process.pid, 1, os.getppid()))
    for path in (gone, old, new):
        path.write_bytes(b"half")
    os.utime(old, (1e9, 1e9))
    handin.zipped(kit)
    assert not gone.exists() and not old.exists() and new.exists()  # that one is somebody's who may be writing now


def test_temporary_folders_of_killed_processes_are_cleared_away(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    names = [
        f"cs231n-{process.pid}-abc",
        f"cs231n-{os.getppid()}-abc",
        "cs231n-me-abc",
        "cs231n-99999999999999999999-a",
    ]
    for name in names:
        (tmp_path / name / "tree").mkdir(parents=True)
    with disk.temporary_folder() as folder:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[1:], folder.name])
    assert not folder.exists()


def test_an_incomplete_one_is_not_handed_in_unknowingly(kit):
    done = cli(kit)
    assert done.returncode == 1 and "--allow-incomplete" in done.stderr
    assert f"to do, {POINTS} points" in done.stdout and "knn: never run" in done.stdout
    assert re.search(r"Questions +0 of \d+ answered", done.stdout)
    assert not (kit / ZIP).exists()
    done = cli(kit, "--allow-incomplete")
    assert (done.returncode, done.stderr) == (0, "") and ZIP in done.stdout
    assert (kit / ZIP).exists()


@pytest.mark.skipif(os.name == "nt", reason="a pseudo-terminal")
@pytest.mark.parametrize("answer, code", [("y\n", 0), ("\n", 1), ("n\n", 1), ("\x04", 1)])
def test_in_a_terminal_it_asks(kit, answer, code):
    import pty

    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "cs231n", "submit", "--no-report"]
    process = subprocess.Popen(
        command, cwd=kit, env=processes.environment(kit), stdin=inner, stdout=inner, stderr=inner, close_fds=True
    )
    os.close(inner)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(outer, 4096)
    os.write(outer, answer.encode())
    with contextlib.suppress(OSError):  # the other end is closed
        while process.poll() is None:
            os.read(outer, 4096)
    assert process.wait(60) == code
    assert (kit / ZIP).exists() == (code == 0)


def test_with_all_right_and_the_notebooks_run_it_is_complete(kit):
    for stem in ASSIGNMENT.notebooks:
        cells = [handin.code("x = 1", 1), handin.code("print(x)", 2, [handin.printed("1")])]
        (kit / f"assignments/assignment1/{stem}.ipynb").write_bytes(handin.book(*cells))
    assert handin.examined(kit).notices == []


def test_a_broken_notebook_is_named_and_nothing_zipped(kit):
    (kit / KNN).write_bytes((kit / KNN).read_bytes()[:2000])
    done = cli(kit, "--allow-incomplete")
    assert done.returncode == 1 and "knn.ipynb is not a valid notebook" in done.stderr
    assert "Traceback" not in done.stderr and not (kit / ZIP).exists()


def test_names_from_files_reach_the_terminal_without_escape_codes(kit):
    source = "def f(:\n    '\x1b[31m'"
    (kit / STUB).write_text(source, encoding="utf-8")
    error = {"output_type": "error", "ename": "\x1b]0;gotcha\x07Oops", "evalue": "\x1b[2J", "traceback": []}
    (kit / KNN).write_bytes(handin.book(handin.code("\x1b[31mx", 1, [error])))
    done = cli(kit, "--allow-incomplete")
    assert done.returncode == 0 and "Oops" in done.stdout
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)


def test_where_the_report_cannot_be_made_there_is_the_zip_all_the_same(kit):
    (kit / "cs231n/tutor/submission/report.html").unlink()
    done = cli(kit, "--allow-incomplete", report=True)
    assert done.returncode == 0 and (kit / ZIP).exists()
    told = r"The zip is complete, but its report could not be written: .*report.html.*"
    assert re.fullmatch(told, done.stderr.strip())


def test_a_wrong_exercise_is_told_with_points_and_cause(kit):
    path = kit / "cs231n/regularizers.py"
    lines = path.read_text(encoding="utf-8").replace('raise NotImplementedError("l2', 'return 0, 0  # ("l2')
    path.write_text(lines, encoding="utf-8")
    done = cli(kit, "--allow-incomplete")
    assert re.search(r"✗ 0/1 l2: \S", done.stdout), done.stdout


def test_a_stub_file_that_is_far_too_large_is_told(kit):
    (kit / STUB).write_bytes((kit / STUB).read_bytes() + b"#" * 2_000_000)
    submission = handin.examined(kit)
    assert submission.notices[-1] == f"{STUB} is large (2.0 MB)"
    out = io.StringIO()
    screen.show(submission, terminal.Screen(out))
    assert f"✗ {STUB} is large (2.0 MB)" in out.getvalue()


@pytest.mark.skipif(os.name == "nt", reason="a script as a browser")
def test_a_browser_that_cannot_print_is_told(kit, tmp_path):
    browser = tmp_path / "bin/chromium"
    browser.parent.mkdir()
    browser.write_text("#!/bin/sh\nexit 3\n")
    browser.chmod(0o755)
    path = str(browser.parent) + os.pathsep + os.environ["PATH"]
    done = cli(kit, "--allow-incomplete", report=True, PATH=path)
    assert done.returncode == 0 and (kit / ZIP).exists() and (kit / "assignment1_report.html").exists()
    assert done.stderr.strip() == "The browser here could not print the report: there is no new PDF."


def test_where_the_zip_cannot_go_is_said_before_anything_is_done(kit, tmp_path):
    (tmp_path / "file").write_text("")
    done = cli(kit, "--allow-incomplete", "-o", tmp_path / "file/new")
    assert done.returncode == 1 and "file is not a folder: choose another folder with -o DIR" in done.stderr
    assert done.stdout == ""


def test_a_folder_that_is_not_there_is_made_once_there_is_a_zip_to_put_in_it(kit, tmp_path):
    out = tmp_path / "deep/er"
    assert cli(kit, "-o", out).returncode == 1 and not out.parent.exists()
    assert cli(kit, "--allow-incomplete", "-o", f"{out}/").returncode == 0
    assert [path.name for path in out.iterdir()] == [ZIP]


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_a_read_only_kit_can_be_handed_in_elsewhere(kit, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    if os.geteuid() == 0:
        if subprocess.run(["mount", "--bind", str(kit), str(kit)], capture_output=True).returncode:
            pytest.skip("nothing may be mounted here")
        subprocess.run(["mount", "-o", "remount,ro,bind", str(kit)], check=True)
    else:
        subprocess.run(["chmod", "-R", "a-w", str(kit)], check=True)
    try:
        done = cli(kit, "--allow-incomplete")
        assert done.returncode == 1 and "read-only: choose another folder with -o DIR" in done.stderr
        done = cli(kit, "--allow-incomplete", "-o", out)
        assert done.returncode == 0 and [path.name for path in out.iterdir()] == [ZIP]
    finally:
        undo = ["umount", str(kit)] if os.geteuid() == 0 else ["chmod", "-R", "u+w", str(kit)]
        subprocess.run(undo, check=True)


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
@pytest.mark.parametrize("linked", [False, True])
def test_the_shell_script_hands_over_from_anywhere(kit, tmp_path, linked):
    shutil.copy(ROOT / "collect_submission.sh", kit)
    away = tmp_path / "somewhere else"
    (away / "out").mkdir(parents=True)
    (away / "cs231n").mkdir()  # not the kit
    environment = {**os.environ, "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]}
    started = kit / "collect_submission.sh"
    if linked:
        (away / "first").symlink_to(started)
        (away / "second").symlink_to("first")
        started = away / "second"
    script = ["sh", str(started), "assignment1", "--allow-incomplete", "--no-report", "-o", "out"]
    done = subprocess.run(script, capture_output=True, text=True, cwd=away, env=environment)
    assert done.returncode == 0, done.stderr
    assert archive.read(away / "out" / ZIP)[STUB] == (kit / STUB).read_bytes()


@pytest.mark.parametrize("option", ["--cell-memory=nan", "--cell-memory=inf", "--cell-seconds=-1", "--cell-seconds=x"])
def test_a_limit_that_is_none_is_refused(kit, option):
    done = cli(kit, "--run", option)
    assert done.returncode == 2 and "a number above 0 was expected, not" in done.stderr and done.stdout == ""


def test_python_without_docstrings_will_do(kit):
    assert cli(kit, "--allow-incomplete", PYTHONOPTIMIZE="2").returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="a shell")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_not_stop_it(kit, closed):
    command = f'"$0" -m cs231n submit --allow-incomplete --no-report {closed}'
    done = subprocess.run(["sh", "-c", command, sys.executable], cwd=kit, env=processes.environment(kit))
    assert done.returncode == 0 and sorted(archive.read(kit / ZIP)) == sorted([*ASSIGNMENT.files, "manifest.json"])


def test_once_the_zip_is_there_nobody_says_it_is_not(kit, monkeypatch, capsys):
    def full(self, text=""):
        raise OSError(28, "No space left on device")

    made = handin.examined(kit)
    monkeypatch.setattr(cli_module, "_submit", lambda args: (made, submit.write_zip(made, kit)))
    monkeypatch.setattr(terminal.Screen, "line", full)
    assert cli_module.submit(argparse.Namespace(no_report=True)) == 0
    told = capsys.readouterr().err
    assert "zip is complete" in told and "nothing was zipped" not in told


@pytest.mark.skipif(os.name == "nt", reason="home folders of accounts")
def test_an_account_without_a_home_folder_can_hand_in(kit, monkeypatch):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    assert handin.zipped(kit).is_file()
    done = cli(kit, "-o", "~nobody-of-this-name/x")
    assert done.returncode == 1 and "Traceback" not in done.stderr


def test_a_folder_where_the_zip_should_be_is_named(kit):
    (kit / ZIP).mkdir()
    done = cli(kit, "--allow-incomplete")
    assert done.returncode == 1 and re.search(rf"{ZIP}\. Nothing that existed before is lost", done.stderr)


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices")
@pytest.mark.parametrize("verb", ["submit", "validate"])
def test_what_is_no_file_does_not_hang_or_stop_it(kit, verb):
    os.mkfifo(kit / "cs231n/pipe.py")
    os.mkfifo(kit / "another (1).ipynb")
    (kit / "cs231n/device.py").symlink_to("/dev/zero")
    (kit / ".cs231n/executed").mkdir(parents=True)
    os.mkfifo(kit / ".cs231n/executed/1-1")
    os.mkfifo(kit / ZIP)
    options = {"submit": ["--allow-incomplete", "--no-report"], "validate": []}[verb]
    for stem in ASSIGNMENT.notebooks:
        (kit / f"assignments/assignment1/{stem}.ipynb").write_bytes(handin.book(handin.code("1", 1)))
    done = student.run(kit, "-m", "cs231n", verb, "assignment1", *options, PYTHONIOENCODING="utf-8")
    assert (done.returncode, done.stderr) == (0, b"")
    assert verb == "validate" or archive.read(kit / ZIP)


@pytest.mark.skipif(os.name == "nt", reason="pipes and devices")
def test_validate_names_what_should_be_a_file(kit):
    for stem in ASSIGNMENT.notebooks:
        (kit / f"assignments/assignment1/{stem}.ipynb").write_bytes(handin.book())
    svm = KNN.replace("knn", "svm")
    for name in (STUB, KNN, svm):
        (kit / name).unlink()
    os.mkfifo(kit / STUB)
    (kit / KNN).symlink_to("/dev/zero")
    (kit / svm).mkdir()
    done = student.run(kit, "-m", "cs231n", "validate", "assignment1", PYTHONIOENCODING="utf-8")
    told = done.stdout.decode()
    assert done.returncode == 1 and f"✗ {STUB} is not an ordinary file" in told
    assert re.search(r"✗ assignment1/knn .*leads out of the kit's folder", told)
    assert re.search(r"✗ assignment1/svm .*is a folder", told)


@pytest.mark.parametrize("name", ["submission/given.zip", "submission/given.sha256", "commands/originals.zip"])
def test_a_damaged_kit_is_told_in_a_line(kit, name):
    path = kit / "cs231n/tutor" / name
    path.write_bytes(path.read_bytes()[:2000]) if name.endswith("zip") else path.unlink()
    done = cli(kit, "--allow-incomplete")
    assert done.returncode and name in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
def test_numbers_that_json_does_not_know_are_not_in_the_zip(kit, number):
    output = b'{"output_type": "display_data", "metadata": {}, "data": {"application/json": {"x": 12345.5}}}'
    cell = handin.book(handin.code("x", 1)).replace(b'"outputs": []', b'"outputs": [' + output + b"]")
    (kit / KNN).write_bytes(cell.replace(b"12345.5", number.encode()))
    data = archive.read(handin.zipped(kit))[KNN]

    def refuse(constant):
        raise AssertionError(constant)

    outputs = json.loads(data, parse_constant=refuse)["cells"][0]["outputs"]
    assert outputs[0]["data"]["application/json"] == {"x": None}


def test_lone_surrogates_are_not_in_the_zip(kit):
    (kit / KNN).write_bytes(handin.book(handin.code("x = '\ud800'", 1, [handin.printed("\udcff")])))
    contents = archive.read(handin.zipped(kit))
    for name in (KNN, "manifest.json"):
        assert json.loads(contents[name].decode("utf-8"))
    assert "\\ud" not in contents[KNN].decode("utf-8")


def test_a_cell_that_is_excused_is_named(kit):
    tagged = handin.code("1 / 0", 1, metadata={"tags": ["raises-exception"]})
    (kit / KNN).write_bytes(handin.book(tagged))
    notices = handin.examined(kit).notices
    assert "knn: excused from running or failing: cell 1 (raises-exception)" in notices


def test_an_old_console_gets_what_it_can_show(kit):
    done = student.run(kit, "-m", "cs231n", "submit", "--allow-incomplete", "--no-report", PYTHONIOENCODING="cp1252")
    assert done.returncode == 0 and b"to do" in done.stdout
