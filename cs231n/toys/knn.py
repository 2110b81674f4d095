"""A toy for k-nearest neighbours: drag points, choose k and the distance, and watch two kinds of accuracy."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cs231n.labels import as_labels
from cs231n.toys.toy import Toy
from cs231n.vis_utils import decision_regions


class KNN(Toy):
    """k-nearest neighbours in the plane.

    X: (N, 2) points, up to about 200.  y: (N,) labels, 0 to 3.  k: initial number of neighbours that vote.
    norm: initial distance, 1 for L1 or 2 for L2.
    """

    page, height = "knn.html", 520
    title = "k-nearest neighbours: move the points"

    def __init__(self, X: np.ndarray, y: np.ndarray, k: int = 5, norm: int = 2):
        self.X, self.y = np.array(X, dtype=float), as_labels(y, len(X), classes=4)
        self.k, self.norm = k, norm

    def seed(self) -> dict[str, Any]:
        """Return the points, their labels, the part of the plane that is shown, k, and the distance."""
        return {"X": self.X.tolist(), "y": self.y.tolist(), "box": box(self.X), "k": self.k, "norm": self.norm}

    def figure(self) -> Figure:
        """Return a figure of the initial regions and points, with training and leave-one-out accuracy in its title."""
        figure, axis = plt.subplots(figsize=(4.6, 4.2))
        training, left_out = (np.mean(self.predict(self.X, without) == self.y) for without in (False, True))
        name = f"k = {self.k}, L{self.norm}: training accuracy {training:.3f},\nleave-one-out accuracy {left_out:.3f}"
        decision_regions(axis, self.predict, self.X, self.y, name)
        return figure

    def predict(self, points: np.ndarray, leave_out: bool = False) -> np.ndarray:
        """Return the predicted labels, (M,), of (M, 2) points.

        leave_out: whether each point is labelled by the other points only; the points must then be X.
        """
        dists = np.linalg.norm(points[:, None] - self.X, ord=self.norm, axis=2)  # (M, N)
        if leave_out:
            np.fill_diagonal(dists, np.inf)
        nearest = np.argsort(dists, axis=1, kind="stable")[:, : self.k]
        return np.array([np.argmax(np.bincount(self.y[row])) for row in nearest])


def box(X: np.ndarray, margin: float = 0.5) -> list[float]:
    """Return [left, right, bottom, top] of the part of the plane that contains the points X, (N, 2), with a margin."""
    (left, bottom), (right, top) = X.min(axis=0) - margin, X.max(axis=0) + margin
    return [float(side) for side in (left, right, bottom, top)]
