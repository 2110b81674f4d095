"""The submission zip: complete or not at all, and the same bytes for the same work."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from cs231n import course, submit
from solutions import generate

ASSIGNMENT = course.find_assignment("assignment1")


@pytest.fixture
def kit(tmp_path):
    root = tmp_path / "a kit with ümlaut"
    for name in ASSIGNMENT.files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(generate.ROOT / name, root / name)
    return root


def test_it_holds_the_files_of_the_assignment_and_a_manifest(kit):
    path = submit.write_zip(ASSIGNMENT, root=kit)
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == sorted([*ASSIGNMENT.files, "manifest.json"])
        manifest = json.loads(archive.read("manifest.json"))
        for name in ASSIGNMENT.files:
            content = archive.read(name)
            assert content == (kit / name).read_bytes()
            assert manifest["files"][name] == {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def test_the_same_work_gives_the_same_bytes(kit):
    first = submit.write_zip(ASSIGNMENT, root=kit).read_bytes()
    for name in ASSIGNMENT.files:
        os.utime(kit / name, (1e9, 1e9))
    assert submit.write_zip(ASSIGNMENT, root=kit).read_bytes() == first


def test_a_missing_file_is_named_and_an_earlier_zip_kept(kit):
    before = submit.write_zip(ASSIGNMENT, root=kit).read_bytes()
    (kit / ASSIGNMENT.files[0]).unlink()
    with pytest.raises(submit.MissingFilesError, match="k_nearest_neighbor"):
        submit.write_zip(ASSIGNMENT, root=kit)
    assert (kit / "assignment1_submission.zip").read_bytes() == before


def test_a_failing_write_leaves_nothing_half_done(kit, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        submit.write_zip(ASSIGNMENT, root=kit)
    assert list(kit.glob("*.zip*")) == []


def test_the_command_says_where_the_zip_is_and_fails_for_an_unknown_folder(tmp_path):
    command = [sys.executable, "-m", "cs231n", "submit", "assignment1", "-o"]
    good = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True)
    assert good.returncode == 0 and "assignment1_submission.zip" in good.stdout
    bad = subprocess.run([*command, str(tmp_path / "nowhere")], capture_output=True, text=True)
    assert bad.returncode == 1 and "was not zipped" in bad.stderr and "Traceback" not in bad.stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell script")
def test_the_shell_script_hands_over(tmp_path):
    shutil.copytree(generate.ROOT / "cs231n", tmp_path / "cs231n", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(generate.ROOT / "assignments", tmp_path / "assignments")
    shutil.copy(generate.ROOT / "collect_submission.sh", tmp_path)
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
    }
    done = subprocess.run(
        ["sh", str(tmp_path / "collect_submission.sh"), "assignment1"],
        capture_output=True,
        text=True,
        cwd="/",
        env=environment,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "assignment1_submission.zip").exists()
