"""Files to which a notebook refers: pictures are handed in; links to files that a grader lacks are reported."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from cs231n.tutor.submission import inventory, outputs, pictures
from cs231n.tutor.submission.pictures import NoPictureError
from cs231n.tutor.submission.read import Cell, Notebook

MAX_TOGETHER = 30_000_000  # bytes
LONGEST_NAME = 80
MAY_SHOW = ("](", "![", "]:", "<img", "<IMG", "<svg")


def collect(notebook: Notebook, root: Path, found: dict[str, bytes], known: Collection[str] = ()) -> list[str]:
    """Add {path in the kit: picture} to `found`; return a notice for each picture that cannot be shown.

    There is also a notice for each linked file that is not in `known`, the files that a grader has.
    """
    notices = []
    for (_, url, shown), cell in {(cell.number, url, shown): cell for cell, url, shown in _named(notebook)}.items():
        try:
            if not shown:
                notices += _lacking(url, notebook.name, known, cell)
                continue
            _collect(url, cell.attachments, notebook.name, root, found)
        except NoPictureError as error:
            name = "a picture" if url.startswith("data:") else url.removeprefix("attachment:")
            notices.append(f"cell {cell.label}: {name[:LONGEST_NAME] or 'a picture'} {error}")
    return notices


def _collect(url: str, attachments: dict, book: str, root: Path, found: dict[str, bytes]) -> None:
    if url.startswith(("attachment:", "data:")):
        pictures.find(url, attachments, book, found)
        return
    name = pictures.place(url, book)
    if name not in found:
        content = pictures.read(root, name)
        if sum(map(len, found.values())) + len(content) > MAX_TOGETHER:
            raise NoPictureError("is left out: all pictures together are too large")
        found[name] = content


def _lacking(url: str, book: str, known: Collection[str], cell: Cell) -> list[str]:
    with suppress(NoPictureError):  # it is not a path in the kit
        name = pictures.place(url, book)
        if not url.startswith("#") and not any(one == name or one.startswith(f"{name}/") for one in known):
            return [f"cell {cell.label}: {name[:LONGEST_NAME]} is only linked, not handed in: a grader may not have it"]
    return []


def _named(notebook: Notebook) -> Iterator[tuple[Cell, str, bool]]:
    """Yield (cell, address, whether it is a picture) for what questions, the student's texts and outputs refer to."""
    with suppress(ImportError):  # without these packages there is no report either, which is reported elsewhere
        from cs231n.tutor.submission import prose

        for item in inventory.take(notebook).items:
            urls: list[tuple[str, bool]] = []
            cell = item.cell

            def note(url: str, alt: str | None = None, urls: list[tuple[str, bool]] = urls) -> str:
                urls.append((url, alt is not None))
                return ""

            text = cell.source if inventory.QUESTION in cell.tags else item.written
            if cell.kind == "markdown" and any(mark in text for mark in MAY_SHOW):
                prose.to_html(text, note, note)
            for output in cell.outputs:
                mime, text = outputs.rich(data := outputs.bundle(output))
                if text and not outputs.has_picture(data):
                    (prose.of_html if mime == "text/html" else prose.to_html)(text, note)
            yield from ((cell, *url) for url in urls)
