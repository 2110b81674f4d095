"""You fill this in (assignment 1: two_layer_net; assignment 2: batch_normalization, dropout, convolutional_networks).

The layers of neural networks, each with its forward and its backward pass, and the losses at the end.

A forward pass returns (out, cache); the cache holds whatever the backward pass of the same layer needs, and nothing
else uses it. A backward pass takes dout, the gradient of the loss with respect to out, and the cache, and returns the
gradients with respect to the arrays among the arguments of the forward pass, in the same order. Arrays that are
arguments must never be changed in place.
"""

import numpy as np


def affine_forward(x, w, b):
    """Return (out, cache) with out = x w + b, (N, M), for a batch of N examples, one per row (notes 4.1, f = Wx + b).

    x: (N, d_1, ..., d_k). Each example is flattened to a row of D = d_1 * ... * d_k numbers.
    w: (D, M) weights.  b: (M,) biases.
    """
    # TODO: view x as N rows of D numbers, multiply by w, and add b to every row.
    raise NotImplementedError("affine_forward: not written yet, see the TODO above")


def affine_backward(dout, cache):
    """Return (dx, dw, db), the gradients of the loss with respect to the arguments of affine_forward (notes eq. 4.2).

        dx = dout w^T,   dw = x^T dout,   db = sum of the rows of dout        (x with one example per row)

    dout: (N, M), gradient of the loss with respect to out.  cache: from affine_forward.
    dx: (N, d_1, ..., d_k), like x.  dw: (D, M).  db: (M,). Do not use numeric gradients.
    """
    # TODO: compute the three gradients of eq. 4.2 from what affine_forward put into its cache.
    #   Each gradient has the shape of its variable; this alone gives the order of the factors, and which to transpose.
    raise NotImplementedError("affine_backward: not written yet, see the TODO above")


def relu_forward(x):
    """Return (out, cache) with out = max(0, x), entry by entry, for x of any shape (notes 4.1)."""
    # TODO: replace negative entries with 0, in a new array, and keep what relu_backward will need.
    raise NotImplementedError("relu_forward: not written yet, see the TODO above")


def relu_backward(dout, cache):
    """Return dx: dout where x > 0, and 0 where x < 0 (notes 4.1, the max gate). At x = 0, either value is correct.

    dout: gradient of the loss with respect to out, of x's shape.  cache: from relu_forward.
    Do not use numeric gradients.
    """
    # TODO: let dout through where x was positive. Do not look at the sign of dout.
    raise NotImplementedError("relu_backward: not written yet, see the TODO above")


def svm_loss(x, y):
    """Return (loss, dx): the multiclass SVM loss of scores, and its gradient (notes eq. 3.1, 3.2 with delta = 1).

        loss = 1/N sum_i sum_{j != y_i} max(0, x_ij - x_{i,y_i} + 1)

    x: (N, C) scores; x[i, j] is the score of class j for example i.  y: (N,) integer labels, 0 <= y[i] < C.
    loss: a number, the mean over the batch, without a penalty.  dx: (N, C) gradient of the loss with respect to x.
    Do not use numeric gradients.
    """
    # TODO: compute all (N, C) margins by broadcasting; the correct class is left out of the sum.
    #   A violated margin depends on two scores of its row: that of class j, and that of the correct class.
    raise NotImplementedError("svm_loss: not written yet, see the TODO above")


def softmax_loss(x, y):
    """Return (loss, dx): the softmax loss of scores, and its gradient (notes eq. 3.1, 3.3, 3.4; gradient 3.8, 3.9).

        loss = 1/N sum_i -log P(y_i | x_i),   P(j | x_i) = exp(x_ij) / sum_k exp(x_ik)

    Adding the same number to all scores of an example changes nothing. Scores near 1000 must not cause an overflow.

    x: (N, C) scores; x[i, j] is the score of class j for example i.  y: (N,) integer labels, 0 <= y[i] < C.
    loss: a number, the mean over the batch, without a penalty.  dx: (N, C) gradient of the loss with respect to x.
    Do not use numeric gradients.
    """
    # TODO: shift every row so that its largest score is 0, then write out the formula with arrays.
    #   The log of P is the shifted score minus the log of the sum of the exponentials; for the gradient, subtract 1
    #   from P at the correct class, then divide by N.
    raise NotImplementedError("softmax_loss: not written yet, see the TODO above")


def batchnorm_forward(x, gamma, beta, bn_param):
    """Return (out, cache), where out is x with each feature normalised, then scaled and shifted.

        out = gamma * (x - mean) / sqrt(variance + eps) + beta

    In train mode, mean and variance are those of the batch, feature by feature, with the biased variance (divided by
    N), and the running averages move towards them (towards the variance itself, without eps):

        running = momentum * running + (1 - momentum) * (mean or variance of this batch)

    In test mode, the running averages are used instead, and they do not change.

    x: (N, D).  gamma, beta: (D,).  bn_param: dictionary with mode, "train" or "test", and optionally eps (default
    1e-5), momentum (default 0.9), running_mean and running_var, (D,) (default zeros). The new running averages are put
    into bn_param; shape (1, D), which keepdims=True gives, passes the check, with a line of advice.
    The cache is needed only after train mode. Raises ValueError if the mode is neither "train" nor "test".
    Source: Ioffe and Szegedy, Batch Normalization, 2015 (there the running variance is unbiased).
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    D = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(D, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(D, dtype=x.dtype))
    if mode == "train":
        # TODO: normalise by the batch's own mean and variance, and keep what batchnorm_backward will need.
        #   Set running_mean and running_var to their new values: they go into bn_param below.
        raise NotImplementedError("batchnorm_forward: not written yet, see the TODO above")
    elif mode == "test":
        # TODO: normalise by running_mean and running_var instead.
        raise NotImplementedError("batchnorm_forward: not written yet, see the TODO above")
    else:
        raise ValueError(f"bn_param['mode'] is {mode!r}, expected 'train' or 'test'")
    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta), going back through the computation graph of batchnorm_forward gate by gate.

    Mean and variance depend on every x of their feature, so the gradient of each flows back to all examples.

    dout: (N, D), gradient of the loss with respect to out.  cache: from batchnorm_forward in train mode.
    dx: (N, D).  dgamma, dbeta: (D,). Do not use numeric gradients or batchnorm_backward_alt.
    """
    # TODO: draw the graph first. Where a value is used twice, its two gradients add up.
    #   x is used twice (in its mean, and in x - mean), and so is x - mean (in the variance, and in the normalised x).
    raise NotImplementedError("batchnorm_backward: not written yet, see the TODO above")


def batchnorm_backward_alt(dout, cache):
    """Return the same as batchnorm_backward, but with a single formula for dx, derived on paper; this is faster.

    dout, cache, and the result: as for batchnorm_backward, which must not be called. Do not use numeric gradients.
    """
    # TODO: substitute the steps of batchnorm_backward into one another and simplify: dx needs only dout, the
    #   normalised x, two means over the batch, and the factors gamma and 1 / sqrt(variance + eps).
    raise NotImplementedError("batchnorm_backward_alt: not written yet, see the TODO above")


def layernorm_forward(x, gamma, beta, ln_param):
    """Return (out, cache), where out is x with each example normalised over its features, then scaled and shifted.

        out = gamma * (x - mean) / sqrt(variance + eps) + beta

    Mean and (biased) variance are those of a row of x, so there is no difference between training and test, and the
    batch size does not matter. There is still one gamma and one beta for each feature.

    x: (N, D).  gamma, beta: (D,).  ln_param: dictionary, optionally with eps (default 1e-5).
    Source: Ba, Kiros and Hinton, Layer Normalization, 2016.
    """
    eps = ln_param.get("eps", 1e-5)
    # TODO: do what batchnorm_forward does in train mode, but along the other axis and without running averages.
    raise NotImplementedError("layernorm_forward: not written yet, see the TODO above")


def layernorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta), the gradients of the loss with respect to x, gamma and beta of layernorm_forward.

    dout: (N, D), gradient of the loss with respect to out.  cache: from layernorm_forward.
    dx: (N, D).  dgamma, dbeta: (D,). Do not use numeric gradients.
    """
    # TODO: proceed as in batchnorm_backward; but mean and variance belong to rows, while gamma and beta still belong
    #   to columns.
    raise NotImplementedError("layernorm_backward: not written yet, see the TODO above")


def dropout_forward(x, dropout_param):
    """Return (out, cache); in train mode, each entry of x is kept with probability p, and set to 0 otherwise.

    This is inverted dropout: kept entries are divided by p in train mode, so that out equals x on average. In test
    mode, out is x itself.

    x: of any shape.  dropout_param: dictionary with mode, "train" or "test"; p, 0 < p <= 1; and optionally seed, an
    integer with which np.random is seeded first, so that the mask is the same every time.
    Raises ValueError for any other mode.  Source: Srivastava et al., Dropout, 2014.
    """
    p, mode = dropout_param["p"], dropout_param["mode"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    if mode == "train":
        # TODO: draw a mask of x's shape with np.random.rand, multiply x by it, and scale.
        raise NotImplementedError("dropout_forward: not written yet, see the TODO above")
    if mode == "test":
        # TODO: in test mode, nothing is dropped or scaled.
        raise NotImplementedError("dropout_forward: not written yet, see the TODO above")
    raise ValueError(f"dropout_param['mode'] is {mode!r}, expected 'train' or 'test'")


def dropout_backward(dout, cache):
    """Return dx: dout times the scaled mask of the forward pass; in test mode, dout itself.

    dout: gradient of the loss with respect to out, of x's shape.  cache: from dropout_forward.
    Do not use numeric gradients.
    """
    # TODO: a dropped entry gets no gradient; that of a kept entry is scaled by the same factor as in the forward pass.
    raise NotImplementedError("dropout_backward: not written yet, see the TODO above")


def conv_forward_naive(x, w, b, conv_param):
    """Return (out, cache): the cross-correlation of a batch of images with F filters, plus the biases.

        out[n, f, i, j] = b[f] + sum over c, k, l of w[f, c, k, l] * padded[n, c, i * stride + k, j * stride + l]

    The filters are not flipped, as they would be in the convolution of notes eq. 5.1.
    `padded` is x with `pad` rows and columns of zeros on each side.

    x: (N, C, H, W) images.  w: (F, C, HH, WW) filters.  b: (F,) biases.
    conv_param: dictionary with stride and pad, in pixels.
    out: (N, F, H', W') with H' = 1 + (H + 2 pad - HH) // stride, and W' similarly. If the division leaves a
    remainder, the last rows and columns are left out; code that refuses such sizes, or returns a different size,
    passes the check, with a line of advice.
    Write the sums out: do not use fast_layers, np.convolve or a library such as scipy.
    """
    # TODO: pad the images (np.pad), then loop over the positions in out, and over images and filters too if you like.
    raise NotImplementedError("conv_forward_naive: not written yet, see the TODO above")


def conv_backward_naive(dout, cache):
    """Return (dx, dw, db), the gradients of the loss with respect to x, w and b of conv_forward_naive.

    dout: (N, F, H', W'), gradient of the loss with respect to out.  cache: from conv_forward_naive.
    dx: (N, C, H, W).  dw: (F, C, HH, WW).  db: (F,).
    Do not use numeric gradients, fast_layers, np.convolve or a library such as scipy. As in the forward pass, strides
    that leave a remainder may be refused.
    """
    # TODO: loop as in the forward pass. Each dout[n, f, i, j] adds itself times w[f] to the gradient of its window, and
    #   itself times the window to dw[f]; where windows overlap, the gradients add up. Cut off the padding at the end.
    raise NotImplementedError("conv_backward_naive: not written yet, see the TODO above")


def max_pool_forward_naive(x, pool_param):
    """Return (out, cache), where out is the maximum of every window, channel by channel.

    x: (N, C, H, W) images.  pool_param: dictionary with pool_height, pool_width and stride.
    out: (N, C, H', W') with H' = 1 + (H - pool_height) // stride, and W' similarly; there is no padding. If the
    division leaves a remainder, the last rows and columns are left out; code that refuses such sizes, or returns a
    different size, passes the check, with a line of advice. Do not use fast_layers or a library such as scipy.
    """
    # TODO: loop over the positions in out, and take the maximum over two axes of the window.
    raise NotImplementedError("max_pool_forward_naive: not written yet, see the TODO above")


def max_pool_backward_naive(dout, cache):
    """Return dx: each entry of dout is added to the gradient of the pixel that was the maximum of its window.

    If several pixels of a window are equal to the maximum, the first of them in reading order gets the whole gradient.

    dout: (N, C, H', W'), gradient of the loss with respect to out.  cache: from max_pool_forward_naive.
    dx: (N, C, H, W).
    Do not use numeric gradients, fast_layers or a library such as scipy. As in the forward pass, strides that leave a
    remainder may be refused.
    """
    # TODO: loop as in the forward pass; np.argmax finds the first maximum of a window.
    raise NotImplementedError("max_pool_backward_naive: not written yet, see the TODO above")


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Return (out, cache) of batch normalisation: each channel is a feature; each position of an image is an example.

    x: (N, C, H, W).  gamma, beta: (C,).  bn_param: as for batchnorm_forward; its running averages are (C,).
    """
    # TODO: call batchnorm_forward with a matrix whose columns are the channels. Mind the order of axes in reshape.
    raise NotImplementedError("spatial_batchnorm_forward: not written yet, see the TODO above")


def spatial_batchnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta), the gradients of the loss with respect to x, gamma and beta.

    dout: (N, C, H, W), gradient of the loss with respect to out.  cache: from spatial_batchnorm_forward.
    dx: (N, C, H, W).  dgamma, dbeta: (C,). Do not use numeric gradients.
    """
    # TODO: reshape in the same way, and call batchnorm_backward or batchnorm_backward_alt.
    raise NotImplementedError("spatial_batchnorm_backward: not written yet, see the TODO above")


def spatial_groupnorm_forward(x, gamma, beta, G, gn_param):
    """Return (out, cache); the channels of each image form G groups, and each group is normalised separately.

        out = gamma * (x - mean) / sqrt(variance + eps) + beta

    Mean and (biased) variance are those of one group of one image: C / G neighbouring channels, at all positions. With
    G = 1, each image is normalised as a whole; with G = C, each channel of an image is normalised on its own.

    x: (N, C, H, W).  gamma, beta: (1, C, 1, 1).  G: number of groups, a divisor of C.
    gn_param: dictionary, optionally with eps (default 1e-5).  Source: Wu and He, Group Normalization, 2018.
    """
    eps = gn_param.get("eps", 1e-5)
    # TODO: give each group of each image a row of its own, normalise rows, and go back to x's shape.
    #   gamma and beta belong to channels: apply them after that.
    raise NotImplementedError("spatial_groupnorm_forward: not written yet, see the TODO above")


def spatial_groupnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta), the gradients of the loss with respect to x, gamma and beta.

    dout: (N, C, H, W), gradient of the loss with respect to out.  cache: from spatial_groupnorm_forward.
    dx: (N, C, H, W).  dgamma, dbeta: (1, C, 1, 1). Do not use numeric gradients.
    """
    # TODO: for dgamma and dbeta, sum over all axes except that of the channels. For dx, proceed as in
    #   layernorm_backward, with one row for each group of each image.
    raise NotImplementedError("spatial_groupnorm_backward: not written yet, see the TODO above")
