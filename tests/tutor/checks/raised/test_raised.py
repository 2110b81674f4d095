"""Exceptions get the cause that the statement, and the values at hand there, prove; none where they prove nothing."""

from textwrap import dedent

import pytest

from solutions.attempts import wrong

NO, TWO, SVM, LOSS = (
    "compute_distances_no_loops",
    "compute_distances_two_loops",
    "svm_loss_vectorized",
    "TwoLayerNet_loss",
)
SPATIAL, LAYERNORM, VOTE = "spatial_batchnorm_forward", "layernorm_forward", "predict_labels"
TRAIN, VALIDATE = "linear_classifier_train", "cross_validate"
CONV, MOMENTUM, AFFINE = "conv_forward_naive", "sgd_momentum", "affine_forward"


def function(head, body):
    return f"def {head}:\n" + "\n".join(f"    {line}" for line in dedent(body).strip().splitlines())


def distances(body, name=TWO):
    return function(
        f"{name}(self, X)", f"dists = np.zeros((len(X), len(self.X_train)))\n{dedent(body).strip()}\nreturn dists"
    )


def loops(line, rows="len(X)", columns="len(self.X_train)"):
    return distances(f"for i in range({rows}):\n    for j in range({columns}):\n        {line}")


def svm(body):
    return function(
        f"{SVM}(W, X, y, reg)",
        f"scores, dW, loss = X @ W, np.zeros_like(W), 0.0\n{dedent(body).strip()}\nreturn loss, dW",
    )


def conv(line="", shape="(N, F, H_out, W_out)", end="return out, None", pad="((0, 0), (0, 0), (p, p), (p, p))"):
    return function(
        f"{CONV}(x, w, b, conv_param)",
        f"""
p, s = conv_param["pad"], conv_param["stride"]
(N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
H_out, W_out = 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s
padded = np.pad(x, {pad})
out = np.zeros({shape})
for i in range(H_out):
    for j in range(W_out):
        window = padded[:, :, i * s : i * s + HH, j * s : j * s + WW]
        out[:, :, i, j] = {line or "np.tensordot(window, w, ([1, 2, 3], [1, 2, 3])) + b"}
{end}
""",
    )


def momentum(v):
    return function(
        f"{MOMENTUM}(w, dw, config=None)",
        f'config = config or {{"learning_rate": 0.01, "momentum": 0.9}}\n{v}\nreturn w + v, config',
    )


def affine(body):
    return function(f"{AFFINE}(x, w, b)", body)


def layernorm(out):
    return function(f"{LAYERNORM}(x, gamma, beta, ln_param)", f"return {out}, None")


def net(body):
    return function("loss(self, X, y=None)", f'W1, b1 = self.params["W1"], self.params["b1"]\n{dedent(body).strip()}')


def vote(body):
    lines = dedent(body).strip().replace("\n", "\n    ")
    return function(f"{VOTE}(self, dists, k=1)", f"for i in range(len(dists)):\n    {lines}")


def validate(
    train="model.train(rest_X, rest_y)",
    X="np.concatenate(Xs[:i] + Xs[i + 1 :])",
    y="np.concatenate(ys[:i] + ys[i + 1 :])",
):
    return function(
        f"{VALIDATE}(X, y, k_choices, num_folds=5)",
        f"""
Xs, ys = np.array_split(X, num_folds), np.array_split(y, num_folds)
for i in range(num_folds):
    rest_X = {X}
    rest_y = {y}
    model = KNearestNeighbor()
    {train}
""",
    )


OF_DISTS = "`near` holds entries of dists"
DISTANCE = "np.sqrt(np.sum((X[i] - self.X_train[j]) ** 2))"
PROVEN = [
    (TWO, "self_missing", loops(f"dists[i, j] = {DISTANCE.replace('self.', '')}"), "self.X_train"),
    (TWO, "indices_swapped", loops(f"dists[j, i] = {DISTANCE}"), "(7, 11), which is num_test × num_train"),
    (TWO, "index_beyond_end", loops(f"dists[i, j] = {DISTANCE}", rows="len(X) + 1"), "`i` reaches 7"),
    (TWO, "hard_coded_size", loops(f"dists[i, j] = {DISTANCE}", columns="500"), "500"),
    (TWO, "array_for_number", loops("dists[i, j] = np.sqrt((X[i] - self.X_train[j]) ** 2)"), "(5,), which is D"),
    (TWO, "name_unknown", loops(f"dists[i, j] = sqrt({DISTANCE})"), "np.sqrt"),
    (TWO, "signature_changed", function(f"{TWO}(X)", "return X"), ""),
    (NO, "pairs_need_axes", distances("dists = np.sum((X - self.X_train) ** 2, axis=1)", NO), "num_train × D"),
    (NO, "inner_axes_differ", distances("dists = X @ self.X_train", NO), "`self.X_train` has shape (11, 5)"),
    (SVM, "column_needed", svm("margins = scores - scores[np.arange(len(X)), y] + 1"), "with one entry per example"),
    (SVM, "labels_as_columns", svm("margins = scores - scores[:, y] + 1"), "N × N"),
    (SVM, "index_arrays_differ", svm("right = scores[np.arange(W.shape[1]), y]"), "(4,), which is C"),
    (SVM, "hard_coded_size", svm("margins = scores * np.eye(10)[y]"), "the number 10"),
    (SVM, "max_for_maximum", svm("margins = np.max(0, scores)"), "np.maximum"),
    (SVM, "operand_transposed", svm("dW += scores.T @ X"), "(4, 5), which is C × D"),
    (SVM, "floats_into_integers", svm("mask = (scores > 0).astype(int)\nmask /= len(X)"), ""),
    (SVM, "truth_of_array", svm("loss = scores.sum() if scores > 0 else 0"), ""),
    (SVM, "number_indexed", svm("loss[0] += 1"), ""),
    (SVM, "float_for_integer", svm("half = scores[: len(X) / 2]"), "3.5"),
    (SVM, "float_for_integer", svm("right = scores[np.arange(len(X)), y * 1.0]"), "array of floats"),
    (SVM, "axis_not_there", svm("total = scores.sum(axis=1).max(axis=1)"), "(7,)"),
    (SVM, "no_value_yet", svm("for row in scores:\n    total += row.sum()"), "`total`"),
    (SVM, "range_missing", svm("for i in len(X):\n    pass"), ""),
    (SVM, "brackets", svm("first = scores(0)"), ""),
    (SVM, "attribute_unknown", svm("loss = np.summ(scores)"), "np.sum"),
    (SVM, "shape_in_brackets", svm("margins = np.zeros(len(X), W.shape[1])"), ""),
    (SVM, "mask_of_other_shape", svm("dW[scores > 0] = 1"), "N × C"),
    (SVM, "too_many_indices", svm("first = scores[0][:, 0]"), "(4,)"),
    (AFFINE, "not_flattened", affine("return x @ w + b, 0"), "(30, 7)"),
    (AFFINE, "unpacked_otherwise", affine("N, D = x.shape\nreturn x @ w + b, 0"), "the number of names is 2"),
    (AFFINE, "hard_coded_size", affine("return x.reshape(-1, 3072), 0"), "3072"),
    (CONV, "filled_in_other_order", conv(shape="(N, F, W_out, H_out)"), "(2, 2, 5, 4), expected (2, 2, 4, 5)"),
    (CONV, "padded_all_axes", conv(pad="p"), "(4, 5, 6, 7), expected (2, 3, 6, 7)"),
    (CONV, "filled_of_other_size", conv(shape="(N, F, H_out - 1, W_out)"), "(2, 2, 3, 5)"),
    (CONV, "key_missing", conv().replace('["stride"]', '["strides"]'), "`conv_param` has stride, pad"),
    (MOMENTUM, "key_missing", momentum("v = config['rho'] * dw"), "learning_rate, momentum"),
    (MOMENTUM, "key_not_yet", momentum("v = config['velocity'] = config['velocity'] - dw"), "learning_rate, momentum"),
    (LOSS, "pair_not_unpacked", net("h = affine_forward(X, W1, b1)\nreturn h - 1"), "`h` is a tuple"),
    (LOSS, "is_none", net("h = self.params.get('W0')\nreturn X @ h"), "`h` is None"),
    (LOSS, "wrong_arguments", net("h, cache = affine_forward(X, W1)\nreturn h"), ""),
    (SPATIAL, "channel_axes_needed", function(f"{SPATIAL}(x, gamma, beta, bn_param)", "return gamma * x, None"), "C"),
    (LAYERNORM, "row_needed", layernorm("gamma[:, None] * x"), "D × 1"),
    ("max_norm", "power_written_as_xor", "def max_norm(W, limit): return W ^ 2", ""),
    (LOSS, "beyond_list", net("sizes = [4, 5]\nfor i in (1, 2):\n    sizes[i]"), "last index is 1"),
    (LOSS, "list_empty", net("caches = []\nreturn caches[0]"), "`caches` has no entries"),
    (LOSS, "key_as_name", net("return X @ W2"), 'self.params["W2"]'),
    (LOSS, "key_as_name", net("return X @ self.W1"), 'self.params["W1"]'),
    (LOSS, "number_for_array", net("total = X.sum()\nreturn total @ W1"), "`total` is a single number"),
    (LOSS, "pair_not_unpacked", net("h = affine_forward(X, W1, b1)\nreturn 1.0 * (h > 0)"), "`h` is a tuple"),
    (LOSS, "number_in_text", net("return self.params['W' + 1]"), ""),
    (LOSS, "list_by_key", net("caches = [X]\nreturn caches['x']"), ""),
    (MOMENTUM, "key_as_name", momentum("v = momentum * dw"), 'config["momentum"]'),
    (MOMENTUM, "name_unknown", momentum("learning_rate = 0.1\nv = lr * dw"), "`learning_rate`"),
    (MOMENTUM, "key_as_name", momentum("v = config.momentum * dw"), 'config["momentum"]'),
    (TRAIN, "self_missing", function(f"{TRAIN}(self, X, y, **_)", "self.W = X.T\nW -= 1"), "self.W"),
    (VOTE, "values_for_positions", vote("near = np.sort(dists[i])[:k]\nself.y_train[near]"), OF_DISTS),
    (VOTE, "values_for_positions", vote("near = sorted(dists[i])[:k]\nself.y_train[near]"), OF_DISTS),
    (VOTE, "values_for_positions", vote("near = np.min(dists[i])\nself.y_train[near]"), OF_DISTS),
    (VOTE, "float_for_integer", vote("near = np.argsort(dists[i]) / 2\nself.y_train[near]"), "array of floats"),
    (VOTE, "one_row_needed", vote("np.bincount(self.y_train[np.argsort(dists)])"), ""),
    (VALIDATE, "labels_in_rows", validate(y="np.vstack(ys[:i] + ys[i + 1 :])"), "y has shape (4, 6)"),
    (VALIDATE, "labels_exchanged", validate("model.train(rest_y, rest_X)"), ""),
    (VALIDATE, "other_labels", validate(y="np.concatenate(ys)"), "X has shape (24, 4); y has shape (30,)"),
    (VALIDATE, "arrays_one_by_one", validate(X="np.concatenate(Xs[:i], Xs[i + 1 :])"), ""),
    (VOTE, "kth_too_large", function(f"{VOTE}(self, dists, k)", "np.argpartition(dists, dists.shape[1])"), ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("exercise", "cause", "code", "told"), PROVEN, ids=[f"{cause}-{name}" for name, cause, *_ in PROVEN]
)
def test_a_cause_of_an_exception_is_named(exercise, cause, code, told, monkeypatch):
    found = wrong(exercise, "", code).verdict(monkeypatch)
    assert (found.status, found.cause_id) == ("error", cause), str(found)
    assert told in found.cause


# What looks like a cause of the table, and is another one or none.
NOT_PROVEN = [
    (SVM, "shapes_do_not_fit", svm("for i in range(len(X)):\n    dW[y[i]] -= X[i]")),  # rows of dW, but no pairs
    (CONV, "does_not_fit_place", conv("window * w", "(N + 1, F, H_out, W_out)", "return out[1:], None")),  # cut later
    (SVM, "", svm("raise RuntimeError('I give up')")),
    (SVM, "", svm("assert len(X) == 500")),
    (TWO, "index_beyond_end", loops(f"dists[i + 1, j] = {DISTANCE}")),
    (LAYERNORM, "shapes_do_not_fit", layernorm("gamma[:, None][:2] * x")),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "cause", "code"), NOT_PROVEN)
def test_nothing_is_named_that_is_not_proven(exercise, cause, code, monkeypatch):
    found = wrong(exercise, "", code).verdict(monkeypatch)
    assert (found.status, found.cause_id) == ("error", cause), str(found)


def test_an_exception_in_one_case_does_not_hide_the_cause_in_the_others(monkeypatch):
    code = net("""
        h = np.maximum(X.reshape(len(X), -1) @ W1 + b1, 0)
        scores = h @ self.params["W2"] + self.params["b2"]
        if y is None:
            return scores
        loss, dscores = softmax_loss(scores, y)
        penalty = self.reg * sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2"))
        dh = dscores @ self.params["W2"].T * (h > 0)
        return loss + penalty, {
            "W2": h.T @ dscores + 2 * self.reg * self.params["W2"], "b2": dscores.sum(0),
            "W1": X.T.dot(dh) + 2 * self.reg * W1, "b1": dh.sum(0),
        }
    """)
    found = wrong(LOSS, "", code).verdict(monkeypatch)
    assert (found.status, found.cause_id) == ("fail", "net_penalty_doubled")
    assert "With images" in found.also and "ValueError" in found.also
