"""The roster: every attempt of every student, which of them counts, and what is wrong with each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cs231n import __version__
from cs231n.tutor import course
from cs231n.tutor.course import did_you_mean
from cs231n.tutor.submission import archive
from cs231n.tutor.terminal import plain
from grading import tables
from grading.exceptions import Special
from grading.intake import attempts as finding
from grading.intake import unpack
from grading.intake.attempts import Attempt, slug
from grading.intake.layouts import Layout
from grading.intake.source import Source, UnreadableError

NAME = "roster.csv"
FEW, SHARE = 3, 0.05  # grading waits if more entries than both this number and this share are unclear
COLUMNS = {
    "key": "key",
    "name": "name",
    "email": "e-mail",
    "lms_id": "LMS id",
    "group": "group",
    "source": "source",
    "handed_in": "handed in at",
    "late": "late",
    "counts": "counts",
    "sha256": "sha256",
    "assignment": "assignment",
    "version": "kit",
    "remarks": "remarks",
    "problem": "problem",
}


@dataclass(frozen=True)
class Row:
    """One attempt; `counts` is true for the one attempt of a student that is used, and `problem` says what is wrong."""

    key: str
    name: str = ""
    email: str = ""
    lms_id: str = ""
    group: str = ""
    source: str = ""
    handed_in: str = ""
    late: bool = False
    counts: bool = False
    sha256: str = ""
    assignment: str = ""
    version: str = ""
    remarks: str = ""
    problem: str = ""

    @property
    def identities(self) -> tuple[str, ...]:
        """Everything by which other tables may identify the student."""
        return (self.key, self.email, self.lms_id, self.name)


def called(rows: Iterable[Row]) -> dict[str, Row | None]:
    """Return {key, id, address or name of a student, in lower case: row}, with None for what two students share.

    Data from the LMS takes precedence over the name, which students can change: a student whose name is the id or the
    address of another student does not take that student's place.
    """
    by_key = {row.key: row for row in rows}
    found: dict[str, Row | None] = {}
    for kind in ("lms_id", "email", "key", "name"):
        of_kind: dict[str, Row | None] = {}
        for row in by_key.values():
            if text := getattr(row, kind).casefold():
                of_kind[text] = None if text in of_kind else row
        found = of_kind | found
    return found


def specials_of(specials: Iterable[Special], everybody: Mapping[str, Row | None]) -> dict[str, Special]:
    """Return {key of a student: row of exceptions.csv}. Raises TableError for a student who has two rows."""
    found: dict[str, Special] = {}
    for special in specials:
        row = everybody.get(special.student.casefold())
        if row and row.key in found:
            raise tables.TableError(f"exceptions.csv: {special.student} has two rows: combine them into one")
        if row:
            found[row.key] = special
    return found


@dataclass
class Taken:
    """The result of an intake: rows, names that fit no layout, descriptions of layouts, and lines about oddities."""

    rows: list[Row] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    layouts: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def counting(self) -> list[Row]:
        """One row for each student: the attempt that counts."""
        return [row for row in self.rows if row.counts]

    @property
    def doubtful(self) -> list[str]:
        """One line for each thing that somebody should look at before grading."""
        problems = [f"{row.key}: {row.source}: {row.problem}" for row in self.counting if row.problem]
        return [f"{name}: it is unclear who handed it in" for name in self.unclear] + problems

    @property
    def too_doubtful(self) -> bool:
        """Whether grading should wait for a person: too much is unclear, or no attempt was found."""
        return len(self.doubtful) > max(FEW, SHARE * (len(self.counting) + len(self.unclear))) or not self.counting


def take(
    sources: Sequence[Source],
    assignment: str,
    folder: Path,
    layout: Layout | None = None,
    specials: Sequence[Special] = (),
    progress: Callable[[str], object] = lambda told: None,
) -> Taken:
    """Read every attempt, store a zip of the files that are used from each in `folder`, and return the roster.

    Raises UnreadableError if a source cannot be understood at all, and TableError if two of `specials` are for the same
    student.
    """
    taken = Taken()
    candidates: list[tuple[Attempt, Row, int]] = []
    for number, source in enumerate(sources):
        found = finding.find(source, assignment, layout)
        taken.layouts.append(found.layout.told)
        taken.unclear += [plain(name) for name in found.unclear]
        read: dict[tuple[str, ...], Row] = {}  # so that the files of a group are read only once
        for attempt in found.attempts:
            progress(f"attempts read: {len(candidates) + 1}")
            if attempt.names not in read:
                read[attempt.names] = _read(source, attempt, assignment, folder)
            done = read[attempt.names]
            row = replace(
                done,
                **{
                    one: getattr(attempt, one)
                    for one in ("key", "name", "email", "lms_id", "group", "handed_in", "late")
                },
                source=plain(attempt.source),
            )
            candidates.append((attempt, row, number))
    everybody = called(row for _, row, _ in candidates)
    taken.strange = [*_shared(row for _, row, _ in candidates), *unknown(specials, everybody)]
    taken.rows = _decide(_in_groups(candidates, list(specials), everybody, taken.strange), assignment)
    return taken


def _shared(rows: Iterable[Row]) -> list[str]:
    """Return a line for every id or address that several students share, and that therefore identifies none of them."""
    owners: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in {row.key: row for row in rows}.values():
        for kind in ("lms_id", "email"):
            if text := getattr(row, kind).casefold():
                owners[COLUMNS[kind], text].append(row.key)
    return [f"{' and '.join(keys)} share the {kind} {text}" for (kind, text), keys in owners.items() if len(keys) > 1]


def unknown(specials: Iterable[Special], everybody: Mapping[str, Row | None]) -> list[str]:
    """Return a line for every student in exceptions.csv who cannot be identified; members of groups may be unknown."""
    found = []
    for special in specials:
        name = special.student.casefold()
        if name not in everybody and not special.group:
            meant = did_you_mean(name, [one for one in everybody if everybody[one]])
            found.append(f"exceptions.csv: there is no student {special.student!r}. {meant}".strip())
        elif everybody.get(name, special) is None:
            told = "fits more than one student: give the key from roster.csv"
            found.append(f"exceptions.csv: {special.student!r} {told}")
    return found


def _read(source: Source, attempt: Attempt, assignment: str, folder: Path) -> Row:
    """Return a row about an attempt's content, and store the files that are used.

    If the attempt cannot be read, the row's `problem` says why.
    """
    empty = Row(attempt.key)
    try:
        contents = {name: _reader(source, name) for name in attempt.names}
        prefix = finding.shared_folder(attempt.names)  # it may come from the LMS
        found = unpack.read(
            {name[len(prefix) :]: content for name, content in contents.items()}, course.find_assignment(assignment)
        )
    except (unpack.RefusedError, UnreadableError) as error:
        return replace(empty, problem=plain(str(error)))
    if found.assignment and found.assignment != assignment:
        return replace(empty, assignment=found.assignment, version=found.version, problem=f"it is {found.assignment}")
    if not any(name in found.files for name in course.find_assignment(assignment).files):
        return replace(empty, problem=f"it contains none of the files of {assignment}")
    stubs = [name for name in course.find_assignment(assignment).files if name.endswith(".py")]
    lacking = [name for name in stubs if name not in found.files]
    problem = "of the needed files, it contains only notebooks: there is no code to grade" if lacking == stubs else ""
    remarks = list(found.remarks)
    if lacking and not problem:
        remarks.append(f"missing: {', '.join(lacking)}")
    if found.version and found.version != __version__:
        remarks.append(f"made with version {found.version} of the kit, not {__version__}")
    keep(folder, found)
    told = "; ".join(remarks)
    return replace(
        empty, sha256=found.sha256, assignment=assignment, version=found.version, remarks=told, problem=problem
    )


def _reader(source: Source, name: str) -> Callable[[], bytes]:
    return lambda: source.read(name)


def path_of(folder: Path, sha256: str) -> Path:
    """Return the path of the zip with the files that are used from a submission."""
    return folder / sha256[:2] / f"{sha256}.zip"


def keep(folder: Path, found: unpack.Unpacked) -> Path:
    """Store a zip of the files that are used from a submission, unless it exists; return its path. Raises OSError."""
    path = path_of(folder, found.sha256)
    if not path.exists():
        archive.write(path, dict(sorted(found.files.items())))
    return path


def _in_groups(
    candidates: list[tuple[Attempt, Row, int]],
    specials: list[Special],
    everybody: Mapping[str, Row | None],
    strange: list[str],
) -> list[tuple[tuple, Row]]:
    """Return [(key by which a student's attempts are sorted, row), ...], with a row for every member of every group.

    A group is all students with the same entry in the column "group" of exceptions.csv. What was handed in by a member,
    or under the name of the group, belongs to every member. But if a member also has work under their own name, the
    name of the group is taken for that of a student, and a line about this is appended to `strange`.
    """
    members: dict[str, list[Special]] = defaultdict(list)
    for one in specials:
        if one.group:
            members[one.group.casefold()].append(one)
    persons = {one.student: everybody.get(one.student.casefold()) for one in specials}
    special_of = specials_of(specials, everybody)
    found: list[tuple[tuple, Row]] = []
    for attempt, row, number in candidates:
        special = special_of.get(row.key)
        group = special.group if special and special.group else row.group
        handed_in = special.handed_in if special and special.handed_in else row.handed_in
        row = replace(row, group=group, handed_in=handed_in)
        order = (handed_in, number, attempt.order)
        group_of_all = members.get(row.name.casefold()) or members.get(row.key.casefold()) or []
        if any(persons[mate.student] for mate in group_of_all):  # then this is a student with the name of a group
            told = "because the download also has work under the name of a member of that group"
            strange.append(f"{row.key} counts as a student, not as the group of that name, {told}")
            group_of_all = []
        mates = group_of_all or members.get(group.casefold() or "\0", [])
        if not group_of_all:
            found.append((order, row))
        for mate in mates:
            person = persons[mate.student]
            if person and person.key == row.key:
                continue
            own = (
                (person.key, person.name, person.email, person.lms_id)
                if person
                else (slug(mate.student), plain(mate.student), "", "")
            )
            key, name, email, lms_id = own
            found.append((order, replace(row, key=key, name=name, email=email, lms_id=lms_id, group=mate.group)))
    return found


def _decide(found: list[tuple[tuple, Row]], assignment: str) -> list[Row]:
    """Return the sorted rows, in which the latest attempt of each student counts.

    An attempt at another assignment counts only if none of the student's attempts at this one can be read.
    """
    by_student: dict[str, list[tuple[tuple, Row]]] = defaultdict(list)
    for order, row in found:
        by_student[row.key].append((order, row))
    rows: list[Row] = []
    for key in sorted(by_student):
        mine = sorted(by_student[key], key=lambda one: (one[0], one[1].source))
        fit = [one for one in mine if one[1].assignment == assignment]
        damaged = [one for one in mine if not one[1].assignment and one[1].problem]
        candidates = [one for one in mine if one in fit or (one in damaged and fit)] or mine
        chosen = candidates[-1]
        for one in mine:
            problem = one[1].problem
            if one is chosen and problem and fit:
                problem += f"; an earlier attempt can be read: {fit[-1][1].source}" if fit[-1] is not one else ""
            rows.append(replace(one[1], counts=one is chosen, problem=problem))
    return rows


def write(path: Path, rows: Iterable[Row]) -> None:
    """Write roster.csv. Raises OSError."""
    tables.write(
        path, list(COLUMNS.values()), ({COLUMNS[one]: _text(getattr(row, one)) for one in COLUMNS} for row in rows)
    )


def read(path: Path) -> list[Row]:
    """Return the rows of roster.csv. Raises TableError."""
    names = {told.lower(): one for one, told in COLUMNS.items()}
    yes_or_no = {one.name for one in fields(Row) if one.type == "bool"}
    rows = []
    for line in tables.read(path):
        values: dict[str, Any] = {names[key]: value for key, value in line.items() if key in names}
        rows.append(Row(**values | {key: values.get(key) == "yes" for key in yes_or_no}))
    return rows


def _text(value: object) -> object:
    return ("yes" if value else "") if isinstance(value, bool) else value
