"""Combinations of layers that are often used together."""

from cs231n import fast_layers, layers  # each call looks its functions up in them, so that an edit takes effect at once
from cs231n.fast_layers import (  # noqa: F401  both are for `from cs231n.layer_utils import *`
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from cs231n.layers import *  # noqa: F403


def affine_relu_forward(x, w, b):
    """Return (out, cache) of an affine layer followed by a ReLU; arguments as for layers.affine_forward."""
    scores, affine_cache = layers.affine_forward(x, w, b)
    out, relu_cache = layers.relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Return (dx, dw, db), the gradients with respect to x, w and b of affine_relu_forward."""
    affine_cache, relu_cache = cache
    return layers.affine_backward(layers.relu_backward(dout, relu_cache), affine_cache)


def conv_relu_forward(x, w, b, conv_param):
    """Return (out, cache) of a convolution followed by a ReLU; arguments as for fast_layers.conv_forward_fast."""
    scores, conv_cache = fast_layers.conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = layers.relu_forward(scores)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache):
    """Return (dx, dw, db), the gradients with respect to x, w and b of conv_relu_forward."""
    conv_cache, relu_cache = cache
    return fast_layers.conv_backward_fast(layers.relu_backward(dout, relu_cache), conv_cache)


def conv_bn_relu_forward(x, w, b, gamma, beta, conv_param, bn_param, pool_param=None):
    """Return (out, cache) of a convolution, batch normalisation of its channels, and a ReLU.

    The arguments are those of fast_layers.conv_forward_fast and layers.spatial_batchnorm_forward. With pool_param, as
    for fast_layers.max_pool_forward_fast, max pooling follows the convolution, so that there are fewer numbers to
    normalise.
    """
    scores, conv_cache = fast_layers.conv_forward_fast(x, w, b, conv_param)
    pool_cache = None
    if pool_param is not None:
        scores, pool_cache = fast_layers.max_pool_forward_fast(scores, pool_param)
    normal, bn_cache = layers.spatial_batchnorm_forward(scores, gamma, beta, bn_param)
    out, relu_cache = layers.relu_forward(normal)
    return out, (conv_cache, pool_cache, bn_cache, relu_cache)


def conv_bn_relu_backward(dout, cache):
    """Return (dx, dw, db, dgamma, dbeta), the gradients with respect to the arrays passed to conv_bn_relu_forward."""
    conv_cache, pool_cache, bn_cache, relu_cache = cache
    dscores, dgamma, dbeta = layers.spatial_batchnorm_backward(layers.relu_backward(dout, relu_cache), bn_cache)
    if pool_cache is not None:
        dscores = fast_layers.max_pool_backward_fast(dscores, pool_cache)
    return *fast_layers.conv_backward_fast(dscores, conv_cache), dgamma, dbeta


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """Return (out, cache) of a convolution, a ReLU and max pooling.

    The arguments are those of fast_layers.conv_forward_fast and fast_layers.max_pool_forward_fast. The pooling comes
    before the ReLU, which then processes fewer numbers; max(0, max(a, b)) and max(max(0, a), max(0, b)) are the same.
    """
    scores, conv_cache = fast_layers.conv_forward_fast(x, w, b, conv_param)
    pooled, pool_cache = fast_layers.max_pool_forward_fast(scores, pool_param)
    out, relu_cache = layers.relu_forward(pooled)
    return out, (conv_cache, pool_cache, relu_cache)


def conv_relu_pool_backward(dout, cache):
    """Return (dx, dw, db), the gradients with respect to x, w and b of conv_relu_pool_forward."""
    conv_cache, pool_cache, relu_cache = cache
    dpooled = layers.relu_backward(dout, relu_cache)
    return fast_layers.conv_backward_fast(fast_layers.max_pool_backward_fast(dpooled, pool_cache), conv_cache)
