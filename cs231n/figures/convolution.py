"""Figures about convolution, pooling and normalisation, in the style of vis_utils."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import PALETTE, as_image


def number_maps(arrays: Mapping[str, np.ndarray], title: str) -> Figure:
    """Draw small (H, W) arrays side by side on one scale, bright is high, with the numbers in their fields."""
    shapes = [np.shape(array) for array in arrays.values()]
    widths = [max(3, width) for _, width in shapes]
    size = 0.42 * sum(widths) + 0.4 * len(shapes), 0.42 * max(max(3, height) for height, _ in shapes) + 1.0
    figure, axes = plt.subplots(1, len(shapes), figsize=size, width_ratios=widths, squeeze=False)
    low, high = min(map(np.min, arrays.values())), max(map(np.max, arrays.values()))
    for axis, (name, array) in zip(axes[0], arrays.items(), strict=True):
        axis.imshow(array, vmin=low, vmax=high)
        for (i, j), value in np.ndenumerate(array):
            colour = "black" if value > (low + high) / 2 else "white"
            axis.text(j, i, f"{value:.3g}", ha="center", va="center", color=colour, fontsize=9)
        axis.set_title(name, fontsize=10)
        _bare(axis)
    figure.suptitle(title)
    return figure


def responses(images: np.ndarray, maps: np.ndarray, names: Sequence[str], title: str) -> Figure:
    """Draw images, (n, H, W, 3), and to the right of each its maps, (n, F, H', W'), in grey, under `names`.

    Each map is drawn on its own scale, from its smallest value (black) to its largest (white).
    """
    rows, columns = len(images), 1 + len(names)
    figure, axes = plt.subplots(rows, columns, figsize=(1.35 * columns, 1.35 * rows + 0.7), squeeze=False)
    for line, image, channels in zip(axes, images, maps, strict=True):
        line[0].imshow(as_image(image))
        for axis, channel in zip(line[1:], channels, strict=True):
            axis.imshow(channel, cmap="gray")
    for axis, name in zip(axes[0], ("image", *names), strict=True):
        axis.set_title(name, fontsize=9)
    for axis in axes.ravel():
        _bare(axis)
    figure.suptitle(title)
    return figure


def filter_places(cases: Sequence[tuple[int, int, int, int]]) -> Figure:
    """Draw, for each (size, extent, stride, pad), a row of pixels, padding as 0, and below it the filter's places."""
    counts = [1 + (size + 2 * pad - extent) // stride for size, extent, stride, pad in cases]
    figure, axes = plt.subplots(1, len(cases), figsize=(2.6 * len(cases), 0.26 * max(counts) + 1.6), squeeze=False)
    for axis, (size, extent, stride, pad), places in zip(axes[0], cases, counts, strict=True):
        for pixel in range(-pad, size + pad):
            colour = PALETTE[0] if 0 <= pixel < size else "white"
            axis.add_patch(plt.Rectangle((pixel, 0), 0.94, 0.94, facecolor=colour, edgecolor="black", alpha=0.8))
            if colour == "white":
                axis.text(pixel + 0.47, 0.5, "0", ha="center", va="center", fontsize=8)
        for place in range(places):
            left = place * stride - pad
            axis.plot([left + 0.05, left + extent - 0.1], [1.7 + 0.7 * place] * 2, color=PALETTE[3], linewidth=3)
        axis.set(xlim=(-pad - 0.3, size + pad + 0.3), ylim=(1.7 + 0.7 * max(counts), -0.5))
        axis.set_title(f"stride {stride}, pad {pad}: {places} places", fontsize=10)
        axis.set_xlabel(f"{size} pixels, a filter of {extent}")
        _bare(axis)
    figure.suptitle("A row of pixels, zeros as padding, and the places where the filter fits")
    return figure


def normalised_together(N: int = 4, C: int = 6, G: int = 3) -> Figure:
    """Draw a batch as a table, images by channels, each field an image of H x W; fields of one letter share a mean."""
    image, channel = np.mgrid[:N, :C]
    ways = {
        "spatial batch norm:\none mean for each channel": channel,
        "layer norm:\none mean for each image": image,
        f"group norm, G = {G}:\none for each group in an image": image * G + channel * G // C,
    }
    figure, axes = plt.subplots(1, len(ways), figsize=(3.1 * len(ways), 2.9))
    for axis, (name, together) in zip(axes, ways.items(), strict=True):
        for (i, j), group in np.ndenumerate(together):
            colour = PALETTE[group % 7]
            axis.add_patch(plt.Rectangle((j, i), 0.94, 0.94, facecolor=colour, alpha=0.55, edgecolor="black"))
            axis.text(j + 0.47, i + 0.5, chr(ord("a") + group), ha="center", va="center", fontsize=9)
        axis.set(xlim=(-0.2, C + 0.2), ylim=(N + 0.2, -0.2), xlabel="channel", ylabel="image", aspect="equal")
        axis.set_title(name, fontsize=10)
        _bare(axis)
    figure.suptitle("What is averaged together: fields with the same letter, each over all of its H × W places")
    return figure


def standings(panels: Mapping[str, Mapping[str, float]], title: str) -> Figure:
    """Draw accuracies, {panel: {classifier: accuracy}}, as one panel of bars beside the other."""
    most = max(len(panel) for panel in panels.values())
    figure, axes = plt.subplots(1, len(panels), figsize=(5.4 * len(panels), 1.4 + 0.4 * most), squeeze=False)
    for axis, (name, panel), colour in zip(axes[0], panels.items(), PALETTE, strict=False):
        drawn = axis.barh(list(panel), list(panel.values()), color=colour, height=0.65)
        axis.bar_label(drawn, [f"{value:.3f}" for value in panel.values()], padding=3, fontsize=9)
        axis.axvline(0.1, color="black", linestyle=":", linewidth=1)
        axis.invert_yaxis()
        axis.margins(x=0.14)
        axis.set(title=name, xlabel="accuracy (dotted: guessing)")
    figure.suptitle(title)
    return figure


def _bare(axis: Axes) -> None:
    """Take the ticks and the frame away."""
    axis.set_xticks([])
    axis.set_yticks([])
    axis.spines[:].set_visible(False)
