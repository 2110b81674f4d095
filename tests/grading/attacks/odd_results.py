"""Return what compares oddly: nan, inf, complex numbers, other byte orders, booleans, masks, strings."""
import numpy as np


def l2(W):
    return np.nan, np.full(W.shape, np.nan)


def l1(W):
    return np.ma.masked_all(()), np.ma.masked_all(W.shape)


def elastic_net(W, beta=0.5):
    return np.True_, np.zeros(W.shape, ">f8") + 0j
