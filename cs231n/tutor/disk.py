"""Files written whole or not at all, and the folder for what the kit notes about a student's copy."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
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

    Partial files that a killed process left there are deleted too.
    """
    for old in path.parent.glob(f"{path.name}.*.partial"):
        with suppress(OSError):
            if _is_gone(old.name.split(".")[-2]) or time.time() - old.stat().st_mtime > ABANDONED:
                old.unlink()
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new folder for temporary files, which is deleted at the end, with those that killed processes left."""
    home = Path(tempfile.gettempdir())
    for old in home.glob("cs231n-*-*"):
        if _is_gone(old.name.split("-")[1]) and not old.is_symlink():
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"cs231n-{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _is_gone(number: str) -> bool:
    """Return whether `number` is that of a process, and there is none of that number."""
    import psutil  # a notebook, which imports this module too, starts sooner without it

    return bool(re.fullmatch(r"[0-9]{1,9}", number)) and not psutil.pid_exists(int(number))


def make_notes(folder: Path = NOTES) -> None:
    """Make a folder for notes that git passes over. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ".gitignore").write_text("*\n", encoding="ascii")
