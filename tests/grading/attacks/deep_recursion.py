"""Call itself until the stack is gone."""
import sys

sys.setrecursionlimit(1 << 30)


def l2(W):
    return l2(W)


def l1(W):
    deep = []
    for _ in range(1_000_000):
        deep = [deep]
    return repr(deep), W
