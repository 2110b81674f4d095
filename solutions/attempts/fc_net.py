"""Attempts at the network of any depth: its initialisation, its loss, normalisation and dropout."""

from textwrap import indent

from solutions.attempts import known, right, wrong
from solutions.attempts.two_layer_net import PROBABILITIES

INIT, LOSS = "FullyConnectedNet_init", "FullyConnectedNet_loss"
NORMALIZATION, DROPOUT = "FullyConnectedNet_normalization", "FullyConnectedNet_dropout"
SIGNATURE = """
def __init__(self, hidden_dims, input_dim=3 * 32 * 32, num_classes=10, {keep}=1, normalization=None, reg=0.0,
             weight_scale=1e-2, dtype=np.float32, seed=None):
"""


def init(
    dims="[input_dim] + hidden_dims + [num_classes]",
    W="weight_scale * np.random.randn(dims[i], dims[i + 1])",
    b="np.zeros(dims[i + 1])",
    depth="self.num_layers",
    gamma="np.ones(dims[i + 1])",
    beta="np.zeros(dims[i + 1])",
    keep="dropout_keep_ratio",
    before="",
) -> str:
    """Return the code of an __init__ as written for the official handouts, with some of its lines replaced."""
    body = f"""
self.normalization = normalization
self.use_dropout = {keep} != 1
self.reg = reg
self.num_layers = 1 + len(hidden_dims)
self.dtype = dtype
self.params = {{}}
{before}
dims = {dims}
for i in range({depth}):
    self.params[f"W{{i + 1}}"] = {W}
    self.params[f"b{{i + 1}}"] = {b}
    if self.normalization and i < self.num_layers - 1:
        self.params[f"gamma{{i + 1}}"] = {gamma}
        self.params[f"beta{{i + 1}}"] = {beta}
self.dropout_param = {{}}
if self.use_dropout:
    self.dropout_param = {{"mode": "train", "p": {keep}}}
    if seed is not None:
        self.dropout_param["seed"] = seed
self.bn_params = []
if self.normalization == "batchnorm":
    self.bn_params = [{{"mode": "train"}} for i in range(self.num_layers - 1)]
if self.normalization == "layernorm":
    self.bn_params = [{{}} for i in range(self.num_layers - 1)]
for k, v in self.params.items():
    self.params[k] = v.astype(dtype)
"""
    return SIGNATURE.format(keep=keep) + indent(body.strip(), "    ")


FORWARD_NORM = """
if self.normalization == "batchnorm":
    h, norm = batchnorm_forward(h, p[f"gamma{i}"], p[f"beta{i}"], self.bn_params[i - 1])
elif self.normalization == "layernorm":
    h, norm = layernorm_forward(h, p[f"gamma{i}"], p[f"beta{i}"], self.bn_params[i - 1])
"""
BACKWARD_NORM = """
if self.normalization == "batchnorm":
    dh, grads[f"gamma{i}"], grads[f"beta{i}"] = batchnorm_backward(dh, norm)
elif self.normalization == "layernorm":
    dh, grads[f"gamma{i}"], grads[f"beta{i}"] = layernorm_backward(dh, norm)
"""
FORWARD_RELU = "h, relu = relu_forward(h)"
FORWARD_DROP = "if self.use_dropout:\n    h, drop = dropout_forward(h, self.dropout_param)"
DROP_INPUT = "if self.use_dropout:\n    X, _ = dropout_forward(X, self.dropout_param)"
DROP_SCORES = "if self.use_dropout:\n    scores, _ = dropout_forward(scores, self.dropout_param)"
BACKWARD_DROP = "if self.use_dropout:\n    dh = dropout_backward(dh, drop)"


def loss(
    affine="affine_forward(h, p[f'W{i}'], p[f'b{i}'])",
    forward=(FORWARD_NORM, FORWARD_RELU, FORWARD_DROP),
    depth="self.num_layers",
    out="",
    scores="return scores",
    value="loss += 0.5 * self.reg * sum(np.sum(p[f'W{i}'] ** 2) for i in range(1, L + 1))",
    backward=(BACKWARD_DROP, "dh = relu_backward(dh, relu)", BACKWARD_NORM),
    slope="for i in range(1, L + 1):\n    grads[f'W{i}'] += self.reg * p[f'W{i}']",
    modes=True,
    last="return loss, grads",
    setup="",
) -> str:
    """Return the code of a loss that is computed with the layers, with some of its lines replaced."""
    both = """
if self.use_dropout:
    self.dropout_param["mode"] = mode
if self.normalization == "batchnorm":
    for bn_param in self.bn_params:
        bn_param["mode"] = mode
"""
    body = f"""
from cs231n.layers import batchnorm_backward
X = X.astype(self.dtype)
mode = "test" if y is None else "train"
{both if modes else ""}
{setup}
p, L = self.params, {depth}
h, caches = X, []
for i in range(1, L):
    norm = drop = relu = None
    h, affine = {affine}
{indent(chr(10).join(forward), "    ")}
    caches.append((affine, norm, relu, drop))
scores, affine = affine_forward(h, p[f"W{{L}}"], p[f"b{{L}}"])
{out}
if y is None:
    {scores}
loss, dscores = softmax_loss(scores, y)
{value}
grads = {{}}
dh, grads[f"W{{L}}"], grads[f"b{{L}}"] = affine_backward(dscores, affine)
for i in range(L - 1, 0, -1):
    affine, norm, relu, drop = caches[i - 1]
{indent(chr(10).join(backward), "    ")}
    dh, grads[f"W{{i}}"], grads[f"b{{i}}"] = affine_backward(dh, affine)
{slope}
{last}
"""
    return "def loss(self, X, y=None):\n" + indent(body.strip(), "    ")


def penalised(strength: str, weights: str = "[f'W{i}' for i in range(1, L + 1)]") -> str:
    """Return the code of a loss with a penalty of this strength on these parameters."""
    return loss(
        value=f"loss += 0.5 * {strength} * sum(np.sum(p[k] ** 2) for k in {weights})",
        slope=f"for k in {weights}:\n    grads[k] += {strength} * p[k]",
    )


def penalty(factor: str) -> str:
    return f"loss += {factor} * sum(np.sum(p[f'W{{i}}'] ** 2) for i in range(1, L + 1))"


EVERY = "for name in p:\n    grads[name] += self.reg * p[name]"
HIDDEN_ONLY = {
    "value": "loss += 0.5 * self.reg * sum(np.sum(p[f'W{i}'] ** 2) for i in range(1, L))",
    "slope": "for i in range(1, L):\n    grads[f'W{i}'] += self.reg * p[f'W{i}']",
}
PLAIN = loss(forward=(FORWARD_RELU,), backward=("dh = relu_backward(dh, relu)",))
GAMMA_TOO = {
    "value": "loss += 0.5 * self.reg * sum(np.sum(p[k] ** 2) for k in p if k[0] in 'Wg')",
    "slope": "for k in p:\n    if k[0] in 'Wg':\n        grads[k] += self.reg * p[k]",
}
NO_RELU = loss(forward=(FORWARD_NORM, FORWARD_DROP), backward=(BACKWARD_DROP, BACKWARD_NORM))


def with_param(bn="self.bn_params[i - 1]", drop="self.dropout_param") -> str:
    """Return the code of a loss that passes these dictionaries to batch normalisation and to dropout."""
    norm = FORWARD_NORM.replace("self.bn_params[i - 1])\nelif", f"{bn})\nelif")
    return loss(forward=(norm, FORWARD_RELU, FORWARD_DROP.replace("self.dropout_param)", f"{drop})")))


CAUSES = {
    "hard_coded_depth": (
        "it is right for two hidden layers, but not for every number of them:",
        "go through the layers in a loop, from 1 to self.num_layers.",
    ),
    "no_hidden_layer": (
        "it is right for one hidden layer or more;",
        "with an empty list of hidden layers the net is a linear classifier, and your code could handle this too.",
    ),
    "relu_first_only": ("only the first hidden layer has a ReLU;", "every hidden layer should have one."),
    "relu_last_only": ("only the last hidden layer has a ReLU;", "every hidden layer should have one."),
    "net_penalty_not_on_last": ("the last W has no penalty:", "does the loop stop at the hidden layers?"),
    "net_penalty_on_first_only": ("only W1 has a penalty;", "every W should have one."),
    "net_penalty_on_last_only": ("only the last W has a penalty;", "every W should have one."),
    "normalisation_left_out": (
        "normalisation is not in the net yet:",
        "a hidden layer should be affine - normalisation - relu, with the reverse order in the backward pass.",
    ),
    "normalised_after_relu": ("the normalisation comes after the ReLU;", "it should come between affine and relu."),
    "batch_statistics_at_test": (
        "without labels, the hidden layers are normalised with the statistics of the batch;",
        "use the running averages: pass the layer's own dictionary from self.bn_params, which has the right mode.",
    ),
    "running_averages_lost": (
        "the running averages are lost from one call to the next:",
        "pass the layer's own dictionary from self.bn_params, not a new one.",
    ),
    "layernorm_for_batchnorm": (
        "layer normalisation is used where batch normalisation is asked for:",
        'look at what is called where self.normalization is "batchnorm".',
    ),
    "gamma_penalised": ("gamma is penalised too;", "only the weights W should have a penalty."),
    "beta_penalised": ("beta is penalised too;", "only the weights W should have a penalty."),
    "gamma_starts_at_0": ("gamma starts at 0:", "start it at 1, because with 0 every output is beta."),
    "beta_starts_at_1": ("beta starts at 1:", "start it at 0, so that the normalised values are not shifted at first."),
    "dropout_left_out": (
        "dropout is not in the net yet:",
        "it should come after every relu, if self.use_dropout is true.",
    ),
    "dropout_first_only": ("dropout comes after the first hidden layer only;", "it should come after every one."),
    "dropout_last_only": ("dropout comes after the last hidden layer only;", "it should come after every one."),
    "dropout_on_input": (
        "dropout comes before the first layer too;",
        "it should come after every relu, and nowhere else.",
    ),
    "dropout_on_scores": (
        "dropout is applied to the scores too;",
        "it should come after every relu, and nowhere else.",
    ),
    "dropout_everywhere": (
        "dropout comes before the first layer and after the last one too;",
        "it should come after every relu, and nowhere else.",
    ),
    "dropout_at_test": (
        "without labels, units are still dropped:",
        "pass self.dropout_param itself, which has the right mode.",
    ),
    "dropout_seed_ignored": (
        "the seed of dropout is not used:",
        "pass self.dropout_param itself, which contains the seed.",
    ),
    "dropout_backward_left_out": (
        "dropout_backward is left out somewhere in the backward pass.",
        "Look for caches that are never used.",
    ),
    "dropout_before_normalisation": (
        "the parts of a hidden layer are in the wrong order:",
        "they should be affine - normalisation - relu - dropout.",
    ),
}

WRONG = [
    wrong(INIT, "last_layer_missing", init(depth="self.num_layers - 1")),
    wrong(INIT, "first_layer_missing", init(depth="1, self.num_layers")),
    wrong(INIT, "parameters_missing", init().replace('f"W{i + 1}"', "f'W{self.num_layers}'")),
    wrong(INIT, "weight_scale_ignored", init(W="np.random.randn(dims[i], dims[i + 1])")),
    wrong(INIT, "weight_scale_ignored", init(W="np.random.randn(dims[i], dims[i + 1]) / np.sqrt(dims[i])")),
    wrong(INIT, "weight_scale_squared", init(W="weight_scale**2 * np.random.randn(dims[i], dims[i + 1])")),
    wrong(INIT, "weights_off_centre", init(W="weight_scale * np.random.rand(dims[i], dims[i + 1])")),
    wrong(INIT, "weights_constant", init(W="np.zeros((dims[i], dims[i + 1]))")),
    wrong(INIT, "biases_not_zero", init(b="weight_scale * np.random.randn(dims[i + 1])")),
    known(INIT, "bias_row", init(b="np.zeros((1, dims[i + 1]))")),
    known(INIT, "transposed_weights", init(W="weight_scale * np.random.randn(dims[i + 1], dims[i])")),
    wrong(INIT, "hard_coded_depth", init(depth="3"), status="error"),
    wrong(INIT, "mutation", init(before="hidden_dims.insert(0, input_dim)", dims="hidden_dims + [num_classes]")),
    known(LOSS, "net_penalty_missing", loss(value="", slope="")),
    known(
        LOSS,
        "net_data_gradient_missing",
        loss(slope="for i in range(1, L + 1):\n    grads[f'W{i}'] = self.reg * p[f'W{i}']"),
    ),
    wrong(LOSS, "net_penalty_missing", loss(value="")),
    wrong(LOSS, "net_penalty_missing", loss(slope="")),
    known(LOSS, "net_penalty_doubled", penalised("2 * self.reg")),
    known(LOSS, "net_penalty_halved", penalised("0.5 * self.reg")),
    wrong(LOSS, "net_penalty_doubled", loss(value=penalty("self.reg"))),
    wrong(
        LOSS,
        "net_penalty_doubled",
        loss(slope="for i in range(1, L + 1):\n    grads[f'W{i}'] += 2 * self.reg * p[f'W{i}']"),
    ),
    known(LOSS, "net_penalty_averaged", penalised("self.reg / len(X)")),
    wrong(LOSS, "net_penalty_averaged", loss(value=penalty("0.5 * self.reg / len(X)"))),
    known(
        LOSS,
        "net_penalty_on_biases",
        loss(value="loss += 0.5 * self.reg * sum(np.sum(v**2) for v in p.values())", slope=EVERY),
    ),
    known(LOSS, "net_penalty_not_on_last", loss(**HIDDEN_ONLY)),
    known(
        LOSS,
        "net_penalty_on_first_only",
        loss(value="loss += 0.5 * self.reg * np.sum(p['W1'] ** 2)", slope="grads['W1'] += self.reg * p['W1']"),
    ),
    known(LOSS, "net_penalty_on_last_only", penalised("self.reg", weights="[f'W{L}']")),
    wrong(LOSS, "net_penalty_on_last_only", loss(value="loss += 0.5 * self.reg * np.sum(p[f'W{L}'] ** 2)")),
    known(LOSS, "relu_on_scores", loss(out="scores = np.maximum(0, scores)")),
    known(LOSS, "relu_left_out", NO_RELU),
    known(LOSS, "relu_mask_left_out", loss(backward=(BACKWARD_DROP, BACKWARD_NORM))),
    known(
        LOSS,
        "net_biases_left_out",
        loss(affine="affine_forward(h, p[f'W{i}'], 0 * p[f'b{i}'])", out="scores = scores - p[f'b{L}']"),
    ),
    wrong(LOSS, "hard_coded_depth", loss(depth="3"), status="error"),
    wrong(LOSS, "scores_only", loss(scores="return scores, caches")),
    wrong(LOSS, "gradient_missing", loss(last="return loss, {name: grads[name] for name in grads if 'W' in name}")),
    wrong(LOSS, "returns_none", loss(last="")),
    wrong(LOSS, "mutation", loss(last="for name in p:\n    p[name] -= 1e-2 * grads[name]\nreturn loss, grads")),
    wrong(
        LOSS, "", loss(backward=("dh = relu_backward(dh, caches[-1][2]) if caches[-1][2].shape == dh.shape else dh",))
    ),
    wrong(NORMALIZATION, "normalisation_left_out", PLAIN),
    known(NORMALIZATION, "batch_statistics_at_test", with_param(bn="{**self.bn_params[i - 1], 'mode': 'train'}")),
    known(NORMALIZATION, "running_averages_lost", with_param(bn="{'mode': mode}")),
    known(NORMALIZATION, "gamma_penalised", loss(**GAMMA_TOO)),
    known(
        NORMALIZATION,
        "normalised_after_relu",
        loss(
            forward=(FORWARD_RELU, FORWARD_NORM, FORWARD_DROP),
            backward=(BACKWARD_DROP, BACKWARD_NORM, "dh = relu_backward(dh, relu)"),
        ),
    ),
    known(
        NORMALIZATION, "beta_penalised", penalised("self.reg", weights="[k for k in p if k[:2] == 'be' or k[0] == 'W']")
    ),
    known(NORMALIZATION, "gamma_starts_at_0", init(gamma="np.zeros(dims[i + 1])")),
    known(NORMALIZATION, "beta_starts_at_1", init(beta="np.ones(dims[i + 1])")),
    known(NORMALIZATION, "layernorm_for_batchnorm", loss().replace("batchnorm_", "layernorm_")),
    wrong(
        NORMALIZATION,
        "gradient_missing",
        loss(last="return loss, {name: grads[name] for name in grads if name[0] in 'Wb' and name[:2] != 'be'}"),
    ),
    wrong(
        NORMALIZATION,
        "",
        loss(backward=(BACKWARD_DROP, "dh = relu_backward(dh, relu)", BACKWARD_NORM.replace("dh, grads", "_, grads"))),
    ),
    wrong(
        DROPOUT,
        "dropout_left_out",
        loss(forward=(FORWARD_NORM, FORWARD_RELU), backward=("dh = relu_backward(dh, relu)", BACKWARD_NORM)),
    ),
    known(DROPOUT, "dropout_at_test", with_param(drop="{**self.dropout_param, 'mode': 'train'}")),
    wrong(DROPOUT, "dropout_seed_ignored", with_param(drop="{'mode': mode, 'p': self.dropout_param['p']}")),
    wrong(DROPOUT, "dropout_backward_left_out", loss(backward=("dh = relu_backward(dh, relu)", BACKWARD_NORM))),
    wrong(
        DROPOUT,
        "dropout_first_only",
        loss(
            forward=(FORWARD_NORM, FORWARD_RELU, FORWARD_DROP.replace("if ", "if i == 1 and ")),
            backward=(BACKWARD_DROP.replace("if ", "if i == 1 and "), "dh = relu_backward(dh, relu)", BACKWARD_NORM),
        ),
    ),
    wrong(
        DROPOUT,
        "dropout_last_only",
        loss(
            forward=(FORWARD_NORM, FORWARD_RELU, FORWARD_DROP.replace("if ", "if i == L - 1 and ")),
            backward=(
                BACKWARD_DROP.replace("if ", "if i == L - 1 and "),
                "dh = relu_backward(dh, relu)",
                BACKWARD_NORM,
            ),
        ),
    ),
    wrong(DROPOUT, "dropout_on_input", loss(setup=DROP_INPUT)),
    wrong(DROPOUT, "dropout_on_scores", loss(out=DROP_SCORES)),
    wrong(DROPOUT, "dropout_everywhere", loss(setup=DROP_INPUT, out=DROP_SCORES)),
    wrong(
        DROPOUT,
        "dropout_before_normalisation",
        loss(
            forward=(
                "if self.use_dropout:\n    h, drop = dropout_forward(h, self.dropout_param)",
                FORWARD_NORM,
                FORWARD_RELU,
            ),
            backward=("dh = relu_backward(dh, relu)", BACKWARD_NORM, BACKWARD_DROP),
        ),
    ),
    # further ways
    known(
        LOSS, "hinge_for_softmax", "from cs231n.layers import svm_loss\n" + loss().replace("softmax_loss(", "svm_loss(")
    ),
    known(LOSS, "probabilities_for_scores", loss(scores=f"return {PROBABILITIES}")),
    known(LOSS, "probabilities_for_scores", loss(out=f"scores = {PROBABILITIES}")),
    known(LOSS, "relu_mask_of_scores", loss(backward=(BACKWARD_DROP, "dh = np.maximum(dh, 0)", BACKWARD_NORM))),
    known(
        LOSS,
        "relu_first_only",
        loss(
            forward=("relu = h\nif i == 1:\n    h, relu = relu_forward(h)",),
            backward=("if i == 1:\n    dh = relu_backward(dh, relu)",),
        ),
    ),
    known(
        LOSS,
        "relu_last_only",
        loss(
            forward=("relu = h\nif i == L - 1:\n    h, relu = relu_forward(h)",),
            backward=("if i == L - 1:\n    dh = relu_backward(dh, relu)",),
        ),
    ),
    wrong(LOSS, "net_penalty_halved", loss(value=penalty("0.25 * self.reg"))),
    wrong(LOSS, "other_penalty", loss(value="loss += 0.5 * self.reg * L * np.sum(p['W1'] ** 2)")),
    wrong(
        LOSS, "net_penalty_missing", loss(slope="for i in range(1, L + 1):\n    grads[f'W{i}'] = grads[f'W{i}'] + 0")
    ),
    wrong(
        LOSS,
        "net_penalty_averaged",
        loss(slope="for i in range(1, L + 1):\n    grads[f'W{i}'] += self.reg * p[f'W{i}'] / len(X)"),
    ),
    known(
        LOSS,
        "weights_cancel",
        loss(value="loss += 0.5 * self.reg * sum(np.sum(p[f'W{i}']) ** 2 for i in range(1, L + 1))"),
    ),
    known(
        LOSS, "weights_cancel", loss(value="loss += 0.5 * self.reg * sum(np.sum(p[f'W{i}']) for i in range(1, L + 1))")
    ),
    known(
        LOSS,
        "penalty_of_root",
        loss(value="loss += 0.5 * self.reg * sum(np.linalg.norm(p[f'W{i}']) for i in range(1, L + 1))"),
    ),
]

BY_HAND = """
def loss(self, X, y=None):
    p, N, L = self.params, len(X), self.num_layers
    hs = [X.reshape(N, -1).astype(self.dtype)]
    for i in range(1, L):
        hs.append(np.maximum(hs[-1] @ p[f"W{i}"] + p[f"b{i}"], 0))
    s = np.einsum("nd,dc->nc", hs[-1], p[f"W{L}"]) + p[f"b{L}"]
    if y is None:
        return s
    s = s - s.max(axis=1, keepdims=True)
    logs = s - np.log(np.exp(s).sum(axis=1, keepdims=True))
    loss, grads = -logs[np.arange(N), y].mean(), {}
    d = np.exp(logs)
    d[np.arange(N), y] -= 1
    d /= N
    for i in range(L, 0, -1):
        W = p[f"W{i}"]
        loss += self.reg / 2 * np.linalg.norm(W) ** 2
        grads[f"W{i}"], grads[f"b{i}"] = hs[i - 1].T @ d + self.reg * W, d.sum(0)
        d = (d @ W.T) * (hs[i - 1] > 0)
    return float(loss), grads
"""
RECURSIVE = """
def loss(self, X, y=None):
    grads, total = {}, []

    def through(x, i):
        W, b = self.params[f"W{i}"], self.params[f"b{i}"]
        a, cache = affine_forward(x, W, b)
        if i == self.num_layers:
            if y is None:
                total.append(a)
                return None
            value, d = softmax_loss(a, y)
            total.append(value)
        else:
            h, relu = relu_forward(a)
            d = through(h, i + 1)
            if y is None:
                return None
            d = relu_backward(d, relu)
        d, dW, grads[f"b{i}"] = affine_backward(d, cache)
        grads[f"W{i}"] = dW + self.reg * W
        total.append(0.5 * self.reg * (W * W).sum())
        return d

    through(X.astype(self.dtype), 1)
    return total[0] if y is None else (sum(total), grads)
"""

RIGHT = [
    right(INIT, "for the official handouts", init()),
    right(INIT, "for the handouts of 2020", init(keep="dropout")),
    right(
        INIT,
        "np.random.normal and np.hstack",
        init(
            dims="np.hstack([input_dim, hidden_dims, num_classes]).astype(int)",
            W="np.random.normal(0, weight_scale, (dims[i], dims[i + 1]))",
        ),
    ),
    right(
        INIT,
        "a generator of its own",
        init(W="np.random.default_rng(i).standard_normal(dims[i : i + 2]) * weight_scale"),
    ),
    right(LOSS, "for the official handouts", loss()),
    right(LOSS, "no normalisation and no dropout yet", PLAIN),
    right(LOSS, "by hand", BY_HAND),
    right(LOSS, "recursive", RECURSIVE),
    right(NORMALIZATION, "for the official handouts", loss()),
    right(
        NORMALIZATION,
        "with the short backward pass",
        loss().replace("import batchnorm_backward\n", "import batchnorm_backward_alt as batchnorm_backward\n"),
    ),
    right(
        NORMALIZATION,
        "the modes set in one line",
        loss(
            modes=False,
            setup="[one.update(mode=mode) for one in self.bn_params if self.normalization == 'batchnorm']",
        ),
    ),
    right(DROPOUT, "for the official handouts", loss()),
    right(
        DROPOUT,
        "before the ReLU, which gives the same result",
        loss(
            forward=(FORWARD_NORM, FORWARD_DROP, FORWARD_RELU),
            backward=("dh = relu_backward(dh, relu)", BACKWARD_DROP, BACKWARD_NORM),
        ),
    ),
    right(
        DROPOUT,
        "left out at test time",
        loss(
            forward=(
                FORWARD_NORM,
                FORWARD_RELU,
                FORWARD_DROP.replace("self.use_dropout", "self.use_dropout and y is not None"),
            )
        ),
    ),
]
