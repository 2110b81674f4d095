"""The stand-in: the same bytes everywhere, whole or not there, and nothing trivial tells its classes apart."""

import ast
import errno
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

from cs231n.data import cifar10, standin
from cs231n.data.standin import store

FORBIDDEN = {
    "sin", "cos", "tan", "exp", "log", "power", "hypot", "sum", "mean", "std", "dot", "matmul", "einsum", "norm",
    "prod", "average", "cumsum", "RandomState", "default_rng", "Generator", "normal", "shuffle", "permutation",
}  # fmt: skip


@pytest.fixture(scope="session")
def genuine():
    return standin.ensure()


@pytest.fixture(scope="session")
def training(genuine):
    loaded = [cifar10.read_batch((genuine / name).read_bytes()) for name in cifar10.TRAIN_BATCHES]
    return np.concatenate([batch.pixels for batch in loaded]), np.concatenate([batch.labels for batch in loaded])


@pytest.fixture(scope="session")
def testing(genuine):
    batch = cifar10.read_batch((genuine / cifar10.TEST_BATCH).read_bytes())
    return batch.pixels, batch.labels


@pytest.fixture
def copied(genuine, monkeypatch):
    """Builds are copies of the genuine folder, to save the drawing; returns how many there were."""
    built = []

    def build(folder):
        built.append(folder)
        shutil.copytree(genuine, folder, dirs_exist_ok=True)

    monkeypatch.setattr(store, "build", build)
    return built


# --- what is drawn ---------------------------------------------------------------------------------------


def test_a_fresh_drawing_is_what_is_on_disk(testing):
    images, labels = standin.draw("test")
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
        standin.draw("val")


def test_classes_are_balanced_and_mixed(training, testing):
    assert np.bincount(training[1]).tolist() == [1000] * 10
    assert np.bincount(testing[1]).tolist() == [200] * 10
    for batch in training[1].reshape(5, 2000):
        assert np.all(np.abs(np.bincount(batch) - 200) < 60)


def test_no_image_is_there_twice_or_empty(training, testing):
    images = np.concatenate([training[0], testing[0]])
    assert len({image.tobytes() for image in images}) == len(images) == 12_000
    assert images.std(axis=1).min() > 4


def test_files_are_in_the_format_of_cifar10(genuine):
    names, count = cifar10.read_meta((genuine / cifar10.META).read_bytes())
    assert names == list(cifar10.CLASS_NAMES) == list(standin.LABELS)
    assert count == 2000
    for name in (*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH):
        batch = cifar10.read_batch((genuine / name).read_bytes())
        assert batch.pixels.shape == (2000, 3072)
        assert "stand-in" in batch.batch_label
        assert all(file.startswith(names[label]) for file, label in zip(batch.filenames, batch.labels, strict=True))


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
    assert sorted(path.name for path in place.iterdir()) == sorted(standin.MD5)
    assert list(place.parent.iterdir()) == [place]


@pytest.mark.parametrize("damage", ["changed byte", "cut short", "missing"])
def test_a_damaged_folder_is_rebuilt(tmp_path, copied, damage):
    place = standin.ensure(tmp_path / "place", str)
    victim = place / "data_batch_3"
    raw = bytearray(victim.read_bytes())
    raw[5000] ^= 1
    if damage == "missing":
        victim.unlink()
    else:
        victim.write_bytes(raw if damage == "changed byte" else raw[:5000])
    assert not standin.is_genuine(place)
    assert standin.is_genuine(standin.ensure(place, str))
    assert list(tmp_path.iterdir()) == [place]


def test_what_is_no_stand_in_is_never_replaced(tmp_path, copied):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(FileExistsError, match=r"found thesis\.txt; name another folder"):
        standin.ensure(tmp_path, str)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert not copied


def test_a_build_that_fails_leaves_nothing_and_touches_nothing(tmp_path, copied, monkeypatch):
    place = standin.ensure(tmp_path / "place", str)
    (place / "test_batch").write_bytes(b"damaged")
    monkeypatch.setattr(store, "build", lambda folder: (folder / "test_batch").write_bytes(b"wrong"))
    with pytest.raises(RuntimeError, match="draws a different stand-in"):
        standin.ensure(place, str)
    assert (place / "test_batch").read_bytes() == b"damaged"
    assert list(tmp_path.iterdir()) == [place]


def test_where_the_kit_cannot_be_written_the_cache_is_used(tmp_path, copied, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(cifar10, "datasets_home", lambda: tmp_path / "file" / "datasets")
    monkeypatch.setattr(store, "_user_cache", lambda: tmp_path / "cache")
    assert standin.ensure(say=str) == tmp_path / "cache" / standin.FOLDER
    assert standin.ensure(say=pytest.fail) == tmp_path / "cache" / standin.FOLDER
    assert standin.find() == tmp_path / "cache" / standin.FOLDER


def test_where_the_cache_cannot_be_written_either_temporary_files_are_used(tmp_path, copied, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(cifar10, "datasets_home", lambda: tmp_path / "file" / "datasets")
    monkeypatch.setattr(store, "_user_cache", lambda: tmp_path / "file" / "cache")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    place = tmp_path / "tmp" / "cs231n" / standin.FOLDER
    assert standin.find() is None
    assert standin.ensure(say=str) == place
    assert standin.ensure(say=pytest.fail) == standin.find() == place
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "file" / "tmp"))
    with pytest.raises(OSError, match=r"can be written neither to .*datasets nor .*cache nor .*tmp"):
        standin.ensure(say=str)


def test_only_abandoned_builds_are_swept_away(tmp_path, copied):
    old, young = tmp_path / ".place-old", tmp_path / ".place-young"
    for left in (old, young):
        left.mkdir()
        (left / "data_batch_1").write_bytes(b"half")
    long_ago = time.time() - 2 * store.STALE
    os.utime(old, (long_ago, long_ago))
    standin.ensure(tmp_path / "place", str)
    assert not old.exists()
    assert young.exists()


def start(place, source=None):
    """Another process that ensures the stand-in at `place`; where `source` is given its builds are slow copies."""
    lines = ["import shutil, time", "from cs231n.data.standin import store"]
    if source:
        copy = f"for name in store.MD5: shutil.copyfile(Path({str(source)!r}) / name, folder / name)"
        lines += ["from pathlib import Path", "def build(folder):", f"    {copy}", "    time.sleep(0.5)"]
        lines += ["store.build = build"]
    lines += [f"store.ensure({str(place)!r}, str)"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return subprocess.Popen([sys.executable, "-c", "\n".join(lines)], env=environment)


def test_what_another_process_moves_away_at_that_moment_is_not_in_the_way(tmp_path, copied, monkeypatch):
    place, rename, met = tmp_path / "place", Path.rename, []

    def meets_another(self, target):
        if not met:
            met.append(target)
            raise OSError(errno.ENOTEMPTY, "Directory not empty")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", meets_another)
    assert standin.ensure(place, str) == place and met == [place]
    assert list(tmp_path.iterdir()) == [place]
    store._refuse_strangers(tmp_path / "moved")
    (tmp_path / "file").write_text("")
    with pytest.raises(FileExistsError, match="found a file"):
        store._refuse_strangers(tmp_path / "file")


@pytest.mark.parametrize("damaged", [False, True])
def test_two_at_once_both_end_with_a_genuine_folder(tmp_path, genuine, damaged):
    place = tmp_path / "place"
    if damaged:
        place.mkdir()
        (place / "test_batch").write_bytes(b"damaged")
    running = [start(place, genuine) for _ in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0, 0, 0]
    assert standin.is_genuine(place)
    assert list(tmp_path.iterdir()) == [place]


def test_a_killed_build_is_never_taken_for_a_whole_one(tmp_path, genuine):
    moments = random.Random(0)
    for i in range(4):
        place = tmp_path / str(i) / "place"
        process = start(place, genuine)
        time.sleep(moments.uniform(0.1, 1.2))
        process.kill()
        process.wait(timeout=60)
        assert standin.is_genuine(place) or not place.exists()
