"""Write files so that they are complete or unchanged, even if the process is killed or the machine crashes.

Only a log may end with an incomplete line.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

PARTIAL = ".partial"


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a temporary file and move it to `path`. If OSError is raised, `path` is unchanged.

    Unlike cs231n.data.disk.write_file, this function does not list the folder, which may contain a file for each of
    100,000 students.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    number, partial = tempfile.mkstemp(suffix=PARTIAL, prefix=".", dir=path.parent)
    try:
        with open(number, "wb") as file:  # noqa: PTH123  a descriptor
            os.fchmod(number, mode)
            file.write(content)
            file.flush()
            os.fsync(number)
        Path(partial).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(partial).unlink()
        raise
    _sync(path.parent)


def append(path: Path, line: str) -> None:
    """Add a line to a log; if the last line is incomplete, because a process was killed, end it first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab+") as file:
        if file.tell() and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
            file.write(b"\n")
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def sweep(folder: Path) -> None:
    """Delete the partial files that killed processes left in a folder and below."""
    for old in folder.rglob(f".*{PARTIAL}"):
        with suppress(OSError):
            old.unlink()


def _sync(folder: Path) -> None:
    """Make sure that the new name in a folder is on disk, if the system can do that."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
