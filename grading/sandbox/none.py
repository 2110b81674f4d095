"""No sandbox: a separate process with limits, for the masters, and for students' code if an instructor asks for it."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import IO

from cs231n.tutor import processes
from grading.sandbox import base
from grading.sandbox.base import Sandbox


class Unprotected(Sandbox):
    """The child (grading/child.py) runs as the grader's user: it can read and write whatever that user can."""

    def __init__(self) -> None:
        super().__init__("none", {"read": "not tried, since there is no sandbox"})

    def start(self, kit: Path, engine: Path, control: int) -> tuple[subprocess.Popen, IO[bytes]]:
        """Start the child."""
        limits = {name: value for name, value in base.LIMITS.items() if name != "NPROC"}
        told = base.command(str(kit), str(engine), alone=False, limits=limits)
        return self._popen(told, control, cwd="/", start_new_session=True)

    def clean(self, process: subprocess.Popen) -> None:
        """Kill the processes that the child has started, if they can still be found."""
        processes.end(process.pid)
