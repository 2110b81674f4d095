"""Return objects that pretend to be arrays and hand out other people's memory, or other numbers each time."""
import numpy as np


class Elsewhere:
    __array_interface__ = {"shape": (1 << 20,), "typestr": "<f8", "data": (4096, False), "version": 3}


class Changing:
    count = 0

    def __array__(self, *given, **more):
        Changing.count += 1
        return np.full((), float(Changing.count))


def l2(W):
    return Changing(), Elsewhere()
