"""Figures of how networks are trained: paths of update rules, what layers are given and give, trainings compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from cs231n.vis_utils import MARKERS, PALETTE

DASHES = ("-", "--", "-.", ":")


def descent_paths(height: Callable, paths: Mapping[str, np.ndarray], title: str) -> Figure:
    """Draw paths {name: (steps, 2)} down a landscape: from above, and how high each is after every step.

    height: takes (..., 2) points and gives (...,) heights above the lowest point, which is at (0, 0).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=(1.5, 1))
    across, up = np.linspace(-10, 4, 141), np.linspace(-3, 3, 121)
    heights = height(np.stack(np.meshgrid(across, up), axis=-1))
    left.contour(across, up, heights, levels=np.geomspace(0.1, heights.max(), 12), colors="grey", linewidths=0.6)
    for number, (name, path) in enumerate(paths.items()):
        style = {"color": PALETTE[number], "linestyle": DASHES[number % 4], "linewidth": 1.3}
        left.plot(*path.T, marker=MARKERS[number], markersize=3.5, **style)
        right.plot(height(path), marker=MARKERS[number], markersize=3.5, markevery=4, label=name, **style)
    left.plot(0, 0, "k*", markersize=11)
    left.set(title=title, xlabel="$w_1$", ylabel="$w_2$", xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    right.set(title="Height after each step", xlabel="step", ylabel="height", yscale="log")
    right.grid(alpha=0.3)
    right.legend()
    return figure


def activations(layers: Mapping[str, Sequence[np.ndarray]], title: str, shown: Sequence[int], top=5.0) -> Figure:
    """Draw {name: outputs of the layers, first to last}: histograms of some of them, one name a row.

    shown: numbers of the layers to draw, from 1.  top: how far the axes go, from 0; how much is above it, and how much
    is exactly 0, as ReLU makes it, is said in words.
    """
    size, bins = (len(layers), len(shown)), np.linspace(0, top, 31)
    figure, axes = plt.subplots(
        *size, figsize=(2.2 * size[1] + 0.8, 1.45 * size[0] + 0.8), squeeze=False, sharex=True, sharey=True
    )
    for row, colour, (name, outputs) in zip(axes, PALETTE, layers.items(), strict=False):
        row[0].set_ylabel(name)
        for axis, number in zip(row, shown, strict=True):
            values = np.ravel(outputs[number - 1])
            positive = values[values > 0]
            axis.hist(positive, bins, weights=np.full(positive.size, 1 / values.size), color=colour)
            told = f"{np.mean(values == 0):.0%} are 0\n{np.mean(values > top):.0%} above {top:g}"
            axis.text(0.97, 0.93, told, ha="right", va="top", fontsize=9, transform=axis.transAxes)
            axis.set_ylim(0, 0.2)
    for axis, number in zip(axes[0], shown, strict=True):
        axis.set_title(f"layer {number}")
    figure.supxlabel("output of a hidden unit", fontsize=10)
    figure.supylabel("share of all outputs", fontsize=10)
    figure.suptitle(title)
    return figure


def trainings(solvers: Mapping[str, Any], title: str, smooth: int = 20) -> Figure:
    """Draw trainings {name: Solver} in one figure: the loss, and accuracy on training and validation data."""
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.9))
    axes[2].sharey(axes[1])
    for number, (name, solver) in enumerate(solvers.items()):
        style = {"color": PALETTE[number], "linestyle": DASHES[number % 4], "label": name}
        width = max(1, min(smooth, len(solver.loss_history)))
        loss = np.convolve(solver.loss_history, np.ones(width) / width, mode="valid")
        axes[0].plot(np.arange(len(loss)) + width - 1, loss, **style)
        for axis, history in zip(axes[1:], (solver.train_acc_history, solver.val_acc_history), strict=True):
            axis.plot(history, marker=MARKERS[number], markersize=3.5, markevery=-(-len(history) // 15), **style)
    axes[0].set(
        title=f"Loss, mean of {smooth} batches" if smooth > 1 else "Loss of each batch",
        xlabel="iteration",
        ylabel="loss",
    )
    axes[1].set(title="Accuracy, training", xlabel="epoch", ylabel="accuracy")
    axes[2].set(title="Accuracy, validation", xlabel="epoch", ylabel="accuracy")
    for axis in axes:
        axis.grid(alpha=0.3)
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=len(solvers))
    figure.suptitle(title)
    return figure


def ranges(panels: Mapping[str, Sequence[np.ndarray]], title: str, ylabel: str) -> Figure:
    """Draw {name: arrays, one for each epoch} in panels: the median of each array, and where nine tenths of it lie."""
    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels) + 1, 3.7), sharey=True, squeeze=False)
    for axis, (name, arrays) in zip(axes[0], panels.items(), strict=True):
        low, middle, high = np.percentile([np.ravel(array) for array in arrays], [5, 50, 95], axis=1)
        axis.fill_between(range(len(arrays)), low, high, alpha=0.3, label="nine tenths")
        axis.plot(middle, marker="o", markersize=4, label="median")
        axis.set(title=name, xlabel="epoch")
        axis.grid(alpha=0.3)
    axes[0, 0].set_ylabel(ylabel)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.suptitle(title)
    return figure


def by_setting(settings: Sequence, panels: Mapping[str, Mapping[str, Sequence]], title: str, xlabel: str) -> Figure:
    """Draw {quantity: {name: its value for each setting}}, a panel for each quantity, the settings on a log scale."""
    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels) + 1, 3.9), squeeze=False)
    for axis, (quantity, lines) in zip(axes[0], panels.items(), strict=True):
        for number, (name, values) in enumerate(lines.items()):
            style = {"color": PALETTE[number], "linestyle": DASHES[number % 4], "marker": MARKERS[number]}
            axis.plot(settings, values, markersize=5, label=name, **style)
        axis.set(xscale="log", xlabel=xlabel, ylabel=quantity)
        axis.grid(alpha=0.3)
    handles, names = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names))
    figure.suptitle(title)
    return figure


def batch_normalisation_graph() -> Figure:
    """Draw the computation graph of batch normalisation for one feature: values, and arrows from left to right."""
    deviation = r"$1/\sqrt{\sigma^2+\epsilon}$"
    places = {"$x$": (0, 1), r"$\mu$": (1, 0), r"$x-\mu$": (2, 1), r"$\sigma^2$": (3, 0), deviation: (4.4, 0)}
    places |= {r"$\hat{x}$": (5, 1), "out": (6.2, 1)}
    nodes = list(places)
    figure, axis = plt.subplots(figsize=(9, 2.4))
    for start, end in ((0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (2, 5), (4, 5), (5, 6)):
        arrow = {"arrowstyle": "->", "shrinkA": 22, "shrinkB": 36 if nodes[end] == deviation else 22}
        axis.annotate("", places[nodes[end]], places[nodes[start]], arrowprops=arrow)
    for name, place in places.items():
        axis.text(*place, name, ha="center", va="center", fontsize=12)
    axis.text(5.6, 1.15, r"$\times\,\gamma,\ +\,\beta$", ha="center")
    axis.set(title="Batch normalisation as a computation graph", xlim=(-0.4, 6.6), ylim=(-0.4, 1.4))
    axis.axis("off")
    return figure
