"""What the notebooks import first: some or all of `checks`, `np`, `plt`, `progress` and `timed`.

Importing this module sets the style of the figures. In a running kernel, edits to student files then take effect before
the next cell runs, and the traceback of an unfilled stub is replaced with one line, so that Run All continues.
"""

from __future__ import annotations

from cs231n.tutor import surroundings

surroundings.settle()  # before anything else is imported

import sys
import timeit
from collections.abc import Callable, Iterable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from tqdm import tqdm

from cs231n import vis_utils
from cs231n.tutor.kernel import cells, checks

__all__ = ["checks", "np", "plt", "progress", "timed"]


def progress(items: Iterable, label: str) -> tqdm:
    """Return an iterator over `items` with a progress bar in plain text, which saved and exported notebooks keep.

    The bar appears when the first item is done. If the first item reaches an unfilled stub, there is no bar.
    """
    return tqdm(items, desc=label, file=sys.stdout, ncols=90, mininterval=0.5, delay=1e-6)


def timed(function: Callable, *arguments: Any, repeat: int = 3) -> float:
    """Return the time in seconds that function(*arguments) takes: that of the fastest of `repeat` calls."""
    return min(timeit.repeat(lambda: function(*arguments), number=1, repeat=repeat))


vis_utils.use_style()
cells.start()
if other := surroundings.other_copy():
    print(other, file=sys.stderr)
