"""Print without end, to every stream and descriptor."""
import os
import sys


def l2(W):
    while True:
        print("x" * 1_000_000)
        sys.__stderr__.write("x" * 1_000_000)
        for descriptor in (1, 2):
            os.write(descriptor, b"x" * 1_000_000)


def l1(W):
    while True:
        os.write(3, b"x" * 1_000_000)
