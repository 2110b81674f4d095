"""The layers of neural networks, each with its forward and its backward pass, and the losses at their end.

A forward pass returns (out, cache); the cache is whatever its own backward pass needs, and nobody else's business.
A backward pass takes dout, the gradient of the loss by out, and returns the gradients by the forward's arguments,
in their order. Arguments are never changed in place.
"""

import numpy as np


def affine_forward(x, w, b):
    """Return (out, cache) with out = x w + b, (N, M), for a batch of N examples (notes 4.1, f = Wx + b, by rows).

    x: (N, d_1, ..., d_k), each example flattened to a row of D = d_1 * ... * d_k numbers; x keeps its own shape.
    w: (D, M) weights.  b: (M,) biases.
    """
    ### BEGIN SOLUTION
    # TODO: view x as N rows of D numbers, multiply by w, and add b to every row.
    rows = x.reshape(x.shape[0], w.shape[0])  # not -1: that fails for an empty batch
    out = rows @ w
    out += b
    return out, (x, w, b)
    ### END SOLUTION


def affine_backward(dout, cache):
    """Return (dx, dw, db), the gradients of the loss by the arguments of affine_forward (notes eq. 4.2).

        dx = dout w^T,   dw = x^T dout,   db = sum of the rows of dout

    dout: (N, M) gradient by out.  cache: from affine_forward.
    dx: of x's own shape, (N, d_1, ..., d_k).  dw: (D, M).  db: (M,).
    """
    ### BEGIN SOLUTION
    # TODO: compute the three gradients of eq. 4.2 from what affine_forward put into its cache.
    #   Each has the shape of what it is the gradient of; that alone settles which factor is transposed, and where.
    x, w, _ = cache
    dx = (dout @ w.T).reshape(x.shape)
    dw = x.reshape(x.shape[0], w.shape[0]).T @ dout
    return dx, dw, dout.sum(axis=0)
    ### END SOLUTION


def relu_forward(x):
    """Return (out, cache) with out = max(0, x), entry by entry, for x of any shape (notes 4.1)."""
    ### BEGIN SOLUTION
    # TODO: replace what is negative by 0, in a new array, and keep what relu_backward will need.
    return np.maximum(x, 0), x
    ### END SOLUTION


def relu_backward(dout, cache):
    """Return dx: dout where x > 0, and 0 where x < 0 (notes 4.1: the max gate routes). At x = 0 either is right.

    dout: gradient by out, of x's shape.  cache: from relu_forward.
    """
    ### BEGIN SOLUTION
    # TODO: let dout through where x was positive. The sign of dout itself has no say in it.
    return dout * (cache > 0)
    ### END SOLUTION


def svm_loss(x, y):
    """Return (loss, dx): the multiclass SVM loss of scores, and its gradient (notes eq. 3.1, 3.2 with delta = 1).

        loss = 1/N sum_i sum_{j != y_i} max(0, x_ij - x_{i,y_i} + 1)

    x: (N, C) scores, x[i, j] of class j for example i.  y: (N,) integer labels, 0 <= y[i] < C.
    loss: a number, the mean over the batch, without a penalty.  dx: (N, C) gradient of the loss by x.
    """
    ### BEGIN SOLUTION
    # TODO: compute all (N, C) margins by broadcasting; the correct class takes no part in the sum.
    #   A violated margin pulls at two scores of its row: that of class j, and that of the correct class.
    N = x.shape[0]
    rows = np.arange(N)
    margins = x - x[rows, y][:, None]
    margins += 1
    margins[rows, y] = 0
    np.maximum(margins, 0, out=margins)
    dx = (margins > 0).astype(x.dtype)
    dx[rows, y] = -dx.sum(axis=1)
    dx /= N
    return margins.sum() / N, dx
    ### END SOLUTION


def softmax_loss(x, y):
    """Return (loss, dx): the softmax loss of scores, and its gradient (notes eq. 3.1, 3.3, 3.4; gradient 3.8, 3.9).

        loss = 1/N sum_i -log P(y_i | x_i),   P(j | x_i) = exp(x_ij) / sum_k exp(x_ik)

    Adding the same number to all scores of an example changes nothing, and scores near 1000 must not overflow.

    x: (N, C) scores, x[i, j] of class j for example i.  y: (N,) integer labels, 0 <= y[i] < C.
    loss: a number, the mean over the batch, without a penalty.  dx: (N, C) gradient of the loss by x.
    """
    ### BEGIN SOLUTION
    # TODO: shift every row so that its largest score is 0, then write out the formula with arrays.
    #   The log of P is the shifted score minus the log of the sum; the gradient is P, less 1 at the correct class.
    N = x.shape[0]
    rows = np.arange(N)
    shifted = x - x.max(axis=1, keepdims=True)
    dx = np.exp(shifted)
    sums = dx.sum(axis=1, keepdims=True)  # (N, 1)
    loss = (np.log(sums).sum() - shifted[rows, y].sum()) / N
    dx /= sums
    dx[rows, y] -= 1
    dx /= N
    return loss, dx
    ### END SOLUTION
