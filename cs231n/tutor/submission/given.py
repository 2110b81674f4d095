"""The kit as it came: the files that students work on, and the given ones, which they are not to edit.

originals.zip holds the stubs, given.zip the given modules of the subject, given.sha256 the hashes of all else.
All three are generated.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.originals import DamagedOriginalsError, contents
from cs231n.tutor.submission import files

ORIGINALS = "cs231n/tutor/commands/originals.zip"
CONTENTS = "cs231n/tutor/submission/given.zip"
SUMS = "cs231n/tutor/submission/given.sha256"


def originals(root: Path = course.ROOT) -> dict[str, bytes]:
    """Return {name: bytes} of the stubs and notebooks as they came. Raises CannotSubmitError."""
    return _contents(root / ORIGINALS)


def subject(root: Path = course.ROOT) -> dict[str, bytes]:
    """Return {name: bytes} of the subject's given modules as they came. Raises CannotSubmitError."""
    return _contents(root / CONTENTS)


@cache
def sums(root: Path = course.ROOT) -> dict[str, str]:
    """Return {name: sha256} of the other given files as they came. Raises CannotSubmitError."""
    try:
        lines = files.read(root, SUMS).decode(errors="replace").splitlines()
    except files.UnfitFileError as error:
        raise files.CannotSubmitError(str(error)) from None
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def edited(root: Path = course.ROOT) -> list[str]:
    """Return the given files that are not as they came, or gone. Raises CannotSubmitError."""
    wanted = {name: sha256(content) for name, content in subject(root).items()} | sums(root)
    return sorted(name for name, digest in wanted.items() if _found(root, name) != digest)


def sha256(content: bytes) -> str:
    """Return the hash of a file; git may have written its line ends in another way."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _found(root: Path, name: str) -> str:
    try:
        return sha256(files.read(root, name))
    except files.UnfitFileError:
        return ""


def _contents(path: Path) -> dict[str, bytes]:
    try:
        return contents(path)
    except DamagedOriginalsError as error:
        raise files.CannotSubmitError(str(error)) from None
