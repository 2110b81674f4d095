"""Convolution and max pooling as products of small matrices: fast, without a compiler.

Arguments, results and gradients are the same as those of the naive layers in cs231n.layers. Only the backward pass of
the same name can read a cache. Four things make these layers fast: they work on a few images at a time, so that copies
stay in the processor's cache; they copy pixels once for each column of the filters, but not for each row (_correlate);
the matrices are small enough for BLAS to multiply them without copying; and each thread works on a part of the batch
(cs231n.threads).
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cs231n.threads import share

CACHE = 2**19  # bytes of copies at a time: half of a usual second-level cache
SMALL = 10**6  # multiplications, M * N * K: up to there OpenBLAS takes matrices as they lie, else it copies them first
THREAD = 10**7  # multiplications below which another thread costs more than it brings


def conv_forward_fast(x, w, b, conv_param):
    """Return (out, cache): the cross-correlation of a batch of images with F filters, plus the biases.

        out[n, f, r, q] = b[f] + sum over c, i, j of w[f, c, i, j] * padded[n, c, r * stride + i, q * stride + j]

    `padded` is x with `pad` rows and columns of zeros on each side.

    x: (N, C, H, W) images.  w: (F, C, HH, WW) filters, as deep as the images.  b: (F,) biases.
    conv_param: dictionary with stride and pad, in pixels.
    out: (N, F, H', W') with H' = 1 + (H + 2 pad - HH) // stride, and W' similarly, in the widest type of x, w and b.
    Raises ValueError if the shapes do not match.
    """
    stride, pad = _conv_settings(x, w, b, conv_param)
    x, w, b = _floating(x, w, b)
    out = np.empty((len(x), len(w), *_out_size(x.shape, w.shape, stride, pad)), x.dtype)

    def work(start, stop):
        part = out[start:stop]
        _correlate(x[start:stop], w, stride, (pad, pad), part)
        part += b[:, None, None]

    share(work, len(x), _least(out, w[:1].size))
    return out, (x, w, stride, pad)


def conv_backward_fast(dout, cache):
    """Return (dx, dw, db), the gradients of the loss with respect to the arguments of conv_forward_fast.

    dout: (N, F, H', W') gradient with respect to out.  cache: from conv_forward_fast.
    dx: (N, C, H, W).  dw: (F, C, HH, WW).  db: (F,).
    """
    x, w, stride, pad = cache
    HH, WW = w.shape[2:]
    _must_match(dout, (len(x), len(w), *_out_size(x.shape, w.shape, stride, pad)))
    dout, x, w = _floating(dout, x, w)
    dx, parts = np.zeros(x.shape, x.dtype), {}

    def work(start, stop):
        part = dout[start:stop]
        if stride == 1 and pad < min(HH, WW):  # a pixel meets the flipped filter
            flipped = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
            _add_correlation(part, flipped, (HH - 1 - pad, WW - 1 - pad), dx[start:stop])
        else:
            _scatter(part, w, stride, pad, dx[start:stop])
        parts[start] = _gradient_by_w(part, x[start:stop], w.shape, stride, pad), part.sum(axis=(0, 2, 3))

    share(work, len(x), _least(dout, w[:1].size))
    dw, db = np.zeros(w.shape, x.dtype), np.zeros(len(w), x.dtype)
    for start in sorted(parts):  # in one order always, whichever thread was first: sums round the same way
        dw += parts[start][0]
        db += parts[start][1]
    return dx, dw, db


def _correlate(x, w, stride, pads, out):
    """Write the cross-correlation of x and w to out; pads: rows above and below, columns left and right.

    The HH image rows under the filter at output row r are one matrix, (HH * WW * C, W'), which lies in `columns` in
    one piece. Those of row r + 1 begin `stride` rows further down, in the same memory.
    """
    (N, C, H, _), (F, _, HH, WW), (height, width) = x.shape, w.shape, out.shape[2:]
    K, rows, room = HH * WW * C, H + 2 * pads[0], width + (WW - 1) // stride
    filters = np.ascontiguousarray(w.transpose(0, 2, 3, 1)).reshape(F, K)
    group = _images_at_once(N, x.itemsize * (rows * WW * C * room + F * height * width))
    columns = np.zeros((group, rows, WW, C, room), x.dtype)
    image, row, _, line, item = columns.strides
    windows = as_strided(columns, (group, height, K, width), (image, stride * row, line, item))
    for n in range(0, N, group):
        images, products = x[n : n + group], out[n : n + group].transpose(0, 2, 1, 3)  # (G, H', F, W')
        _stack_columns(images, columns[: len(images)], stride, pads)
        for some in _chunks(F, K * width):
            np.matmul(filters[some], windows[: len(images)], out=products[:, :, some])


def _add_correlation(x, w, pads, out):
    """Add to out what _correlate writes for stride 1: products with each filter column, shifted to its place."""
    (N, _, _, W), (F, C, HH, WW), (height, width) = x.shape, w.shape, out.shape[2:]
    columns = w.transpose(3, 0, 1, 2).reshape(WW * F, C, HH, 1)
    group = _images_at_once(N, x.itemsize * WW * F * height * W)
    for n in range(0, N, group):
        images, target = x[n : n + group], out[n : n + group]
        products = np.empty((len(images), WW * F, height, W), x.dtype)
        _correlate(images, columns, 1, (pads[0], 0), products)
        for j in range(WW):
            places, pixels = _met(j, W, width, 1, pads[1])
            target[..., places] += products[:, j * F : (j + 1) * F, :, pixels]


def _stack_columns(images, columns, stride, pads):
    """Write to columns[:, :, j], (G, H + 2 pad, C, W' and more), the pixels of images that filter column j meets.

    It meets what column j - stride does, one place to the right: only the first few are read from images (G, C, H, W).
    Pixels shifted out of a line end up at the end of the line before, which no window reaches.
    """
    (G, rows, WW, C, room), (H, W) = columns.shape, images.shape[2:]
    for j in range(min(stride, WW)):
        places, pixels = _met(j, W, room, stride, pads[1])
        columns[:, pads[0] : pads[0] + H, j, :, places] = images[:, :, :, pixels].transpose(0, 2, 1, 3)
    lines = columns.reshape(G, rows, WW, C * room)
    for j in range(stride, WW):
        lines[:, :, j, :-1] = lines[:, :, j - stride, 1:]


def _gradient_by_w(dout, x, shape, stride, pad):
    """Return dw: for each row i of the filters, dout times the pixels that it meets, place by place."""
    (F, C, HH, WW), (N, _, H, W), (height, width) = shape, x.shape, dout.shape[2:]
    phases, rows = min(stride, HH), height + (HH - 1) // stride  # image rows i, i + stride, ... lie side by side
    group = _images_at_once(N, x.itemsize * phases * rows * width * WW * C)
    padded = np.zeros((group, max(rows * stride, H + 2 * pad), max(width * stride + WW, W + 2 * pad), C), x.dtype)
    image, row, pixel, item = padded.strides
    strides = (image, row, stride * row, stride * pixel, item)
    windows = as_strided(padded, (group, phases, rows, width, WW * C), strides)
    columns = np.empty(windows.shape, x.dtype)
    block = max(size for size in range(1, height + 1) if height % size == 0 and size * width <= max(width, 128))
    dw = np.zeros((HH, F, WW * C), x.dtype)
    for n in range(0, N, group):
        num = min(group, N - n)
        padded[:num, pad : pad + H, pad : pad + W] = x[n : n + num].transpose(0, 2, 3, 1)
        columns[:num] = windows[:num]
        by_place = dout[n : n + num].reshape(num, F, height // block, block * width).transpose(0, 2, 1, 3)
        for i in range(HH):
            met = columns[:num, i % stride, i // stride : i // stride + height]
            met = met.reshape(num, height // block, block * width, WW * C)
            for some in _chunks(F, block * width * WW * C):
                dw[i, some] += np.matmul(by_place[:, :, some], met).sum(axis=(0, 1))
    return dw.reshape(HH, F, WW, C).transpose(1, 3, 0, 2)


def _scatter(dout, w, stride, pad, dx):
    """Add to dx what each place of dout sends back to the pixels it met, for one (i, j) of the filters at a time."""
    (F, C, HH, WW), (N, _, H, W), (height, width) = w.shape, dx.shape, dout.shape[2:]
    by_pixel = np.ascontiguousarray(w.transpose(2, 3, 1, 0)).reshape(HH * WW * C, F)
    group = _images_at_once(N, dx.itemsize * HH * WW * C * height * width)
    for n in range(0, N, group):
        part, target = dout[n : n + group], dx[n : n + group]
        products = np.matmul(by_pixel, part.reshape(len(part), F, height * width))
        products = products.reshape(len(part), HH, WW, C, height, width)
        for i, j in np.ndindex(HH, WW):
            (r, rows), (q, columns) = _met(i, H, height, stride, pad), _met(j, W, width, stride, pad)
            target[:, :, rows, columns] += products[:, i, j, :, r, q]


def _met(j, size, places, stride, pad):
    """Return two slices: at which of the places a filter's row or column j lies in the image, and on what there."""
    first = max(0, -((j - pad) // stride))
    last = max(first, min(places, (size - 1 + pad - j) // stride + 1))
    begin = first * stride + j - pad
    return slice(first, last), slice(begin, max(begin, begin + (last - first - 1) * stride + 1), stride)


def max_pool_forward_fast(x, pool_param):
    """Return (out, cache): the maximum of every window in each channel; NaN where the window contains NaN.

    x: (N, C, H, W) images.  pool_param: dictionary with pool_height, pool_width and stride, in pixels.
    out: (N, C, H', W') with H' = 1 + (H - pool_height) // stride, and W' similarly; there is no padding.
    Raises ValueError if the windows are larger than the images.
    """
    sizes, stride = _pool_settings(x, pool_param)
    x = np.asarray(x)
    out = np.empty((*x.shape[:2], *_out_size(x.shape, sizes, stride)), x.dtype)

    def work(start, stop):
        for some in _groups(x, start, stop):
            first, *others = _views(x[some], out.shape, sizes, stride)
            out[some] = first
            for view in others:
                np.maximum(out[some], view, out=out[some])

    share(work, len(x), _least(x))
    return out, (x, out, sizes, stride)


def max_pool_backward_fast(dout, cache):
    """Return dx: each entry of dout is added to the pixel that was the maximum of its window.

    If several pixels of a window are equal to the maximum, the first of them in reading order gets the whole gradient.

    dout: (N, C, H', W') gradient with respect to out.  cache: from max_pool_forward_fast.  dx: (N, C, H, W).
    """
    x, out, sizes, stride = cache
    _must_match(dout, out.shape)
    (dout,) = _floating(dout)
    dx, finite = np.zeros(x.shape, dout.dtype), bool(np.isfinite(dout).all())

    def work(start, stop):
        for some in _groups(x, start, stop):
            left = np.ones(out[some].shape, bool)  # windows whose maximum is not found yet
            has_nan = bool(np.isnan(out[some]).any())
            targets = _views(dx[some], out.shape, sizes, stride)
            for view, target in zip(_views(x[some], out.shape, sizes, stride), targets, strict=True):
                found = view == out[some]
                if has_nan:
                    found |= np.isnan(view)
                found &= left
                left ^= found
                if not finite:  # 0 * inf would be NaN
                    np.add(target, dout[some], out=target, where=found)
                elif stride < max(sizes):
                    target += dout[some] * found
                else:
                    np.multiply(dout[some], found, out=target)

    share(work, len(x), _least(x))
    return dx


def _views(images, shape, sizes, stride):
    """Return views (G, C, H', W'), one for each (i, j): what every window has at its row i and column j."""
    rows, columns = stride * (shape[2] - 1) + 1, stride * (shape[3] - 1) + 1
    return [images[:, :, i : i + rows : stride, j : j + columns : stride] for i, j in np.ndindex(*sizes)]


def _groups(x, start, stop):
    """Return slices of images that cover start to stop."""
    group = _images_at_once(len(x), x[:1].nbytes)
    return [slice(n, min(n + group, stop)) for n in range(start, stop, group)]


def _images_at_once(num, nbytes):
    """Return how many of num images to work on at a time, if each takes nbytes."""
    return max(1, min(num, CACHE // max(1, nbytes)))


def _chunks(num, work):
    """Return slices of about the same length that cover range(num), each a small matrix; work: multiplications of 1."""
    parts = -(-num * work // SMALL)
    if num < 8 * parts:  # so narrow a matrix is slow too
        parts = 1
    return [slice(num * part // parts, num * (part + 1) // parts) for part in range(parts)]


def _least(images, each=8):
    """Return how many images make a thread worthwhile; each: what a number of an image costs, in multiplications."""
    return 1 + THREAD // max(1, images[:1].size * each)


def _out_size(shape, filters, stride, pad=0):
    """Return (H', W'): at how many places a filter or window of the last two of `filters` fits."""
    return tuple((size + 2 * pad - part) // stride + 1 for size, part in zip(shape[-2:], filters[-2:], strict=True))


def _conv_settings(x, w, b, conv_param):
    """Return (stride, pad), or raise ValueError."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    if np.ndim(x) != 4 or np.ndim(w) != 4:
        raise ValueError(f"x and w must be (N, C, H, W) and (F, C, HH, WW), not {np.shape(x)} and {np.shape(w)}")
    if np.shape(x)[1] != np.shape(w)[1]:
        raise ValueError(f"x has {np.shape(x)[1]} channels, but the filters have {np.shape(w)[1]}: they span them all")
    if np.shape(b) != np.shape(w)[:1]:
        raise ValueError(f"b must have shape {np.shape(w)[:1]}, one number for each filter, not {np.shape(b)}")
    if stride < 1 or pad < 0:
        raise ValueError(f"conv_param must have stride >= 1 and pad >= 0, not stride {stride} and pad {pad}")
    _must_fit("filters", np.shape(w)[2:], [size + 2 * pad for size in np.shape(x)[2:]], f" with pad {pad}")
    return stride, pad


def _pool_settings(x, pool_param):
    """Return ((pool_height, pool_width), stride), or raise ValueError."""
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
        raise ValueError(f"dout has shape {np.shape(dout)}; out of the forward pass had {shape}")


def _floating(*arrays):
    """Return the arrays in one floating-point type: the widest among them, and float32 at least."""
    dtype = np.result_type(np.float32, *arrays)
    return [np.asarray(array, dtype) for array in arrays]
