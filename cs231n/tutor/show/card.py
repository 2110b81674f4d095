"""Cards shown under a notebook cell: plain HTML with inline styles, for any front end, theme or exported page.

Text has the colours of the page, except in the badge, which sets the colours of its text and its background. The word
in the badge says what its colour means. Paths of the kit's files are links where possible, and the keyboard reaches
these links too.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence

from cs231n.tutor.show import link

WIDTH = 684  # pixels of a picture on the page

# White text on these colours has a contrast of at least 5 : 1, and the border in them at least 3 : 1 with the page, in
# the light and dark themes of JupyterLab and VS Code.
BADGES = {"pass": "#1972A9", "fail": "#B54D08", "todo": "#6D6D6D", "error": "#A34F8A", "hint": "#1E7B60"}


def card(kind: str, badge: str, title: str, lines: Sequence[tuple[str, str]], image: tuple[bytes, str] | None = None):
    """Return the HTML of a card: a badge, a title, lines of (label, text), and an image as (PNG, alternative text).

    `kind` is a key of BADGES. All texts are plain text, not HTML; backticks mark code.
    """
    colour = BADGES[kind]
    told = "".join(f'<div style="margin-top:2px"><b>{_text(label)}</b>{_text(text)}</div>' for label, text in lines)
    return (
        f'<div style="border-left:4px solid {colour};padding:4px 10px;margin:2px 0;line-height:1.4">'
        f'<span style="background:{colour};color:#FFFFFF;font-weight:bold;padding:0 6px">{_text(badge)}</span> '
        f"{_text(title)}{told}{_image(*image) if image else ''}</div>"
    )


def _text(text: str) -> str:
    """Return text as HTML: code where it is between two backticks, and links to files of the kit elsewhere."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    return "".join(
        f"<code>{html.escape(part)}</code>" if number % 2 else link.linked(part) for number, part in enumerate(parts)
    )


def _image(png: bytes, words: str) -> str:
    source = base64.b64encode(png).decode()
    style = f"display:block;margin-top:4px;width:{WIDTH}px;max-width:100%;background:#FFFFFF"
    return f'<img alt="{html.escape(words)}" src="data:image/png;base64,{source}" style="{style}">'
