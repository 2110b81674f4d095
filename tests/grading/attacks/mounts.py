"""Get another view of the files: new namespaces, mounts, another root, files by number."""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def l2(W):
    done = []
    for flags in (0x10000000, 0x10020000, 0x20000, 0x40000000):
        if libc.unshare(flags) == 0:
            done.append(f"CANARY unshare {flags:x}")
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 or libc.umount2(b"/kit", 2) == 0:
        done.append("CANARY mount")
    for number in (428, 430, 442, 304, 303, 425, 321, 298, 250, 323, 438):  # open_tree … pidfd_getfd
        if libc.syscall(number, 0, 0, 0, 0, 0) >= 0:
            done.append(f"CANARY call {number}")
    for attempt in (lambda: os.chroot("/proc/1/root"), lambda: os.listdir("/proc/1/root/"), lambda: os.setuid(0)):
        try:
            attempt()
            done.append("CANARY root")
        except OSError:
            pass
    raise RuntimeError(" ".join(done) or "nothing")
