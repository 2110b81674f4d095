"""Solution files written for the official handouts import `past.builtins`, a Python 2 shim; let them run without it."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


def admit_official_files() -> None:
    """Provide `from past.builtins import xrange` where the package `future` is not installed."""
    if "past" in sys.modules or importlib.util.find_spec("past") is not None:
        return
    past, builtins = ModuleType("past"), ModuleType("past.builtins")
    builtins.xrange = range
    past.builtins = builtins
    sys.modules |= {"past": past, "past.builtins": builtins}
