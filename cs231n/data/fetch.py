"""Fetch one large file over HTTP into a `.part`: resumed after any interruption, from any of several mirrors.

What a mirror says is checked as far as it can be (status, range, length, first bytes); the sha256 decides.
"""

from __future__ import annotations

import errno
import hashlib
import http.client
import os
import re
import shutil
import ssl
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

CHUNK = 2**18  # bytes
ROOM = 200 * 2**20  # bytes that must stay free for what is made of the file
MOST_RESTARTS = 2  # a part that came from several mirrors and is wrong does not say which of them lied
GZIP = b"\x1f\x8b"  # what an archive starts with, and an error page does not

Say = Callable[[str], object]


class DownloadError(Exception):
    """The data could not be had; the message is one line that says why and what to do."""


class _MirrorError(Exception):
    """This mirror would not do; another may carry on from what it sent. `rate` is in bytes/s, if too low."""

    def __init__(self, reason: str, rate: float = 0.0):
        super().__init__(reason)
        self.rate = rate


class _LyingMirrorError(_MirrorError):
    """This mirror sends something else than the file, and would again."""


@dataclass(frozen=True)
class Limits:
    """What a mirror must do: `floor` bytes/s over each `window` s, and something at all every `timeout` s."""

    floor: float = 150_000.0
    window: float = 15.0
    timeout: float = 20.0


LIMITS = Limits()


@dataclass(frozen=True)
class Wanted:
    """The file to fetch: its size in bytes and sha256 in hex; both None if not known beforehand."""

    size: int | None = None
    sha256: str | None = None


def digest_of(file: Path, kind: str) -> str:
    """The "md5" or "sha256" of a file, in hex."""
    digest = hashlib.new(kind, usedforsecurity=False)
    with file.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def fetch(part: Path, mirrors: tuple[str, ...], wanted: Wanted, limits: Limits = LIMITS, say: Say = print) -> None:
    """Make `part` the whole wanted file, going round the mirrors for as long as they add to it.

    Mirrors below the floor rate are left. If no other will do, the floor is lowered to what they can: a slow
    line is no reason to give up.

    Raises:
        DownloadError: no mirror would do; `part` keeps what has come.
        OSError: `part` cannot be written.
    """
    left, restarts, reason = list(mirrors), 0, "none is known"
    while left and restarts <= MOST_RESTARTS:
        before, rates = _size(part), []
        for url in tuple(left):
            begun, host = _size(part), urllib.parse.urlsplit(url).netloc
            say(f"From {host}" + (f", after the {_mb(begun)} that are here" if begun else ""))
            try:
                _fetch_from(url, part, wanted, limits)
                if wanted.sha256 is None or digest_of(part, "sha256") == wanted.sha256:
                    return
                part.unlink()
                before, restarts = -1, restarts + 1  # so there is a reason to go round again
                kind = _MirrorError if begun else _LyingMirrorError  # what was here may be what is wrong
                raise kind("what came is not the file (wrong sha256); starting afresh")
            except _MirrorError as error:
                reason = f"{host}: {error}"
                say(reason)
                rates.append(error.rate)
                if isinstance(error, _LyingMirrorError):
                    left.remove(url)
        if _size(part) <= before:
            break
        limits = replace(limits, floor=max(rates) / 2)
    kept = f"{_mb(_size(part))} are kept in {part}; run" if _size(part) else "Run"
    raise DownloadError(f"no mirror would do; the last, {reason}. {kept} the same again later")


def _fetch_from(url: str, part: Path, wanted: Wanted, limits: Limits) -> None:
    """Append to `part` what is missing of it, from one mirror."""
    begun = _size(part)
    if wanted.size is not None and begun > wanted.size:
        part.unlink()
        begun = 0
    if begun == wanted.size:
        return
    with _open(url, begun, limits.timeout) as response:
        start, size = _extent(response, begun)
        if wanted.size is not None and size is not None and size != wanted.size:
            raise _LyingMirrorError(f"expected a file of {wanted.size:,} bytes, found one of {size:,}")
        size = wanted.size if size is None else size
        if begun == size:
            return
        _require_room(part, (size or 0) - begun)
        with part.open("ab", buffering=0) as out, _Progress(size, begun) as progress:
            _copy(response, out, begun - start, size, limits, progress)
    if size is not None and _size(part) != size:
        raise _MirrorError(f"cut off after {_mb(_size(part))} of {_mb(size)}")


def _open(url: str, begun: int, timeout: float) -> http.client.HTTPResponse:
    headers = {"User-Agent": "cs231n-kit", "Accept-Encoding": "identity"}
    if begun:
        headers["Range"] = f"bytes={begun}-"
    try:
        return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        kind = _LyingMirrorError if error.code in (401, 403, 404, 410, 416) else _MirrorError
        if error.code == 416 and error.headers.get("Content-Range") == f"bytes */{begun}":
            return error  # nothing is missing
        raise kind(f"answered {error.code} {error.reason}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _MirrorError(_why(error)) from None


def _extent(response: http.client.HTTPResponse, begun: int) -> tuple[int, int | None]:
    """Where in the file the response starts, and how long the file is, as far as the mirror says."""
    if response.status != 416 and response.headers.get_content_maintype() == "text":
        raise _LyingMirrorError("sent a page of text instead of the archive")
    length = response.headers.get("Content-Length", "")
    if response.status == 200:  # the whole file, whatever was asked for
        return 0, int(length) if length.isdecimal() else None
    said = response.headers.get("Content-Range", "")
    match = re.fullmatch(r"bytes (?:(\d+)-\d+|\*)/(\d+|\*)", said)
    if response.status not in (206, 416) or not match or int(match[1] or begun) != begun:
        raise _LyingMirrorError(f"asked for bytes {begun}-, answered {response.status} with range {said!r}")
    return begun, int(match[2]) if match[2] != "*" else None


def _copy(response, out, skip: int, size: int | None, limits: Limits, progress: _Progress) -> None:
    """Write what comes to `out`, but for the first `skip` bytes, which are there already.

    A mirror that ignores Range sends the file from its start; skipping costs time, but what is there is kept.
    """
    have, fresh = out.tell(), response.status == 200
    since, came = time.monotonic(), 0
    while size is None or have < size:
        chunk = _receive(response)
        if not chunk:
            return
        if fresh and not chunk.startswith(GZIP[: len(chunk)]):
            raise _LyingMirrorError("sent something that is no archive")
        fresh = False
        came += len(chunk)
        new = chunk[skip:]
        skip -= len(chunk) - len(new)
        new = new if size is None else new[: size - have]
        _write(out, new)
        have += len(new)
        progress.add(len(new))
        if (elapsed := time.monotonic() - since) >= limits.window:
            if came / elapsed < limits.floor:
                raise _MirrorError(f"too slow ({came / elapsed / 1e3:.0f} kB/s)", rate=came / elapsed)
            since, came = time.monotonic(), 0


def _receive(response: http.client.HTTPResponse) -> bytes:
    try:
        return response.read1(CHUNK)  # whatever has come, so that a slow mirror can be told
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _MirrorError(_why(error)) from None


def _write(out, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:  # a disk that fills up takes a part of it first
        view = view[out.write(view) :]


def _require_room(part: Path, missing: int) -> None:
    if shutil.disk_usage(part.parent).free < missing + ROOM:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(part))


def _size(part: Path) -> int:
    return part.stat().st_size if part.is_file() else 0


def _why(error: Exception) -> str:
    """One line for what went wrong on the way to a mirror."""
    reason = getattr(error, "reason", error)
    if isinstance(reason, ssl.SSLCertVerificationError):
        hint = "; on macOS run 'Install Certificates.command' of your Python" if sys.platform == "darwin" else ""
        return f"its certificate could not be verified ({reason.verify_message}){hint}"
    if isinstance(reason, TimeoutError):
        return "nothing came in time"
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)


def _mb(count: float) -> str:
    return f"{count / 1e6:.1f} MB"


class _Progress:
    """A bar with rate and time left on a terminal; elsewhere a line every few seconds."""

    EVERY = 5.0  # s

    def __init__(self, size: int | None, begun: int):
        self._size, self._begun, self._have = size, begun, begun
        self._started = self._said = time.monotonic()
        self._bar = None
        if sys.stderr.isatty():
            self._bar = tqdm(total=size, initial=begun, unit="B", unit_scale=True, desc="CIFAR-10")

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def add(self, count: int) -> None:
        self._have += count
        if self._bar is not None:
            self._bar.update(count)
        elif time.monotonic() - self._said >= self.EVERY:
            self._said = time.monotonic()
            print(self._line(), file=sys.stderr, flush=True)

    def _line(self) -> str:
        rate = (self._have - self._begun) / (self._said - self._started)
        line = f"  {_mb(self._have)}, {rate / 1e6:.2f} MB/s"
        if self._size and rate:
            left = (self._size - self._have) / rate
            line = (
                f"  {100 * self._have // self._size} % of {_mb(self._size)}, {rate / 1e6:.2f} MB/s, {left:.0f} s left"
            )
        return line
