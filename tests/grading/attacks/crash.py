"""Crash the interpreter."""
import ctypes


def l2(W):
    return ctypes.string_at(0), W


def l1(W):
    ctypes.CDLL(None).abort()
