"""One import line for every notebook: `from cs231n.notebook import checks, np, plt, progress, timed`.

In a running kernel it also makes edits to student files take effect at once, lets a cell that reaches an unfilled
stub say so in a line instead of a traceback (so that Run All goes on), and sets the one figure style.
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
    """Go through items and show a bar, in plain text so that it survives saving and exporting the notebook.

    There is no bar before the first item is done: where that one reaches an unfilled stub, none at all.
    """
    return tqdm(items, desc=label, file=sys.stdout, ncols=90, mininterval=0.5, delay=1e-6)


def timed(function: Callable, *arguments: Any, repeat: int = 3) -> float:
    """Return how many seconds function(*arguments) takes: the best of `repeat` calls."""
    return min(timeit.repeat(lambda: function(*arguments), number=1, repeat=repeat))


vis_utils.use_style()
cells.start()
if other := surroundings.other_copy():
    print(other, file=sys.stderr)
