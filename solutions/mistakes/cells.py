"""Mistakes in the small functions of notebook cells."""

from __future__ import annotations

import numpy as np
from scipy.signal import correlate2d

from solutions.mistakes import named


def _correlated(image, kernel, mode="valid"):
    return correlate2d(image.astype(np.float64), kernel, mode)


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
    "true_convolution": named(
        "the result",
        {
            "filter_not_flipped": _correlated,
            "filter_flipped_down_only": lambda image, kernel: _correlated(image, kernel[::-1]),
            "filter_flipped_across_only": lambda image, kernel: _correlated(image, kernel[:, ::-1]),
            "beyond_the_border": lambda image, kernel: _correlated(image, kernel[::-1, ::-1], "full"),
            "result_flipped": lambda image, kernel: _correlated(image, kernel)[::-1, ::-1],
        },
    ),
    "output_size": named(
        "the size",
        {
            "size_without_one": lambda size, extent, stride, pad: (size + 2 * pad - extent) // stride,
            "padded_once": lambda size, extent, stride, pad: 1 + (size + pad - extent) // stride,
            "size_without_padding": lambda size, extent, stride, pad: 1 + (size - extent) // stride,
            "size_without_stride": lambda size, extent, stride, pad: 1 + size + 2 * pad - extent,
            "stride_remainder": lambda size, extent, stride, pad: 1 + (size + 2 * pad - extent) / stride,
        },
    ),
}
