"""A filter slides over an image: choose stride, padding and position, and read the sum that gives one output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure
from numpy.lib.stride_tricks import sliding_window_view

from cs231n.toys.toy import Toy


class Filter(Toy):
    """A small filter on a grey image, as in a convolutional layer: the filter is not flipped.

    image: (H, W) numbers, or (H, W, 3) colours, whose mean over the channels, rounded, is used.
    filters: {name: (3, 3) weights}, from which the page lets you choose; each weight can also be changed there.
    stride, pad: initial values. Raises ValueError for weights of a different shape.
    """

    page, height = "filter.html", 620
    title = "A filter slides over an image"

    def __init__(self, image: np.ndarray, filters: Mapping[str, np.ndarray], stride: int = 1, pad: int = 0):
        image = np.array(image, dtype=float)
        self.image = image.mean(axis=2).round() if image.ndim == 3 else image  # (H, W)
        self.filters = {name: np.array(weights, dtype=float) for name, weights in filters.items()}
        if wrong := [name for name, weights in self.filters.items() if weights.shape != (3, 3)]:
            raise ValueError(
                f"expected filters of 3 × 3 weights, found {self.filters[wrong[0]].shape} for {wrong[0]!r}"
            )
        self.stride, self.pad = stride, pad

    def seed(self) -> dict[str, Any]:
        """Return the image, the filters, stride and pad."""
        filters = [[name, weights.tolist()] for name, weights in self.filters.items()]
        return {"image": self.image.tolist(), "filters": filters, "stride": self.stride, "pad": self.pad}

    def figure(self) -> Figure:
        """Return a figure of the image and the map of each filter."""
        count = 1 + len(self.filters)
        figure, axes = plt.subplots(1, count, figsize=(1.7 * count, 2.25))
        axes[0].imshow(self.image, cmap="gray", vmin=0, vmax=255)
        axes[0].set_title("image", fontsize=10)
        for axis, (name, weights) in zip(axes[1:], self.filters.items(), strict=True):
            out, rim = self.output(weights), -(-self.pad // self.stride)
            inside = out[rim : len(out) - rim, rim : out.shape[1] - rim] if min(out.shape) > 2 * rim else out
            axis.imshow(out, cmap="gray", vmin=inside.min(), vmax=inside.max())
            axis.set_title(name, fontsize=10)
        for axis in axes:
            axis.axis("off")
        figure.suptitle(f"What each filter does to the image, with stride {self.stride} and pad {self.pad}")
        return figure

    def output(self, weights: np.ndarray) -> np.ndarray:
        """Return the map, (H', W'), of a filter of 3 × 3 weights."""
        padded = np.pad(self.image, self.pad)
        windows = sliding_window_view(padded, (3, 3))[:: self.stride, :: self.stride]  # (H', W', 3, 3)
        return np.einsum("ijkl,kl->ij", windows, weights)
