"""CIFAR-10 is found wherever browsers and unpacking programs leave it, or named with what to do."""

import bz2
import gzip
import io
import os
import shutil
import tarfile
import zipfile

import numpy as np
import pytest

from cs231n.data import cifar10, download, places, search, sources
from cs231n.tutor import terminal
from cs231n.tutor.commands.main import main
from tests.data import batches

FOLDER = cifar10.CIFAR10.folder


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("batches")
    dice = np.random.default_rng(5)
    batches.write(folder, dice.integers(0, 256, (12, 32, 32, 3), dtype=np.uint8), np.arange(12) % 10)
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


@pytest.fixture
def home(files, tmp_path, monkeypatch):
    """An empty `datasets` of a kit in which that small data set is CIFAR-10."""
    home = tmp_path / "kit/datasets"
    home.mkdir(parents=True)
    (tmp_path / "pristine").mkdir()
    put(tmp_path / "pristine", files)
    small = cifar10.Archive(0, "", members=batches.md5s(tmp_path / "pristine"), images_per_batch=2)
    monkeypatch.setattr(cifar10, "CIFAR10", small)
    monkeypatch.setattr(places, "datasets_folders", lambda: [home])
    monkeypatch.setattr(places, "datasets_home", lambda: home)
    monkeypatch.setattr(sources.standin, "find", lambda: None)
    monkeypatch.setattr(sources.standin, "ensure", lambda folder: home / "standin")
    monkeypatch.delenv("CS231N_DATA", raising=False)
    return home


def put(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)


def tar(files, folder=FOLDER, entries=True):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        if entries and folder:
            member = tarfile.TarInfo(folder)
            member.type = tarfile.DIRTYPE
            archive.addfile(member)
        for name, content in files.items():
            member = tarfile.TarInfo(f"{folder}/{name}" if folder else name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return out.getvalue()


NAMES = [
    *("cifar-10-python.tar.gz", "cifar-10-python (1).tar.gz", "cifar-10-python.tar.gz.1", "cifar-10-python.tgz"),
    *("CIFAR-10-Python.TAR.GZ", "cifar-10-python.gz", "new/cifar-10-python-1.tar.gz", "a/cifar-10-python.tar.gz"),
]


@pytest.mark.parametrize("name", NAMES)
def test_an_archive_as_downloaded_is_used(home, files, name):
    put((home / name).parent, {(home / name).name: gzip.compress(tar(files))})
    source = sources.find_data()
    assert source.path == home / name and not sources.verify(source)


PACKED = {
    "tar": tar,
    "flat": lambda files: gzip.compress(tar(files, "")),
    "bz2": lambda files: bz2.compress(tar(files, entries=False)),
    "macOS": lambda files: gzip.compress(tar({"._x": b"", **files}, f"./{FOLDER}")),
}
FOLDERS = ["", FOLDER, f"{FOLDER}/{FOLDER}", f"cifar-10-python/{FOLDER}", "renamed", f"data/{FOLDER}"]
FOLDERS.append(f"cifar-10-python.tar/cifar-10-python/{FOLDER}")  # two "Extract to …" of a .tar.gz


@pytest.mark.parametrize("content", PACKED.values(), ids=PACKED)
def test_an_archive_unpacked_or_packed_in_another_way_is_used(home, files, content):
    put(home, {"cifar-10-python.tar": content(files)})
    assert sources.find_data().path == home / "cifar-10-python.tar"
    sources.load(sources.find_data(), np.dtype(np.uint8))


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("said", [False, True])
def test_batches_are_found_where_unpacking_put_them(home, files, monkeypatch, folder, said):
    put(home / folder, files)
    if said:
        monkeypatch.setenv("CS231N_DATA", str(home))
    assert sources.find_data().path == home / folder


def test_what_is_whole_is_taken_before_what_is_not(home, files):
    put(home / FOLDER, {"data_batch_1": files["data_batch_1"]})
    assert sources.find_data().path == home / FOLDER  # and it says what is missing when it is loaded
    put(home, {"cifar-10-python.tar.gz": gzip.compress(tar(files))})
    assert sources.find_data().path == home / "cifar-10-python.tar.gz"
    put(home / FOLDER / FOLDER, files)
    assert sources.find_data().path == home / FOLDER / FOLDER


@pytest.mark.parametrize("name", sorted(search.WRONG))
@pytest.mark.parametrize("packed", [False, True])
def test_another_edition_is_named_with_what_to_do(home, monkeypatch, capsys, name, packed):
    if packed:
        put(home, {f"{name}.tar.gz": gzip.compress(tar({"test.bin": b"x"}, name))})
    else:
        put(home / name, {"test.bin": b"x"})
    place = home / (f"{name}.tar.gz" if packed else name)
    assert sources.find_real_data() is None
    assert f"{place} is {search.WRONG[name]}, which cannot be read" in str(sources.find_data())
    assert main(["data", "verify"]) == 1 and search.WRONG[name] in capsys.readouterr().err
    assert main(["data", "status"]) == 0 and search.WRONG[name] in capsys.readouterr().out
    monkeypatch.setenv("CS231N_DATA", str(place))
    with pytest.raises(sources.DataNotFoundError, match=rf"found [a-zA-Z0-9 -]+\. {place} is {search.WRONG[name]}"):
        sources.find_data()


@pytest.mark.parametrize("name", ["cifar-10-python.zip", "cifar-10-python.tar.gz.crdownload"])
def test_what_cannot_be_read_yet_is_named(home, name):
    with zipfile.ZipFile(home / name, "w") as archive:
        archive.writestr("x", "y")
    assert str(home / name) in str(sources.find_data()) and sources.find_real_data() is None


DAMAGED = {
    "a page": lambda file: file.write_bytes(b"<html>Log in to this network</html>"),
    "empty": lambda file: file.write_bytes(b""),
    "damaged": lambda file: file.write_bytes(b"\x1f\x8b damaged"),
    "another's": lambda file: file.write_bytes(gzip.compress(tar({"a": b"b"}, "x"))),
    "a broken link": lambda file: file.symlink_to("/nowhere"),
    "a pipe": os.mkfifo,
}


@pytest.mark.parametrize("make", DAMAGED.values(), ids=DAMAGED)
def test_an_archive_by_name_that_is_none_is_named_with_what_to_do(home, capsys, make):
    file = home / "cifar-10-python.tar.gz"
    make(file)
    assert sources.find_real_data() is None
    assert f"{file} is damaged, or not an archive of CIFAR-10: delete it" in str(sources.find_data())
    assert main(["data", "status"]) == 0 and f"Unused     {file}" in capsys.readouterr().out


def test_a_large_folder_of_other_images_is_not_searched_to_its_end(home, files):
    put(home / FOLDER / FOLDER, files)
    for number in range(40):
        put(home / "a" / str(number), {f"{image}.jpg": b"" for image in range(100)})
    entries = list(search._entries(home, search.DEPTH))
    assert len(entries) <= search.MOST and sources.find_data().path == home / FOLDER / FOLDER


def test_the_command_that_it_prints_works_in_that_terminal(home, monkeypatch, capsys):
    monkeypatch.setattr(terminal, "command", lambda arguments: f"/a/python -m cs231n {arguments}")
    assert main(["data", "verify"]) == 1
    assert main(["data", "verify", "/nowhere"]) == 1
    assert capsys.readouterr().err.count("/a/python -m cs231n data get") == 2


def test_a_wrong_path_next_to_the_right_one_names_it(home, files, monkeypatch):
    put(home, {"cifar-10-python.tar": tar(files)})
    monkeypatch.setenv("CS231N_DATA", str(home / "cifar-10-python.tar.gz"))
    with pytest.raises(sources.DataNotFoundError, match=r"found nothing\. But there is .*/cifar-10-python\.tar\."):
        sources.find_data()


def test_nothing_else_is_taken_for_it(home):
    put(
        home,
        {"cifar.txt": b"notes on CIFAR", "other.tar": tar({"a": b"b"}, "x")},
    )
    put(home / ".hidden", {"cifar-10-python.tar.gz": gzip.compress(tar({"a": b"b"}))})
    (home / "loop").symlink_to(home)
    assert sources.find_real_data() is None and search.look_round(home, cifar10.CIFAR10).unfit == []


def test_get_takes_what_is_here_and_asks_nobody(home, files):
    put(home, {"cifar-10-python (1).tar.gz": gzip.compress(tar(files))})
    heard = []
    got = download.get(home, archive=cifar10.CIFAR10, mirrors=(), say=heard.append)
    assert got == home / FOLDER and download.fault(got, cifar10.CIFAR10) is None
    assert f"Using the data found here: {home}/cifar-10-python (1).tar.gz" in heard
    shutil.rmtree(got)
    put(home, {"cifar-10-python (1).tar.gz": gzip.compress(tar(files))[:-200]})
    with pytest.raises(download.DownloadError, match="no mirror"):
        download.get(home, archive=cifar10.CIFAR10, mirrors=(), say=heard.append)
    assert any("is damaged" in line for line in heard)


@pytest.mark.parametrize("stranger", ["../evil.sh", "/etc/evil", "evil.sh", "other/evil.sh", "\x1b[31m\nevil.sh"])
def test_verify_says_what_else_an_archive_holds(home, files, capsys, stranger):
    content = tar({**{f"{FOLDER}/{name}": content for name, content in files.items()}, stranger: b"x"}, "")
    put(home, {"cifar-10-python.tar.gz": gzip.compress(content)})
    assert main(["data", "verify"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 2 and "files that are not part of CIFAR-10" in told[1] and "evil" in told[1]
