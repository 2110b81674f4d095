"""Update rules: how a parameter moves, given its gradient.

A rule is called as rule(w, dw, config) and returns (next_w, config). w and dw are arrays of one shape: a parameter, and
the gradient of the loss by it. config is a dictionary of the rule's hyperparameters and of what it remembers from step
to step; what is missing there takes the values its docstring names, and None stands for an empty one. next_w may be w
itself, changed in place.
"""


def sgd(w, dw, config=None):
    """Step against the gradient: w <- w - learning_rate * dw (notes 3.2.2). config: learning_rate, 1e-2."""
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    w -= float(config["learning_rate"]) * dw  # a numpy float64 would make a float64 array on the way
    return w, config
