"""Attempts at the three-layer convolutional network."""

from textwrap import indent

from solutions.attempts import fragile, known, right, wrong

# The wildcard imports of the official handouts
IMPORTS = "from cs231n.layers import *\nfrom cs231n.fast_layers import *\nfrom cs231n.layer_utils import *\n"


def init(
    W1="np.random.randn(num_filters, C, filter_size, filter_size)",
    b1="np.zeros(num_filters)",
    rows="num_filters * (H // 2) * (W // 2)",
    W2="np.random.randn(rows, hidden_dim)",
    W3="np.random.randn(hidden_dim, num_classes)",
    b2="np.zeros(hidden_dim)",
    scale="weight_scale",
) -> str:
    """Return the code of an __init__ as written for the official handouts, with some of its lines replaced."""
    return f"""
def __init__(self, input_dim=(3, 32, 32), num_filters=32, filter_size=7, hidden_dim=100, num_classes=10,
             weight_scale=1e-3, reg=0.0, dtype=np.float32):
    self.params = {{}}
    self.reg = reg
    self.dtype = dtype
    C, H, W = input_dim
    rows = {rows}
    self.params["W1"] = {W1} * {scale}
    self.params["b1"] = {b1}
    self.params["W2"] = {W2} * weight_scale
    self.params["b2"] = {b2}
    self.params["W3"] = {W3} * weight_scale
    self.params["b3"] = np.zeros(num_classes)
    for k, v in self.params.items():
        self.params[k] = v.astype(dtype)
"""


def loss(
    X="X",
    first="conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)",
    hidden="affine_relu_forward(a1, W2, b2)",
    out="",
    scores="return scores",
    penalty="0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))",
    da2="affine_relu_backward(da2, c2)",
    da1="conv_relu_pool_backward(da1, c1)",
    grads="for k in ('W1', 'W2', 'W3'):\n    grads[k] += self.reg * self.params[k]",
    last="return loss, grads",
) -> str:
    """Return the code of a loss as written for the official handouts, with some of its lines replaced."""
    body = f"""
W1, b1 = self.params["W1"], self.params["b1"]
W2, b2 = self.params["W2"], self.params["b2"]
W3, b3 = self.params["W3"], self.params["b3"]
filter_size = W1.shape[2]
conv_param = {{"stride": 1, "pad": (filter_size - 1) // 2}}
pool_param = {{"pool_height": 2, "pool_width": 2, "stride": 2}}
X = {X}
a1, c1 = {first}
a2, c2 = {hidden}
scores, c3 = affine_forward(a2, W3, b3)
{out}
if y is None:
    {scores}
loss, grads = 0, {{}}
loss, dscores = softmax_loss(scores, y)
loss += {penalty}
da2, grads["W3"], grads["b3"] = affine_backward(dscores, c3)
da1, grads["W2"], grads["b2"] = {da2}
dx, grads["W1"], grads["b1"] = {da1}
{grads}
{last}
"""
    return IMPORTS + "def loss(self, X, y=None):\n" + indent(body.strip(), "    ")


def penalised(strength: str, weights: tuple = ("W1", "W2", "W3")) -> str:
    """Return the code of a loss with a penalty of this strength on these parameters."""
    return loss(
        penalty=f"0.5 * {strength} * sum(np.sum(self.params[k] ** 2) for k in {weights})",
        grads=f"for k in {weights}:\n    grads[k] += {strength} * self.params[k]",
    )


INIT, LOSS = "ThreeLayerConvNet_init", "ThreeLayerConvNet_loss"
ALL_PENALISED = "for k in grads:\n    grads[k] += self.reg * self.params[k]"
WITHOUT_RELU = {
    "first": "(lambda z: max_pool_forward_fast(z[0], pool_param) + (z[1],))(conv_forward_fast(X, W1, b1, conv_param))",
}
NO_RELU = (
    loss()
    .replace(
        "a1, c1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)",
        "a0, c0 = conv_forward_fast(X, W1, b1, conv_param)\n    a1, c1 = max_pool_forward_fast(a0, pool_param)",
    )
    .replace("conv_relu_pool_backward(da1, c1)", "conv_backward_fast(max_pool_backward_fast(da1, c1), c0)")
)
NO_MASK = (
    loss()
    .replace(
        "a1, c1 = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)",
        "a0, (c0, _) = conv_relu_forward(X, W1, b1, conv_param)\n    a1, c1 = max_pool_forward_fast(a0, pool_param)",
    )
    .replace("conv_relu_pool_backward(da1, c1)", "conv_backward_fast(max_pool_backward_fast(da1, c1), c0)")
)


CAUSES = {
    "odd_image": (
        "this is right only for images of even size;",
        "pooling rounds odd sizes down, as H // 2 and W // 2 do.",
    ),
    "pooling_forgotten": (
        "W2 has a row for every number before the pooling, but pooling halves height and width.",
        "Look at the shape of W2.",
    ),
    "square_images": (
        "the number of rows of W2 is right only for square images:",
        "it should be num_filters * (H // 2) * (W // 2).",
    ),
    "channels_for_filters": (
        "the number of rows of W2 is computed from the channels of the images;",
        "the convolution gives one channel for each filter: num_filters, not C.",
    ),
    "filters_forgotten": (
        "the number of rows of W2 lacks the factor num_filters:",
        "it should be num_filters * (H // 2) * (W // 2).",
    ),
    "always_32_pixels": (
        "W2 always has the number of rows for images of 32 × 32 pixels:",
        "take H and W from input_dim.",
    ),
    "always_3_channels": ("the filters always have 3 channels:", "take C from input_dim."),
    "filters_last": (
        "the axes of W1 are in the wrong order;",
        "its shape should be (num_filters, C, filter_size, filter_size).",
    ),
    "conv_net_transposed": ("W2 and W3 are transposed:", "the shape of a weight matrix should be (inputs, outputs)."),
    "penalty_without_w1": ("W1 is left out of the penalty:", "the penalty should be 0.5 * reg * (ΣW1² + ΣW2² + ΣW3²)."),
    "penalty_without_w2": ("W2 is left out of the penalty:", "the penalty should be 0.5 * reg * (ΣW1² + ΣW2² + ΣW3²)."),
    "penalty_without_w3": ("W3 is left out of the penalty:", "the penalty should be 0.5 * reg * (ΣW1² + ΣW2² + ΣW3²)."),
    "relu_of_conv_left_out": (
        "there is no ReLU between the convolution and the pooling.",
        "Look at the order of the layers in loss.",
    ),
    "relu_mask_of_conv_left_out": (
        "the gradient is not stopped where the ReLU after the convolution gave 0.",
        "Look at the order of the layers in the backward pass.",
    ),
    "halved_once": (
        "in the number of rows of W2, only the height or only the width is halved;",
        "pooling halves both.",
    ),
    "size_without_pad": (
        "W2 has the number of rows for a convolution without padding;",
        "the convolution is padded, so it keeps height and width.",
    ),
}

WRONG = [
    known(INIT, "pooling_forgotten", init(rows="num_filters * H * W")),
    known(INIT, "square_images", init(rows="num_filters * (H // 2) * (H // 2)")),
    known(INIT, "channels_for_filters", init(rows="C * (H // 2) * (W // 2)")),
    known(INIT, "filters_forgotten", init(rows="(H // 2) * (W // 2)")),
    known(INIT, "always_32_pixels", init(rows="num_filters * 16 * 16")),
    known(INIT, "always_3_channels", init(W1="np.random.randn(num_filters, 3, filter_size, filter_size)")),
    known(INIT, "filters_last", init(W1="np.random.randn(filter_size, filter_size, C, num_filters)")),
    known(
        INIT,
        "bias_row",
        init(b1="np.zeros((1, num_filters))", b2="np.zeros((1, hidden_dim))").replace(
            "np.zeros(num_classes)", "np.zeros((1, num_classes))"
        ),
    ),
    known(
        INIT,
        "conv_net_transposed",
        init(W2="np.random.randn(hidden_dim, rows)", W3="np.random.randn(num_classes, hidden_dim)"),
    ),
    wrong(INIT, "weight_scale_ignored", init(scale="1e-3")),
    wrong(INIT, "weight_scale_squared", init(scale="weight_scale**2")),
    wrong(INIT, "weights_off_centre", init(W1="np.random.rand(num_filters, C, filter_size, filter_size)")),
    wrong(INIT, "weights_constant", init(W3="np.zeros((hidden_dim, num_classes))")),
    wrong(INIT, "biases_not_zero", init(b2="np.ones(hidden_dim)")),
    wrong(INIT, "float_for_integer", init(rows="num_filters * (H / 2) * (W / 2)"), status="error"),
    wrong(INIT, "parameters_misnamed", init().replace('"b3"', '"bias3"')),
    known(LOSS, "net_penalty_doubled", penalised("2 * self.reg")),
    known(LOSS, "net_penalty_halved", penalised("0.5 * self.reg")),
    known(LOSS, "net_penalty_averaged", penalised("self.reg / len(X)")),
    known(LOSS, "net_penalty_on_biases", penalised("self.reg", weights=("W1", "W2", "W3", "b1", "b2", "b3"))),
    wrong(LOSS, "net_penalty_doubled", loss(penalty="self.reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))")),
    wrong(LOSS, "net_penalty_missing", loss(penalty="0")),
    wrong(LOSS, "net_penalty_missing", loss(grads="")),
    known(LOSS, "net_penalty_missing", loss(penalty="0", grads="")),
    known(
        LOSS,
        "net_data_gradient_missing",
        loss(grads=ALL_PENALISED.replace("in grads", "in ('W1', 'W2', 'W3')").replace("+=", "=")),
    ),
    known(LOSS, "penalty_without_w1", penalised("self.reg", weights=("W2", "W3"))),
    known(LOSS, "penalty_without_w2", penalised("self.reg", weights=("W1", "W3"))),
    known(LOSS, "penalty_without_w3", penalised("self.reg", weights=("W1", "W2"))),
    wrong(
        LOSS,
        "net_penalty_halved",
        loss(grads="for k in ('W1', 'W2', 'W3'):\n    grads[k] += self.reg * self.params[k] / 2"),
    ),
    wrong(
        LOSS,
        "net_penalty_averaged",
        loss(penalty="0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2)) / len(X)"),
    ),
    wrong(LOSS, "penalty_without_w3", loss(penalty="0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2))")),
    wrong(LOSS, "penalty_without_w1", loss(penalty="0.5 * self.reg * (np.sum(W2**2) + np.sum(W3**2))")),
    wrong(LOSS, "net_penalty_missing", loss(grads="grads['W1'] += self.reg * W1\ngrads['W2'] += self.reg * W2")),
    wrong(LOSS, "net_penalty_on_biases", loss(grads=ALL_PENALISED)),
    known(LOSS, "relu_on_scores", loss(out="scores = np.maximum(scores, 0)")),
    known(LOSS, "relu_left_out", loss(hidden="affine_forward(a1, W2, b2)", da2="affine_backward(da2, c2)")),
    known(LOSS, "relu_mask_left_out", loss(da2="affine_backward(da2, c2[0])")),
    known(LOSS, "relu_of_conv_left_out", NO_RELU),
    known(LOSS, "relu_mask_of_conv_left_out", NO_MASK),
    known(
        LOSS,
        "net_biases_left_out",
        loss(
            first="conv_relu_pool_forward(X, W1, 0 * b1, conv_param, pool_param)",
            hidden="affine_relu_forward(a1, W2, 0 * b2)",
            out="scores = scores - b3",
        ),
    ),
    wrong(LOSS, "scores_only", loss(scores="return scores, None")),
    wrong(LOSS, "gradient_missing", loss(last="return loss, {k: grads[k] for k in ('W1', 'W2', 'W3')}")),
    wrong(LOSS, "returns_none", loss(last="")),
    wrong(LOSS, "mutation", loss(X="np.divide(X, 2, out=X) * 2")),
    wrong(LOSS, "", loss(X="X.reshape(-1, 3, *X.shape[2:])"), status="error"),
    wrong(LOSS, "", loss(first="conv_relu_pool_forward(X.transpose(0, 1, 3, 2), W1, b1, conv_param, pool_param)")),
    wrong(LOSS, "hard_coded_size", loss(out="if len(b3) == 2:\n        scores = scores[:, ::-1]")),
    # further ways
    known(INIT, "halved_once", init(rows="num_filters * (H // 2) * W")),
    wrong(INIT, "halved_once", init(rows="num_filters * H * (W // 2)")),
    known(
        INIT, "size_without_pad", init(rows="num_filters * ((H - filter_size + 1) // 2) * ((W - filter_size + 1) // 2)")
    ),
    known(INIT, "square_images", init(rows="num_filters * (W // 2) * (W // 2)")),
    known(INIT, "filters_last", init(W1="np.random.randn(C, num_filters, filter_size, filter_size)")),
    known(
        LOSS,
        "probabilities_for_scores",
        loss(out="scores = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)"),
    ),
    known(LOSS, "hinge_for_softmax", loss().replace("softmax_loss(", "svm_loss(")),
    wrong(
        LOSS, "net_penalty_halved", loss(penalty="0.25 * self.reg * (np.sum(W1**2) + np.sum(W2**2) + np.sum(W3**2))")
    ),
    wrong(LOSS, "other_penalty", loss(penalty="1.5 * self.reg * np.sum(W1**2)")),
]

NAIVE = """
def loss(self, X, y=None):
    from cs231n.layers import conv_backward_naive, conv_forward_naive, max_pool_backward_naive, max_pool_forward_naive
    from cs231n.layers import relu_backward, relu_forward
    p, layers = self.params, []
    pad = p["W1"].shape[-1] // 2
    x, caches = X.astype(p["W1"].dtype), []
    for layer, arguments in (
        (conv_forward_naive, (p["W1"], p["b1"], {"stride": 1, "pad": pad})),
        (relu_forward, ()),
        (max_pool_forward_naive, ({"pool_height": 2, "pool_width": 2, "stride": 2},)),
        (affine_forward, (p["W2"], p["b2"])),
        (relu_forward, ()),
        (affine_forward, (p["W3"], p["b3"])),
    ):
        x, cache = layer(x, *arguments)
        caches.append(cache)
    if y is None:
        return x
    loss, d = softmax_loss(x, y)
    grads = {}
    d, grads["W3"], grads["b3"] = affine_backward(d, caches.pop())
    d, grads["W2"], grads["b2"] = affine_backward(relu_backward(d, caches.pop()), caches.pop())
    d = relu_backward(max_pool_backward_naive(d, caches.pop()), caches.pop())
    grads["W1"], grads["b1"] = conv_backward_naive(d, caches.pop())[1:]
    for k in p:
        if p[k].ndim > 1:
            loss = loss + self.reg / 2 * np.linalg.norm(p[k]) ** 2
            grads[k] = grads[k] + self.reg * p[k]
    return float(loss), grads
"""

RIGHT = [
    right(INIT, "for the official handouts", init()),
    *(
        fragile(INIT, "images of even size", init(rows=rows))
        for rows in (
            "num_filters * H * W // 4",
            "num_filters * H // 2 * W // 2",
            "num_filters * (-(-H // 2)) * (W // 2)",
            "int(num_filters * H * W / 4)",
        )
    ),
    right(
        INIT,
        "np.random.normal",
        init(
            W1="np.random.normal(0, 1, (num_filters, C, filter_size, filter_size))",
            rows="H // 2 * (W // 2) * num_filters",
        ),
    ),
    right(
        INIT,
        "a generator of its own",
        init(
            W2="np.random.default_rng(2).standard_normal((rows, hidden_dim))", b1="np.zeros((num_filters,), np.float32)"
        ),
    ),
    right(LOSS, "for the official handouts", loss()),
    right(LOSS, "naive layers in a loop", NAIVE),
    right(LOSS, "in float32", loss(X="X.astype(np.float32)")),
    right(
        LOSS,
        "a flattened hidden layer",
        loss(
            hidden="affine_relu_forward(a1.reshape(len(X), -1), W2, b2)",
            da2="affine_relu_backward(da2, c2)",
            da1="conv_relu_pool_backward(da1.reshape(a1.shape), c1)",
        ),
    ),
]
