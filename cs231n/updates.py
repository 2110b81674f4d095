"""Apply an update rule of cs231n.optim to a large parameter in blocks that fit into the processor's cache.

A rule makes several passes over its arrays; Adam's formula takes about twelve. If the arrays are larger than the cache,
each pass waits for the memory. Every rule of this course works entry by entry, so a parameter can be updated one block
of rows after the other, with the same result: then only the first pass over a block waits.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from cs231n import optim

ENTRY_BY_ENTRY = "sgd", "sgd_momentum", "rmsprop", "adam"
BLOCK = 2**15  # entries: about eight arrays of float32 take a megabyte
LARGE = 2**20  # entries: smaller parameters are updated in one piece


def updated(
    rule: Callable, w: np.ndarray, dw: np.ndarray, config: dict[str, Any] | None = None
) -> tuple[np.ndarray, dict[str, Any]]:
    """Return (next_w, config), as rule(w, dw, config) does.

    If w has at least LARGE entries and the rule is one of ENTRY_BY_ENTRY, w is changed in place, in blocks of rows. A
    rule that keeps arrays in config takes its first step in one piece, and creates these arrays in that step.

    rule: a function as in cs231n.optim.  w: a parameter.  dw: its gradient, of the same shape.
    config: the rule's hyperparameters, and what it has kept from the step before.
    """
    config = {} if config is None else config
    kept = [name for name, value in config.items() if isinstance(value, np.ndarray)]
    if not _in_blocks(rule, w, dw, [config[name] for name in kept]):
        return rule(w, dw, config)
    rows = max(1, BLOCK * len(w) // w.size)
    for start in range(0, len(w), rows):
        some = slice(start, start + rows)
        next_w, new = rule(w[some], dw[some], config | {name: config[name][some] for name in kept})
        w[some] = next_w
        for name in kept:
            config[name][some] = new[name]
    return w, new | {name: config[name] for name in kept}


def _in_blocks(rule: Callable, w: np.ndarray, dw: np.ndarray, kept: list[np.ndarray]) -> bool:
    name = getattr(rule, "__name__", "")
    known = name in ENTRY_BY_ENTRY and rule is getattr(optim, name)
    first = name != "sgd" and not kept
    return known and not first and w.size >= LARGE and all(array.shape == w.shape for array in [dw, *kept])
