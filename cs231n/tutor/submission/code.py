"""The Python code in a submission: its syntax trees, the modules that it imports, and the scripts that it names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeGuard

from cs231n.tutor import course
from cs231n.tutor.submission.read import Notebook

IMPORT = re.compile(r"\s*(import|from)\s")
WORD = re.compile(r"\"([^\"]+)\"|'([^']+)'|([^\s\"']+)")
MAGICS = ("run_line_magic", "run_cell_magic", "system", "getoutput")  # IPython turns magics and "!" into these calls
# Magics in front of Python code.
TIMED = re.compile(r"(?m)^(\s*)(?:%%(?:time|timeit|capture|prun)\b.*|%(?:time|timeit|prun)\s+(?=[^\W\d]))")
LONGEST_PATH = 300


@dataclass(frozen=True)
class Import:
    """One import: the module's dotted name, with leading dots if the import is relative, and the place of the import.

    `names` are imported from the module, and may be modules too. `needed` is False if the code works without this
    import.
    """

    module: str
    names: tuple[str, ...]
    place: str
    needed: bool = True


@dataclass
class Piece:
    """The source of a module, or of the notebook cell with the number `cell`.

    `text` is the source in plain Python, in which magics are removed or have become calls; if Python cannot read that,
    `text` contains only the imports. `tree` is the syntax tree of `text`, None if even the imports cannot be read.
    """

    name: str
    source: str
    cell: int = 0
    tree: ast.Module | None = field(init=False, default=None)
    text: str = field(init=False, default="")

    def __post_init__(self) -> None:
        for text in self._readings():
            if tree := course.parsed(text):
                self.tree, self.text = tree, text
                return

    def _readings(self) -> Iterator[str]:
        yield self.source
        if self.cell:
            yield _without_magics(self.source)
        yield "\n".join(line.strip() if IMPORT.match(line) else "" for line in self.source.splitlines())

    def place(self, line: int) -> str:
        """Return the place of a line, for a message."""
        return f"{self.name}, cell {self.cell}" if self.cell else f"{self.name}, line {line}"


def pieces(contents: Mapping[str, bytes], books: Iterable[Notebook]) -> Iterator[Piece]:
    """Yield the code cells of notebooks, and each module among the files as one piece."""
    for book in books:
        yield from (Piece(book.name, cell.source, cell.number) for cell in book.code)
    for name in (name for name in contents if name.endswith(".py")):
        with suppress(SyntaxError, UnicodeError, LookupError):
            encoding, _ = tokenize.detect_encoding(io.BytesIO(contents[name]).readline)
            yield Piece(name, contents[name].decode(encoding))


def scripts(piece: Piece) -> Iterator[str]:
    """Yield every text that may be the path of code: string literals, and words of magics and shell commands."""
    for node in ast.walk(piece.tree) if piece.tree else ():
        yield from _paths(_text(node))
        name, given = _magic(node)
        words = ["".join(word) for word in WORD.findall(given)]
        more = [f"{word}.py" for word in words] if name == "run" else []
        yield from (path for word in words + more for path in _paths(word))


def _paths(text: str) -> Iterator[str]:
    if len(text) <= LONGEST_PATH and text.endswith((".py", ".ipynb")):
        yield text


def imports(piece: Piece) -> Iterator[Import]:
    """Yield every import in a piece, including those in functions and those with import_module("name") or %load_ext."""
    for node, needed in _walk(piece.tree) if piece.tree else ():
        place = piece.place(getattr(node, "lineno", 0))
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, (), place, needed) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield Import("." * node.level + (node.module or ""), names, place, needed)
        elif isinstance(node, ast.Call) and qualified(node.func).endswith(("import_module", "__import__")):
            given = [*map(_text, (*node.args, *(key.value for key in node.keywords)))]
            package = given[1] if len(given) > 1 and given[0].startswith(".") else ""  # the import is relative to it
            yield from (Import(package + name, (), place, needed) for name in given[:1] if name)
        elif (magic := _magic(node))[0] in ("load_ext", "reload_ext") and magic[1].strip():
            yield Import(magic[1].strip(), (), place, needed)


def qualified(node: ast.AST) -> str:
    """Return "a.b.c" for an expression of this form, or "" for any other."""
    if isinstance(node, ast.Attribute):
        return f"{owner}.{node.attr}" if (owner := qualified(node.value)) else ""
    return node.id if isinstance(node, ast.Name) else ""


def _without_magics(cell: str) -> str:
    """Return a cell as Python code: without the magics of TIMED, and with others as calls; "" if that fails."""
    from IPython.core.inputtransformer2 import TransformerManager  # slow to import

    with suppress(Exception):  # the cell may contain anything
        return TransformerManager().transform_cell(TIMED.sub(r"\1", cell))
    return ""


def _magic(node: ast.AST) -> tuple[str, str]:
    """Return (name, arguments) of a magic, ("", command) for a shell command, or ("", "") for anything else."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MAGICS):
        return "", ""
    texts = [*map(_text, node.args)]
    name = texts.pop(0) if texts and "magic" in node.func.attr else ""
    return name, "\n".join(texts)


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _walk(node: ast.AST, needed: bool = True) -> Iterator[tuple[ast.AST, bool]]:
    """Yield (node, needed) for every node; `needed` is False in a body that may fail to import (see _spares)."""
    stack = [(node, needed)]
    while stack:
        one, needed = stack.pop()
        yield one, needed
        spared = one.body if _spares(one) else []
        stack += [(child, needed and child not in spared) for child in ast.iter_child_nodes(one)]


def _spares(node: ast.AST) -> TypeGuard[ast.Try | ast.With | ast.If]:
    """Return whether a statement's body may fail to import: ImportError is caught, or the body never runs."""
    if isinstance(node, ast.If):
        return qualified(node.test).endswith("TYPE_CHECKING")
    if isinstance(node, ast.With):
        calls = [one.context_expr for one in node.items if isinstance(one.context_expr, ast.Call)]
        return any(qualified(call.func).endswith("suppress") and any(map(_is_lack, call.args)) for call in calls)
    return isinstance(node, ast.Try) and any(one.type is None or _is_lack(one.type) for one in node.handlers)


def _is_lack(exceptions: ast.AST) -> bool:
    caught = {qualified(one) for one in ast.walk(exceptions)}
    return bool(caught & {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
