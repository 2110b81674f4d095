"""Ask for one array that is larger than the machine, and for one that nearly is."""
import numpy as np


def l2(W):
    return np.ones(1 << 38).sum(), W


def l1(W):
    return np.ones(1 << 30).sum(), W
