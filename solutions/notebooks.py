"""Jupytext percent masters to .ipynb: one way for stubs and for solved notebooks, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import jupytext
import nbformat

from solutions import regions

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def read_master(path: Path) -> nbformat.NotebookNode:
    """Return a percent master as a notebook whose cell ids depend on the master's own cells only."""
    notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    result = nbformat.v4.new_notebook(metadata=METADATA)
    seen: set[str] = set()
    for cell in notebook.cells:
        regions.find_regions(cell.source, f"{path} [{cell.cell_type} cell starting {cell.source[:40]!r}]")
        new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
        tags = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        result.cells.append(new(source=cell.source, metadata=tags, id=_cell_id(cell, seen)))
    return result


def render(path: Path, solved: bool) -> nbformat.NotebookNode:
    """Return a master as the student gets it, or solved."""
    notebook = read_master(path)
    for cell in notebook.cells:
        if solved:
            cell.source = regions.to_solved(cell.source, str(path))
        elif cell.cell_type == "code":
            cell.source = regions.to_stub(cell.source, str(path), task="this cell")
        else:
            cell.source = regions.to_answer_stub(cell.source, str(path))
    return notebook


def dumps(notebook: nbformat.NotebookNode) -> str:
    """Serialise as Jupyter itself does, so that saving an untouched notebook changes nothing."""
    nbformat.validate(notebook)
    return nbformat.writes(notebook, version=nbformat.NO_CONVERT) + "\n"


def text_outputs(notebook: nbformat.NotebookNode) -> dict[str, list]:
    """Return {cell id: outputs} without images: what is kept in git to validate against."""
    kept = {}
    for cell in notebook.cells:
        if cell.cell_type != "code" or "nbval-ignore-output" in cell.metadata.get("tags", []):
            continue
        outputs = json.loads(json.dumps(cell.outputs))
        for output in outputs:
            output["metadata"] = {} if "metadata" in output else None
            if output["metadata"] is None:
                del output["metadata"]
            if "execution_count" in output:
                output["execution_count"] = None
            for mime in [mime for mime in output.get("data", {}) if mime.startswith("image/")]:
                del output["data"][mime]
        if outputs:
            kept[cell.id] = outputs
    return kept


def with_outputs(notebook: nbformat.NotebookNode, outputs: dict[str, list]) -> nbformat.NotebookNode:
    """Put reference outputs back into the cells they came from."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [nbformat.from_dict(output) for output in outputs.get(cell.id, [])]
    return notebook


def _cell_id(cell: nbformat.NotebookNode, seen: set[str]) -> str:
    digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()
    cell_id = next(digest[start : start + 8] for start in range(56) if digest[start : start + 8] not in seen)
    seen.add(cell_id)
    return cell_id
