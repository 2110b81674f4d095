"""Find newer copies, under other names, of a file that is handed in, so that they are not forgotten."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path, PurePosixPath

from cs231n.tutor import course, originals
from cs231n.tutor.submission import files, inventory, read
from cs231n.tutor.submission.read import Cell

LARGEST = 50_000_000  # bytes; larger files are not examined
KEPT = ".before-reset-"  # in the names of the versions that `reset` keeps
ALIKE = 0.5  # the share of an original's text cells, or functions, that a copy must still contain


def newer(name: str, root: Path = course.ROOT, others: tuple[str, ...] = ()) -> str:
    """Return the path, relative to the kit, of the newest copy of `name` that contains different work, or "".

    The work must differ from that in the file, and from the original. If the student has worked in the file itself,
    only copies that were changed after it count. The kit's folder is searched, except for the tutor, the data, hidden
    folders and virtual environments. `others` are files that are known not to be copies; versions that `reset` kept do
    not count either.
    """
    known_originals = originals.originals(root)
    path, original, mine = root / name, known_originals.get(name, b""), _content(root, name) or b""
    traits, known = _traits(path.suffix, original), [_work(path.suffix, one) for one in (original, mine)]
    if not traits:
        return ""
    untouched = not mine or known[0] == known[1]
    apart = {name, *others, *known_originals, *originals.given(root)}
    found: dict[float, str] = {}
    for other in files.students(root):
        if other in apart or KEPT in other or not _may_be_copy(PurePosixPath(other), path):
            continue
        content = _content(root, other) or b""
        alike = len(traits & _traits(path.suffix, content)) >= ALIKE * len(traits)
        if alike and _work(path.suffix, content) not in known:
            changed = (root / other).stat().st_mtime
            found |= {changed: other} if untouched or changed > path.stat().st_mtime else {}
    return found[max(found)] if found else ""


def _may_be_copy(other: PurePosixPath, path: Path) -> bool:
    """Return whether `other`, by its name, may be a copy of `path`; browsers may save a notebook as "knn.ipynb.txt"."""
    saved = path.suffix == ".ipynb" and path.stem in other.name and other.suffix in (".txt", ".json")
    return saved or other.suffix.lower() == path.suffix


def _content(root: Path, name: str) -> bytes | None:
    with suppress(files.UnfitFileError, OSError):
        if (root / name).stat().st_size <= LARGEST:
            return files.read(root, name)
    return None


def _traits(kind: str, content: bytes) -> set[str]:
    """Return what distinguishes a copy of a file from other files: a notebook's text cells, a module's functions."""
    if kind == ".py":
        with suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return set(course.functions(content.decode()))
        return set()
    return {cell.source for cell in _cells(content) if cell.kind == "markdown"} - {inventory.ANSWER_LINE}


def _work(kind: str, content: bytes) -> object:
    """Return what may be a student's work in a file: a module's text, a notebook's sources and outputs."""
    if kind == ".py":
        return content.replace(b"\r\n", b"\n")
    return [(cell.source, cell.outputs) for cell in _cells(content)] or content


def _cells(content: bytes) -> list[Cell]:
    with suppress(files.UnfitFileError):
        return read.parse("", content).cells
    return []
