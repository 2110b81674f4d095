"""Figures of derivatives: Jacobians, activation functions, and how these change gradients in the backward pass."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.figures.networks import COLOURS, DASHES, label_ends
from cs231n.vis_utils import MARKERS, PALETTE


def jacobian(J: np.ndarray, examples: int) -> Axes:
    """Draw J, (N M, N D), the Jacobian of an affine layer for N examples; the N blocks that equal W^T are framed.

    examples: N.
    """
    rows, columns = J.shape[0] // examples, J.shape[1] // examples
    _, axis = plt.subplots(figsize=(5.6, 5))
    largest = np.abs(J).max()
    drawn = axis.imshow(J, cmap="PuOr", vmin=-largest, vmax=largest)
    taken: set[tuple[int, int]] = set()  # cells covered by the names of the blocks
    for n in range(examples):
        place = columns * n - 0.5, rows * n - 0.5
        axis.add_patch(plt.Rectangle(place, columns, rows, fill=False, edgecolor="black", linewidth=2))
        row, left = rows * n + rows // 2, columns * (n + 1) if n < examples - 1 else columns * n - 2
        taken |= {(row, left), (row, left + 1)}
        axis.text(left + 0.5, row, "$W^T$", ha="center", va="center", fontsize=12)
    for i, j in np.argwhere(J == 0):
        if (i, j) not in taken:
            axis.text(j, i, "0", ha="center", va="center", color="0.4", fontsize=8)
    axis.set_title("Jacobian of an affine layer: $W^T$ for each example, 0 elsewhere")
    axis.set(xlabel=f"entry of x ({columns} for each example)", ylabel=f"entry of out ({rows} for each example)")
    axis.figure.colorbar(drawn, ax=axis, label="∂out / ∂x")
    return axis


def functions(x: np.ndarray, curves: Mapping[str, tuple[np.ndarray, np.ndarray]], title: str) -> Figure:
    """Draw {name: (outputs, derivatives)} against x, a function in each panel; derivatives are interrupted at jumps."""
    size = max(4.6, 2.3 * len(curves)), 3.3
    figure, axes = plt.subplots(1, len(curves), figsize=size, sharex=True, sharey=True, squeeze=False)
    for axis, (name, (out, slope)) in zip(axes[0], curves.items(), strict=True):
        jumps = np.flatnonzero(np.abs(np.diff(slope)) > 0.3)
        axis.axhline(0, color="0.8", linewidth=0.8)
        axis.plot(x, out, color=PALETTE[0], label="output")
        axis.plot(
            np.insert(x, jumps + 1, x[jumps]),
            np.insert(slope, jumps + 1, np.nan),
            "--",
            color=PALETTE[3],
            label="derivative",
        )
        axis.set(title=name, xlabel="x", ylim=(-1.3, 2.2))
        axis.grid(alpha=0.3)
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    figure.suptitle(title)
    return figure


def gradients_on_the_way_back(sizes: Mapping[str, np.ndarray], title: str) -> Axes:
    """Draw {name: standard deviations of the gradient at the input and after each layer}; the input is on the right."""
    _, axis = plt.subplots()
    for number, values in enumerate(sizes.values()):
        style = {"color": COLOURS[number % 4], "linestyle": DASHES[number % 4], "marker": MARKERS[number]}
        axis.plot(range(len(values)), values, markersize=4, **style)
    depth = len(next(iter(sizes.values()))) - 1
    axis.set(title=title, xlabel="layer (0: the input)", ylabel="standard deviation of the gradient", yscale="log")
    axis.set_xlim(depth + 0.3, -0.2)
    axis.set_xticks(range(depth + 1))
    arrow = {"arrowstyle": "->", "color": "0.3"}
    axis.annotate("", (0.55, 0.06), (0.2, 0.06), xycoords="axes fraction", textcoords="axes fraction", arrowprops=arrow)
    axis.text(0.375, 0.08, "the gradient travels this way", transform=axis.transAxes, ha="center", fontsize=9)
    axis.grid(alpha=0.3)
    label_ends(axis, list(sizes), [values[0] for values in sizes.values()], 0)
    return axis


def dead_units(x: np.ndarray, y: np.ndarray, histories: Mapping[str, Mapping[str, list]], title: str) -> Figure:
    """Draw how networks with one hidden layer learn y(x): the loss, how many units get no gradient, and the result.

    x, y: (N,).  histories: {name: {"loss": losses, "dead": numbers of units without a gradient, "out": outputs}}. Each
    of the three is a list with one entry per step; the entries of "out" are (N, 1) arrays.
    """
    figure, axes = plt.subplots(1, 3, figsize=(11.5, 3.4))
    ends = []
    for number, history in enumerate(histories.values()):
        style = {"color": COLOURS[number % 4], "linestyle": DASHES[number % 4]}
        for axis, name in zip(axes, ("loss", "dead"), strict=False):
            axis.plot(range(1, len(history[name]) + 1), history[name], **style)
        axes[2].plot(x, history["out"][-1][:, 0], **style)
        ends.append(history["out"][-1][-1, 0])
    number = len(histories)
    axes[2].plot(x, y, color=COLOURS[number % 4], linestyle=":", linewidth=2.5)
    axes[0].set(title="Loss", ylabel="mean squared error", yscale="log")
    axes[1].set(title="Hidden units without a gradient", ylabel="number of units", ylim=(-1, None))
    axes[2].set(title="The function after training", xlabel="x", ylabel="output")
    for axis in axes[:2]:
        axis.set(xscale="log", xlabel="step (the first is 20 times too large)")
    for axis in axes:
        axis.grid(alpha=0.3)
    figure.suptitle(title)
    label_ends(axes[2], [*histories, "target y"], [*ends, y[-1]], x[-1])
    return figure
