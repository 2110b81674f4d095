"""You fill this in (assignment 2, notebook backprop): activation functions, forward and backward.

The ReLU is in layers.py. As there, a forward pass returns (out, cache), and a backward pass takes dout, the gradient of
the loss with respect to out, and returns the gradients with respect to the forward pass's arguments, in the same order;
settings such as slope and alpha are fixed numbers and have no gradient. Arguments must never be changed in place, and
inputs of ±1000 must give the values of the formulas, never nan.
"""

import numpy as np

from cs231n.layers import affine_backward, affine_forward


def sigmoid_forward(x):
    """Return (out, cache) with out = σ(x) = 1 / (1 + e^-x), entry by entry, for x of any shape (notes eq. 4.1)."""
    ### BEGIN SOLUTION
    # TODO: compute σ(x). e^-|x| cannot overflow, and it is enough for both signs of x, since σ(x) is also
    #   e^x / (1 + e^x).
    e = np.exp(-np.abs(x))
    out = np.where(x >= 0, 1, e) / (1 + e)
    return out, out
    ### END SOLUTION


def sigmoid_backward(dout, cache):
    """Return dx = dout * σ(x) * (1 - σ(x)).

    dout: gradient of the loss with respect to out, of x's shape.  cache: from sigmoid_forward.
    Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: written with out, the derivative is short; let sigmoid_forward put out into the cache.
    return dout * cache * (1 - cache)
    ### END SOLUTION


def tanh_forward(x):
    """Return (out, cache) with out = tanh(x), entry by entry, for x of any shape (notes 4.1)."""
    ### BEGIN SOLUTION
    # TODO: numpy has this function.
    out = np.tanh(x)
    return out, out
    ### END SOLUTION


def tanh_backward(dout, cache):
    """Return dx = dout * (1 - tanh(x)²).

    dout: gradient of the loss with respect to out, of x's shape.  cache: from tanh_forward.
    Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: again, the derivative is short when it is written with out.
    return dout * (1 - cache**2)
    ### END SOLUTION


def leaky_relu_forward(x, slope=0.1):
    """Return (out, cache) with out = max(slope * x, x), entry by entry, for x of any shape.

    slope: the factor for negative inputs, 0 <= slope < 1; the notes use 0.1 (section 4.1).
    """
    ### BEGIN SOLUTION
    # TODO: like a ReLU, but with slope * x where x is negative. The backward pass will need the slope too.
    return np.where(x > 0, x, slope * x), (x, slope)
    ### END SOLUTION


def leaky_relu_backward(dout, cache):
    """Return dx: dout where x > 0, and slope * dout where x < 0. At x = 0, either value is correct.

    dout: gradient of the loss with respect to out, of x's shape.  cache: from leaky_relu_forward.
    Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: return dout where x was positive, and slope * dout elsewhere.
    x, slope = cache
    return np.where(x > 0, dout, slope * dout)
    ### END SOLUTION


def elu_forward(x, alpha=1.0):
    """Return (out, cache) with out = x where x >= 0, alpha * (e^x - 1) where x < 0, for x of any shape (notes 4.1).

    alpha: a positive number; out is never less than -alpha.
    """
    ### BEGIN SOLUTION
    # TODO: np.where computes both of its branches everywhere: do not compute e^x for large positive x.
    out = np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))
    return out, (x, out, alpha)
    ### END SOLUTION


def elu_backward(dout, cache):
    """Return dx: dout where x > 0, and dout * alpha * e^x where x < 0. At x = 0, either value is correct.

    dout: gradient of the loss with respect to out, of x's shape.  cache: from elu_forward.
    Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: compute dx from what the forward pass kept. Where x is negative, alpha * e^x is out + alpha.
    x, out, alpha = cache
    return dout * np.where(x > 0, 1, out + alpha)
    ### END SOLUTION


def maxout_forward(x, w1, b1, w2, b2):
    """Return (out, cache) with out = max(x w1 + b1, x w2 + b2), (N, M), entry by entry (notes 4.1).

    x: (N, d_1, ..., d_k); each example is flattened to D numbers, as in affine_forward.
    w1, w2: (D, M) weights of the two pieces.  b1, b2: (M,) their biases.
    """
    ### BEGIN SOLUTION
    # TODO: combine two affine layers and a max gate. Keep what each of the three will need in the backward pass.
    first, first_cache = affine_forward(x, w1, b1)
    second, second_cache = affine_forward(x, w2, b2)
    return np.maximum(first, second), (first >= second, first_cache, second_cache)
    ### END SOLUTION


def maxout_backward(dout, cache):
    """Return (dx, dw1, db1, dw2, db2), the gradients with respect to the arguments of maxout_forward.

    Each entry of dout goes to the piece that was larger there, or to one of the two if they were equal. Both pieces
    depend on x, so dx is a sum.

    dout: (N, M), gradient of the loss with respect to out.  cache: from maxout_forward.
    dx: of x's shape.  dw1, dw2: (D, M).  db1, db2: (M,). Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: split dout into two parts, one for each piece, and go back through each piece with its own part.
    first_wins, first_cache, second_cache = cache
    dx1, dw1, db1 = affine_backward(dout * first_wins, first_cache)
    dx2, dw2, db2 = affine_backward(dout * ~first_wins, second_cache)
    return dx1 + dx2, dw1, db1, dw2, db2
    ### END SOLUTION
