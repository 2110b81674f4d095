"""The sandbox for containers that forbid namespaces: another user, Landlock, a filter for system calls, limits.

This sandbox needs root; in such containers, programs usually run as root. Every child becomes a user of its own: it can
neither signal the processes of other users nor read their memory, and the processes that it starts are recognised by
their user. With Landlock, the processes with student code can write no file except /dev/null, and read only the files
and the parts of /proc that they need; without Landlock, files are protected only by their permissions.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from grading.sandbox import base, bwrap, seccomp
from grading.sandbox.base import Sandbox, SandboxError

OF_THE_KERNEL = ("/proc/self", "/proc/stat", "/proc/meminfo", "/proc/cpuinfo", "/dev/urandom")
WRITABLE = ("/dev/null",)
PATIENCE = 5.0  # seconds to wait until killed processes are gone


class OtherUser(Sandbox):
    """A sandbox with a separate user for each child."""

    def __init__(self) -> None:
        super().__init__("uid")
        if not base.is_root():
            raise SandboxError("uid: only root can run a process as another user")
        self.python = _python()
        self._users: dict[int, int] = {}  # {process id of a child: its user}

    def start(self, kit: Path, engine: Path, control: int) -> tuple[subprocess.Popen, IO[bytes]]:
        """Start the child (grading/child.py), which becomes another user before it loads the kit."""
        user = base.new_user()
        os.chown(kit, user, user)  # so that no other child can enter it
        read = [*bwrap.LIBRARIES, "/lib", "/lib64", str(kit), str(engine), *base.packages(), *OF_THE_KERNEL]
        _, *told = base.command(
            str(kit),
            str(engine),
            filter=seccomp.program(new_processes=True).hex(),
            calls=seccomp.program(new_processes=False).hex(),
            landlock={"read": [*read, sys.base_prefix, self.python], "write": list(WRITABLE)},
            user=user,
            config=str(kit),  # matplotlib only looks at the permissions, according to which it is writable
        )
        process, complaint = self._popen([self.python, *told], control, cwd="/", start_new_session=True)
        self._users[process.pid] = user
        return process, complaint

    def clean(self, process: subprocess.Popen) -> None:
        """Kill every process of the child's user."""
        user, deadline = self._users.pop(process.pid, 0), time.monotonic() + PATIENCE
        while user and time.monotonic() < deadline:
            left = [one for one in psutil.process_iter() if _is_of(one, user)]
            for one in left:
                with suppress(psutil.Error):
                    one.kill()
            if not left:
                return
            time.sleep(0.01)


def _is_of(process: psutil.Process, user: int) -> bool:
    with suppress(psutil.Error):
        return user in process.uids() and process.status() != psutil.STATUS_ZOMBIE
    return False


def _python() -> str:
    """Return the path of a Python of this version in folders that every user can enter. Raises SandboxError."""
    same = shutil.which(f"python{sys.version_info[0]}.{sys.version_info[1]}", path="/usr/bin:/usr/local/bin")
    for candidate in filter(None, (base.python(), same)):
        if all(folder.stat().st_mode & 0o001 for folder in Path(candidate).resolve().parents):
            return candidate
    raise SandboxError(f"uid: other users cannot run {base.python()}, since they may not enter a folder above it")
