"""Damaged data: genuine images or one error in one line, in no time and no memory to speak of."""

import bz2
import gzip
import io
import json
import lzma
import os
import random
import shutil
import subprocess
import sys
import tarfile
import time
import tracemalloc

import numpy as np
import pytest

from cs231n.data import cache, cifar10, disk, places, sources
from cs231n.data.standin import store
from tests import fuzzing
from tests.data import batches

pytestmark = pytest.mark.fuzz
PER_BATCH = 2
EXPECTED_ERRORS = (sources.ChecksumError, sources.DataNotFoundError, cifar10.BatchError)


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """Small batches by file name, what is known of them, and their images and labels."""
    folder = tmp_path_factory.mktemp("batches")
    dice = np.random.default_rng(3)
    images, labels = dice.integers(0, 256, (6 * PER_BATCH, 32, 32, 3), dtype=np.uint8), np.arange(6 * PER_BATCH) % 10
    batches.write(folder, images, labels)
    archive = cifar10.Archive(0, "", members=batches.md5s(folder), images_per_batch=PER_BATCH)
    return {file.name: file.read_bytes() for file in folder.iterdir()}, archive, images, labels


@pytest.fixture
def outcome(contents, tmp_path, monkeypatch):
    """Return a function that loads a place: True if it was genuine, False after one of the errors that say why."""
    monkeypatch.setattr(places, "datasets_home", lambda: tmp_path / "no datasets")
    _, archive, images, labels = contents

    def load(path):
        begin = time.monotonic()
        try:
            X, y, X_test, y_test = sources.load(sources.DataSource(path, archive, "a test"), np.dtype(np.uint8))
        except EXPECTED_ERRORS as error:
            assert "\n" not in str(error) and len(str(error)) < 1000
            return False
        finally:
            assert time.monotonic() - begin < 30
        np.testing.assert_array_equal(np.concatenate([X, X_test]), images)
        np.testing.assert_array_equal(np.concatenate([y, y_test]), labels)
        return True

    return load


def packed(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


COMPRESSED = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "tar": bytes}


@pytest.mark.parametrize("kind", COMPRESSED)
def test_damaged_archives_are_genuine_or_one_error(contents, outcome, tmp_path, kind):
    raw = packed(contents[0])
    whole = COMPRESSED[kind](raw)
    file, genuine = tmp_path / "archive", 0
    for _, dice in fuzzing.seeds():
        if dice.random() < 0.5:  # what is in it
            damaged = COMPRESSED["gz" if kind == "gz" else "tar"](fuzzing.damaged(raw, dice))
        else:
            damaged = fuzzing.damaged(whole, dice)
        file.write_bytes(damaged)
        genuine += outcome(file)
    file.write_bytes(whole)
    assert outcome(file) and genuine < fuzzing.INPUTS / 2


def header(dice, name, kind, size):
    """Return a tar header of any kind and size, with a checksum that is right most of the time."""
    info = tarfile.TarInfo(name)
    info.type = kind
    block = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
    if isinstance(size, int) and not 0 <= size < 8**11:
        block[124:136] = (b"\x80" if size >= 0 else b"\xff") + size.to_bytes(11, "big", signed=True)
    else:
        block[124:136] = (f"{size:011o}\0" if isinstance(size, int) else size).encode()[:12].ljust(12, b"\0")
    for _ in range(dice.choice((0, 0, 0, 1, 5))):
        block[dice.randrange(512)] = dice.randrange(256)
    if dice.random() < 0.9:
        block[148:156] = f"{sum(block[:148]) + 8 * 32 + sum(block[156:]):06o}\0 ".encode()
    return bytes(block)


KINDS = [bytes([kind]) for kind in b"01234567xgLKSXNVDA\0"]
SIZES = [0, 1, 511, 512, 513, 70_000, -1, -512, 2**31, 2**33, 2**63, -(2**70), "-1", "junk", "        ", "9" * 12]


def test_headers_of_every_kind_and_size_cost_no_time_and_no_memory(contents, outcome, tmp_path):
    raw, file = packed(contents[0]), tmp_path / "archive.tar.gz"
    tracemalloc.start()
    peak = 0
    for number, dice in fuzzing.seeds():
        odd = b""
        for _ in range(dice.choice((1, 1, 2, 8)) if dice.random() < 0.99 else 1200):
            name = dice.choice(("x" * 90, "data_batch_1", "../x", "cifar-10-batches-py/test_batch", "\x1b[31m\n"))
            odd += header(dice, name, dice.choice(KINDS), dice.choice(SIZES))
            odd += bytes(dice.choice((0, 0, 512, 1024))) + (b"30 path=" + b"a" * 21 + b"\n").ljust(512, b"\0")
        at = dice.choice((0, 512, 1024, len(raw) // 1024 * 512))
        file.write_bytes(gzip.compress(raw[:at] + odd + raw[at:], 1))
        outcome(file)
        if number == fuzzing.INPUTS // 10:  # tracing takes three times as long
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
    assert 0 < peak < 50e6


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_SPARSE])
def test_a_giant_that_is_compressed_to_nothing_is_refused_unread(outcome, tmp_path, kind):
    dice, file = random.Random(0), tmp_path / "bomb.tar.gz"
    block = gzip.compress(bytes(2**20))
    with file.open("wb") as out:
        first = header(dice, "x", kind, 8 * 2**30)
        out.write(gzip.compress(first) + 500 * block)
    begin = time.monotonic()
    assert not outcome(file)
    assert time.monotonic() - begin < 5


def test_damaged_batches_in_a_folder_are_one_error(contents, outcome, tmp_path):
    files, *_ = contents
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    assert outcome(tmp_path)
    for number, dice in fuzzing.seeds():
        name = sorted(files)[number % len(files)]
        damaged = fuzzing.damaged(files[name], dice)
        (tmp_path / name).write_bytes(damaged)
        assert outcome(tmp_path) == (damaged == files[name])
        (tmp_path / name).write_bytes(files[name])


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Return images and labels in blocks, empty ones of that size, and the file in which they are kept."""
    monkeypatch.setattr(places, "datasets_home", lambda: tmp_path)
    dice = np.random.default_rng(4)
    blocks = [(dice.integers(0, 256, (4, 8, 8, 3), dtype=np.uint8), dice.integers(0, 10, 4)) for _ in range(12)]
    file = cache.folder() / "kept"
    cache.store(file, blocks)
    return blocks, [(np.empty_like(X), np.empty_like(y)) for X, y in blocks], file


def test_decoded_images_that_are_damaged_are_never_taken(kept):
    blocks, found, file = kept
    whole = file.read_bytes()
    assert cache.load(file, found)
    for stored, given in zip(found, blocks, strict=True):
        assert all((one == two).all() for one, two in zip(stored, given, strict=True))
    size = len(whole) // len(blocks)
    for number, dice in fuzzing.seeds():
        damaged = bytearray(whole)
        at = dice.randrange(0, len(whole) - 128)
        if number % 7 == 0:  # two sectors, of one block or of two, have changed places
            one, two = (dice.randrange(len(whole) // 64) * 64 for _ in range(2))
            damaged[one : one + 64], damaged[two : two + 64] = whole[two : two + 64], whole[one : one + 64]
        elif number % 7 == 1:  # what a power cut leaves
            damaged[dice.choice((0, at // 64 * 64)) :] = b""
            damaged += bytes(len(whole) - len(damaged))
        elif number % 7 == 2:  # two whole blocks
            one, two = (dice.randrange(len(blocks)) * size for _ in range(2))
            damaged[one : one + size], damaged[two : two + size] = whole[two : two + size], whole[one : one + size]
        elif number % 7 == 3:  # two bytes whose sum stays
            damaged[at], damaged[at + 64] = (damaged[at] + 1) % 256, (damaged[at + 64] - 1) % 256
        elif number % 7 == 4:  # two words
            damaged[at : at + 4], damaged[at + 8 : at + 12] = whole[at + 8 : at + 12], whole[at : at + 4]
        elif number % 7 == 5:
            damaged = bytearray(dice.choice((b"\0", b"\xff", b"\1")) * len(whole))
        else:
            damaged = bytearray(fuzzing.damaged(whole, dice))
        file.write_bytes(damaged)
        assert cache.load(file, found) == (damaged == whole), number


def test_a_damaged_stand_in_is_never_taken(tmp_path, monkeypatch):
    arrays = {"standin-test-labels": np.arange(50), "standin-test-images": np.arange(600).reshape(2, 10, 10, 3)}
    monkeypatch.setattr(store, "SHA256", {name: store.digest(array) for name, array in arrays.items()})
    for name, array in arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
    assert store.is_genuine(tmp_path)
    for number, dice in fuzzing.seeds():
        file = tmp_path / f"{sorted(arrays)[number % 2]}.npy"
        whole = file.read_bytes()
        damaged = fuzzing.damaged(whole, dice)
        file.write_bytes(damaged)
        if store.is_genuine(tmp_path):  # bytes after the array, or blanks in its header, change no number
            np.testing.assert_array_equal(np.load(file), arrays[file.stem])
        file.write_bytes(whole)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("odd", ["pipe", "endless", "folder", "nowhere", "loop"])
def test_where_a_file_should_be_something_else_is_one_error_and_nobody_waits(contents, outcome, tmp_path, odd):
    files, *_ = contents
    make = {
        "pipe": os.mkfifo,
        "endless": lambda path: path.symlink_to("/dev/zero"),
        "folder": lambda path: path.mkdir(),
        "nowhere": lambda path: path.symlink_to("nothing"),
        "loop": lambda path: path.symlink_to(path.name),
    }[odd]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "test_batch").unlink()
    make(tmp_path / "test_batch")
    assert not outcome(tmp_path)
    make(tmp_path / "cifar.tar.gz")
    assert not outcome(tmp_path / "cifar.tar.gz")
    (tmp_path / "standin").mkdir()
    make(tmp_path / "standin/standin-train-images.npy")
    assert not store.is_genuine(tmp_path / "standin")
    with pytest.raises(OSError):
        disk.open_file(tmp_path / "test_batch")


LOAD = """
import json, sys
from pathlib import Path
import numpy as np
from cs231n.data import cache, cifar10, places, sources
home = Path(sys.argv[1])
places.datasets_home = lambda: home
cache.SETTLED_SECONDS = 0
archive = cifar10.Archive(0, "", members=json.loads(sys.argv[2]), images_per_batch=500)
print("ready", flush=True)
arrays = sources.load(sources.DataSource(home / "batches", archive, "a test"), np.dtype(np.uint8))
print(sum(int(array.sum(dtype=np.int64)) for array in arrays), flush=True)
"""


def test_a_first_load_that_is_killed_spoils_nothing_for_the_next(tmp_path):
    dice, moments = np.random.default_rng(6), random.Random(6)
    images, labels = dice.integers(0, 256, (3000, 32, 32, 3), dtype=np.uint8), np.arange(3000) % 10
    (tmp_path / "batches").mkdir()
    batches.write(tmp_path / "batches", images, labels)
    total = str(int(images.sum(dtype=np.int64) + labels.sum())).encode()
    command = [sys.executable, "-c", LOAD, str(tmp_path), json.dumps(batches.md5s(tmp_path / "batches"))]
    begun, seconds = 0, 0.4
    for number in range(fuzzing.KILLS + 1):
        cache_folder = tmp_path / ".decoded"
        if number % 2:
            shutil.rmtree(cache_folder, ignore_errors=True)
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            begin = time.monotonic()
            if number:
                time.sleep(moments.uniform(0, seconds))
                process.kill()
            said = process.stdout.read().strip()
        assert said in (b"", total)
        seconds = seconds if number else time.monotonic() - begin
        begun += any(cache_folder.glob("*"))
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout.read().split() == [b"ready", total]
    assert begun
