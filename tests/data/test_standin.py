"""The stand-in: the same bytes everywhere, whole or not there, and nothing trivial tells its classes apart."""

import ast
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

from cs231n.data import cifar10, disk, places, sources, standin
from cs231n.data.standin import generate, store
from tests import fuzzing

FORBIDDEN = {
    "sin", "cos", "tan", "exp", "log", "power", "hypot", "sum", "mean", "std", "dot", "matmul", "einsum", "norm",
    "prod", "average", "cumsum", "RandomState", "default_rng", "Generator", "normal", "shuffle", "permutation",
}  # fmt: skip


@pytest.fixture(scope="session")
def genuine():
    return standin.ensure()


@pytest.fixture(scope="session")
def training(genuine):
    return rows(*standin.load(genuine)[:2])


@pytest.fixture(scope="session")
def testing(genuine):
    return rows(*standin.load(genuine)[2:])


def rows(images, labels):
    """Images as CIFAR-10 lays them out, (N, 3072), and their labels."""
    return images.transpose(0, 3, 1, 2).reshape(len(images), -1), labels


@pytest.fixture
def copied(genuine, monkeypatch):
    """What is drawn is what the genuine folder holds, to save the drawing; returns how often that was."""
    times, arrays = [], dict(zip(store.SHA256, standin.load(genuine), strict=True))

    def drawn():
        times.append(1)
        return arrays

    monkeypatch.setattr(store, "drawn", drawn)
    return times


# --- what is drawn ---------------------------------------------------------------------------------------


def test_a_fresh_drawing_is_what_is_on_disk(testing):
    images, labels = generate.draw("test")
    assert np.array_equal(images, testing[0])
    assert np.array_equal(labels, testing[1])


def test_only_exact_operations_are_used():
    for path in Path(store.__file__).parent.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        used = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert not used & FORBIDDEN, path
        assert not any(isinstance(node, ast.MatMult | ast.Pow) for node in nodes), path


def test_drawing_says_which_splits_there_are():
    with pytest.raises(ValueError, match='"train" or "test", not \'val\''):
        generate.draw("val")


def test_classes_are_balanced_and_mixed(training, testing):
    assert np.bincount(training[1]).tolist() == [1000] * 10
    assert np.bincount(testing[1]).tolist() == [200] * 10
    for batch in training[1].reshape(5, 2000):
        assert np.all(np.abs(np.bincount(batch) - 200) < 60)


def test_no_image_is_there_twice_or_empty(training, testing):
    images = np.concatenate([training[0], testing[0]])
    assert len({image.tobytes() for image in images}) == len(images) == 12_000
    assert images.std(axis=1).min() > 4


def test_the_pixels_are_those_of_the_first_release(genuine):
    """The sha256 of the images and labels as they were when the reference outputs were first recorded."""
    assert list(cifar10.CLASS_NAMES) == list(generate.LABELS)
    expected = {
        "standin-train-images": "7690bc5f046a0a2d3df47570703d8f45c693e9e41a9a0527990890a6b037d524",
        "standin-train-labels": "0779e3a5757edf7fbe1cc1fd6da1a6abc6ce1bb7cbfe838243000a107566be09",
        "standin-test-images": "da91c288d0cdd142fda349015ddc41d191b8250b7869c20ad75538988c713666",
        "standin-test-labels": "d39c0486064c1ffaa265a6a0e55691b691502f8d08553a4c829be5f26b1e34ca",
    }
    for (name, pinned), array in zip(expected.items(), standin.load(genuine), strict=True):
        assert hashlib.sha256(array.tobytes()).hexdigest() == pinned, name


# --- what it teaches -------------------------------------------------------------------------------------


def least_squares_accuracy(features, training, testing):
    """Test accuracy of the best linear map from `features` and their products to the classes."""

    def expand(images):
        f = features(images.reshape(-1, 3, 32, 32) / 255.0)
        first, second = np.triu_indices(f.shape[1])
        return np.concatenate([np.ones((len(f), 1)), f, f[:, first] * f[:, second]], axis=1)

    weights, *_ = np.linalg.lstsq(expand(training[0]), np.eye(10)[training[1]], rcond=None)
    return np.mean(np.argmax(expand(testing[0]) @ weights, axis=1) == testing[1])


def test_mean_colour_does_not_tell_the_classes_apart(training, testing):
    accuracy = least_squares_accuracy(lambda images: images.mean(axis=(2, 3)), training, testing)
    assert 0.1 < accuracy < 0.35


def test_background_does_not_tell_the_classes_apart(training, testing):
    def corners(images):
        return images[:, :, [0, 0, 31, 31], [0, 31, 0, 31]].reshape(-1, 12)

    assert 0.15 < least_squares_accuracy(corners, training, testing) < 0.40


def test_nearest_neighbours_in_pixels_are_poor_but_better_than_chance(training, testing):
    X, Y = training[0].astype(np.float32), testing[0][:500].astype(np.float32)
    nearest = np.argmin((X * X).sum(axis=1) - 2 * Y @ X.T, axis=1)
    assert 0.25 <= np.mean(training[1][nearest] == testing[1][:500]) <= 0.50


# --- where it is kept ------------------------------------------------------------------------------------


def test_it_is_built_once_and_said_once(tmp_path, copied):
    said = []
    place = tmp_path / "new" / "place"
    assert standin.ensure(place, said.append) == place
    assert standin.ensure(place, said.append) == place
    assert len(copied) == 1
    assert [line.split(" (")[0] for line in said] == ["Drawing the stand-in data set"]
    assert sorted(path.stem for path in place.iterdir()) == sorted(store.SHA256)
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize("damage", ["changed byte", "cut short", "missing", "header", "a pickle", "another array"])
def test_a_damaged_folder_is_drawn_again(tmp_path, copied, damage):
    place = standin.ensure(tmp_path / "place", str)
    victim = place / "standin-train-images.npy"
    raw = bytearray(victim.read_bytes())
    raw[5000] ^= 1
    if damage == "missing":
        victim.unlink()
    elif damage == "another array":
        np.save(victim, np.load(victim).reshape(-1, 3072))
    else:
        other = {"changed byte": raw, "cut short": raw[:5000], "header": raw[:20] + b"(((" + raw[23:]}
        victim.write_bytes(other.get(damage, b"cos\nsystem\n(S'touch trace'\ntR."))
    assert not store.is_genuine(place)
    with pytest.raises(ValueError, match="is not intact; draw it again"):
        standin.load(place)
    assert store.is_genuine(standin.ensure(place, str))
    assert list(tmp_path.iterdir()) == [place] and len(list(place.iterdir())) == 4


def test_nothing_else_in_its_folder_is_touched(tmp_path, copied):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert standin.ensure(tmp_path, str) == tmp_path
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    (tmp_path / "file").write_text("also mine")
    with pytest.raises(OSError, match="cannot be written to"):
        standin.ensure(tmp_path / "file", str)
    assert (tmp_path / "file").read_text() == "also mine"


def test_batches_of_earlier_releases_are_not_in_the_way(tmp_path, copied):
    for name in ("batches.meta", "data_batch_1"):
        (tmp_path / name).write_bytes(b"as pickled by an earlier release")
    standin.ensure(tmp_path, str)
    source = sources.find_data(tmp_path)
    assert source.is_standin and source.path == tmp_path


def test_a_drawing_that_is_wrong_leaves_nothing_and_touches_nothing(tmp_path, copied, monkeypatch):
    place = standin.ensure(tmp_path / "place", str)
    victim = place / "standin-test-images.npy"
    victim.write_bytes(b"damaged")
    monkeypatch.setattr(store, "drawn", lambda: {"standin-test-images": np.zeros(3)})
    with pytest.raises(RuntimeError, match="stand-in that this machine draws differs"):
        standin.ensure(place, str)
    assert victim.read_bytes() == b"damaged"
    assert list(tmp_path.iterdir()) == [place] and len(list(place.iterdir())) == 4


def test_where_the_kit_cannot_be_written_the_cache_is_used(tmp_path, copied, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(places, "datasets_home", lambda: tmp_path / "file" / "datasets")
    monkeypatch.setattr(places, "user_cache", lambda: tmp_path / "cache")
    assert standin.ensure(say=str) == tmp_path / "cache" / places.STANDIN
    assert standin.ensure(say=pytest.fail) == tmp_path / "cache" / places.STANDIN
    assert standin.find() == tmp_path / "cache" / places.STANDIN


def test_where_the_cache_cannot_be_written_either_temporary_files_are_used(tmp_path, copied, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(places, "datasets_home", lambda: tmp_path / "file" / "datasets")
    monkeypatch.setattr(places, "user_cache", lambda: tmp_path / "file" / "cache")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    place = tmp_path / "tmp" / "cs231n" / places.STANDIN
    assert standin.find() is None
    assert standin.ensure(say=str) == place
    assert standin.ensure(say=pytest.fail) == standin.find() == place
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file" / "tmp"))
    with pytest.raises(OSError, match=r"cannot be written to .*datasets or .*cache or .*tmp"):
        standin.ensure(say=str)


def test_only_abandoned_files_are_swept_away(tmp_path, copied):
    old, young = (tmp_path / f"standin-train-images.npy.{number}.partial" for number in (1, os.getppid()))
    for left in (old, young):
        left.write_bytes(b"half")
    long_ago = time.time() - 2 * disk.ABANDONED
    os.utime(old, (long_ago, long_ago))
    standin.ensure(tmp_path, str)
    assert not old.exists()
    assert young.exists()


def start(place, source):
    """Another process that ensures the stand-in at `place`; what it draws, slowly, is what is at `source`."""
    lines = ["import time", "from pathlib import Path", "from cs231n.data.standin import store", "def drawn():"]
    lines += [f"    arrays = dict(zip(store.SHA256, store.load(Path({str(source)!r}))))", "    time.sleep(0.5)"]
    lines += ["    return arrays", "store.drawn = drawn", f"store.ensure({str(place)!r}, str)"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", "\n".join(lines)], env=environment)


@pytest.mark.parametrize("damaged", [False, True])
def test_several_at_once_all_end_with_a_genuine_folder(tmp_path, genuine, damaged):
    place = tmp_path / "place"
    if damaged:
        place.mkdir()
        (place / "standin-test-images.npy").write_bytes(b"damaged")
    running = [start(place, genuine) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert store.is_genuine(place)
    assert len(list(place.iterdir())) == 4


@pytest.mark.fuzz
def test_a_killed_drawing_is_never_taken_for_a_whole_one(tmp_path, genuine):
    moments = random.Random(0)
    for i in range(fuzzing.KILLS + 1):
        place = tmp_path / str(i) / "place"
        process = start(place, genuine)
        time.sleep(moments.uniform(0.1, 1.2))
        process.kill()
        process.wait(timeout=60)
        for file in place.glob("*.npy"):
            assert store._read(place, file.stem) is not None
        assert store.is_genuine(start(place, genuine).wait(timeout=60) or place)
        shutil.rmtree(place.parent)
