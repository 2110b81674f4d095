"""Convert class labels to one integer for each example, or refuse them with a message."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def as_labels(y: ArrayLike, examples: int, name: str = "y", classes: int | None = None) -> np.ndarray:
    """Return y, a list or an array of whole numbers, as an array of integers of shape (examples,).

    name: the name of the labels in messages.  classes: number of classes, or None for any number.
    Raises ValueError if y has a different shape (for example, (N, 1) or one-hot rows (N, C)), or contains words,
    fractions, negative numbers, or numbers that are not less than `classes`.
    """
    y = np.asarray(y)
    if y.shape != (examples,):
        cure = f" ({name}.ravel() has the expected shape)" if y.size == examples else ""
        raise ValueError(f"expected one label per example, {name} of shape ({examples},), found shape {y.shape}{cure}")
    whole = y
    if y.dtype.kind in "USO":
        words = [label for label in y.tolist() if not isinstance(label, (int, float, np.number))]
        if words:
            raise ValueError(f"expected whole numbers as labels, found {words[0]!r} in {name}")
    if y.dtype.kind not in "iu":
        with np.errstate(invalid="ignore"):  # nan and inf are not whole either
            whole = y.astype(np.int64)
        if not np.array_equal(whole, y):
            raise ValueError(f"expected whole numbers as labels, found {y[whole != y][0]} in {name}")
    smallest, largest = (whole.min(), whole.max()) if examples else (0, 0)
    if smallest < 0 or (examples and classes is not None and largest >= classes):
        last = "" if classes is None else f", and the last of {classes} is {classes - 1}"
        raise ValueError(f"{name} has labels from {smallest} to {largest}; the first class is 0{last}")
    return whole
