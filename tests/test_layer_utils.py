"""Sandwiches of layers: what the layers give one after the other, and gradients of the whole."""

import numpy as np
import pytest

from cs231n import fast_layers, layer_utils, layers
from cs231n.classifiers.cnn import ThreeLayerConvNet
from cs231n.gradient_check import eval_numerical_gradient_array
from cs231n.solver import Solver

CONV, POOL = {"stride": 1, "pad": 1}, {"pool_height": 2, "pool_width": 2, "stride": 2}


def arrays(*shapes):
    random = np.random.RandomState(231)
    return [random.randn(*shape) for shape in shapes]


def bn_param():
    return {"mode": "train"}


SANDWICHES = {
    "affine_relu": (arrays((4, 2, 3), (6, 5), (5,)), ()),
    "conv_relu": (arrays((2, 3, 6, 5), (4, 3, 3, 3), (4,)), (lambda: CONV,)),
    "conv_bn_relu": (arrays((2, 3, 6, 5), (4, 3, 3, 3), (4,), (4,), (4,)), (lambda: CONV, bn_param)),
    "conv_bn_relu with pooling": (
        arrays((2, 3, 6, 5), (4, 3, 3, 3), (4,), (4,), (4,)),
        (lambda: CONV, bn_param, lambda: POOL),
    ),
    "conv_relu_pool": (arrays((2, 3, 6, 5), (4, 3, 3, 3), (4,)), (lambda: CONV, lambda: POOL)),
}


@pytest.mark.parametrize("name", SANDWICHES)
def test_gradients_are_those_of_the_sandwichs_own_forward(name):
    inputs, parameters = SANDWICHES[name]
    forward, backward = (getattr(layer_utils, f"{name.split()[0]}_{way}") for way in ("forward", "backward"))
    out, cache = forward(*inputs, *(make() for make in parameters))
    dout = np.random.RandomState(0).randn(*out.shape)
    gradients = backward(dout, cache)
    assert len(gradients) == len(inputs)
    for number, (array, gradient) in enumerate(zip(inputs, gradients, strict=True)):

        def f(changed, number=number):
            changed_inputs = [*inputs[:number], changed, *inputs[number + 1 :]]
            return forward(*changed_inputs, *(make() for make in parameters))[0]

        expected = eval_numerical_gradient_array(f, array.copy(), dout)
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)


def test_outputs_are_those_of_the_layers_one_after_the_other():
    x, w, b, gamma, beta = SANDWICHES["conv_bn_relu"][0]
    scores, _ = layers.conv_forward_naive(x, w, b, CONV)
    normal, _ = layers.spatial_batchnorm_forward(scores, gamma, beta, bn_param())
    activations, _ = layers.relu_forward(scores)
    pooled, _ = layers.max_pool_forward_naive(scores, POOL)
    pooled_normal, _ = layers.spatial_batchnorm_forward(pooled, gamma, beta, bn_param())
    for found, expected in (
        (layer_utils.conv_relu_forward(x, w, b, CONV), activations),
        (layer_utils.conv_bn_relu_forward(x, w, b, gamma, beta, CONV, bn_param()), np.maximum(normal, 0)),
        (layer_utils.conv_bn_relu_forward(x, w, b, gamma, beta, CONV, bn_param(), POOL), np.maximum(pooled_normal, 0)),
        (layer_utils.conv_relu_pool_forward(x, w, b, CONV, POOL), layers.max_pool_forward_naive(activations, POOL)[0]),
    ):
        np.testing.assert_allclose(found[0], expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("numbers", ["all different", "many ties", "some NaN"])
def test_pooling_before_the_relu_gives_the_same_bytes_as_pooling_after_it(numbers):
    x, w, b = (a.round() if numbers == "many ties" else a for a in SANDWICHES["conv_relu_pool"][0])
    x = np.where(x > 2, np.nan, x) if numbers == "some NaN" else x
    out, cache = layer_utils.conv_relu_pool_forward(x, w, b, CONV, POOL)
    activations, conv_relu_cache = layer_utils.conv_relu_forward(x, w, b, CONV)
    pooled, pool_cache = fast_layers.max_pool_forward_fast(activations, POOL)
    assert out.tobytes() == pooled.tobytes()
    dout = np.random.RandomState(0).randn(*out.shape)
    dactivations = fast_layers.max_pool_backward_fast(dout, pool_cache)
    expected = layer_utils.conv_relu_backward(dactivations, conv_relu_cache)
    for a, e in zip(layer_utils.conv_relu_pool_backward(dout, cache), expected, strict=True):
        np.testing.assert_array_equal(a, e)


def test_layers_are_looked_up_at_each_call_so_that_an_edit_counts_at_once(monkeypatch):
    x, w, b = SANDWICHES["conv_relu"][0]
    monkeypatch.setattr(layers, "relu_forward", lambda scores: (scores - 1000, None))
    assert layer_utils.conv_relu_forward(x, w, b, CONV)[0].max() < 0


def test_a_net_trains_to_the_same_loss_with_fast_and_with_naive_layers(monkeypatch):
    random = np.random.RandomState(0)
    data = {
        f"{letter}_{part}": make(40)
        for part in ("train", "val")
        for letter, make in (
            ("X", lambda num: random.randn(num, 3, 8, 8)),
            ("y", lambda num: random.randint(0, 10, num)),
        )
    }

    def losses():
        np.random.seed(1)  # noqa: NPY002 - nets draw from it
        net = ThreeLayerConvNet((3, 8, 8), 4, 3, 12, weight_scale=0.1, reg=0.01, dtype=np.float64)
        solver = Solver(net, data, update_rule="adam", batch_size=10, num_epochs=5, verbose=False)
        solver.train()
        return solver.loss_history

    fast = losses()
    for layer in ("conv", "max_pool"):
        for direction in ("forward", "backward"):
            naive = getattr(layers, f"{layer}_{direction}_naive")
            monkeypatch.setattr(fast_layers, f"{layer}_{direction}_fast", naive)
    assert len(fast) == 20
    assert fast[-1] != fast[0]
    np.testing.assert_allclose(fast, losses(), rtol=1e-8)
