"""The autograder for Gradescope: make the zip from which Gradescope builds a container, and grade in the container."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cs231n.data import disk
from cs231n.tutor import course, originals
from cs231n.tutor.submission import archive
from grading import store, work
from grading.intake import unpack
from grading.intake.attempts import Attempt
from grading.intake.source import UnreadableError, open_source
from grading.out import gradescope
from grading.records import RecordsError
from solutions.tools import generate

HERE = Path(__file__).parent
ROOT = generate.ROOT
SCRIPTS = ("setup.sh", "run_autograder")  # at the root of the zip
PARTS = ("cs231n", "solutions", "grading", "assignments", "pyproject.toml", "requirements.txt", "constraints.txt")
LEFT_OUT = (
    "solutions/reference/",
    "solutions/attempts/",
    "grading/autograder/setup.sh",
    "grading/autograder/run_autograder",
)
TRIES = 2


def grade_one(folder: Path, output: Path, assignment: str, secret: Path, seeds: int, engine: str) -> int:
    """Grade a student's upload in `folder`, and write results.json for Gradescope to `output`; return 0.

    Even if an exception is raised, `output` is written first; it then says that the grader failed.
    """
    told = gradescope.results(work.failure("", assignment, "it stopped before there was a result"))
    try:
        found = _read(folder, assignment)
        content = _packed(found)
        for _ in range(TRIES):
            record = json.loads(
                work.grade(content, assignment, found.sha256, secret.read_bytes().strip(), seeds, "", engine)
            )
            if not gradescope.failed(record):
                break
        told = gradescope.results(record, "; ".join(found.remarks))
    except (unpack.RefusedError, UnreadableError) as error:
        told = gradescope.refused(str(error))
    finally:
        store.write(output, told)
    return 0


def _read(folder: Path, assignment: str) -> unpack.Unpacked:
    source = open_source(folder)
    attempt = Attempt("student", "student", tuple(source.names()))
    contents = {name: (lambda name=name: source.read(name)) for name in attempt.names}
    found = unpack.read(contents, course.find_assignment(assignment))
    if found.assignment != assignment:
        whose = f"from {found.assignment}" if found.assignment else "not from the kit"
        raise unpack.RefusedError(f"these files are {whose}, but {assignment} should be handed in here")
    return found


def _packed(found: unpack.Unpacked) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "submission.zip"
        archive.write(path, dict(sorted(found.files.items())))
        return path.read_bytes()


def build(assignment: str, path: Path | None, secret: bytes, allow_dirty: bool = False) -> Path:
    """Write the autograder's zip from the files that git tracks, and return its path.

    Raises RecordsError if git fails or, unless `allow_dirty` is true, if there are uncommitted changes.
    """
    path = path or ROOT / "build" / f"{assignment}-autograder.zip"
    changed = _git("status", "--porcelain", "--", *PARTS).decode().strip()
    if changed and not allow_dirty:
        raise RecordsError(f"commit these changes first, since the zip is made from the last commit:\n{changed}")
    names = [name for name in _git("ls-files", "-z", "--", *PARTS).decode().split("\0") if name]
    files = {name: (ROOT / name).read_bytes() for name in names if not name.startswith(LEFT_OUT)}
    files |= {name: (HERE / name).read_text("utf-8").replace("ASSIGNMENT", assignment).encode() for name in SCRIPTS}
    files["secret"] = secret + b"\n"
    with disk.replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, archive.EPOCH)
            entry.create_system = 3
            entry.external_attr = (0o100755 if name in SCRIPTS else 0o100600 if name == "secret" else 0o100644) << 16
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return path


def prove(path: Path, engine: str = work.ENGINE) -> Iterator[str]:
    """Unpack an autograder's zip, grade the stubs and the masters with it, and yield a line for each.

    Raises RecordsError if that fails, if the stubs get any points, or if the masters do not get all of them.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        source = home / "source"
        with zipfile.ZipFile(path) as packed:
            if lacking := set(SCRIPTS) - set(packed.namelist()):
                raise RecordsError(f"{path} has no {', '.join(sorted(lacking))} at its root")
            for member in packed.infolist():
                Path(packed.extract(member, source)).chmod((member.external_attr >> 16) & 0o777)
        for script in SCRIPTS:
            _run(["bash", "-n", str(source / script)], home)
        assignment = next(one for one in course.ASSIGNMENTS if one.name in (source / "run_autograder").read_text())
        most = sum(one.points for one in assignment.exercises)
        solved = generate.write_solved(out=home / "solved")
        masters = {name: (solved / name).read_bytes() for name in assignment.files}
        stubs = {name: originals.originals()[name] for name in assignment.files}
        for told, files, score in (("the original stubs", stubs, 0), ("the masters", masters, most)):
            shutil.rmtree(home / "submission", ignore_errors=True)
            for name, content in files.items():
                (home / "submission" / name).parent.mkdir(parents=True, exist_ok=True)
                (home / "submission" / name).write_bytes(content)
            with suppress(FileNotFoundError):
                (home / "results" / "results.json").unlink()
            _run([str(source / "run_autograder"), "--engine", engine], home)
            found = json.loads((home / "results" / "results.json").read_bytes())
            if found.get("score") != score:
                raise RecordsError(
                    f"{told} get {found.get('score')} of {most} points instead of {score}: {found['output']}"
                )
            yield f"{told} get {score} of {most} points"


def _run(command: list[str], home: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "AUTOGRADER": str(home), "PYTHON": sys.executable}
    environment |= {key: os.environ[key] for key in ("LANG",) if key in os.environ}
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RecordsError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


def _git(*arguments: str) -> bytes:
    try:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise RecordsError(f"the zip is made from a commit, but git failed: {error}") from None
