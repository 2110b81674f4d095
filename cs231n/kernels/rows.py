"""Convolution row by row: all pixels that an output row needs are one matrix, after one copy for each filter column.

The example is a filter of 2 x 2 on an image of 3 x 3 with one channel. For each line of the image, the copies for all
filter columns j are stored one after the other, then those for the next line. The four lines of numbers that output row
0 needs follow each other in memory. So do those for output row 1, which begin further down: the matrices overlap, and
nothing is copied for the filters' rows.

      image          memory

    a  b  c         j = 0:  a  b   \
    d  e  f         j = 1:  b  c    | output row 0
    g  h  i         j = 0:  d  e    |             \
                    j = 1:  e  f   /               | output row 1
                    j = 0:  g  h                   |
                    j = 1:  h  i                  /

The matrices are as wide as a row of the output. Many filters are multiplied in several parts, which are, if possible,
small enough for BLAS to multiply without another copy. If the output is narrow, so are the matrices, and `im2col` is
faster.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cs231n.kernels.places import SMALL, images_at_once, met


def correlate(x, w, b, stride, pad, out):
    """Write the cross-correlation of x (N, C, H, W) and w (F, C, HH, WW), plus b (F,), to out (N, F, H', W')."""
    _correlate(x, w, stride, (pad, pad), out, b)


def add_gradient_by_x(dout, w, pad, dx):
    """Add to dx, (N, C, H, W), the gradient for stride 1: the cross-correlation of dout and the flipped filters.

    The pad must be smaller than the filters. The products with each filter column are computed separately, and added up
    at the pixels that this column meets.
    """
    (N, _, _, width), (F, C, HH, WW), (H, W) = dout.shape, w.shape, dx.shape[2:]
    columns = w[:, :, ::-1, ::-1].transpose(3, 1, 0, 2).reshape(WW * C, F, HH, 1)
    group = images_at_once(N, dx.itemsize * WW * C * H * width)
    products = np.empty((group, WW * C, H, width), dx.dtype)
    for n in range(0, N, group):
        images = dout[n : n + group]
        _correlate(images, columns, 1, (HH - 1 - pad, 0), products[: len(images)])
        for j in range(WW):
            places, pixels = met(j, width, W, 1, WW - 1 - pad)
            dx[n : n + group, :, :, places] += products[: len(images), j * C : (j + 1) * C, :, pixels]


def gradients_by_parameters(dout, x, shape, stride, pad):
    """Return (dw, db) for filters of `shape`, (F, C, HH, WW); dw is computed for one row i of the filters at a time."""
    (F, C, HH, WW), (N, _, H, W), (height, width) = shape, x.shape, dout.shape[2:]
    phases, rows = min(stride, HH), height + (HH - 1) // stride  # image rows i, i + stride, ... are contiguous
    group = images_at_once(N, x.itemsize * phases * rows * width * WW * C)
    padded = np.zeros((group, max(rows * stride, H + 2 * pad), max(width * stride + WW, W + 2 * pad), C), x.dtype)
    image, row, pixel, item = padded.strides
    strides = (image, row, stride * row, stride * pixel, item)
    windows = as_strided(padded, (group, phases, rows, width, WW * C), strides)
    columns = np.empty(windows.shape, x.dtype)
    block = max(size for size in range(1, height + 1) if height % size == 0 and size * width <= max(width, 128))
    dw, db, ones = np.zeros((HH, F, WW * C), x.dtype), np.zeros(F, x.dtype), np.ones(height * width, x.dtype)
    for n in range(0, N, group):
        num = min(group, N - n)
        padded[:num, pad : pad + H, pad : pad + W] = x[n : n + num].transpose(0, 2, 3, 1)
        columns[:num] = windows[:num]
        by_filter = dout[n : n + num].reshape(num, F, height * width)
        by_place = by_filter.reshape(num, F, height // block, block * width).transpose(0, 2, 1, 3)
        for i in range(HH):
            pixels = columns[:num, i % stride, i // stride : i // stride + height]
            pixels = pixels.reshape(num, height // block, block * width, WW * C)
            for some in _chunks(F, block * width * WW * C):
                dw[i, some] += np.matmul(by_place[:, :, some], pixels).sum(axis=(0, 1))
        db += (by_filter @ ones).sum(axis=0)
    return dw.reshape(HH, F, WW, C).transpose(1, 3, 0, 2), db


def _correlate(x, w, stride, pads, out, b=None):
    """Write the cross-correlation of x and w, plus b, to out; pads: (rows above and below, columns left and right).

    The pixels that output row r needs are one matrix, (HH * WW * C, W'), in `columns`. The matrix for row r + 1 begins
    `stride` image rows further down, in the same memory. If there is a bias, a line of ones follows the lines of each
    image row; its weight is the bias for the first row of each filter, and 0 for the other rows.
    """
    (N, C, H, _), (F, _, HH, WW), (height, width) = x.shape, w.shape, out.shape[2:]
    num, rows, room = WW * C, H + 2 * pads[0], width + (WW - 1) // stride
    lines = num if b is None else num + 1  # the last is a line of ones: the bias is one more weight
    group = images_at_once(N, x.itemsize * (rows * lines * room + F * height * width), longer=1)  # calls are few
    filters, columns = np.zeros((F, HH, lines), x.dtype), np.zeros((group, rows, lines, room), x.dtype)
    filters[:, :, :num] = w.transpose(0, 2, 3, 1).reshape(F, HH, num)
    if b is not None:
        filters[:, 0, num], columns[:, :, num] = b, 1
    K = HH * lines
    filters = np.asfortranarray(filters.reshape(F, K))  # narrow products are faster in this order
    image, row, line, item = columns.strides
    windows = as_strided(columns, (group, height, K, width), (image, stride * row, line, item))
    pixels = columns[:, :, :num].reshape(group, rows, WW, C, room)
    for n in range(0, N, group):
        images, products = x[n : n + group], out[n : n + group]
        _stack_columns(images, pixels[: len(images)], stride, pads)
        by_row = products.transpose(0, 2, 1, 3)  # (G, H', F, W')
        for some in _chunks(F, K * width):
            np.matmul(filters[some], windows[: len(images)], out=by_row[:, :, some])


def _stack_columns(images, columns, stride, pads):
    """Write to columns[:, :, j], (G, H + 2 pad, C, W' and more), the pixels of images that filter column j meets.

    At each position, filter column j meets the same pixels as column j - stride at the next position, so only those of
    the first `stride` columns are read from images (G, C, H, W). The number that is shifted out of a line lands at the
    end of the line before it, which the windows in `_correlate` do not reach.
    """
    (G, rows, WW, C, room), (H, W) = columns.shape, images.shape[2:]
    for j in range(min(stride, WW)):
        places, pixels = met(j, W, room, stride, pads[1])
        columns[:, pads[0] : pads[0] + H, j, :, places] = images[:, :, :, pixels].transpose(0, 2, 1, 3)
    lines = columns.reshape(G, rows, WW, C * room)
    for j in range(stride, WW):
        lines[:, :, j, :-1] = lines[:, :, j - stride, 1:]


def _chunks(num, work):
    """Return slices of about equal length that cover range(num); each takes about SMALL multiplications at most.

    If such slices would have fewer than 8 items, there is only one slice.  work: multiplications for one item.
    """
    parts = -(-num * work // SMALL)
    if num < 8 * parts:  # products with such narrow matrices are slow too
        parts = 1
    return [slice(num * part // parts, num * (part + 1) // parts) for part in range(parts)]
