"""Loading: the right data set is found, verified and said; the arrays are right, one's own, and little more."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from cs231n.data import cache, cifar10, places, sources, standin
from cs231n.data_utils import ChecksumError, DataNotFoundError, find_data, get_CIFAR10_data, load_CIFAR10
from tests.data.batches import md5s, write

PER_BATCH = 510  # no multiple of a block of 100
TRAIN = 5 * PER_BATCH
META = "batches.meta"
YEAR_2009 = 1.2e9  # when nothing is changing any more
GET_LINE = "Get the real data: python -m cs231n data get"


@pytest.fixture(scope="module")
def truth():
    """Images (4200, 32, 32, 3) uint8, training ones first, and labels of a small data set of noise."""
    dice = np.random.default_rng(3)
    images = dice.integers(0, 256, (6 * PER_BATCH, 32, 32, 3), dtype=np.uint8)
    return images, dice.integers(0, 10, 6 * PER_BATCH)


@pytest.fixture(scope="module")
def pristine(truth, tmp_path_factory):
    """A folder of batches of it."""
    folder = tmp_path_factory.mktemp("pristine")
    write(folder, *truth)
    return folder


@pytest.fixture(autouse=True)
def kit(pristine, tmp_path, monkeypatch):
    """A kit in which that small data set is CIFAR-10, and a smaller one the stand-in; gives its `datasets`."""
    home = tmp_path / "kit" / "datasets"
    home.mkdir(parents=True)
    small = cifar10.Archive(0, "", members=md5s(pristine), images_per_batch=PER_BATCH)
    monkeypatch.setattr(cifar10, "CIFAR10", small)
    monkeypatch.setattr(places, "datasets_folders", lambda: [home])
    monkeypatch.setattr(places, "datasets_home", lambda: home)
    monkeypatch.delenv("CS231N_DATA", raising=False)
    return home


@pytest.fixture(scope="module")
def undrawn(tmp_path_factory):
    """A folder of as many images and labels as the stand-in has, as .npy files, and their sha256."""
    folder, sums = tmp_path_factory.mktemp("standin"), {}
    for split, count in zip(("train", "test"), (10_000, 2_000), strict=True):
        arrays = {"images": np.zeros((count, 32, 32, 3), np.uint8), "labels": np.arange(count) % 10}
        for kind, array in arrays.items():
            np.save(folder / f"standin-{split}-{kind}.npy", array)
            sums[f"standin-{split}-{kind}"] = standin.store.digest(array)
    return folder, sums


@pytest.fixture
def drawn(undrawn, monkeypatch):
    """That folder as the stand-in."""
    folder, sums = undrawn
    monkeypatch.setattr(standin.store, "SHA256", sums)
    monkeypatch.setattr(places, "standin_places", lambda: [folder])
    return folder


@pytest.fixture
def folder(pristine, kit):
    """The small data set where the kit looks for it, unchanged for long."""
    place = kit / cifar10.CIFAR10.folder
    shutil.copytree(pristine, place)
    for file in place.iterdir():
        os.utime(file, (YEAR_2009, YEAR_2009))
    return place


@pytest.fixture(scope="module")
def packed(pristine, tmp_path_factory):
    return pack(pristine, tmp_path_factory.mktemp("packed") / "cifar.tar.gz")


@pytest.fixture
def archive(packed, tmp_path):
    return Path(shutil.copy(packed, tmp_path))


def pack(folder, file):
    """Pack in an order of its own, as the published archive is."""
    with tarfile.open(file, "w:gz", compresslevel=1) as tar:
        tar.add(folder, "cifar-10-batches-py", recursive=False)
        for batch in sorted(folder.iterdir(), reverse=True):
            tar.add(batch, f"cifar-10-batches-py/{batch.name}")
    return file


@pytest.fixture
def settled(monkeypatch):
    """Let nothing count as changed just now, since a test cannot set ctime."""
    monkeypatch.setattr(cache, "SETTLED_SECONDS", 0)


def assert_is(loaded, truth, dtype):
    images, labels = truth
    X_train, y_train, X_test, y_test = loaded
    np.testing.assert_array_equal(X_train, images[:TRAIN])
    np.testing.assert_array_equal(X_test, images[TRAIN:])
    np.testing.assert_array_equal(y_train, labels[:TRAIN])
    np.testing.assert_array_equal(y_test, labels[TRAIN:])
    assert X_train.dtype == X_test.dtype == dtype
    assert y_train.dtype == y_test.dtype == np.int64


# --- what is loaded --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float16, np.float32, np.float64])
def test_folder_and_archive_load_alike(folder, archive, truth, dtype):
    for root in (folder, folder.parent, str(folder), archive):
        assert_is(load_CIFAR10(root, dtype), truth, dtype)


def test_float64_is_the_default_as_in_the_official_code(folder):
    assert load_CIFAR10()[0].dtype == load_CIFAR10(folder)[0].dtype == np.float64


@pytest.mark.parametrize("dtype", [np.int32, bool, np.complex64, "U3"])
def test_other_types_are_refused(folder, dtype):
    with pytest.raises(ValueError, match="uint8 or a float"):
        load_CIFAR10(dtype=dtype)


@pytest.mark.parametrize("times", [1, 2])
def test_the_arrays_are_ones_own(folder, truth, settled, times):
    for _ in range(times):
        loaded = load_CIFAR10(dtype=np.uint8)
    for array in loaded:
        assert array.flags.writeable and array.flags.c_contiguous
        array[:] = 0
    assert_is(load_CIFAR10(dtype=np.uint8), truth, np.uint8)


# --- where it is found -----------------------------------------------------------------------------------


def test_the_argument_comes_first_then_the_variable_then_datasets(folder, archive, drawn, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere" / "cifar-10-batches-py"
    shutil.copytree(folder, elsewhere)
    assert find_data().path == folder
    monkeypatch.setenv("CS231N_DATA", str(archive))
    assert find_data().path == archive
    assert find_data(elsewhere.parent).path == elsewhere
    monkeypatch.setenv("CS231N_DATA", "standin")
    assert find_data().is_standin
    monkeypatch.setenv("CS231N_DATA", "")
    assert find_data().path == folder


def test_the_standin_comes_last(drawn):
    source = find_data()
    assert source.is_standin and source.path == drawn


@pytest.mark.parametrize("content", ["nothing", "a folder"])
@pytest.mark.parametrize("said", ["argument", "variable"])
def test_a_place_that_has_no_data_is_an_error_and_never_the_standin(
    folder, drawn, tmp_path, monkeypatch, said, content
):
    place = tmp_path / "typo"
    if content == "a folder":
        place.mkdir()
    if said == "variable":
        monkeypatch.setenv("CS231N_DATA", str(place))
    with pytest.raises(DataNotFoundError, match=r"typo.*found.*data get"):
        load_CIFAR10(place if said == "argument" else None)


def test_a_folder_of_the_standin_is_known_as_that(drawn):
    assert find_data(drawn).is_standin


@pytest.mark.parametrize("place", ["kit", "solved copy", "working directory"])
def test_datasets_is_found_around_the_package_and_the_working_directory(tmp_path, place):
    """In a process of its own, from a copy of the package: nothing here is patched."""
    kit = tmp_path / "somewhere" / "kit"
    home = {"kit": kit, "solved copy": kit / "build" / "solved", "working directory": tmp_path / "apart"}[place]
    package = Path(cifar10.__file__).parents[1]
    shutil.copytree(package, home / "cs231n")
    (kit / "datasets" / "cifar-10-batches-py").mkdir(parents=True)
    if place == "solved copy":
        (home / "datasets").mkdir()
        shutil.copytree(package, kit / "cs231n")
    below = kit / "assignments" / "assignment1"
    below.mkdir(parents=True)
    run = "from cs231n.data import places, sources; print(sources.find_real_data().path, places.datasets_home())"
    done = subprocess.run(
        [sys.executable, "-c", run],
        cwd=below if place == "working directory" else tmp_path,
        env={**os.environ, "PYTHONPATH": str(home), "CS231N_DATA": ""},
        capture_output=True,
        text=True,
    )
    datasets = kit / "datasets"
    home = below / "datasets" if place == "working directory" else datasets  # where data would be put
    assert done.stdout.split() == [str(datasets / "cifar-10-batches-py"), str(home)], done.stderr


# --- what is said ----------------------------------------------------------------------------------------


def test_real_data_is_named_with_its_place(folder, capsys):
    load_CIFAR10()
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert said.startswith("Data: CIFAR-10 (2,550 training, 510 test images)")
    assert str(folder) in said and "checksums verified" in said


def test_the_standin_is_named_the_same_everywhere(drawn, capsys):
    load_CIFAR10()
    sizes = "10,000 training, 2,000 test images; drawn, not CIFAR-10"
    assert capsys.readouterr().out == f"Data: the built-in stand-in ({sizes})\n{GET_LINE}\n"


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH, META])
@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_a_changed_byte_is_an_error_that_names_the_file_and_what_to_do(folder, tmp_path, name, kind):
    expected = cifar10.CIFAR10.members[name]
    change_a_byte(folder / name)
    found = hashlib.md5((folder / name).read_bytes()).hexdigest()
    root = folder if kind == "folder" else pack(folder, tmp_path / "changed.tar.gz")
    with pytest.raises(ChecksumError, match=f"{name}.*{expected}.*{found}.*data get"):
        load_CIFAR10(root)


@pytest.mark.parametrize("kind", ["folder", "archive"])
def test_a_missing_file_is_an_error_that_names_it(folder, tmp_path, kind):
    (folder / "data_batch_3").unlink()
    root = folder if kind == "folder" else pack(folder, tmp_path / "lacking.tar.gz")
    with pytest.raises(DataNotFoundError, match=r"there is no data_batch_3\."):
        load_CIFAR10(root)


def test_an_empty_folder_in_datasets_is_an_error_and_not_the_standin(kit, drawn):
    (kit / cifar10.CIFAR10.folder).mkdir()
    with pytest.raises(DataNotFoundError, match=r"there is no batches\.meta or data_batch_1 or "):
        load_CIFAR10()


@pytest.mark.parametrize("content", ["half", "text", "empty"])
def test_an_archive_that_is_none_is_an_error(archive, content):
    raw = archive.read_bytes()
    archive.write_bytes({"half": raw[: len(raw) // 2], "text": b"<html>", "empty": b""}[content])
    with pytest.raises(ChecksumError, match="not a complete"):
        load_CIFAR10(archive)


def test_a_giant_in_an_archive_is_passed_over_unread(archive, monkeypatch):
    monkeypatch.setattr(cifar10, "MAX_FILE_BYTES", 1000)
    with pytest.raises(DataNotFoundError, match=r"there is no .*data_batch_1"):
        load_CIFAR10(archive)


@pytest.mark.parametrize("content", [b"", b"cos\nsystem\n(S'touch trace'\ntR.", bytes(10**5), "fewer", "label 10"])
def test_what_is_no_batch_is_an_error_even_with_the_expected_md5(folder, monkeypatch, tmp_path, content):
    monkeypatch.chdir(tmp_path)
    whole = (folder / "test_batch").read_bytes()
    content = {"fewer": whole[: -(10**5)], "label 10": whole.replace(b"K\x09", b"K\x0a")}.get(content, content)
    (folder / "test_batch").write_bytes(content)
    other = cifar10.Archive(0, "", members=md5s(folder), images_per_batch=PER_BATCH)
    monkeypatch.setattr(cifar10, "CIFAR10", other)
    with pytest.raises(cifar10.BatchError, match=r"test_batch in .* does not have the layout"):
        load_CIFAR10()
    assert not (tmp_path / "trace").exists()


def change_a_byte(file: Path) -> None:
    """Change the last byte that is no opcode, keeping size and time."""
    before = file.stat()
    raw = bytearray(file.read_bytes())
    raw[-10] ^= 1
    file.write_bytes(raw)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


# --- what is kept ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_what_was_decoded_is_used_again(folder, truth, settled, monkeypatch, dtype):
    load_CIFAR10(dtype=np.float64)
    monkeypatch.setattr(sources, "_read", None)  # would fail
    assert_is(load_CIFAR10(dtype=dtype), truth, dtype)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no time of change that a program cannot set")
def test_it_never_hides_a_changed_byte_even_at_the_same_time_and_size(folder, settled):
    load_CIFAR10()
    change_a_byte(folder / "data_batch_2")
    with pytest.raises(ChecksumError, match="data_batch_2"):
        load_CIFAR10()


def test_it_never_hides_a_missing_file(folder, settled):
    load_CIFAR10()
    (folder / "test_batch").unlink()
    with pytest.raises(DataNotFoundError):
        load_CIFAR10()


def test_files_that_may_still_be_changing_are_hashed_again(folder, kit):
    load_CIFAR10()
    assert not cache.folder().exists()


@pytest.mark.parametrize(
    "damage", ["cut", "changed image", "changed label", "longer", "empty", "swapped words", "swapped blocks", "zeros"]
)
def test_a_damaged_cache_is_not_believed(folder, truth, settled, damage):
    load_CIFAR10()
    (file,) = cache.folder().iterdir()
    raw = bytearray(file.read_bytes())
    block = len(raw) // (6 * PER_BATCH // 10)
    if damage == "changed image":
        raw[123_456] ^= 1
        raw[123_457] ^= 1
    elif damage == "changed label":
        raw[block - 5] ^= 1
    elif damage == "swapped words":
        raw[800:808], raw[808:816] = raw[808:816], raw[800:808]
    elif damage == "swapped blocks":
        raw[:block], raw[block : 2 * block] = raw[block : 2 * block], raw[:block]
    elif damage == "zeros":
        raw = bytearray(len(raw))
    file.write_bytes({"cut": raw[:-1], "longer": raw + b"12345678", "empty": b""}.get(damage, raw))
    for _ in range(2):
        assert_is(load_CIFAR10(dtype=np.uint8), truth, np.uint8)
    assert [kept.stat().st_size for kept in cache.folder().iterdir()] == [6 * PER_BATCH // 10 * block]


def test_without_room_for_it_loading_works_all_the_same(folder, truth, settled, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert_is(load_CIFAR10(dtype=np.uint8), truth, np.uint8)


# --- memory ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("kind", ["folder", "archive", "decoded"])
def test_a_load_takes_at_most_1_3_times_what_it_returns(folder, archive, settled, kind, dtype):
    root = archive if kind == "archive" else folder
    if kind == "decoded":
        load_CIFAR10(root)
    assert peak_ratio(lambda: load_CIFAR10(root, dtype)) <= 1.3


def test_splitting_makes_no_second_copy_of_floats(folder, settled):
    ratio = peak_ratio(lambda: get_CIFAR10_data(2000, 550, 510).values())
    assert ratio <= 1.6


def peak_ratio(load) -> float:
    tracemalloc.start()
    try:
        size = sum(array.nbytes for array in load())
        return tracemalloc.get_traced_memory()[1] / size
    finally:
        tracemalloc.stop()


# --- get_CIFAR10_data ------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_split_is_centred_and_channels_first(folder, truth, dtype):
    data = get_CIFAR10_data(2000, 300, 100, dtype=dtype)
    images, labels = truth[0].transpose(0, 3, 1, 2).astype(np.float64), truth[1]
    mean = images[:2000].mean(axis=0)
    parts = {"train": slice(0, 2000), "val": slice(2000, 2300), "test": slice(TRAIN, TRAIN + 100)}
    assert set(data) == {f"{array}_{part}" for array in "Xy" for part in parts}
    for part, where in parts.items():
        X, y = data[f"X_{part}"], data[f"y_{part}"]
        np.testing.assert_allclose(X, images[where] - mean, rtol=0, atol=255 * np.finfo(dtype).eps)
        np.testing.assert_array_equal(y, labels[where])
        assert X.dtype == dtype and y.dtype == np.int64
        assert X.flags.c_contiguous and X.flags.writeable and X.base is None and y.base is None


def test_the_mean_can_stay(folder, truth):
    data = get_CIFAR10_data(10, 10, 10, subtract_mean=False, dtype=np.uint8)
    np.testing.assert_array_equal(data["X_train"], truth[0][:10].transpose(0, 3, 1, 2))


def test_differences_need_floats(folder):
    with pytest.raises(ValueError, match="float dtype"):
        get_CIFAR10_data(10, 10, 10, dtype=np.uint8)


@pytest.mark.parametrize("sizes", [(TRAIN, 1, 1), (1, 1, PER_BATCH + 1), (-1, 1, 1), (0, TRAIN + 1, 0)])
def test_cifar10_does_not_have_more_than_it_has(folder, sizes):
    with pytest.raises(ValueError, match="at most 2,550"):
        get_CIFAR10_data(*sizes)


def test_of_the_standin_what_is_there_is_taken_and_that_is_said(drawn, capsys):
    data = get_CIFAR10_data()
    assert [len(data[key]) for key in ("X_train", "X_val", "X_test")] == [9000, 1000, 1000]
    assert "9,000 training" in capsys.readouterr().out


def test_verify_finds_what_a_load_would_not_look_at(folder, settled):
    load_CIFAR10()
    source = find_data()
    sources.verify(source)
    change_a_byte(folder / META)
    with pytest.raises(ChecksumError):
        sources.verify(source)


@pytest.mark.real_data
def test_cifar10_itself_is_what_it_is_known_to_be(monkeypatch, kit):
    monkeypatch.undo()
    assert not find_data().is_standin
    X_train, y_train, X_test, y_test = load_CIFAR10(dtype=np.uint8)
    assert X_train.shape == (50_000, 32, 32, 3) and X_test.shape == (10_000, 32, 32, 3)
    assert np.bincount(y_train).tolist() == [5000] * 10 and np.bincount(y_test).tolist() == [1000] * 10
    np.testing.assert_allclose(X_train.mean(axis=(0, 1, 2)) / 255, [0.4914, 0.4822, 0.4465], atol=5e-5)
