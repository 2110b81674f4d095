"""Figures of batch and layer normalisation: the computation graph, the numbers that share a mean, and distributions."""

from __future__ import annotations

from collections.abc import Mapping

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from cs231n.figures.graph import GRADIENT, INK, VALUE, arrow, box_of, gap_before, number

PITCH = 2.5  # distance between columns of gates
LOWER = -2.9  # height of the lower row; the upper one is at 0
LINE = 0.21  # height of a line of text
LEVEL = 1.6  # length of the horizontal part of a wire
# Gates, numbered from 1 in the order of the forward pass: symbol, column, height.
GATES = (
    ("mean", 1, LOWER),
    ("−", 2, 0),
    ("square", 3, LOWER),
    ("mean", 4, LOWER),
    (r"$1/\sqrt{\cdot+\epsilon}$", 5, LOWER),
    ("×", 6, 0),
    ("× γ", 7, 0),
    ("+ β", 8, 0),
)
# {wire: (its name in the figure, the gate where it starts (0: the input x), the gates where it ends)}.
WIRES = {
    "x": ("$x$", 0, (1, 2)),
    "mean": (r"$\mu$", 1, (2,)),
    "centred": (r"$x-\mu$", 2, (3, 6)),
    "squares": (r"$(x-\mu)^2$", 3, (4,)),
    "variance": (r"$\sigma^2$", 4, (5,)),
    "scale": (r"$s$", 5, (6,)),
    "normalised": (r"$\hat{x}$", 6, (7,)),
    "scaled": (r"$\gamma\hat{x}$", 7, (8,)),
    "out": ("out", 8, ()),
}


def batch_graph(
    values: Mapping[str, np.ndarray], title: str, gradients: Mapping[str, np.ndarray] | None = None
) -> Axes:
    """Draw batch normalisation of the first feature as a graph of eight gates, with the numbers on every wire.

    values: {wire: its array}, for the wires x, mean, centred, squares, variance, scale, normalised, scaled and out;
    (N, D) if there is a value for each example, (D,) if there is one for the batch.
    gradients: {wire: gradient of the loss with respect to its array}, for the same wires; for x and centred, which are
    used by two gates, also the part that comes back from each gate: "x_1", "x_2", "centred_3" and "centred_6".
    """
    _, axis = plt.subplots(figsize=(11.4, 4.0 if gradients is None else 4.6))
    for wire, (name, start, ends) in WIRES.items():
        _draw_wire(axis, start, ends, gradients is not None)
        x, y = _outlet(start)
        middle = x + (0.95 if start else 0.6)
        axis.text(middle, y + 0.2 + LINE * _size(values[wire]), name, ha="center", va="bottom", fontsize=10)
        _stack(axis, middle, y + 0.12, values[wire], VALUE, up=True)
        if gradients is not None:
            _stack(axis, middle, y - 0.26, gradients[wire], GRADIENT, up=False)
    if gradients is not None:
        for wire in ("x", "centred"):
            _draw_parts(axis, wire, gradients)
    for position, (symbol, column, level) in enumerate(GATES, start=1):
        axis.text(PITCH * column, level, symbol, ha="center", va="center", bbox=box_of(symbol), zorder=3)
        above = {"y": level + 0.36, "va": "bottom"} if level == 0 else {"y": level - 0.36, "va": "top"}
        axis.text(PITCH * column, s=str(position), ha="center", fontsize=9, weight="bold", **above)
    told = "above the wires: values for each example, computed from left to right"
    back = (
        "below, in italics: gradients of the loss, from right to left; grey boxes: the parts of a gradient that add up"
    )
    axis.set(title=title, xlabel=told + (f"\n{back}" if gradients is not None else ""), xticks=[], yticks=[])
    axis.set(xlim=(-0.4, PITCH * 8 + 1.9), ylim=(LOWER - (0.7 if gradients is None else 1.1), 1.25))
    axis.spines[:].set_visible(False)
    return axis


def _outlet(gate: int) -> tuple[float, float]:
    """Return (x, y) of the start of the wire out of a gate."""
    if not gate:
        return 0.0, 0.0
    _, column, level = GATES[gate - 1]
    return PITCH * column, level


def _draw_wire(axis: Axes, start: int, ends: tuple[int, ...], backward: bool) -> None:
    """Draw the wire from gate `start` to the gates `ends`; if `backward`, also draw an arrow to the left below it."""
    x, y = _outlet(start)
    after = x + LEVEL
    for end in ends or (0,):
        to = _outlet(end) if end else (after + 0.2, y)
        bend = [(x, y), (after, y), to] if to[1] != y else [(x, y), to]
        axis.plot(*zip(*bend, strict=True), color=INK, linewidth=1, zorder=1)
        gap = gap_before(GATES[end - 1][0], to[1] == y) if end else 0
        arrow(axis, bend[-2], to, INK, gap)
    if backward:
        arrow(axis, (after - 0.15, y - 0.16), (x + (0.6 if start else 0.2), y - 0.16), GRADIENT)


def _size(values: np.ndarray) -> int:
    return len(_first_feature(values))


def _first_feature(values: np.ndarray) -> np.ndarray:
    """Return the numbers of the first feature, one for each example, or one for the whole batch."""
    return np.atleast_1d(values)[..., 0].reshape(-1)


def _stack(axis: Axes, x: float, y: float, values: np.ndarray, colour: str, up: bool) -> None:
    """Write the numbers of the first feature in a column, above or below a wire."""
    numbers = "\n".join(number(value) for value in _first_feature(values))
    style = "normal" if up else "italic"
    axis.text(x, y, numbers, ha="center", va="bottom" if up else "top", color=colour, style=style, fontsize=9)


def _draw_parts(axis: Axes, wire: str, gradients: Mapping[str, np.ndarray]) -> None:
    """Write, next to each of the two wires of a value that is used twice, the gradient that comes back along it."""
    _, start, ends = WIRES[wire]
    x, y = _outlet(start)
    for end in ends:
        to = _outlet(end)
        spot = (to[0] - 0.95, y - 0.62) if to[1] == y else ((x + LEVEL + to[0]) / 2, (y + to[1]) / 2)
        told = "\n".join(number(value) for value in _first_feature(gradients[f"{wire}_{end}"]))
        box = {"boxstyle": "round,pad=0.2", "facecolor": "0.92", "edgecolor": "none"}
        style = {"ha": "center", "va": "center", "fontsize": 9, "style": "italic", "color": GRADIENT}
        axis.text(*spot, told, bbox=box, zorder=2, **style)


def rows_and_columns(x: np.ndarray, batch: np.ndarray, layer: np.ndarray) -> Figure:
    """Draw x, (N, D), and its two normalised forms, each with a frame around numbers that are normalised together."""
    titles = "x, before normalisation", "Batch norm: each column has mean 0", "Layer norm: each row has mean 0"
    figure, axes = plt.subplots(1, 3, figsize=(10.5, 3.1), sharey=True)
    N, D = x.shape
    frames = None, (1.5, -0.5, 1, N), (-0.5, 1.5, D, 1)
    for axis, title, values, frame in zip(axes, titles, (x, batch, layer), frames, strict=True):
        drawn = axis.imshow(values, cmap="PuOr", vmin=-3, vmax=3)
        axis.set(title=title, xlabel="feature", xticks=range(D), yticks=range(N))
        if frame:
            left, top, width, height = frame
            style = {"fill": False, "edgecolor": "black", "linewidth": 2.5, "clip_on": False}
            axis.add_patch(Rectangle((left, top), width, height, **style))
    axes[0].set_ylabel("example")
    figure.colorbar(drawn, ax=axes, label="value", extend="both")
    return figure


def distributions(panels: Mapping[str, np.ndarray]) -> Figure:
    """Draw {name: values, (N, D)} in panels, with the distribution and the median of each feature."""
    figure, axes = plt.subplots(1, len(panels), figsize=(10.5, 3.2), sharey=True)
    for axis, (name, values) in zip(axes, panels.items(), strict=True):
        axis.violinplot(list(values.T), showmedians=True)
        axis.set(title=name, xlabel="feature", xticks=range(1, values.shape[1] + 1))
        axis.axhline(0, color="0.8", linewidth=1, zorder=0)
    axes[0].set_ylabel(f"values of {len(values)} examples\n(bars: extremes and median)")
    figure.suptitle("Normalised features share one scale, until γ and β give each its own")
    return figure
