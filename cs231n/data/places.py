"""All places where a data set is searched for or stored."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

VARIABLE = "CS231N_DATA"  # names a folder of batches, a .tar.gz, or the stand-in
BLANKS = " \t\r\n\"'"
STANDIN = "standin"  # the word that selects the stand-in, and the name of its folder


def datasets_folders() -> list[Path]:
    """Return the folders `datasets` that exist above this file, then those in and above the working folder.

    There may be more than one: for example, a copy of the kit in `build/` of a checkout also uses the checkout's data.
    """
    here, working = Path(__file__).resolve().parent, Path.cwd()
    above = [*here.parents, working, *working.parents]
    return [folder for folder in dict.fromkeys(up / "datasets" for up in above) if folder.is_dir()]


def datasets_home() -> Path:
    """Return the folder `datasets` in which data is stored; it need not exist.

    This file may lie inside several nested copies of the kit. The folder is in the outermost copy that already
    has it or, if none has, in the working folder.
    """
    checkouts = [up for up in Path(__file__).resolve().parents if (up / "datasets").is_dir()]
    checkouts = [up for up in checkouts if (up / "cs231n" / "__init__.py").is_file()]
    return (checkouts[-1] if checkouts else Path.cwd()) / "datasets"


def said_by_variable() -> str | Path:
    """Return what $CS231N_DATA names: the word "standin" or an absolute path; "" if it is not set or blank."""
    said = os.environ.get(VARIABLE, "").strip(BLANKS)
    if said.lower() in ("", STANDIN):
        return said.lower()
    return resolve(os.environ[VARIABLE])


def resolve(said: str | Path) -> Path:
    """Return the absolute path for a path that the user typed, which may be relative or contain "~" or $VARIABLES.

    A relative path is looked up in the working folder, in that of the shell that started the process (a kernel's
    working folder is the notebook's), and in the kit. If it exists nowhere, the result is in the working
    folder. Spaces and quotes around a path are removed, unless they belong to the name of something that exists.
    """
    text = str(said)
    typed = [Path(os.path.expandvars(one)).expanduser() for one in (text, text.strip(BLANKS))]
    bases = [Path.cwd(), Path(os.environ.get("PWD") or "."), Path(__file__).resolve().parents[2]]
    found = (base / path for path in typed for base in bases)
    return Path(os.path.abspath(next(filter(os.path.exists, found), bases[0] / typed[-1])))  # noqa: PTH100  no resolving


def standin_places() -> list[Path]:
    """Return the folders that may contain the stand-in, best first."""
    homes = (datasets_home(), user_cache(), Path(tempfile.gettempdir()) / "cs231n")
    return [home / STANDIN for home in homes]


def user_cache() -> Path:
    """Return the kit's folder in the user's cache folder, which depends on the operating system; it need not exist."""
    import platformdirs  # imported here, since it is seldom needed; it comes with Jupyter

    return platformdirs.user_cache_path("cs231n", appauthor=False, opinion=False)
