"""Test whether a sandbox is safe: a hostile module tries to get out of it before any student's code runs there."""

from __future__ import annotations

import os
import random
import secrets
import socket
import tempfile
from pathlib import Path
from textwrap import dedent

import numpy as np

from grading.remote import BrokenOff, Child, Target
from grading.sandbox.base import Sandbox, SandboxError
from grading.trees import ROOT, workshop

MODULE = "cs231n.optim"
MEMORY = 512 << 20  # bytes that the probe's child may use
HOLDS, OUT = "refused", "LET THROUGH"
HOSTILE = '''
import os
import socket

import numpy as np


def _tried(attempt):
    try:
        return bool(attempt())
    except BaseException:
        return False


def look_around(student, secrets, port, parent):
    """Return {attempt: whether it succeeded} for what should not be possible."""
    def reads():
        return any(_tried(lambda path=path: open(path, "rb").read(1)) for path in secrets)

    def connects():
        with socket.create_connection(("127.0.0.1", port), timeout=2):
            return True

    def sees():
        return os.path.exists(f"/proc/{parent}/cmdline") and open(f"/proc/{parent}/cmdline", "rb").read()

    def signals():
        os.kill(parent, 0)
        return True

    def writes():
        with open(f"{os.path.dirname(secrets[0])}/written", "w") as file:
            return file.write("x")

    def starts():
        return os.fork() >= 0

    attempts = {"read": reads, "network": connects, "processes": sees, "signals": signals, "write": writes}
    return {name: np.array(_tried(attempt)) for name, attempt in {**attempts, "start": starts}.items()}


def swallow(student):
    """Take more memory than is allowed."""
    held = [np.ones(1 << 23) for _ in range(1 << 9)]
    return {"bytes": np.array(sum(one.nbytes for one in held))}


def answer(student):
    return {"answer": np.array(42.0)}
'''
NEEDED = ("read", "network", "signals", "write", "start", "memory")


def probed(sandbox: Sandbox) -> dict[str, str]:
    """Return {what was tried: the result}. Raises SandboxError if the sandbox is not safe, or does not work.

    If other processes are visible, as in a container with a single /proc, that is recorded, but is not an error.
    """
    with tempfile.TemporaryDirectory(prefix="probe-", dir=workshop().home) as home, _listener() as listener:
        secret = Path(home, "secret")
        secret.write_text(secrets.token_hex())
        hostile = Path(home, "tree", *MODULE.split(".")).with_suffix(".py")
        hostile.parent.mkdir(parents=True)
        hostile.write_text(dedent(HOSTILE))
        others = (ROOT / "solutions" / "cs231n" / "optim.py", workshop().masters / "cs231n" / "optim.py")
        paths = [str(path) for path in (secret, *others)]
        with workshop().student(hostile.parents[1]) as kit:
            found = _looked(sandbox, kit, paths, listener.getsockname()[1])
    got_out = [what for what in NEEDED if found[what] != HOLDS]
    if got_out:
        raise SandboxError(
            f"the sandbox {sandbox.name} is not safe, since it did not refuse these attempts: {', '.join(got_out)}"
        )
    return found


def _listener() -> socket.socket:
    """Return a listening socket on this machine, which students' code should not be able to reach."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    return listener


def _looked(sandbox: Sandbox, kit: Path, paths: list[str], port: int) -> dict[str, str]:
    with Child(sandbox, kit, workshop().engine, MEMORY) as child:
        target = Target(child, "sgd", random.Random(0))
        if target.ask_module(MODULE, "answer")["answer"] != 42:
            raise SandboxError(f"{sandbox.name}: the child process does not answer as it should")
        seen = target.ask_module(MODULE, "look_around", secrets=paths, port=port, parent=os.getpid())
        found = {what: OUT if np.any(came) else HOLDS for what, came in seen.items()}
        try:
            target.ask_module(MODULE, "swallow")
        except BrokenOff as broken:
            return found | {"memory": HOLDS if broken.cause == "too_much_memory" else OUT}
        return found | {"memory": OUT}
