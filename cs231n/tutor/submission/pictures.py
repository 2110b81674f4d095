"""Pictures from notebooks, taken apart and put together again: what cannot be one never reaches the report."""

from __future__ import annotations

import base64
import binascii
import io
import struct
import warnings
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")  # no texts, no colour profiles, nothing after the end
MAX_SIDE, MAX_PIXELS = 8_000, 30_000_000
MAX_ENCODED = 16_000_000  # characters of base64


def png(data: bytes) -> bytes | None:
    """Return a PNG's picture chunks, checksums verified; None if it is not a whole PNG or an absurdly large one."""
    if not data.startswith(SIGNATURE):
        return None
    kept, place, kinds = [SIGNATURE], len(SIGNATURE), []
    while place + 12 <= len(data) and b"IEND" not in kinds:
        (length,) = struct.unpack(">I", data[place : place + 4])
        chunk = data[place : place + 12 + length]
        kind = chunk[4:8]
        if len(chunk) < 12 + length or struct.pack(">I", zlib.crc32(chunk[4:-4])) != chunk[-4:]:
            return None
        kinds.append(kind)
        kept += [chunk] if kind in KEPT else []
        place += len(chunk)
    whole = kinds[:1] == [b"IHDR"] and kinds[-1] == b"IEND" and b"IDAT" in kinds
    return b"".join(kept) if whole and _affordable(*struct.unpack(">II", data[16:24])) else None


def data_uri(mime: str, encoded: object) -> str | None:
    """Return a picture as a data: URI for an <img>, None if it is not a sound PNG or JPEG."""
    if mime not in ("image/png", "image/jpeg") or not isinstance(encoded, str) or len(encoded) > MAX_ENCODED:
        return None
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    sound = png(data) if mime == "image/png" else _jpeg(data)
    return f"data:{mime};base64,{base64.b64encode(sound).decode()}" if sound else None


def _jpeg(data: bytes) -> bytes | None:
    """Decode a JPEG and encode it anew: a photograph of a page, put into an answer."""
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # what Pillow warns of is refused
            with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
                if not _affordable(*image.size):
                    return None
                upright = ImageOps.exif_transpose(image).convert("RGB")
                upright.info.clear()  # the comment and the place where it was taken
                again = io.BytesIO()
                upright.save(again, "JPEG", quality=85)
    except Exception:  # Pillow raises much beside OSError on damaged files
        return None
    return again.getvalue()


def _affordable(width: int, height: int) -> bool:
    return 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS
