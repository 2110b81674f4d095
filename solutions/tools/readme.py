"""Generate cs231n/README.md, which says which files the student fills in, and what the given ones contain."""

from __future__ import annotations

import ast
from pathlib import Path

from cs231n.tutor import course
from solutions.tools import generate

PATH = "cs231n/README.md"
OTHERS = ("__init__", "__main__")


def render(root: Path = generate.ROOT) -> str:
    """Return the page, made from the list of exercises and the first paragraphs of the given modules' docstrings."""
    package = root / "cs231n"
    yours = {exercise.file for _, exercise in course.exercises().values()}
    modules = sorted(path for path in package.glob("*.py") if path.stem not in OTHERS)
    given = [path for path in modules if path.relative_to(root).as_posix() not in yours]
    rooms = sorted(path.parent for path in package.glob("*/__init__.py"))
    rooms = [room for room in rooms if not any(Path(file).parent.name == room.name for file in yours)]
    lines = [
        "# What is in this folder",
        "",
        "This page is generated from exercises and docstrings. Each file that you fill in says so in its first line.",
        "",
        "## Yours: you fill these in",
        "",
        "| file | notebooks | exercises |",
        "|---|---|--:|",
        *(_row(file) for file in dict.fromkeys(exercise.file for _, exercise in course.exercises().values())),
        "",
        "## Given: read them and use them, but do not change them",
        "",
        "| | |",
        "|---|---|",
        *(f"| [`{path.name}`]({path.name}) | {_summary(path)} |" for path in given),
        *(f"| [`{room.name}/`]({room.name}) | {_summary(room / '__init__.py')} |" for room in rooms),
        "",
        "You never have to open `tutor/` or `data/`. If you want to know how a check works, start at",
        "`tutor/checks/check.py`, and read one module of `tutor/exercises/`.",
    ]
    return "\n".join(lines) + "\n"


def _row(file: str) -> str:
    here = [(part, one) for part, one in course.exercises().values() if one.file == file]
    notebooks = dict.fromkeys(
        f"[{one.notebook}](../assignments/{part.name}/{one.notebook}.ipynb)" for part, one in here
    )
    path = file.removeprefix("cs231n/")
    return f"| [`{path}`]({path}) | {', '.join(notebooks)} | {len(here)} |"


def _summary(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def in_step(root: Path = generate.ROOT) -> bool:
    """Return whether the page agrees with what render() returns."""
    return (root / PATH).is_file() and (root / PATH).read_text(encoding="utf-8") == render(root)


def write(root: Path = generate.ROOT) -> list[str]:
    """Write the page unless it is in step; return the paths that changed."""
    return [PATH] if generate.write_if_changed(root / PATH, render(root)) else []
