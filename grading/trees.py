"""The folders that a grading process makes for its children (child.py): the kit, the masters, the submissions.

All of them are in one temporary folder, made once for each grading process. `pristine` contains the package cs231n with
stubs, `masters` contains the same package with the model answers, and `engine` contains the modules that a child runs;
none of them contains expected values. A submission is copied over a copy of `pristine`.
"""

from __future__ import annotations

import compileall
import contextlib
import hashlib
import os
import py_compile
import shutil
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cs231n
from cs231n.tutor import course
from solutions.tools import generate, regions

ROOT = generate.ROOT
ENGINE = ("__init__", "child", "confine", "recipes", "wire")  # the modules of this package that a child needs
LEFT_OUT = shutil.ignore_patterns("__pycache__", "expected", "*.pyc", "*.html", "notebook_images", "given.zip")
LARGEST = 1 << 20  # limit in bytes for one of the student's modules
MOST = 200  # limit for the number of a submission's files; further ones are left out
# Files on which no verdict depends: they may change without a regrade.
AROUND = (
    *("intake/*.py", "out/*.py", "autograder/*.py", "__main__.py", "cluster.py", "commands.py", "exceptions.py"),
    *("marks.py", "records.py", "run.py", "store.py", "tables.py", "work.py"),
)


class Workshop:
    """The folders that all submissions share."""

    def __init__(self) -> None:
        self._held = tempfile.TemporaryDirectory(prefix="grading-")
        self.home = Path(self._held.name)
        self.home.chmod(0o711)  # children that are other users can enter, but not list, this folder
        self.pristine, self.masters, self.engine = (self.home / name for name in ("pristine", "masters", "engine"))
        self._build()

    def _build(self) -> None:
        for folder, transform in ((self.pristine, regions.to_stub), (self.masters, regions.to_solved)):
            shutil.copytree(ROOT / "cs231n", folder / "cs231n", ignore=LEFT_OUT)
            for path, master in generate.masters(ROOT).items():
                if path.endswith(".py"):
                    text = transform(master.read_text(encoding="utf-8"), master.relative_to(ROOT).as_posix())
                    (folder / path).write_text(text, encoding="utf-8")
        (self.engine / "grading").mkdir(parents=True)
        for name in ENGINE:
            shutil.copy(Path(__file__).with_name(f"{name}.py"), self.engine / "grading")
        for folder in (self.pristine, self.masters, self.engine):
            _compile(folder)
        self.masters.chmod(0o700)

    @contextlib.contextmanager
    def student(self, tree: Path) -> Iterator[Path]:
        """Yield a folder with the kit and, copied over it, a submission's own_files; it is deleted at the end."""
        folder = Path(tempfile.mkdtemp(prefix="submission-", dir=self.home))
        try:
            shutil.copytree(self.pristine / "cs231n", folder / "cs231n")
            for path in own_files(tree, self.pristine):
                _lay(tree / path, folder / path)
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


_made: list[Workshop] = []
_making = threading.Lock()


def workshop() -> Workshop:
    """Return the folders of this process, which are created on the first call."""
    with _making:
        if not _made:
            _made.append(Workshop())
    return _made[0]


def own_files(tree: Path, pristine: Path) -> list[str]:
    """Return the files that count, at most MOST: files of stubs, and other modules that replace none of the kit's."""
    stubs = {exercise.file for _, exercise in course.exercises().values()}
    found = []
    for folder, folders, files in os.walk(tree):
        folders[:] = sorted(name for name in folders if name.isidentifier() and name != "__pycache__")
        here = Path(folder)
        for name in sorted(files):
            path = (here / name).relative_to(tree)
            is_module = name.endswith(".py") and name.removesuffix(".py").isidentifier()
            is_plain = is_module and not (here / name).is_symlink() and (here / name).is_file()
            if is_plain and (path.as_posix() in stubs or not _replaces_the_kits(path, pristine)):
                found.append(path.as_posix())
    return found[:MOST]


def _replaces_the_kits(path: Path, pristine: Path) -> bool:
    """Return whether a file would replace one of the kit, or is in cs231n/tutor/ or in a folder that hides a module."""
    in_the_way = any((pristine / folder).with_suffix(".py").exists() for folder in path.parents if folder.name)
    return path.is_relative_to("cs231n/tutor") or (pristine / path).exists() or in_the_way


def _lay(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        text = file.read(LARGEST + 1)
    target.write_bytes(text if len(text) <= LARGEST else b"raise MemoryError('this file is too large')\n")


def _compile(folder: Path) -> None:
    """Compile all modules except stubs to bytecode that stays valid when it is copied together with its source."""
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(folder, quiet=2, invalidation_mode=mode)
    for exercise_file in {exercise.file for _, exercise in course.exercises().values()}:
        path = folder / exercise_file
        for bytecode in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
            bytecode.unlink()


@cache
def version() -> str:
    """Return "version+hash": the kit's version, and a hash of what verdicts depend on (masters, checks, grader)."""
    folders = (ROOT / "solutions" / "cs231n", ROOT / "cs231n", Path(__file__).parent)
    suffixes = (".py", ".toml", ".json", ".npz")
    found = {path for folder in folders for path in folder.rglob("*") if path.suffix in suffixes and path.is_file()}
    stubs = {ROOT / path for path in generate.masters(ROOT)}  # somebody may have filled them in
    found -= {path for name in AROUND for path in Path(__file__).parent.rglob(name)}
    digest = hashlib.sha256()
    for path in sorted(found - stubs):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return f"{cs231n.__version__}+{digest.hexdigest()[:16]}"
