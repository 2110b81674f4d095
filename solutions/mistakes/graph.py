"""Mistakes with computation graphs: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cs231n.tutor.exercises.graph import ADD, EXP, MAX, MUL, RECIPROCAL, SIGMOID
from solutions.mistakes import named

SMALL = 100  # nodes: what a mistake gives for larger graphs need not be known


# --- gates -----------------------------------------------------------------------------------------------------


def _both(wrong: Callable) -> Callable:
    """Turn wrong(dout, a, b) -> (da, db) into what the check of a gate sees of it."""
    return lambda dout, a, b: dict(zip(("da", "db"), wrong(dout, a, b), strict=True))


def _routed(wrong: Callable) -> Callable:
    def outputs(dout, a, b):
        da, db = wrong(dout, a, b)
        return {"da": (a != b) * da, "db": (a != b) * db, "da + db": da + db}

    return outputs


def _sigma(a):
    return 1 / (1 + np.exp(-a))


ADD_GATE = {
    "dout_ignored": _both(lambda dout, a, b: (1, 1)),
    "add_shares": _both(lambda dout, a, b: (dout / 2, dout / 2)),
    "add_weighs": _both(lambda dout, a, b: (dout * a, dout * b)),
    "add_switches": _both(lambda dout, a, b: (dout * b, dout * a)),
    "sign": _both(lambda dout, a, b: (-dout, -dout)),
}

MUL_GATE = {
    "dout_ignored": _both(lambda dout, a, b: (b, a)),
    "mul_not_switched": _both(lambda dout, a, b: (dout * a, dout * b)),
    "mul_distributes": _both(lambda dout, a, b: (dout, dout)),
    "mul_by_output": _both(lambda dout, a, b: (dout * a * b, dout * a * b)),
    "sign": _both(lambda dout, a, b: (-dout * b, -dout * a)),
}

MAX_GATE = {
    "dout_ignored": _routed(lambda dout, a, b: (1.0 * (a >= b), 1.0 * (a < b))),
    "max_to_smaller": _routed(lambda dout, a, b: (dout * (a < b), dout * (a >= b))),
    "max_distributes": _routed(lambda dout, a, b: (dout, dout)),
    "max_tie_twice": _routed(lambda dout, a, b: (dout * (a >= b), dout * (a <= b))),
    "max_tie_lost": _routed(lambda dout, a, b: (dout * (a > b), dout * (a < b))),
    "max_weighs": _routed(lambda dout, a, b: (dout * a * (a >= b), dout * b * (a < b))),
    "max_by_dout": _routed(lambda dout, a, b: (max(dout, 0) * (a >= b), max(dout, 0) * (a < b))),
}

EXP_GATE = named(
    "da",
    {
        "dout_ignored": lambda dout, a: np.exp(a),
        "slope_missing": lambda dout, a: dout,
        "exp_of_power": lambda dout, a: dout * a * np.exp(a - 1),
        "exp_twice": lambda dout, a: dout * np.exp(np.exp(a)),
        "times_input": lambda dout, a: dout * a,
        "sign": lambda dout, a: -dout * np.exp(a),
    },
)

RECIPROCAL_GATE = named(
    "da",
    {
        "dout_ignored": lambda dout, a: -1 / a**2,
        "slope_missing": lambda dout, a: dout,
        "sign": lambda dout, a: dout / a**2,
        "reciprocal_not_squared": lambda dout, a: -dout / a,
        "reciprocal_square_upside_down": lambda dout, a: -dout * a**2,
        "reciprocal_logarithm": lambda dout, a: dout * np.log(np.abs(a)),
    },
)

SIGMOID_GATE = named(
    "da",
    {
        "dout_ignored": lambda dout, a: _sigma(a) * (1 - _sigma(a)),
        "slope_missing": lambda dout, a: dout,
        "sigmoid_of_input": lambda dout, a: dout * a * (1 - a),
        "sigmoid_output_only": lambda dout, a: dout * _sigma(a),
        "sigmoid_rest_only": lambda dout, a: dout * (1 - _sigma(a)),
        "sigmoid_twice": lambda dout, a: dout * _sigma(_sigma(a)) * (1 - _sigma(_sigma(a))),
        "sigmoid_for_tanh": lambda dout, a: dout * (1 - _sigma(a) ** 2),
        "sign": lambda dout, a: -dout * _sigma(a) * (1 - _sigma(a)),
    },
)


# --- order -----------------------------------------------------------------------------------------------------


def _wires(leaves, gates) -> list[tuple[int, ...]]:
    """Return for each node the numbers of its inputs."""
    return [() for _ in leaves] + [tuple(int(one) for one in row[1:] if one >= 0) for row in gates]


def _visit(wires, node: int, before: bool, once: bool, seen: set | None = None) -> list[int]:
    """Return the nodes below one in the order of a recursive visit that appends a node before or after its inputs."""
    seen = set() if seen is None else seen
    if once and node in seen:
        return []
    seen.add(node)
    below = [one for source in wires[node] for one in _visit(wires, source, before, once, seen)]
    return [node, *below] if before else [*below, node]


def _by_breadth(wires, output: int) -> list[int]:
    listed = [output]
    for node in listed:
        listed += [one for one in dict.fromkeys(wires[node]) if one not in listed]
    return listed


def _order(how: Callable[[list, int], list[int]]) -> Callable:
    def outputs(leaves, gates, output):
        wires = _wires(leaves, gates)
        if len(wires) > SMALL:
            return {}
        listed = how(wires, output)
        places = {node: listed.index(node) for node in listed}
        early = sum(any(places.get(one, -1) > places[node] for one in wires[node]) for node in listed)
        counts = np.bincount(np.array(listed, dtype=int), minlength=len(wires))
        return {"the count of node": counts, "the number of nodes before an input of theirs": np.array(early)}

    return outputs


def _after(wires, output, once=True):
    return _visit(wires, output, before=False, once=once)


TOPOLOGICAL_ORDER = {
    "order_repeats": _order(lambda wires, output: _after(wires, output, once=False)),
    "order_reversed": _order(lambda wires, output: _after(wires, output)[::-1]),
    "order_before_inputs": _order(lambda wires, output: _visit(wires, output, before=True, once=True)),
    "order_of_depth": _order(lambda wires, output: _visit(wires, output, before=True, once=True)[::-1]),
    "order_of_breadth": _order(lambda wires, output: _by_breadth(wires, output)[::-1]),
    "order_without_leaves": _order(lambda wires, output: [one for one in _after(wires, output) if wires[one]]),
    "order_without_output": _order(lambda wires, output: _after(wires, output)[:-1]),
    "order_of_everything": _order(lambda wires, output: list(range(len(wires)))),
}


# --- backward --------------------------------------------------------------------------------------------------


def _slopes(kind: int, a: float, b: float) -> tuple[float, ...]:
    """Return the derivatives of a gate's output by its inputs."""
    return {
        ADD: lambda: (1, 1),
        MUL: lambda: (b, a),
        MAX: lambda: (a >= b, a < b),
        EXP: lambda: (np.exp(a),),
        RECIPROCAL: lambda: (-1 / a**2,),
        SIGMOID: lambda: (_sigma(a) * (1 - _sigma(a)),),
    }[kind]()


def _forward(leaves, gates) -> tuple[list[float], list[tuple[float, ...]]]:
    """Return the values of all nodes, and for each the derivatives by its inputs."""
    compute = (lambda a, b: a + b, lambda a, b: a * b, max, lambda a, b: np.exp(a), lambda a, b: 1 / a)
    compute += (lambda a, b: _sigma(a),)
    values, slopes = list(leaves), [() for _ in leaves]
    for kind, *inputs in gates:
        a, b = (values[one] if one >= 0 else 0.0 for one in inputs)
        values.append(compute[kind](a, b))
        slopes.append(_slopes(kind, a, b))
    return values, slopes


def _pushed(wires, slopes, order, *, add=True, seed=1.0, once=True) -> list[float]:
    """Return grads when nodes hand theirs on in `order`; not `once`: each node hands on anew whenever it gets some."""
    grads = [0.0] * len(wires)
    grads[order[0]] = seed

    def hand_on(node):
        for source, slope in zip(wires[node], slopes[node], strict=True):
            grads[source] = slope * grads[node] + (grads[source] if add else 0)
            if not once:
                hand_on(source)

    for node in order if once else order[:1]:
        hand_on(node)
    return grads


def _backward(how: Callable) -> Callable:
    def outputs(leaves, gates, output):
        wires = _wires(leaves, gates)
        if len(wires) > SMALL:
            return {}
        grads = np.array(how(wires, _forward(leaves, gates)[1], _after(wires, output)[::-1]), dtype=float)
        return {"grad of input": grads[: len(leaves)], "grad of gate": grads[len(leaves) :]}

    return outputs


BACKWARD = {
    "fan_out_overwritten": _backward(lambda wires, slopes, order: _pushed(wires, slopes, order, add=False)),
    "handed_on_again": _backward(lambda wires, slopes, order: _pushed(wires, slopes, order, once=False)),
    "seed_missing": _backward(lambda wires, slopes, order: _pushed(wires, slopes, order, seed=0.0)),
    "only_last_gate": _backward(lambda wires, slopes, order: _pushed(wires, slopes, order[:1])),
}

MISTAKES = {
    "add_gate": ADD_GATE,
    "mul_gate": MUL_GATE,
    "max_gate": MAX_GATE,
    "exp_gate": EXP_GATE,
    "reciprocal_gate": RECIPROCAL_GATE,
    "sigmoid_gate": SIGMOID_GATE,
    "topological_order": TOPOLOGICAL_ORDER,
    "backward": BACKWARD,
}
