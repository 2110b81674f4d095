"""Take a little time for every call, and send the answer byte by byte."""
import os
import time


def l2(W):
    for _ in range(100_000):
        os.write(3, b"\1")
        time.sleep(0.05)


def l1(W):
    time.sleep(0.7)
    return 0.0, W
