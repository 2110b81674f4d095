"""Mistakes with training and prediction: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.mistakes import named


def _descend(step: Callable = lambda W, dW, options: options["learning_rate"] * dW, keep: Callable = np.asarray):
    """Return a training on the quadratic of the check that takes another step, or keeps another history."""

    def outputs(W0, T, X, y, calls=1, **options):
        W = W0.astype(np.float64)
        for _ in range(calls):
            history = []
            for it in range(options["num_iters"]):
                reg = options["reg"]
                history.append(0.5 * np.sum((W - T) ** 2) + reg * np.sum(W**2))
                W = W - step(W, W - T + 2 * reg * W, {**options, "N": len(X), "it": it})
        return {"W": W, "loss_history": keep(np.array(history))}

    return outputs


def _keeping(keep: Callable) -> Callable:
    outputs = _descend(keep=keep)
    return lambda **inputs: {"loss_history": outputs(**inputs)["loss_history"]}


TRAIN = {
    "never_updates": _descend(lambda W, dW, options: 0),
    "ascends": _descend(lambda W, dW, options: -options["learning_rate"] * dW),
    "rate_ignored": _descend(lambda W, dW, options: dW),
    "penalty_again": _descend(
        lambda W, dW, options: options["learning_rate"] * (dW + 2 * options["reg"] * W),
    ),
    "step_over_batch": _descend(lambda W, dW, options: options["learning_rate"] * dW / options["batch_size"]),
    "updates_once": _descend(
        lambda W, dW, options: (options["it"] == options["num_iters"] - 1) * options["learning_rate"] * dW
    ),
    "final_loss_only": _keeping(lambda history: history[-1]),
    "history_is_short": _keeping(lambda history: history[1:]),
    "history_is_thin": _keeping(lambda history: history[::100]),
}


def _scores(W, X):
    return X.astype(np.float64) @ W


PREDICT = {
    "scores_for_labels": _scores,
    "largest_score": lambda W, X: _scores(W, X).max(axis=1),
    "smallest_score": lambda W, X: _scores(W, X).argmin(axis=1),
    "one_hot": lambda W, X: np.eye(W.shape[1])[_scores(W, X).argmax(axis=1)],
    "wrong_axis": lambda W, X: _scores(W, X).argmax(axis=0),
    "label_column": lambda W, X: _scores(W, X).argmax(axis=1)[:, None],
    "all_zero": lambda W, X: np.zeros(len(X)),
    "counted_from_one": lambda W, X: _scores(W, X).argmax(axis=1) + 1,
}

MISTAKES = {"linear_classifier_train": TRAIN, "linear_classifier_predict": named("y_pred", PREDICT)}
