"""Files written whole or not at all, and the folder for what the kit notes about a student's copy."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cs231n.tutor import course

NOTES = course.ROOT / ".cs231n"  # never handed in, and safe to delete
ABANDONED = 3600  # seconds after which nobody is writing a partial file any more


def write_file(path: Path, content: bytes) -> None:
    """Write a file and put it in place. Raises OSError, and leaves `path` as it was."""
    with replacing(path) as partial:
        partial.write_bytes(content)
        if path.exists():
            shutil.copymode(path, partial)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path next to `path` to write to; the file replaces `path` at the end, and is deleted after an error.

    Partial files that a killed process left there long ago are deleted too.
    """
    for old in path.parent.glob(f"{path.name}.*.partial"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > ABANDONED:
                old.unlink()
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def make_notes(folder: Path = NOTES) -> None:
    """Make a folder for notes that git passes over. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="ascii")
