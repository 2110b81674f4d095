"""Find the files of an assignment among those that a student handed in, however they are named and nested.

Contents are compared as text; none of a student's files is imported or parsed as Python.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import PurePosixPath

from cs231n.tutor import course, originals
from cs231n.tutor.course import Assignment
from cs231n.tutor.terminal import plain

Reader = Callable[[], bytes]
# Canvas makes "layers-1.py", browsers "layers (2).py", and systems "Copy of layers.py" or "layers - Copy.py".
ADDED = re.compile(r"^(?:copy of )?(?P<stem>.*?)(?:-\d{1,2}|[ _]?\(\d{1,2}\)|[ _-]+copy\d?| \d{1,2})*$", re.IGNORECASE)
DEFINED = re.compile(r"^[ \t]*def\s+(\w+)\s*\(", re.MULTILINE)
CELL_ID = re.compile(r'^[ \t]*"id":\s*"([\w-]{1,64})"', re.MULTILINE)
LONGEST = 60  # characters; longer texts in a manifest are cut off
LONGEST_NAME = 100  # characters; the time to search a name for additions grows with the square of its length


def base(names: Mapping[str, object], assignment: Assignment) -> str:
    """Return the folder with most of the kit's files, such as "a/b/" or ""; those of `assignment` count more."""
    wanted = {path for one in course.ASSIGNMENTS for path in one.files} | {"manifest.json"}
    ours = set(assignment.files)
    score: Counter[str] = Counter()
    for name in names:
        for path in _ends(name):
            if path in wanted:
                score[name[: len(name) - len(path)]] += 100 if path in ours else 1
    return max(score, key=lambda folder: (score[folder], -folder.count("/"), folder), default="")


def _ends(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[start:]) for start in range(max(0, len(parts) - 4), len(parts))]


def assignment_of(names: Mapping[str, object], asked: str) -> str:
    """Return the assignment that the names of the files fit best (in a tie, `asked`), or "" if they fit none."""
    lasts = {_stem(PurePosixPath(name).name) for name in names}
    score = {}
    for one in course.ASSIGNMENTS:
        exact = sum(path in names for path in one.files if f"/{one.name}/" in path)
        score[one.name] = (exact, len(lasts & {_stem(PurePosixPath(path).name) for path in one.files}))
    best = max(score, key=lambda name: (score[name], name == asked))
    return best if any(score[best]) else ""


def manifest(content: Reader | None, most: int) -> dict[str, str]:
    """Return {"assignment": …, "version": …} from a manifest; what is missing or invalid there is left out."""
    if content is None or len(text := content()) > most:
        return {}
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    known = {one.name for one in course.ASSIGNMENTS}
    found = {"assignment": told.get("assignment"), "version": told.get("kit_version")}
    words = {key: plain(value)[:LONGEST] for key, value in found.items() if isinstance(value, str)}
    return {key: value for key, value in words.items() if key != "assignment" or value in known}


def places(inside: Mapping[str, Reader], assignment: Assignment, most: int) -> tuple[dict[str, str], list[str]]:
    """Return {path in the kit: name of the file that is taken for it}, and a remark for each with another name."""
    found = {path: path for path in assignment.files if path in inside}
    remarks: list[str] = []
    lower = {name.casefold(): name for name in inside}
    used = set(found.values())
    kits = {*originals.given(), *originals.originals(), *originals.sums()} - set(assignment.files)
    for how in (
        lambda path: lower.get(path.casefold(), ""),
        _by_name(inside, used, kits),
        _by_content(inside, used, kits, most),
    ):
        for path in assignment.files:
            if path not in found and (name := how(path)):
                found[path] = name
                used.add(name)
                remarks.append(f"{plain(name)} is taken for {path}")
    return found, remarks


def _by_name(inside: Mapping[str, Reader], used: set[str], kits: set[str]) -> Callable[[str], str]:
    """Return a function that finds the one file for a path by its name; "" if there is none, or more than one.

    An exact name has priority over one to which a browser or an LMS has added something, such as "layers (1).py".
    """

    def find(path: str) -> str:
        wanted = PurePosixPath(path)
        alike = [name for name in inside if name not in used | kits and _is_alike(PurePosixPath(name), wanted)]
        exact = [name for name in alike if PurePosixPath(name).name == wanted.name] or alike
        return exact[0] if len(exact) == 1 else ""

    return find


def _is_alike(name: PurePosixPath, wanted: PurePosixPath) -> bool:
    return name.suffix.lower() == wanted.suffix and _stem(name.name) == wanted.stem


@lru_cache(1 << 16)
def _stem(name: str) -> str:
    """Return a file's name in lower case, without its suffix and additions; a very long name keeps both."""
    if len(name) > LONGEST_NAME:
        return name.casefold()
    match = ADDED.match(PurePosixPath(name).stem)
    return (match["stem"] if match else name).casefold()


def _by_content(inside: Mapping[str, Reader], used: set[str], kits: set[str], most: int) -> Callable[[str], str]:
    """Return a function that finds a renamed file for a path: a notebook by its cells' ids, a module by its functions.

    The function returns "" if no file has at least half of these, or if several have the most.
    """

    @cache
    def marks(name: str) -> frozenset[str]:
        return _marks(name, inside[name]()[:most])

    def find(path: str) -> str:
        original = originals.originals().get(path)
        suffix = PurePosixPath(path).suffix
        wanted = _marks(path, original or b"")
        if not wanted:
            return ""
        rest = [name for name in inside if name.endswith(suffix) and name not in used | kits]
        shares = {name: len(wanted & marks(name)) / len(wanted) for name in rest}
        close = [name for name, share in shares.items() if share >= 0.5 and share == max(shares.values())]
        return close[0] if len(close) == 1 else ""

    return find


def _marks(name: str, content: bytes) -> frozenset[str]:
    text = content.decode("utf-8", "replace")
    return frozenset((CELL_ID if name.endswith(".ipynb") else DEFINED).findall(text))
