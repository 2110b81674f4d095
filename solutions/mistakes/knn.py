"""Mistakes with distances, votes and folds: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from solutions.mistakes import named


def _squared_terms(X_train, X):
    X, X_train = X.astype(np.float64), X_train.astype(np.float64)
    return np.sum(X**2, axis=1)[:, None], X @ X_train.T, np.sum(X_train**2, axis=1)


def _cross_term(factor):
    def distances(X_train, X):
        xx, xt, tt = _squared_terms(X_train, X)
        return np.sqrt(np.maximum(xx + factor * xt + tt, 0))

    return distances


def _only_first_row(X_train, X):
    dists = np.zeros((len(X), len(X_train)))
    dists[0] = cdist(X[:1].astype(np.float64), X_train.astype(np.float64))
    return dists


def _row_sums(X):
    return X.astype(np.float64).sum(axis=1)


def _summed_over_rows(X_train, X):
    total = _of_floats("sqeuclidean")(X_train, X).sum(axis=1, keepdims=True)
    return np.broadcast_to(np.sqrt(total), (len(X), len(X_train)))


def _of_floats(metric):
    return lambda X_train, X: cdist(X.astype(np.float64), X_train.astype(np.float64), metric)


DISTANCES = {
    "root_missing": _of_floats("sqeuclidean"),
    "l1_for_l2": _of_floats("cityblock"),
    "transposed": lambda X_train, X: _of_floats("euclidean")(X_train, X).T,
    "mean_for_sum": lambda X_train, X: _of_floats("euclidean")(X_train, X) / np.sqrt(X.shape[1]),
    "cross_term_sign": _cross_term(+2),
    "cross_term_factor": _cross_term(-1),
    "norm_term_missing": lambda X_train, X: np.sqrt(
        np.maximum(_squared_terms(X_train, X)[0] - 2 * _squared_terms(X_train, X)[1], 0)
    ),
    "only_first_row": _only_first_row,
    "square_after_sum": lambda X_train, X: np.abs(np.subtract.outer(_row_sums(X), _row_sums(X_train))),
    "summed_over_rows": _summed_over_rows,
}


def _vote(neighbours=lambda row, k: np.argsort(row, kind="stable")[:k], winner=None):
    """Return a vote with its own idea of who the neighbours are, or of who wins."""

    def labels(dists, y_train, k):
        winner_of = winner or (lambda votes, row: np.bincount(votes).argmax())
        chosen = [neighbours(row, min(k, len(row))) for row in dists]
        return np.array([winner_of(y_train[near], row[near]) for near, row in zip(chosen, dists, strict=True)])

    return labels


def _nearest_of_tied(votes, row):
    counts = np.bincount(votes)
    return next(label for label in votes if counts[label] == counts.max())


def _largest_of_tied(votes, row):
    counts = np.bincount(votes)
    return np.flatnonzero(counts == counts.max())[-1]


def _row_numbers(dists, y_train, k):
    return np.argmin(dists, axis=1)


VOTES = {
    "tie_to_nearest": _vote(winner=_nearest_of_tied),
    "tie_to_largest": _vote(winner=_largest_of_tied),
    "k_too_large": _vote(lambda row, k: np.argsort(row)[: k + 1]),
    "k_too_small": _vote(lambda row, k: np.argsort(row)[: max(k - 1, 1)]),
    "k_ignored": _vote(lambda row, k: np.argsort(row)[:1]),
    "weighted_vote": _vote(winner=lambda votes, row: np.bincount(votes, weights=1 / row).argmax()),
    "farthest": _vote(lambda row, k: np.argsort(-row)[:k]),
    "index_for_label": _row_numbers,
    "mean_label": _vote(winner=lambda votes, row: int(np.mean(votes))),
}


def _folds(train_on, score_on, finish=np.mean):
    """Return a cross-validation that trains and scores on the wrong rows, or reports something else."""

    def accuracies(X, y, k_choices, num_folds):
        rows = np.arange(len(X))
        vote = _vote()
        result = np.zeros((len(k_choices), num_folds))
        for number, fold in enumerate(np.array_split(rows, num_folds)):
            rest = np.setdiff1d(rows, fold)
            train, score = train_on(fold, rest), score_on(fold, rest)
            dists = cdist(X[score], X[train])
            result[:, number] = [finish(vote(dists, y[train], k) == y[score]) for k in k_choices]
        return result

    return accuracies


def _equal_folds(X, y, k_choices, num_folds):
    kept = len(X) // num_folds * num_folds
    return _folds(lambda fold, rest: rest, lambda fold, rest: fold)(X[:kept], y[:kept], k_choices, num_folds)


VALIDATION = {
    "scored_on_training": _folds(lambda fold, rest: rest, lambda fold, rest: rest),
    "trained_on_all": _folds(lambda fold, rest: np.sort(np.r_[fold, rest]), lambda fold, rest: fold),
    "trained_on_fold": _folds(lambda fold, rest: fold, lambda fold, rest: rest),
    "error_for_accuracy": _folds(lambda fold, rest: rest, lambda fold, rest: fold, lambda hits: 1 - np.mean(hits)),
    "counts_for_accuracy": _folds(lambda fold, rest: rest, lambda fold, rest: fold, np.sum),
    "last_fold_short": _equal_folds,
}


L1 = {
    "l2_for_l1": lambda x, y: np.sqrt(np.sum((x - y) ** 2)),
    "abs_missing": lambda x, y: np.sum(x - y),
    "mean_for_sum": lambda x, y: np.mean(np.abs(x - y)),
}
L2 = {
    "root_missing": lambda x, y: np.sum((x - y) ** 2),
    "l1_for_l2": lambda x, y: np.sum(np.abs(x - y)),
    "mean_for_sum": lambda x, y: np.sqrt(np.mean((x - y) ** 2)),
    "square_after_sum": lambda x, y: np.abs(np.sum(x - y)),
}

MISTAKES = {
    "l1_distance": named("the distance", L1),
    "l2_distance": named("the distance", L2),
    "distances": named("dists", DISTANCES),
    "predict_labels": named("y_pred", VOTES),
    "cross_validate": named("accuracies", VALIDATION),
}
