"""Every file that students work on, as it came with the kit."""

from __future__ import annotations

import hashlib
import zipfile
from functools import cache
from pathlib import Path

from cs231n.data import places
from cs231n.tutor import course

PATH = course.TUTOR / "commands" / "originals.zip"
MOST = 4_000_000  # bytes of an original; the largest has 60,000


class DamagedOriginalsError(OSError):
    """The file that holds the originals cannot be read."""


def originals() -> dict[str, str]:
    """Return {path: text} of every original. Raises DamagedOriginalsError."""
    return {name: content.decode() for name, content in contents(PATH).items()}


@cache
def contents(path: Path) -> dict[str, bytes]:
    """Return {name: bytes} of a zip of originals, each of them only if its sha256 is the one in its comment in the zip.

    Raises DamagedOriginalsError.
    """
    try:
        with places.open_file(path) as file, zipfile.ZipFile(file) as archive:
            return {info.filename: _content(archive, info) for info in archive.infolist()}
    except Exception as error:  # of a damaged file zipfile may raise nearly anything
        why = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
        where = f"cs231n/tutor/{path.parent.name}/{path.name}"
        raise DamagedOriginalsError(f"{where} cannot be read ({why}): unpack the kit's cs231n/ again") from None


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as file:
        content = file.read(MOST)
    if hashlib.sha256(content).hexdigest().encode() != info.comment:
        raise ValueError(f"{info.filename} is damaged")
    return content
