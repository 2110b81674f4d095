"""Put the files of a submission into a copy of the original kit, and check them there, as a grader would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from cs231n.tutor import course, originals
from cs231n.tutor.checks import isolated
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show.verdict import Verdict
from cs231n.tutor.submission import files
from cs231n.tutor.submission.files import CannotSubmitError

SECONDS = 100  # for all exercises together


def lay_out(handed_in: Mapping[str, bytes], tree: Path, root: Path = course.ROOT) -> Path:
    """Write the original kit of `root`, with the files that are handed in, into the new folder `tree`; return `tree`.

    The tutor, and the pages and pictures of the package, are copied as they are in `root`, and datasets/ is linked if
    possible. Raises DamagedOriginalsError.
    """
    tutor: dict[str, bytes] = {}
    for name in originals.sums(root):
        with suppress(files.UnfitFileError):  # the checks report what is damaged
            tutor[name] = files.read(root, name)
    for name, content in (originals.given(root) | originals.originals(root) | tutor | dict(handed_in)).items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(content)
    with suppress(OSError):  # on Windows, few accounts may make links; without the link, notebooks use the stand-in
        (tree / "datasets").symlink_to(root / "datasets", target_is_directory=True)
    return tree


def verdicts(tree: Path, assignment: course.Assignment, seconds: float = SECONDS) -> Iterator[Verdict]:
    """Check the exercises of an assignment that are in files of `tree`; those not reached within `seconds` are errors.

    Raises CannotSubmitError if the checks cannot run: nothing can be said about the student's work then.
    """
    try:
        yield from isolated.verdicts([exercise.name for exercise in assignment.exercises], tree, seconds)
    except DamagedKitError as error:
        raise CannotSubmitError(str(error)) from None
