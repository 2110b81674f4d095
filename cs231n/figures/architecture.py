"""Drawings of networks: units and layers, the shapes of their outputs, and units that dropout has switched off."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from cs231n.vis_utils import PALETTE

UNIT = 0.16  # radius of a unit
ARROW = {"arrowstyle": "-|>", "mutation_scale": 7, "color": "0.6", "linewidth": 0.6, "shrinkA": 0, "shrinkB": 0}


def fully_connected(
    sizes: Sequence[int],
    names: Sequence[str],
    title: str,
    off: Collection[tuple[int, int]] = (),
    axis: Axes | None = None,
) -> Axes:
    """Draw layers with the given numbers of units, each unit connected to all units of the next layer.

    names: the text under each layer. off: (layer, unit) pairs of the units that dropout has switched off, which are
    crossed out and have no arrows.
    """
    axis = axis or plt.subplots(figsize=(1.9 * len(sizes), 3.4))[1]
    places = [
        [(1.6 * layer, 0.5 * (unit - (size - 1) / 2)) for unit in range(size)] for layer, size in enumerate(sizes)
    ]
    for layer, (left, right) in enumerate(pairwise(places)):
        for i, start in enumerate(left):
            for j, end in enumerate(right):
                if (layer, i) not in off and (layer + 1, j) not in off:
                    _arrow(axis, start, end)
    for layer, column in enumerate(places):
        colour = PALETTE[0] if layer == 0 else PALETTE[3] if layer == len(sizes) - 1 else PALETTE[2]
        for unit, (x, y) in enumerate(column):
            gone = (layer, unit) in off
            face = "white" if gone else colour
            axis.add_patch(plt.Circle((x, y), UNIT, facecolor=face, edgecolor="0.6" if gone else colour, zorder=2))
            if gone:
                for sign in (-1, 1):
                    axis.plot(
                        [x - UNIT, x + UNIT], [y - sign * UNIT, y + sign * UNIT], color="0.5", linewidth=1.2, zorder=3
                    )
        axis.text(column[0][0], -0.25 * max(sizes) - 0.15, names[layer], ha="center", va="top")
    axis.set(
        title=title,
        aspect="equal",
        xlim=(-0.8, 1.6 * len(sizes) - 0.8),
        ylim=(-0.25 * max(sizes) - 0.55, 0.25 * max(sizes) + 0.1),
    )
    axis.set_axis_off()
    return axis


def chain(steps: Sequence[tuple[str, str]], title: str) -> Axes:
    """Draw a network as a chain of (name of the layer, shape of its output), from left to right.

    The first pair is the input.
    """
    _, axis = plt.subplots(figsize=(1.32 * len(steps), 1.6))
    for n, (name, shape) in enumerate(steps):
        x = 1.5 * n
        colour = PALETTE[0] if n == 0 else PALETTE[2]
        box = FancyBboxPatch(
            (x - 0.42, -0.3), 0.84, 0.6, boxstyle="round,pad=0.06", facecolor="white", edgecolor=colour, linewidth=1.6
        )
        axis.add_patch(box)
        axis.text(x, 0, name, ha="center", va="center", fontsize=9.5)
        axis.text(x, -0.52, shape, ha="center", va="top", fontsize=9.5)
        if n:
            axis.add_patch(
                FancyArrowPatch(
                    (x - 1.02, 0), (x - 0.48, 0), **(ARROW | {"color": "0.3", "linewidth": 1.2, "mutation_scale": 11})
                )
            )
    axis.set(title=title, xlim=(-0.7, 1.5 * len(steps) - 0.8), ylim=(-0.9, 0.55), aspect="equal")
    axis.set_axis_off()
    return axis


def dropped(outputs: Mapping[str, np.ndarray], title: str) -> Figure:
    """Draw {name: outputs of a hidden layer, (N, H)} in panels; outputs that are 0 are hatched."""
    figure, axes = plt.subplots(1, len(outputs), figsize=(2.6 * len(outputs), 2.4), sharey=True)
    top = max(values.max() for values in outputs.values())
    for axis, (name, values) in zip(axes, outputs.items(), strict=True):
        axis.patch.set(facecolor="0.9", hatch="////", edgecolor="0.6")
        drawn = axis.imshow(np.ma.masked_equal(values, 0), cmap="YlGnBu", vmin=0, vmax=top)
        axis.set(title=name, xlabel="hidden unit", xticks=range(0, values.shape[1], 2))
    axes[0].set_ylabel("example")
    figure.colorbar(drawn, ax=axes, label="output")
    figure.suptitle(title)
    return figure


def _arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw an arrow between the edges of two units."""
    (x0, y0), (x1, y1) = start, end
    along = np.array([x1 - x0, y1 - y0])
    along *= UNIT / np.linalg.norm(along)
    axis.add_patch(FancyArrowPatch(start + along, end - along, **ARROW))
