"""Every file that students work on, as it came with the kit."""

from __future__ import annotations

import zipfile
import zlib
from functools import cache

from cs231n.tutor import course

PATH = course.TUTOR / "commands" / "originals.zip"


# What zipfile raises of a damaged file, or of one that is compressed or encrypted in another way.
UNREADABLE = (OSError, ValueError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile)


class DamagedOriginalsError(OSError):
    """The file that holds the originals cannot be read."""


@cache
def originals() -> dict[str, str]:
    """Return {path: text} of every original. Raises DamagedOriginalsError."""
    try:
        with zipfile.ZipFile(PATH) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}
    except UNREADABLE as error:
        raise DamagedOriginalsError(f"{PATH.name} cannot be read ({error}): unpack the kit's cs231n/ again") from None
