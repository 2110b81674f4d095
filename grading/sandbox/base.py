"""What all sandboxes have in common: the command, the environment and the limits of the process in them.

The process in a sandbox is called the child; it runs grading/child.py.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from cs231n.tutor import surroundings

LIMITS = {
    "AS": 6 << 30,  # bytes of address space of one process; remote.py limits the memory of all processes together
    "CORE": 0,
    "CPU": 300,  # seconds of processor time of one process
    "FSIZE": 32 << 20,  # bytes of one file
    "MEMLOCK": 1 << 20,
    "NOFILE": 256,
    "NPROC": 256,  # processes and threads
}
FIRST_USER = 1 << 30
_starts = itertools.count()
THREADS = ("OPENBLAS", "OMP", "MKL", "BLIS", "NUMEXPR", "VECLIB")


class SandboxError(RuntimeError):
    """A sandbox cannot be used; the message says why."""


@dataclass
class Sandbox:
    """An environment in which a child runs. Every kind except "none" should keep it from reaching anything outside.

    `probe` is {attempt to get out: its result}; it is empty until the sandbox has been tested.
    """

    name: str = ""
    probe: dict[str, str] = field(default_factory=dict)

    def start(self, kit: Path, engine: Path, control: int) -> tuple[subprocess.Popen, IO[bytes]]:
        """Start the child, with the descriptor `control` as its standard input.

        `kit` is the folder with the kit and the student's files; `engine` is the folder with the child's own modules.
        Return the process that was started, and the file to which it writes why the child cannot start.
        """
        raise NotImplementedError

    def clean(self, process: subprocess.Popen) -> None:
        """Kill the processes that a killed child has left behind; do nothing where they end with the child."""

    @staticmethod
    def _popen(command: list[str], control: int, **more: Any) -> tuple[subprocess.Popen, IO[bytes]]:
        complaint = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
        process = subprocess.Popen(
            command,
            stdin=control,
            stdout=subprocess.DEVNULL,
            stderr=complaint,
            env=environment(),
            close_fds=True,
            **more,
        )
        return process, complaint


def environment() -> dict[str, str]:
    """Return the variables with which a child starts: none is inherited, BLAS has one thread, and hashes are fixed."""
    threads = {f"{library}_NUM_THREADS": "1" for library in THREADS}
    return {
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "MPLBACKEND": "agg",
        "PATH": "/usr/bin:/bin",
        "PYTHONHASHSEED": "0",
        **threads,
    }


def python() -> str:
    """Return the path of the interpreter itself: that of a link to it could show where the grader's files are."""
    return str(Path(getattr(sys, "_base_executable", sys.executable)).resolve())


def packages() -> list[str]:
    """Return the folders that contain installed packages."""
    found = (Path(entry).resolve() for entry in sys.path if Path(entry).name in surroundings.INSTALLED)
    return list(dict.fromkeys(str(path) for path in found if path.is_dir()))


def command(kit: str, engine: str, **told: Any) -> list[str]:
    """Return the command that starts the child, whose argument is a JSON object; `told` sets some of its keys.

    grading/child.py describes the keys.
    """
    default: dict[str, Any] = {
        "limits": LIMITS,
        "filter": "",
        "calls": "",
        "landlock": None,
        "alone": True,
        "user": 0,
        "scratch": "",
        "mounted": [],
        "config": "",
    }
    told = {**default, "paths": [*packages(), engine], "kit": kit, **told}
    return [python(), "-s", "-S", "-B", "-X", "utf8", f"{engine}/grading/child.py", json.dumps(told)]


def new_user() -> int:
    """Return a user id that no account and no other running child should have."""
    return FIRST_USER + (os.getpid() << 8 | next(_starts) & 0xFF)


def is_root() -> bool:
    """Return whether the grader runs as root, which may become any user."""
    return os.geteuid() == 0
