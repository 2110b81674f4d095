"""The pictures in notebooks, each decoded and encoded again: no metadata and no scripts reach the report."""

from __future__ import annotations

import base64
import binascii
import io
import posixpath
import re
import stat
import warnings
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from xml.etree import ElementTree

from cs231n.data.disk import size

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")
KEPT_AS_IT_IS = "JPEG"  # pictures in the other formats become PNG
MAX_SIDE, MAX_PIXELS = 8_000, 30_000_000
MAX_ENCODED = 16_000_000  # characters of base64
MAX_FILE = 10_000_000  # bytes of a picture next to a notebook
WHAT = "not an intact PNG, JPEG, GIF, WebP, BMP or SVG"
SVG, XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
NOT_DRAWN = {"script", "foreignobject", "iframe", "audio", "video", "handler", "listener"}  # removed from an SVG
INSIDE = re.compile(r"#|data:image/(png|jpeg);")


class NoPictureError(ValueError):
    """A picture cannot be shown; the message says why, and is written after the picture's name."""


def data_uri(data: bytes) -> str:
    """Return a picture file as a data: URI for an <img>. Raises NoPictureError."""
    mime, again = redrawn(data)
    return f"data:{mime};base64,{base64.b64encode(again).decode()}"


def redrawn(data: bytes) -> tuple[str, bytes]:
    """Return (MIME type, bytes) of the same picture in a new file, without metadata such as where a photo was taken.

    Only the first frame of an animated GIF, PNG or WebP is kept. Raises NoPictureError if the picture cannot be read or
    is too large.
    """
    return _redrawn_svg(data) if _is_svg(data) else _redrawn_pixels(data)


def from_bundle(bundle: Mapping[str, object]) -> str:
    """Return, as a data: URI, the first picture in {MIME type: content} that can be shown; "" if there is none."""
    for mime, content in bundle.items():
        if mime.startswith("image/") and isinstance(content, str) and len(content) <= MAX_ENCODED:
            try:
                return data_uri(content.encode() if "svg" in mime else _decoded(content))
            except NoPictureError:
                continue
    return ""


def find(url: str, attachments: Mapping[str, Mapping[str, object]], book: str, files: Mapping[str, bytes]) -> str:
    """Return, as a data: URI, the picture to which a cell of the notebook `book` refers. Raises NoPictureError.

    `attachments` are those of the cell, and `files` are {path in the kit: bytes} of what is handed in.
    """
    if url.startswith("attachment:"):
        name = url.removeprefix("attachment:")
        bundle = attachments.get(name) or attachments.get(unquote(name))
        if not bundle:
            raise NoPictureError("is not attached to its cell")
        if uri := from_bundle(bundle):
            return uri
        raise NoPictureError(f"is {WHAT}, or is too large")
    if url.startswith("data:"):
        return data_uri(_inline(url))
    name = place(url, book)
    if name not in files:
        raise NoPictureError("is not among the files that are handed in")
    return data_uri(files[name])


def place(url: str, book: str) -> str:
    """Return the path, relative to the kit, of a picture to which the notebook `book` refers.

    Raises NoPictureError if the address is not a relative path to a place in the kit.
    """
    try:
        parts = urlsplit(url.strip().replace("\\", "/"))
    except ValueError:
        raise NoPictureError("has an address that cannot be read") from None
    if parts.scheme in ("http", "https") or parts.netloc:
        raise NoPictureError("is on the web: save it next to the notebook")
    path = unquote(parts.path).replace("\\", "/")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(book), path))
    if parts.scheme or path.startswith(("/", "~")) or name.startswith("..") or "\0" in path:
        raise NoPictureError("is outside the kit's folder, or its path is absolute: save it next to the notebook")
    return name


def read(root: Path, name: str) -> bytes:
    """Return the picture file `name` of the kit in `root`, redrawn. Raises NoPictureError, also for a link."""
    path = root / name
    try:
        if any(one.is_symlink() for one in (path, *path.parents[: name.count("/")])):
            raise NoPictureError("is a link, or in a folder that is one: put the file itself there")
        found = path.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise NoPictureError("is not a file")
        if found.st_size > MAX_FILE:
            raise NoPictureError(f"is too large ({size(found.st_size)}, at most {size(MAX_FILE)})")
        return redrawn(path.read_bytes())[1]
    except (OSError, ValueError) as error:
        if isinstance(error, NoPictureError):
            raise
        raise NoPictureError("is not there" if isinstance(error, FileNotFoundError) else "cannot be read") from None


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (ValueError, binascii.Error):
        raise NoPictureError(f"is {WHAT}") from None


def _inline(url: str) -> bytes:
    head, _, content = url.partition(",")
    return _decoded(unquote(content)) if head.endswith(";base64") else unquote_to_bytes(content)


def _redrawn_pixels(data: bytes) -> tuple[str, bytes]:
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a picture that Pillow warns about is refused
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
                    raise NoPictureError("is too large to print")
                kind = KEPT_AS_IT_IS if image.format == KEPT_AS_IT_IS else "PNG"
                image.verify()  # checks all checksums; afterwards the image has to be opened again
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                if image.mode.startswith("I;16"):  # Pillow would clip its values at 255
                    image = image.convert("I").point(lambda value: value / 256).convert("L")
                upright = ImageOps.exif_transpose(image).convert("RGBA" if kind == "PNG" else "RGB")
    except NoPictureError:
        raise
    except Exception:  # for damaged files, Pillow raises many kinds of exceptions
        raise NoPictureError(f"is {WHAT}") from None
    upright.info.clear()
    again = io.BytesIO()
    upright.save(again, kind, quality=90)
    return f"image/{kind.lower()}", again.getvalue()


def _is_svg(data: bytes) -> bool:
    return b"<svg" in data[:4_000] and not data.startswith((b"\x89", b"\xff", b"GIF8", b"RIFF", b"BM"))


def _redrawn_svg(data: bytes) -> tuple[str, bytes]:
    """Return (MIME type, bytes) of an SVG, rewritten without its metadata, scripts and external links."""
    try:
        text = re.sub(r"^\s*<\?xml[^>]*>|<!DOCTYPE[^>\[]*>", "", data.decode("utf-8-sig"))
        if re.search("<!(DOCTYPE|ENTITY)", text, re.I) or len(text) > MAX_ENCODED:
            raise NoPictureError(f"is {WHAT}")
        if "xmlns=" not in text:
            text = text.replace("<svg", f'<svg xmlns="{SVG}"', 1)
        tree = ElementTree.fromstring(text)
        if _local(tree.tag) != "svg":
            raise NoPictureError(f"is {WHAT}")
        for element in tree.iter():
            for part in [part for part in element if _local(part.tag) in (*NOT_DRAWN, "metadata")]:
                element.remove(part)
            for key in [key for key, value in element.attrib.items() if _may_load(_local(key), value)]:
                del element.attrib[key]
        ElementTree.register_namespace("", SVG)
        ElementTree.register_namespace("xlink", XLINK)
        return "image/svg+xml", ElementTree.tostring(tree)
    except (ValueError, ElementTree.ParseError, RecursionError):
        raise NoPictureError(f"is {WHAT}") from None


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _may_load(attribute: str, value: str) -> bool:
    return attribute.startswith("on") or (attribute == "href" and not INSIDE.match(value.strip()))
