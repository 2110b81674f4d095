"""Zip up an assignment: the files of its list and a manifest, the same bytes for the same content."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

from cs231n import __version__, course

EPOCH = (1980, 1, 1, 0, 0, 0)


class MissingFilesError(FileNotFoundError):
    """Files of the assignment are not there, so there is nothing fit to hand in."""


def write_zip(assignment: course.Assignment, folder: Path | None = None, root: Path = course.ROOT) -> Path:
    """Write <assignment>_submission.zip into `folder` (default: the kit's own) and return its path.

    Holds assignment.files and manifest.json (sha256 and size of each). Written beside, read back, then renamed: an
    earlier zip stays until the new one is complete. Raises MissingFilesError, OSError.
    """
    missing = [name for name in assignment.files if not (root / name).is_file()]
    if missing:
        raise MissingFilesError("not there, so nothing was zipped: " + ", ".join(missing))
    contents = {name: (root / name).read_bytes() for name in sorted(assignment.files)}
    contents["manifest.json"] = _manifest(assignment, contents)
    path = (folder or root) / f"{assignment.name}_submission.zip"
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
        with zipfile.ZipFile(partial) as archive:
            if {name: archive.read(name) for name in archive.namelist()} != contents:
                raise OSError(f"{partial.name} does not read back as it was written")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def _manifest(assignment: course.Assignment, contents: dict[str, bytes]) -> bytes:
    files = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in contents.items()}
    manifest = {"assignment": assignment.name, "kit_version": __version__, "files": files}
    return (json.dumps(manifest, indent=1) + "\n").encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # the same on every system
    return entry
