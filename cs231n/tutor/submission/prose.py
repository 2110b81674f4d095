"""Convert markdown of notebooks to HTML that runs nothing and loads nothing; formulas become pictures.

nbconvert's HTML does not serve here: its formulas need a script from the network, and its page is written for scripts.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import re
from collections.abc import Mapping

import bleach
import mistune

from cs231n.tutor.submission import pictures

LONGEST = 50_000  # characters rendered; a longer text stays text
LONGEST_FORMULA = 400
TAGS = frozenset(
    "p br hr h1 h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li a table thead tbody tr th td".split()  # noqa: SIM905
)
MARKDOWN = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])
CODE = r"(?P<code>^ {0,3}(?P<fence>```+|~~~+).*?(?:^ {0,3}(?P=fence)|\Z)|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`))"
INLINE = r"(?<![\\$\w])\$(?P<inline>[^\s$`](?:[^$`]{0,400}?[^\s$`\\])?)\$(?![\w$])"
FORMULA = r"\$\$(?P<display>.+?)\$\$|" + INLINE
PICTURE = r"!\[(?P<alt>[^\]\n]{0,400})\]\(attachment:(?P<file>[^)\n]{0,400})\)"
SPECIAL = re.compile(f"{CODE}|{FORMULA}|{PICTURE}", re.S | re.M)
UNSEEN = re.compile("[\N{OBJECT REPLACEMENT CHARACTER}\u202a-\u202e\u2066-\u2069]")  # our tokens, and reversed text
TOKEN = "\N{OBJECT REPLACEMENT CHARACTER}{}\N{OBJECT REPLACEMENT CHARACTER}"


def to_html(text: str, attachments: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return markdown as HTML. Raw HTML is shown as text, links are http(s) only, pictures are attachments only."""
    text = UNSEEN.sub("", text)
    if len(text) > LONGEST:
        return f"<pre>{html.escape(text[:LONGEST])} […]</pre>"
    held: list[str] = []

    def hold(match: re.Match) -> str:
        if match["code"]:
            return match[0]
        if match["file"] is not None:
            held.append(_attachment(match["alt"], match["file"], attachments or {}))
        else:
            held.append(formula(match["display"] or match["inline"], display=bool(match["display"])))
        return TOKEN.format(len(held) - 1)

    marked = SPECIAL.sub(hold, text)
    try:
        page = MARKDOWN(marked)
    except RecursionError:
        page = f"<pre>{html.escape(marked)}</pre>"
    safe = bleach.clean(page, TAGS, {"a": ["href"]}, protocols=["http", "https"], strip=True)
    return re.sub(TOKEN.format(r"(\d+)"), lambda match: held[int(match[1])], safe)


@functools.lru_cache(maxsize=2000)
def formula(tex: str, display: bool = False) -> str:
    """Return a formula as a picture with its TeX as alternative text, or as TeX alone if it cannot be drawn."""
    words = " ".join(tex.split())
    kind = "display" if display else "inline"
    drawn = _drawn(words) if len(words) <= LONGEST_FORMULA else None
    if drawn is None:
        return f'<code class="{kind}">{html.escape(words)}</code>'
    picture, height, depth = drawn
    style = f"height:{height:.2f}pt;vertical-align:{-depth:.2f}pt"
    uri = base64.b64encode(picture).decode()
    return f'<img class="{kind}" alt="{html.escape(words)}" style="{style}" src="data:image/png;base64,{uri}">'


def _drawn(tex: str) -> tuple[bytes, float, float] | None:
    """Return a formula as a PNG, with its height and its depth below the line in points, or None."""
    import matplotlib
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import math_to_image

    file, dpi = io.BytesIO(), 200
    try:
        with matplotlib.rc_context({"text.usetex": False, "mathtext.fontset": "cm", "savefig.transparent": True}):
            depth = math_to_image(f"${tex}$", file, prop=FontProperties(size=13), dpi=dpi, format="png")
    except Exception:  # a TeX command that it does not know; pyparsing raises several kinds
        return None
    picture = file.getvalue()
    return picture, int.from_bytes(picture[20:24], "big") * 72 / dpi, depth


def _attachment(alt: str, file: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    uri = pictures.first(attachments.get(file, {}))
    if not uri:
        return f"<em>[a picture that cannot be shown: {html.escape(alt or file)}]</em>"
    return f'<img class="photo" alt="{html.escape(alt)}" src="{uri}">'
