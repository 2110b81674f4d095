"""What the outputs of a cell show, besides printed text: pictures, tables, formulas, and what only a browser runs."""

from __future__ import annotations

import re
from typing import Any

from cs231n.tutor.show.verdict import SYMBOLS

DRAWN = re.compile(r"<(img|svg|canvas|iframe|video|object|embed|audio)\b", re.I)
RUN = re.compile(r"<(canvas|iframe|video|object|embed|audio|script)\b", re.I)
TEXTS = ("text/markdown", "text/latex", "text/html")  # the types that prose.py converts, the preferred one first
CARDS = (*(f"{symbol} " for symbol in SYMBOLS.values()), "Hint ")  # how the plain text of the kit's cards begins


def bundle(output: dict) -> dict[str, Any]:
    """Return {MIME type: content} of an output; {} for what print() writes, for an error, and for a card of the kit."""
    data = output.get("data")
    return data if isinstance(data, dict) and not is_card(output) else {}


def is_card(output: dict) -> bool:
    """Return whether an output is a verdict, a hint or a note of the kit."""
    data = output.get("data")
    plain = data.get("text/plain") if isinstance(data, dict) else ""
    return isinstance(plain, str) and plain.startswith(CARDS)


def has_picture(data: dict[str, Any]) -> bool:
    """Return whether one of the forms of an output, {MIME type: content}, is a picture."""
    return any(mime.startswith("image/") for mime in data)


def rich(data: dict[str, Any]) -> tuple[str, str]:
    """Return (MIME type, text) of an output's markdown, or else of its LaTeX or HTML, or else ("", "")."""
    return next(((mime, data[mime]) for mime in TEXTS if isinstance(data.get(mime), str)), ("", ""))


def is_printed(output: dict) -> bool:
    """Return whether an output has no picture, markdown, LaTeX or HTML, and is not a card of the kit."""
    data = output.get("data", {})
    return not is_card(output) and isinstance(data, dict) and not has_picture(data) and not rich(data)[1]


def draws(output: dict) -> bool:
    """Return whether an output shows something that may be a figure."""
    data = bundle(output)
    return has_picture(data) or bool(DRAWN.search(rich(data)[1])) or bool(unshown(output))


def keeps_figure(output: dict) -> bool:
    """Return whether an output contains a drawing that a page can show."""
    return draws(output) and not unshown(output)


def unshown(output: dict) -> str:
    """Return a few words about the part of an output that a page cannot show, or "" if there is none."""
    data = bundle(output)
    mime, text = rich(data)
    if has_picture(data):
        return ""
    if "application/pdf" in data:
        return "a figure in PDF"
    if mime == "text/html" and RUN.search(text):
        return "video, audio, or other embedded or interactive content"
    other = next((kind for kind in data if kind != "text/plain"), "")
    return f"something of the type {other[:80]}" if other and not text else ""
