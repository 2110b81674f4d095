"""Pictures next to the notebooks, which texts show by their path: they travel with the submission."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cs231n.tutor.submission import inventory, outputs, pictures
from cs231n.tutor.submission.pictures import NoPictureError
from cs231n.tutor.submission.read import Cell, Notebook

MAX_TOGETHER = 30_000_000  # bytes
LONGEST_NAME = 80
MAY_SHOW = ("![", "<img", "<IMG", "<svg")


def collect(notebook: Notebook, root: Path, found: dict[str, bytes]) -> list[str]:
    """Add {path in the kit: picture} to `found`; return a notice for each picture that cannot be shown."""
    notices = []
    for (_, url), cell in {(cell.number, url): cell for cell, url in _named(notebook)}.items():
        try:
            _collect(url, cell.attachments, notebook.name, root, found)
        except NoPictureError as error:  # noqa: PERF203
            name = "picture" if url.startswith("data:") else url.removeprefix("attachment:")
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
            raise NoPictureError("is one picture too many: they are too large together")
        found[name] = content


def _named(notebook: Notebook) -> Iterator[tuple[Cell, str]]:
    """Yield (cell, address) of the pictures that the student's texts and outputs name."""
    with suppress(ImportError):  # without what the report needs there is no report either, and that is said
        from cs231n.tutor.submission import prose

        for item in inventory.take(notebook).items:
            urls: list[str] = []
            cell = item.cell

            def note(url: str, alt: str, urls: list[str] = urls) -> str:
                urls.append(url)
                return ""

            text = cell.source if inventory.QUESTION in cell.tags else item.written
            if cell.kind == "markdown" and any(mark in text for mark in MAY_SHOW):
                prose.to_html(text, note)
            for output in cell.outputs:
                mime, text = outputs.rich(data := outputs.bundle(output))
                if text and not outputs.has_picture(data):
                    (prose.of_html if mime == "text/html" else prose.to_html)(text, note)
            yield from ((cell, url) for url in urls)
