"""Convolution, pooling and the nets built of them: what scipy says, numeric gradients, and training fast or naively."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import correlate

from cs231n import fast_layers, layers
from cs231n.classifiers import ThreeLayerConvNet
from cs231n.conv_net import ConvNet
from cs231n.gradient_check import eval_numerical_gradient_array, relative_error
from cs231n.solver import Solver

RANDOM = np.random.RandomState(5)
SHAPES = [  # images, filters (F, HH, WW), stride, pad
    ((2, 3, 5, 7), (4, 3, 3), 1, 1),
    ((1, 2, 6, 5), (3, 2, 4), 1, 2),
    ((2, 4, 7, 6), (1, 3, 2), 2, 1),
    ((3, 1, 4, 5), (2, 1, 1), 3, 0),
    ((2, 2, 3, 4), (2, 3, 4), 1, 0),
]


def normal(*shape):
    return RANDOM.standard_normal(shape)


def drawn(images, filters):
    return normal(*images), normal(filters[0], images[1], *filters[1:]), normal(filters[0])


@pytest.mark.parametrize(("images", "filters", "stride", "pad"), SHAPES)
def test_a_convolution_layer_is_scipys_correlation_over_the_full_depth(images, filters, stride, pad):
    x, w, b = drawn(images, filters)
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    expected = [[correlate(image, one, mode="valid")[0] for one in w] for image in padded]
    expected = np.array(expected)[:, :, ::stride, ::stride] + b[:, None, None]
    np.testing.assert_allclose(layers.conv_forward_naive(x, w, b, {"stride": stride, "pad": pad})[0], expected)


@pytest.mark.parametrize(("images", "filters", "stride", "pad"), SHAPES)
def test_its_gradients_are_those_of_the_forward_pass(images, filters, stride, pad):
    given, settings = drawn(images, filters), {"stride": stride, "pad": pad}
    out, cache = layers.conv_forward_naive(*given, settings)
    dout = normal(*out.shape)
    for array, gradient in zip(given, layers.conv_backward_naive(dout, cache), strict=True):
        numeric = eval_numerical_gradient_array(lambda _: layers.conv_forward_naive(*given, settings)[0], array, dout)
        assert gradient.shape == array.shape
        assert relative_error(gradient, numeric) < 1e-6


@pytest.mark.parametrize(("size", "stride"), [((2, 2), 2), ((3, 2), 1), ((3, 3), 2), ((1, 2), 3)])
def test_pooling_keeps_the_maximum_of_each_window_and_sends_its_gradient_there(size, stride):
    x = RANDOM.permutation(2 * 3 * 6 * 7).reshape(2, 3, 6, 7) * 1.0
    settings = {"pool_height": size[0], "pool_width": size[1], "stride": stride}
    out, cache = layers.max_pool_forward_naive(x, settings)
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]
    np.testing.assert_array_equal(out, windows.max(axis=(4, 5)))
    dout = normal(*out.shape)
    numeric = eval_numerical_gradient_array(lambda x: layers.max_pool_forward_naive(x, settings)[0], x, dout)
    assert relative_error(layers.max_pool_backward_naive(dout, cache), numeric) < 1e-6


def test_among_equal_maxima_the_first_gets_all_of_the_gradient():
    _, cache = layers.max_pool_forward_naive(np.zeros((1, 1, 2, 4)), {"pool_height": 2, "pool_width": 2, "stride": 2})
    dx = layers.max_pool_backward_naive(np.array([[[[3.0, -2.0]]]]), cache)
    np.testing.assert_array_equal(dx, [[[[3, 0, -2, 0], [0, 0, 0, 0]]]])


def three_layers(dtype=np.float64, reg=0.1):
    return ThreeLayerConvNet((2, 7, 10), 4, 3, 6, 5, weight_scale=0.3, reg=reg, dtype=dtype)


def deeper(dtype=np.float64, reg=0.1):
    return ConvNet((2, 7, 10), ((3, 4), (5,)), num_classes=5, reg=reg, dtype=dtype)


def images(N, dtype=np.float64):
    return normal(N, 2, 7, 10).astype(dtype), RANDOM.randint(0, 5, N)


@pytest.mark.parametrize("make", [three_layers, deeper])
@pytest.mark.parametrize("rule", ["sgd", "adam"])
def test_twenty_steps_with_fast_and_with_naive_layers_end_at_the_same_loss(make, rule, monkeypatch):
    X, y = images(20)
    data = {"X_train": X, "y_train": y, "X_val": X, "y_val": y}

    def losses():
        np.random.seed(0)  # noqa: NPY002  nets draw their weights from the global generator
        settings = {"batch_size": 5, "num_epochs": 5, "verbose": False, "print_every": 0, "seed": 1}
        solver = Solver(make(), data, rule, {"learning_rate": 1e-2}, **settings)
        solver.train()
        return solver.loss_history

    fast = losses()
    for layer in ("conv_forward", "conv_backward", "max_pool_forward", "max_pool_backward"):
        monkeypatch.setattr(fast_layers, f"{layer}_fast", getattr(layers, f"{layer}_naive"))
    naive = losses()
    assert len(fast) == 20 and fast[-1] < fast[0]
    np.testing.assert_allclose(fast, naive, rtol=1e-8)


@pytest.mark.parametrize("make", [three_layers, deeper])
def test_a_net_computes_no_gradient_with_respect_to_the_images(make, monkeypatch):
    found, backward = [], fast_layers.conv_backward_fast

    def noted(dout, cache):
        found.append(backward(dout, cache))
        return found[-1]

    monkeypatch.setattr(fast_layers, "conv_backward_fast", noted)
    net, (X, y) = make(), images(4)
    net.loss(X, y)
    assert [dx is None for dx, _, _ in found] == [False] * (len(found) - 1) + [True]  # the first layer's comes last


@pytest.mark.parametrize("make", [three_layers, deeper])
def test_the_gradients_of_a_net_are_those_of_its_loss(make):
    net, (X, y) = make(), images(4)
    _, grads = net.loss(X, y)
    assert grads.keys() == net.params.keys()
    for name, gradient in grads.items():
        numeric = eval_numerical_gradient_array(lambda _: np.array(net.loss(X, y)[0]), net.params[name], 1.0)
        np.testing.assert_allclose(gradient, numeric, atol=1e-6)


@pytest.mark.parametrize("make", [three_layers, deeper])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_net_stays_in_its_dtype(make, dtype):
    net, (X, y) = make(dtype), images(3)
    _, grads = net.loss(X, y)
    assert net.loss(X).dtype == dtype
    assert {w.dtype for w in (*net.params.values(), *grads.values())} == {np.dtype(dtype)}


def test_scores_of_the_deeper_net_depend_on_the_batch_in_training_only():
    net, (X, y) = deeper(), images(6)
    net.loss(X, y)
    alone = np.vstack([net.loss(X[i : i + 1]) for i in range(6)])
    np.testing.assert_allclose(net.loss(X), alone)
    assert net.loss(X[:3], y[:3])[0] != pytest.approx(net.loss(X, y)[0])


def test_stages_set_the_sizes_of_the_maps():
    net, (X, _) = deeper(), images(2)
    before = {name: w.copy() for name, w in net.params.items()}
    assert [found.shape for found in net.activations(X)] == [(2, 3, 7, 10), (2, 4, 7, 10), (2, 5, 3, 5)]
    assert net.params["W4"].shape == (5 * 1 * 2, 5)
    assert all(np.array_equal(before[name], net.params[name]) for name in before)
    sizes = [net.params[f"W{number}"].shape for number in (1, 2, 3)]
    assert all(one[0] == following[1] for one, following in pairwise(sizes))
    with pytest.raises(ValueError, match="is too small: each stage halves it"):
        ConvNet((3, 4, 4), ((2,), (2,), (2,)))
