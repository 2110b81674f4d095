"""Mistakes with the three-layer convolutional network: cause id -> the outputs a student with that mistake gets."""

from __future__ import annotations

import numpy as np

from cs231n import layers  # of the solved tree, where this runs

POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


def _outputs(X, y, reg, *, penalty=(1.0, 1.0, 1.0), of_biases=0.0, relus=(1, 1, 0), masks=(1, 1), **params):
    """Return all outputs; `penalty` has the factors on the penalties of W1, W2 and W3, `of_biases` that on the biases'.

    relus: after which layers there is one.  masks: which of the first two stop the gradient.
    """
    params = {name: values.astype(np.float64) for name, values in params.items()}
    X, own = X.astype(np.float64), np.eye(len(params["b3"]))[y]
    conv = {"stride": 1, "pad": params["W1"].shape[2] // 2}
    before, conv_cache = layers.conv_forward_naive(X, params["W1"], params["b1"], conv)
    pooled, pool_cache = layers.max_pool_forward_naive(np.maximum(before, 0) if relus[0] else before, POOL)
    inner = pooled.reshape(len(X), -1) @ params["W2"] + params["b2"]
    hidden = np.maximum(inner, 0) if relus[1] else inner
    scores = hidden @ params["W3"] + params["b3"]
    positive = scores > 0 if relus[2] else 1
    scores = scores * positive
    P = np.exp(scores - scores.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    dscores = (P - own) / len(X) * positive
    dinner = dscores @ params["W3"].T * (inner > 0 if relus[1] and masks[1] else 1)
    dbefore = layers.max_pool_backward_naive((dinner @ params["W2"].T).reshape(pooled.shape), pool_cache)
    dbefore = dbefore * (before > 0 if relus[0] and masks[0] else 1)
    _, dW1, db1 = layers.conv_backward_naive(dbefore, conv_cache)
    grads = {"W1": dW1, "b1": db1, "W2": pooled.reshape(len(X), -1).T @ dinner, "b2": dinner.sum(axis=0)}
    grads |= {"W3": hidden.T @ dscores, "b3": dscores.sum(axis=0)}
    strengths = dict(zip(("W1", "W2", "W3"), penalty, strict=True))
    loss = -np.mean(np.log(np.sum(P * own, axis=1)))
    for name, values in params.items():
        strength = reg * strengths.get(name, of_biases)
        loss += 0.5 * strength * np.sum(values**2)
        grads[name] = grads[name] + strength * values
    return {"scores": scores, "loss": loss} | {f"grads['{name}']": grads[name] for name in params}


def _with(**changes):
    return lambda **inputs: _outputs(**inputs, **changes)


def _penalty_averaged(**inputs):
    return _outputs(**inputs, penalty=(1 / len(inputs["X"]),) * 3)


def _without_biases(**inputs):
    return _outputs(**inputs | {name: 0 * inputs[name] for name in ("b1", "b2", "b3")})


LOSS = {
    "net_penalty_missing": _with(penalty=(0.0, 0.0, 0.0)),
    "net_penalty_doubled": _with(penalty=(2.0, 2.0, 2.0)),
    "net_penalty_halved": _with(penalty=(0.5, 0.5, 0.5)),
    "net_penalty_averaged": _penalty_averaged,
    "net_penalty_on_biases": _with(of_biases=1.0),
    "penalty_without_w1": _with(penalty=(0, 1, 1)),
    "penalty_without_w2": _with(penalty=(1, 0, 1)),
    "penalty_without_w3": _with(penalty=(1, 1, 0)),
    "relu_on_scores": _with(relus=(1, 1, 1)),
    "relu_of_conv_left_out": _with(relus=(0, 1, 0)),
    "relu_left_out": _with(relus=(1, 0, 0)),
    "relu_mask_left_out": _with(masks=(1, 0)),
    "relu_mask_of_conv_left_out": _with(masks=(0, 1)),
    "net_biases_left_out": _without_biases,
}


def _start(input_dim, num_filters, filter_size, hidden_dim, num_classes, weight_scale, *, rows=None):
    C, H, W = input_dim
    rows = num_filters * (H // 2) * (W // 2) if rows is None else rows(num_filters, C, H, W)
    shapes = {"W1": (num_filters, C, filter_size, filter_size), "b1": (num_filters,)}
    shapes |= {"W2": (rows, hidden_dim), "b2": (hidden_dim,), "W3": (hidden_dim, num_classes), "b3": (num_classes,)}
    return {f"{name}.shape": np.array(shape) for name, shape in shapes.items()}


def _rows(count):
    return lambda **settings: {"W2.shape": _start(**settings, rows=count)["W2.shape"]}


def _transposed(**settings):
    return {name: shape[::-1] for name, shape in _start(**settings).items() if name in ("W2.shape", "W3.shape")}


def _bias_row(**settings):
    return {name: np.array([1, *shape]) for name, shape in _start(**settings).items() if name.startswith("b")}


def _channels_last(**settings):
    F, C, HH, WW = _start(**settings)["W1.shape"]
    return {"W1.shape": np.array([HH, WW, C, F])}


INIT = {
    "pooling_forgotten": _rows(lambda F, C, H, W: F * H * W),
    "square_images": _rows(lambda F, C, H, W: F * (H // 2) ** 2),
    "halved_after_product": _rows(lambda F, C, H, W: F * H * W // 4),
    "channels_for_filters": _rows(lambda F, C, H, W: C * (H // 2) * (W // 2)),
    "filters_forgotten": _rows(lambda F, C, H, W: (H // 2) * (W // 2)),
    "always_32_pixels": _rows(lambda F, C, H, W: F * 16 * 16),
    "always_3_channels": lambda **settings: {
        "W1.shape": np.array([settings["num_filters"], 3, settings["filter_size"], settings["filter_size"]])
    },
    "filters_last": _channels_last,
    "conv_net_transposed": _transposed,
    "bias_row": _bias_row,
}

MISTAKES = {"ThreeLayerConvNet_init": INIT, "ThreeLayerConvNet_loss": LOSS}
