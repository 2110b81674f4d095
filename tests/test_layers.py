"""Layers and the net that is built of them: gradients are those of the forward pass, and dtypes stay."""

import numpy as np
import pytest
from scipy.special import log_softmax

from cs231n import layer_utils, layers
from cs231n.classifiers.fc_net import TwoLayerNet
from cs231n.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array, relative_error
from cs231n.optim import sgd

RANDOM = np.random.RandomState(3)


def normal(*shape):
    return RANDOM.standard_normal(shape)


@pytest.mark.parametrize("shape", [(4, 6), (3, 2, 3, 2), (1, 5)])
@pytest.mark.parametrize("layer", ["affine", "affine_relu"])
def test_affine_gradients_are_those_of_the_forward_pass(layer, shape):
    home = layers if layer == "affine" else layer_utils
    forward, backward = getattr(home, f"{layer}_forward"), getattr(home, f"{layer}_backward")
    given = [normal(*shape), normal(int(np.prod(shape[1:])), 4), normal(4)]
    dout = normal(shape[0], 4)
    found = backward(dout, forward(*given)[1])
    for position, gradient in enumerate(found):

        def out(value, position=position):
            return forward(*given[:position], value, *given[position + 1 :])[0]

        numeric = eval_numerical_gradient_array(out, given[position], dout)
        assert gradient.shape == given[position].shape
        assert relative_error(gradient, numeric) < 1e-6


def test_affine_takes_an_empty_batch():
    out, cache = layers.affine_forward(np.zeros((0, 2, 3)), normal(6, 4), normal(4))
    dx, _, db = layers.affine_backward(out, cache)
    assert (out.shape, dx.shape) == ((0, 4), (0, 2, 3))
    assert not np.any(db)


def test_relu_passes_what_is_positive_and_its_gradient():
    x = np.array([[-2.0, 3.0], [0.5, -0.1]])
    out, cache = layers.relu_forward(x)
    np.testing.assert_array_equal(out, [[0, 3], [0.5, 0]])
    np.testing.assert_array_equal(layers.relu_backward(np.array([[-1.0, -2], [3, 4]]), cache), [[0, -2], [3, 0]])


@pytest.mark.parametrize("loss", [layers.svm_loss, layers.softmax_loss])
def test_the_gradient_of_a_loss_is_numeric_too(loss):
    x, y = 2 * normal(6, 4), RANDOM.randint(0, 4, 6)
    numeric = eval_numerical_gradient(lambda x: loss(x, y)[0], x, verbose=False)
    np.testing.assert_allclose(loss(x, y)[1], numeric, atol=1e-9)


def test_svm_loss_by_hand():
    x = np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0], [2.2, 2.5, -3.1]])
    assert layers.svm_loss(x, np.array([0, 1, 2]))[0] == pytest.approx((2.9 + 0 + 12.9) / 3)


def test_softmax_loss_is_what_scipy_says_however_large_the_scores():
    x, y = 500 * normal(5, 7), np.array([0, 6, 3, 3, 1])
    assert layers.softmax_loss(x, y)[0] == pytest.approx(-log_softmax(x, axis=1)[np.arange(5), y].mean())


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_net_stays_in_its_dtype_through_gradients_and_update(dtype):
    reg, rate = np.logspace(-3, -2, 2)  # numpy's own float64 numbers, as in a search
    net = TwoLayerNet(6, 5, 3, reg=reg, dtype=dtype)
    _, grads = net.loss(normal(4, 6).astype(dtype), np.array([0, 1, 2, 0]))
    for name, w in net.params.items():
        assert (w.dtype, grads[name].dtype) == (dtype, dtype)
        assert sgd(w, grads[name], {"learning_rate": rate})[0].dtype == dtype


def test_the_gradients_of_a_net_are_those_of_its_loss():
    net = TwoLayerNet(6, 5, 3, weight_scale=1.0, reg=0.7)
    X, y = normal(4, 2, 3), np.array([0, 2, 2, 1])
    _, grads = net.loss(X, y)
    for name, w in net.params.items():
        numeric = eval_numerical_gradient(lambda _: net.loss(X, y)[0], w, verbose=False)
        assert relative_error(grads[name], numeric) < 1e-5


def test_sgd_steps_against_the_gradient():
    w, config = sgd(np.array([1.0, 2.0]), np.array([10.0, -10.0]))
    np.testing.assert_allclose(w, [0.9, 2.1])
    assert config == {"learning_rate": 1e-2}
