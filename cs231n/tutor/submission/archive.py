"""Write zips that do not depend on the time or the place, and that are either complete or not written at all."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from cs231n.data.disk import replacing

EPOCH = (1980, 1, 1, 0, 0, 0)


def write(path: Path, contents: Mapping[str, bytes]) -> None:
    """Write a zip, read it back, then move it into place. If this raises OSError, `path` is unchanged."""
    with replacing(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(_entry(name), content, zipfile.ZIP_DEFLATED)
        file.flush()
        if read(Path(file.name)) != contents:
            raise OSError(f"{path.name} cannot be read back as it was written: is the disk damaged?")


def read(path: Path) -> dict[str, bytes]:
    """Return {name: bytes} of a zip. Raises OSError if it is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise OSError(f"{path.name} is damaged: {error}") from None


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3  # "made on Unix", on every system
    return entry
