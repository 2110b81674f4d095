"""Read what a student handed in, which may be hostile, and write the files that are needed to a folder.

The needed files are those that the assignment asks for, and the student's own modules. Everything else stays where
it is. A zip is refused as a whole if it is damaged, has too many files or contains an unsafe name, or if a needed file
cannot be read safely: for example, if that file is too big, encrypted or a link.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from cs231n.tutor import course, originals
from cs231n.tutor.course import Assignment
from cs231n.tutor.submission import own
from cs231n.tutor.terminal import plain
from grading.intake import guess
from grading.intake.source import is_junk

ENTRIES_MARK = b"PK\x01\x02"  # the signature of each entry in a zip's central directory
ENCRYPTED = 0x1
LONGEST_NAME = 1000  # characters
SHADOWS = {*sys.stdlib_module_names, *own.INSTALLED, "sitecustomize", "usercustomize", "conftest", "setup"}
OTHER_ARCHIVES = (".rar", ".7z", ".tar", ".tgz", ".gz", ".xz", ".bz2")


class RefusedError(ValueError):
    """A submission is refused as a whole; the message says why."""


@dataclass(frozen=True)
class Caps:
    """Limits for what is read from one submission."""

    members: int = 50_000
    files: int = 400
    file: int = 100_000_000  # bytes
    total: int = 300_000_000
    ratio: int = 200  # bytes for each byte in the zip, in files of more than `small` bytes
    small: int = 5_000_000
    depth: int = 3  # levels of zips within zips
    inner: int = 10  # zips next to each other in one zip


CAPS = Caps()


@dataclass
class Unpacked:
    """The files of a submission that are used, {path in the kit: bytes}, and what is known about them."""

    files: dict[str, bytes]
    assignment: str = ""
    version: str = ""  # of the kit, as the submission's manifest says
    remarks: list[str] = field(default_factory=list)

    @property
    def sha256(self) -> str:
        """The hash of the names and contents of `files`, which does not depend on how they were packed."""
        total = hashlib.sha256()
        for name, content in sorted(self.files.items()):
            total.update(f"{len(name.encode())} {name} {len(content)} ".encode())
            total.update(content)
        return total.hexdigest()


Reader = Callable[[], bytes]


def read(contents: Mapping[str, Reader], assignment: Assignment, caps: Caps = CAPS) -> Unpacked:
    """Return the files that are used from one attempt; `contents` is {name: function that reads the file}.

    An attempt is one zip, or loose files, among which there may be zips. Raises RefusedError with the reason.
    """
    try:
        found = _best(dict(contents), assignment, caps, caps.depth, [caps.total])
    except RefusedError:
        raise
    except MemoryError:
        raise RefusedError("it needs more memory than is available") from None
    except Exception as error:  # for damaged files, the libraries may raise nearly any exception
        raise RefusedError(f"it cannot be read ({type(error).__name__}: {plain(str(error))[:200]})") from None
    return found


def _best(members: dict[str, Reader], assignment: Assignment, caps: Caps, depth: int, left: list[int]) -> Unpacked:
    """Return the needed files among `members` or, if none is the assignment's, those in the zip that has the most."""
    here = _take(members, assignment, caps)
    if _wanted(here, assignment):
        return here
    zips = [name for name in members if name.lower().endswith(".zip") and not is_junk(name)]
    if len(zips) > caps.inner:
        raise RefusedError(f"it contains {len(zips)} zips, and it is unclear which of them is meant")
    if zips and depth == 0:
        raise RefusedError("its zips are nested too deeply")
    best = here
    for name in zips:
        inner = _best(open_zip(members[name](), caps, left), assignment, caps, depth - 1, left)
        if _worth(inner, assignment) > _worth(best, assignment):
            best = inner
    if not best.files and not best.assignment:
        archives = [name for name in members if name.lower().endswith(OTHER_ARCHIVES)]
        raise RefusedError(
            f"{plain(archives[0])[:80]} is not a zip; hand in a zip" if archives else "it contains nothing from the kit"
        )
    return best


def _worth(found: Unpacked, assignment: Assignment) -> tuple[bool, int, bool]:
    return found.assignment == assignment.name, _wanted(found, assignment), bool(found.assignment)


def _wanted(found: Unpacked, assignment: Assignment) -> int:
    return sum(name in found.files for name in assignment.files)


def open_zip(content: bytes, caps: Caps, left: list[int]) -> dict[str, Reader]:
    """Return {name: function that reads it} for a zip's files.

    `left` contains the number of bytes that may still be read from all zips together. Raises RefusedError if the zip is
    damaged, has too many files, or contains an unsafe name.
    """
    if content.count(ENTRIES_MARK) > caps.members:
        raise RefusedError(f"it contains more than {caps.members:,} files")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise RefusedError(f"the zip is damaged: {plain(str(error))[:200]}") from None
    members: dict[str, Reader] = {}
    alike: dict[str, list[str]] = {}  # names that are the same on some systems
    for info in archive.infolist():
        name = safe_name(info.orig_filename)
        if info.is_dir() or info.orig_filename.endswith("\\") or is_junk(name):
            continue
        same = alike.setdefault(unicodedata.normalize("NFKC", name).casefold(), [])
        same.append(name)
        members[name] = _reader(archive, info, caps, left, same)
    return members


def safe_name(name: str) -> str:
    """Return a file's name, found in a zip, with forward slashes. Raises RefusedError unless it is safe to unpack.

    A safe name is not absolute or too long, contains no NUL character, and has no part "..", which could lead outside.
    """
    told = plain(name[:120])
    if len(name) > LONGEST_NAME:
        raise RefusedError(f"the name {told} … is too long")
    if "\0" in name:
        raise RefusedError(f"the name {told} contains a NUL character")
    name = name.replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        raise RefusedError(f"the name {told} is an absolute path")
    if ".." in name.split("/"):
        raise RefusedError(f"the name {told} leads out of its folder")
    return PurePosixPath(name).as_posix()


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo, caps: Caps, left: list[int], alike: list[str]) -> Reader:
    """Return a function that reads a member, or raises RefusedError if that is unsafe, damaged or too big.

    The function counts the bytes, since the size that the zip states may be wrong.
    """

    def content() -> bytes:
        name = plain(info.filename)[:120]
        kind = stat.S_IFMT(info.external_attr >> 16)
        if len(alike) > 1:
            raise RefusedError(f"{plain(alike[0])[:120]} and {plain(alike[1])[:120]} are the same name on some systems")
        if kind and not stat.S_ISREG(kind):
            raise RefusedError(f"{name} is a link or a special file")
        if info.flag_bits & ENCRYPTED:
            raise RefusedError(f"{name} is encrypted")
        most = min(caps.file, left[0], max(caps.small, caps.ratio * max(1, info.compress_size)))
        try:
            with archive.open(info) as file:
                found = file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise RefusedError(f"{name} is damaged: {plain(str(error))[:120]}") from None
        if len(found) > most:
            raise RefusedError(f"{name} unpacks to more than {most / 1e6:,.0f} MB")
        left[0] -= len(found)
        return found

    return content


def _take(members: dict[str, Reader], assignment: Assignment, caps: Caps) -> Unpacked:
    """Return the needed files among `members`, without looking into any zip. Raises RefusedError."""
    base = guess.base(members, assignment)
    inside = {name[len(base) :]: content for name, content in members.items() if name.startswith(base)}
    told = guess.manifest(inside.get("manifest.json"), caps.small)
    name = told.get("assignment", "") or guess.assignment_of(inside, assignment.name)
    found = Unpacked({}, name, told.get("version", ""))
    if name and name != assignment.name:
        return found
    places, found.remarks = guess.places(inside, assignment, caps.file)
    mine = _own_modules(inside, set(places.values()), found.remarks)
    if len(mine) > own.MOST:
        found.remarks.append(f"{len(mine)} modules of the student's own are too many, so they are left out")
        mine = []
    wanted = {path: inside[source] for path, source in places.items()} | {one: inside[one] for one in mine}
    if len(wanted) > caps.files:
        raise RefusedError(f"it has {len(wanted)} files that would be used, but at most {caps.files} are allowed")
    total = 0
    for path, content in sorted(wanted.items()):
        found.files[path] = content()
        total += len(found.files[path])
        if total > caps.total:
            raise RefusedError(f"it unpacks to more than {caps.total / 1e6:,.0f} MB")
    return found


def _own_modules(inside: Mapping[str, Reader], placed: set[str], remarks: list[str]) -> list[str]:
    """Return the names of the student's own modules: not the kit's, and not those that would hide another module.

    Modules whose names contain unusual characters are left out too. For each module that would hide another one, a line
    is added to `remarks`.
    """
    kits = {*originals.given(), *originals.originals(), *originals.sums()}
    found = []
    for name in sorted(inside):
        if (
            not name.endswith(".py")
            or name in placed
            or name in kits
            or name.startswith(("cs231n/tutor/", "solutions/"))
        ):
            continue
        first = name.partition("/")[0].removesuffix(".py")
        if first in SHADOWS:
            remarks.append(f"{plain(name)} has a name that Python or a package uses, so it is left out")
        elif all(re.fullmatch(r"\w[\w .()+-]*", part) for part in name.split("/")):
            found.append(name)
    return found


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Write files into a folder, but only as new files: no link is followed, and nothing is overwritten.

    Raises RefusedError for an unsafe name, and OSError if a file cannot be written.
    """
    top = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        for name, content in files.items():
            *folders, last = safe_name(name).split("/")
            inner = os.dup(top)
            try:
                for part in folders:
                    inner = _step(inner, part)
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
                with open(os.open(last, flags, 0o644, dir_fd=inner), "wb") as file:  # noqa: PTH123
                    file.write(content)
            finally:
                os.close(inner)
    finally:
        os.close(top)


def _step(parent: int, name: str) -> int:
    """Return a descriptor of the folder `name` in the folder `parent`, created if necessary, and close `parent`."""
    with suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=parent)
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    os.close(parent)
    return inner


def read_zip(content: bytes, assignment: str, caps: Caps = CAPS) -> Unpacked:
    """Return the files that are used from a submission; `content` is its zip. Raises RefusedError."""
    return read({"submission.zip": lambda: content}, course.find_assignment(assignment), caps)
