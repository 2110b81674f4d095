"""Pictures from notebooks, decoded and encoded again: nothing but the pixels reaches the report."""

from __future__ import annotations

import base64
import io
import itertools
import warnings
from collections.abc import Mapping

FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG"}
MAX_SIDE, MAX_PIXELS = 8_000, 30_000_000
MAX_ENCODED = 16_000_000  # characters of base64


def data_uri(mime: str, encoded: object) -> str | None:
    """Return a picture as a data: URI for an <img>, None if it is not a sound PNG or JPEG of a sane size."""
    if mime not in FORMATS or not isinstance(encoded, str) or len(encoded) > MAX_ENCODED:
        return None
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except ValueError:
        return None
    again = redrawn(data, FORMATS[mime])
    return f"data:{mime};base64,{base64.b64encode(again).decode()}" if again else None


def first(bundle: Mapping[str, object]) -> str:
    """Return the first sound picture among several forms of one thing as a data: URI, "" if there is none."""
    return next(filter(None, itertools.starmap(data_uri, bundle.items())), None) or ""


def redrawn(data: bytes, kind: str) -> bytes | None:
    """Return the pixels of a "PNG" or "JPEG" in a new file, without text or the place of a photograph."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Pillow warns of is refused
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
                    return None
                image.verify()  # checksums up to the end; after that it has to be opened again
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                upright = ImageOps.exif_transpose(image).convert("RGBA" if kind == "PNG" else "RGB")
    except Exception:  # Pillow raises much besides OSError on damaged files
        return None
    upright.info.clear()
    again = io.BytesIO()
    upright.save(again, kind, quality=85)
    return again.getvalue()
