"""The stand-in as files: built aside, put into place whole, and used only if every byte is right."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cs231n.data import cifar10

from .generate import LABELS, draw

FOLDER = "standin-batches-py"
SECONDS = 15  # a build on a slow core; said beforehand only
STALE = 3600.0  # seconds after which a half-built folder was left by a process that died
MD5 = {
    "batches.meta": "8be268542b8f8e6e707e8c7bd1d50ef9",
    "data_batch_1": "abdfd4c611f6ab7e93e7b035fbb2cab5",
    "data_batch_2": "d345728cecb7bd81058f067dc6194c04",
    "data_batch_3": "3865a85102d097fddf6c5f35b638c2d0",
    "data_batch_4": "134fdc0ff58acd7d87874c8cdccdaf1c",
    "data_batch_5": "037e470e192a312f39ac5bced14b66b8",
    "test_batch": "82812f3a38c1528cb8d2cb10b2d9437b",
}


def ensure(folder: str | Path | None = None, say: Callable[[str], object] = print) -> Path:
    """The folder with the stand-in, drawn first if it is not there or not whole.

    Args:
        folder: where it is to be; by default `datasets/standin-batches-py` of the kit or, where that cannot
            be written, a folder in the user's cache, or else among the temporary files.
        say: is given one line before anything is drawn.

    Raises:
        FileExistsError: there is something else at `folder`.
        OSError: it cannot be written there, nor (by default) in the other places.
        RuntimeError: what this machine draws is not what every machine should draw.
    """
    places = [Path(folder)] if folder is not None else _places()
    found = _genuine(places)
    if found is not None:
        return found
    place = _first_writable(places)
    say(f"Drawing the stand-in data set (about {SECONDS} s, once) in {place} ...")
    fresh = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
    try:
        build(fresh)
        _verify_build(fresh)
        fresh.chmod(0o755)  # mkdtemp closes its folders to others
        _put_into_place(fresh, place)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return place


def find() -> Path | None:
    """The folder that `ensure()` would return without drawing anything, if there is one."""
    return _genuine(_places())


def is_genuine(folder: str | Path) -> bool:
    """Whether `folder` has every file of the stand-in, each with the bytes it should have."""
    return all(_md5(Path(folder) / name) == expected for name, expected in MD5.items())


def build(folder: Path) -> None:
    """Draw the stand-in and write its seven files to `folder`, which exists."""
    images, labels = draw("train")
    names = _file_names(labels)
    count, size = len(cifar10.TRAIN_BATCHES), len(labels) // len(cifar10.TRAIN_BATCHES)
    for i, name in enumerate(cifar10.TRAIN_BATCHES):
        part = slice(i * size, (i + 1) * size)
        title = f"stand-in training batch {i + 1} of {count}"
        cifar10.write_batch(folder / name, images[part], labels[part], names[part], title)
    images, labels = draw("test")
    path = folder / cifar10.TEST_BATCH
    cifar10.write_batch(path, images, labels, _file_names(labels), "stand-in testing batch 1 of 1")
    cifar10.write_meta(folder / cifar10.META, LABELS, size)


def _places() -> list[Path]:
    """Where the stand-in may be, the best place first."""
    homes = (cifar10.datasets_home(), _user_cache(), Path(tempfile.gettempdir()) / "cs231n")
    return [home / FOLDER for home in homes]


def _genuine(places: list[Path]) -> Path | None:
    return next((place for place in places if is_genuine(place)), None)


def _file_names(labels) -> list[str]:
    return [f"{LABELS[label]}_s_{i:06d}.png" for i, label in enumerate(labels)]


def _md5(path: Path) -> str | None:
    try:
        return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    except OSError:
        return None


def _verify_build(folder: Path) -> None:
    wrong = [name for name, expected in MD5.items() if _md5(folder / name) != expected]
    if wrong:
        raise RuntimeError(
            f"this machine draws a different stand-in than every other: the md5 of {', '.join(wrong)} is not "
            "the one in cs231n/data/standin/store.py. Please report it with your Python, numpy and processor; "
            "until then use CIFAR-10 itself: python -m cs231n data get"
        )


def _put_into_place(fresh: Path, place: Path) -> None:
    """Rename `fresh` to `place`; a damaged stand-in there is moved aside first. Whoever is first wins."""
    for _ in range(10):
        try:
            fresh.rename(place)
            return
        except OSError as error:
            if not place.exists():
                if error.errno in (errno.ENOTEMPTY, errno.EEXIST):  # another process has moved it since
                    continue
                raise
        if is_genuine(place):
            return
        _refuse_strangers(place)
        aside = Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent))
        with contextlib.suppress(FileNotFoundError):  # another process moved it
            place.rename(aside / "old")
        shutil.rmtree(aside, ignore_errors=True)
    raise OSError(errno.EBUSY, "other processes keep putting damaged files here; stop them and try again", place)


def _refuse_strangers(place: Path) -> None:
    """Only what could be a stand-in may be replaced."""
    try:
        found = {path.name for path in place.iterdir()}
    except FileNotFoundError:  # another process has moved it
        return
    except NotADirectoryError:
        found = {"a file"}
    strange = sorted(found - MD5.keys())
    if strange:
        raise FileExistsError(
            errno.EEXIST, f"expected a stand-in or nothing, found {strange[0]}; name another folder", str(place)
        )


def _first_writable(places: list[Path]) -> Path:
    """The first place that can be written to; abandoned builds beside it are removed."""
    for place in places:
        if place.exists():
            _refuse_strangers(place)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            Path(tempfile.mkdtemp(prefix=_prefix(place), dir=place.parent)).rmdir()
        except OSError as error:
            refusal = error
            continue
        _sweep(place)
        return place
    tried = " nor ".join(str(place.parent) for place in places)
    raise OSError(refusal.errno, f"the stand-in can be written neither to {tried}: {refusal.strerror}")


def _prefix(place: Path) -> str:
    return f".{place.name}-"


def _sweep(place: Path) -> None:
    for left in place.parent.glob(f"{_prefix(place)}*"):
        with contextlib.suppress(FileNotFoundError):  # its own process has just finished
            if time.time() - left.stat().st_mtime > STALE:
                shutil.rmtree(left, ignore_errors=True)


def _user_cache() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "cs231n"
