"""Mistakes in the small functions of notebook cells."""

from __future__ import annotations

import numpy as np

from solutions.mistakes import named

MISTAKES = {
    "with_ones": named(
        "the result",
        {
            "ones_in_front": lambda X: np.hstack([np.ones((len(X), 1)), X]),
            "ones_as_row": lambda X: np.vstack([X, np.ones((1, X.shape[1]))]),
        },
    ),
    "cross_entropy": named(
        "H",
        {
            "sign": lambda p, q: np.sum(p[p > 0] * np.log(q[p > 0])),
            "p_and_q_swapped": lambda p, q: -np.sum(q * np.log(p)),
            "log2_for_log": lambda p, q: -np.sum(p[p > 0] * np.log2(q[p > 0])),
            "mean_for_sum_of_terms": lambda p, q: -np.mean(np.where(p > 0, p * np.log(np.where(q > 0, q, 1)), 0)),
        },
    ),
    "softmax_probabilities": named(
        "probabilities",
        {
            "normalised_over_batch": lambda scores: np.exp(scores) / np.exp(scores).sum(),
            "normalised_over_column": lambda scores: np.exp(scores) / np.exp(scores).sum(axis=0),
            "log_probabilities": lambda scores: scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)),
        },
    ),
    "affine_jacobian": named(
        "J",
        {
            "jacobian_transposed": lambda x, w: np.kron(np.eye(len(x)), w),
            "jacobian_of_one_example": lambda x, w: w.T,
            "jacobian_all_blocks": lambda x, w: np.kron(np.ones((len(x), len(x))), w.T),
        },
    ),
}
