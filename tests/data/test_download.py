"""Whatever mirrors, disks and users do: the data is whole and verified, or not there and the part is kept."""

import contextlib
import errno
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import numpy as np
import pytest

from cs231n.data import cifar10, download
from cs231n.data.download import DownloadError, Limits, get
from tests.data import batches
from tests.data.http_faults import Mirror, serving

QUICK = Limits(floor=0, window=0.3, timeout=1.0)
FOLDER = cifar10.CIFAR10.folder


def pack(files: dict[str, bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    """A .tar.gz of these members."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size, member.type = len(content), kind
            if kind != tarfile.REGTYPE:
                member.size, member.linkname = 0, "/etc/hostname"
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Small batches of noise, which does not compress, by file name."""
    folder = tmp_path_factory.mktemp("batches")
    dice = np.random.default_rng(0)
    batches.write(folder, dice.integers(0, 256, (120, 32, 32, 3), dtype=np.uint8), np.arange(120) % 10)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def body(files):
    return pack({f"{FOLDER}/{name}": content for name, content in files.items()})


@pytest.fixture(scope="module")
def archive(files, body):
    return cifar10.Archive(
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        members={name: hashlib.md5(content).hexdigest() for name, content in files.items()},
        images_per_batch=20,
    )


@pytest.fixture
def heard():
    """The lines that were said."""
    return []


@pytest.fixture
def fetched(tmp_path, archive, heard):
    """Run `get` into an empty folder against mirrors, and check the end state."""

    def run(*mirrors: Mirror, limits=QUICK, source=None):
        with serving(*mirrors) as urls:
            source = mirrors[0].url if source == "url" else source
            get(tmp_path / "home", source, archive, urls, limits, heard.append)
        assert_complete(tmp_path / "home", archive)

    return run


@pytest.fixture
def refused(tmp_path, archive, heard):
    """Run `get` where it must fail, and return its one line."""

    def run(*mirrors: Mirror, limits=QUICK, source=None):
        with serving(*mirrors) as urls, pytest.raises(DownloadError) as error:
            get(tmp_path / "home", source, archive, urls, limits, heard.append)
        assert not (tmp_path / "home" / FOLDER).exists()
        assert list((tmp_path / "home").glob(".*.unpacking-*")) == []
        assert "\n" not in str(error.value)
        return str(error.value)

    return run


def assert_complete(home: Path, archive) -> None:
    assert download.fault(home / FOLDER, archive) is None
    assert {file.name for file in (home / FOLDER).iterdir()} == set(archive.members)
    assert {file.name for file in home.iterdir()} <= {FOLDER, f".{FOLDER}.lock"}


# --- good mirrors ----------------------------------------------------------------------------------------


def test_an_honest_mirror_is_asked_once(fetched, body):
    mirror = Mirror(body)
    fetched(mirror)
    assert mirror.requests == [None]


def test_a_redirect_is_followed(fetched, body):
    honest = Mirror(body)
    with serving(honest) as (url,):
        fetched(Mirror(b"", redirect=url))
    assert honest.requests == [None]


def test_genuine_data_is_left_alone_and_no_mirror_is_asked(fetched, body, tmp_path, heard):
    fetched(Mirror(body))
    before = (tmp_path / "home" / FOLDER).stat()
    idle = Mirror(body)
    fetched(idle)
    assert idle.requests == []
    assert "already there" in heard[-1]
    assert (tmp_path / "home" / FOLDER).stat().st_mtime_ns == before.st_mtime_ns


def test_a_part_is_resumed_where_it_ends(fetched, body, tmp_path):
    keep_part(tmp_path, body[:1000])
    mirror = Mirror(body)
    fetched(mirror)
    assert mirror.requests == ["bytes=1000-"]


def test_a_part_that_is_whole_needs_no_mirror(fetched, body, tmp_path):
    keep_part(tmp_path, body)
    idle = Mirror(body)
    fetched(idle)
    assert idle.requests == []


# --- faults ----------------------------------------------------------------------------------------------


def test_what_is_cut_off_is_carried_on_by_the_next_mirror(fetched, body):
    first, second = Mirror(body, cut_after=5000), Mirror(body)
    fetched(first, second)
    assert second.requests == ["bytes=5000-"]


def test_one_mirror_that_always_cuts_off_is_gone_back_to_while_it_adds(fetched, body):
    mirror = Mirror(body, cut_after=len(body) // 4 + 1)
    fetched(mirror)
    assert len(mirror.requests) == 4


def test_a_mirror_that_ignores_range_sends_all_of_it_again(fetched, body, tmp_path):
    keep_part(tmp_path, body[:70_001])
    fetched(Mirror(body, ranges=False))


@pytest.mark.parametrize("page_type", ["text/html", "application/gzip"])
def test_an_error_page_with_status_200_is_noticed(fetched, body, heard, page_type):
    fetched(Mirror(b"", page=b"<html>Not today</html>", page_type=page_type), Mirror(body))
    assert any("sent" in line for line in heard)


def test_a_changed_byte_is_noticed_and_the_next_mirror_starts_afresh(fetched, body):
    changed = bytearray(body)
    changed[len(body) // 2] ^= 1
    honest = Mirror(body)
    fetched(Mirror(bytes(changed)), honest)
    assert honest.requests == [None]


def test_a_damaged_part_is_discarded_once_and_the_only_mirror_asked_again(fetched, body, tmp_path):
    keep_part(tmp_path, bytes(5000))
    mirror = Mirror(body)
    fetched(mirror)
    assert mirror.requests == ["bytes=5000-", None]


def test_mirrors_that_only_lie_are_given_up(refused, body, tmp_path):
    changed = body[:-1] + bytes([body[-1] ^ 1])
    mirrors = Mirror(changed, cut_after=len(body) // 2), Mirror(changed)
    assert "no mirror could complete the download" in refused(*mirrors)
    assert sum(len(mirror.requests) for mirror in mirrors) < 12


@pytest.mark.parametrize(
    "fault", [{"claimed": 10**9}, {"claimed": 1000}, {"status": 404}, {"status": 503}, {"shift": 7}], ids=str
)
def test_a_mirror_that_answers_wrongly_is_passed_over(fetched, body, tmp_path, fault):
    keep_part(tmp_path, body[:3000])
    honest = Mirror(body)
    fetched(Mirror(body, **fault), honest)
    assert honest.requests == ["bytes=3000-"]


def test_a_mirror_below_the_floor_is_left_and_its_part_carried_on(fetched, body, heard):
    slow, quick = Mirror(body, rate=20_000), Mirror(body)
    fetched(slow, quick, limits=Limits(floor=1e6, window=0.3, timeout=1.0))
    assert quick.requests != [None]
    assert any("too slow" in line for line in heard)


def test_a_slow_line_is_no_reason_to_give_up(fetched, body):
    mirrors = Mirror(body, rate=300_000), Mirror(body, rate=300_000)
    fetched(*mirrors, limits=Limits(floor=1e9, window=0.3, timeout=1.0))
    assert all(len(mirror.requests) > 1 for mirror in mirrors)  # each has its turn again


def test_a_short_stall_is_no_reason_to_leave(fetched, body, heard):
    quick = Mirror(body, stall=(200_000, 0.4))
    fetched(quick, limits=Limits(floor=20_000, window=1.0, timeout=1.0))
    assert len(quick.requests) == 1


def test_a_mirror_that_falls_silent_is_left(fetched, body, heard):
    fetched(Mirror(body, stall=(5000, 2.0)), Mirror(body), limits=Limits(0, 0.3, timeout=0.3))
    assert any("no data arrived in time" in line for line in heard)


def test_no_network_is_one_line_and_the_part_is_kept(refused, body, tmp_path, archive):
    part = keep_part(tmp_path, body[:100])
    with serving(Mirror(body)) as urls:
        pass  # a port nobody listens on any more
    with pytest.raises(DownloadError, match="kept in"):
        get(tmp_path / "home", None, archive, urls, QUICK, print)
    assert part.read_bytes() == body[:100]


# --- what is unpacked ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", f"{FOLDER}/../../evil", f"{FOLDER}/evil"])
def test_no_other_file_is_unpacked(fetched, files, tmp_path, name):
    file = tmp_path / "evil.tar.gz"
    file.write_bytes(pack({name: b"x", **{f"{FOLDER}/{n}": content for n, content in files.items()}}))
    fetched(source=str(file))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.tar.gz", "home"]
    assert not Path("/tmp/evil").exists()


@pytest.mark.parametrize("name", ["data_batch_1", f"{FOLDER}/x/data_batch_1", "../data_batch_1"])
def test_a_file_of_that_name_with_something_else_in_it_is_refused(refused, files, tmp_path, name):
    file = tmp_path / "evil.tar.gz"
    file.write_bytes(pack({name: b"x", **{f"{FOLDER}/{n}": content for n, content in files.items()}}))
    assert "data_batch_1 in" in refused(source=str(file))


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE], ids=repr)
def test_no_links_or_devices_are_unpacked(refused, tmp_path, kind):
    file = tmp_path / "evil.tar.gz"
    file.write_bytes(pack({f"{FOLDER}/data_batch_1": b""}, kind))
    assert "data_batch_1" in refused(source=str(file))


def test_no_giant_is_unpacked(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(cifar10, "MAX_FILE_BYTES", 10**4)
    file = tmp_path / "giant.tar.gz"
    file.write_bytes(pack({f"{FOLDER}/data_batch_1": bytes(10**5)}))
    assert "data_batch_1" in refused(source=str(file))


# --- sources of one's own --------------------------------------------------------------------------------


def test_an_archive_compressed_again_is_genuine_if_its_files_are_and_that_is_said(fetched, files, tmp_path, heard):
    file = tmp_path / "again.tar.gz"
    file.write_bytes(pack({f"{FOLDER}/{name}": files[name] for name in sorted(files, reverse=True)}))
    fetched(source=str(file))
    assert any("not the published one" in line for line in heard)


def test_the_published_archive_is_taken_from_a_file_that_stays(fetched, body, tmp_path, heard):
    file = tmp_path / "published.tar.gz"
    file.write_bytes(body)
    fetched(source=str(file))
    assert file.read_bytes() == body
    assert not any("not the published one" in line for line in heard)


def test_an_unpacked_folder_is_copied(fetched, files, tmp_path):
    for folder in (tmp_path / "elsewhere", tmp_path / "above" / FOLDER):
        write_all(folder, files)
        fetched(source=str(folder if folder.name != FOLDER else folder.parent))
        shutil.rmtree(tmp_path / "home")
        assert len(list(folder.iterdir())) == len(files)


def test_another_url_is_fetched_and_resumed(fetched, files):
    other = pack({f"{FOLDER}/{name}": files[name] for name in sorted(files)})
    mirror = Mirror(other, cut_after=len(other) // 2 + 1)
    fetched(mirror, source="url")
    assert len(mirror.requests) == 2


@pytest.mark.parametrize("content", [b"", b"<html>", "truncated", "changed"])
def test_a_file_that_is_not_the_archive_is_refused(refused, files, body, tmp_path, content):
    if content == "truncated":
        content = body[: len(body) // 2]
    elif content == "changed":
        content = pack({f"{FOLDER}/{name}": raw[:-9] + b"123456789" for name, raw in files.items()})
    file = tmp_path / "other.tar.gz"
    file.write_bytes(content)
    refused(source=str(file))
    assert file.read_bytes() == content


def test_an_archive_that_lacks_a_batch_is_refused(refused, files, tmp_path):
    file = tmp_path / "lacking.tar.gz"
    file.write_bytes(pack({f"{FOLDER}/{name}": raw for name, raw in files.items() if name != "test_batch"}))
    assert "there is no test_batch." in refused(source=str(file))


def test_nothing_where_from_points_is_an_error(refused, tmp_path):
    assert "found nothing" in refused(source=str(tmp_path / "nowhere"))


# --- what is there before --------------------------------------------------------------------------------


def test_a_folder_that_is_not_genuine_is_moved_aside_whole(tmp_path, body, archive, heard):
    mine = tmp_path / FOLDER
    write_all(mine, {"data_batch_1": b"mine", "notes.txt": b"also mine"})
    with serving(Mirror(body)) as urls:
        get(tmp_path, None, archive, urls, QUICK, heard.append)
    (kept,) = tmp_path.glob(f"{FOLDER}.not-genuine-*/{FOLDER}")
    assert {file.name: file.read_bytes() for file in kept.iterdir()} == {
        "data_batch_1": b"mine",
        "notes.txt": b"also mine",
    }
    assert download.fault(mine, archive) is None
    assert any(str(kept) in line for line in heard)


def test_it_stays_in_place_when_nothing_better_comes(tmp_path, archive):
    mine = tmp_path / FOLDER
    write_all(mine, {"data_batch_1": b"mine"})
    with serving(Mirror(b"", status=503)) as urls, pytest.raises(DownloadError):
        get(tmp_path, None, archive, urls, QUICK, print)
    assert (mine / "data_batch_1").read_bytes() == b"mine"


# --- this machine ----------------------------------------------------------------------------------------


def test_two_at_once_are_kept_apart(tmp_path, body, archive):
    with (
        download._lock(tmp_path / f".{FOLDER}.lock"),
        serving(Mirror(body)) as urls,
        pytest.raises(DownloadError, match="another process"),
    ):
        get(tmp_path, None, archive, urls, QUICK, print)


def test_too_little_room_is_noticed_before_anything_is_written(refused, body, monkeypatch):
    usage = shutil.disk_usage(".")._replace(free=10**6)
    monkeypatch.setattr(download.shutil, "disk_usage", lambda path: usage)
    assert "full" in refused(Mirror(body))


def test_a_disk_that_fills_up_keeps_a_part_that_can_be_resumed(refused, fetched, body, tmp_path, monkeypatch):
    class Full(io.FileIO):
        def write(self, chunk):
            if self.tell() >= 100:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return super().write(chunk[:100])

    whole = Path.open

    def full(path, mode="r", *args, **kwargs):
        if path.suffix != ".part" or "r" in mode:
            return whole(path, mode, *args, **kwargs)
        return io.BufferedWriter(Full(path, mode))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full)
        assert "full" in refused(Mirror(body))
    again = Mirror(body)
    fetched(again)
    assert again.requests == ["bytes=100-"]


def test_a_disk_that_fills_up_while_unpacking_leaves_the_part(refused, fetched, body, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "full" in refused(Mirror(body))
    idle = Mirror(body)
    fetched(idle)
    assert idle.requests == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_no_permission_is_one_line(tmp_path, archive, monkeypatch):
    home = tmp_path / "closed"
    home.mkdir(mode=0o500)
    if os.geteuid() == 0:  # who may write anywhere

        def refuse(*args, **kwargs):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(home))

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DownloadError, match="no permission"):
        get(home, None, archive, (), QUICK, print)


def test_a_home_that_is_a_file_is_one_line(tmp_path, archive):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError):
        get(tmp_path / "file", None, archive, (), QUICK, print)
    with pytest.raises(DownloadError):
        get(tmp_path / "file" / "below", None, archive, (), QUICK, print)


def test_killed_while_it_downloads_it_is_carried_on_until_it_is_whole(tmp_path, body, archive):
    dice = random.Random(0)
    mirror = Mirror(body, rate=1.5 * len(body))
    with crowded_home(tmp_path) as home, serving(mirror) as urls:
        kills = 0
        while not run_and_kill(home, archive, urls[0], dice.uniform(0, 0.3)):
            kills += 1
            assert_whole_or_not_there(home, archive, body)
        assert_complete_beside(home, archive)
    assert kills >= 3
    assert any(mirror.requests)  # ranges


def test_killed_while_it_checks_unpacks_and_renames_it_is_whole_or_not_there(tmp_path, body, archive):
    dice = random.Random(0)
    with crowded_home(tmp_path) as home:
        outcomes = []
        for _ in range(20):
            download.part_of(home).write_bytes(body)
            outcomes.append(run_and_kill(home, archive, "http://nobody.invalid", dice.uniform(0, 0.06)))
            assert_whole_or_not_there(home, archive, body)
            if (home / FOLDER).exists():
                shutil.rmtree(home / FOLDER)
        download.part_of(home).write_bytes(body)
        assert run_and_kill(home, archive, "http://nobody.invalid", 30)
        assert_complete_beside(home, archive)
    assert not all(outcomes)


@contextlib.contextmanager
def crowded_home(tmp_path):
    """A home where something else is kept, which must come to no harm."""
    home = tmp_path / "home"
    write_all(home, {"other.txt": b"mine"})
    yield home
    assert (home / "other.txt").read_bytes() == b"mine"


RUN = """
import json, sys
from pathlib import Path
from cs231n.data import cifar10, download
archive = cifar10.Archive(**json.loads(sys.argv[2]))
print("ready", flush=True)
download.get(Path(sys.argv[1]), None, archive, (sys.argv[3],), download.Limits(0, 1, 5), lambda line: None)
"""


def run_and_kill(home: Path, archive, url: str, seconds: float) -> bool:
    """Run `get` in a process, kill it so long after its imports; True if it was through by then."""
    facts = json.dumps({**vars(archive), "members": dict(archive.members)})
    command = [sys.executable, "-c", RUN, str(home), facts, url]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        process.kill()
    return process.returncode == 0


def assert_whole_or_not_there(home, archive, body):
    if (home / FOLDER).exists():
        assert download.fault(home / FOLDER, archive) is None
    elif download.part_of(home).exists():
        part = download.part_of(home).read_bytes()
        assert part == body[: len(part)]


def assert_complete_beside(home, archive):
    assert download.fault(home / FOLDER, archive) is None
    assert {file.name for file in home.iterdir()} == {FOLDER, f".{FOLDER}.lock", "other.txt"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_interrupted_it_says_one_line_and_keeps_the_part(tmp_path, body):
    run = (
        "import argparse, signal, sys; from cs231n.tutor.commands import data as data_cli; "
        "from cs231n.data import download; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "  # a background job is born deaf to it
        "download.MIRRORS = (sys.argv.pop(1),); download.get.__defaults__ = "
        "(None, download.cifar10.CIFAR10, download.MIRRORS, download.LIMITS, print); "
        "parser = argparse.ArgumentParser(); data_cli.add_parser(parser.add_subparsers()); "
        "args = parser.parse_args(); sys.exit(args.func(args))"
    )
    slow = Mirror(body, rate=100_000, claimed=cifar10.CIFAR10.size)
    with serving(slow) as urls:
        command = [sys.executable, "-u", "-c", run, urls[0], "data", "get", "--to", str(tmp_path)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        part = download.part_of(tmp_path)
        deadline = time.monotonic() + 20
        while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.strip().startswith("Interrupted") and "Traceback" not in said
    assert part.read_bytes() == body[: part.stat().st_size] != b""


def keep_part(tmp_path, content: bytes) -> Path:
    """Leave a part behind, as an earlier run would."""
    part = download.part_of(tmp_path / "home")
    part.parent.mkdir(exist_ok=True)
    part.write_bytes(content)
    return part


def write_all(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
