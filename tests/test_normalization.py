"""Normalisation and dropout: what comes out is normalised, gradients are those of the forward pass, dtypes stay."""

import numpy as np
import pytest
from scipy.stats import zscore

from cs231n import layers
from cs231n.gradient_check import eval_numerical_gradient_array

RANDOM = np.random.RandomState(4)


def normal(*shape):
    return RANDOM.standard_normal(shape)


def batchnorm(x, gamma, beta):
    return layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})


def spatial_batchnorm(x, gamma, beta):
    return layers.spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})


def layernorm(x, gamma, beta):
    return layers.layernorm_forward(x, gamma, beta, {})


def groupnorm(x, gamma, beta):
    return layers.spatial_groupnorm_forward(x, gamma, beta, 2, {})


MATRIX, IMAGES = ((5, 4), (4,), (4,)), ((3, 4, 2, 3), (4,), (4,))
GROUPS = ((3, 4, 2, 3), (1, 4, 1, 1), (1, 4, 1, 1))
LAYERS = {
    "batchnorm": (batchnorm, layers.batchnorm_backward, MATRIX),
    "batchnorm, one formula": (batchnorm, layers.batchnorm_backward_alt, MATRIX),
    "layernorm": (layernorm, layers.layernorm_backward, MATRIX),
    "spatial batchnorm": (spatial_batchnorm, layers.spatial_batchnorm_backward, IMAGES),
    "groupnorm": (groupnorm, layers.spatial_groupnorm_backward, GROUPS),
}
each_layer = pytest.mark.parametrize("layer", LAYERS)


@each_layer
def test_gradients_are_those_of_the_forward_pass(layer):
    forward, backward, shapes = LAYERS[layer]
    given = [3 * normal(*shape) + 1 for shape in shapes]
    dout = normal(*shapes[0])
    for position, gradient in enumerate(backward(dout, forward(*given)[1])):

        def out(value, position=position):
            return forward(*given[:position], value, *given[position + 1 :])[0]

        assert gradient.shape == shapes[position]
        np.testing.assert_allclose(gradient, eval_numerical_gradient_array(out, given[position], dout), atol=1e-7)


@each_layer
def test_float32_stays_float32_and_images_stay_contiguous(layer):
    forward, backward, shapes = LAYERS[layer]
    out, cache = forward(*(normal(*shape).astype(np.float32) for shape in shapes))
    for array in (out, *backward(out, cache)):
        assert array.dtype == np.float32 and array.flags.c_contiguous


def test_batch_normalisation_makes_z_scores_of_features():
    x = 3 * normal(50, 6) + 7
    np.testing.assert_allclose(batchnorm(x, np.ones(6), np.zeros(6))[0], zscore(x), atol=1e-4)


def test_layer_normalisation_makes_z_scores_of_examples():
    x = 3 * normal(4, 60) + 7
    np.testing.assert_allclose(layernorm(x, np.ones(60), np.zeros(60))[0], zscore(x, axis=1), atol=1e-4)


def by_channel(images):
    """Return images (N, C, H, W) as (C, N*H*W)."""
    return images.swapaxes(0, 1).reshape(images.shape[1], -1)


def test_spatial_batch_normalisation_makes_z_scores_of_channels():
    x = 3 * normal(6, 3, 4, 5) + 7
    out, _ = spatial_batchnorm(x, np.ones(3), np.zeros(3))
    np.testing.assert_allclose(by_channel(out), zscore(by_channel(x), axis=1), atol=1e-4)


def test_group_normalisation_with_one_group_or_a_channel_in_each():
    x, ones = 3 * normal(2, 4, 3, 5) + 7, np.ones((1, 4, 1, 1))
    for G, groups in ((1, (2, 4 * 3 * 5)), (4, (2 * 4, 3 * 5))):
        out, _ = layers.spatial_groupnorm_forward(x, ones, 0 * ones, G, {})
        np.testing.assert_allclose(out.reshape(groups), zscore(x.reshape(groups), axis=1), atol=1e-4)


def test_running_averages_approach_those_of_the_data_and_test_mode_goes_by_them():
    mean, deviation, bn_param = np.array([1.0, -2.0]), np.array([0.5, 4.0]), {"mode": "train"}
    ones, zeros = np.ones(2), np.zeros(2)
    for _ in range(300):
        layers.batchnorm_forward(mean + deviation * normal(200, 2), ones, zeros, bn_param)
    np.testing.assert_allclose(bn_param["running_mean"], mean, atol=0.2)
    np.testing.assert_allclose(bn_param["running_var"], deviation**2, rtol=0.1)
    before = {name: bn_param[name].copy() for name in ("running_mean", "running_var")}
    out, _ = layers.batchnorm_forward(mean[None] + deviation, ones, zeros, bn_param | {"mode": "test"})
    np.testing.assert_allclose(out, np.ones((1, 2)), atol=0.2)
    for name, values in before.items():
        np.testing.assert_array_equal(bn_param[name], values)


@pytest.mark.parametrize("forward", [layers.batchnorm_forward, layers.spatial_batchnorm_forward])
def test_an_unknown_mode_is_refused_by_name(forward):
    x = normal(3, 2, 2, 2) if forward is layers.spatial_batchnorm_forward else normal(3, 2)
    with pytest.raises(ValueError, match="'evaluate', expected 'train' or 'test'"):
        forward(x, np.ones(2), np.zeros(2), {"mode": "evaluate"})


def test_dropout_keeps_the_mean_and_the_share_p():
    x = np.full((400, 500), 3.0)
    out, _ = layers.dropout_forward(x, {"mode": "train", "p": 0.3, "seed": 1})
    assert np.mean(out) == pytest.approx(3, rel=0.02)
    assert np.mean(out > 0) == pytest.approx(0.3, rel=0.02)
    np.testing.assert_allclose(out[out > 0], 10)


def test_dropout_does_nothing_in_test_mode():
    x, dout, dropout_param = normal(3, 4), normal(3, 4), {"mode": "test", "p": 0.3}
    out, cache = layers.dropout_forward(x, dropout_param)
    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(layers.dropout_backward(dout, cache), dout)


def test_dropout_is_linear_so_its_gradient_is_its_own_mask():
    x, dropout_param = normal(6, 5), {"mode": "train", "p": 0.5, "seed": 2}
    dout = normal(6, 5)
    _, cache = layers.dropout_forward(x, dropout_param)
    numeric = eval_numerical_gradient_array(lambda x: layers.dropout_forward(x, dropout_param)[0], x, dout)
    np.testing.assert_allclose(layers.dropout_backward(dout, cache), numeric, atol=1e-8)


def test_dropout_of_float32_is_float32():
    out, cache = layers.dropout_forward(np.ones((3, 4), np.float32), {"mode": "train", "p": np.float64(0.5)})
    assert out.dtype == layers.dropout_backward(out, cache).dtype == np.float32
