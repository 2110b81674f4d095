"""Which margin does a hinge loss keep? With equal scores it is (C - 1) Δ, however many examples and classes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE


def other_margin(loss: Callable[[np.ndarray, int], float]) -> tuple[str, str] | None:
    """Return (cause id, evidence) for a hinge loss that is right but for its margin, None for any other.

    loss(row, N) is the loss of N examples of class 0 that all have the same row of scores.
    """
    margin = loss(np.zeros(4), 3) / 3
    lost = loss(np.array([0.0, 50.0]), 2)  # the wrong class 50 ahead: 50 + Δ
    if np.isclose(margin, 1) or not np.allclose([loss(np.zeros(7), 5) / 6, lost - 50], margin, rtol=1e-4):
        return None
    return "other_margin", EVIDENCE["margin"].format(margin=f"{margin:.4g}")
