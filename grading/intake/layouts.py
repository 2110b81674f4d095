"""A table of the ways in which LMSs and people name the files that were handed in.

A layout is a pattern for names. Its groups say whose file it is: `student` (a name or id), `id` (a number from the
LMS), `attempt` (a number that grows with every attempt), `late`, `assignment`, and `file` (the rest of the name).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cs231n.tutor import course

METADATA = "submission_metadata.yml"
HANDED_IN = (".zip", ".py", ".ipynb")
MOST_OF = 0.8  # the share of the names that must match
NAMES = "|".join(one.name for one in course.ASSIGNMENTS)

# <name>[_LATE]_<user id>_<attachment id>_<file>; anonymous: [LATE_]anon_<id>_<attachment id>_<file>
CANVAS = r"(?:(?!LATE_)(?P<student>\w*?)_)?(?:(?P<late>LATE)_)?(?P<id>\d+|anon_[^\W_]+)_(?P<attempt>\d+)_(?P<file>.+)"
# <full name>_<participant id>_assignsubmission_file[_]/<file>, or the same at the beginning of the file's name.
# A file whose own name looks like the second form does not match, since it is unclear whose it is.
TWICE = r"(?![^/]*_\d+_assignsubmission_[^/]*_\d+_assignsubmission_[^/]*\Z)"
MOODLE = rf"{TWICE}(?P<student>[^/]*)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?/?(?P<file>.+)"
GRADESCOPE = r"(?P<student>submission_(?P<id>\d+))/(?P<file>.+)"
OTHERS = r"(?:hw|ps|assignment)\d+"
TREE = r"(?:(?:submitted|downloaded)/)?"
NBGRADER = rf"{TREE}(?!submitted/|downloaded/)(?P<student>[^/]+)/(?P<assignment>{NAMES}|{OTHERS})/(?P<file>.+)"
REVERSED = rf"{TREE}(?P<assignment>{NAMES})/(?P<student>[^/.]+)(?P<file>/.+|\.(?:zip|py|ipynb))"
FOLDERS = r"(?P<student>[^/]+)/(?P<file>.+)"
FLAT = r"(?P<student>[^/]+)(?P<file>\.(?:zip|py|ipynb))"


@dataclass(frozen=True)
class Layout:
    """One way of naming files: `detect` decides whether a list of names follows it; `pattern` splits a name."""

    name: str
    told: str
    detect: Callable[[Sequence[str]], bool]
    pattern: str

    def match(self, name: str) -> re.Match[str] | None:
        """Return the parts of a name, or None if it does not have this layout."""
        return re.fullmatch(self.pattern, name, re.DOTALL)


def _matching(pattern: str, share: float = MOST_OF) -> Callable[[Sequence[str]], bool]:
    def detect(names: Sequence[str]) -> bool:
        return bool(names) and sum(bool(re.fullmatch(pattern, one)) for one in names) >= share * len(names)

    return detect


def _canvas(names: Sequence[str]) -> bool:
    flat = [name for name in names if "/" not in name]
    return len(flat) >= MOST_OF * len(names) and _matching(CANVAS)(flat)


def _nbgrader(names: Sequence[str]) -> bool:
    return _matching(NBGRADER)(names) and not _kits_own(names)


def _kits_own(names: Sequence[str]) -> bool:
    """Return whether all these can be files of one kit, in which assignments/ is not the folder of a student."""
    return all(name.startswith(("assignments/", "cs231n/")) or "/" not in name for name in names)


def _folders(names: Sequence[str]) -> bool:
    inside = [name for name in names if "/" in name]
    return len(inside) >= MOST_OF * len(names) and not _kits_own(names)


def _flat(names: Sequence[str]) -> bool:
    """Return whether any name fits FLAT and may be a student's, that is, does not begin with an assignment's name."""
    return any(re.fullmatch(FLAT, name) and not re.match(NAMES, name) for name in names)


TABLE = (
    Layout("gradescope", "a Gradescope export", lambda names: METADATA in names, GRADESCOPE),
    Layout("moodle", "a Moodle download", _matching(MOODLE), MOODLE),
    Layout("canvas", "a Canvas download", _canvas, CANVAS),
    Layout("nbgrader", "nbgrader's tree, a folder per student and assignment", _nbgrader, NBGRADER),
    Layout("reversed", "a folder per assignment, with a file or folder per student", _matching(REVERSED), REVERSED),
    Layout("folders", "a folder or clone per student", _folders, FOLDERS),
    Layout("flat", "a file per student", _flat, FLAT),
)
WRAPPED = ("folders", "flat")  # nearly all names fit these, so a folder around everything is removed first


def find(names: Sequence[str]) -> tuple[Layout | None, str]:
    """Return the layout of these names, or None, and the prefix to remove from all of them first, "" or "folder/"."""
    wrapper = _wrapper(names)
    bare = [name[len(wrapper) :] for name in names]
    sure = [layout for layout in TABLE if layout.name not in WRAPPED]
    for layout in sure:
        if layout.detect(names):
            return layout, ""
    for layout in sure if wrapper else ():
        if layout.detect(bare):
            return layout, wrapper
    for layout in TABLE[len(sure) :] if wrapper else ():
        if layout.detect(bare):
            return layout, wrapper
    for layout in TABLE[len(sure) :]:
        if layout.detect(names):
            return layout, ""
    return None, ""


def named(name: str) -> Layout:
    """Return the layout with this name. Raises KeyError if there is none."""
    return next(one for one in TABLE if one.name == name) if name in {one.name for one in TABLE} else _unknown(name)


def _unknown(name: str) -> Layout:
    raise KeyError(f"there is no layout {name!r}; choose from {', '.join(one.name for one in TABLE)}")


def custom(pattern: str) -> Layout:
    """Return a layout with an instructor's pattern. Raises ValueError if it is invalid or lacks the group `student`."""
    try:
        if "student" not in re.compile(pattern).groupindex:
            raise ValueError("the regular expression needs a group (?P<student>…)")
    except re.error as error:
        raise ValueError(f"the regular expression cannot be read: {error}") from None
    return Layout("regex", "your regular expression", lambda names: True, pattern)


def _wrapper(names: Sequence[str]) -> str:
    firsts = {name.partition("/")[0] for name in names if "/" in name}
    return f"{firsts.pop()}/" if len(firsts) == 1 and all("/" in name for name in names) else ""
