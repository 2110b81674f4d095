"""A contact sheet: all figures of the solved notebooks, and how people with three kinds of colour blindness see them.

`python -m solutions figures OUT` runs the notebooks on the data set that the kit finds on this machine. It writes into
the folder OUT the figures, a page `index.html` that shows each figure as it is and in the three simulations, and for
each notebook, a picture with its part of the page.
"""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

from solutions.tools import execute, generate

# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009:
# matrices of full severity, for linear RGB.
KINDS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
COLUMN, GAP = 480, 10  # pixels, in the pictures
STYLE = """body { font-family: sans-serif; margin: 1em } figure { margin: 0 0 1.5em }
.row { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px } img { width: 100% }"""


@dataclass
class Shown:
    """A figure of a notebook: its alternative text, which is its title, and its PNG."""

    title: str
    png: bytes


def found(notebook: nbformat.NotebookNode) -> list[Shown]:
    """Return the figures among the outputs of a notebook, in order."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    return [
        Shown(output.metadata.get("image/png", {}).get("alt", ""), base64.b64decode(output.data["image/png"]))
        for output in outputs
        if "image/png" in output.data
    ]


def simulated(image: Image.Image, kind: str) -> Image.Image:
    """Return a picture as somebody with this kind of colour blindness sees it."""
    values = np.asarray(image.convert("RGB")) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(KINDS[kind]), 0, 1)
    values = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    return Image.fromarray(np.round(255 * values).astype(np.uint8))


def sheet(figures: list[Shown]) -> Image.Image:
    """Return one picture with a row for each figure: as it is, and as seen with each kind of colour blindness."""
    rows = []
    for figure in figures:
        whole = Image.open(io.BytesIO(figure.png)).convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")
        image.thumbnail((COLUMN, COLUMN))
        rows.append([image, *(simulated(image, kind) for kind in KINDS)])
    result = Image.new("RGB", (4 * (COLUMN + GAP), sum(row[0].height + GAP for row in rows) or 1), "white")
    top = 0
    for row in rows:
        for column, image in enumerate(row):
            result.paste(image, (column * (COLUMN + GAP), top))
        top += row[0].height + GAP
    return result


def page(files: dict[str, dict[str, str]]) -> str:
    """Return the page for {notebook: {file of a figure: its title}}; SVG filters simulate the colour blindness."""
    filters = "".join(
        f'<filter id="{kind}"><feColorMatrix values="{" ".join(f"{a} {b} {c} 0 0" for a, b, c in rows)} 0 0 0 1 0"/>'
        "</filter>"
        for kind, rows in KINDS.items()
    )
    parts = []
    for name, figures in files.items():
        parts.append(f"<h2>{html.escape(name)}</h2>")
        for file, title in figures.items():
            alt = html.escape(title, quote=True)
            seen = "".join(f'<img src="{file}" alt="" style="filter: url(#{kind})">' for kind in KINDS)
            caption = f"<figcaption>{alt or 'without a title'}</figcaption>"
            parts.append(f'<figure>{caption}<div class="row"><img src="{file}" alt="{alt}">{seen}</div></figure>')
    kinds = ", ".join(KINDS)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>All figures</title><style>{STYLE}</style>'
        f'<svg width="0" height="0" aria-hidden="true">{filters}</svg>'
        f"<h1>All figures, and as seen with {kinds}</h1>{''.join(parts)}</html>"
    )


def write(out: Path, names: Iterable[str] = (), root: Path = generate.ROOT) -> list[Path]:
    """Run all solved notebooks, or those in `names`, and write the page, the figures, and a picture for each notebook.

    Return the paths of the page and the pictures. Raises execute.UnknownNotebookError if there is no notebook with one
    of the names.
    """
    targets = execute.notebooks_of(root, names)
    tree = generate.write_solved(root)
    environment = execute.solved_environment(tree)
    files, written = {}, []
    out.mkdir(parents=True, exist_ok=True)
    for name, target in targets.items():
        figures = found(execute.execute(tree / target, environment)[0])
        stem = name.replace("/", "-")
        files[name] = {f"{stem}-{number:02}.png": figure.title for number, figure in enumerate(figures, 1)}
        for file, figure in zip(files[name], figures, strict=True):
            (out / file).write_bytes(figure.png)
        written.append(out / f"{stem}.png")
        sheet(figures).save(written[-1], optimize=True)
    index = out / "index.html"
    index.write_text(page(files), encoding="utf-8")
    return [index, *written]
