"""Turn the files of an assignment into a verified zip: read, run, examine and write them."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from cs231n import __version__
from cs231n.data import disk
from cs231n.tutor import course, originals, processes
from cs231n.tutor.kernel import recorded
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import (
    archive,
    code,
    copies,
    files,
    illustrations,
    own,
    portable,
    privacy,
    read,
    review,
    trial,
)
from cs231n.tutor.submission.files import UnfitFileError
from cs231n.tutor.submission.limits import CellLimits
from cs231n.tutor.submission.read import Notebook
from cs231n.tutor.terminal import Screen

LARGE_STUB = 1_000_000  # bytes; the student is warned about a larger Python file
Checker = Callable[[Path, course.Assignment], Iterable[Verdict]]


@dataclass
class Submission:
    """The files that are about to be handed in, and the findings about them.

    `files` is {name: bytes} of the zip without its manifest; `problems` is {notebook: notices}; `remarks` are
    lines about edited or deleted given files, newer copies of files, and what a grader may lack.
    """

    assignment: course.Assignment
    files: dict[str, bytes]
    notebooks: list[Notebook]
    problems: dict[str, list[str]] = field(default_factory=dict)
    verdicts: list[Verdict] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    student: str = ""  # the name for the report, if one was given
    date: str = ""  # the time of the last change; in the report only, so that the zip does not depend on it

    @property
    def unanswered(self) -> dict[str, list[int]]:
        """The numbers of the questions without an answer, as {notebook: numbers}."""
        asked = {book.stem: [q.number for q in review.questions(book) if not q.answered] for book in self.notebooks}
        return {stem: numbers for stem, numbers in asked.items() if numbers}

    @property
    def own(self) -> list[str]:
        """The student's own modules and notebooks among the files."""
        code = (name for name in self.files if name.endswith((".py", ".ipynb")))
        return sorted(name for name in code if name not in self.assignment.files)

    @property
    def large(self) -> list[str]:
        """A line for each Python file that is suspiciously large."""
        stubs = {name: len(content) for name, content in self.files.items() if name.endswith(".py")}
        return [f"{name} is large ({disk.size(long)})" for name, long in stubs.items() if long > LARGE_STUB]

    @property
    def gaps(self) -> list[str]:
        """One line for each thing that is missing or wrong in the files."""
        found = [f"{stem}: {notice}" for stem, notices in self.problems.items() for notice in notices]
        numbers = {stem: ", ".join(map(str, found)) for stem, found in self.unanswered.items()}
        empty = [f"{stem}: questions without an answer: {which}" for stem, which in numbers.items()]
        return [*found, *empty, *self.large, *self.remarks]

    @property
    def notices(self) -> list[str]:
        """A line for each exercise that does not pass, then the lines of `gaps`; [] if the submission is complete."""
        return [f"{one.name}: {one.message}" for one in self.verdicts if one.status != "pass"] + self.gaps


def content(name: str, root: Path = course.ROOT) -> bytes:
    """Return the bytes of a required file. Raises UnfitFileError; for a missing file, the message may name a copy."""
    try:
        return files.read(root, name)
    except files.MissingFileError:
        raise files.MissingFileError(name, copies.newer(name, root)) from None


def collect(
    assignment: course.Assignment, root: Path = course.ROOT
) -> tuple[dict[str, bytes], list[Notebook], dict[str, UnfitFileError]]:
    """Return {name: bytes} of required files and own code, the required notebooks, and {name: error} of unfit files."""
    contents: dict[str, bytes] = {}
    books: list[Notebook] = []
    unfit: dict[str, UnfitFileError] = {}
    for name in assignment.files:
        try:
            contents[name] = content(name, root)
            if name.endswith(".ipynb"):
                books.append(read.parse(name, contents[name]))
        except UnfitFileError as error:  # noqa: PERF203
            unfit[name] = error
    return contents | own.find(contents, books, root).files, books, unfit


def prepare(assignment: course.Assignment, root: Path = course.ROOT) -> tuple[dict[str, bytes], list[Notebook]]:
    """Return the files and notebooks from `collect`. Raises CannotSubmitError with a reason for each unfit file."""
    contents, books, unfit = collect(assignment, root)
    if unfit:
        raise files.CannotSubmitError(*map(str, unfit.values()))
    return contents, books


def run_notebooks(
    contents: dict[str, bytes], books: list[Notebook], root: Path, limits: CellLimits, screen: Screen
) -> tuple[dict[str, bytes], dict[str, str]]:
    """Run notebooks in a copy of the kit; return {name: bytes} of those that finished, {name: why} of the others."""
    from cs231n.tutor.submission.run import run_notebook

    fresh: dict[str, bytes] = {}
    failed: dict[str, str] = {}
    with disk.temporary_folder() as folder:
        tree = trial.lay_out(contents, folder / "tree", root)
        environment = processes.environment(tree)
        for book in books:
            run = run_notebook(contents[book.name], book, tree, environment, limits, screen.passing)
            if run.stopped:
                failed[book.name] = str(run.stopped[0])
            else:
                fresh[book.name] = run.content
            screen.passing()
            told = [failed.get(book.name, "run from top to bottom"), run.waits, book.excused]
            screen.line(f"{book.stem}: {'; '.join(filter(None, told))}")
        recorded.take_over(tree / recorded.PLACE, root / recorded.PLACE)
    return fresh, failed


def keep_outputs(contents: dict[str, bytes], fresh: dict[str, bytes], root: Path) -> dict[str, str]:
    """Replace the student's notebooks with the copies that ran; return {name: why} of those that were not replaced.

    A notebook is not replaced if it was edited in the meantime, or contains figures that the run did not draw again.
    """
    left = {name: "edited in the meantime" for name in fresh if not _is_still(contents[name], name, root)}
    for name in fresh.keys() - left.keys():
        if lost := review.figures_lost(read.parse(name, contents[name]), read.parse(name, fresh[name])):
            left[name] = lost
        else:
            disk.write_file(root / name, fresh[name])
    return left


def _is_still(content: bytes, name: str, root: Path) -> bool:
    with suppress(files.UnfitFileError):
        return files.read(root, name) == content
    return False


def examine(
    assignment: course.Assignment,
    contents: dict[str, bytes],
    books: list[Notebook],
    root: Path = course.ROOT,
    check: Checker = trial.verdicts,
    student: str = "",
) -> Submission:
    """Return what a grader would see: review the notebooks, and check the stubs in an unpacked zip of the files."""
    executed = recorded.sessions(root / recorded.PLACE)
    problems = {book.stem: review.notices(book, len(contents[book.name]), executed) for book in books}
    shown: dict[str, bytes] = {}
    known = {*contents, *originals.given(root), *originals.originals(root), *originals.sums(root)}
    for book in books:
        problems[book.stem] += [*filter(None, [book.excused]), *illustrations.collect(book, root, shown, known)]
    with disk.temporary_folder() as folder:
        clean = privacy.cleaner(root, folder / "tree")
        named = [book.name for book in books]
        more = [name for name in contents if name.endswith(".ipynb") and name not in named]  # run by cells
        whole = [*books, *(read.parse(name, contents[name]) for name in more)]
        ready = shown | contents | {book.name: read.dumps(read.without(book, clean)) for book in whole}
        packed = folder / "trial.zip"
        archive.write(packed, ready)
        tree = trial.lay_out(archive.read(packed), folder / "tree", root)
        verdicts = [replace(verdict, message=clean(verdict.message)) for verdict in check(tree, assignment)]
    problems = {stem: [clean(notice) for notice in found] for stem, found in problems.items() if found}
    told, date = remarks(assignment, contents, books, root), files.last_change(root, ready)
    return Submission(assignment, ready, books, problems, verdicts, told, student, date)


def remarks(
    assignment: course.Assignment, contents: dict[str, bytes], books: list[Notebook], root: Path = course.ROOT
) -> list[str]:
    """Return a line for each reason why a grader's result may differ from the student's."""
    edited = originals.edited(root)
    tutors = [name for name in edited if name.startswith("cs231n/tutor/")]
    subjects = [name for name in edited if name not in tutors]
    how = {name: "was edited" if (root / name).exists() else "was deleted" for name in edited}
    restored = originals.given(root)  # trial.lay_out writes these files again
    used = {name: ", and so did the checks" if name in restored else "" for name in subjects}
    found = [f"{name} is a given file and {how[name]}: a grader uses the original{used[name]}" for name in subjects]
    found += [
        f"{name} belongs to the tutor and {how[name]}: a grader's checks may give a different result" for name in tutors
    ]
    for name in assignment.files:
        newer = copies.newer(name, root, tuple(contents)) if name in contents else ""
        found += [f"{newer} contains newer work than {name}, but only {name} is handed in"] if newer else []
    modules = {Path(name).stem for name in contents if name.endswith(".py")}
    found += [line for piece in code.pieces(contents, books) for line in portable.notices(piece, modules)]
    return found + own.find(contents, books, root).notices


def write_zip(submission: Submission, folder: Path) -> Path:
    """Write <assignment>_submission.zip into `folder`: byte for byte the files that were examined, and the manifest.

    An earlier zip is kept until the new one is verified and complete. Raises OSError.
    """
    path = folder / f"{submission.assignment.name}_submission.zip"
    archive.write(path, dict(sorted(submission.files.items())) | {"manifest.json": _manifest(submission)})
    return path


def _manifest(submission: Submission) -> bytes:
    """Return the manifest, a JSON file: a list of the files, the versions in use, and what the student was told.

    Times, and the names of accounts and machines, are not recorded in it.
    """
    verdicts, contents = submission.verdicts, sorted(submission.files.items())
    told = ("name", "status", "points", "out_of", "message", "cause_id")
    content = {
        "assignment": submission.assignment.name,
        "kit_version": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": f"{platform.system()} {platform.machine()}".strip(),
        "data": {book.stem: said for book in submission.notebooks if (said := review.data_used(book))},
        "points": sum(verdict.points for verdict in verdicts),
        "out_of": sum(verdict.out_of for verdict in verdicts),
        "checks": [{key: getattr(verdict, key) for key in told} for verdict in verdicts],
        "notices": submission.notices,
        "files": {name: {"sha256": hashlib.sha256(found).hexdigest(), "size": len(found)} for name, found in contents},
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
