"""Trace the parent and write into its memory."""
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def l2(W):
    done = []
    for process in {os.getppid(), 1, 2, os.getpid() - 1}:
        if libc.ptrace(16, process, 0, 0) == 0:  # attach
            done.append(f"CANARY traced {process}")
        held = ctypes.create_string_buffer(8)
        vector = (ctypes.c_void_p * 2)(ctypes.addressof(held), 8)
        if libc.process_vm_readv(process, vector, 1, vector, 1, 0) > 0:
            done.append(f"CANARY read from {process}")
        try:
            os.open(f"/proc/{process}/mem", os.O_RDWR)
            done.append(f"CANARY opened the memory of {process}")
        except OSError:
            pass
    raise RuntimeError(" ".join(done) or "nothing")
