"""CIFAR-10's format is read from where things are in it, and nothing that is in it ever runs."""

import hashlib
import io
import os
import pickle
import shutil
import subprocess

import numpy as np
import pytest

from cs231n import data_utils
from cs231n.data import cifar10
from cs231n.data.cifar10 import read_batch
from tests.data import batches

N = 300  # more than a block, and no multiple of it


@pytest.fixture(scope="module")
def contents():
    """Images (N, 32, 32, 3) and labels of a batch of noise."""
    dice = np.random.default_rng(1)
    return dice.integers(0, 256, (N, 32, 32, 3), dtype=np.uint8), dice.integers(0, 10, N)


@pytest.fixture(scope="module")
def written(contents):
    """The bytes of that batch."""
    return batches.batch(*contents)


def read(raw, count=N, dtype=np.uint8):
    images, labels = np.zeros((count, 32, 32, 3), dtype), np.zeros(count, np.int64)
    md5, sound = read_batch(io.BytesIO(raw), images, labels)
    return images, labels, md5, sound


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("count", [N, 5])
def test_what_is_written_is_read_back_with_its_md5(contents, count, dtype):
    raw = batches.batch(contents[0][:count], contents[1][:count])
    images, labels, md5, sound = read(raw, count, dtype)
    np.testing.assert_array_equal(images, contents[0][:count])
    np.testing.assert_array_equal(labels, contents[1][:count])
    assert (md5, sound) == (hashlib.md5(raw).hexdigest(), True)


def test_pythons_own_pickle_reads_the_same(contents, written):
    theirs = pickle.loads(written)
    images, labels, *_ = read(written)
    np.testing.assert_array_equal(theirs["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), images)
    assert theirs["labels"] == labels.tolist()


@pytest.mark.real_data
@pytest.mark.parametrize("name", [*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH])
def test_published_batches_are_read_as_pythons_own_pickle_does(name, real_folder):
    raw = (real_folder / name).read_bytes()
    images, labels, md5, sound = read(raw, 10_000)
    assert sound and md5 == cifar10.PUBLISHED_MD5[name]
    theirs = pickle.loads(raw, encoding="bytes")
    np.testing.assert_array_equal(theirs[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), images)
    assert theirs[b"labels"] == labels.tolist()


@pytest.fixture(scope="module")
def real_folder(tmp_path_factory):
    source = data_utils.find_data()
    assert not source.is_standin, "set CS231N_DATA to CIFAR-10: a folder or cifar-10-python.tar.gz"
    if source.path.is_dir():
        return source.path
    folder = tmp_path_factory.mktemp("cifar10")
    shutil.unpack_archive(source.path, folder)
    return folder / "cifar-10-batches-py"


class Calls:
    """Pickles as a call of `function`."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    ("function", "args"),
    [
        (os.system, ("touch {}",)),
        (eval, ("open({!r}, 'w')",)),
        (subprocess.check_output, (["touch", "{}"],)),
        (getattr, (os, "name")),
        (np.load, ("{}",)),
    ],
)
def test_a_pickle_that_calls_something_is_no_batch_and_calls_nothing(protocol, function, args, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    trace = tmp_path / "{}"
    args = tuple(a.replace("{!r}", "'{}'") if isinstance(a, str) else a for a in args if a is not os)
    call = Calls(function, *args)
    assert not read(pickle.dumps({"data": call}, protocol))[3]
    labels = [0] * N
    raw = pickle.dumps({"call": call, "labels": labels, "data": np.zeros((N, cifar10.PIXELS), np.uint8)}, 3)
    images, found, _, sound = read(raw)
    assert sound and found.tolist() == labels and not images.any()  # where there are labels and pixels, nothing else is
    assert not trace.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda images, labels: (images[:-1], labels[:-1]),
        lambda images, labels: (images[:-1], labels),
        lambda images, labels: (images, labels[:-1]),
        lambda images, labels: (images, labels + 1),
        lambda images, labels: (images, labels - 1),
        lambda images, labels: (images, labels / 2),
        lambda images, labels: (images.astype(np.int64), labels),
    ],
)
def test_other_numbers_or_labels_are_no_such_batch(contents, change):
    assert not read(batches.batch(*change(*contents)))[3]


@pytest.mark.parametrize("value", [[], 1, {1: 2}, {}, np.zeros(3), None])
def test_another_pickle_is_no_batch(value):
    assert not read(pickle.dumps(value, 2))[3]


def test_a_truncated_batch_is_none_wherever_its_pixels_end(written):
    for end in [*range(0, 3000, 97), len(written) // 2, written.index(b"filenames") - N]:
        *_, md5, sound = read(written[:end])
        assert (md5, sound) == (hashlib.md5(written[:end]).hexdigest(), False)


def test_damaged_batches_never_raise_anything_and_have_another_md5(written):
    dice, whole = np.random.default_rng(2), read(written)[2]
    for _ in range(300):
        raw = bytearray(written)
        raw[dice.integers(0, 2000)] ^= dice.integers(1, 256)
        assert read(bytes(raw))[2] != whole
