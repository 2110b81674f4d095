"""Attempts at the two-layer network."""

from textwrap import indent

from solutions.attempts import known, right, wrong


def init(
    W1="weight_scale * np.random.randn(input_dim, hidden_dim)",
    b1="np.zeros(hidden_dim)",
    W2="weight_scale * np.random.randn(hidden_dim, num_classes)",
    b2="np.zeros(num_classes)",
) -> str:
    """Return the code of an __init__ as written for the official handouts, without the argument dtype."""
    return f"""
def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
    self.params = {{}}
    self.reg = reg
    self.params["W1"], self.params["b1"] = {W1}, {b1}
    self.params["W2"], self.params["b2"] = {W2}, {b2}
"""


def loss(
    X="X",
    before="affine_forward(X, W1, b1)",
    out="",
    scores="return scores",
    penalty="0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))",
    mask="dh = relu_backward(dh, c2)",
    grads="g['W1'] += self.reg * W1\ng['W2'] += self.reg * W2",
    last="return loss, g",
) -> str:
    """Return the code of a loss that is computed with the layers, with some of its lines replaced."""
    body = f"""
W1, b1, W2, b2 = (self.params[name] for name in ("W1", "b1", "W2", "b2"))
X = {X}
h, c1 = {before}
h, c2 = relu_forward(h)
scores, c3 = affine_forward(h, W2, b2)
{out}
if y is None:
    {scores}
loss, ds = softmax_loss(scores, y)
loss += {penalty}
g = {{}}
dh, g["W2"], g["b2"] = affine_backward(ds, c3)
{mask}
_, g["W1"], g["b1"] = affine_backward(dh, c1)
{grads}
{last}
"""
    return "def loss(self, X, y=None):\n" + indent(body.strip(), "    ")


def penalised(strength: str) -> str:
    """Return the code of a loss with a penalty of this strength."""
    return loss(
        penalty=f"0.5 * {strength} * (np.sum(W1 * W1) + np.sum(W2 * W2))",
        grads=f"g['W1'] += {strength} * W1\ng['W2'] += {strength} * W2",
    )


INIT, LOSS = "TwoLayerNet_init", "TwoLayerNet_loss"
NO_RELU = loss().replace("h, c2 = relu_forward(h)", "c2 = np.ones_like(h)")
PROBABILITIES = "np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)"
HINGE = "from cs231n.layers import svm_loss\n" + loss().replace("softmax_loss(", "svm_loss(")
ALL_PENALISED = "for name in g:\n    g[name] += self.reg * self.params[name]"

BY_HAND = """
def loss(self, X, y=None):
    p, N = self.params, X.shape[0]
    x = X.reshape(N, -1)
    a = x.dot(p["W1"]) + p["b1"]
    h = np.where(a > 0, a, 0)
    s = h.dot(p["W2"]) + p["b2"]
    if y is None:
        return s
    {shift}
    P = np.exp(s)
    P /= P.sum(axis=1, keepdims=True)
    loss = -np.log(P[range(N), y]).mean() + self.reg / 2 * sum((p[k] ** 2).sum() for k in ("W1", "W2"))
    P[range(N), y] -= 1
    P /= N
    da = P.dot(p["W2"].T)
    da[a <= 0] = 0
    grads = dict(b2=P.sum(0), b1=da.sum(0), W2=h.T.dot(P) + self.reg * p["W2"], W1=x.T.dot(da) + self.reg * p["W1"])
    return loss, grads
"""

CAUSES = {
    "layers_from_zero": ("layers are counted from 0;", "the parameters of the first layer should be W1 and b1."),
    "parameters_misnamed": ("a parameter has the wrong name.", "Compare the names with those in the docstring."),
    "last_layer_missing": (
        "the last layer, which gives the scores, has no parameters:",
        "there is one more layer than there are hidden layers, so look at where a loop over the layers ends.",
    ),
    "first_layer_missing": (
        "the first layer, which reads the input, has no parameters.",
        "Look at where W1 is created, or at where the loop over the layers starts.",
    ),
    "biases_missing": ("no layer has biases:", "each W needs its own b, which starts as zeros."),
    "parameters_missing": (
        "some parameters are missing.",
        "Look at the lines that create them; if there is a loop over layers, are they in it, with a new key each time?",
    ),
    "parameter_a_number": (
        "a parameter is a single number, but each unit needs one of its own:",
        "np.zeros(size) makes one for each of `size` units.",
    ),
    "size_of_another": (
        "a parameter has the wrong size along one axis.",
        "Compare its shape with the one in the docstring.",
    ),
    "weight_scale_ignored": (
        "the weights do not have the standard deviation weight_scale.",
        "Look at what randn is multiplied by.",
    ),
    "weight_scale_squared": (
        "the standard deviation is the square of weight_scale, or its square root:",
        "multiply randn by weight_scale itself.",
    ),
    "weights_off_centre": (
        "the weights are not centred at 0:",
        "np.random.randn gives centred numbers, and np.random.rand does not.",
    ),
    "weights_constant": (
        "the weights are not random:",
        "draw them with np.random.randn, because units that start out equal stay equal.",
    ),
    "transposed_weights": (
        "the weights are transposed:",
        "X is multiplied by W1 from the right, so W1 should have a row for each input and a column for each unit.",
    ),
    "biases_not_zero": ("biases do not start at 0:", "use np.zeros."),
    "bias_row": ("a bias has one axis too many:", "it should have a single axis, as np.zeros(size) has."),
    "scores_only": (
        "where y is None, a tuple or a list is returned;",
        "return the array of scores, and nothing else.",
    ),
    "gradient_missing": (
        "not every parameter has a gradient under its own name:",
        "the keys of grads should be those of self.params.",
    ),
    "relu_on_scores": ("the scores have gone through a ReLU:", "the last layer should be affine only."),
    "relu_left_out": (
        "there is no ReLU between the affine layers:",
        "put one after every affine layer except the last.",
    ),
    "relu_mask_left_out": ("the gradient is not stopped where the ReLU gave 0:", "is relu_backward left out?"),
    "net_biases_left_out": ("one or more biases are left out.", "Look at the arguments of the forward passes."),
    "net_data_gradient_missing": (
        "the gradient of the penalty replaces that of the softmax loss:",
        "add it, with +=, to the gradient from the layers.",
    ),
    "net_penalty_missing": (
        "the penalty is missing from the loss, from a gradient or from both:",
        "add 0.5 * reg * ΣW² to the loss for every W, and reg * W to its gradient.",
    ),
    "net_penalty_doubled": (
        "the penalty or its gradient is twice as large as it should be:",
        "the penalty should be 0.5 * reg * ΣW², and its gradient reg * W.",
    ),
    "net_penalty_halved": (
        "the penalty or its gradient is half as large as it should be:",
        "the penalty should be 0.5 * reg * ΣW², and its gradient reg * W.",
    ),
    "net_penalty_on_biases": ("the biases are penalised too;", "only the weights W should have a penalty."),
    "net_penalty_of_one_layer": (
        "the penalty covers only one of the two weight matrices.",
        "Look for both W1 and W2 in the loss and in the gradients.",
    ),
    "net_penalty_averaged": (
        "the penalty or its gradient is divided by N;",
        "only the softmax loss should be a mean over the batch.",
    ),
    "hinge_for_softmax": ("this is the hinge loss of an SVM;", "the net should end with softmax_loss."),
    "labels_for_scores": (
        "these are predicted labels;",
        "return the scores, which are what the last affine layer gives.",
    ),
    "scores_for_gradient": (
        "the scores go back through the layers in place of their gradient;",
        "use the second result of softmax_loss.",
    ),
    "probabilities_for_scores": (
        "the scores have gone through a softmax;",
        "they should be what the last affine layer gives.",
    ),
    "hidden_before_relu": (
        "the gradient of the last W is computed from the hidden values before the ReLU;",
        "compute it from the values after the ReLU.",
    ),
    "relu_mask_of_scores": (
        "the gradient is masked by its own sign;",
        "use the sign of the values before the ReLU instead.",
    ),
    "sigmoid_for_relu": ("there is a sigmoid between the affine layers;", "it should be a ReLU."),
    "tanh_for_relu": ("there is a tanh between the affine layers;", "it should be a ReLU."),
    "leaky_for_relu": ("negative hidden values leak through;", "ReLU should make them exactly 0."),
}

WRONG = [
    wrong(INIT, "weight_scale_ignored", init(W1="np.random.randn(input_dim, hidden_dim)")),
    wrong(INIT, "weight_scale_ignored", init(W2="0.001 * np.random.randn(hidden_dim, num_classes)")),
    wrong(INIT, "weight_scale_squared", init(W1="weight_scale**2 * np.random.randn(input_dim, hidden_dim)")),
    wrong(INIT, "weights_off_centre", init(W1="weight_scale * np.random.rand(input_dim, hidden_dim)")),
    wrong(INIT, "weights_constant", init(W2="np.full((hidden_dim, num_classes), weight_scale)")),
    wrong(INIT, "weights_constant", init(W1="np.zeros((input_dim, hidden_dim))")),
    wrong(INIT, "biases_not_zero", init(b1="weight_scale * np.random.randn(hidden_dim)")),
    wrong(INIT, "biases_not_zero", init(b2="np.ones(num_classes)")),
    known(INIT, "bias_row", init(b1="np.zeros((1, hidden_dim))", b2="np.zeros((1, num_classes))")),
    known(
        INIT,
        "transposed_weights",
        init(
            W1="weight_scale * np.random.randn(hidden_dim, input_dim)",
            W2="weight_scale * np.random.randn(num_classes, hidden_dim)",
        ),
    ),
    wrong(INIT, "argument_ignored", init(b2="np.zeros(10)")),
    wrong(INIT, "parameters_misnamed", init().replace('"b2"', '"bias2"')),
    wrong(INIT, "parameter_a_number", init(b1="0.0", b2="0.0")),
    wrong(INIT, "size_of_another", init(b1="np.zeros(input_dim)")),
    known(LOSS, "net_penalty_doubled", penalised("2 * self.reg")),
    known(LOSS, "net_penalty_halved", penalised("0.5 * self.reg")),
    known(LOSS, "net_penalty_averaged", penalised("self.reg / len(X)")),
    wrong(LOSS, "net_penalty_doubled", loss(penalty="self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))")),
    wrong(LOSS, "net_penalty_doubled", loss(grads="g['W1'] += 2 * self.reg * W1\ng['W2'] += 2 * self.reg * W2")),
    wrong(LOSS, "net_penalty_halved", loss(grads="g['W1'] += self.reg * W1 / 2\ng['W2'] += self.reg * W2 / 2")),
    wrong(LOSS, "net_penalty_missing", loss(penalty="0")),
    wrong(LOSS, "net_penalty_missing", loss(grads="")),
    known(LOSS, "net_penalty_missing", loss(penalty="0", grads="")),
    known(LOSS, "net_data_gradient_missing", loss(grads="g['W1'] = self.reg * W1\ng['W2'] = self.reg * W2")),
    known(LOSS, "net_penalty_of_one_layer", loss(penalty="0.5 * self.reg * np.sum(W1 * W1)")),
    wrong(LOSS, "net_penalty_averaged", loss(penalty="0.5 * self.reg * (np.sum(W1**2) + np.sum(W2**2)) / len(X)")),
    wrong(LOSS, "net_penalty_on_biases", loss(grads=ALL_PENALISED)),
    known(
        LOSS,
        "net_penalty_on_biases",
        loss(penalty="0.5 * self.reg * sum(np.sum(p * p) for p in self.params.values())", grads=ALL_PENALISED),
    ),
    known(LOSS, "relu_on_scores", loss(out="scores = np.maximum(scores, 0)")),
    wrong(LOSS, "relu_on_scores", loss(out="scores, c4 = relu_forward(scores)")),
    known(LOSS, "relu_left_out", NO_RELU),
    known(LOSS, "relu_mask_left_out", loss(mask="")),
    known(LOSS, "net_biases_left_out", loss(before="affine_forward(X, W1, 0 * b1)", out="scores = scores - b2")),
    wrong(LOSS, "scores_only", loss(scores="return scores, c3")),
    wrong(LOSS, "gradient_missing", loss(last="return loss, {'W1': g['W1'], 'W2': g['W2']}")),
    wrong(LOSS, "all_zeros", loss(grads="g['W1'] += self.reg * W1\ng['W2'] += self.reg * W2\ng['b1'] = 0 * b1")),
    wrong(
        LOSS, "axis_too_many", loss(grads="g['W1'] += self.reg * W1\ng['W2'] += self.reg * W2\ng['b2'] = g['b2'][None]")
    ),
    wrong(LOSS, "returns_none", loss(last="")),
    wrong(LOSS, "mutation", loss(X="np.divide(X, 2, out=X) * 2")),
    wrong(
        LOSS,
        "mutation",
        loss(grads="W1 *= 1 + self.reg\ng['W1'] += self.reg / (1 + self.reg) * W1\ng['W2'] += self.reg * W2"),
    ),
    wrong(LOSS, "reshape_of_other_size", loss(X="X.reshape(-1, 6)"), status="error"),
    wrong(LOSS, "", loss(last="return loss, [g['W1'], g['b1'], g['W2'], g['b2']]")),
    wrong(LOSS, "overflow", BY_HAND.format(shift="")),
    # further ways
    known(LOSS, "hinge_for_softmax", HINGE),
    known(LOSS, "probabilities_for_scores", loss(scores=f"return {PROBABILITIES}")),
    known(
        LOSS,
        "probabilities_for_scores",
        loss(out="safe = scores - scores.max(axis=1, keepdims=True)", scores=f"return {PROBABILITIES}").replace(
            "return np.exp(scores) / np.exp(scores)", "return np.exp(safe) / np.exp(safe)"
        ),
    ),
    known(LOSS, "labels_for_scores", loss(scores="return scores.argmax(axis=1)")),
    known(LOSS, "scores_for_gradient", loss().replace("affine_backward(ds, c3)", "affine_backward(scores, c3)")),
    known(LOSS, "probabilities_for_scores", loss(out=f"scores = {PROBABILITIES}")),
    known(LOSS, "hidden_before_relu", loss().replace("affine_backward(ds, c3)", "affine_backward(ds, (c2, W2, b2))")),
    known(LOSS, "relu_mask_of_scores", loss(mask="dh = np.maximum(dh, 0)")),
    known(
        LOSS,
        "tanh_for_relu",
        NO_RELU.replace("c2 = np.ones_like(h)", "h = np.tanh(h); c2 = 1 + 0 * h").replace(
            "relu_backward(dh, c2)", "dh * (1 - h**2)"
        ),
    ),
    known(
        LOSS,
        "sigmoid_for_relu",
        NO_RELU.replace("c2 = np.ones_like(h)", "h = 1 / (1 + np.exp(-h)); c2 = 1 + 0 * h").replace(
            "relu_backward(dh, c2)", "dh * h * (1 - h)"
        ),
    ),
    known(
        LOSS,
        "leaky_for_relu",
        NO_RELU.replace("c2 = np.ones_like(h)", "c2 = np.where(h > 0, 1, 0.01); h = h * c2").replace(
            "relu_backward(dh, c2)", "dh * c2"
        ),
    ),
    wrong(LOSS, "penalty_part_extra", loss(penalty="self.reg * np.sum(W1 * W1) + 0.5 * self.reg * np.sum(W2 * W2)")),
    wrong(LOSS, "net_penalty_halved", loss(penalty="0.25 * self.reg * (np.sum(W1 * W1) + np.sum(W2 * W2))")),
    wrong(LOSS, "other_penalty", loss(penalty="0.5 * self.reg * (np.sum(W1 * W1) + np.sum(W1 * W1))")),
    wrong(LOSS, "net_penalty_averaged", loss(grads="g['W1'] += self.reg * W1\ng['W2'] += self.reg * W2 / len(X)")),
    known(LOSS, "weights_cancel", loss(penalty="0.5 * self.reg * (np.sum(W1) ** 2 + np.sum(W2) ** 2)")),
    known(LOSS, "weights_cancel", loss(penalty="0.5 * self.reg * (np.sum(W1) + np.sum(W2))")),
    known(LOSS, "penalty_of_root", loss(penalty="0.5 * self.reg * (np.linalg.norm(W1) + np.linalg.norm(W2))")),
    known(LOSS, "net_biases_left_out", loss(before="affine_forward(X, W1, 0 * b1)")),
]

RIGHT = [
    right(INIT, "for the official handouts", init()),
    right(
        INIT,
        "np.random.normal",
        init(
            W1="np.random.normal(0, weight_scale, (input_dim, hidden_dim))",
            W2="np.random.normal(scale=weight_scale, size=(hidden_dim, num_classes))",
        ),
    ),
    right(
        INIT,
        "a generator of its own",
        init(
            W1="np.random.default_rng(1).standard_normal((input_dim, hidden_dim)) * weight_scale",
            b1="np.zeros(hidden_dim, dtype=np.float32)",
            b2="np.zeros((num_classes,), np.float32)",
        ),
    ),
    right(LOSS, "by hand", BY_HAND.format(shift="s = s - s.max(axis=1, keepdims=True)")),
    right(LOSS, "by layers", loss()),
    right(
        LOSS,
        "by sandwiches, in float32",
        """
def loss(self, X, y=None):
    from cs231n.layer_utils import affine_relu_backward, affine_relu_forward
    p = {name: values.astype(np.float32) for name, values in self.params.items()}
    h, first = affine_relu_forward(X.astype(np.float32), p["W1"], p["b1"])
    scores, second = affine_forward(h, p["W2"], p["b2"])
    if y is None:
        return scores
    loss, ds = softmax_loss(scores, y)
    grads = dict(zip(("h", "W2", "b2"), affine_backward(ds, second)))
    grads.update(zip(("X", "W1", "b1"), affine_relu_backward(grads["h"], first)))
    for name in ("W1", "W2"):
        loss = loss + 0.5 * self.reg * np.linalg.norm(p[name]) ** 2
        grads[name] = grads[name] + self.reg * p[name]
    return float(loss), grads
""",
    ),
    right(LOSS, "a column of ones", loss(X="X.reshape(len(X), -1)", before="affine_forward(X, W1, b1)")),
]
