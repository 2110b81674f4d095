"""A table from another program, in which a few cells are replaced and every other byte is unchanged."""

from __future__ import annotations

import re
from pathlib import Path

BOM = "\ufeff"


class SheetError(ValueError):
    """An LMS's table cannot be filled in; the message says why."""


class Line:
    """One row: its cells exactly as they are written, including quotes, and its line end."""

    def __init__(self, cells: list[str], end: str):
        self.cells, self.end = cells, end

    def value(self, column: int) -> str:
        """Return the text of a cell, or "" if the row has no such column."""
        raw = self.cells[column] if column < len(self.cells) else ""
        raw = raw.removeprefix(BOM).strip()
        return raw[1:-1].replace('""', '"') if len(raw) > 1 and raw[0] == raw[-1] == '"' else raw

    def put(self, column: int, text: str) -> None:
        """Replace a cell, in quotes if it had them."""
        self.cells[column] = f'"{text}"' if self.cells[column].startswith('"') else text


class Sheet:
    """A table that is split into lines and cells; when it is joined again, bytes outside changed cells are the same.

    Raises SheetError if `content` is empty, is not in UTF-8, or has a quotation mark that is never closed.
    """

    def __init__(self, content: bytes):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            raise SheetError(
                "it is not in UTF-8: use the file that the LMS exported, not one that a spreadsheet saved"
            ) from None
        first = re.split(r"\r?\n", text, maxsplit=1)[0]
        self.delimiter = max(",;\t", key=first.count)
        self.lines = _lines(text, self.delimiter)
        if not self.lines:
            raise SheetError("it is empty")

    def dumps(self, lines: list[Line] | None = None) -> bytes:
        """Return the table as bytes, with all its lines or only `lines`."""
        chosen = self.lines if lines is None else lines
        return "".join(self.delimiter.join(line.cells) + line.end for line in chosen).encode()

    @property
    def header(self) -> list[str]:
        """The names of the columns."""
        return [self.lines[0].value(column) for column in range(len(self.lines[0].cells))]


def load(path: Path) -> Sheet:
    """Return the table in a file. Raises SheetError or OSError."""
    try:
        return Sheet(path.read_bytes())
    except SheetError as error:
        raise SheetError(f"{path}: {error}") from None


def _lines(text: str, delimiter: str) -> list[Line]:
    bare = rf'[^{re.escape(delimiter)}"\r\n]*'
    cell = rf'{bare}(?:"[^"]*"{bare})*'
    pattern = re.compile(rf"({cell})({re.escape(delimiter)}|\r\n|\n|\r|\Z)")
    lines: list[Line] = []
    cells: list[str] = []
    at = 0
    while at < len(text):
        match = pattern.match(text, at)
        if match is None:
            raise SheetError(f"row {len(lines) + 1} has a quotation mark that is never closed")
        cells.append(match[1])
        at = match.end()
        if match[2] != delimiter:
            lines.append(Line(cells, match[2]))
            cells = []
    if cells:
        lines.append(Line([*cells, ""], ""))
    return lines
