"""Lay what is handed in over the kit as it came, and check it there, as a grader would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.checks import isolated
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import files, given
from cs231n.tutor.submission.files import CannotSubmitError

SECONDS = 100  # for all exercises together


def lay_out(handed_in: Mapping[str, bytes], tree: Path, root: Path = course.ROOT) -> Path:
    """Lay files over the kit in `root` as it came, in the new folder `tree`, and return that.

    Nothing else of the student's is there, except the images. Raises CannotSubmitError.
    """
    tutor = {name: content for name in given.sums(root) if (content := _content(root, name)) is not None}
    for name, content in (given.subject(root) | given.originals(root) | tutor | dict(handed_in)).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    with suppress(OSError):  # Windows grants links to few accounts; without it the notebooks run on the stand-in
        (tree / "datasets").symlink_to(root / "datasets", target_is_directory=True)
    return tree


def verdicts(tree: Path, assignment: course.Assignment, seconds: float = SECONDS) -> Iterator[Verdict]:
    """Check every exercise of an assignment in `tree`; those not reached within `seconds` are errors.

    Raises CannotSubmitError if the kit itself is damaged, so that nothing can be said of the student's work.
    """
    try:
        yield from isolated.verdicts([exercise.name for exercise in assignment.exercises], tree, seconds)
    except DamagedKitError as error:
        raise CannotSubmitError(str(error)) from None


def check(tree: Path, assignment: course.Assignment, seconds: float = SECONDS) -> list[Verdict]:
    """Return all of `verdicts`."""
    return list(verdicts(tree, assignment, seconds))


def _content(root: Path, name: str) -> bytes | None:
    try:
        return files.read(root, name)
    except files.UnfitFileError:  # the checks say what is damaged
        return None
