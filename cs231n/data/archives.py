"""Read the members of a .tar file, compressed or not, in the order in which they are stored.

The file may be damaged or malicious. So only the name, the type and the size in a header are used, the sizes and the
number of members are limited, and no member is read before its size has been checked.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, cast

from cs231n.data import disk

MOST_BYTES = 2**30  # in all members together; CIFAR-10 has 186 MB
MOST_HEADERS = 1000  # CIFAR-10 has 9
BLOCK = tarfile.BLOCKSIZE
OPENERS = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ", lzma.open))
FILES = (tarfile.REGTYPE, tarfile.AREGTYPE)
WITHOUT_CONTENT = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)


class UnfitArchiveError(ValueError):
    """The file cannot be read as an archive: it is damaged, too large or not an archive. The message says why."""


class Member:
    """A member of an archive, which can be read like a file, but only until the next member is requested."""

    def __init__(self, header: tarfile.TarInfo, stream: IO[bytes]):
        self.path = PurePosixPath(header.name)
        self.is_file = header.type in FILES
        self.is_folder = header.type == tarfile.DIRTYPE
        self.is_named = self.is_file or header.type in WITHOUT_CONTENT  # other types may describe the next member
        self.size = self._left = 0 if header.type in WITHOUT_CONTENT else header.size
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Return the next `size` bytes, or all that are left if there are fewer or `size` is negative.

        Raises UnfitArchiveError if the file is damaged, and OSError if it cannot be read.
        """
        wanted = self._left if size < 0 else min(size, self._left)
        with _in_one_line():
            chunk = self._stream.read(wanted)
            if len(chunk) < wanted:
                raise EOFError("it is cut short")
        self._left -= wanted
        return chunk


def members(file: Path) -> Iterator[Member]:
    """Yield the members of an archive.

    Raises UnfitArchiveError if the file is damaged, too large or not an archive, and OSError if it cannot be read.
    """
    total = 0
    with disk.open_file(file) as raw, _decompressed(raw) as stream:
        for number in range(MOST_HEADERS):
            with _in_one_line():
                block = stream.read(BLOCK)
                if not block.strip(b"\0") and number:
                    return
                header = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
            member = Member(header, stream)
            total += abs(header.size)
            if header.size < 0 or total > MOST_BYTES:
                announced = f"a header announces {header.size:,} bytes for {_shown(member.path)}"
                raise UnfitArchiveError(f"{announced}; the limit for all members together is {MOST_BYTES:,}")
            yield member
            while member.read(2**18):
                pass
            with _in_one_line():
                stream.read(-member.size % BLOCK)
    raise UnfitArchiveError(f"it has {MOST_HEADERS} members or more")


def first_folder(file: Path) -> str:
    """Return the first part of the path of an archive's first member, not counting the "._" files of macOS.

    Returns "" if there is no such member, or if the file cannot be read as an archive.
    """
    with contextlib.suppress(OSError, UnfitArchiveError):
        for member in members(file):
            if member.is_named and member.path.parts and not member.path.name.startswith("._"):
                return member.path.parts[0]
    return ""


@contextlib.contextmanager
def _decompressed(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    start = raw.read(6)
    raw.seek(0)
    opener = next((opener for magic, opener in OPENERS if start.startswith(magic)), None)
    if opener is None:
        yield raw
        return
    with opener(raw) as stream:  # type: ignore[operator]
        yield cast(IO[bytes], stream)


@contextlib.contextmanager
def _in_one_line() -> Iterator[None]:
    """Convert exceptions about damaged data to an UnfitArchiveError of one line; the system's errors pass unchanged."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise UnfitArchiveError(f"{type(error).__name__}: {error}".partition("\n")[0][:200]) from None


def _shown(path: PurePosixPath) -> str:
    return ascii(str(path))[:100]
