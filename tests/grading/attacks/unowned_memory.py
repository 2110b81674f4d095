"""Fill memory that belongs to no process, so that nobody counts it: anonymous files, shared segments, messages."""
import ctypes
import os

LIBC = ctypes.CDLL(None)
LIBC.shmat.restype = ctypes.c_void_p


def fill():
    held = 0
    for _ in range(20):
        try:
            number = os.memfd_create("x")
            held += os.write(number, bytes(8 << 20))
        except OSError:
            pass
        segment = LIBC.shmget(0, ctypes.c_size_t(8 << 20), 0o1600)
        place = LIBC.shmat(segment, None, 0) if segment >= 0 else None
        if place and place != ctypes.c_void_p(-1).value:
            ctypes.memset(place, 1, 8 << 20)
            held += 8 << 20
    return held


def l2(W):
    if fill() > 16 << 20:
        raise MemoryError("CANARY: memory that nobody owns")
    return 0.0, W


l1 = elastic_net = lambda W, beta=0.5: l2(W)
