"""Mistakes with the losses of linear classifiers: cause id -> the outputs a student with that mistake gets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import logsumexp

L2 = {
    "penalty_value_halved": lambda W: {"R": 0.5 * np.sum(W**2)},
    "root_of_penalty": lambda W: {"R": np.sqrt(np.sum(W**2)), "dR": W / np.sqrt(np.sum(W**2))},
    "penalty_is_a_mean": lambda W: {"R": np.mean(W**2), "dR": 2 * W / W.size},
    "slope_halved": lambda W: {"dR": W},
    "absolutes_for_squares": lambda W: {"R": np.sum(np.abs(W)), "dR": np.sign(W)},
}

L1 = {
    "squares_for_absolutes": lambda W: {"R": np.sum(W**2), "dR": 2 * W},
    "sum_not_absolute": lambda W: {"R": np.sum(W), "dR": np.ones_like(W)},
    "penalty_is_a_mean": lambda W: {"R": np.mean(np.abs(W)), "dR": np.sign(W) / W.size},
    "absolutes_for_signs": lambda W: {"dR": np.abs(W)},
}


def _elastic(squares, absolutes):
    """Return an elastic net with other factors, functions of beta, at its two parts."""

    def penalty(W, beta=0.5):
        b, a = squares(beta), absolutes(beta)
        return {"R": b * np.sum(W**2) + a * np.sum(np.abs(W)), "dR": 2 * b * W + a * np.sign(W)}

    return penalty


ELASTIC_NET = {
    "beta_ignored": _elastic(lambda beta: 1, lambda beta: 1),
    "beta_on_absolutes": _elastic(lambda beta: 1, lambda beta: beta),
    "beta_shared": _elastic(lambda beta: beta, lambda beta: 1 - beta),
    "penalty_value_halved": lambda W, beta=0.5: {"R": 0.5 * beta * np.sum(W**2) + np.sum(np.abs(W))},
    "slope_halved": lambda W, beta=0.5: {"dR": beta * W + np.sign(W)},
    "absolutes_for_signs": lambda W, beta=0.5: {"dR": 2 * beta * W + np.abs(W)},
}


def _hinge(W, X, y, delta=1.0, sign=1):
    """Return the margins, 0 at the correct class, and a one-hot of the labels; all in float64."""
    scores, own = X.astype(np.float64) @ W, np.eye(W.shape[1])[y]
    margins = np.maximum(sign * (scores - np.sum(scores * own, axis=1, keepdims=True)) + delta, 0)
    return margins * (1 - own), own


def _hinge_parts(margins, own, X, weights=None, own_part=None):
    """Return the examples' part of loss and gradient; `weights` of the margins, and `own_part` of the labels."""
    weights = 1.0 * (margins > 0) if weights is None else weights
    own_part = weights.sum(axis=1, keepdims=True) if own_part is None else own_part
    return margins.sum() / len(X), X.T @ (weights - own * own_part) / len(X)


def _svm(W, X, y):
    return _hinge_parts(*_hinge(W, X, y), X)


def _softmax(W, X, y):
    P, own = _probabilities(W, X, y)
    return -np.mean(_log_of_own(W, X, y)), X.T @ (P - own) / len(X)


def _log_of_own(W, X, y):
    """Return the log of each label's probability, finite even where the probability is 0."""
    scores = X.astype(np.float64) @ W
    return scores[np.arange(len(y)), y] - logsumexp(scores, axis=1)


def _probabilities(W, X, y, axis=1):
    scores = X.astype(np.float64) @ W
    P = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return P / P.sum(axis=axis, keepdims=True), np.eye(W.shape[1])[y]


def _penalised(part: Callable, factor: Callable = lambda X, reg: reg, average: Callable = lambda X: 1) -> Callable:
    """Return a loss with its examples' part times average(X), and the penalty's weight factor(X, reg)."""

    def outputs(W, X, y, reg):
        loss, dW = part(W, X, y)
        weight = factor(X, reg)
        return {"loss": loss * average(X) + weight * np.sum(W**2), "dW": dW * average(X) + 2 * weight * W}

    return outputs


def _penalties(part: Callable) -> dict[str, Callable]:
    return {
        "penalty_missing": _penalised(part, lambda X, reg: 0),
        "penalty_halved": _penalised(part, lambda X, reg: reg / 2),
        "penalty_doubled": _penalised(part, lambda X, reg: 2 * reg),
        "penalty_averaged": _penalised(part, lambda X, reg: reg / len(X)),
        "penalty_without_reg": _penalised(part, lambda X, reg: 1),
        "loss_not_averaged": _penalised(part, average=len),
        "averaged_twice": _penalised(part, average=lambda X: 1 / len(X)),
    }


def _gradient_only(part: Callable) -> Callable:
    """Return the gradient alone: the loss is right."""
    penalised = _penalised(part)
    return lambda **inputs: {"dW": penalised(**inputs)["dW"]}


def _own_margin(W, X, y):
    """Count the correct class too: with its indicator in the gradient, but not in the sum that balances it."""
    margins, own = _hinge(W, X, y)
    loss, dW = _hinge_parts(margins, own, X)
    return loss + 1, dW + X.T @ own / len(X)


def _largest_only(W, X, y):
    margins, own = _hinge(W, X, y)
    return _hinge_parts(margins * (margins == margins.max(axis=1, keepdims=True)), own, X)


def _swapped(W, X, y):
    loss, dW = _hinge_parts(*_hinge(W, X, y, sign=-1), X)
    return loss, -dW


def _squared(W, X, y):
    margins, own = _hinge(W, X, y)
    return np.sum(margins**2) / len(X), _hinge_parts(margins, own, X, 2 * margins)[1]


def _weighed(W, X, y):
    margins, own = _hinge(W, X, y)
    return _hinge_parts(margins, own, X, margins)


def _own_weight(weight):
    def part(W, X, y):
        return _hinge_parts(*_hinge(W, X, y), X, own_part=weight)

    return part


SVM = {
    **_penalties(_svm),
    "own_margin_counted": _penalised(_own_margin),
    "margin_missing": _penalised(lambda W, X, y: _hinge_parts(*_hinge(W, X, y, delta=0), X)),
    "margin_sign": _penalised(_swapped),
    "hinge_squared": _penalised(_squared),
    "largest_violation_only": _penalised(_largest_only),
    "margins_for_counts": _gradient_only(_weighed),
    "correct_part_missing": _gradient_only(_own_weight(0)),
    "correct_part_once": _gradient_only(_own_weight(1)),
}


def _other_loss(loss: Callable) -> Callable:
    """Return a softmax whose loss is loss(logs of the labels' probabilities)."""

    def part(W, X, y):
        return loss(_log_of_own(W, X, y)), _softmax(W, X, y)[1]

    return part


def _labels_as_columns(W, X, y):
    P, _ = _probabilities(W, X, y)
    return -np.sum(np.log(P[:, y])) / len(X), _softmax(W, X, y)[1]


def _over_examples(W, X, y):
    P, own = _probabilities(W, X, y, axis=0)
    return -np.mean(np.log(np.sum(P * own, axis=1))), X.T @ (P - own) / len(X)


SOFTMAX = {
    **_penalties(_softmax),
    "logarithm_missing": _penalised(_other_loss(lambda logs: -np.mean(np.exp(logs)))),
    "mean_inside_log": _penalised(_other_loss(lambda logs: -np.log(np.mean(np.exp(logs))))),
    "logarithm_base": _penalised(_other_loss(lambda logs: -np.mean(logs) / np.log(2))),
    "sign": _penalised(_other_loss(lambda logs: np.mean(logs))),
    "labels_as_columns": _penalised(_labels_as_columns),
    "wrong_axis": _penalised(_over_examples),
    "correct_part_missing": _gradient_only(lambda W, X, y: (0, X.T @ _probabilities(W, X, y)[0] / len(X))),
}

MISTAKES = {"l2": L2, "l1": L1, "elastic_net": ELASTIC_NET, "svm_loss": SVM, "softmax_loss": SOFTMAX}
