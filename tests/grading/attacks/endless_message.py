"""Raise exceptions whose message is a gigabyte, whose name has no end, or that raise when they are printed."""


class Long(str):
    __str__ = __repr__ = lambda self: Long("x" * (1 << 28))
    __len__ = lambda self: 3


class Odd(Exception):
    def __str__(self):
        raise SystemExit(0)


def l2(W):
    raise ValueError("x" * (1 << 28))


def l1(W):
    raise Odd


def elastic_net(W, beta=0.5):
    raise ValueError(Long("x"))
