"""Figures of the notebook on image features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import PALETTE, as_image, picture_row, weight_images
from cs231n.visual_words import CONTRAST_FLOOR, VisualWords

ARROWS = {"angles": "xy", "pivot": "mid", "width": 0.014, "color": PALETTE[3], "edgecolor": "white", "linewidth": 0.6}
WEAK = 0.2  # of the longest gradient: the angle of a shorter one is not drawn


def hue_histograms(images: np.ndarray, histograms: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw images, (n, H, W, 3), and under each the histogram of its hues, (n, nbin), in the colours of the bins."""
    histograms = np.asarray(histograms)
    nbin = histograms.shape[1]
    starts = np.arange(nbin) / nbin
    figure, axes = plt.subplots(2, len(images), figsize=(1.8 * len(images) + 0.4, 3.6), squeeze=False)
    picture_row(axes[0], images, names)
    for axis, shares in zip(axes[1], histograms, strict=True):
        colours = plt.colormaps["hsv"](starts + 0.5 / nbin)
        axis.bar(starts, shares, 1 / nbin, align="edge", color=colours, edgecolor="black", linewidth=0.5)
        axis.set(xlabel="hue", xlim=(0, 1), ylim=(0, 1.05 * histograms.max()))
        axis.set_xticks([0, 1 / 3, 2 / 3], ["red", "green", "blue"], fontsize=9)
        axis.tick_params(labelleft=axis is axes[1, 0])
    axes[1, 0].set_ylabel("share of the pixels")
    figure.suptitle("A hue histogram says which colours an image has, but not where")
    return figure


def hog_steps(image: np.ndarray, histogram: np.ndarray, corner: tuple[int, int], cell: int = 8) -> Figure:
    """Draw how the histogram of one cell of hog_feature is computed, for an image (H, W, 3).

    histogram: the features of the cell, one for each bin.  corner: (row, column) of the upper left pixel of the cell.
    """
    grey = np.asarray(image, float) @ (0.299, 0.587, 0.114)
    gy, gx = (2 * slope for slope in np.gradient(grey))  # as in hog_feature, except at the border
    strength, angle = np.hypot(gx, gy), np.degrees(np.arctan2(gy, gx)) % 180
    row, column = corner
    figure, places = plt.subplot_mosaic("ABC;DEE", figsize=(9, 5.6), width_ratios=(1, 1, 1.25))
    axes = list(places.values())
    axes[0].imshow(grey, cmap="gray", vmin=0, vmax=255)
    axes[1].imshow(strength, cmap="gray_r")
    strong = np.ma.masked_array(angle, strength < WEAK * strength.max())
    cyclic = plt.colormaps["twilight"].with_extremes(bad="0.5")
    hues = axes[2].imshow(strong, cmap=cyclic, vmin=0, vmax=180)
    figure.colorbar(hues, ax=axes[2], ticks=range(0, 181, 60), shrink=0.8)
    for axis in axes[:3]:
        frame = plt.Rectangle((column - 0.5, row - 0.5), cell, cell, fill=False, edgecolor=PALETTE[3], linewidth=2)
        axis.add_patch(frame)
    inside = np.s_[row : row + cell, column : column + cell]
    axes[3].imshow(grey[inside], cmap="gray", vmin=0, vmax=255)
    axes[3].quiver(gx[inside], gy[inside], **ARROWS)
    weak = f"(grey: under {WEAK:.0%} of the longest)"
    titles = ["1. grey image", "2. length of the gradient\n(dark: long)", f"3. its angle in degrees\n{weak}"]
    titles.append("gradients in the frame")
    for axis, title in zip(axes, titles, strict=False):
        axis.set_title(title)
        axis.set_axis_off()
    width = 180 / len(histogram)
    axes[4].bar(width * np.arange(len(histogram)), histogram, width, align="edge", color=PALETTE[0], edgecolor="white")
    axes[4].set(title="4. histogram of the frame", xlabel="angle (degrees)", ylabel="mean length")
    axes[4].set_xticks(range(0, 181, 60))
    top = int(np.argmax(histogram))
    where = f"from {width * top:.0f} to {width * (top + 1):.0f} degrees"
    figure.suptitle(f"In the framed cell, the gradients are strongest at angles {where}")
    return figure


def hog_glyphs(images: np.ndarray, rows: Mapping[str, np.ndarray], names: Sequence[str], orientations=9) -> Figure:
    """Draw n images, and under them `rows`, {label: results of hog_feature, (n, F)}, as strokes along the edges.

    Each cell has a stroke for each bin, whose length is proportional to the feature. Each image has its own scale.
    """
    size = 1.5
    shape = (1 + len(rows), len(images))
    figure, axes = plt.subplots(*shape, figsize=(size * shape[1] + 0.4, size * shape[0] + 0.6), squeeze=False)
    picture_row(axes[0], images, names)
    for line, (label, features) in zip(axes[1:], rows.items(), strict=True):
        for axis, feature in zip(line, features, strict=True):
            _hog_strokes(axis, feature, orientations)
        line[0].set_ylabel(label)
    figure.suptitle("HOG says which edges an image has, and roughly where")
    return figure


def word_steps(image: np.ndarray, codebook: VisualWords, corners: Sequence[tuple[int, int]]) -> Figure:
    """Draw patches of an image, the visual word that is nearest to each, and how often each word occurs in the image.

    Grey is 0. The words are drawn on the same scale as in `template_grid`. The patches have their contrast normalised,
    as before the words are learned; -2.5 is black and 2.5 is white.
    image: (H, W, 3).  codebook: fitted.  corners: (row, column) of the upper left pixel of each patch, for up to 8.
    """
    hard = copy(codebook)
    hard.soft, hard.grid, size = False, 1, codebook.patch_size
    patches = np.stack([image[row : row + size, column : column + size] for row, column in corners])
    nearest = hard.transform(patches).argmax(axis=1)
    centred = patches - patches.mean(axis=(1, 2, 3), keepdims=True)
    contrast = np.sqrt(np.mean(centred**2, axis=(1, 2, 3), keepdims=True) + CONTRAST_FLOOR)
    normalised, words = weight_images(centred / contrast, 2.5), weight_images(codebook.words)
    figure = plt.figure(figsize=(11, 3.2))
    grid = figure.add_gridspec(2, 2 + len(corners), width_ratios=(2.4, *[0.8] * len(corners), 3.6))
    whole = figure.add_subplot(grid[:, 0])
    whole.imshow(as_image(image))
    whole.set_axis_off()
    whole.set_title("1. patches")
    shown = [(n, *corner, word) for n, (corner, word) in enumerate(zip(corners, nearest, strict=True))]
    for n, row, column, word in shown:
        box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"}
        whole.add_patch(
            plt.Rectangle((column - 0.5, row - 0.5), size, size, fill=False, edgecolor="white", linewidth=2)
        )
        whole.text(column + size / 2 - 0.5, row + size / 2 - 0.5, "ABCDEFGH"[n], ha="center", va="center", bbox=box)
        pair = [figure.add_subplot(grid[line, 1 + n]) for line in (0, 1)]
        above = "2. patches at equal contrast, nearest words\n" if n == len(corners) // 2 else ""
        names = (f"{above}patch {'ABCDEFGH'[n]}", f"word {word}")
        picture_row(pair, [normalised[n], words[word]], names)
    counts = figure.add_subplot(grid[:, -1])
    shares = 100 * hard.transform(image)
    counts.bar(range(len(shares)), shares, 1, color=PALETTE[0])
    counts.set(title="3. words of all patches", xlabel="index of the word", ylabel="% of the patches")
    used = int(np.sum(shares > 0))
    figure.suptitle(f"Each patch gets its nearest word: this image uses {used} of the {len(shares)} words")
    return figure


def _hog_strokes(axis: Axes, feature: np.ndarray, orientations: int) -> None:
    cells = round(np.sqrt(len(feature) / orientations))
    strength = feature.reshape(cells, cells, orientations) / (np.max(feature) or 1)  # [row, column, direction]
    column, row = np.meshgrid(np.arange(cells), np.arange(cells))
    for k in range(orientations):
        angle = np.pi * ((k + 0.5) / orientations + 0.5)  # perpendicular to the gradient: along the edge
        dx, dy = 0.48 * np.cos(angle) * strength[..., k], 0.48 * np.sin(angle) * strength[..., k]
        ends = [[(column - dx).ravel(), (column + dx).ravel()], [(row - dy).ravel(), (row + dy).ravel()]]
        axis.plot(*ends, color=PALETTE[-1], linewidth=1.2)
    axis.set(xlim=(-0.5, cells - 0.5), ylim=(cells - 0.5, -0.5), aspect="equal")
    axis.set_xticks(np.arange(cells + 1) - 0.5, [])
    axis.set_yticks(np.arange(cells + 1) - 0.5, [])
    axis.tick_params(length=0)
    axis.grid(alpha=0.3)
    axis.spines[:].set_visible(False)
