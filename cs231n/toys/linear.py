"""A linear classifier in the plane: drag points, take steps, and watch each class's line, the loss and its gradient."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cs231n.labels import as_labels
from cs231n.toys.knn import box
from cs231n.toys.toy import Toy
from cs231n.vis_utils import PALETTE, decision_regions


class Linear(Toy):
    """A linear classifier of points in the plane, which is trained step by step on all of them.

    X: (N, 2) points.  y: (N,) labels, 0 to 3.  W: (3, C) initial weights, with the biases in the last row; None for
    random weights from a fixed seed.  loss: the initial loss, "hinge" or "softmax"; any other value raises ValueError.
    reg: the penalty is reg times the sum of the squares of all entries of W.
    """

    page, height = "linear.html", 560
    title = "A linear classifier: move the points, take steps"

    def __init__(self, X, y, W=None, loss: str = "hinge", learning_rate: float = 0.1, reg: float = 1e-3):
        if loss not in ("hinge", "softmax"):
            raise ValueError(f"expected the loss 'hinge' or 'softmax', found {loss!r}")
        self.X, self.y = np.array(X, dtype=float), as_labels(y, len(X), classes=4)
        start = np.random.default_rng(0).normal(size=(3, int(self.y.max()) + 1))
        self.W = start if W is None else np.array(W, dtype=float)
        self.loss, self.learning_rate, self.reg = loss, learning_rate, reg

    def seed(self) -> dict[str, Any]:
        """Return the points, their labels, the part of the plane that is shown, the weights and the settings."""
        arrays = {"X": self.X.tolist(), "y": self.y.tolist(), "box": box(self.X), "W": self.W.tolist()}
        return arrays | {"loss": self.loss, "rate": self.learning_rate, "reg": self.reg}

    def figure(self) -> Figure:
        """Return a figure of the points, the initial regions, and the lines where the score of a class is 0."""
        figure, axis = plt.subplots(figsize=(4.6, 4.2))
        accuracy = np.mean(self._predict(self.X) == self.y)
        title = f"Where each class's score is 0, before training:\naccuracy {accuracy:.3f}"
        decision_regions(axis, self._predict, self.X, self.y, title)
        left, right, bottom, top = box(self.X)
        for (a, b, c), colour in zip(self.W.T, PALETTE, strict=False):
            if a or b:
                foot, along = -c * np.array([a, b]) / (a * a + b * b), np.array([-b, a])
                axis.axline(foot, foot + along, color=colour)
        axis.set(xlim=(left, right), ylim=(bottom, top))
        return figure

    def _predict(self, points: np.ndarray) -> np.ndarray:
        return np.argmax(points @ self.W[:2] + self.W[2], axis=1)
