"""Every place where a data set is looked for or put."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

VARIABLE = "CS231N_DATA"  # a folder of batches, a .tar.gz, or the word STANDIN
PART = ".part-"  # what the name of a file begins with that is not whole yet
STALE = 3600.0  # seconds after which such a file was left by a process that died
BLANKS = " \t\r\n\"'"
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


def said_by_variable() -> str | Path:
    """Return what $CS231N_DATA says: the word STANDIN, an absolute path, or ""."""
    said = os.environ.get(VARIABLE, "").strip(BLANKS)
    if said.lower() in ("", STANDIN):
        return said.lower()
    return resolve(os.environ[VARIABLE])


def resolve(said: str | Path) -> Path:
    """Return the absolute path of a place that somebody typed, with "~" or $VARIABLES, or relative.

    A relative one counts from the working folder, else from where the shell was that started us (a kernel's working
    folder is the notebook's), else from the kit. Blanks and quotes around it are dropped unless they are in the name.
    """
    text = str(said)
    typed = [Path(os.path.expandvars(one)).expanduser() for one in (text, text.strip(BLANKS))]
    bases = [Path.cwd(), Path(os.environ.get("PWD") or "."), Path(__file__).resolve().parents[2]]
    found = (base / path for path in typed for base in bases)
    return Path(os.path.abspath(next(filter(os.path.exists, found), bases[0] / typed[-1])))  # noqa: PTH100  no resolving


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


def open_file(path: str | Path) -> BinaryIO:
    """Open a file to read its bytes. Raises OSError, also where something else is there that would never end or answer.

    It is opened without waiting, since there may be nobody at the other end of a named pipe.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(errno.EINVAL, "this is not a file", str(path))
    return os.fdopen(handle, "rb")


@contextlib.contextmanager
def replacing(file: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `file` once it is whole and safely on disk; if it fails, nothing is left.

    Its folder is made if need be, and what processes that died left there is deleted.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    for left in file.parent.glob(f"{PART}*"):
        with contextlib.suppress(FileNotFoundError):  # another process sweeps too
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink()
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
