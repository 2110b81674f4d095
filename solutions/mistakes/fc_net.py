"""Mistakes with networks of any depth: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

from cs231n import layers
from cs231n.classifiers import fc_net
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises import fc_net as checks

# --- scores, loss and gradients --------------------------------------------------------------------------------


def _outputs(
    X, y, reg, *, penalty=lambda i, depth: 1.0, of_biases=0.0, hidden_relu=True, mask=True, last_relu=False, **params
):
    """Return all outputs; penalty(i, depth) is the factor on the penalty of W_i, `of_biases` that on the biases'."""
    depth = len(params) // 2
    inputs, before = [X.reshape(len(X), -1).astype(np.float64)], []
    for i in range(1, depth + 1):
        before.append(inputs[-1] @ params[f"W{i}"] + params[f"b{i}"])
        bent = last_relu if i == depth else hidden_relu
        inputs.append(np.maximum(before[-1], 0) if bent else before[-1])
    scores = inputs.pop()
    log_p = scores - scores.max(axis=1, keepdims=True)
    log_p -= np.log(np.sum(np.exp(log_p), axis=1, keepdims=True))
    own = np.eye(scores.shape[1])[y]
    dout = (np.exp(log_p) - own) / len(X) * (before[-1] > 0 if last_relu else 1)
    found = {"scores": scores, "loss": -np.sum(log_p * own) / len(X)}
    strengths = {f"W{i}": reg * penalty(i, depth) for i in range(1, depth + 1)}
    strengths |= {f"b{i}": reg * of_biases for i in range(1, depth + 1)}
    grads = {}
    for i in range(depth, 0, -1):
        grads[f"W{i}"], grads[f"b{i}"] = inputs[i - 1].T @ dout, dout.sum(axis=0)
        passing = before[i - 2] > 0 if i > 1 and hidden_relu and mask else 1
        dout = dout @ params[f"W{i}"].T * passing
    found["loss"] += sum(0.5 * part * np.sum(params[name].astype(np.float64) ** 2) for name, part in strengths.items())
    return found | {f"grads['{name}']": grads[name] + part * params[name] for name, part in strengths.items()}


def _with(**changes) -> Callable:
    return lambda **inputs: _outputs(**inputs, **changes)


def _without_biases(**inputs):
    return _outputs(**{name: 0 * value if name.startswith("b") else value for name, value in inputs.items()})


def _averaged(**inputs):
    return _outputs(**inputs, penalty=lambda i, depth: 1 / len(inputs["X"]))


LOSS = {
    "net_penalty_missing": _with(penalty=lambda i, depth: 0.0),
    "net_penalty_doubled": _with(penalty=lambda i, depth: 2.0),
    "net_penalty_halved": _with(penalty=lambda i, depth: 0.5),
    "net_penalty_averaged": _averaged,
    "net_penalty_on_biases": _with(of_biases=1.0),
    "net_penalty_not_on_last": _with(penalty=lambda i, depth: 1.0 * (i < depth)),
    "net_penalty_on_first_only": _with(penalty=lambda i, depth: 1.0 * (i == 1)),
    "net_penalty_on_last_only": _with(penalty=lambda i, depth: 1.0 * (i == depth)),
    "relu_on_scores": _with(last_relu=True),
    "relu_left_out": _with(hidden_relu=False),
    "relu_mask_left_out": _with(mask=False),
    "net_biases_left_out": _without_biases,
}


# --- how it starts ---------------------------------------------------------------------------------------------


def _start(hidden_dims, input_dim, num_classes, weight_scale):
    sizes = [input_dim, *hidden_dims, num_classes]
    pairs = list(enumerate(pairwise(sizes), start=1))
    return {f"W{i}.shape": np.array(pair) for i, pair in pairs} | {
        f"b{i}.shape": np.array(pair[1:]) for i, pair in pairs
    }


def _transposed(**settings):
    return {name: shape[::-1] for name, shape in _start(**settings).items() if name.startswith("W")}


def _bias_row(**settings):
    return {name: np.array([1, *shape]) for name, shape in _start(**settings).items() if name.startswith("b")}


INIT = {"transposed_weights": _transposed, "bias_row": _bias_row}


# --- normalisation and dropout: the master's net with a layer that is not what it should be --------------------


@contextmanager
def _replaced(**functions: Callable):
    """Let the net call other functions of these names for a while."""
    kept = {name: getattr(fc_net, name) for name in functions}
    vars(fc_net).update(functions)
    try:
        yield
    finally:
        vars(fc_net).update(kept)


def _net_with(recipe: Callable, **functions: Callable) -> Callable:
    def outputs(**inputs):
        with _replaced(**functions):
            return recipe(LocalTarget(), **inputs)

    return outputs


def _penalised(kind: str) -> Callable:
    """Return the net in which gamma or beta carries the penalty of a weight too."""

    def outputs(**inputs):
        found = checks._normalisation_recipe(LocalTarget(), **inputs)
        reg = inputs["reg"]
        values = {name: value for name, value in inputs.items() if name.startswith(kind)}
        grads = {f"grads['{name}']": found[f"grads['{name}']"] + reg * value for name, value in values.items()}
        return {"loss": found["loss"] + 0.5 * reg * sum(np.sum(value**2) for value in values.values())} | grads

    return outputs


def _normalised(**functions: Callable) -> Callable:
    return _net_with(checks._normalisation_recipe, **functions)


def _after_relu(layer: Callable) -> Callable:
    return lambda x, gamma, beta, param: layer(np.maximum(x, 0), gamma, beta, param)


def _loss_after_relu(**inputs):
    """Return the loss of a net that normalises what comes out of the ReLU, and nothing else of it."""
    exchanged = _normalised(
        batchnorm_forward=_after_relu(layers.batchnorm_forward),
        layernorm_forward=_after_relu(layers.layernorm_forward),
        relu_forward=lambda x: (x, x),
    )
    return {"loss": exchanged(**inputs)["loss"]}


NORMALIZATION = {
    "normalised_after_relu": _loss_after_relu,
    "batch_statistics_at_test": _normalised(
        batchnorm_forward=lambda x, gamma, beta, param: layers.batchnorm_forward(
            x, gamma, beta, {**param, "mode": "train"}
        )
    ),
    "running_averages_lost": _normalised(
        batchnorm_forward=lambda x, gamma, beta, param: layers.batchnorm_forward(
            x, gamma, beta, {"mode": param["mode"]}
        )
    ),
    "gamma_penalised": _penalised("gamma"),
    "beta_penalised": _penalised("beta"),
    "gamma_starts_at_0": lambda **inputs: {
        f"new {name}": 0 * value for name, value in inputs.items() if name.startswith("gamma")
    },
    "beta_starts_at_1": lambda **inputs: {
        f"new {name}": 0 * value + 1 for name, value in inputs.items() if name.startswith("beta")
    },
    "layernorm_for_batchnorm": _normalised(
        batchnorm_forward=layers.layernorm_forward, batchnorm_backward_alt=layers.layernorm_backward
    ),
}

DROPOUT = {
    "dropout_at_test": _net_with(
        checks._dropout_recipe, dropout_forward=lambda x, param: layers.dropout_forward(x, {**param, "mode": "train"})
    ),
}

MISTAKES = {
    "FullyConnectedNet_init": INIT,
    "FullyConnectedNet_loss": LOSS,
    "FullyConnectedNet_normalization": NORMALIZATION,
    "FullyConnectedNet_dropout": DROPOUT,
}
