"""Find parts of a student's code that do not work in all supported versions of Python and numpy.

The parts may be syntax, imported names, and names such as `np.linalg.vector_norm`. New arguments of old functions,
methods of values (except a few of arrays), and names in getattr() are not found.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import warnings
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.submission.code import Piece, qualified

OLDEST = (3, 10)
NEEDS = "needs Python {}, but a grader may be using 3.10"
TABLE = course.tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NAMES = {
    f"{module}.{name}".removeprefix("."): told
    for told, modules in TABLE.items()
    for module, names in modules.items()
    for name in names.split()
}


def notices(piece: Piece, own: Collection[str] = ()) -> list[str]:
    """Return a line for each name or construct in a piece of source that not every supported Python and numpy has.

    `own` are the names of the student's own modules; they may coincide with names of modules that Python no longer has.
    """
    if piece.tree is None:
        return []
    first: dict[str, int] = {}
    names = ((line, f"{name} {NAMES[name]}") for line, name in _names(piece.tree) if name in NAMES and name not in own)
    for line, what in sorted([*_syntax(piece.text, piece.tree), *names]):
        first.setdefault(what, line)
    return [f"{piece.place(line)}: {what}" for what, line in first.items()]


def _syntax(text: str, tree: ast.Module) -> Iterator[tuple[int, str]]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text, feature_version=OLDEST)
    except SyntaxError as error:
        what, _, version = (error.msg or "").partition(" only supported in Python ")
        if version:  # otherwise the error is a different one
            what = what.removesuffix(" is").removesuffix(" are")
            yield error.lineno or 0, f"{what}: {NEEDS.format(version.split()[0])}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and node.slice.elts:
            first = node.slice.elts[0]
            bare = (node.slice.lineno, node.slice.col_offset) == (first.lineno, first.col_offset)
            if bare and any(isinstance(one, ast.Starred) for one in node.slice.elts):
                yield node.lineno, f"x[*index]: {NEEDS.format(3.11)}"
        if isinstance(node, ast.arg) and isinstance(node.annotation, ast.Starred):
            yield node.lineno, f"*args: *Types {NEEDS.format(3.11)}"
    if sys.version_info >= (3, 12):
        yield from ((line, f"this f-string {NEEDS.format(3.12)}") for line in _f_strings(text))


def _f_strings(text: str) -> Iterator[int]:
    """Yield the lines of f-strings that contain their own quotes, a backslash, a comment or a line break inside {}."""
    around: list[tuple[int, str]] = []  # the line and the quotes of each f-string that is open
    with suppress(tokenize.TokenError, SyntaxError, ValueError):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            name = tokenize.tok_name[token.type]
            if name == "FSTRING_END" and around:
                around.pop()
            elif name != "FSTRING_MIDDLE":
                odd = name == "COMMENT" or (name == "STRING" and "\\" in token.string)
                broken = name in ("NL", "NEWLINE")
                yield from (
                    line for line, quotes in around if odd or quotes in token.string or (broken and len(quotes) == 1)
                )
            if name == "FSTRING_START":
                around.append((token.start[0], token.string.lstrip("fFrR")))


def _names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield (line, dotted name) for names of modules that are imported or used; ".name" for other attributes."""
    known = _members("builtins") | {"np": "numpy"}  # np may be imported in an earlier cell
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                head = one.name.partition(".")[0]
                known[one.asname or head] = one.name if one.asname else head
                yield from ((node.lineno, name) for name in {head, one.name})
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, name) for name in {node.module.partition(".")[0], node.module})
            for one in node.names:
                known |= _members(node.module) if one.name == "*" else {}
                known[one.asname or one.name] = f"{node.module}.{one.name}"
                yield node.lineno, f"{node.module}.{one.name}"
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            known.pop(node.id, None)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Load):
            head, _, rest = qualified(node).partition(".")
            if head in known:
                yield node.lineno, f"{known[head]}.{rest}".rstrip(".")
            elif isinstance(node, ast.Attribute):
                yield node.lineno, f".{node.attr}"


def _members(module: str) -> dict[str, str]:
    """Return {name: dotted name} for those names of a module that are in NAMES."""
    return {name.removeprefix(f"{module}."): name for name in NAMES if name.rpartition(".")[0] == module}
