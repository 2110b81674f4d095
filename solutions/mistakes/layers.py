"""Mistakes with layers and losses: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.mistakes import named


def _rows(x):
    return x.reshape(len(x), -1)


AFFINE_FORWARD = {
    "bias_missing": lambda x, w, b: _rows(x) @ w,
    "relu_in_affine": lambda x, w, b: np.maximum(_rows(x) @ w + b, 0),
    "sign": lambda x, w, b: -(_rows(x) @ w + b),
}

AFFINE_BACKWARD = {
    "db_not_summed": lambda x, w, b, dout: {"db": dout},
    "db_of_2d": lambda x, w, b, dout: {"db": dout.sum(axis=0, keepdims=True)},
    "db_over_columns": lambda x, w, b, dout: {"db": dout.sum(axis=1)},
    "db_averaged": lambda x, w, b, dout: {"db": dout.mean(axis=0)},
    "dx_not_reshaped": lambda x, w, b, dout: {"dx": dout @ w.T},
    "dw_averaged": lambda x, w, b, dout: {"dw": _rows(x).T @ dout / len(x)},
}

RELU_FORWARD = {
    "leaky": lambda x: np.where(x > 0, x, 0.01 * x),
    "absolute_value": lambda x: np.abs(x),
    "step_function": lambda x: (x > 0) * 1.0,
    "clipped_above": lambda x: np.clip(x, 0, 1),
    "threshold_elsewhere": lambda x: np.where(x > 1, x, 0),
}

RELU_BACKWARD = {
    "relu_of_dout": lambda x, dout: np.maximum(dout, 0),
    "mask_missing": lambda x, dout: dout,
    "mask_inverted": lambda x, dout: dout * (x <= 0),
    "dout_ignored": lambda x, dout: (x > 0) * 1.0,
    "times_out": lambda x, dout: dout * np.maximum(x, 0),
    "leaky": lambda x, dout: np.where(x > 0, dout, 0.01 * dout),
    "threshold_elsewhere": lambda x, dout: dout * (x > 1),
}


def _hinge(x, y, delta=1.0):
    """Return the margins with 0 at the correct class, and a one-hot of the labels."""
    x, own = x.astype(np.float64), np.eye(x.shape[1])[y]
    margins = np.maximum(x - np.sum(x * own, axis=1, keepdims=True) + delta, 0)
    return margins * (1 - own), own


def _hinge_outputs(x, y, delta=1.0, weight=lambda margins: 1.0 * (margins > 0), own_part=None):
    """Return loss and gradient; `weight` of a margin in the gradient, and `own_part` of a row's weights."""
    margins, own = _hinge(x, y, delta)
    weights = weight(margins)
    own_part = own_part or (lambda weights: weights.sum(axis=1, keepdims=True))
    return {"loss": margins.sum() / len(x), "dx": (weights - own * own_part(weights)) / len(x)}


def _own_margin(x, y):
    right = _hinge_outputs(x, y)
    return {"loss": right["loss"] + 1, "dx": right["dx"] + np.eye(x.shape[1])[y] / len(x)}


def _squared_hinge(x, y):
    return {
        "loss": np.sum(_hinge(x, y)[0] ** 2) / len(x),
        "dx": _hinge_outputs(x, y, weight=lambda margins: 2 * margins)["dx"],
    }


def _times(factor: Callable, outputs: Callable) -> Callable:
    """Scale what a right function returns by factor(x)."""
    return lambda x, y: {name: value * factor(x) for name, value in outputs(x, y).items()}


SVM_LOSS = {
    "loss_not_averaged": _times(len, _hinge_outputs),
    "averaged_over_classes": _times(lambda x: 1 / x.shape[1], _hinge_outputs),
    "own_margin_counted": _own_margin,
    "margin_missing": lambda x, y: _hinge_outputs(x, y, delta=0),
    "hinge_squared": _squared_hinge,
    "margins_for_counts": lambda x, y: {"dx": _hinge_outputs(x, y, weight=lambda margins: margins)["dx"]},
    "correct_part_missing": lambda x, y: {"dx": _hinge_outputs(x, y, own_part=lambda weights: 0)["dx"]},
    "correct_part_once": lambda x, y: {"dx": _hinge_outputs(x, y, own_part=lambda weights: 1)["dx"]},
}


def _softmax(x, y):
    """Return P, the (N,) probabilities of the labels, and a one-hot of the labels."""
    x, own = x.astype(np.float64), np.eye(x.shape[1])[y]
    P = np.exp(x - x.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return P, np.sum(P * own, axis=1), own


def _softmax_outputs(x, y):
    P, own_P, own = _softmax(x, y)
    return {"loss": -np.mean(np.log(own_P)), "dx": (P - own) / len(x)}


SOFTMAX_LOSS = {
    "loss_not_averaged": _times(len, _softmax_outputs),
    "averaged_over_classes": _times(lambda x: 1 / x.shape[1], _softmax_outputs),
    "sign": _times(lambda x: -1, _softmax_outputs),
    "correct_part_missing": lambda x, y: {"dx": _softmax(x, y)[0] / len(x)},
    "logarithm_missing": lambda x, y: {"loss": -np.mean(_softmax(x, y)[1])},
    "mean_inside_log": lambda x, y: {"loss": -np.log(np.mean(_softmax(x, y)[1]))},
    "labels_as_columns": lambda x, y: {"loss": -np.sum(np.log(_softmax(x, y)[0][:, y])) / len(x)},
}

MISTAKES = {
    "affine_forward": named("out", AFFINE_FORWARD),
    "affine_backward": AFFINE_BACKWARD,
    "relu_forward": named("out", RELU_FORWARD),
    "relu_backward": named("dx", RELU_BACKWARD),
    "svm_loss": SVM_LOSS,
    "softmax_loss": SOFTMAX_LOSS,
}
