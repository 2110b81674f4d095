"""Build the student release, a zip of what `git archive` returns for the last commit, and test it.

Its files are listed in release-manifest.txt, so that no file is added or removed by accident: `make release
ARGS=--update-manifest` writes the list again, and `git diff` shows what changed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cs231n import __version__
from cs231n.tutor import course, processes
from solutions.tools import generate, leaks

MANIFEST = f"{generate.HERE}/release-manifest.txt"
NAME = "cs231n-assignments"
# The CI of a student's repository, which must not run in the kit's own repository.
PLACED = {"ci/github.yml": ".github/workflows/check.yml", "ci/gitlab.yml": ".gitlab-ci.yml"}
VERSIONED = ("CHANGELOG.md", "cs231n/__init__.py")
Say = Callable[[str], object]
Date = tuple[int, int, int, int, int, int]


class ReleaseError(RuntimeError):
    """Something is wrong with the release, and no zip is written; the message says what."""


@dataclass(frozen=True)
class File:
    """A file of the release: its content, and whether it can be run."""

    content: bytes
    executable: bool = False


def version(root: Path = generate.ROOT) -> str:
    """Return the first version in the changelog. Raises ReleaseError if the version of the package differs."""
    opened = re.search(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    if not opened or opened[1] != __version__:
        raise ReleaseError(
            f"CHANGELOG.md begins with version {opened[1] if opened else 'none'}, but __version__ is {__version__}: "
            "make them the same"
        )
    return opened[1]


def contents(root: Path = generate.ROOT, commit: str = "HEAD") -> dict[str, File]:
    """Return {path: file} of the release of a commit: what `git archive` contains, with the student's CI in its place.

    Raises ReleaseError if git fails, or if a file is a link.
    """
    packed = _git(root, "archive", "--format=tar", commit)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        links = [one.name for one in archive if not (one.isfile() or one.isdir())]
        files = {
            PLACED.get(one.name, one.name): File(packed_file.read(), bool(one.mode & 0o100))
            for one in archive
            if (packed_file := archive.extractfile(one))
        }
    if links:
        raise ReleaseError("\n".join(f"{name}: is a link, which not every system unpacks" for name in links))
    return dict(sorted(files.items()))


def _git(root: Path, *arguments: str) -> bytes:
    """Return what git prints. Raises ReleaseError if git fails or is not installed."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True)
    except FileNotFoundError:
        raise ReleaseError("git is not installed, but a release is made from a commit") from None
    if done.returncode:
        raise ReleaseError(f"git {' '.join(arguments)}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def unfit(files: dict[str, File], root: Path = generate.ROOT) -> list[str]:
    """Return a line for each problem with the contents of a release: leaks, and unlisted or missing files."""
    listed = set((root / MANIFEST).read_text(encoding="utf-8").split("\n")) - {""}
    told = [f"{path}: is not listed in {MANIFEST}" for path in sorted(files.keys() - listed)]
    told += [f"{path}: is listed in {MANIFEST}, but missing" for path in sorted(listed - files.keys())]
    return told + leaks.find({path: file.content for path, file in files.items()}, leaks.Secrets(root))


def committed(root: Path = generate.ROOT, commit: str = "HEAD") -> Date:
    """Return the date of a commit, in UTC, which all files in the zip get.

    So the same commit gives the same bytes, and Python, which compares date and size, does not use bytecode of an
    earlier release that was unpacked in the same folder.
    """
    return time.gmtime(int(_git(root, "show", "--no-patch", "--format=%ct", commit)))[:6]


def write_zip(files: dict[str, File], path: Path, folder: str, date: Date) -> None:
    """Write a zip with everything in one folder; the same files and date give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files.items():
            member = zipfile.ZipInfo(f"{folder}/{name}", date)
            member.create_system = 3  # Unix, on every system, so that the mode is used
            member.external_attr = (0o100755 if file.executable else 0o100644) << 16
            archive.writestr(member, file.content, zipfile.ZIP_DEFLATED)


def unpack(path: Path, home: Path) -> Path:
    """Unpack a zip as a student does, with the modes of its files; return its folder."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            Path(archive.extract(member, home)).chmod((member.external_attr >> 16) & 0o777)
        return home / archive.namelist()[0].split("/")[0]


def student_environment(kit: Path, home: Path) -> dict[str, str]:
    """Return the environment of somebody who has only the unpacked kit and the packages that it needs."""
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
    known = {name: os.environ[name] for name in kept if name in os.environ}
    homes = {"HOME": str(home), "USERPROFILE": str(home)}
    # PYTHONPATH replaces `pip install -e .`, since in this Python the instructor's copy is installed.
    return known | homes | {"PYTHONPATH": os.pathsep.join([str(kit), str(home)]), "PYTHONDONTWRITEBYTECODE": "1"}


def prove(kit: Path, home: Path, say: Say) -> None:
    """Test that every exercise of an unpacked release is to do and that all notebooks run. Raises ReleaseError."""
    begin = time.monotonic()
    rows = json.loads(_python(kit, home, ["-m", "cs231n", "check", "--json"], {1}))
    wrong = [f"{row['name']}: {row['status']}, {row['message']}" for row in rows if row["status"] != "todo"]
    if wrong or [row["name"] for row in rows] != list(course.exercises()):
        raise ReleaseError("not every exercise is to do in the release:\n" + "\n".join(wrong))
    say(f"  every exercise is still to do: {len(rows)} ({time.monotonic() - begin:.0f} s)")
    run_notebooks(kit, home, say)


def run_notebooks(kit: Path, home: Path, say: Say, *assignments: str) -> None:
    """Test that the notebooks of these assignments, by default of all, run without a traceback or a wrong exercise.

    Raises ReleaseError if one does not.
    """
    begin = time.monotonic()
    script = shutil.copy(Path(__file__).with_name("tracebacks.py"), home)
    told = _python(kit, home, [str(script), *assignments], {0})
    notebooks = [line for line in told.splitlines() if " cells, " in line]
    for line in notebooks:
        say(line)
    say(f"  notebooks run to the end, without a traceback: {len(notebooks)} ({time.monotonic() - begin:.0f} s)")


def _python(kit: Path, home: Path, arguments: list[str], codes: set[int]) -> str:
    environment = student_environment(kit, home) | processes.marked() | {"PYTHONIOENCODING": "utf-8"}
    command, pipe = [sys.executable, *arguments], subprocess.PIPE
    process = subprocess.Popen(command, cwd=kit, env=environment, stdout=pipe, stderr=pipe, encoding="utf-8")
    try:
        told, complaints = process.communicate()
    finally:
        processes.end(process.pid)  # after Ctrl-C, kernels that it started still run
    if process.returncode not in codes:
        typed = f"python {' '.join(arguments)}"
        raise ReleaseError(f"in the unpacked release, `{typed}` exited with {process.returncode}:\n{told}{complaints}")
    return told


def uncommitted(root: Path = generate.ROOT) -> list[str]:
    """Return the lines of `git status`: the changes that are not in a release."""
    return _git(root, "status", "--porcelain").decode(errors="replace").splitlines()


def update_manifest(root: Path = generate.ROOT) -> bool:
    """Write the list of files of the last commit's release; return whether it changed."""
    return generate.write_if_changed(root / MANIFEST, "\n".join(contents(root)) + "\n")


def release(root: Path = generate.ROOT, allow_dirty: bool = False, say: Say = print) -> Path:
    """Build the zip, test it, and put it into build/release; return its path. Raises ReleaseError."""
    name = f"{NAME}-{version(root)}"
    dirty = uncommitted(root)
    if dirty and not allow_dirty:
        told = "\n".join(f"  {line}" for line in dirty[:10]) + ("\n  …" if len(dirty) > 10 else "")
        raise ReleaseError(f"not everything is committed:\n{told}\nCommit it; --allow-dirty releases the last commit.")
    for path in VERSIONED:
        if any(line[3:] == path for line in dirty):
            raise ReleaseError(f"{path} contains the version, and has changed: commit it first")
    if dirty:
        say(f"Not committed, and so not in the release: {len(dirty)} files")
    files = contents(root)
    problems = unfit(files, root)
    if problems:
        raise ReleaseError("\n".join(["the release is not fit for students:", *(f"  {one}" for one in problems)]))
    say(f"{name}: {len(files)} files as listed, without any part of a solution")
    target = root / "build" / "release" / f"{name}.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with tempfile.TemporaryDirectory(prefix="cs231n-release-", ignore_cleanup_errors=True) as home:
        unproven = Path(home) / target.name
        write_zip(files, unproven, name, committed(root))
        prove(unpack(unproven, Path(home)), Path(home), say)
        shutil.copyfile(unproven, partial)
    partial.replace(target)
    packed = target.read_bytes()
    say(f"{target.relative_to(root)}: {len(packed) / 1000:,.0f} kB, sha256 {hashlib.sha256(packed).hexdigest()}")
    return target
