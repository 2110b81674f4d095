"""Write the zip: the same bytes for the same content, and either a complete file or none."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from cs231n import __version__
from cs231n.tutor import course
from cs231n.tutor.show.verdict import Verdict

EPOCH = (1980, 1, 1, 0, 0, 0)
MANIFEST = "manifest.json"
ABANDONED = 3600  # seconds after which nobody is writing a partial file any more


def manifest(
    assignment: course.Assignment,
    files: Mapping[str, bytes],
    verdicts: Sequence[Verdict],
    data: Mapping[str, str],
    notices: Sequence[str],
) -> bytes:
    """Return manifest.json: what is in the zip, what it was made with, and what the student was told about it.

    `data` is {notebook: the data set its outputs name}. Nothing in it depends on time, place or person.
    """
    told = ("name", "status", "points", "out_of", "message", "cause_id")
    rows = [{key: verdict.as_row()[key] for key in told} for verdict in verdicts]
    content: dict[str, Any] = {
        "assignment": assignment.name,
        "kit_version": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "system": f"{platform.system()} {platform.machine()}".strip(),
        "data": dict(data),
        "points": sum(verdict.points for verdict in verdicts),
        "out_of": sum(verdict.out_of for verdict in verdicts),
        "checks": rows,
        "notices": list(notices),
        "files": {
            name: {"sha256": hashlib.sha256(found).hexdigest(), "size": len(found)}
            for name, found in sorted(files.items())
        },
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


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
