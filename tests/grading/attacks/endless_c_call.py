"""Stay in one call of C, which no exception interrupts."""
import re
import time


def l2(W):
    re.fullmatch("(a+)+", "a" * 60 + "b")


def l1(W):
    return sum(iter(int, 1)), W
