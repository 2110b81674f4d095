"""Lift the limits of this process, and become dumpable, privileged, or another user."""
import ctypes
import os
import resource


def l2(W):
    done = []
    for name in ("AS", "NPROC", "CPU", "FSIZE", "NOFILE", "CORE"):
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (resource.RLIM_INFINITY,) * 2)
            done.append(f"CANARY {name}")
        except (OSError, ValueError):
            pass
    for user in (0, 1000, 1):
        try:
            os.setresuid(user, user, user)
            done.append(f"CANARY user {user}")
        except OSError:
            pass
    os.nice(19)
    ctypes.CDLL(None).prctl(38, 0, 0, 0, 0)
    raise RuntimeError(" ".join(done) or "nothing")
