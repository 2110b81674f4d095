"""Say of steps and bytes what no float can hold, and call functions by names that are no names."""
import json
import os
import struct
import sys

import numpy as np


def asked():
    """Return the header of the question that is being answered."""
    frame = sys._getframe()
    while "header" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["header"]


def say(body=b"", size=None, **told):
    head = json.dumps({"id": asked()["id"], "value": [], "after": [], "failure": None, "observed": {}, "arrays": []} | told)
    frame = struct.pack("<II", len(head), len(body) if size is None else size) + head.encode() + body
    while frame:
        frame = frame[os.write(3, frame) :]


def l2(W):
    many = 10**4000
    observed = {"steps": many, "peak": -many, "entered": {"cs231n.x" * 1000: many, "": True}}
    say(value=["R", "dR"], after=["W"], observed=observed, body=W.tobytes() * 2 + bytes(8),
        arrays=[["<f8", []], [W.dtype.str, list(W.shape)], [W.dtype.str, list(W.shape)]])
    return 0.0, W


l1 = l2


def elastic_net(W, beta=0.5):
    say(observed={"steps": 1e400, "peak": "many", "entered": [1]}, stopped={"cause": "too_slow", "where": 10**4000})
    return 0.0, W
