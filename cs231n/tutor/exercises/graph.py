"""Checks for computation graphs: the backward rule of every gate, the topological order, and backward itself.

A graph is passed as numbers: `leaves` are the values of its inputs; `gates` has one row (kind, first input, second
input or -1) for each gate; `output` is the number of the output node. Nodes are numbered in the order in which they
are created, leaves first.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding
from cs231n.tutor.checks.compare import exact
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, WrongKindError
from cs231n.tutor.exercises.common.growth import steps
from cs231n.tutor.exercises.common.values import array, arrays

MODULE = "cs231n.graph"
GATES = ("Add", "Mul", "Max", "Exp", "Reciprocal", "Sigmoid")
EARLY = "the number of nodes before one of their inputs"
ADD, MUL, MAX, EXP, RECIPROCAL, SIGMOID = range(6)


def _gate_recipe(name: str):
    def recipe(student, dout, **inputs):
        gate = getattr(student.module(MODULE), name)()
        found = gate.backward(dout, gate.forward(*inputs.values()), *inputs.values())
        if len(inputs) == 1:
            alone = isinstance(found, (tuple, list)) and len(found) == 1
            return {"da": array(found[0] if alone else found, "da")}
        gradients = arrays(found, ("da", "db"))
        if name != "Max":
            return gradients
        told = inputs["a"] != inputs["b"]  # for equal inputs, only the sum is determined
        return {name: told * value for name, value in gradients.items()} | {"da + db": sum(gradients.values())}

    return recipe


def _gate_cases(points: tuple[tuple[float, ...], ...], seed: Seed) -> list[Case]:
    """Return a case for each point, (dout, a) or (dout, a, b)."""
    random = seed.random(250)
    if seed.number:
        points = tuple(_stretched(random, *point) for point in points)
    named = [dict(zip(("dout", "a", "b"), point, strict=False)) for point in points]
    return [Case(", ".join(f"{name} = {value:g}" for name, value in one.items()), one) for one in named]


def _stretched(random, dout: float, *inputs: float) -> tuple[float, ...]:
    """Return a point with dout multiplied by one random factor, and all inputs by another, so equal ones stay equal."""
    by = random.uniform(1.0, 1.7, 2)
    return tuple(round(float(value), 4) for value in (dout * by[0], *(one * by[1] for one in inputs)))


TWO_INPUTS = ((2.0, 3.0, -4.0), (-1.5, -0.5, 2.5), (0.3, 7.0, 5.0), (-4.0, -2.0, -6.0), (0.6, 1.5, 2.2))
ONE_INPUT = ((2.0, 0.7), (-1.5, -0.4), (0.3, 2.5), (-4.0, -3.0), (0.6, 1.5))


def _build(student: LocalTarget, leaves, gates) -> list:
    module = student.module(MODULE)
    nodes = [module.Node(value) for value in leaves]
    for kind, *inputs in gates:
        gate = getattr(module, GATES[kind])()
        nodes.append(module.through(gate, *(nodes[number] for number in inputs if number >= 0)))
    return nodes


def _order_recipe(student, leaves, gates, output):
    nodes = _build(student, leaves, gates)
    found = student.module(MODULE).topological_order(nodes[output])
    if found is None:
        raise WrongKindError("it returns None, expected a list of nodes", "returns_none")
    listed = list(found)
    numbers = {id(node): number for number, node in enumerate(nodes)}
    foreign = [one for one in listed if id(one) not in numbers]
    if foreign:
        kind = type(foreign[0]).__name__
        raise WrongKindError(f"the list contains an object of type {kind} that is not a node of the graph")
    places = {id(node): place for place, node in reversed([*enumerate(listed)])}  # the first place of each
    counts = np.bincount(np.array([numbers[id(node)] for node in listed], dtype=int), minlength=len(nodes))
    early = [one for one in listed if any(places.get(id(i), -1) > places[id(one)] for i in one.inputs)]
    return {"the count of node": counts, EARLY: np.array(len(early))}


def _order_in_words(inputs: dict, output: str, actual: np.ndarray, expected: np.ndarray) -> str:
    if output == EARLY:
        told = "1 node comes before one of its" if actual == 1 else f"{actual} nodes come before one of their"
        return f"{told} inputs, expected none"
    node = int(np.argmax(actual != expected))
    times = {0: "not at all", 1: "once", 2: "twice"}
    found, right = (times.get(int(counts[node]), f"{counts[node]} times") for counts in (actual, expected))
    found = f"is in the list {found}" if actual[node] else "is not in the list"
    return f"node {node} (in the order of creation) {found}, expected {right}"


def _backward_recipe(student, leaves, gates, output):
    nodes = _build(student, leaves, gates)
    student.module(MODULE).backward(nodes[output])
    return _read(nodes, len(leaves))


def _read(nodes: list, inputs: int) -> dict[str, np.ndarray]:
    grads = array([node.grad for node in nodes], "a grad").astype(float)
    values = array([node.value for node in nodes], "a value").astype(float)
    return {"grad of input": grads[:inputs], "grad of gate": grads[inputs:], "value of node": values}


def _graph(leaves, gates, output: int = -1) -> dict:
    rows = [(*gate, -1)[:3] for gate in gates]
    last = len(leaves) + len(rows) - 1
    wired = np.array(rows, dtype=int).reshape(-1, 3)
    return {"leaves": np.array(leaves, dtype=float), "gates": wired, "output": last if output < 0 else output}


def _neuron() -> dict:
    """Return the graph of 1 / (1 + exp(-(w0 x0 + w1 x1 + w2))).

    Nodes 0 to 4 are w0, x0, w1, x1 and w2; node 5 is -1, and node 6 is 1.
    """
    sums = [(MUL, 0, 1), (MUL, 2, 3), (ADD, 7, 8), (ADD, 9, 4)]
    return _graph([1.5, -0.5, -2.0, 0.5, 0.8, -1, 1], [*sums, (MUL, 10, 5), (EXP, 11), (ADD, 12, 6), (RECIPROCAL, 13)])


def _chain(random, leaves: int, gates: int) -> dict:
    """Return a graph in which each gate takes the newest node and, if it has two inputs, an earlier one as well.

    The gates therefore have only one topological order.
    """
    values, wired = random.uniform(0.4, 1.4, leaves) * random.choice([-1, 1], leaves), []
    for number in range(leaves, leaves + gates):
        kind = int(random.choice([ADD, MUL, MUL, MAX, SIGMOID]))
        last, other = number - 1, int(random.randint(number - 1))
        pair = (last, other) if random.rand() < 0.5 else (other, last)
        wired.append((kind, *pair) if kind != SIGMOID else (kind, last))
    return _graph(values, wired)


def _ladder(rungs: int) -> dict:
    """Return a graph that doubles x `rungs` times by adding a node to itself: 2^rungs paths lead from the end to x."""
    return _graph([1.0], [(ADD, rung, rung) for rung in range(rungs)])


def _small_graphs() -> list[Case]:
    crossed = [(MUL, 0, 1), (EXP, 2), (MUL, 2, 3), (MUL, 0, 4)]
    return [
        Case("f = x y + x, inputs x, y", _graph([3.0, 2.0], [(MUL, 0, 1), (ADD, 2, 0)])),
        Case("f = x x, input x", _graph([-1.5], [(MUL, 0, 0)])),
        Case("the neuron 1 / (1 + exp(-(w0 x0 + w1 x1 + w2)))", _neuron()),
        Case(
            "p = x y, f = 2 p + 2 p, inputs x, y, 2, 2",
            _graph([1.2, -0.7, 2.0, 2.0], [(MUL, 0, 1), (MUL, 4, 2), (MUL, 4, 3), (ADD, 5, 6)]),
        ),
        Case("p = x y, q = exp(p), f = p q x, inputs x, y", _graph([0.8, 0.5], crossed)),
        Case("f = x + 2, where the graph also contains f x", _graph([1.5, 2.0], [(ADD, 0, 1), (MUL, 2, 0)], output=2)),
        Case("f = x itself, where the graph also contains exp(x)", _graph([2.0], [(EXP, 0)], output=0)),
    ]


def _cases(seed: Seed) -> list[Case]:
    random = seed.random(251)
    wired = [Case(f"{size} gates with fan-out", _chain(random, 3, size)) for size in (6, 9, 12)]
    deep = _graph([1.0, 0.5], [(ADD, 0, 1), *((ADD, number, 1) for number in range(2, 2001))])
    return [*_small_graphs(), *wired, Case("a chain of 2,000 gates", deep, hint="deep_recursion", fragile=True)]


def _each_node_once(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against walking every path: there are 2^n paths if each of n values is used twice."""
    short, long = (steps(target, check, _ladder(rungs)) for rungs in (4, 12))
    if not short or not long or long.steps < 12 * short.steps:
        return None
    times = f"{long.steps / short.steps:.0f}"
    told = f"With 12 nodes that are each used twice, it takes {times} times as many steps as with 4 of them."
    return Finding(told, "path_by_path", status="advice")


def _second_call(target: LocalTarget, check: Check) -> Finding | None:
    def recipe(student, leaves, gates, output):
        nodes = _build(student, leaves, gates)
        calls = []
        for _ in range(2):
            student.module(MODULE).backward(nodes[output])
            calls.append(np.concatenate(list(_read(nodes, len(leaves)).values())))
        return {"calls": np.array(calls)}

    run = target.run(recipe, check.usual)
    if not run.failure and np.array_equal(*run.value["calls"]):
        return None
    what = "fails" if run.failure else "gives different gradients"
    return Finding(f"A second call to backward on the same graph {what}.", "grads_not_reset")


def _gate(name: str, *points: tuple[float, ...]) -> Check:
    return Check(f"{name.lower()}_gate", _gate_recipe(name), partial(_gate_cases, points))


AXES = {"leaves": "", "gates": ""}
CHECKS = (
    _gate("Add", *TWO_INPUTS),
    _gate("Mul", *TWO_INPUTS),
    _gate("Max", *TWO_INPUTS, (1.5, 2.0, 2.0), (-0.5, -3.0, -3.0)),
    _gate("Exp", *ONE_INPUT),
    _gate("Reciprocal", *ONE_INPUT),
    _gate("Sigmoid", *ONE_INPUT),
    Check("topological_order", _order_recipe, _cases, exact, (_each_node_once,), words=_order_in_words, axes=AXES),
    Check("backward", _backward_recipe, _cases, properties=(_second_call, _each_node_once), axes=AXES),
)
