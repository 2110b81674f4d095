"""Restrict a process before it runs a student's code: its descriptors, limits, user, system calls and files.

Only child.py uses this module, and only on Linux. It needs nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import os
import resource
from collections.abc import Mapping
from pathlib import Path

LIBC = ctypes.CDLL(None, use_errno=True)
SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVS, FILTER = 4, 22, 38, 2  # of prctl
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446  # these are the same on every processor
PATH_BENEATH = 1
READ = 1 << 0 | 1 << 2 | 1 << 3  # execute, read a file, read a folder
WRITE = READ | sum(1 << bit for bit in (1, 4, 5, 7, 8, 14))  # write, remove, make folders and files, truncate
BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many rights to files each version of Landlock knows
NET, NET_SINCE, SCOPES, SCOPES_SINCE = 0b11, 4, 0b11, 6  # binding and connecting TCP; abstract sockets and signals


class NotConfinedError(OSError):
    """The operating system refused to impose a restriction."""


def _call(result: int, what: str) -> int:
    if result < 0:
        raise NotConfinedError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
    return result


def limit(limits: Mapping[str, int]) -> None:
    """Set soft and hard limits, such as {"NOFILE": 64}; no hard limit is raised."""
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (most, most))


def only(*kept: int) -> None:
    """Close every descriptor except 0 to 2 and those in `kept`."""
    start = 3
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = max(start, descriptor + 1)
    os.closerange(start, max(start, os.sysconf("SC_OPEN_MAX")))


def become(user: int) -> None:
    """Become another user permanently, with no group except the user's own."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)


def silence(*descriptors: int) -> None:
    """Redirect these descriptors to os.devnull."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in descriptors:
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def hide_memory() -> None:
    """Keep other processes of the same user from reading this process's memory, directly or through /proc."""
    _call(LIBC.prctl(SET_DUMPABLE, 0, 0, 0, 0), "dumpable")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def filter_calls(program: bytes) -> None:
    """Install a seccomp filter for this process and everything that it starts from now on."""
    held = ctypes.create_string_buffer(program, len(program))
    told = _Program(len(program) // 8, ctypes.addressof(held))
    _call(LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _call(LIBC.prctl(SET_SECCOMP, FILTER, ctypes.byref(told), 0, 0), "seccomp")


def landlock_version() -> int:
    """Return the kernel's version of Landlock, or 0 if it has none."""
    return max(0, LIBC.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))


def landlock(read: list[str], write: list[str]) -> int:
    """Let this process read and run only the files and folders in `read` and `write`, and write only those in `write`.

    Return the version of Landlock; if it is 0, the kernel has none, and nothing is restricted. Version 4 and later also
    refuse to bind or connect TCP sockets. Version 6 and later also refuse signals to processes that are not confined
    together with this one, and connections to their abstract sockets.
    """
    version = landlock_version()
    if not version:
        return 0
    handled = (1 << BITS.get(version, 16)) - 1
    rules = [handled, NET if version >= NET_SINCE else 0, SCOPES if version >= SCOPES_SINCE else 0]
    attributes = (ctypes.c_uint64 * 3)(*rules)
    size = ctypes.c_size_t(8 * (1 + (version >= NET_SINCE) + (version >= SCOPES_SINCE)))
    ruleset = _call(LIBC.syscall(CREATE_RULESET, attributes, size, ctypes.c_uint32(0)), "landlock")
    for rights, paths in ((READ, read), (WRITE, write)):
        for path in filter(os.path.exists, paths):
            of_files = rights & (1 << 0 | 1 << 1 | 1 << 2 | 1 << 14)
            _allow(ruleset, path, handled & (rights if Path(path).is_dir() else of_files))
    _call(LIBC.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    _call(LIBC.syscall(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)), "landlock")
    os.close(ruleset)
    return version


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("rights", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _allow(ruleset: int, path: str, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = _Beneath(rights, place)
    _call(LIBC.syscall(ADD_RULE, ctypes.c_int(ruleset), PATH_BENEATH, ctypes.byref(rule), 0), f"landlock: {path}")
    os.close(place)
