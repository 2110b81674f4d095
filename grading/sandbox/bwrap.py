"""The preferred sandbox: bubblewrap, with separate namespaces for files, processes and network.

Apart from /proc, /dev and an empty /tmp, only these are mounted, and they are read-only: Python, its packages, system
files and folders such as /usr/lib, the modules of the child (grading/child.py), and the kit with the submission. If the
grader runs as root, the child becomes a user that owns no files; otherwise, the child is in a user namespace, in which
it cannot create another one.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from grading.sandbox import base, seccomp
from grading.sandbox.base import Sandbox, SandboxError

SCRATCH = 32 << 20  # bytes of /tmp
ALIASES = ("bin", "sbin", "lib", "lib32", "lib64")
LIBRARIES = ("/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/local/lib", "/etc/ld.so.cache")


class Bubblewrap(Sandbox):
    """A sandbox made by the program bwrap."""

    def __init__(self) -> None:
        super().__init__("bwrap")
        found = shutil.which("bwrap")
        if not found:
            raise SandboxError("bwrap: bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap)")
        if Path(found).stat().st_mode & 0o4000:
            raise SandboxError("bwrap: it is setuid root, which is not safe; install a newer bubblewrap")
        self.program = found

    def start(self, kit: Path, engine: Path, control: int) -> tuple[subprocess.Popen, IO[bytes]]:
        """Start the child, which finds the kit in /kit, and its own modules, from `engine`, in /engine."""
        if base.is_root():  # since the child becomes another user
            kit.chmod(0o755)
        mounts = [("/kit", str(kit)), ("/engine", str(engine)), *((path, path) for path in system())]
        options = [*_namespaces(), "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
        if base.is_root():
            options += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        options += [word for alias in ALIASES for word in _alias(alias)]
        options += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--size", str(SCRATCH), "--tmpfs", "/tmp"]
        above = {str(folder) for inside, _ in mounts for folder in Path(inside).parents} - {"/", "/tmp"}
        options += [word for folder in sorted(above) for word in ("--perms", "0755", "--dir", folder)]
        options += [word for inside, outside in mounts for word in ("--ro-bind", outside, inside)]
        options += ["--remount-ro", "/dev", "--chdir", "/tmp"]
        with tempfile.TemporaryFile() as filter_file:
            filter_file.write(seccomp.program(new_processes=True))
            filter_file.seek(0)
            options += ["--seccomp", str(filter_file.fileno()), "--remount-ro", "/", "--"]
            told = base.command(
                "/kit",
                "/engine",
                scratch="/tmp",
                mounted=[inside for inside, _ in mounts],
                calls=seccomp.program(new_processes=False).hex(),
                user=base.new_user() if base.is_root() else 0,
            )
            return self._popen([self.program, *options, *told], control, pass_fds=[filter_file.fileno()])


def _namespaces() -> list[str]:
    each = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    return each if base.is_root() else [*each, "--unshare-user", "--disable-userns"]


def _alias(name: str) -> list[str]:
    """Return the options that make /lib, for example, what it is here: a link, a folder, or nothing."""
    path = Path("/", name)
    if path.is_symlink():
        return ["--symlink", str(path.readlink()), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.is_dir() else []


def system() -> list[str]:
    """Return the paths that Python needs from this machine: its own files, packages, and shared libraries."""
    own = [sys.base_prefix] if Path(sys.base_prefix) != Path("/usr") else []
    interpreter = [] if own else [base.python()]
    return [path for path in (*LIBRARIES, *interpreter, *own, *base.packages()) if Path(path).exists()]
