"""Class labels as they come, made one whole number for each example or refused in a sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def as_labels(y: ArrayLike, examples: int, name: str = "y") -> np.ndarray:
    """Return y as an array of integers, (examples,); a list, or floats that are whole numbers, will do.

    name: what the labels are called in the message.  Raises ValueError where y has another shape (a column (N, 1),
    one-hot rows (N, C), too few) or holds numbers that are not whole.
    """
    y = np.asarray(y)
    if y.shape != (examples,):
        cure = f" ({name}.ravel() has it)" if y.size == examples else ""
        raise ValueError(
            f"expected one label for each of {examples} examples, {name} of shape ({examples},), "
            f"found shape {y.shape}{cure}"
        )
    if y.dtype.kind in "iu":
        return y
    whole = y.astype(np.int64)
    if not np.array_equal(whole, y):
        raise ValueError(f"expected whole numbers as labels, found {y[whole != y][0]} in {name}")
    return whole
