"""CIFAR-10's format is written byte for byte as published, and read without running what is in it."""

import contextlib
import hashlib
import os
import pickle
import pickletools
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest

from cs231n import data_utils
from cs231n.data import cifar10
from cs231n.data.cifar10 import BatchError, UnsafePickleError, read_batch, read_meta, unpickle

N = 300  # more than the memo's one-byte numbers


@pytest.fixture(scope="module")
def contents():
    """(images (N, 3072), labels, file names, batch label) of a batch of noise."""
    dice = np.random.default_rng(1)
    images = dice.integers(0, 256, (N, cifar10.PIXELS), dtype=np.uint8)
    return images, dice.integers(0, 10, N).tolist(), [f"cat_s_{i:06d}.png" for i in range(N)], "batch 1 of 1"


@pytest.fixture
def written(contents, tmp_path):
    """The bytes of that batch."""
    cifar10.write_batch(tmp_path / "batch", *contents)
    return (tmp_path / "batch").read_bytes()


def record(**changes):
    """The record of a good batch of two images, with changes."""
    good = {
        "batch_label": "b",
        "labels": [1, 2],
        "data": np.zeros((2, cifar10.PIXELS), np.uint8),
        "filenames": ["a", "b"],
    }
    return {**good, **changes}


# --- writing ---------------------------------------------------------------------------------------------


def test_what_is_written_is_read_back(contents, written):
    images, labels, names, title = contents
    batch = read_batch(written)
    np.testing.assert_array_equal(batch.pixels, images)
    assert batch.pixels.dtype == np.uint8
    assert batch.labels.tolist() == labels and batch.labels.dtype == np.int64
    assert (batch.filenames, batch.batch_label) == (tuple(names), title)


def test_pythons_own_pickle_reads_what_is_written(contents, written):
    images, labels, names, title = contents
    theirs = pickle.loads(written, encoding="bytes")
    np.testing.assert_array_equal(theirs.pop(b"data"), images)
    expected = {b"batch_label": title.encode(), b"labels": labels, b"filenames": [n.encode() for n in names]}
    assert theirs == expected


def test_the_opcodes_are_grouped_and_numbered_as_python_2_did(tmp_path):
    """1,001 labels and as many names in groups of 1,000; memo numbers from 1, one byte long up to 255."""
    n = 1001
    images = np.zeros((n, cifar10.PIXELS), np.uint8)
    cifar10.write_batch(tmp_path / "batch", images, [0] * n, ["x"] * n, "b")
    ops = [(op.name, arg) for op, arg, _ in pickletools.genops((tmp_path / "batch").read_bytes())]
    memo = [(name, arg) for name, arg in ops if name in ("BINPUT", "LONG_BINPUT")]
    assert memo == [("BINPUT" if i < 256 else "LONG_BINPUT", i) for i in range(1, len(memo) + 1)]
    assert [name for name, _ in ops].count("APPENDS") == 4


def test_rows_and_images_of_the_same_pixels_are_the_same_file(contents, written, tmp_path):
    rows, *rest = contents
    images = rows.reshape(N, 3, 32, 32).transpose(0, 2, 3, 1)
    cifar10.write_batch(tmp_path / "images", images, *rest)
    assert (tmp_path / "images").read_bytes() == written


def test_meta_is_written_as_published(tmp_path):
    cifar10.write_meta(tmp_path / "meta", cifar10.CLASS_NAMES, 10_000)
    raw = (tmp_path / "meta").read_bytes()
    assert hashlib.md5(raw).hexdigest() == cifar10.PUBLISHED_MD5["batches.meta"]
    assert read_meta(raw) == (list(cifar10.CLASS_NAMES), 10_000)


@pytest.mark.real_data
@pytest.mark.parametrize("name", [*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH])
def test_published_batches_written_again_from_what_was_read_are_the_same_bytes(name, tmp_path, real_folder):
    batch = read_batch((real_folder / name).read_bytes(), name)
    cifar10.write_batch(tmp_path / name, batch.pixels, batch.labels, batch.filenames, batch.batch_label)
    found = hashlib.md5((tmp_path / name).read_bytes()).hexdigest()
    assert found == cifar10.PUBLISHED_MD5[name]


@pytest.fixture(scope="module")
def real_folder(tmp_path_factory):
    source = data_utils.find_data()
    assert not source.is_standin, "set CS231N_DATA to CIFAR-10: a folder or cifar-10-python.tar.gz"
    if source.path.is_dir():
        return source.path
    folder = tmp_path_factory.mktemp("real")
    with tarfile.open(source.path) as archive:
        for member in filter(tarfile.TarInfo.isfile, archive):
            (folder / Path(member.name).name).write_bytes(archive.extractfile(member).read())
    return folder


@pytest.mark.parametrize(
    ("images", "labels", "names"),
    [
        (np.zeros((2, 3072), np.float32), [0, 1], ["a", "b"]),
        (np.zeros((2, 3, 32, 32), np.uint8), [0, 1], ["a", "b"]),
        (np.zeros((2, 3072), np.uint8), [0, 10], ["a", "b"]),
        (np.zeros((2, 3072), np.uint8), [0], ["a", "b"]),
        (np.zeros((2, 3072), np.uint8), [0, 1], ["a"]),
    ],
)
def test_what_is_no_batch_is_not_written(images, labels, names, tmp_path):
    with pytest.raises(ValueError, match="expected"):
        cifar10.write_batch(tmp_path / "batch", images, labels, names, "b")
    assert not (tmp_path / "batch").exists()


# --- reading safely --------------------------------------------------------------------------------------


class Calls:
    """Pickles as a call of `function`."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("function", "args", "name"),
    [
        (os.system, ("touch {}",), "system"),
        (eval, ("open({!r}, 'w')",), "eval"),
        (subprocess.check_output, (["touch", "{}"],), "check_output"),
        (getattr, (os, "name"), "getattr"),
        (np.load, ("{}",), "load"),
        (np.fromfile, ("{}",), "fromfile"),
        (bytearray, (10**3,), "bytearray"),
    ],
)
def test_nothing_else_is_called_and_the_error_names_it(protocol, function, args, name, tmp_path):
    trace = tmp_path / "trace"
    args = tuple(a.format(str(trace)) if isinstance(a, str) else a for a in args if a is not os)
    raw = pickle.dumps({b"data": Calls(function, *args)}, protocol)
    with pytest.raises(UnsafePickleError, match=name):
        read_batch(raw)
    assert not trace.exists()


@pytest.mark.parametrize(
    "raw",
    [
        b"cnumpy\nndarray\n(I1\nI2\ntR.",  # ndarray((1, 2))
        b"cnumpy.core.multiarray\n_reconstruct\n.",  # the function itself, as contents
        b"cnumpy.core.multiarray\n_reconstruct\n(N}X\x0c\x00\x00\x00__defaults__)stb.",  # setting its attribute
        b"cnumpy\ndtype\n(X\x01\x00\x00\x00OI0\nI1\ntR.",  # dtype("O")
        b"c_codecs\nencode\n(X\x01\x00\x00\x00aX\x03\x00\x00\x00zipetR.",  # another codec
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I1000000000000\ntX\x01\x00\x00\x00btR.",
        b"\x80\x02\x82\x01.",  # the extension registry
        b"Pnumber\n.",  # a persistent id
    ],
)
def test_the_admitted_names_do_nothing_but_hold_numbers(raw):
    with pytest.raises((BatchError, UnsafePickleError)):
        read_batch(raw)


def test_bytes_are_decoded_from_nothing_but_latin1():
    with pytest.raises(BatchError, match="latin1"):
        unpickle(b"c_codecs\nencode\n(X\x01\x00\x00\x00aX\x03\x00\x00\x00ziptR.")


@pytest.mark.parametrize("array", [np.zeros(2, "S3"), np.zeros(2, object), np.zeros(2, "M8[s]"), np.zeros(2, "i4,f8")])
def test_arrays_hold_numbers_or_are_refused(array):
    with pytest.raises(BatchError, match="array of numbers"):
        unpickle(pickle.dumps(array, 2))


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
def test_arrays_pickled_by_python_3_are_read(protocol):
    images = np.arange(2 * cifar10.PIXELS).astype(np.uint8).reshape(2, -1)
    for data in (images, np.asfortranarray(images)):
        batch = read_batch(pickle.dumps(record(data=data), protocol))
        np.testing.assert_array_equal(batch.pixels, images)


@pytest.mark.parametrize(
    "changes",
    [
        {"data": np.zeros((2, 3072), np.int64)},
        {"data": np.zeros((2, 3071), np.uint8)},
        {"data": np.zeros(6144, np.uint8)},
        {"data": np.zeros((3, 3072), np.uint8)},
        {"data": np.empty((2, 3072), object)},
        {"data": np.zeros((2, 3072), "S3")},
        {"data": [[0] * 3072] * 2},
        {"data": None},
        {"labels": [1, 10]},
        {"labels": [-1, 1]},
        {"labels": [True, 1]},
        {"labels": [1.0, 2.0]},
        {"labels": [2**80, 1]},
        {"labels": [[1], 2]},
        {"labels": b"\x01\x02"},
        {"filenames": [1, 2]},
        {"filenames": ["a"]},
        {"filenames": None},
    ],
    ids=lambda changes: next(f"{k}-{str(v)[:20]}" for k, v in changes.items()),
)
def test_what_is_no_batch_is_refused_with_what_was_expected(changes):
    with pytest.raises(BatchError, match="expected"):
        read_batch(pickle.dumps(record(**changes), 2))


@pytest.mark.parametrize("value", [[], 1, {1: 2}, {}, np.zeros(3), None])
def test_another_pickle_is_refused(value):
    for read in (read_batch, read_meta):
        with pytest.raises(BatchError, match="expected"):
            read(pickle.dumps(value, 2))


@pytest.mark.parametrize(
    "change", [{"label_names": 3}, {"label_names": [1]}, {"num_cases_per_batch": "many"}, {"num_cases_per_batch": -1}]
)
def test_odd_meta_is_refused(change):
    good = {"label_names": ["cat"], "num_cases_per_batch": 3}
    with pytest.raises(BatchError, match="expected"):
        read_meta(pickle.dumps({**good, **change}, 2))


def test_a_truncated_batch_is_refused_wherever_it_ends(written):
    for end in [*range(0, 3000, 7), len(written) // 2, len(written) - 1]:
        with pytest.raises(BatchError, match="my_batch"):
            read_batch(written[:end], "my_batch")


def test_damaged_batches_never_raise_anything_else(written):
    dice = np.random.default_rng(2)
    head = written.index(b"numpy.core") + 150  # where all kinds of opcodes are
    others = [byte for byte in range(256) if byte not in b"pr"]  # which number the memo, to any size
    for _ in range(2000):
        raw = bytearray(written)
        for at in dice.integers(head - 150 * dice.integers(1, 3), head, 2):
            raw[at] = dice.choice(others)
        with contextlib.suppress(BatchError, UnsafePickleError):
            read_batch(raw)


def test_a_giant_is_refused_unread(monkeypatch, written):
    monkeypatch.setattr(cifar10, "MAX_FILE_BYTES", len(written) - 1)
    with pytest.raises(BatchError, match="at most"):
        read_batch(written)


def test_a_string_longer_than_the_file_is_refused_without_making_room_for_it():
    with pytest.raises(BatchError):
        unpickle(b"\x80\x02T" + struct.pack("<i", 2**31 - 1) + b"short")


def test_pixels_are_copied_once():
    import tracemalloc

    rows = np.zeros((1000, cifar10.PIXELS), np.uint8)
    raw = pickle.dumps(record(data=rows, labels=[0] * 1000, filenames=["a"] * 1000), 3)
    tracemalloc.start()
    try:
        read_batch(raw)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.1 * rows.nbytes


def test_it_reads_in_a_process_that_never_imported_numpys_internals(written, tmp_path):
    (tmp_path / "batch").write_bytes(written)
    run = (
        "import sys; from cs231n import batches; print(len(batches.read_batch(open(sys.argv[1], 'rb').read()).labels))"
    )
    done = subprocess.run([sys.executable, "-c", run, str(tmp_path / "batch")], capture_output=True, text=True)
    assert done.stdout.strip() == str(N), done.stderr
