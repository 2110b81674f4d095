"""Every place where a data set is looked for or put."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

VARIABLE = "CS231N_DATA"  # a folder of batches, a .tar.gz, or the word STANDIN
PART = ".part-"  # what the name of a file begins with that is not whole yet
STANDIN = "standin"  # the word that asks for the stand-in, and the name of its folder


def datasets_folders() -> list[Path]:
    """Return every folder `datasets` upwards from the package, then from the working directory, nearest first.

    There may be more than one: a solved copy of the kit lives in `build/` of the checkout that has the data.
    """
    here, working = Path(__file__).resolve().parent, Path.cwd()
    above = [*here.parents, working, *working.parents]
    return [folder for folder in dict.fromkeys(up / "datasets" for up in above) if folder.is_dir()]


def datasets_home() -> Path:
    """Return where data is put: `datasets` of the outermost checkout around the package, else of the working folder."""
    checkouts = [up for up in Path(__file__).resolve().parents if (up / "datasets").is_dir()]
    checkouts = [up for up in checkouts if (up / "cs231n" / "__init__.py").is_file()]
    return (checkouts[-1] if checkouts else Path.cwd()) / "datasets"


def standin_places() -> list[Path]:
    """Return the folders that may hold the stand-in, the best first."""
    homes = (datasets_home(), user_cache(), Path(tempfile.gettempdir()) / "cs231n")
    return [home / STANDIN for home in homes]


def user_cache() -> Path:
    """Return the kit's folder among the user's caches, as the operating system has them; it need not exist."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "cs231n"


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `file` once it is whole and safely on disk; if it fails, nothing is left."""
    handle, part = tempfile.mkstemp(prefix=PART, dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        Path(part).chmod(0o644)  # mkstemp's files are closed to others
        Path(part).replace(file)
    finally:
        Path(part).unlink(missing_ok=True)
