"""An assignment kit for image classifiers in plain numpy: stubs to fill in, and checks that say what is wrong."""

import importlib.util
import os
import sys
from types import ModuleType

__version__ = "0.1.0"

# If numpy is imported after this, OpenBLAS's threads wait 2^18 processor cycles, about 0.1 ms, for another product, and
# then sleep. By default, they wait 2^26 cycles, in a busy loop on cores that the threads of cs231n.threads need.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "18")

# If another copy is installed with pip -e, its finder must not import modules that are missing in this one.
sys.meta_path[:] = [one for one in sys.meta_path if "__editable___cs231n" not in getattr(one, "__module__", "")]

if "past" not in sys.modules and importlib.util.find_spec("past") is None:
    # Solution files written for the official handouts of earlier years may contain `from past.builtins import xrange`.
    sys.modules["past"], sys.modules["past.builtins"] = ModuleType("past"), ModuleType("past.builtins")
    sys.modules["past.builtins"].xrange = range
