"""Find the attempts in a download: which files belong to which student, and what the LMS says about them."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from cs231n.tutor import course
from cs231n.tutor.terminal import plain
from grading.intake import layouts
from grading.intake.layouts import Layout
from grading.intake.source import Source, UnreadableError

METADATA_BYTES = 300_000_000
LONGEST_KEY = 100  # characters, since a key becomes part of a file's name
LOOSE = (".py", ".ipynb", "manifest.json")
REPORTS = ("_report.html", "_report.pdf")
STAMPED = ("nbgrader", "reversed")  # layouts in which nbgrader, and not a student, has written STAMP
STAMP = "timestamp.txt"


@dataclass(frozen=True)
class Attempt:
    """One attempt of one student, or of a group: `names` are its files in the download.

    `handed_in` is a time in ISO format with its offset, or "" if the LMS does not say when; `order` sorts the attempts
    of a student.
    """

    key: str
    name: str
    names: tuple[str, ...]
    email: str = ""
    lms_id: str = ""
    group: str = ""
    handed_in: str = ""
    late: bool = False
    order: tuple = ()
    assignment: str = ""

    @property
    def source(self) -> str:
        """Where the attempt is in the download: its file, the folder of its files, or its first file and "N more"."""
        if len(self.names) == 1:
            return self.names[0]
        return shared_folder(self.names) or f"{self.names[0]} and {len(self.names) - 1} more"


@dataclass
class Found:
    """The attempts in a download, and the names of files that do not fit its layout."""

    layout: Layout
    attempts: list[Attempt]
    unclear: list[str] = field(default_factory=list)


def shared_folder(names: Sequence[str]) -> str:
    """Return the innermost folder that all these files are in, such as "folder/inner/", or "" if there is none."""
    levels = zip(*(name.split("/")[:-1] for name in names), strict=False)
    same = itertools.takewhile(lambda level: len(set(level)) == 1, levels)
    return "".join(f"{level[0]}/" for level in same)


def slug(text: str) -> str:
    """Return text as a key, which can be part of a file's name: lower-case letters, digits, and the characters ._@-"""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return (
        re.sub(r"[^a-z0-9._@-]+", "-", plain_text.lower()).strip("-.")[:LONGEST_KEY] or "x" + text.encode().hex()[:16]
    )


def find(source: Source, assignment: str, layout: Layout | None = None) -> Found:
    """Return every attempt in a download, except those in folders of the course's other assignments.

    Raises UnreadableError if no layout fits, if Gradescope's metadata cannot be read, or if there are too many files.
    """
    names = source.names()
    wrapper = ""
    if layout is None:
        layout, wrapper = layouts.find(names)
    if layout is None:
        raise UnreadableError(
            f"{source.label}: no layout fits the names of its files; choose one with --layout or --regex"
        )
    grouped: dict[tuple[str, str, str], list[tuple[str, dict[str, str]]]] = defaultdict(list)
    unclear = []
    for name in names:
        match = layout.match(name[len(wrapper) :])
        if match:
            parts = {key: value or "" for key, value in match.groupdict().items()}
            who = (parts.get("student", ""), parts.get("id", ""), parts.get("assignment", ""))
            grouped[who].append((name, parts))
        elif not name.endswith(layouts.METADATA):
            unclear.append(name)
    told = _metadata(source, wrapper) if layout.name == "gradescope" else {}
    slugs = ""
    if layout.name == "folders":
        slugs = _shared_beginning([who[0] for who in grouped], wrapper or f"{source.label}/")
    attempts: list[Attempt] = []
    keys: dict[str, str] = {}  # {key: its student}
    for (student, number, of), files in sorted(grouped.items()):
        if of in {one.name for one in course.ASSIGNMENTS} and of != assignment:
            continue
        student = student.removeprefix(slugs)
        shown = plain(student.replace("_", " ")) if layout.name == "moodle" else plain(student)
        key = _new_key(slug(f"{student}-{number}" if number and number not in student else student or number), keys)
        keys[key] = f"{student}\0{number}"
        common = Attempt(key, shown or number, (), lms_id=number, late=any(parts.get("late") for _, parts in files))
        for one in _split(common, files, source, stamped=layout.name in STAMPED):
            attempts += _members(one, told.get(student, {}), keys) if told else [one]
    return Found(layout, attempts, unclear)


def _new_key(key: str, taken: Container[str]) -> str:
    """Return the key, with a number appended if it is taken: Jane and Jané have the same slug."""
    return next(
        one for one in itertools.chain([key], (f"{key}~{number}" for number in itertools.count(2))) if one not in taken
    )


def _split(
    common: Attempt, files: list[tuple[str, dict[str, str]]], source: Source, stamped: bool
) -> Iterator[Attempt]:
    """Yield the attempts among a student's files: each zip is one, and all loose files together are one.

    Loose files are modules, notebooks and manifests. A single zip next to them belongs to them. If there are neither
    zips nor loose files, all files except the reports are one attempt.
    """

    def number(parts: dict[str, str]) -> int:
        return int(parts.get("attempt") or 0) if (parts.get("attempt") or "0").isdigit() else 0

    time = ""
    stamps = [name for name, parts in files if stamped and parts.get("file", "").lstrip("/") == STAMP]
    if stamps:
        with suppress(UnreadableError, ValueError):
            time = _iso(source.read(stamps[0], 200).decode().strip())
    zips = [(name, parts) for name, parts in files if name.lower().endswith(".zip")]
    loose = [(name, parts) for name, parts in files if name.lower().endswith(LOOSE)]
    nested = [one for one in zips if len(zips) > 1 or not loose]
    for name, parts in nested:
        late = bool(parts.get("late")) if "late" in parts else common.late
        yield replace(common, names=(name,), order=(number(parts), _natural(name)), handed_in=time, late=late)
    if loose:
        newest = max(number(parts) for _, parts in loose)
        names = tuple(name for name, _ in [*loose, *([] if nested else zips)])
        yield replace(common, names=names, order=(newest, ()), handed_in=time)
    if not nested and not loose and (rest := [name for name, _ in files if not name.endswith(REPORTS)]):
        yield replace(common, names=tuple(rest), order=(-1, ()), handed_in=time)


def _natural(name: str) -> tuple:
    """Return a sort key that puts submission-10.zip after submission-2.zip, and both after submission.zip."""
    stem = name.rpartition(".")[0]
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", stem))


def _shared_beginning(students: list[str], wrapper: str) -> str:
    """Return "slug-" of clones named <slug>-<user> in a folder <slug>-submissions, or "" for other names."""
    slug_of_all = wrapper.removesuffix("/").removesuffix("-submissions")
    if wrapper.endswith("-submissions/") and all(one.startswith(f"{slug_of_all}-") for one in students):
        return f"{slug_of_all}-"
    return ""


def _metadata(source: Source, wrapper: str) -> dict[str, dict[str, Any]]:
    """Return {folder: Gradescope's metadata about it}. Raises UnreadableError."""
    import yaml  # it comes with JupyterLab

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        told = yaml.load(source.read(wrapper + layouts.METADATA, METADATA_BYTES), Loader=loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UnreadableError(f"{layouts.METADATA} cannot be read: {plain(str(error))[:200]}") from None
    if not isinstance(told, dict):
        raise UnreadableError(f"{layouts.METADATA} is not a mapping of submissions")
    return {str(key): _plain_keys(value) for key, value in told.items() if isinstance(value, dict)}


def _plain_keys(value: Any) -> Any:
    """Return the value, with the leading colons of Ruby's symbols removed from its keys."""
    if isinstance(value, dict):
        return {str(key).lstrip(":"): _plain_keys(one) for key, one in value.items()}
    return [_plain_keys(one) for one in value] if isinstance(value, list) else value


def _members(attempt: Attempt, told: dict[str, Any], keys: dict[str, str]) -> Iterator[Attempt]:
    """Yield the attempt once for each submitter in Gradescope's metadata, or once if it names none.

    `keys` is {key: its student}, and new keys are added to it. Two students never get the same key, even if their
    addresses have the same slug, as a+b@x and a-b@x do.
    """
    people = [one for one in told.get("submitters") or () if isinstance(one, dict)]
    time = _iso(told.get("created_at"))
    if not people:
        yield replace(attempt, handed_in=time)
    for person in people:
        name, email, number = (plain(str(person.get(key) or "")) for key in ("name", "email", "sid"))
        whose = (email or number or name or attempt.key).casefold()
        key = _new_key(slug(whose), [one for one, of in keys.items() if of != whose])
        keys[key] = whose
        group = f"submission_{attempt.lms_id}" if len(people) > 1 else ""
        order = (int(attempt.lms_id or 0), *attempt.order)
        yield replace(attempt, key=key, name=name, email=email, lms_id=number, group=group, handed_in=time, order=order)


def _iso(time: Any) -> str:
    """Return a time in ISO format with its offset (UTC if it has none), or "" if it is not a time."""
    if isinstance(time, str):
        text = re.sub(r"\s*(?:UTC|Z)$", "+00:00", time.strip())
        text = re.sub(r"\s([+-]\d\d):?(\d\d)$", r"\1:\2", text)
        with suppress(ValueError):
            time = datetime.fromisoformat(text)
    if not isinstance(time, datetime):
        return ""
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).isoformat(timespec="seconds")
