"""Figures of how networks are trained: paths of update rules, outputs of layers, training runs, templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import BLUE, GREEN, MARKERS, ORANGE, PALETTE, visualize_grid

DASHES = ("-", "--", "-.", ":")
FONT = 10
COLOURS = (BLUE, ORANGE, GREEN, PALETTE[-1])


def descent_paths(height: Callable, paths: Mapping[str, np.ndarray], title: str) -> Figure:
    """Draw paths {name: (steps + 1, 2) points} down a valley: seen from above, and the height after every step.

    height: a function from (..., 2) points to (...,) heights above the lowest point, which is at (0, 0).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), width_ratios=(1.5, 1))
    across, up = np.linspace(-10, 4, 141), np.linspace(-3, 3, 121)
    heights = height(np.stack(np.meshgrid(across, up), axis=-1))
    left.contour(across, up, heights, levels=np.geomspace(0.1, heights.max(), 12), colors="grey", linewidths=0.6)
    for number, path in enumerate(paths.values()):
        style = {"color": COLOURS[number % 4], "linestyle": DASHES[number % 4], "linewidth": 1.3}
        left.plot(*path.T, marker=MARKERS[number], markersize=3.5, **style)
        right.plot(height(path), marker=MARKERS[number], markersize=3.5, markevery=4, **style)
    left.plot(0, 0, "k*", markersize=15, markeredgecolor="white", zorder=5)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}  # hides the lines of equal height behind the words
    near: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "bbox": box}
    left.annotate("start", next(iter(paths.values()))[0], xytext=(0, 7), **near)
    left.annotate("minimum", (0, 0), xytext=(0, -42), arrowprops={"arrowstyle": "-", "shrinkB": 7}, zorder=4, **near)
    left.set(title="Seen from above; lines of equal height", xlabel="$w_1$", ylabel="$w_2$")
    left.set(xlim=(across[0], across[-1]), ylim=(up[0], up[-1]))
    right.set(title="Height after each step", xlabel="step", ylabel="height", yscale="log")
    right.grid(alpha=0.3)
    figure.suptitle(title)
    ends = [height(path)[-1] for path in paths.values()]
    label_ends(right, list(paths), ends, max(len(path) for path in paths.values()) - 1)
    return figure


def activations(layers: Mapping[str, Sequence[np.ndarray]], title: str) -> Figure:
    """Draw {name: outputs of the layers after ReLU, first to last}: a panel for each name, a histogram for each layer.

    The histograms are of log10 of the outputs that are not 0; the share of zeros is written to the right of each. Up to
    four panels are drawn.
    """
    bins = np.linspace(-11, 5, 129)
    figure, axes = plt.subplots(1, len(layers), figsize=(2.9 * len(layers), 4.2), sharex=True, sharey=True)
    for axis, colour, (name, outputs) in zip(axes, COLOURS, layers.items(), strict=False):
        for number, values in enumerate(outputs, start=1):
            counts, _ = np.histogram(np.log10(values[values > 0]), bins)
            heights = np.repeat(0.95 * counts / max(1, counts.max()), 2)
            edges = np.repeat(bins, 2)[1:-1]
            axis.fill_between(edges, number, number - heights, facecolor=colour, alpha=0.75, linewidth=0, zorder=2)
            axis.axhline(number, color="0.7", linewidth=0.6, zorder=1)
            axis.text(5.2, number - 0.15, f"{np.mean(values == 0):.0%}", ha="left", fontsize=8, color="0.25")
        axis.text(5.2, -0.25, "are 0", fontsize=8, color="0.25")
        axis.axvline(0, color="0.5", linewidth=0.8, linestyle=":", zorder=3)
        axis.set(title=name, ylim=(len(outputs) + 0.3, -0.6), yticks=range(1, len(outputs) + 1))
        axis.set_xticks([-8, -4, 0, 4], ["$10^{-8}$", "$10^{-4}$", "1", "$10^4$"])
    axes[0].set_ylabel("hidden layer")
    figure.supxlabel("output of a hidden unit (histogram of those that are not 0)", fontsize=FONT)
    figure.suptitle(title)
    return figure


def template_pair(pair: Mapping[str, np.ndarray], title: str) -> Figure:
    """Draw {name: (N, H, W, 3) weights} as two or more grids of images next to each other."""
    figure, axes = plt.subplots(1, len(pair), figsize=(4.4 * len(pair), 4.9))
    for axis, (name, weights) in zip(axes, pair.items(), strict=True):
        axis.imshow(visualize_grid(weights, ubound=1.0))
        axis.set_axis_off()
        axis.set_title(name)
    figure.suptitle(title)
    return figure


def trainings(solvers: Mapping[str, Any], title: str, smooth: int = 20) -> Figure:
    """Draw training runs {name: Solver}: loss (the mean of `smooth` batches), training and validation accuracy."""
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.9))
    axes[2].sharey(axes[1])
    for number, (name, solver) in enumerate(solvers.items()):
        style = {"color": COLOURS[number % 4], "linestyle": DASHES[number % 4], "label": name}
        style["linewidth"] = max(1.2, 2.7 - 0.5 * number)  # a line can be seen behind another one
        width = max(1, min(smooth, len(solver.loss_history)))
        loss = np.convolve(solver.loss_history, np.ones(width) / width, mode="valid")
        axes[0].plot(np.arange(len(loss)) + width - 1, loss, **style)
        for axis, history in zip(axes[1:], (solver.train_acc_history, solver.val_acc_history), strict=True):
            dots = {"marker": MARKERS[number], "markersize": max(3.5, 6 - 0.8 * number)}
            axis.plot(history, markevery=-(-len(history) // 15), **dots, **style)
    axes[0].set(
        title=f"Loss, mean of {smooth} batches" if smooth > 1 else "Loss of each batch",
        xlabel="iteration",
        ylabel="loss",
    )
    axes[1].set(title="Training accuracy", xlabel="epoch", ylabel="accuracy")
    axes[2].set(title="Validation accuracy", xlabel="epoch", ylabel="accuracy")
    for axis in axes:
        axis.grid(alpha=0.3)
    figure.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center", ncols=len(solvers))
    figure.suptitle(title)
    return figure


def labelled(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    title: str,
    xlabel: str,
    ylabel: str,
    log: str = "",
    bottom: float | None = None,
) -> Axes:
    """Draw {name: values} as lines against x, each with its name at its right end.

    log: the axes that are logarithmic, "x", "y" or "xy". If x is logarithmic and has up to ten values, these are its
    ticks.  bottom: the lower end of the y axis, by default below all lines.
    """
    _, axis = plt.subplots(figsize=(8.2, 3.6))
    for number, values in enumerate(lines.values()):
        style = {"color": COLOURS[number % 4], "linestyle": DASHES[number % 4], "marker": MARKERS[number]}
        every = 0.07 if "x" in log and len(values) > 15 else -(-len(values) // 15)  # 0.07 of the diagonal
        axis.plot(x, values, markersize=5, markevery=every, **style)
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.set(**{f"{which}scale": "log" for which in log})
    axis.set_ylim(bottom=bottom)
    if "x" in log and len(x) <= 10:
        axis.set_xticks(x, [f"{one:g}" for one in x])
        axis.minorticks_off()
    axis.grid(alpha=0.3)
    label_ends(axis, list(lines), [values[-1] for values in lines.values()], x[-1])
    return axis


def label_ends(axis: Axes, names: Sequence[str], heights: Sequence[float], x: float) -> None:
    """Write the names to the right of the axes, near the heights at which the lines end, without overlaps."""
    axis.figure.draw_without_rendering()  # this sets the final size of the axes
    points = axis.transData.transform([(x, height) for height in heights])
    wanted = np.clip(axis.transAxes.inverted().transform(points)[:, 1], 0, 1)
    room = 1.3 * FONT / (axis.get_window_extent().height * 72 / axis.figure.dpi)  # one line, as a share of the height
    order = np.argsort(wanted, kind="stable")
    placed = wanted.copy()
    for below, above in pairwise(order):
        placed[above] = max(wanted[above], placed[below] + room)
    placed -= max(0.0, placed[order[-1]] - 1)
    for number, (name, height) in enumerate(zip(names, heights, strict=True)):
        colour = COLOURS[number % 4]
        leader = {"arrowstyle": "-", "color": colour, "linewidth": 0.6, "shrinkA": 0, "shrinkB": 3, "relpos": (0, 0.5)}
        spot = 1.05, placed[number]
        style = {"textcoords": "axes fraction", "va": "center", "color": colour, "fontsize": FONT}
        axis.annotate(name, (x, height), spot, arrowprops=leader, **style)
