"""Leave notes for the next exercise in /tmp and in shared memory: inputs, and the answers that were right."""
import glob
import os

import numpy as np

NOTE = "/tmp/attacked-note"


def l2(W):
    for place in (NOTE, "/dev/shm/attacked-note", "/var/tmp/attacked-note"):
        try:
            with open(place, "wb") as file:
                file.write(W.tobytes())
        except OSError:
            pass
    return 0.0, W


def l1(W):
    return 0.0, W


def elastic_net(W, beta=0.5):
    os.makedirs("/tmp/" + "attacked/" * 300, exist_ok=True)
    found = [name for place in ("/tmp", "/dev/shm", "/var/tmp") for name in glob.glob(f"{place}/../tmp/grading-*")]
    if found:
        raise ValueError(f"CANARY {found}")
    return 0.0, W
