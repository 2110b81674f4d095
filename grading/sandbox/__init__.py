"""Sandboxes, in which students' code runs. `choose()` returns the first that passes its tests on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grading.sandbox.base import Sandbox, SandboxError
from grading.sandbox.bwrap import Bubblewrap
from grading.sandbox.none import Unprotected
from grading.sandbox.uid import OtherUser

__all__ = ["Sandbox", "SandboxError", "choose"]

KINDS: dict[str, Callable[[], Sandbox]] = {"bwrap": Bubblewrap, "uid": OtherUser, "none": Unprotected}
HELP = (
    "Nothing is graded without a sandbox, unless you use --no-sandbox. On Linux and WSL2: apt install bubblewrap."
    " In a container that forbids namespaces: run the grader as root. On macOS and Windows: use WSL2 or a Linux"
    " container."
)


@contextmanager
def _noted(troubles: list[str]) -> Iterator[None]:
    try:
        yield
    except SandboxError as error:
        troubles.append(str(error))


def choose(name: str = "") -> Sandbox:
    """Return the sandbox called `name` ("bwrap", "uid" or "none") or, for "", the first one that is safe here.

    Each sandbox is tested before it is returned, except "none", which is chosen only by its name. Raises SandboxError
    if no sandbox can be returned; the message says why.
    """
    from grading.sandbox import probe  # late, since it imports this package

    if name == "none":
        return Unprotected()
    if name and name not in KINDS:
        raise SandboxError(f"there is no sandbox {name!r}, only {', '.join(KINDS)}")
    troubles: list[str] = []
    for kind in (KINDS[name],) if name else (Bubblewrap, OtherUser):
        with _noted(troubles):
            sandbox = kind()
            sandbox.probe = probe.probed(sandbox)
            return sandbox
    raise SandboxError("; ".join(troubles) + f". {HELP}")
