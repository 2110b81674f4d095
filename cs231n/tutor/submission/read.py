"""Read notebook files from any source, and write them without personal metadata.

Of the metadata, only the cells' tags, the size and title of figures, and the Python version are kept. Everything else
that an editor stores there (kernel names and paths, trust, timings, widget states, collaborators) is left out.
"""

from __future__ import annotations

import bisect
import itertools
import json
import math
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cs231n.data.disk import size
from cs231n.tutor.submission.files import UnfitFileError

MAX_CELL_OUTPUT = 8_000_000  # characters of output of one cell; the rest is left out of the zip
MAX_DEPTH = 100  # levels of nested lists and objects
MAX_COUNT = 1_000_000  # larger execution counts are ignored
SHOWN = 2_000  # characters that are kept of an output that is cut
HEADING = re.compile(r"^#{1,6} +(\S.{0,200})", re.M)
CLOSING = re.compile(r"\s+#+\s*$")
LONGEST_HEADING = 40
UNDER = re.compile(r' \(under "[^"]*"\)')  # the part of a label that may be removed where space is short
CONFLICT = re.compile(rb"^(<{7} |={7}\r?$|>{7} )", re.M)
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")  # a surrogate escaped in JSON, alone or one of a pair
KEPT_OF_PICTURES = {"alt": str, "width": int, "height": int}
ENCODED = re.compile(r"(image/(?!svg)|video/|audio/|application/pdf)")  # types whose text is base64
SKIPPED = ("nbval-skip", "NBVAL_SKIP", "skip-execution")  # tags and comments with which nbval or nbclient skips a cell
MAY_FAIL = ("raises-exception", "nbval-raises-exception", "NBVAL_RAISES_EXCEPTION")
COMMENTS = ("NBVAL_SKIP", "NBVAL_RAISES_EXCEPTION")
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


@dataclass
class Cell:
    """One cell; `number` is its number among all cells, from 1; `section` is the last heading up to this cell."""

    number: int
    kind: str
    source: str
    id: str | None = None
    tags: tuple[str, ...] = ()
    count: int | None = None
    outputs: list[dict] = field(default_factory=list)
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: int = 0  # characters of output that were left out
    section: str = ""

    @property
    def label(self) -> str:
        """The cell's label for readers: its number, with the execution count or else the heading above."""
        if self.count:
            return f"{self.number} [{self.count}]"
        return f'{self.number} (under "{self.section}")' if self.section else str(self.number)

    @property
    def mark(self) -> str:
        """The tag or comment that excuses a code cell from running or failing, or ""; one for skipping has priority."""
        if self.kind != "code" or not self.source.strip():
            return ""
        lines = map(str.strip, self.source.splitlines())
        comments = {line.lstrip("#").strip() for line in lines if line.startswith("#")}
        found = {*self.tags, *comments.intersection(COMMENTS)}
        return next((one for one in (*SKIPPED, *MAY_FAIL) if one in found), "")


@dataclass
class Notebook:
    """The parts of a notebook that are used here; `name` is its path in the kit."""

    name: str
    cells: list[Cell]
    minor: int = 5
    python: str = ""

    @property
    def stem(self) -> str:
        """The file's name without folder and suffix."""
        return self.name.rpartition("/")[2].removesuffix(".ipynb")

    @property
    def code(self) -> list[Cell]:
        """The code cells that are not empty."""
        return [cell for cell in self.cells if cell.kind == "code" and cell.source.strip()]

    @property
    def excused(self) -> str:
        """A line that names the excused cells and their marks, or "" if there are none."""
        told = [f"{cell.number} ({cell.mark})" for cell in self.cells if cell.mark]
        return f"excused from running or failing: cell{'s' * (len(told) > 1)} {', '.join(told)}" if told else ""


def parse(name: str, data: bytes) -> Notebook:
    """Return the notebook in a file. Raises UnfitFileError if it is damaged, or not in notebook format 4."""
    raw = load(name, data)
    major = raw.get("nbformat") if isinstance(raw, dict) else None
    if type(major) is not int:
        raise UnfitFileError(name, "is not a notebook: it has no valid 'nbformat'")
    if major != 4:
        raise UnfitFileError(name, f"is saved in notebook format {major}, not 4: open it in JupyterLab and save it")
    if not isinstance(raw.get("cells"), list):
        raise UnfitFileError(name, "is not a notebook: it has no list of cells")
    cells = [_cell(name, number, cell) for number, cell in enumerate(raw["cells"], 1)]
    _put_under_headings(cells)
    _tell_apart(cells)
    minor = _count(raw.get("nbformat_minor"))
    language = _dict(_dict(raw.get("metadata")).get("language_info"))
    python = re.fullmatch(r"3\.\d+\.\d+", str(language.get("version")))
    return Notebook(name, cells, 5 if minor is None else min(minor, 5), python[0] if python else "")


def dumps(notebook: Notebook) -> bytes:
    """Return the bytes of an .ipynb file, in Jupyter's own form; they are always the same for the same content."""
    language = {"name": "python"} | ({"version": notebook.python} if notebook.python else {})
    whole = {
        "cells": [_as_json(cell, with_id=notebook.minor >= 5) for cell in notebook.cells],
        "metadata": {"kernelspec": KERNEL, "language_info": language},
        "nbformat": 4,
        "nbformat_minor": notebook.minor,
    }
    return (json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "replace")


def without(notebook: Notebook, private: Callable[[str], str]) -> Notebook:
    """Replace each text in a notebook's outputs, except base64 data, with private(text); return the notebook."""
    for cell in notebook.cells:
        cell.outputs = [_mapped(output, private) for output in cell.outputs]
    return notebook


def headings(cell: Cell) -> list[str]:
    """Return the headings in a text cell, without the "#" characters."""
    found = HEADING.findall(cell.source) if cell.kind == "markdown" else []
    return [CLOSING.sub("", heading).strip() for heading in found]


def text_of(output: dict) -> str:
    """Return the plain text of an output, or the traceback of an error; "" if there is none."""
    if output["output_type"] == "error":
        return "\n".join(output["traceback"])
    text = output.get("text", _dict(output.get("data")).get("text/plain", ""))
    return text if isinstance(text, str) else ""


def load(name: str, data: bytes) -> Any:
    """Return the value of a JSON file. Raises UnfitFileError if it is not valid JSON, or is nested too deeply.

    Numbers that JSON cannot represent, such as NaN, become None, and a lone surrogate becomes "?".
    """
    try:
        raw = json.loads(data.decode("utf-8-sig"), parse_constant=lambda _: None, parse_float=_finite)
        if SURROGATE.search(data):
            raw = json.loads(json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace"))
        if _is_deep(raw):
            raise RecursionError
        return raw
    except RecursionError:
        reason = "is nested too deeply: clear its outputs (Edit, Clear Outputs of All Cells)"
    except ValueError as error:
        reason = _broken(data, error)
    raise UnfitFileError(name, reason)


def _finite(text: str) -> float | None:
    """Return a number, or None for one that is too large, such as 1e999, which Python would write as Infinity."""
    return float(text) if math.isfinite(float(text)) else None


def _broken(data: bytes, error: ValueError) -> str:
    if conflict := CONFLICT.search(data):
        line = data.count(b"\n", 0, conflict.start()) + 1
        return f"contains merge-conflict markers (line {line}): choose one side and save the file"
    if not data.strip():
        return "is empty"
    if isinstance(error, json.JSONDecodeError):
        why = f"its JSON is not valid at line {error.lineno}"
    else:
        text = isinstance(error, UnicodeDecodeError)
        why = "it is not UTF-8 text" if text else "a number in it has too many digits"
    return f"is not a valid notebook: {why}. Restore a version that opens in Jupyter"


def _cell(name: str, number: int, raw: Any) -> Cell:
    try:
        return _read_cell(number, raw)
    except (TypeError, ValueError, LookupError, AttributeError):
        raise UnfitFileError(name, f"is damaged: cell {number} is not a valid notebook cell") from None


def _read_cell(number: int, raw: dict) -> Cell:
    tags = _dict(raw.get("metadata")).get("tags", ())
    cell = Cell(number, _text(raw["cell_type"]), _text(raw["source"]))
    cell.id = raw["id"] if isinstance(raw.get("id"), str) and re.fullmatch(r"[\w-]{1,64}", raw["id"]) else None
    cell.tags = tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    if cell.kind == "code":
        cell.count = _count(raw.get("execution_count")) or None
        cell.outputs, cell.left_out = _affordable([_output(output) for output in raw.get("outputs", [])])
    files = _dict(raw.get("attachments")).items()
    cell.attachments = {key: {mime: _text(data) for mime, data in file.items()} for key, file in files}
    return cell


def _put_under_headings(cells: list[Cell]) -> None:
    section = ""
    for cell in cells:
        found = headings(cell)
        if found:
            section = textwrap.shorten(found[-1].replace('"', "'"), LONGEST_HEADING, placeholder=" …")
        cell.section = section


def _tell_apart(cells: list[Cell]) -> None:
    """Give each cell without an id, or with the id of an earlier cell, a new and unique id."""
    taken = {cell.id for cell in cells}
    seen: set[str | None] = {None}
    for cell in cells:
        if cell.id in seen:
            cell.id = f"cell-{cell.number}"
            while cell.id in taken:
                cell.id += "-"
            taken.add(cell.id)
        seen.add(cell.id)


def _output(raw: dict) -> dict:
    kept = {key: value for key, value in raw.items() if key != "metadata"}
    if raw["output_type"] in ("display_data", "execute_result"):
        data = {mime: _joined(value) for mime, value in raw["data"].items()}
        kept |= {"metadata": _of_pictures(raw.get("metadata"), data), "data": data}
    elif raw["output_type"] == "stream":
        kept["text"] = _text(raw["text"])
    elif raw["output_type"] == "error":
        kept |= {key: _text(raw.get(key, "")) for key in ("ename", "evalue")}
        kept["traceback"] = [_text(line) for line in raw.get("traceback", [])]
    return kept


def _of_pictures(metadata: Any, data: dict) -> dict:
    """Return the size and the alternative text of pictures from an output's metadata, {MIME type: {key: value}}."""
    found = {mime: _dict(_dict(metadata).get(mime)) for mime in data if mime.startswith("image/")}
    kept = {
        mime: {key: value for key, value in told.items() if type(value) is KEPT_OF_PICTURES.get(key)}
        for mime, told in found.items()
    }
    return {mime: told for mime, told in kept.items() if told}


def _affordable(outputs: list[dict]) -> tuple[list[dict], int]:
    """Return the first outputs, up to MAX_CELL_OUTPUT characters, and how many characters the other outputs have.

    The others are replaced by one text: the first SHOWN characters of the first of them, and a note.
    """
    ends = [0, *itertools.accumulate(map(_length, outputs))]
    whole = bisect.bisect_right(ends, MAX_CELL_OUTPUT) - 1  # outputs that fit
    cut = ends[-1] - ends[whole]
    if not cut:
        return outputs, 0
    told = f"{text_of(outputs[whole])[:SHOWN]}\n[{size(cut)} of output left out]\n"
    return [*outputs[:whole], {"output_type": "stream", "name": "stdout", "text": told}], cut


def _length(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_length, value.values()))
    return sum(map(_length, value)) if isinstance(value, list) else len(str(value))


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {key: held if ENCODED.match(key) else _mapped(held, change) for key, held in value.items()}
    if isinstance(value, list):
        return [_mapped(held, change) for held in value]
    return change(value) if isinstance(value, str) else value


def _as_json(cell: Cell, with_id: bool) -> dict:
    raw: dict[str, Any] = {"cell_type": cell.kind, "source": cell.source.splitlines(keepends=True)}
    raw["metadata"] = {"tags": list(cell.tags)} if cell.tags else {}
    if with_id:
        raw["id"] = cell.id
    if cell.kind == "code":
        raw |= {"execution_count": cell.count, "outputs": cell.outputs}
    elif cell.attachments:
        raw["attachments"] = cell.attachments
    return raw


def _is_deep(value: Any, left: int = MAX_DEPTH) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return left == 0 or any(_is_deep(one, left - 1) for one in inner)


def _count(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value <= MAX_COUNT else None


def _joined(value: Any) -> Any:
    texts = isinstance(value, list) and all(isinstance(part, str) for part in value)
    return "".join(value) if texts else value


def _text(value: Any) -> str:
    text = _joined(value)
    if not isinstance(text, str):
        raise TypeError("a text was expected")
    return text


def _dict(value: Any) -> dict:
    return value if isinstance(value, dict) else {}
