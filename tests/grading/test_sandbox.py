"""A sandbox is taken only if a hostile process cannot get out of it."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from grading import child
from grading import sandbox as sandboxes
from grading.sandbox import SandboxError, base, bwrap, choose, probe, seccomp
from grading.sandbox.bwrap import Bubblewrap
from grading.sandbox.none import Unprotected


def test_bubblewrap_holds(sandbox):
    assert sandbox.name == "bwrap" and set(sandbox.probe.values()) == {probe.HOLDS}
    assert {"read", "write", "network", "processes", "signals", "memory"} <= set(sandbox.probe)


def test_packages_may_be_in_the_folder_for_temporary_files(sandbox, monkeypatch):
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        links = [Path(folder, str(number)) for number, _ in enumerate(base.packages())]
        for link, package in zip(links, base.packages(), strict=True):
            link.symlink_to(package)
        monkeypatch.setattr(base, "packages", lambda: list(map(str, links)))
        assert set(probe.probed(Bubblewrap()).values()) == {probe.HOLDS}


def test_no_sandbox_is_found_out():
    with pytest.raises(
        SandboxError,
        match=r"none is not safe, since it did not refuse these attempts: read, network, signals, write, start",
    ):
        probe.probed(Unprotected())


class Leaky(Bubblewrap):
    """bwrap with one word of its command exchanged."""

    def __init__(self, word, *instead):
        super().__init__()
        self.word, self.instead = word, instead

    def _popen(self, command, control, **more):
        changed = [one for word in command for one in (self.instead if word == self.word else [word])]
        return super()._popen(changed, control, **more)


def test_a_shared_network_and_missing_filter_are_found_out(sandbox, monkeypatch):
    allow = seccomp._step(seccomp.RETURN, seccomp.ALLOW)
    monkeypatch.setattr(seccomp, "program", lambda new_processes: allow)
    with pytest.raises(SandboxError, match="network"):
        probe.probed(Leaky("--unshare-net"))


def test_the_filter_alone_keeps_the_network_away(sandbox):
    assert probe.probed(Leaky("--unshare-net"))["network"] == probe.HOLDS


def test_a_mounted_root_is_found_out(sandbox, monkeypatch):
    monkeypatch.setattr(bwrap, "system", lambda: ["/"])
    with pytest.raises(SandboxError):
        probe.probed(Bubblewrap())


def test_without_any_the_reasons_are_told(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *given, **more: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SandboxError, match=r"apt install bubblewrap.*only root.*WSL2"):
        choose()


def test_none_has_to_be_asked_for():
    assert choose("none").name == "none"
    with pytest.raises(SandboxError, match="no sandbox 'docker', only bwrap, uid, none"):
        choose("docker")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_holds(sandbox):
    try:
        found = choose("uid")
    except SandboxError as error:
        assert "other users cannot run" in str(error)
    else:
        assert all(found.probe[what] == probe.HOLDS for what in probe.NEEDED)


def test_an_unknown_processor_has_no_filter(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "z80")
    assert issubclass(seccomp.UnknownMachineError, SandboxError)  # so `choose` gives it as the reason
    with pytest.raises(seccomp.UnknownMachineError, match="z80"):
        seccomp.program(new_processes=False)


def test_every_backend_can_be_named():
    assert set(sandboxes.KINDS) == {"bwrap", "uid", "none"}


def test_scratch_is_emptied_around_what_is_mounted_in_it(tmp_path):
    mounted = tmp_path / "clone/.venv/lib"
    for name in ("clone/.venv/lib/numpy.py", "clone/.venv/note", "clone/note", "left/a/b", "note"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "link").symlink_to(mounted)
    child._empty(str(tmp_path), [str(mounted), "/kit"])
    assert [path for path in sorted(tmp_path.rglob("*")) if path.is_file()] == [mounted / "numpy.py"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clone"]
