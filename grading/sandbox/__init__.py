"""Sandboxes: where a student's code runs. `choose(name)` returns one that has been proven on this machine."""

from __future__ import annotations

from typing import Protocol


class SandboxError(RuntimeError):
    """There is no sandbox on this machine that holds, or the chosen one does not start."""


class Sandbox(Protocol):
    """A place that a process of the student's cannot leave."""

    name: str
    probe: dict[str, str]


def choose(name: str = "") -> Sandbox:
    """Return the sandbox of that name ("bwrap", "uid" or "none"), or else the first that holds here, after probing it.

    "none" only by its name. Raises SandboxError naming what each of them let through.
    """
    raise NotImplementedError
