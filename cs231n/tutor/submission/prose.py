"""Convert markdown and HTML of notebooks to HTML that runs nothing and loads nothing; most formulas become pictures.

nbconvert's HTML is not suitable: it relies on scripts, and loads the one for formulas from the network.
"""

from __future__ import annotations

import base64
import functools
import html
import io
import logging
import re
from collections.abc import Callable

import bleach
import bs4
import mistune

LONGEST = 50_000  # characters; a longer text is shown without conversion
LONGEST_SHOWN = 1_000_000
LONGEST_FORMULA = 400
TAGS = frozenset(
    "p br hr h1 h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li a table thead tbody tr th td".split()  # noqa: SIM905
)
CODE = r"(?P<code>^ {0,3}(?P<fence>```+|~~~+).*?(?:^ {0,3}(?P=fence)|\Z)|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`))"
ADDRESS = r"(?P<address>(?<=\])\((?:\\.|[^()\\\n]|\([^()\n]*\))*\))"  # of a link or picture, after "]"
INLINE = r"(?<![\\$\w])\$(?P<inline>[^\s$`](?:[^$`]{0,2000}?[^\s$`\\])?)\$(?![\w$])"
BRACKETS = r"\\\\?\((?P<round>[^$`\n]{1,2000}?)\\\\?\)|(?:\\\\|^ *\\)\[(?P<square>[^$`]{1,2000}?)\\\\?\]"
ENVIRONMENT = r"(?P<environment>\\begin\{(?P<kind>[a-z]+\*?)\}.{1,5000}?\\end\{(?P=kind)\})"
FORMULA = rf"\$\$(?P<display>.+?)\$\$|{INLINE}|{BRACKETS}|{ENVIRONMENT}"
SPECIAL = re.compile(f"{CODE}|{ADDRESS}|{FORMULA}", re.S | re.M)
INLINE_DATA = re.compile(r"data:image/[\w.+-]{1,20}(?:;[\w=-]{1,30})?,[\w+/=%.~-]{100,}")  # long ones only
BLANKS = re.compile(r"(!\[[^\]\n]{0,400}\]\()(?!<)([^()<>\"'\n]{0,400} [^()<>\"'\n]{0,400})\)")
IMG = re.compile(r"<img\b[^<>]{0,4000}>", re.I)
INLINE_SVG = re.compile(r"<svg\b.*?</svg\s*>", re.I | re.S)
UNREAD = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
ANSI = re.compile(r"\x1b\[[\d;]*m")  # a colour in a terminal
# the marks of this module's tokens, characters that change the direction of text, and control characters
UNSEEN = re.compile("[\N{OBJECT REPLACEMENT CHARACTER}\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
TOKEN = "\N{OBJECT REPLACEMENT CHARACTER}{}\N{OBJECT REPLACEMENT CHARACTER}"
Picture = Callable[[str, str], str]  # (address, alternative text) -> HTML


def to_html(text: str, picture: Picture, link: Callable[[str], object] = str) -> str:
    """Return markdown as HTML; raw HTML, except pictures, is shown as text. `picture` returns the HTML of each picture.

    Only http(s) links are kept; `link` is called with the address of every other link. A text of more than LONGEST
    characters, or one that is nested too deeply, is shown without conversion.
    """
    held = _Held(picture, link)
    text = INLINE_DATA.sub(held.address, UNSEEN.sub("", text))
    if len(text) > LONGEST:
        rest = f"\n[{len(text) - LONGEST_SHOWN:,} more characters]" if len(text) > LONGEST_SHOWN else ""
        return f"<pre>{verbatim(text[:LONGEST_SHOWN])}{rest}</pre>"
    marked = BLANKS.sub(r"\1<\2>)", SPECIAL.sub(held.formula, text))
    try:
        page = str(mistune.create_markdown(renderer=_Renderer(held), plugins=["table", "strikethrough"])(marked))
    except RecursionError:
        page = f"<pre>{verbatim(text)}</pre>"
    return held.put_back(page)


def verbatim(text: str) -> str:
    """Return text as HTML that shows it as it is, except for terminal colours and invisible characters."""
    return html.escape(UNSEEN.sub("", ANSI.sub("", text)))


def of_html(page: str, picture: Picture) -> str:
    """Return the text, tables and pictures of an HTML output as harmless HTML."""
    held = _Held(picture, str)
    page = UNREAD.sub("", UNSEEN.sub("", page)[:LONGEST_SHOWN])
    return held.put_back(held.pictures(page))


class _Held:
    """Finished pieces of HTML, each replaced by a token while the text around it is converted and cleaned."""

    def __init__(self, picture: Picture, link: Callable[[str], object]):
        self.picture, self.link = picture, link
        self.finished: list[str] = []
        self.addresses: dict[str, str] = {}

    def hold(self, finished: str) -> str:
        """Keep harmless HTML and return its token."""
        self.finished.append(finished)
        return TOKEN.format(len(self.finished) - 1)

    def address(self, match: re.Match) -> str:
        """Keep the long address of a picture and return a short one."""
        short = f"data:held-{len(self.addresses)}"
        self.addresses[short] = match[0]
        return short

    def image(self, url: str, alt: str) -> str:
        """Return the token of a picture."""
        return self.hold(self.picture(self.addresses.get(url, url), alt))

    def pictures(self, page: str) -> str:
        """Return HTML with tokens in place of its pictures."""
        page = INLINE_SVG.sub(lambda match: self.image(_uri("image/svg+xml", match[0].encode()), ""), page)
        return IMG.sub(lambda match: self.image(*_attributes(match[0])), page)

    def formula(self, match: re.Match) -> str:
        """Return the token of a formula; code and addresses are returned as they are."""
        if match["code"] or match["address"]:
            return match[0]
        inline, display = match["inline"] or match["round"], match["display"] or match["square"] or match["environment"]
        return self.hold(formula(inline or display, display=not inline))

    def put_back(self, page: str) -> str:
        """Return HTML in which nothing can run or load anything, with the finished pieces put back."""
        safe = bleach.clean(page, TAGS, {"a": ["href"]}, protocols=["http", "https"], strip=True)
        return re.sub(TOKEN.format(r"(\d+)"), lambda match: self.finished[int(match[1])], safe)


class _Renderer(mistune.HTMLRenderer):
    """Renders markdown as HTML with a token for each picture; raw HTML, and links other than http(s), become text."""

    def __init__(self, held: _Held):
        super().__init__(escape=True)
        self.held = held

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return self.held.image(html.unescape(url), re.sub("<[^>]*>", "", html.unescape(text)) or title or "")

    def link(self, text: str, url: str, title: str | None = None) -> str:
        if re.match("https?://", url):
            return super().link(text, url, title)
        self.held.link(html.unescape(url))
        return f"{text} ({html.escape(html.unescape(url))})" if url != html.unescape(text) else text

    def inline_html(self, html: str) -> str:  # the name that mistune gives it
        return super().inline_html(self.held.pictures(html))

    def block_html(self, html: str) -> str:
        return super().block_html(self.held.pictures(html))


def _attributes(tag: str) -> tuple[str, str]:
    """Return the address and the alternative text of an <img>."""
    found = bs4.BeautifulSoup(tag, "html.parser").find("img")
    return (str(found.get("src", "")), str(found.get("alt", ""))) if found else ("", "")


def _uri(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


@functools.lru_cache(maxsize=2000)
def formula(tex: str, display: bool = False) -> str:
    """Return a formula as a picture with its TeX as alternative text; if it is long or cannot be drawn, as TeX."""
    words = " ".join(tex.split())
    kind = "display" if display else "inline"
    drawn = _drawn(words) if len(words) <= LONGEST_FORMULA else None
    if drawn is None:
        return f'<code class="{kind}">{html.escape(tex.strip())}</code>'
    picture, height, depth = drawn
    style = f"height:{height:.2f}pt;vertical-align:{-depth:.2f}pt"
    return f'<img class="{kind}" alt="{html.escape(words)}" style="{style}" src="{_uri("image/png", picture)}">'


class _Complaints(logging.Handler):
    """Records whether anything was logged: for a character that the font lacks, mathtext draws a box and logs that."""

    any = False

    def emit(self, record: logging.LogRecord) -> None:
        self.any = True


def _drawn(tex: str) -> tuple[bytes, float, float] | None:
    """Return a formula as a PNG, with its height and its depth below the line in points; None if it cannot be drawn."""
    import matplotlib
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import math_to_image

    file, dpi, complaints = io.BytesIO(), 300, _Complaints()
    log = logging.getLogger("matplotlib")
    level, propagates = log.level, log.propagate
    log.addHandler(complaints)
    log.setLevel(logging.WARNING)
    log.propagate = False
    try:
        with matplotlib.rc_context({"text.usetex": False, "mathtext.fontset": "cm", "savefig.transparent": True}):
            depth = math_to_image(f"${tex}$", file, prop=FontProperties(size=13), dpi=dpi, format="png")
    except Exception:  # for an unknown TeX command, pyparsing raises several kinds of exceptions
        return None
    finally:
        log.removeHandler(complaints)
        log.setLevel(level)
        log.propagate = propagates
    picture = file.getvalue()
    return None if complaints.any else (picture, int.from_bytes(picture[20:24], "big") * 72 / dpi, depth)
