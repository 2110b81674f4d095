"""Fast convolution, as matrix products, and fast max pooling; neither needs a compiler.

Arguments, results and gradients are those of the naive layers in cs231n.layers, up to rounding, but the caches are not:
pass the cache of a fast forward pass to the fast backward pass.

The idea is called im2col. Write the C * HH * WW pixels under the filters at one position (r, q) into a column, put the
columns of all positions next to each other, and write each filter into a row. Then one product of matrices is the whole
convolution:

    filters (F, C * HH * WW)  times  windows (C * HH * WW, H' * W')  =  out (F, H' * W')

The gradients are products too, as in an affine layer. The gradient with respect to the filters is dout times the
transposed windows. The gradient with respect to the windows is the transposed filters times dout; each pixel then sums
the gradients of all windows that contain it.

Memory matters too: the windows contain a pixel up to HH * WW times, and copying can take longer than multiplying. So
these layers work on a few images at a time, whose copies stay in the processor's cache, and make few copies. The
modules of cs231n.kernels do this: `im2col` for narrow outputs, and `rows` for wide ones. For deep filters of 3 x 3,
where multiplying takes longest, `winograd` needs fewer multiplications. Large batches are divided among several threads
(cs231n.threads).
"""

import numpy as np

from cs231n.kernels import im2col, pooling, rows, winograd
from cs231n.threads import share

NARROW = 24  # positions in a row of the output: from this width on, rows are large enough to multiply one by one
GRADIENTS = {  # number of weights in a row of a filter, over all channels: how dw is computed from that number on
    0: im2col.gradients_by_parameters,
    20: im2col.gradients_row_by_row,
    32: rows.gradients_by_parameters,
}
DEEP = {im2col: (14, 10), rows: (25, 18)}  # Winograd is faster if C * F / (C + F) is above this: forward, backward
THREAD = 5 * 10**6  # multiplications: for fewer, another thread costs more time than it saves


def conv_forward_fast(x, w, b, conv_param):
    """Return (out, cache): the cross-correlation of a batch of images with F filters, plus the biases.

        out[n, f, r, q] = b[f] + sum over c, i, j of w[f, c, i, j] * padded[n, c, r * stride + i, q * stride + j]

    `padded` is x with `pad` rows and columns of zeros on each side.

    x: (N, C, H, W) images.  w: (F, C, HH, WW) filters.  b: (F,) biases.
    conv_param: dictionary with stride and pad, in pixels. If it has need_dx=False, the backward pass returns no dx.
    out: (N, F, H', W') with H' = 1 + (H + 2 pad - HH) // stride, and W' similarly, in the widest type of x, w and b,
    but at least float32.
    Raises ValueError if the shapes do not match, if the filters do not fit, or if stride or pad is out of range.
    """
    stride, pad = _conv_settings(x, w, b, conv_param)
    x, w, b = _floating(x, w, b)
    out = np.empty((len(x), len(w), *_out_size(x.shape, w.shape, stride, pad)), x.dtype)

    def work(start, stop):
        kernel = winograd if _is_deep(w, stride, DEEP[_kernel(out)][0]) else _kernel(out)
        kernel.correlate(x[start:stop], w, b, stride, pad, out[start:stop])

    share(work, len(x), _least(out, w[:1].size))
    return out, (x, w, stride, pad, conv_param.get("need_dx", True))


def conv_backward_fast(dout, cache):
    """Return (dx, dw, db), the gradients of the loss with respect to x, w and b of conv_forward_fast.

    dout: (N, F, H', W') gradient with respect to out.  cache: from conv_forward_fast.
    dx: (N, C, H, W), or None if conv_param has need_dx=False.  dw: (F, C, HH, WW).  db: (F,).
    Raises ValueError if dout does not have the shape of out.
    """
    x, w, stride, pad, need_dx = cache
    _must_match(dout, (len(x), len(w), *_out_size(x.shape, w.shape, stride, pad)))
    dout, x, w = _floating(dout, x, w)
    dout, dx, parts = np.ascontiguousarray(dout), np.zeros(x.shape, x.dtype) if need_dx else None, {}

    def work(start, stop):
        part = dout[start:stop]
        if _is_deep(w, stride, DEEP[_kernel(dout)][1]):
            part_dx = np.empty_like(x[start:stop]) if dx is None else dx[start:stop]
            parts[start] = winograd.gradients(part, x[start:stop], w, pad, part_dx)
            return
        if dx is None:
            pass
        elif stride == 1 and pad < min(w.shape[2:]) and _kernel(dout) is rows:
            rows.add_gradient_by_x(part, w, pad, dx[start:stop])
        else:
            im2col.add_gradient_by_x(part, w, stride, pad, dx[start:stop])
        gradients = GRADIENTS[max(least for least in GRADIENTS if least <= w[0, :, 0].size)]
        parts[start] = gradients(part, x[start:stop], w.shape, stride, pad)

    share(work, len(x), _least(dout, w[:1].size))
    dw, db = np.zeros(w.shape, x.dtype), np.zeros(len(w), x.dtype)
    for start in sorted(parts):  # always in the same order, so that sums are rounded in the same way
        dw += parts[start][0]
        db += parts[start][1]
    return dx, dw, db


def max_pool_forward_fast(x, pool_param):
    """Return (out, cache): the maximum of every window in each channel; NaN where the window contains NaN.

    x: (N, C, H, W) images.  pool_param: dictionary with pool_height, pool_width and stride, in pixels.
    out: (N, C, H', W') with H' = 1 + (H - pool_height) // stride, and W' similarly; there is no padding.
    Raises ValueError if x does not have four axes, if the windows do not fit, or if the stride is less than 1.
    """
    sizes, stride = _pool_settings(x, pool_param)
    x = np.asarray(x)
    out = np.empty((*x.shape[:2], *_out_size(x.shape, sizes, stride)), x.dtype)
    winners = np.empty(out.shape, np.min_scalar_type(sizes[0] * x.shape[3]))

    def work(start, stop):
        pooling.maxima(x[start:stop], sizes, stride, out[start:stop], winners[start:stop])

    share(work, len(x), _least(x))
    return out, (x.shape, winners, sizes, stride)


def max_pool_backward_fast(dout, cache):
    """Return dx: each entry of dout is added to the gradient of the pixel that was the maximum of its window.

    If several pixels of a window are equal to the maximum, the first of them in reading order gets the whole gradient.

    dout: (N, C, H', W') gradient with respect to out.  cache: from max_pool_forward_fast.  dx: (N, C, H, W).
    Raises ValueError if dout does not have the shape of out.
    """
    shape, winners, sizes, stride = cache
    _must_match(dout, winners.shape)
    (dout,) = _floating(dout)
    dx = np.empty(shape, dout.dtype)

    def work(start, stop):
        pooling.gradient_by_x(dout[start:stop], winners[start:stop], sizes, stride, dx[start:stop])

    share(work, len(dx), _least(dx))
    return dx


def _kernel(out):
    """Return the module that is faster for an output of shape (N, F, H', W')."""
    return im2col if out.shape[3] < NARROW else rows


def _is_deep(w, stride, least):
    """Return whether Winograd's kernel can convolve with filters w (F, C, HH, WW), and is faster.

    It saves multiplications in proportion to C * F, but needs additions in proportion to C + F. It is faster if the
    ratio of the two is greater than `least`.
    """
    F, C = w.shape[:2]
    return stride == 1 and w.shape[2:] == (3, 3) and least * (C + F) < C * F


def _least(images, each=4):
    """Return the smallest number of images for which a thread is worthwhile.

    each: the cost of one number of an image, in multiplications.
    """
    return 1 + THREAD // max(1, images[:1].size * each)


def _out_size(shape, filters, stride, pad=0):
    """Return (H', W'): the number of positions of a filter or window whose size is filters[-2:]."""
    return tuple((size + 2 * pad - part) // stride + 1 for size, part in zip(shape[-2:], filters[-2:], strict=True))


def _conv_settings(x, w, b, conv_param):
    """Return (stride, pad), or raise ValueError (see conv_forward_fast)."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    if np.ndim(x) != 4 or np.ndim(w) != 4:
        raise ValueError(f"x and w must be (N, C, H, W) and (F, C, HH, WW), not {np.shape(x)} and {np.shape(w)}")
    if np.shape(x)[1] != np.shape(w)[1]:
        raise ValueError(f"x has {np.shape(x)[1]} channels, but w has {np.shape(w)[1]}: the numbers must be equal")
    if np.shape(b) != np.shape(w)[:1]:
        raise ValueError(f"b must have shape {np.shape(w)[:1]}, one number for each filter, not {np.shape(b)}")
    if stride < 1 or pad < 0:
        raise ValueError(f"conv_param must have stride >= 1 and pad >= 0, not stride {stride} and pad {pad}")
    _must_fit("filters", np.shape(w)[2:], [size + 2 * pad for size in np.shape(x)[2:]], f" (pad {pad} included)")
    return stride, pad


def _pool_settings(x, pool_param):
    """Return ((pool_height, pool_width), stride), or raise ValueError (see max_pool_forward_fast)."""
    sizes, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    if np.ndim(x) != 4:
        raise ValueError(f"x must be (N, C, H, W), not {np.shape(x)}")
    if stride < 1:
        raise ValueError(f"pool_param must have stride >= 1, not {stride}")
    _must_fit("pooling windows", sizes, np.shape(x)[2:])
    return sizes, stride


def _must_fit(what, sizes, image, how=""):
    if any(not 1 <= size <= room for size, room in zip(sizes, image, strict=True)):
        raise ValueError(f"{what} of {sizes[0]} x {sizes[1]} do not fit into {image[0]} x {image[1]} pixels{how}")


def _must_match(dout, shape):
    if np.shape(dout) != shape:
        raise ValueError(f"dout has shape {np.shape(dout)}, but out, from the forward pass, had shape {shape}")


def _floating(*arrays):
    """Return the arrays in one floating-point type: the widest among them, but at least float32."""
    dtype = np.result_type(np.float32, *arrays)
    return [np.asarray(array, dtype) for array in arrays]
