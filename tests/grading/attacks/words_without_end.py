"""Answer with a header of a megabyte: names, causes and places that nobody can read."""
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


PATH = "/" + "grading-a/" * 100_000


def l2(W):
    told = {part: PATH for part in ("kind", "message", "where", "source", "todo", "cause", "evidence")}
    say(failure=told)
    return 0.0, W


def l1(W):
    say(value=[f"R{number}" for number in range(90_000)])
    return 0.0, W


def elastic_net(W, beta=0.5):
    say(failure={"kind": "E", "message": "{0.__class__} %s %n", "cause": "factor", "evidence": "{self}" * 9, "todo": "l2"})
    return 0.0, W
