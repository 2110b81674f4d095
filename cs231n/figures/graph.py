"""Drawings of computation graphs: values above the wires, and gradients with arrows from right to left below them."""

from __future__ import annotations

import re
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch

from cs231n.graph import Node
from cs231n.vis_utils import GREEN, ORANGE, PALETTE

VALUE, GRADIENT, INK = GREEN, ORANGE, PALETTE[-1]
COLUMN, ROW = 2.7, 1.0  # distances between gates
WIRE = 1.8  # length of the horizontal part of a wire, with the numbers on it
FAN_OUT = 1.5  # factor by which a figure is stretched if there are also numbers on slanting wires

Places = dict[Node, tuple[float, float]]  # column and row of the nodes that are drawn


def draw_graph(output: Node, title: str, gradients: bool = True) -> Axes:
    """Draw everything that `output` was computed from; up to about 20 gates are readable.

    A constant, that is, an input without a name, is written into its gate, unless the gate has no other inputs.

    gradients: whether to draw the gradients, which backward(output) must have computed. If a node is used more than
    once, each of its wires shows the gradient that comes back along it, and the node shows their sum.
    """
    nodes = inputs_first(output)
    places = places_of(nodes, output)
    columns, rows = (max(place[axis] for place in places.values()) for axis in (0, 1))
    uses = {node: sum(one.inputs.count(node) for one in nodes) for node in nodes}
    stretch = FAN_OUT if gradients and any(uses[node] > 1 for node in places) else 1.0
    size = max(4.6, 1.6 + 1.15 * stretch * columns), 1.5 + 0.75 * stretch * max(1, rows)
    _, axis = plt.subplots(figsize=size)
    for node in places:
        _draw_wires(axis, node, places, uses, gradients)
    for node in places:
        _draw_node(axis, node, places[node], gradients)
    axis.set(title=title, xlabel=_legend(gradients), xticks=[], yticks=[])
    axis.margins(0.06)
    axis.set_ylim(rows + 0.6, -0.6)
    axis.spines[:].set_visible(False)
    return axis


def _legend(gradients: bool) -> str:
    values = "above the wires: values, computed from left to right"
    return values + ("\nbelow: gradients of the result, from right to left" if gradients else "")


def inputs_first(output: Node) -> list[Node]:
    """Return the nodes of the graph, each after its inputs, without calling the student's topological_order."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        for source in node.inputs:
            visit(source)
        found.setdefault(node)

    visit(output)
    return list(found)


def _is_constant(node: Node) -> bool:
    return not node.gate and not node.name


def shown_inputs(node: Node) -> list[Node]:
    """Return the inputs that are drawn as nodes: those that are not constants, or all if all are constants."""
    return [source for source in node.inputs if not _is_constant(source)] or list(node.inputs)


def places_of(nodes: list[Node], output: Node) -> Places:
    """Return {node: (column, row)} for the nodes that are drawn: right of their inputs, near their inputs' mean row."""
    shown = {output} | {source for node in nodes for source in shown_inputs(node)}
    places: Places = {}
    leaves = [node for node in nodes if node in shown and not node.gate]
    for row, node in enumerate(leaves):
        places[node] = (0, row)
    for node in nodes:
        if node.gate and node in shown:
            before = [places[source] for source in shown_inputs(node)]
            column = 1 + max(place[0] for place in before)
            row = sum(place[1] for place in before) / len(before)
            while any(abs(place[1] - row) < 0.5 and place[0] == column for place in places.values()):
                row += 0.5
            places[node] = (column, row)
    return places


def number(value: float, digits: str = ".2f") -> str:
    """Return a number as text, with the typographic minus sign."""
    return f"{value + 0.0:{digits}}".replace("-", "−")


def _draw_node(axis: Axes, node: Node, place: tuple[float, float], gradients: bool) -> None:
    x, y = COLUMN * place[0], ROW * place[1]
    symbol = symbol_of(node)
    middle = x + (0.6 if len(symbol) < 3 else 0.68) * WIRE  # to the right of a wide box
    if node.gate:
        axis.text(x, y, symbol, ha="center", va="center", bbox=box_of(symbol), zorder=3)
    else:
        axis.text(x - 0.1, y, re.sub(r"^(\w)(\d+)$", r"$\1_{\2}$", symbol), ha="right", va="center")
    axis.text(middle, y - 0.06, number(node.value), ha="center", va="bottom", color=VALUE)
    if gradients:
        arrow(axis, (middle + 0.38, y + 0.11), (middle - 0.38, y + 0.11), GRADIENT)
        axis.text(middle, y + 0.16, number(node.grad), ha="center", va="top", color=GRADIENT, style="italic")


def arrow(axis: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, gap: float = 0) -> None:
    """Draw an arrow that ends `gap` points before `end`."""
    head = {"arrowstyle": "-|>", "mutation_scale": 10, "shrinkA": 0, "shrinkB": gap}
    axis.add_patch(FancyArrowPatch(start, end, color=colour, linewidth=1, zorder=1, **head))


def gap_before(symbol: str, level: bool) -> float:
    """Return how many points before the middle of a gate an arrow must end; level: whether the arrow is horizontal."""
    return 9 + (2.2 if level else 0.9) * min(len(symbol), 7)


def box_of(symbol: str) -> dict[str, str]:
    """Return the style of the box around the symbol of a gate: a circle if the symbol is a single character."""
    shape = "circle,pad=0.35" if len(symbol) == 1 else "round4,pad=0.35"
    return {"boxstyle": shape, "facecolor": "white", "edgecolor": INK}


def symbol_of(node: Node) -> str:
    """Return the text at a node: the gate's symbol with its constant, or the name or value of an input."""
    if not node.gate:
        return node.name or number(node.value, "g")
    constants = [source.value for source in node.inputs if _is_constant(source)]
    if not constants or len(constants) == len(node.inputs):
        return node.gate.symbol
    return f"{node.gate.symbol} {number(constants[0], 'g')}"


def _draw_wires(axis: Axes, node: Node, places: Places, uses: dict[Node, int], gradients: bool) -> None:
    """Draw the horizontal wire out of a node, and the wires that lead to it from its inputs."""
    x, y = COLUMN * places[node][0], ROW * places[node][1]
    axis.plot([x, x + WIRE], [y, y], color=INK, linewidth=1, zorder=1)
    shown = shown_inputs(node)
    arriving = node.input_gradients() if gradients and node.gate else [0.0] * len(node.inputs)
    for position, (source, gradient) in enumerate(zip(node.inputs, arriving, strict=True)):
        if source not in shown:
            continue
        start, height = COLUMN * places[source][0] + WIRE, ROW * places[source][1]
        bow = (position - 0.5) * 0.7 if node.inputs.count(source) > 1 else 0.0  # two wires from the same node
        across, share = np.array([0, 0.5, 1]), 0.5 if bow else 0.4 + 0.2 * position
        path = height + across * (y - height) + bow * np.array([0, 1, 0])
        axis.plot(start + across * (x - start), path, color=INK, linewidth=1, zorder=1)
        bend = (start + 0.5 * (x - start), path[1]) if bow else (start, height)
        arrow(axis, bend, (x, y), INK, gap_before(symbol_of(node), height == y))
        if gradients and uses[source] > 1:
            spot = start + share * (x - start), np.interp(share, across, path)
            label: dict[str, Any] = {"color": GRADIENT, "style": "italic", "textcoords": "offset points"}
            if bow or height == y:
                label |= {"xytext": (0, 0), "ha": "center", "va": "center"}
                label["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            else:  # to the left of the wire, below it where it goes down, above it where it goes up
                up, side = (-1, "top") if y > height else (1, "bottom")
                label |= {"xytext": (-3, up), "ha": "right", "va": side}
            axis.annotate(number(gradient), spot, **label)
