"""Figures of the notebooks on linear classifiers: slopes, batches, templates, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import PALETTE, as_image


def template_rows(weights: Mapping[str, np.ndarray], names: Sequence[str]) -> Figure:
    """Draw columns of several W, {label: (3072 or more, C)}, as images, one W a row: grey is 0, a row has one scale."""
    figure, axes = plt.subplots(
        len(weights), len(names), figsize=(1.5 * len(names) + 0.6, 1.55 * len(weights) + 0.5), squeeze=False
    )
    for line, (label, W) in zip(axes, weights.items(), strict=True):
        images = np.asarray(W)[:3072].T.reshape(-1, 32, 32, 3)
        scale = np.percentile(np.abs(images), 99.5) or 1.0
        for axis, image, name in zip(line, images, names, strict=True):
            axis.imshow(as_image(127.5 + 127.5 * image / scale))
            axis.set_xticks([])
            axis.set_yticks([])
            axis.spines[:].set_visible(False)
            if line is axes[0]:
                axis.set_title(name)
        line[0].set_ylabel(label)
    figure.suptitle("The same classes, with three penalties")
    return figure


def kink(at: float, h: float, slope: float) -> Axes:
    """Draw max(0, 1 - w) around w = 1, its slope at w = `at`, and the numeric one from at - h to at + h."""
    _, axis = plt.subplots(figsize=(6.5, 3.6))
    w = np.linspace(at - 2 * h, at + 2 * h, 201)
    axis.plot(w, np.maximum(0, 1 - w), color="0.6", linewidth=5, alpha=0.6, label="max(0, 1 − w)")
    around = np.array([at - 0.9 * h, at + 0.35 * h])
    axis.plot(around, 1 - around, color=PALETTE[0], label="true slope at w: −1.000")
    ends = np.array([at - h, at + h])
    axis.plot(
        ends, np.maximum(0, 1 - ends), "o--", color=PALETTE[3], label=f"numeric slope: {slope:.3f}".replace("-", "−")
    )
    axis.plot(at, 1 - at, "o", color="black")
    axis.annotate(f"w = {at}", (at, 1 - at), xytext=(-12, -16), textcoords="offset points", ha="right")
    axis.set(title="Across the kink, the numeric gradient is wrong", xlabel="w", ylabel="loss")
    axis.legend()
    return axis


def batch_sizes(runs: Mapping[int, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Draw trainings with {batch size: (minibatch losses, losses over all the images at even stretches)}, one a panel.

    All panels have the same axes; along x is the number of images seen, the work done.
    """
    figure, axes = plt.subplots(1, len(runs), figsize=(2.9 * len(runs), 3.2), sharey=True, sharex=True, squeeze=False)
    for axis, (size, (losses, full)) in zip(axes[0], runs.items(), strict=True):
        seen = size * np.arange(1, len(losses) + 1)
        stretch = len(losses) // len(full)
        axis.plot(seen, losses, color=PALETTE[0], linewidth=0.6, alpha=0.6, label="minibatch")
        axis.plot(seen[stretch - 1 :: stretch], full, "o-", color=PALETTE[3], markersize=3, label="all images")
        axis.set(title=f"batch size {size:,}", xlabel="images seen", xscale="log")
        axis.grid(alpha=0.3)
    top = max(np.percentile(losses, 99) for losses, _ in runs.values())
    axes[0, 0].set(ylabel="loss", ylim=(0, top))
    axes[0, 0].legend(fontsize=8, loc="upper left")
    figure.suptitle("Small batches are noisy, and get farther with the same number of images")
    return figure


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> Axes:
    """Draw which share of the predictions is right, by confidence, (N,) probabilities; `right`, (N,), says which are.

    The dashed diagonal is where confidence and accuracy are equal; on each bar is the number of its predictions.
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    shares = np.bincount(place, right, minlength=bins) / np.maximum(1, counts)
    _, axis = plt.subplots(figsize=(6, 4.2))
    drawn = axis.bar(edges[:-1], shares, 1 / bins, align="edge", color=PALETTE[4], edgecolor="white")
    axis.bar_label(drawn, [f"{count}" if count else "" for count in counts], padding=2, fontsize=9)
    axis.plot([0, 1], [0, 1], "--", color="black", linewidth=1)
    axis.annotate("if it were honest", (0.27, 0.3), rotation=33, ha="center", fontsize=9)
    axis.set(
        title="The more confident, the more often right (numbers: images)",
        xlabel="probability of the predicted class",
        ylabel="share that is right",
        xlim=(0, 1),
        ylim=(0, 1.08),
    )
    return axis
