"""Convert masters in Jupytext's percent format to notebooks, as stubs or solved; equal masters give equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import jupytext
import nbformat

from solutions.tools import regions, tolerance

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL = "# %%"
NEW = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}


def read_master(path: Path) -> nbformat.NotebookNode:
    """Return a master as a notebook; a cell's id depends on its type and on its source in the master."""
    return _converted(path, lambda cell: cell.source)


def render(path: Path, solved: bool) -> nbformat.NotebookNode:
    """Return a master as the student's notebook, or as the solved one. Raises MarkerError with the master's line."""
    return _converted(path, _solved if solved else _stub)


def _solved(cell: nbformat.NotebookNode) -> str:
    return regions.to_solved(cell.source)


def _stub(cell: nbformat.NotebookNode) -> str:
    if cell.cell_type == "code":
        return regions.to_stub(cell.source, task="this cell")
    return regions.to_answer_stub(cell.source)


def _converted(path: Path, convert: Callable[[nbformat.NotebookNode], str]) -> nbformat.NotebookNode:
    text = path.read_text(encoding="utf-8")
    cells = jupytext.reads(text, fmt="py:percent").cells
    heads = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith(CELL)]
    if len(cells) != len(heads) or any(cell.cell_type not in NEW for cell in cells):
        raise regions.MarkerError(
            path.as_posix(), 1, f"every cell must start with '{CELL}' and be a code or a markdown cell"
        )
    result = nbformat.v4.new_notebook(metadata=METADATA)
    seen: set[str] = set()
    for cell, head in zip(cells, heads, strict=True):
        try:
            source = convert(cell)
        except regions.MarkerError as error:
            raise regions.MarkerError(path.as_posix(), head + error.line, error.message) from None
        tags = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        result.cells.append(NEW[cell.cell_type](source=source, metadata=tags, id=_cell_id(cell, seen)))
    return result


def essence(text: str) -> str:
    """Return what may be somebody's work in a notebook file, without the parts that Jupyter changes on saving."""
    try:
        cells = json.loads(text)["cells"]
        kept = [[_joined(cell["source"]), *map(cell.get, ("cell_type", "outputs", "attachments"))] for cell in cells]
    except (ValueError, LookupError, TypeError):
        return text
    return json.dumps(kept)


def _joined(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def dumps(notebook: nbformat.NotebookNode) -> str:
    """Return a notebook's text as Jupyter saves it, so that saving an unedited notebook changes nothing."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


def text_outputs(notebook: nbformat.NotebookNode) -> dict[str, list]:
    """Return {cell id: outputs}, without images and ignored cells: the reference outputs, which are kept in git."""
    kept = {}
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        ignored = "nbval-ignore-output" in tags and tolerance.tolerance(tags) is None
        if cell.cell_type != "code" or ignored:
            continue
        outputs = json.loads(json.dumps(cell.outputs))
        for output in outputs:
            output |= {key: empty for key, empty in (("metadata", {}), ("execution_count", None)) if key in output}
            for mime in [mime for mime in output.get("data", {}) if mime.startswith("image/")]:
                del output["data"][mime]
        if outputs:
            kept[cell.id] = outputs
    return kept


def with_outputs(notebook: nbformat.NotebookNode, outputs: dict[str, list]) -> nbformat.NotebookNode:
    """Return the notebook with reference outputs in their cells, numbered as after a run from top to bottom."""
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code_cells, start=1):
        cell.outputs = [nbformat.from_dict(output) for output in outputs.get(cell.id, [])]
        cell.execution_count = number
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number
    return notebook


def _cell_id(cell: nbformat.NotebookNode, seen: set[str]) -> str:
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
    cell_id = next(digest[start : start + 8] for start in range(56) if digest[start : start + 8] not in seen)
    seen.add(cell_id)
    return cell_id
