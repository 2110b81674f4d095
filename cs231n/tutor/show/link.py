"""Links from a notebook's output to a line of the kit: relative ones, which work in untrusted notebooks too."""

from __future__ import annotations

import html
import os
import re
from pathlib import Path
from urllib.parse import quote

from cs231n.tutor import course

PLACE = re.compile(r"\b((?:cs231n|assignments)(?:/\w+)+\.(?:py|ipynb))(?:(?::|, line )(\d+))?")


def linked(text: str) -> str:
    """Return text as HTML in which files of the kit are links: "cs231n/layers.py:45", "cs231n/layers.py, line 45"."""

    def link(place: re.Match) -> str:
        target = href(place[1], int(place[2] or 0))
        return f'<a href="{target}">{place[0]}</a>' if target else place[0]

    return PLACE.sub(link, html.escape(text))


def href(file: str, line: int = 0) -> str:
    """Return the link to a file of the kit from the running notebook; "" if the kernel does not run in the kit."""
    here = Path.cwd()
    if not (here.is_relative_to(course.ROOT) and (course.ROOT / file).is_file()):
        return ""
    path = quote(Path(os.path.relpath(course.ROOT / file, here)).as_posix())
    if not line:
        return path
    return f"{path}#L{line}" if _in_vs_code() else f"{path}#line={line - 1}"  # JupyterLab counts from 0


def _in_vs_code() -> bool:
    """Return whether VS Code started this kernel; Jupyter's server marks the kernels that it starts itself."""
    return "VSCODE_PID" in os.environ and "JPY_SESSION_NAME" not in os.environ
