"""One toy of each kind, on small data, and what a notebook makes of it."""

import nbformat
import numpy as np

from cs231n import optim
from cs231n.graph import Node, backward, exp, maximum, sigmoid
from cs231n.toys.backprop import Backprop
from cs231n.toys.descent import RATES, Descent
from cs231n.toys.filter import Filter
from cs231n.toys.knn import KNN
from cs231n.toys.linear import Linear

RULES = {
    "sgd": (optim.sgd, {}),
    "sgd_momentum": (optim.sgd_momentum, {"momentum": 0.7}),
    "rmsprop": (optim.rmsprop, {"decay_rate": 0.9}),
    "adam": (optim.adam, {}),
}
STEEPNESS = np.array([1.0, 25.0])


def points(per_class=8):
    rng = np.random.default_rng(3)
    y = np.repeat([0, 1, 2], per_class)
    return np.array([[0.0, 0.0], [2.2, 0.6], [0.9, 2.2]])[y] + 0.9 * rng.normal(size=(len(y), 2)), y


def formula(a=3.0, b=-4.0, c=0.5):
    """Return a graph with every kind of gate, a constant, and a node that is used twice; and its inputs."""
    x, y, z = nodes = Node(a, "x"), Node(b, "y"), Node(c, "z")
    return 2 * maximum(x * z, y) + exp(y * 0.1) / (1 + sigmoid(z)) + x * x, nodes


def walk(rule, start, steps, learning_rate, **config):
    path, config = [np.array(start, dtype=float)], {"learning_rate": learning_rate, **config}
    for _ in range(steps):
        w, config = rule(path[-1].copy(), STEEPNESS * path[-1], config)  # a rule may work in place
        path.append(np.array(w))
    return np.array(path)


def image():
    return np.random.default_rng(0).integers(0, 256, (9, 12, 3)).astype(np.uint8)


FILTERS = {"upright edges": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], "blur": np.full((3, 3), 1 / 9)}


def backprop():
    output, _ = formula()
    backward(output)
    return Backprop(output)


def descent():
    paths = {name: walk(rule, [-9, 1.5], 40, RATES[name], **more) for name, (rule, more) in RULES.items()}
    return Descent(paths, tuple(STEEPNESS))


TOYS = {
    "knn": lambda: KNN(*points()),
    "linear": lambda: Linear(*points()),
    "descent": descent,
    "backprop": backprop,
    "filter": lambda: Filter(image(), FILTERS, pad=1),
}


def output(toy):
    data, metadata = toy._repr_mimebundle_()
    return nbformat.v4.new_output("display_data", data=data, metadata=metadata)


def notebook(*toys):
    cells = [nbformat.v4.new_code_cell("toy", id=f"toy{n}", outputs=[output(toy)]) for n, toy in enumerate(toys)]
    return nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
