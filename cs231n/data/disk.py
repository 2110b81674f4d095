"""Open files without blocking, write them completely or not at all, and create folders for temporary files."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ABANDONED = 3600  # seconds after which a partial file is considered abandoned


def open_file(path: str | Path) -> BinaryIO:
    """Open a file to read its bytes. Raises OSError if that fails, or if it is a device, a named pipe or a folder.

    This never waits, even for a named pipe without a process at its other end.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "this is not a file", str(path))
    return os.fdopen(handle, "rb")


def write_file(path: Path, content: bytes) -> None:
    """Write a file completely, then move it to `path`. If this raises OSError, `path` is unchanged."""
    with replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that replaces `path` once it is complete and safely on disk; if anything fails, `path` is unchanged.

    The folder of `path` is created if necessary. Partial files for `path` are deleted if they are older than an hour
    or were left by processes that no longer exist.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f"{path.name}.*.partial"):
        with contextlib.suppress(OSError):  # another process may be deleting them too
            if _is_gone(old.name.split(".")[-2]) or time.time() - old.stat().st_mtime > ABANDONED:
                old.unlink()
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(path, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def size(count: float) -> str:
    """Return a number of bytes as text, such as "1.2 MB"."""
    for unit, worth in (("MB", 1e6), ("kB", 1e3)):
        if count >= worth:
            return f"{count / worth:,.1f} {unit}"
    return f"{count} bytes"


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield a new temporary folder, and delete it at the end.

    Temporary folders that killed processes of the kit have left are deleted first.
    """
    home = Path(tempfile.gettempdir())
    for old in home.glob("cs231n-*-*"):
        if _is_gone(old.name.split("-")[1]) and not old.is_symlink():
            shutil.rmtree(old, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"cs231n-{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _is_gone(number: str) -> bool:
    """Return whether `number` has the form of a process id, and no process has this id."""
    import psutil  # imported here, so that notebooks, which load this module, start faster

    return bool(re.fullmatch(r"[0-9]{1,9}", number)) and not psutil.pid_exists(int(number))
