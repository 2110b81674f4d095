"""Start a new exercise: write a skeleton into each of the five places that make up an exercise.

The parts that are left to write are marked FILL-IN; `python -m solutions lint NAME` lists what is missing.
"""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass
from functools import reduce

from cs231n.tutor import course, exercises
from solutions import attempts
from solutions.tools import generate

MARK = "FILL-IN"
NEEDED = {"known", "right", "wrong"}  # the names of solutions.attempts that the skeletons use

DATA = f"""\
[[exercises]]
name = "NAME"
file = "FILE"
notebook = "NOTEBOOK"
points = 1  # {MARK}: the number of points
needs = []  # {MARK}: the exercises that this one builds on, if any
hints = [
    "{MARK}: where to look.",
    "{MARK}: the idea.",
    "{MARK}: nearly the answer.",
]
"""
MASTER = f'''\
def NAME(x):  # {MARK}: the arguments
    """{MARK}: what the function returns, with the formula, and the shapes of the arguments."""
    ### BEGIN SOLUTION
    # TODO: {MARK}: one to three lines that say what to write.
    return x  # {MARK}: the model answer
    ### END SOLUTION
'''
CASES = f"""\
def _NAME_recipe(student, **inputs):
    \"\"\"{MARK}: the recipe. For layers, common.layer helps; array() in common.values refuses all but numbers.\"\"\"
    return {{"out": student.module("MODULE").NAME(**inputs)}}


def _NAME_cases(seed: Seed) -> list[Case]:
    random = seed.random(0)  # {MARK}: a number that no other check uses, for a stream of its own
    return [
        Case("x of shape (4, 5)", {{"x": random.randn(4, 5)}}),  # {MARK}: more shapes and kinds, the usual one first
    ]
"""
ENTRY = f"""\
    Check("NAME", _NAME_recipe, _NAME_cases, axes={{"x": "N D"}}),  # {MARK}: tolerance, properties
"""
CAUSE = f"""\
    "NAME {MARK}": ("{MARK}: what is wrong:", "what is right, or where to look."),
"""
WRONG = f"""\
    known("NAME", "NAME {MARK}", "def NAME(x): return -x"),  # {MARK}: six or more
    wrong("NAME", "returns_none", "def NAME(x): pass"),  # {MARK}: found in another way
"""
RIGHT = f"""\
    right("NAME", "{MARK}: what is unusual", "def NAME(x): return x"),  # {MARK}: three or more
"""
CELLS = f"""\
# %% [markdown]
# {MARK}: what NAME is good for, and its formula.

# %%
checks.run("NAME")
"""


class RefusedError(ValueError):
    """The exercise cannot be started, and nothing was written; the message says why."""


@dataclass(frozen=True)
class Piece:
    """A skeleton, or a part of one, and its place in a file: before line number `line`, counted from 0."""

    file: str
    line: int
    text: str
    gap: int = 0  # blank lines around it


def pieces(name: str, file: str, notebook: str, family: str = "") -> list[Piece]:
    """Return what to insert for a new exercise, in the order of the work. Raises RefusedError."""
    assignment, stem = _place(name, file, notebook)
    neighbour = _neighbour(assignment, file, stem)
    family = family or (exercises.registry()[neighbour][0] if neighbour else "")
    if family not in exercises.FAMILIES:
        there = ", ".join(exercises.FAMILIES)
        raise RefusedError(f"name the family with --family; choose from {there}")
    data, master = f"cs231n/tutor/{assignment.name}.toml", f"{generate.HERE}/{file}"
    check, tries = f"cs231n/tutor/exercises/{family}.py", f"{generate.HERE}/attempts/{_attempts_of(family)}.py"
    book = f"{generate.HERE}/{notebook}.py"
    filled = {"NAME": name, "FILE": file, "NOTEBOOK": stem, "MODULE": file.removesuffix(".py").replace("/", ".")}
    found = [
        Piece(data, _after(data, f'name = "{neighbour}"', r"\[\[exercises\]\]"), DATA, 1),
        Piece(master, len(_lines(master)), MASTER, 2),
        Piece(check, _after_functions(check, _assigned(check, "CHECKS")[0]), CASES, 2),
        Piece(check, _assigned(check, "CHECKS")[1], ENTRY),
        *(Piece(tries, _assigned(tries, of)[1], text) for of, text in zip(_LISTS, (CAUSE, WRONG, RIGHT), strict=True)),
        Piece(book, _after(book, f'checks.run("{neighbour}")', "# %%"), CELLS, 1),
    ]
    return [
        Piece(one.file, one.line, reduce(lambda text, pair: text.replace(*pair), filled.items(), one.text), one.gap)
        for one in found
    ]


_LISTS = ("CAUSES", "WRONG", "RIGHT")


def new(name: str, file: str, notebook: str, family: str = "") -> list[str]:
    """Insert the skeletons; return the five places as file:line, in the order of the work.

    Either all files are written or none. Raises RefusedError, and OSError if a file cannot be written.
    """
    todo = pieces(name, file, notebook, family)
    before = {
        path: (generate.ROOT / path).read_text(encoding="utf-8") for path in dict.fromkeys(one.file for one in todo)
    }
    after = {path: inserted(text, [one for one in todo if one.file == path]) for path, text in before.items()}
    try:
        for path, text in after.items():
            generate.write_if_changed(generate.ROOT / path, text)
    except OSError:
        for path, text in before.items():
            generate.write_if_changed(generate.ROOT / path, text)
        raise
    firsts = {one.file: one for one in reversed(todo)}
    return [f"{path}:{firsts[path].line + 1 + _gap_before(firsts[path], text)}" for path, text in before.items()]


def _place(name: str, file: str, notebook: str) -> tuple[course.Assignment, str]:
    """Return the assignment and the name of the notebook in it. Raises RefusedError if a name is unknown or taken."""
    if not re.fullmatch(r"[a-z]\w*", name) or keyword.iskeyword(name):
        raise RefusedError(f"{name!r} cannot be the name of a function: use lower-case letters, digits, underscores")
    if name in course.everything():
        raise RefusedError(f"there is an exercise {name} already")
    books = [f"{part.name}/{stem}" for part in course.ASSIGNMENTS for stem in part.notebooks]
    files = [path for path in generate.masters(generate.ROOT) if path.endswith(".py")]
    for kind, one, there in (("file", file, files), ("notebook", notebook, books)):
        if one not in there:
            meant = course.did_you_mean(one, there) or f"Choose from {', '.join(there)}."
            raise RefusedError(f"there is no master of the {kind} {one}. {meant}")
    tree = ast.parse("\n".join(_lines(f"{generate.HERE}/{file}")))
    if any(isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == name for node in ast.walk(tree)):
        raise RefusedError(f"{generate.HERE}/{file} has a {name} already")
    part, _, stem = notebook.partition("/")
    return course.find_assignment(part), stem


def _neighbour(assignment: course.Assignment, file: str, stem: str) -> str:
    """Return the exercise that a new one follows: the last one of its file and notebook, or of its notebook."""
    here = [one for one in assignment.exercises if one.notebook == stem]
    return next((one.name for one in reversed(here) if one.file == file), here[-1].name if here else "")


def _attempts_of(family: str) -> str:
    """Return the name of the module with the attempts for a family of checks. Raises RefusedError if there is none."""
    modules = {module.__name__.rpartition(".")[2]: module for module in attempts.families()}
    names = {name for name, (of, _) in exercises.registry().items() if of == family}
    shared = {stem: sum(one.exercise in names for one in getattr(of, "WRONG", [])) for stem, of in modules.items()}
    home = family if family in modules else max(modules, key=lambda stem: shared[stem])
    if home != family and not shared[home]:
        raise RefusedError(
            f"there are no attempts for the family {family} in {generate.HERE}/attempts: start {family}.py there"
        )
    return home


def _lines(path: str) -> list[str]:
    return (generate.ROOT / path).read_text(encoding="utf-8").splitlines()


def _after(path: str, text: str, head: str) -> int:
    """Return the number of the first line from `text` on that matches `head`, or the number of lines if none does."""
    lines = _lines(path)
    begin = lines.index(text) if text in lines else len(lines)
    return next((n for n in range(begin, len(lines)) if re.match(head, lines[n])), len(lines))


def _assigned(path: str, name: str) -> tuple[int, int]:
    """Return the numbers of the lines, from 0, on which the value of `name` begins and ends. Raises RefusedError."""
    for node in ast.parse("\n".join(_lines(path))).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name and node.end_lineno:
            if node.end_lineno > node.lineno:
                return node.lineno - 1, node.end_lineno - 1
            raise RefusedError(
                f"{path}:{node.lineno}: write {name} with one entry on each line, so that one can be added"
            )
    raise RefusedError(f"{path} has no {name}")


def _after_functions(path: str, line: int) -> int:
    """Return the nearest line, at or above `line`, that follows two blank lines."""
    lines = _lines(path)
    while any(lines[line - 2 : line]):
        line -= 1
    return line


def inserted(text: str, pieces: list[Piece]) -> str:
    """Return a file's text with the pieces inserted; they must be in the order of their lines."""
    lines = text.splitlines()
    for piece in reversed(pieces):
        before = _gap_before(piece, text)
        gaps = [""] * before, [""] * (piece.gap - before)
        lines[piece.line : piece.line] = [*gaps[0], *piece.text.splitlines(), *gaps[1]]
    return _with_imports("\n".join(lines) + "\n")


def _gap_before(piece: Piece, text: str) -> int:
    """Return how many of the blank lines around a piece come before it: all at the end of a file, otherwise none."""
    return piece.gap if piece.line == len(text.splitlines()) else 0


def _with_imports(text: str) -> str:
    """Return a text; if it is a module of attempts, with all the imports that skeletons use."""
    found = re.search(r"(?m)^from solutions\.attempts import (.+)$", text)
    if not found:
        return text
    names = sorted(NEEDED | set(found[1].split(", ")))
    return text.replace(found[0], f"from solutions.attempts import {', '.join(names)}", 1)
