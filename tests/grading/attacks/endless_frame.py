"""Announce a frame of four gigabytes, and arrays that do not fit into it."""
import os
import struct


def l2(W):
    os.write(3, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF) + b"{" * 100_000)
    return 0.0, W


def l1(W):
    head = b'{"id": 2, "value": ["R"], "after": [], "arrays": [["<f8", [4294967296, 4294967296]]]}'
    os.write(3, struct.pack("<II", len(head), 8) + head + b"\0" * 8)
    return 0.0, W


def elastic_net(W, beta=0.5):
    head = b"[" * 1_000_000
    os.write(3, struct.pack("<II", len(head), 0) + head)
    return 0.0, W
