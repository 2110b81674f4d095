"""Convolution and max pooling as matrix products and whole-array operations: fast, and no compiler needed.

Same arguments, results and gradients as the naive layers; caches are opaque to everything but the backward pass of
the same name. Work goes image by image, so that what is copied stays in the processor's cache, and in several threads.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cs231n.threads import share


def conv_forward_fast(x, w, b, conv_param):
    """Return (out, cache), every filter laid over every place of every image (notes 5.2, cross-correlation).

        out[n, f, r, q] = b[f] + sum_cij x[n, c, s r + i - p, s q + j - p] w[f, c, i, j],   0 outside the image

    x: (N, C, H, W) images.  w: (F, C, HH, WW) filters.  b: (F,) biases.
    conv_param: {"stride": s, "pad": p}, in pixels.
    out: (N, F, H', W') with H' = 1 + floor((H + 2p - HH) / s), W' likewise.
    Raises ValueError if the shapes do not go together.
    """
    stride, pad = _conv_settings(x, w, b, conv_param)
    x, w, b = _floating(x, w, b)
    return _correlate(x, w, b, stride, (pad, pad)), (x, w, stride, pad)


def conv_backward_fast(dout, cache):
    """Return (dx, dw, db), the gradients by the arguments of conv_forward_fast.

    dout: (N, F, H', W') gradient by out.  cache: from conv_forward_fast.
    dx: (N, C, H, W).  dw: (F, C, HH, WW).  db: (F,).
    """
    x, w, stride, pad = cache
    expected = (len(x), len(w), *_out_size(x.shape, w.shape, stride, (pad, pad)))
    if np.shape(dout) != expected:
        raise ValueError(f"dout has shape {np.shape(dout)}; the forward pass returned out of shape {expected}")
    dout, *_ = _floating(dout, x)
    return (
        _gradient_by_x(dout, x.shape, w, stride, pad),
        _gradient_by_w(dout, x, w.shape, stride, pad),
        dout.sum((0, 2, 3)),
    )


def _correlate(x, w, b, stride, pads):
    """Return the cross-correlation of conv_forward_fast; pads: above and below, left and right.

    For each column j of the filters, the pixels it meets are copied to rows of the output's width. A window of HH
    image rows of that is one contiguous matrix, and the windows of neighbouring output rows overlap: one copy of the
    image for each column of the filter does, none for its rows.
    """
    (N, C, H, _), (F, _, HH, WW) = x.shape, w.shape
    height, width = _out_size(x.shape, w.shape, stride, pads)
    out = np.empty((N, F, height, width), x.dtype)
    filters = np.ascontiguousarray(w.transpose(0, 2, 1, 3)).reshape(F, HH * C * WW)

    def work(start, stop):
        columns = np.zeros((H + 2 * pads[0], C, WW, width), x.dtype)
        products = np.empty((height, F, width), x.dtype)
        step, _, run, item = columns.strides
        windows = as_strided(columns, (height, HH * C * WW, width), (stride * step, run, item))
        for n in range(start, stop):
            _stack_columns(x[n], columns.transpose(2, 1, 0, 3), stride, pads)
            np.matmul(filters, windows, out=products)
            np.add(products.transpose(1, 0, 2), b[:, None, None], out=out[n])

    share(work, N)
    return out


def _stack_columns(image, columns, stride, pads):
    """Write the pixels of `image` (C, H, W) that filter column j meets to columns[j] (C, H + 2 pad, W')."""
    H, W = image.shape[1:]
    for j, column in enumerate(columns):
        inside, pixels = _met(j, W, column.shape[-1], stride, pads[1])
        column[:, pads[0] : pads[0] + H, inside] = image[:, :, pixels]


def _met(j, size, places, stride, pad):
    """Return two slices: at which of the places a filter's j-th row or column lies in the image, and on what there."""
    first = max(0, -((j - pad) // stride))
    last = min(places, (size - 1 + pad - j) // stride + 1)
    last = max(first, last)
    begin = first * stride + j - pad
    return slice(first, last), slice(begin, max(begin, begin + (last - first - 1) * stride + 1), stride)


def _gradient_by_x(dout, shape, w, stride, pad):
    (F, C, HH, WW), (_, _, H, W) = w.shape, shape
    if stride == 1 and pad < min(HH, WW):
        flipped = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
        return _correlate(dout, flipped, np.zeros(C, w.dtype), 1, (HH - 1 - pad, WW - 1 - pad))
    dx = np.zeros(shape, dout.dtype)
    by_pixel = np.ascontiguousarray(w.transpose(2, 3, 1, 0)).reshape(HH * WW * C, F)
    height, width = dout.shape[2:]

    def work(start, stop):
        for n in range(start, stop):
            products = by_pixel @ dout[n].reshape(F, height * width)
            for i, row in enumerate(products.reshape(HH, WW, C, height, width)):
                inside_rows, rows = _met(i, H, height, stride, pad)
                for j, product in enumerate(row):
                    inside, pixels = _met(j, W, width, stride, pad)
                    dx[n, :, rows, pixels] += product[:, inside_rows, inside]

    share(work, len(dout))
    return dx


def _gradient_by_w(dout, x, shape, stride, pad):
    (F, C, HH, WW), (_, _, H, W) = shape, x.shape
    height, width = dout.shape[2:]
    parts = []

    def work(start, stop):
        total = np.zeros((F, C * HH * WW), dout.dtype)
        columns = np.zeros((C, HH, WW, height, width), dout.dtype)
        for n in range(start, stop):
            for i in range(HH):
                inside_rows, rows = _met(i, H, height, stride, pad)
                for j in range(WW):
                    inside, pixels = _met(j, W, width, stride, pad)
                    columns[:, i, j, inside_rows, inside] = x[n, :, rows, pixels]
            total += dout[n].reshape(F, height * width) @ columns.reshape(C * HH * WW, height * width).T
        parts.append(total)

    share(work, len(x))
    return sum(parts, np.zeros((F, C * HH * WW), dout.dtype)).reshape(shape)


def max_pool_forward_fast(x, pool_param):
    """Return (out, cache), the largest number in every window of every image; NaN where a window has one.

        out[n, c, r, q] = max_ij x[n, c, s r + i, s q + j],   0 <= i < pool_height, 0 <= j < pool_width

    x: (N, C, H, W) images.  pool_param: {"pool_height", "pool_width", "stride": s}, in pixels.
    out: (N, C, H', W') with H' = 1 + floor((H - pool_height) / s), W' likewise.
    Raises ValueError if the window is larger than the images.
    """
    sizes, stride = _pool_settings(x, pool_param)
    (x,) = _real(x)
    out = np.empty((*x.shape[:2], *_out_size(x.shape, sizes, stride, (0, 0))), x.dtype)

    def work(start, stop):
        for n in range(start, stop):
            for number, window in enumerate(_windows(x[n], out.shape, sizes, stride)):
                np.copyto(out[n], window) if not number else np.maximum(out[n], window, out=out[n])

    share(work, len(x))
    return out, (x, out, sizes, stride)


def max_pool_backward_fast(dout, cache):
    """Return dx, (N, C, H, W): dout where each window's maximum is, at the first by rows if several are as large.

    dout: (N, C, H', W') gradient by out.  cache: from max_pool_forward_fast.
    """
    x, out, sizes, stride = cache
    if np.shape(dout) != out.shape:
        raise ValueError(f"dout has shape {np.shape(dout)}; the forward pass returned out of shape {out.shape}")
    dout, *_ = _floating(dout)
    dx = np.zeros(x.shape, dout.dtype)

    def work(start, stop):
        for n in range(start, stop):
            left = np.ones(out.shape[1:], bool)
            gradients = _windows(dx[n], out.shape, sizes, stride)
            for window, gradient in zip(_windows(x[n], out.shape, sizes, stride), gradients, strict=True):
                found = (window == out[n]) | (window != window)
                found &= left
                left ^= found
                gradient += dout[n] * found

    share(work, len(x))
    return dx


def _windows(image, shape, sizes, stride):
    """Yield views (C, H', W') of an image: the pixel of each window at row i and column j of it, for every (i, j)."""
    below, right = stride * (shape[2] - 1) + 1, stride * (shape[3] - 1) + 1
    for i in range(sizes[0]):
        for j in range(sizes[1]):
            yield image[:, i : i + below : stride, j : j + right : stride]


def _out_size(shape, filters, stride, pads):
    """Return (H', W'): at how many places a filter or window of the last two of `filters` fits."""
    return tuple(
        (size + 2 * pad - part) // stride + 1 for size, part, pad in zip(shape[-2:], filters[-2:], pads, strict=True)
    )


def _conv_settings(x, w, b, conv_param):
    """Return (stride, pad), or raise ValueError."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    if np.ndim(x) != 4 or np.ndim(w) != 4:
        raise ValueError(f"x and w must be (N, C, H, W) and (F, C, HH, WW), not {np.shape(x)} and {np.shape(w)}")
    if np.shape(x)[1] != np.shape(w)[1]:
        raise ValueError(f"x has {np.shape(x)[1]} channels, the filters {np.shape(w)[1]}; they must span all of x's")
    if np.shape(b) != np.shape(w)[:1]:
        raise ValueError(f"b must have shape {np.shape(w)[:1]}, a number for each filter, not {np.shape(b)}")
    if stride < 1 or pad < 0:
        raise ValueError(f"conv_param must have stride >= 1 and pad >= 0, not stride {stride} and pad {pad}")
    _must_fit(np.shape(w)[2:], [size + 2 * pad for size in np.shape(x)[2:]], "filters", f" with pad {pad}")
    return stride, pad


def _pool_settings(x, pool_param):
    """Return ((pool_height, pool_width), stride), or raise ValueError."""
    sizes, stride = (pool_param["pool_height"], pool_param["pool_width"]), pool_param["stride"]
    if np.ndim(x) != 4:
        raise ValueError(f"x must be (N, C, H, W), not {np.shape(x)}")
    if stride < 1:
        raise ValueError(f"pool_param must have stride >= 1, not {stride}")
    _must_fit(sizes, np.shape(x)[2:], "pooling windows", "")
    return sizes, stride


def _must_fit(sizes, image, what, how):
    if any(not 1 <= size <= room for size, room in zip(sizes, image, strict=True)):
        raise ValueError(f"{what} of {sizes[0]} x {sizes[1]} do not fit into images of {image[0]} x {image[1]}{how}")


def _real(*arrays):
    return [np.asarray(array) for array in arrays]


def _floating(*arrays):
    """Return the arrays in the one floating-point type they go together in: float32 or more."""
    dtype = np.result_type(*arrays)
    dtype = dtype if dtype.kind == "f" and dtype.itemsize >= 4 else np.result_type(dtype, np.float32)
    return [np.asarray(array, dtype) for array in arrays]
