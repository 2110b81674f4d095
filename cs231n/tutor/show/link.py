"""Links from a notebook's output to files of the kit; they are relative, and work in untrusted notebooks too."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from urllib.parse import quote

from cs231n.tutor import course

PLACE = re.compile(r"\b((?:cs231n|assignments)(?:/\w+)+\.(?:py|ipynb))(?:(?::|, line )(\d+))?")


def linked(text: str) -> str:
    """Return text as HTML with links where it names a file of the kit, such as "cs231n/layers.py, line 45"."""

    def link(place: re.Match) -> str:
        target = href(place[1], int(place[2] or 0))
        return f'<a href="{target}">{place[0]}</a>' if target else place[0]

    return PLACE.sub(link, html.escape(text))


def href(file: str, line: int = 0) -> str:
    """Return a link to a file of the kit, relative to the working folder.

    If the working folder is outside the kit, or the file does not exist, the result is "".
    """
    here = Path.cwd()
    if not (here.is_relative_to(course.ROOT) and (course.ROOT / file).is_file()):
        return ""
    path = quote(Path(os.path.relpath(course.ROOT / file, here)).as_posix())
    if not line:
        return path
    return f"{path}#L{line}" if _in_vs_code() else f"{path}#line={line - 1}"  # JupyterLab counts from 0


def _in_vs_code() -> bool:
    """Return whether VS Code started this kernel, and not a Jupyter server, which sets a variable of its own."""
    return "VSCODE_PID" in os.environ and "JPY_SESSION_NAME" not in os.environ
