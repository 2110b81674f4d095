"""Hand in modules by the names of numpy, of Python's own, and of what runs when Python starts."""
#: numpy.py
raise RuntimeError("CANARY numpy is mine")
#: json.py
raise RuntimeError("CANARY json is mine")
#: random.py
raise RuntimeError("CANARY random is mine")
#: sitecustomize.py
raise RuntimeError("CANARY site is mine")
#: usercustomize.py
raise RuntimeError("CANARY site is mine")
#: grading/wire.py
raise RuntimeError("CANARY the protocol is mine")
#: conftest.py
raise RuntimeError("CANARY the tests are mine")
#: cs231n/regularizers.py
import random
import json


def l2(W):
    return 0.0, W
