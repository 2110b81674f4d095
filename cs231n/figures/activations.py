"""Figures of activation functions, their derivatives, and what these do to gradients on the way back."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.vis_utils import PALETTE

DASHES = ("-", "--", "-.", ":")


def functions(x: np.ndarray, curves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Draw {name: (outputs, derivatives)} over x, one function a panel; a line is broken where it jumps."""
    figure, axes = plt.subplots(
        1, len(curves), figsize=(2.3 * len(curves), 2.9), sharex=True, sharey=True, squeeze=False
    )
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
    axes[0, 0].legend(loc="upper left", fontsize=8)
    return figure


def gradients_on_the_way_back(sizes: Mapping[str, np.ndarray], title: str) -> Axes:
    """Draw how large the gradient is at each layer, {name: from the input (0) to the end}; it travels to the right."""
    _, axis = plt.subplots()
    for (name, values), dash in zip(sizes.items(), DASHES, strict=False):
        axis.plot(range(len(values)), values, dash, marker="o", markersize=4)
        axis.annotate(name, (0, values[0]), xytext=(6, 0), textcoords="offset points", va="center")
    depth = len(next(iter(sizes.values()))) - 1
    axis.set(title=title, xlabel="layer", ylabel="standard deviation of the gradient", yscale="log")
    axis.set_xlim(depth + 0.3, -1.4)
    axis.set_xticks(range(depth + 1))
    arrow = {"arrowstyle": "->", "color": "0.3"}
    axis.annotate("", (0.55, 0.06), (0.2, 0.06), xycoords="axes fraction", textcoords="axes fraction", arrowprops=arrow)
    axis.text(0.375, 0.08, "the gradient travels this way", transform=axis.transAxes, ha="center", fontsize=9)
    axis.grid(alpha=0.3)
    return axis
