"""Attempts at the small functions of notebook cells, and the causes of their mistakes."""

from textwrap import indent

from solutions.attempts import known, wrong

HEADS = {
    "with_ones": "X",
    "cross_entropy": "p, q",
    "softmax_probabilities": "scores",
    "affine_jacobian": "x, w",
    "true_convolution": "image, kernel",
    "output_size": "size, extent, stride, pad",
}


def function(name: str, body: str) -> str:
    """Return the code of one function. If the body is an expression, the function returns it."""
    lines = body.strip() if "return" in body else f"return {body}"
    return f"def {name}({HEADS[name]}):\n{indent(lines, '    ')}\n"


def mistakes(name: str, *attempts, kind=known) -> list:
    return [kind(name, cause, function(name, body)) for cause, body in attempts]


def slid(kernel: str, image: str = "image", result: str = "out") -> str:
    """Return the body of a true_convolution with these expressions for the kernel, the image and the result."""
    return f"""
image, kernel = {image}, {kernel}
places = [size - extent + 1 for size, extent in zip(image.shape, kernel.shape)]
out = np.zeros(places)
for i, j in np.ndindex(*places):
    out[i, j] = np.sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]] * kernel)
return {result}
"""


E = "np.exp(scores)"
FULL = "np.pad(image, [(n - 1, n - 1) for n in kernel.shape])"

CAUSES = {
    # convolution
    "filter_not_flipped": (
        "the filter is not flipped, so this is a cross-correlation:",
        "flip the filter in both directions.",
    ),
    "filter_flipped_down_only": (
        "the filter is flipped only from top to bottom;",
        "flip it from left to right as well.",
    ),
    "filter_flipped_across_only": (
        "the filter is flipped only from left to right;",
        "flip it from top to bottom as well.",
    ),
    "beyond_the_border": (
        "the result has too many rows and columns:",
        "use only positions where the whole filter is inside the image.",
    ),
    "result_flipped": ("the result is flipped;", "flip the filter instead."),
    "one_maximum_for_all": (
        "a row whose scores are far below the largest score of all rows becomes 0 / 0:",
        "subtract each row's own maximum, with axis=1 and keepdims=True.",
    ),
    "size_without_one": ("the size of the output is too small by one:", "add 1 for the first position."),
    "padded_once": ("the padding is counted once, but it is on both sides:", "add 2 * pad instead of pad."),
    "size_without_padding": (
        "the size of the output is computed without the padding:",
        "add 2 * pad to the size of the image.",
    ),
    "size_without_stride": (
        "the size of the output is computed without the stride:",
        "divide size + 2 * pad - extent by the stride, then add 1.",
    ),
    # small functions in notebook cells
    "ones_in_front": ("the column of ones comes first;", "it should come last."),
    "ones_as_row": (
        "a row of ones was added;",
        "every example (a row of X) needs one more number, so append a column.",
    ),
    "zero_times_log": ("numpy gives nan for 0 · log 0:", "leave out the entries where p is 0."),
    "p_and_q_swapped": ("p and q are swapped:", "the cross-entropy should be H(p, q) = -Σ p log q."),
    "log2_for_log": ("the logarithm has base 2;", "use np.log, the natural logarithm."),
    "mean_for_sum_of_terms": ("the terms are averaged;", "the cross-entropy should be their sum."),
    "normalised_over_batch": (
        "everything is divided by the sum over all examples;",
        "each row should be divided by its own sum.",
    ),
    "normalised_over_column": (
        "the sums run over the examples;",
        "each row is one example, whose probabilities should sum to 1.",
    ),
    "log_probabilities": ("these are logarithms of probabilities;", "apply exp to them."),
    # the Jacobian of a layer
    "jacobian_transposed": ("the Jacobian is transposed:", "rows should belong to outputs, and columns to inputs."),
    "jacobian_of_one_example": (
        "this is the block of one example;",
        "the Jacobian of the batch should have N such blocks, along the diagonal.",
    ),
    "jacobian_all_blocks": (
        "the blocks that connect different examples are not 0;",
        "no output depends on another example, so they should be 0.",
    ),
    "order_of_blocks": (
        "the rows and columns are in the wrong order:",
        "there should be one block for each example along the diagonal, as in np.kron(np.eye(N), w.T).",
    ),
    "log10_for_log": ("the logarithm has base 10;", "use np.log, the natural logarithm."),
    "entropy_of_p": ("this is the entropy of p alone;", "take the logarithm of q, not of p."),
    "entropy_of_q": ("this is the entropy of q alone;", "the logarithms of q should be weighted by p."),
    "weights_left_out": ("the logarithms are not weighted by p;", "the cross-entropy should be H(p, q) = -Σ p log q."),
    "logarithm_left_out": ("the logarithm is missing:", "the cross-entropy should be H(p, q) = -Σ p log q."),
    "scores_over_sum": ("exp is missing:", "each probability should be e^s divided by the sum of e^s over its row."),
    "smallest_first": ("the exponent has the wrong sign:", "the largest score should have the largest probability."),
}

WRONG = [
    *mistakes(
        "with_ones",
        ("ones_in_front", "np.hstack([np.ones((len(X), 1)), X])"),
        ("ones_as_row", "np.vstack([X, np.ones((1, X.shape[1]))])"),
    ),
    *mistakes(
        "cross_entropy",
        ("sign", "np.sum(p[p > 0] * np.log(q[p > 0]))"),
        ("p_and_q_swapped", "-np.sum(q * np.log(p))"),
        ("log2_for_log", "-np.sum(p[p > 0] * np.log2(q[p > 0]))"),
        ("mean_for_sum_of_terms", "-np.mean(p * np.log(np.where(p > 0, q, 1)))"),
    ),
    *mistakes("cross_entropy", ("zero_times_log", "-np.sum(p * np.log(q))"), kind=wrong),
    *mistakes(
        "softmax_probabilities",
        ("normalised_over_batch", f"{E} / {E}.sum()"),
        ("normalised_over_column", f"{E} / {E}.sum(axis=0)"),
        ("log_probabilities", f"scores - np.log({E}.sum(axis=1, keepdims=True))"),
    ),
    *mistakes("softmax_probabilities", ("overflow", f"{E} / {E}.sum(axis=1, keepdims=True)"), kind=wrong),
    *mistakes(
        "affine_jacobian",
        ("jacobian_transposed", "np.kron(np.eye(len(x)), w)"),
        ("jacobian_of_one_example", "w.T"),
        ("jacobian_all_blocks", "np.kron(np.ones((len(x), len(x))), w.T)"),
    ),
    *mistakes(
        "true_convolution",
        ("filter_not_flipped", slid("kernel")),
        ("filter_flipped_down_only", slid("kernel[::-1]")),
        ("filter_flipped_across_only", slid("kernel[:, ::-1]")),
        ("beyond_the_border", slid("kernel[::-1, ::-1]", image=FULL)),
        ("result_flipped", slid("kernel", result="out[::-1, ::-1]")),
    ),
    *mistakes(
        "output_size",
        ("size_without_one", "(size + 2 * pad - extent) // stride"),
        ("padded_once", "1 + (size + pad - extent) // stride"),
        ("size_without_padding", "1 + (size - extent) // stride"),
        ("size_without_stride", "1 + size + 2 * pad - extent"),
    ),
    *mistakes("output_size", ("stride_remainder", "1 + (size + 2 * pad - extent) / stride"), kind=wrong),
    # further ways
    *mistakes(
        "cross_entropy",
        ("log10_for_log", "-np.sum(p[p > 0] * np.log10(q[p > 0]))"),
        ("entropy_of_p", "-np.sum(p[p > 0] * np.log(p[p > 0]))"),
        ("entropy_of_q", "-np.sum(q * np.log(q))"),
        ("weights_left_out", "-np.sum(np.log(q[p > 0]))"),
        ("logarithm_left_out", "-np.sum(p * q)"),
        ("logarithm_left_out", "np.sum(p * q)"),
    ),
    *mistakes(
        "softmax_probabilities",
        ("scores_over_sum", "scores / scores.sum(axis=1, keepdims=True)"),
        ("smallest_first", "np.exp(-scores) / np.exp(-scores).sum(axis=1, keepdims=True)"),
    ),
    *mistakes(
        "softmax_probabilities",
        ("one_maximum_for_all", "e = np.exp(scores - scores.max()); return e / e.sum(axis=1, keepdims=True)"),
        kind=wrong,
    ),
    *mistakes("affine_jacobian", ("order_of_blocks", "np.kron(w.T, np.eye(len(x)))")),
]
