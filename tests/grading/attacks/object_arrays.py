"""Return arrays of objects that run code when they are unpickled, and of dtypes that nobody asked for."""
import os

import numpy as np


class Code:
    def __reduce__(self):
        return os.system, ("touch /tmp/attacked-by-pickle",)


def l2(W):
    return np.array(Code(), dtype=object), np.zeros(W.shape, dtype=[("R", "f8"), ("code", "O")])


def l1(W):
    return np.array("R"), np.zeros(W.shape, "M8[s]")
