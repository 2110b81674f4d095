"""The original kit: the files that students work on, and the given ones, which they should not edit.

originals.zip contains the stubs and notebooks; given.zip, the given modules of cs231n/ outside cs231n/tutor/; and
given.sha256, the hashes of the other given files in cs231n/: the tutor, pages and images. All three are generated.
"""

from __future__ import annotations

import hashlib
import zipfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from cs231n.data import disk
from cs231n.tutor import course

ORIGINALS = "cs231n/tutor/commands/originals.zip"
GIVEN = "cs231n/tutor/submission/given.zip"
SUMS = "cs231n/tutor/submission/given.sha256"
MOST = 4_000_000  # limit in bytes for one file in a zip, far above the largest one


class DamagedOriginalsError(OSError):
    """One of the files that contain the original kit cannot be read."""


def originals(root: Path = course.ROOT) -> dict[str, bytes]:
    """Return {path: bytes} of the original stubs and notebooks. Raises DamagedOriginalsError."""
    return contents(root / ORIGINALS)


def given(root: Path = course.ROOT) -> dict[str, bytes]:
    """Return {path: bytes} of the given modules outside cs231n/tutor/, as released. Raises DamagedOriginalsError."""
    return contents(root / GIVEN)


@cache
def sums(root: Path = course.ROOT) -> dict[str, str]:
    """Return {path: sha256} of the given files that given.zip does not contain. Raises DamagedOriginalsError."""
    try:
        with disk.open_file(root / SUMS) as file:
            lines = file.read().decode(errors="replace").splitlines()
    except OSError as error:
        raise _damaged(root / SUMS, error) from None
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def edited(root: Path = course.ROOT) -> list[str]:
    """Return the given files that were changed or deleted. Raises DamagedOriginalsError."""
    wanted = {name: sha256(content) for name, content in given(root).items()} | sums(root)
    return sorted(name for name, digest in wanted.items() if _sum(root / name) != digest)


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file's content with "\\n" as line ending, since git may have changed the line endings."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


@cache
def contents(path: Path) -> dict[str, bytes]:
    """Return {name: bytes} of the files in a zip of originals.

    Raises DamagedOriginalsError if the zip cannot be read, or if the SHA-256 of a file is not the one in its zip entry.
    """
    try:
        with disk.open_file(path) as file, zipfile.ZipFile(file) as archive:
            return {info.filename: _content(archive, info) for info in archive.infolist()}
    except Exception as error:  # for a damaged file, zipfile may raise nearly any exception
        raise _damaged(path, error) from None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        content = file.read(MOST)
    if hashlib.sha256(content).hexdigest().encode() != info.comment:
        raise ValueError(f"{info.filename} is damaged")
    return content


def _damaged(path: Path, error: Exception) -> DamagedOriginalsError:
    why = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
    where = f"cs231n/tutor/{path.parent.name}/{path.name}"
    return DamagedOriginalsError(f"{where} cannot be read ({why}): unpack the kit's cs231n/ again")


def _sum(path: Path) -> str:
    with suppress(OSError), disk.open_file(path) as file:
        return sha256(file.read())
    return ""
