"""Write the zip: the same bytes for the same content, and either a complete file or none."""

from __future__ import annotations

import os
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)
ABANDONED = 3600  # seconds after which nobody is writing a partial file any more


def write(path: Path, contents: Mapping[str, bytes]) -> None:
    """Write a zip, read it back, then put it in place. Raises OSError, and leaves `path` as it was."""
    with replacing(path) as partial:
        with partial.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in contents.items():
                    archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
            file.flush()
            os.fsync(file.fileno())
        if read(partial) != contents:
            raise OSError(f"{path.name} does not read back as it was written: is the disk sound?")


def read(path: Path) -> dict[str, bytes]:
    """Return {name: bytes} of a zip. Raises OSError if it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except zipfile.BadZipFile as error:
        raise OSError(f"{path.name} is damaged: {error}") from None


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


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # Unix, on every system
    return entry
