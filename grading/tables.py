"""Read tables separated by commas or semicolons, and write tables so that a spreadsheet runs no formula in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from grading import store

RISKY = re.compile(r"(^|[;|\t\r\n][ \"']*)([=+\-@\t\r])")
HARMLESS = re.compile(r"(^|[;|\t\r\n][ \"']*?)'([=+\-@\t\r])")


class TableError(ValueError):
    """A table cannot be read or used; the message names the table and the reason."""


def dumps(columns: Sequence[str], rows: Iterable[Mapping[str, object]], notice: str = "") -> str:
    """Return the text of a table; a notice becomes its first line."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    if notice:
        csv.writer(out, lineterminator="\n").writerow([f"# {notice}"])
    writer.writeheader()
    for row in rows:
        writer.writerow({key: _harmless(row.get(key, "")) for key in columns})
    return out.getvalue()


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]], notice: str = "") -> None:
    """Write a table, completely or not at all. Raises OSError."""
    store.write(path, dumps(columns, rows, notice).encode())


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table as {column in lower case: text}, without comments (# …). Raises TableError."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(f"{path} is not in UTF-8: save it as “CSV UTF-8”") from None
    except OSError as error:
        raise TableError(f"{path} cannot be read: {error.strerror}") from None
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(("#", '"#'))]
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    try:
        rows = list(csv.DictReader(io.StringIO("".join(lines), newline=""), delimiter=delimiter, restval=""))
    except csv.Error as error:
        raise TableError(f"{path} cannot be read: {error}") from None
    return [{(key or "").strip().lower(): _bare(value) for key, value in row.items() if key} for row in rows]


def _harmless(value: object) -> object:
    """Return a value, with an apostrophe before each part of a text that a spreadsheet might run as a formula.

    A spreadsheet may treat a semicolon or a tab, for example, as the end of a cell, so a formula may follow it.
    """
    return RISKY.sub(r"\1'\2", value) if isinstance(value, str) else value


def _bare(value: str) -> str:
    return HARMLESS.sub(r"\1\2", (value or "").strip())
