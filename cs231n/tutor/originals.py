"""Every file that students work on, as it came with the kit."""

from __future__ import annotations

import zipfile
from functools import cache

from cs231n.tutor import course

PATH = course.TUTOR / "commands" / "originals.zip"


class DamagedOriginalsError(OSError):
    """The file that holds the originals cannot be read."""


@cache
def originals() -> dict[str, str]:
    """Return {path: text} of every original. Raises DamagedOriginalsError."""
    try:
        with zipfile.ZipFile(PATH) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise DamagedOriginalsError(f"{PATH.name} cannot be read ({error}): unpack the kit's cs231n/ again") from None
