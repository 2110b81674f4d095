"""The Python in what is handed in: which modules it imports, and what in it an older Python or numpy does not know."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from cs231n.tutor.submission.read import Notebook

MAGIC = re.compile(r"(?m)^(\s*)([%!?].*|[^\n#'\"]*\?+\s*)$")
IMPORT = re.compile(r"\s*(import|from)\s")
RUN = re.compile(r"(?m)^\s*%run\s+(?:-\S+\s+)*[\"']?([^\s\"']+\.py)\b")
UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError)


@dataclass(frozen=True)
class Import:
    """One import: the module's dotted name, with as many dots before it as the import is relative, and its place.

    `names` are those taken from it, which may be modules as well. `needed` is False where the code goes on without it.
    """

    module: str
    names: tuple[str, ...]
    place: str
    needed: bool = True


@dataclass
class Piece:
    """The source of a module, or of the cell of that number.

    `tree` is that of `text`: the source, as far as Python can read it, else its imports; None if that is nothing.
    """

    name: str
    source: str
    cell: int = 0
    tree: ast.Module | None = field(init=False, default=None)
    text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        plain = MAGIC.sub(r"\1pass", self.source)  # a cell with magics
        lines = "\n".join(line.strip() if IMPORT.match(line) else "" for line in self.source.splitlines())
        for text in (self.source, plain, lines):
            with suppress(*UNREADABLE):
                self.tree, self.text = parse(text), text
                return

    def place(self, line: int) -> str:
        """Return where a line is, as a reader finds it."""
        return f"{self.name}, cell {self.cell}" if self.cell else f"{self.name}, line {line}"


def pieces_of_module(name: str, content: bytes) -> list[Piece]:
    """Return the source of a module as the one piece that it is."""
    with suppress(SyntaxError, UnicodeError, LookupError):
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return [Piece(name, content.decode(encoding))]
    return []


def pieces_of_notebook(book: Notebook) -> list[Piece]:
    """Return the code cells, except those with the cell magic of another language."""
    code = (cell for cell in book.code if not re.match(r"\s*%%(?!time|timeit|capture|prun)", cell.source))
    return [Piece(book.name, cell.source, cell.number) for cell in code]


def scripts(book: Notebook) -> list[str]:
    """Return the paths that the cells %run."""
    return [path for cell in book.code for path in RUN.findall(cell.source)]


def imports(piece: Piece) -> Iterator[Import]:
    """Yield every import of a piece, in functions too, and importlib.import_module("of a literal name")."""
    for node, needed in _walk(piece.tree) if piece.tree else ():
        place = piece.place(getattr(node, "lineno", 0))
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, (), place, needed) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield Import("." * node.level + (node.module or ""), names, place, needed)
        elif isinstance(node, ast.Call) and qualified(node.func) in ("importlib.import_module", "__import__"):
            yield from (Import(name, (), place, needed) for name in _literals(node)[:1])


def folders(piece: Piece) -> Iterator[str]:
    """Yield the folders that a piece adds to sys.path, where they are written out."""
    for node in ast.walk(piece.tree) if piece.tree else ():
        if isinstance(node, ast.Call) and qualified(node.func) in ("sys.path.append", "sys.path.insert"):
            yield from _literals(node)


def parse(text: str, **options: Any) -> ast.Module:
    """Return ast.parse(text) without its warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, **options)


def qualified(node: ast.AST) -> str:
    """Return "a.b.c" of such an expression, "" of any other."""
    if isinstance(node, ast.Attribute):
        return f"{owner}.{node.attr}" if (owner := qualified(node.value)) else ""
    return node.id if isinstance(node, ast.Name) else ""


def _literals(call: ast.Call) -> list[str]:
    """Return the arguments of a call that are texts."""
    return [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]


def _walk(node: ast.AST, needed: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """Yield every node, and whether the code needs it, which is not so in a `try` that catches ImportError."""
    stack = [(node, needed)]
    while stack:
        one, needed = stack.pop()
        yield one, needed
        tried = one.body if isinstance(one, ast.Try) and any(map(_catches_import, one.handlers)) else []
        stack += [(child, needed and child not in tried) for child in ast.iter_child_nodes(one)]


def _catches_import(handler: ast.ExceptHandler) -> bool:
    caught = {qualified(one) for one in ast.walk(handler.type)} if handler.type else {"Exception"}
    return bool(caught & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
