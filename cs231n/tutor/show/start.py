"""The page that JupyterLab shows first: an overview of the course with links, and the progress so far.

The page is written in Markdown, in which links work in JupyterLab.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from cs231n.data import disk
from cs231n.tutor import course
from cs231n.tutor.show.table import by_assignment, next_to_do, tally
from cs231n.tutor.show.verdict import SYMBOLS, Verdict

FILE = "assignments/START.md"
MARK = "<!-- Written by `python -m cs231n lab` and `check`, every time: what you write here is lost. -->"
HEAD = """# Start here

Open a notebook and run its cells from top to bottom. The notebook says what to write, and in which file. Save the file
and run the next cell: `checks.run("…")` tells you whether your code is right, and `checks.hint("…")` gives you a hint.
"""
FOOT = """## In a terminal

The menu File › New › Terminal opens a terminal here. These commands also work in any other terminal with this Python.

| | |
|---|---|
| `python -m cs231n check` | check all exercises that are in files, and say what is wrong |
| `python -m cs231n check --watch` | keep running, and check every file that you save |
| `python -m cs231n hint adam` | give a hint for an exercise, here `adam` |
| `python -m cs231n reset adam` | restore the original stub, and keep your version in another file |
| `python -m cs231n data get` | download CIFAR-10, and verify it |
| `python -m cs231n submit assignment1` | zip up an assignment to hand it in |
"""


def write(verdicts: Sequence[Verdict] = ()) -> bool:
    """Write the page if it does not exist yet or if there are verdicts; return whether the page is there.

    A file of the same name that the kit has not written is left alone. The result is False in this case, if there is no
    assignments/ folder, or if reading or writing fails.
    """
    path = course.ROOT / FILE
    if not path.parent.is_dir():
        return False
    with suppress(OSError, UnicodeDecodeError):
        if path.exists() and MARK not in path.read_text(encoding="utf-8"):
            return False
        if verdicts or not path.exists():
            disk.write_file(path, page(verdicts).encode())
        return True
    return False


def page(verdicts: Sequence[Verdict]) -> str:
    """Return the text of the page; without verdicts, the progress is left out."""
    found = {verdict.name: verdict for verdict in verdicts}
    parts = [MARK, "", HEAD]
    following = next_to_do(verdicts)
    if following:
        notebook = course.find_exercise(following.name)[1].notebook
        place = f"{_notebook(following.assignment, notebook)}, in {_link(following.where)}"
        parts.append(f"**Next:** `{following.name}` of {place}\n")
    told = {part[0].assignment: f": {tally(part)}" for part in by_assignment(verdicts)}
    for assignment in course.ASSIGNMENTS:
        parts += [f"## {assignment.name.replace('assignment', 'Assignment ')}{told.get(assignment.name, '')}", ""]
        parts += ["| notebook | your files | progress |", "|---|---|---|"]
        for stem in assignment.notebooks:
            here = [one for one in assignment.exercises if one.notebook == stem]
            files = (
                ", ".join(_link(file) for file in dict.fromkeys(one.file for one in here)) or "cells of the notebook"
            )
            progress = " ".join(SYMBOLS[found[one.name].status] for one in here if one.name in found)
            parts.append(f"| {_notebook(assignment.name, stem)} | {files} | {progress} |")
        parts.append("")
    if verdicts:
        parts.append(f"{SYMBOLS['pass']} passed, {SYMBOLS['fail']} not right yet, {SYMBOLS['error']} does not run, ")
        parts[-1] += f"{SYMBOLS['todo']} to do, as of the last `python -m cs231n check` or start of JupyterLab.\n"
    return "\n".join([*parts, FOOT])


def _notebook(assignment: str, stem: str) -> str:
    return f"[{stem}]({quote(f'{assignment}/{stem}.ipynb')})"


def _link(where: str) -> str:
    """Return a link to "file" or "file:line"; JupyterLab counts lines from 0."""
    file, _, line = where.partition(":")
    anchor = f"#line={int(line) - 1}" if line.isdecimal() else ""
    return f"[{Path(file).name}{f', line {line}' if anchor else ''}]({quote(f'../{file}')}{anchor})"
