"""Attempts at the small functions of notebook cells, and the cause of what goes wrong in them."""

from textwrap import indent

from solutions.attempts import known, right, wrong

HEADS = {
    "with_ones": "X",
    "cross_entropy": "p, q",
    "softmax_probabilities": "scores",
    "affine_jacobian": "x, w",
    "true_convolution": "image, kernel",
    "output_size": "size, extent, stride, pad",
}


def function(name: str, body: str) -> str:
    """Return the code of one function. A body of one expression is what it returns."""
    lines = body.strip() if "return" in body else f"return {body}"
    return f"def {name}({HEADS[name]}):\n{indent(lines, '    ')}\n"


def mistakes(name: str, *attempts, kind=known) -> list:
    return [kind(name, cause, function(name, body)) for cause, body in attempts]


def slid(kernel: str, image: str = "image", result: str = "out") -> str:
    """Return a sum over windows, with another kernel, image or result."""
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
]

RIGHT = [
    right(
        "softmax_probabilities",
        "shifted",
        function(
            "softmax_probabilities",
            """
e = np.exp(scores - scores.max(axis=1, keepdims=True))
return e / e.sum(axis=1, keepdims=True)
""",
        ),
    ),
    right("true_convolution", "flipped first", function("true_convolution", slid("kernel[::-1, ::-1]"))),
    right("output_size", "by division", function("output_size", "int((size + 2 * pad - extent) / stride) + 1")),
]
