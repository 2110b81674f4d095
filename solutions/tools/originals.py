"""Generate originals.zip, with the stubs and the students' notebooks, which `python -m cs231n reset` restores."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from cs231n.tutor.originals import ORIGINALS as PATH
from solutions.tools import generate

NEVER = (1980, 1, 1, 0, 0, 0)  # real times would make every zip differ from the last one


def in_step(root: Path = generate.ROOT) -> bool:
    """Return whether the files in the zip agree with the masters. (The zip's bytes depend on the compressor too.)"""
    try:
        with zipfile.ZipFile(root / PATH) as archive:
            found = {info.filename: (archive.read(info).decode(), info.comment) for info in archive.infolist()}
    except (OSError, zipfile.BadZipFile):
        return False
    return found == {
        name: (text, described(name, text.encode()).comment)
        for name, text in generate.render_tree(root, solved=False).items()
    }


def write(root: Path = generate.ROOT) -> list[str]:
    """Write the zip unless it is in step; return the paths that changed."""
    if in_step(root):
        return []
    path = root / PATH
    partial = path.with_suffix(".partial")
    partial.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(partial, "w") as archive:
        for name, text in sorted(generate.render_tree(root, solved=False).items()):
            archive.writestr(described(name, text.encode()), text, zipfile.ZIP_DEFLATED)
    partial.replace(path)
    return [PATH]


def described(name: str, content: bytes) -> zipfile.ZipInfo:
    """Return the zip entry of an original file, with the content's SHA-256 in hex as the comment, for checking."""
    info = zipfile.ZipInfo(name, NEVER)
    info.comment = hashlib.sha256(content).hexdigest().encode()
    return info
