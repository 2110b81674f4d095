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


def batchnorm_forward(x, gamma, beta, bn_param):
    """Return (out, cache): each feature normalised over the batch, then scaled and shifted.

        out = gamma * (x - mean) / sqrt(variance + eps) + beta

    In training mean and variance are those of the batch, feature by feature, the variance biased (divided by N), and
    the running averages are moved towards them (by the variance itself, without eps):

        running = momentum * running + (1 - momentum) * of this batch

    In test mode the running averages take their place, and nothing is changed.

    x: (N, D).  gamma, beta: (D,).  bn_param: dictionary with mode, "train" or "test"; eps, 1e-5; momentum, 0.9;
    running_mean and running_var, (D,), zeros; both are written back to it in training.
    cache is needed after training mode only. Raises ValueError for any other mode.
    Source: Ioffe and Szegedy, Batch Normalization, 2015 (there the running variance is unbiased).
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    D = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    if mode == "train":
        ### BEGIN SOLUTION
        # TODO: normalise by the batch's own mean and variance, and keep what batchnorm_backward will need.
        #   Set running_mean and running_var to their new values: they go into bn_param below.
        mean = x.mean(axis=0)
        normalised = x - mean
        variance = np.einsum("nd,nd->d", normalised, normalised) / x.shape[0]  # no array of squares on the way
        scale = 1 / np.sqrt(variance + eps)
        normalised *= scale
        out = gamma * normalised
        out += beta
        cache = (normalised, scale, gamma)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * variance
        ### END SOLUTION
    elif mode == "test":
        ### BEGIN SOLUTION
        # TODO: normalise by running_mean and running_var instead.
        out = x - running_mean
        out *= gamma / np.sqrt(running_var + eps)
        out += beta
        cache = None
        ### END SOLUTION
    else:
        raise ValueError(f"bn_param['mode'] is {mode!r}, expected 'train' or 'test'")
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta), going back through the computation graph of batchnorm_forward gate by gate.

    Mean and variance depend on every x of their feature, so each of them sends gradient back to all examples.

    dout: (N, D) gradient by out.  cache: from batchnorm_forward in train mode.  dx: (N, D).  dgamma, dbeta: (D,).
    """
    ### BEGIN SOLUTION
    # TODO: draw the graph first. Where a value goes two ways, its gradients add up.
    #   x goes two ways (to its mean, and to the difference), and so does the difference (to its square as well).
    normalised, scale, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = (dout * normalised).sum(axis=0)
    dnormalised = dout * gamma
    centred = normalised / scale
    dvariance = (dnormalised * centred).sum(axis=0) * -0.5 * scale**3
    dcentred = dnormalised * scale + dvariance * 2 * centred / N
    dx = dcentred - dcentred.sum(axis=0) / N
    return dx, dgamma, dbeta
    ### END SOLUTION


def batchnorm_backward_alt(dout, cache):
    """Return what batchnorm_backward does, from one formula for dx, worked out on paper; it is quicker.

    dout, cache, and the result: as for batchnorm_backward.
    """
    ### BEGIN SOLUTION
    # TODO: put the steps of batchnorm_backward into one another and simplify: dx needs dout, the normalised x and
    #   two means over the batch, no more.
    normalised, scale, gamma = cache
    N = dout.shape[0]
    dbeta = dout.sum(axis=0)
    dgamma = np.einsum("nd,nd->d", dout, normalised)
    dx = normalised * (-dgamma / N)  # gamma * scale * (dout - dbeta / N - normalised * dgamma / N), in one array
    dx += dout
    dx -= dbeta / N
    dx *= gamma * scale
    return dx, dgamma, dbeta
    ### END SOLUTION


### BEGIN SOLUTION
def _normalised_rows(x, eps):
    """Return x, (N, D), with rows of mean 0 and deviation 1, and what each row was multiplied by for that, (N, 1)."""
    normalised = x - x.mean(axis=1, keepdims=True)
    scale = 1 / np.sqrt(np.einsum("nd,nd->n", normalised, normalised)[:, None] / x.shape[1] + eps)
    normalised *= scale
    return normalised, scale


def _normalised_rows_backward(dnormalised, normalised, scale):
    """Return the gradient by x of _normalised_rows, from that by its result."""
    mean = dnormalised.mean(axis=1, keepdims=True)
    along = (dnormalised * normalised).mean(axis=1, keepdims=True)
    return scale * (dnormalised - mean - normalised * along)


### END SOLUTION


def layernorm_forward(x, gamma, beta, ln_param):
    """Return (out, cache): each example normalised over its own features, then scaled and shifted.

        out = gamma * (x - mean) / sqrt(variance + eps) + beta

    Mean and (biased) variance are those of a row of x, so that training and test are the same, and so is any batch
    size; gamma and beta still belong to features.

    x: (N, D).  gamma, beta: (D,).  ln_param: dictionary with eps, 1e-5.
    Source: Ba, Kiros and Hinton, Layer Normalization, 2016.
    """
    eps = ln_param.get("eps", 1e-5)
    ### BEGIN SOLUTION
    # TODO: batchnorm_forward in train mode with the other axis, and without running averages.
    normalised, scale = _normalised_rows(x, eps)
    return gamma * normalised + beta, (normalised, scale, gamma)
    ### END SOLUTION


def layernorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta) of layernorm_forward.

    dout: (N, D) gradient by out.  cache: from layernorm_forward.  dx: (N, D).  dgamma, dbeta: (D,).
    """
    ### BEGIN SOLUTION
    # TODO: as batchnorm_backward, but mean and variance belong to rows; gamma and beta still to columns.
    normalised, scale, gamma = cache
    dx = _normalised_rows_backward(dout * gamma, normalised, scale)
    return dx, (dout * normalised).sum(axis=0), dout.sum(axis=0)
    ### END SOLUTION


def dropout_forward(x, dropout_param):
    """Return (out, cache): in training each entry of x is kept with probability p, or else set to 0.

    This is inverted dropout: what is kept is divided by p in training, so that out is x on average, and in test mode
    out is x itself.

    x: of any shape.  dropout_param: dictionary with mode, "train" or "test"; p, the keep ratio, 0 < p <= 1; and
    perhaps seed, an integer: then np.random is seeded with it first, and the mask is the same every time.
    Raises ValueError for any other mode.  Source: Srivastava et al., Dropout, 2014.
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        ### BEGIN SOLUTION
        # TODO: draw a mask of x's shape with np.random.rand, let x through it, and scale.
        mask = (np.random.rand(*x.shape) < p).astype(x.dtype)
        mask /= p
        return x * mask, (dropout_param, mask)
        ### END SOLUTION
    if mode == "test":
        ### BEGIN SOLUTION
        # TODO: nothing is dropped, nothing is scaled.
        return x, (dropout_param, None)
        ### END SOLUTION
    raise ValueError(f"dropout_param['mode'] is {mode!r}, expected 'train' or 'test'")


def dropout_backward(dout, cache):
    """Return dx: dout through the very mask of the forward pass; in test mode dout itself.

    dout: gradient by out, of x's shape.  cache: from dropout_forward.
    """
    ### BEGIN SOLUTION
    # TODO: what was dropped gets no gradient, what was scaled gets it scaled likewise.
    dropout_param, mask = cache
    return dout * mask if dropout_param["mode"] == "train" else dout
    ### END SOLUTION


def conv_forward_naive(x, w, b, conv_param):
    """Return (out, cache): F filters slid over a batch of images, at each place the sum of products, plus b.

        out[n, f, i, j] = b[f] + sum over c, k, l of w[f, c, k, l] * padded[n, c, i * stride + k, j * stride + l]

    That is a cross-correlation: the filter is not flipped, as it would be in the convolution of notes eq. 5.1.
    `padded` is x with `pad` rows and columns of zeros on each side.

    x: (N, C, H, W) images.  w: (F, C, HH, WW) filters, as deep as the images.  b: (F,) biases.
    conv_param: dictionary with stride and pad.
    out: (N, F, H', W') with H' = 1 + (H + 2 pad - HH) // stride, and W' likewise.
    """
    ### BEGIN SOLUTION
    # TODO: pad the images (np.pad), then loop: over the places of out at least, over images and filters if you like.
    stride, pad = conv_param["stride"], conv_param["pad"]
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.empty((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride), dtype=x.dtype)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            window = padded[:, :, top : top + HH, left : left + WW]
            out[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return out, (x, w, b, conv_param)
    ### END SOLUTION


def conv_backward_naive(dout, cache):
    """Return (dx, dw, db), the gradients of the loss by the arguments of conv_forward_naive.

    dout: (N, F, H', W') gradient by out.  cache: from conv_forward_naive.
    dx: (N, C, H, W).  dw: (F, C, HH, WW).  db: (F,).
    """
    ### BEGIN SOLUTION
    # TODO: loop as forward did. Each dout[n, f, i, j] sends w[f], times itself, back to its window, where windows
    #   overlap the gradients add up; and the window, times itself, to dw[f]. The rim of padding is cut off at the end.
    x, w, _, conv_param = cache
    stride, pad = conv_param["stride"], conv_param["pad"]
    _, _, H, W = x.shape
    _, _, HH, WW = w.shape
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            top, left = i * stride, j * stride
            place = (slice(None), slice(None), slice(top, top + HH), slice(left, left + WW))
            dw += np.tensordot(dout[:, :, i, j], padded[place], axes=(0, 0))
            dpadded[place] += np.tensordot(dout[:, :, i, j], w, axes=(1, 0))
    return dpadded[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))
    ### END SOLUTION


def max_pool_forward_naive(x, pool_param):
    """Return (out, cache): the maximum of every window, channel by channel.

    x: (N, C, H, W) images.  pool_param: dictionary with pool_height, pool_width and stride.
    out: (N, C, H', W') with H' = 1 + (H - pool_height) // stride, and W' likewise; there is no padding.
    """
    ### BEGIN SOLUTION
    # TODO: loop over the places of out, and take the maximum over two axes of the window.
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    out = np.empty((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride), dtype=x.dtype)
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + height, left : left + width].max(axis=(2, 3))
    return out, (x, pool_param)
    ### END SOLUTION


def max_pool_backward_naive(dout, cache):
    """Return dx: each dout goes to where its window had its maximum, and adds up where windows overlap.

    Where several entries of a window are its maximum, the first of them in reading order gets it all.

    dout: (N, C, H', W') gradient by out.  cache: from max_pool_forward_naive.  dx: (N, C, H, W).
    """
    ### BEGIN SOLUTION
    # TODO: loop as forward did; np.argmax finds the first maximum of a window.
    x, pool_param = cache
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H_out, W_out = dout.shape
    images, channels = np.arange(N)[:, None], np.arange(C)
    dx = np.zeros_like(x)
    for i in range(H_out):
        for j in range(W_out):
            top, left = i * stride, j * stride
            window = x[:, :, top : top + height, left : left + width].reshape(N, C, -1)
            row, column = np.divmod(window.argmax(axis=2), width)  # (N, C) each
            dx[images, channels, top + row, left + column] += dout[:, :, i, j]
    return dx
    ### END SOLUTION


### BEGIN SOLUTION
def _channels_to_columns(x):
    """Return images, (N, C, H, W), as a matrix (N H W, C) whose columns are contiguous: the quicker order."""
    return x.transpose(1, 0, 2, 3).reshape(x.shape[1], -1).T


def _columns_to_channels(matrix, shape):
    """Return a matrix from _channels_to_columns as images of that shape."""
    N, C, H, W = shape
    return np.ascontiguousarray(matrix.T.reshape(C, N, H, W).transpose(1, 0, 2, 3))


### END SOLUTION


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Return (out, cache): batch normalisation of images, each channel over the batch and all places.

    x: (N, C, H, W).  gamma, beta: (C,).  bn_param: as for batchnorm_forward; its running averages are (C,).
    """
    ### BEGIN SOLUTION
    # TODO: batchnorm_forward does it, once channels are the columns of a matrix. Mind the order of axes in reshape.
    out, cache = batchnorm_forward(_channels_to_columns(x), gamma, beta, bn_param)
    return _columns_to_channels(out, x.shape), cache
    ### END SOLUTION


def spatial_batchnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta) of spatial_batchnorm_forward.

    dout: (N, C, H, W) gradient by out.  cache: from spatial_batchnorm_forward.  dx: (N, C, H, W).
    dgamma, dbeta: (C,).
    """
    ### BEGIN SOLUTION
    # TODO: the same reshaping, around batchnorm_backward or its quicker form.
    dx, dgamma, dbeta = batchnorm_backward_alt(_channels_to_columns(dout), cache)
    return _columns_to_channels(dx, dout.shape), dgamma, dbeta
    ### END SOLUTION


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Return (out, cache): the channels of each image in G groups, each group normalised over itself.

        out = gamma * (x - mean) / sqrt(variance + eps) + beta

    Mean and (biased) variance are those of one group of one image: C / G neighbouring channels, all places. G = 1 is
    layer normalisation over whole images, G = C normalises every channel by itself.

    x: (N, C, H, W).  gamma, beta: (1, C, 1, 1).  G: number of groups, a divisor of C.
    gn_param: dictionary with eps, 1e-5.  Source: Wu and He, Group Normalization, 2018.
    """
    eps = gn_param.get("eps", 1e-5)
    ### BEGIN SOLUTION
    # TODO: give each group of each image a row of its own, normalise rows, and go back to x's shape.
    #   gamma and beta belong to channels: apply them after that.
    rows, scale = _normalised_rows(x.reshape(x.shape[0] * G, -1), eps)
    normalised = rows.reshape(x.shape)
    return gamma * normalised + beta, (normalised, scale, gamma, G)
    ### END SOLUTION


def spatial_groupnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta) of spatial_groupnorm_forward.

    dout: (N, C, H, W) gradient by out.  cache: from spatial_groupnorm_forward.  dx: (N, C, H, W).
    dgamma, dbeta: (1, C, 1, 1).
    """
    ### BEGIN SOLUTION
    # TODO: sums for gamma and beta run over all axes but that of channels; dx as in layernorm_backward, in rows.
    normalised, scale, gamma, G = cache
    dgamma = (dout * normalised).sum(axis=(0, 2, 3), keepdims=True)
    dbeta = dout.sum(axis=(0, 2, 3), keepdims=True)
    drows = (dout * gamma).reshape(dout.shape[0] * G, -1)
    dx = _normalised_rows_backward(drows, normalised.reshape(drows.shape), scale)
    return dx.reshape(dout.shape), dgamma, dbeta
    ### END SOLUTION
