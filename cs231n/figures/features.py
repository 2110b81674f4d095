"""Figures of the notebook on image features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import PALETTE, picture_row


def hue_histograms(images: np.ndarray, histograms: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw images, (n, H, W, 3), and under each the histogram of its hues, (n, nbin), from red round to red."""
    histograms = np.asarray(histograms)
    nbin = histograms.shape[1]
    starts = np.arange(nbin) / nbin
    figure, axes = plt.subplots(2, len(images), figsize=(1.8 * len(images) + 0.4, 3.6), squeeze=False)
    picture_row(axes[0], images, names)
    for axis, shares in zip(axes[1], histograms, strict=True):
        colours = plt.colormaps["hsv"](starts + 0.5 / nbin)
        axis.bar(starts, shares, 1 / nbin, align="edge", color=colours, edgecolor="black", linewidth=0.5)
        axis.set(xlabel="hue", xlim=(0, 1), ylim=(0, 1.05 * histograms.max()))
        axis.set_xticks([0, 1 / 3, 2 / 3], ["red", "green", "blue"], fontsize=8)
    axes[1, 0].set_ylabel("share of the pixels")
    figure.suptitle("Which hues there are")
    return figure


def hog_steps(image: np.ndarray, histogram: np.ndarray, corner: tuple[int, int], cell: int = 8) -> Figure:
    """Draw how the histogram of one cell of hog_feature comes about, for an image (H, W, 3).

    histogram: (O,) features of the cell whose upper left pixel is (row, column) = corner.
    """
    grey = np.asarray(image, float) @ (0.299, 0.587, 0.114)
    gy, gx = (2 * slope for slope in np.gradient(grey))  # central differences, as in hog_feature
    strength, angle = np.hypot(gx, gy), np.degrees(np.arctan2(gy, gx)) % 180
    row, column = corner
    figure, axes = plt.subplots(1, 4, figsize=(11, 2.9), width_ratios=(1, 1, 1, 1.3))
    axes[0].imshow(grey, cmap="gray", vmin=0, vmax=255)
    axes[1].imshow(strength, cmap="gray_r")
    for axis in axes[:2]:
        frame = plt.Rectangle((column - 0.5, row - 0.5), cell, cell, fill=False, edgecolor=PALETTE[3], linewidth=2)
        axis.add_patch(frame)
    inside = np.s_[row : row + cell, column : column + cell]
    axes[2].imshow(grey[inside], cmap="gray", vmin=0, vmax=255)
    axes[2].quiver(gx[inside], gy[inside], color=PALETTE[3], angles="xy", pivot="mid", width=0.012)
    for axis, title in zip(axes, ("1. grey image", "2. how much edge", "3. one cell's gradients"), strict=False):
        axis.set_title(title)
        axis.set_axis_off()
    width = 180 / len(histogram)
    axes[3].bar(width * np.arange(len(histogram)), histogram, width, align="edge", color=PALETTE[0], edgecolor="white")
    axes[3].set(title="4. its edge, by direction", xlabel="angle of the gradient (degrees)", ylabel="edge")
    axes[3].set_xticks(range(0, 181, 60))
    strongest = angle[inside].ravel()[strength[inside].argmax()]
    figure.suptitle(f"The strongest gradient of this cell has an angle of {strongest:.0f} degrees")
    return figure


def hog_glyphs(images: np.ndarray, rows: Mapping[str, np.ndarray], names: Sequence[str], orientations=9) -> Figure:
    """Draw images, and under them features of hog_feature, {label: (n, F)}: strokes along the edges of each cell.

    A stroke's length is the strength of its direction, relative to the strongest one of the image.
    """
    size = 1.5
    shape = (1 + len(rows), len(images))
    figure, axes = plt.subplots(*shape, figsize=(size * shape[1] + 0.4, size * shape[0] + 0.6), squeeze=False)
    picture_row(axes[0], images, names)
    for line, (label, features) in zip(axes[1:], rows.items(), strict=True):
        for axis, feature in zip(line, features, strict=True):
            _hog_strokes(axis, feature, orientations)
        line[0].set_ylabel(label)
    figure.suptitle("Which edges there are, and roughly where")
    return figure


def _hog_strokes(axis: Axes, feature: np.ndarray, orientations: int) -> None:
    cells = round(np.sqrt(len(feature) / orientations))
    strength = feature.reshape(cells, cells, orientations) / (np.max(feature) or 1)  # [row, column, direction]
    column, row = np.meshgrid(np.arange(cells), np.arange(cells))
    for k in range(orientations):
        angle = np.pi * ((k + 0.5) / orientations + 0.5)  # 90 degrees on from the gradient: along the edge
        dx, dy = 0.48 * np.cos(angle) * strength[..., k], 0.48 * np.sin(angle) * strength[..., k]
        ends = [[(column - dx).ravel(), (column + dx).ravel()], [(row - dy).ravel(), (row + dy).ravel()]]
        axis.plot(*ends, color=PALETTE[-1], linewidth=1.2)
    axis.set(xlim=(-0.5, cells - 0.5), ylim=(cells - 0.5, -0.5), aspect="equal")
    axis.set_xticks(np.arange(cells + 1) - 0.5, [])
    axis.set_yticks(np.arange(cells + 1) - 0.5, [])
    axis.tick_params(length=0)
    axis.grid(alpha=0.3)
    axis.spines[:].set_visible(False)
