"""Class labels as they come, made one whole number for each example or refused in a sentence."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def as_labels(y: ArrayLike, examples: int, name: str = "y", classes: int | None = None) -> np.ndarray:
    """Return y as an array of integers, (examples,); a list, or floats that are whole numbers, will do.

    name: what the labels are called in the message.  classes: how many there are; None: any number.
    Raises ValueError where y has another shape (a column (N, 1), one-hot rows (N, C), too few), or holds numbers that
    are not whole or none of the classes.
    """
    y = np.asarray(y)
    if y.shape != (examples,):
        cure = f" ({name}.ravel() has it)" if y.size == examples else ""
        raise ValueError(
            f"expected one label for each of {examples} examples, {name} of shape ({examples},), "
            f"found shape {y.shape}{cure}"
        )
    whole = y
    if y.dtype.kind not in "iu":
        with np.errstate(invalid="ignore"):  # nan and inf are not whole either
            whole = y.astype(np.int64)
        if not np.array_equal(whole, y):
            raise ValueError(f"expected whole numbers as labels, found {y[whole != y][0]} in {name}")
    if classes is not None and examples and not 0 <= whole.min() <= whole.max() < classes:
        found = f"{name} has labels from {whole.min()} to {whole.max()}"
        raise ValueError(f"{found}; the {classes} classes are 0 to {classes - 1}")
    return whole
