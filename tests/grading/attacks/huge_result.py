"""Return arrays that are a terabyte large, but cost nothing here."""
import numpy as np


def l2(W):
    return 0.0, np.broadcast_to(0.0, (1 << 40,))


def l1(W):
    return np.zeros((1,) * 32), np.zeros((100, 100, 1000))


def elastic_net(W, beta=0.5):
    return 0.0, np.zeros((1 << 30, 0))
