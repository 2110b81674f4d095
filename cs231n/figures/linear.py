"""Figures of the notebooks on linear classifiers: slopes, batches, templates, and confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import BLUE, ORANGE, PALETTE, weight_images


def template_rows(weights: Mapping[str, np.ndarray], names: Sequence[str]) -> Figure:
    """Draw the columns of several W, {label: (3072 or more, C)}, as images, one row of the figure for each W.

    The images of a row share one scale, in which grey is 0. Rows of W after the first 3072 are left out.
    """
    figure, axes = plt.subplots(
        len(weights), len(names), figsize=(1.5 * len(names) + 0.6, 1.55 * len(weights) + 0.5), squeeze=False
    )
    for number, (line, (label, W)) in enumerate(zip(axes, weights.items(), strict=True)):
        images = weight_images(np.asarray(W)[:3072].T.reshape(-1, 32, 32, 3))
        for axis, image, name in zip(line, images, names, strict=True):
            axis.imshow(image)
            axis.set_xticks([])
            axis.set_yticks([])
            axis.spines[:].set_visible(False)
            if number == 0:
                axis.set_title(name)
        line[0].set_ylabel(label)
    figure.suptitle("With L1, most weights of the templates are close to 0 (grey)")
    return figure


def kink(at: float, h: float, slope: float) -> Axes:
    """Draw max(0, 1 - w), its slope of -1 at w = `at` < 1, and `slope`, its numeric slope from at - h to at + h."""
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


def difference_errors(steps: np.ndarray, errors: Mapping[str, np.ndarray]) -> Axes:
    """Draw relative errors of two difference quotients, {name: (n,)}, against the step h, (n,), and mark the minima."""
    _, axis = plt.subplots(figsize=(7, 3.8))
    ways = zip(errors.items(), (ORANGE, BLUE), "os", (8, -2), (-90, 0), strict=True)
    for (name, values), colour, marker, up, across in ways:
        axis.loglog(steps, values, marker=marker, markersize=4, color=colour)
        beside = {"textcoords": "offset points", "color": colour}
        axis.annotate(name, (steps[-1], values[-1]), xytext=(6, up), va="center", **beside)
        best = int(np.argmin(values))
        axis.loglog(steps[best], values[best], "o", markersize=11, markerfacecolor="none", markeredgecolor="black")
        label = f"{_power(values[best])} at h = {_power(steps[best])}"
        axis.annotate(label, (steps[best], values[best]), xytext=(across, -16), ha="center", fontsize=9, **beside)
    axis.set(
        title="Centred differences are more accurate, if the step is not too small",
        xlabel="step h",
        ylabel="relative error of the slope",
        ylim=(1e-13, 10),
    )
    axis.text(1e-14, 3e-2, "rounding error,\nlarger for a smaller h", fontsize=9)
    axis.grid(alpha=0.3)
    return axis


def _power(value: float) -> str:
    """Return a positive number as TeX, rounded to one significant digit times a power of ten."""
    digit, exponent = f"{value:.0e}".split("e")
    return rf"${digit} \cdot 10^{{{int(exponent)}}}$"


def gradient_noise(sizes: Sequence[int], noise: Sequence[float]) -> Axes:
    """Draw how far minibatch gradients are from the full gradient, relative to its length, against the batch size."""
    _, axis = plt.subplots()
    axis.loglog(sizes, noise, "o", color=PALETTE[0])
    fit = np.exp(np.mean(np.log(noise) + 0.5 * np.log(sizes)))
    axis.loglog(sizes, fit / np.sqrt(sizes), "--", color=PALETTE[3])
    axis.annotate("measured", (sizes[1], noise[1]), xytext=(6, 6), textcoords="offset points", color=BLUE)
    end = (sizes[-2], fit / np.sqrt(sizes[-2]))
    axis.annotate(f"{fit:.2g} / √n", end, xytext=(6, 8), textcoords="offset points", color=ORANGE)
    axis.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axis.minorticks_off()
    ticks = [tick for tick in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20) if min(noise) / 2 < tick < 2 * max(noise)]
    axis.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set(
        title="Four times as many images: half the noise of the gradient",
        xlabel="images in the minibatch, n",
        ylabel="noise, relative to the full gradient",
    )
    axis.grid(alpha=0.3)
    return axis


def batch_sizes(runs: Mapping[int, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Draw training runs {batch size: (minibatch losses, losses over all images at even intervals)}, one per panel.

    All panels have the same axis limits. The x axis is the number of images processed so far, a measure of the work.
    If minibatch losses exceed the upper limit, the label below the panel says how many, and gives the largest.
    """
    figure, axes = plt.subplots(1, len(runs), figsize=(2.9 * len(runs), 3.4), sharey=True, sharex=True, squeeze=False)
    for axis, (size, (losses, full)) in zip(axes[0], runs.items(), strict=True):
        seen = size * np.arange(1, len(losses) + 1)
        stretch = len(losses) // len(full)
        axis.plot(seen, losses, color=PALETTE[0], linewidth=0.6, alpha=0.6, label="minibatch")
        axis.plot(seen[stretch - 1 :: stretch], full, "o-", color=PALETTE[3], markersize=3, label="all images")
        axis.set(title=f"batch size {size:,}", xlabel="images seen", xscale="log")
        axis.grid(alpha=0.3)
    top = max(np.percentile(losses, 99) for losses, _ in runs.values())
    axes[0, 0].set(ylabel="loss", ylim=(0, top))
    for axis, (losses, _) in zip(axes[0], runs.values(), strict=True):
        if above := int(np.sum(np.asarray(losses) > top)):
            axis.set_xlabel(f"images seen\n(cut off: {above:,} of {len(losses):,} losses, up to {max(losses):.0f})")
    axes[0, -1].legend(loc="upper right")  # where the lines leave most room
    (small, (losses, reached)), (large, (others, full)) = (list(runs.items())[place] for place in (0, -1))
    work = small * len(losses)
    later = [large * len(others) * n // len(full) for n, loss in enumerate(full, 1) if loss <= reached[-1]]
    need = f"{later[0]:,}" if later else f"more than {large * len(others):,}"
    done = f"{work:,} images with batch size {small}, and {need} with batch size {large:,}"
    figure.suptitle(f"Reaching a loss of {reached[-1]:.1f} takes {done}")
    return figure


def reliability(confidence: np.ndarray, right: np.ndarray, bins: int = 10) -> Axes:
    """Draw accuracy against confidence, (N,) probabilities; `right`, (N,), says which predictions are correct.

    On the dashed diagonal, confidence and accuracy are equal. The number in each bar counts its predictions.
    """
    edges = np.linspace(0, 1, bins + 1)
    place = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    shares = np.bincount(place, right, minlength=bins) / np.maximum(1, counts)
    _, axis = plt.subplots(figsize=(6, 4.2))
    axis.bar(edges[:-1], shares, 1 / bins, align="edge", color=PALETTE[4], edgecolor="white")
    for left, count in zip(edges, counts, strict=False):
        axis.text(left + 0.5 / bins, 0.02, f"{count}" if count else "", ha="center", fontsize=9)
    axis.plot([0, 1], [0, 1], "--", color="black", linewidth=1)
    axis.annotate("well calibrated", (0.3, 0.36), rotation=34, ha="center", fontsize=9)
    axis.set(
        title=f"Mean probability {np.mean(confidence):.0%}, accuracy {np.mean(right):.0%} (numbers: images in a bar)",
        xlabel="probability of the predicted class",
        ylabel="share of correct predictions",
        xlim=(0, 1),
        ylim=(0, 1.08),
    )
    return axis
