"""Backpropagation step by step: each click computes one gate, and the inputs can be changed."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from cs231n.figures.graph import draw_graph, inputs_first, places_of, shown_inputs, symbol_of
from cs231n.graph import Node
from cs231n.toys.toy import Toy


class Backprop(Toy):
    """The graph of an expression of nodes, up to about 20 gates.

    output: the node that holds the result, as passed to backward(). The page computes values and gradients itself; the
    static picture shows the gradients only if backward(output) has been called.
    """

    page, height = "backprop.html", 480
    title = "Backpropagation, one gate at a time"

    def __init__(self, output: Node):
        self.output = output

    def seed(self) -> dict[str, Any]:
        """Return the nodes, each after its inputs: gate, inputs, name, value, and where each is drawn."""
        nodes = inputs_first(self.output)
        places, number = places_of(nodes, self.output), {node: i for i, node in enumerate(nodes)}
        return {"nodes": [_described(node, number) | {"place": places.get(node)} for node in nodes]}

    def figure(self) -> Figure:
        """Return a figure of the graph with its values, and with its gradients if there are any."""
        return draw_graph(self.output, "Values forward, gradients backward", gradients=bool(self.output.grad)).figure


def _described(node: Node, number: dict[Node, int]) -> dict[str, Any]:
    return {
        "gate": node.gate.symbol if node.gate else "",
        "symbol": symbol_of(node),
        "name": node.name,
        "value": node.value,
        "inputs": [number[source] for source in node.inputs],
        "shown": [number[source] for source in shown_inputs(node)],
    }
