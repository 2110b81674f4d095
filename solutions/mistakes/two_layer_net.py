"""Mistakes with the two-layer network: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

import numpy as np


def _outputs(
    X, y, W1, b1, W2, b2, reg, *, penalty=(1.0, 1.0), of_biases=0.0, hidden_relu=True, mask=True, last_relu=False
):
    """Return all outputs; `penalty` has the factors on the penalties of W1 and W2, `of_biases` that on the biases'."""
    rows, N = X.reshape(len(X), -1).astype(np.float64), len(X)
    before = rows @ W1 + b1
    hidden = np.maximum(before, 0) if hidden_relu else before
    scores = hidden @ W2 + b2
    positive = scores > 0
    scores = np.maximum(scores, 0) if last_relu else scores
    P = np.exp(scores - scores.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    own = np.eye(len(b2))[y]
    dscores = (P - own) / N * (positive if last_relu else 1)
    dhidden = dscores @ W2.T * (before > 0 if hidden_relu and mask else 1)
    strengths = {"W1": penalty[0], "b1": of_biases, "W2": penalty[1], "b2": of_biases}
    params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    grads = {"W1": rows.T @ dhidden, "b1": dhidden.sum(0), "W2": hidden.T @ dscores, "b2": dscores.sum(0)}
    loss = -np.mean(np.log(np.sum(P * own, axis=1)))
    loss += sum(0.5 * reg * strengths[name] * np.sum(values.astype(np.float64) ** 2) for name, values in params.items())
    found = {f"grads['{name}']": grads[name] + reg * strengths[name] * params[name] for name in params}
    return {"scores": scores, "loss": loss} | found


def _with(**changes):
    return lambda **inputs: _outputs(**inputs, **changes)


def _penalty_averaged(**inputs):
    share = 1 / len(inputs["X"])
    return _outputs(**inputs, penalty=(share, share))


def _penalty_of_one(**inputs):
    """Return the loss that penalises W1 alone, and the gradients that forget the other of the two."""
    return {name: value for name, value in _outputs(**inputs, penalty=(1, 0)).items() if name != "grads['W2']"}


def _without_biases(**inputs):
    return _outputs(**inputs | {name: 0 * inputs[name] for name in ("b1", "b2")})


LOSS = {
    "net_penalty_missing": _with(penalty=(0.0, 0.0)),
    "net_penalty_doubled": _with(penalty=(2.0, 2.0)),
    "net_penalty_halved": _with(penalty=(0.5, 0.5)),
    "net_penalty_averaged": _penalty_averaged,
    "net_penalty_on_biases": _with(of_biases=1.0),
    "net_penalty_of_one_layer": _penalty_of_one,
    "relu_on_scores": _with(last_relu=True),
    "relu_left_out": _with(hidden_relu=False),
    "relu_mask_left_out": _with(mask=False),
    "net_biases_left_out": _without_biases,
}


def _start(input_dim, hidden_dim, num_classes, weight_scale):
    sizes = {"W1": (input_dim, hidden_dim), "b1": (hidden_dim,), "W2": (hidden_dim, num_classes), "b2": (num_classes,)}
    return {f"{name}.shape": np.array(shape) for name, shape in sizes.items()}


def _transposed(**settings):
    return {name: shape[::-1] for name, shape in _start(**settings).items()}


def _bias_row(**settings):
    shapes = _start(**settings)
    return {name: np.array([1, *shapes[name]]) for name in ("b1.shape", "b2.shape")}


INIT = {"transposed_weights": _transposed, "bias_row": _bias_row}

MISTAKES = {"TwoLayerNet_init": INIT, "TwoLayerNet_loss": LOSS}
