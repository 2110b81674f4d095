"""Layers that often come together, as one."""

from cs231n import layers  # not its functions: they are looked up at each call, so that an edit counts at once


def affine_relu_forward(x, w, b):
    """Return (out, cache) of an affine layer followed by a ReLU; arguments as for layers.affine_forward."""
    scores, affine_cache = layers.affine_forward(x, w, b)
    out, relu_cache = layers.relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Return (dx, dw, db), the gradients by the arguments of affine_relu_forward."""
    affine_cache, relu_cache = cache
    return layers.affine_backward(layers.relu_backward(dout, relu_cache), affine_cache)
