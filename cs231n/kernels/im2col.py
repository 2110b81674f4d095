"""Convolution with im2col: the windows of an image are the columns of a matrix, and a convolution is one product.

A column of the matrix contains the pixels that the filters meet at one position (r, q). A row contains those that one
weight (c, i, j) meets, position after position. A last row of ones makes the bias one more weight. The pixels are
copied in two steps. They are shown here for filters of 2 x 2, and an image of 3 x 3 in one channel:

      image        1. a shifted copy for each          2. row (i, j) of the matrix is the shifted copy j
                      filter column j                     from its line i on, all of it in one piece

    a  b  c         j = 0      j = 1
    d  e  f         a  b       b  c                    i = 0, j = 0:   a  b  d  e
    g  h  i         d  e       e  f                    i = 0, j = 1:   b  c  e  f
                    g  h       h  i                    i = 1, j = 0:   d  e  g  h
                                                       i = 1, j = 1:   e  f  h  i
                                                       bias:           1  1  1  1

The first step may have to copy line by line, but only once for each column of the filters. The second step copies once
for each weight, but in long pieces. With a stride s, a shifted copy has up to s parts: the lines 0, s, 2 s, ... of the
padded image, then the lines 1, s + 1, ..., and so on. Filter row i meets part i % s from its line i // s on. The
shifted copies are created as zeros; the zeros that remain are the padding.
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from cs231n.kernels.places import images_at_once, met


def correlate(x, w, b, stride, pad, out):
    """Write the cross-correlation of x (N, C, H, W) and w (F, C, HH, WW), plus b (F,), to out (N, F, H', W')."""
    F = len(w)
    filters = np.concatenate([w.reshape(F, -1), b[:, None]], axis=1)
    for images, rows, matrix in _matrices(x, w.shape, out.shape[2:], stride, pad):
        np.matmul(filters, matrix, out=_by_filter(out)[images, :, rows])


def gradients_by_parameters(dout, x, shape, stride, pad):
    """Return (dw, db) for filters of `shape`, (F, C, HH, WW), from products of dout and the matrices of windows."""
    gradient = np.zeros((np.prod(shape[1:]) + 1, shape[0]), x.dtype)
    for images, places, matrix in _matrices(x, shape, dout.shape[2:], stride, pad):
        for product in np.matmul(matrix, _by_filter(dout)[images, :, places].transpose(0, 2, 1)):
            gradient += product
    return gradient[:-1].T.reshape(shape), gradient[-1]


def gradients_row_by_row(dout, x, shape, stride, pad):
    """Return (dw, db), with one product for each row of the filters, which reads its pixels from the shifted copies."""
    F, C, HH, WW = shape
    dw, db = np.zeros((HH, C * WW, F), x.dtype), np.zeros(F, x.dtype)
    for images, places, shifted in _copies(x, shape, dout.shape[2:], stride, pad, C * WW + F):
        douts = _by_filter(dout)[images, :, places]
        num, _, length = douts.shape
        image, _, column, _, line, item = shifted.strides
        for part in range(shifted.shape[3]):
            rows = dw[part::stride]
            size = num, len(rows), C * WW, length
            pixels = as_strided(shifted[:, :, :, part], size, (image, line, column, item))
            for product in np.matmul(pixels, douts.transpose(0, 2, 1)[:, None]):
                rows += product
        db += (douts @ np.ones(length, x.dtype)).sum(axis=0)
    return dw.reshape(HH, C, WW, F).transpose(3, 1, 0, 2), db


def add_gradient_by_x(dout, w, stride, pad, dx):
    """Add the gradient with respect to x to dx, (N, C, H, W), for one position (i, j) in the filters at a time."""
    (F, C, HH, WW), (N, _, H, W), (height, width) = w.shape, dx.shape, dout.shape[2:]
    by_pixel = np.ascontiguousarray(w.transpose(2, 3, 1, 0)).reshape(HH * WW * C, F)
    group = images_at_once(N, dx.itemsize * HH * WW * C * height * width)
    for n in range(0, N, group):
        products = np.matmul(by_pixel, _by_filter(dout[n : n + group]))
        products = products.reshape(len(products), HH, WW, C, height, width)
        for i, j in np.ndindex(HH, WW):
            if stride == 1 and width == W:
                products[:, i, j, :, :, _spilled(j, pad, W)] = 0
                places, pixels = _shifted(products[:, i, j], dx[n : n + group], i - pad, j - pad)
                pixels += places
                continue
            (r, rows), (q, columns) = met(i, H, height, stride, pad), met(j, W, width, stride, pad)
            dx[n : n + group, :, rows, columns] += products[:, i, j, :, r, q]


def _matrices(x, shape, size, stride, pad):
    """Yield two slices, of G images and of P positions, and the matrices (G, K + 1, P) for these images and positions.

    A matrix has a row for each of the K = C * HH * WW weights and for the bias, and a column for each position.
    """
    _, C, HH, WW = shape
    K, matrix = C * HH * WW, np.empty(0)
    for images, places, shifted in _copies(x, shape, size, stride, pad, K + 1):
        length, num = places.stop - places.start, len(shifted)
        if len(matrix) < num or matrix.shape[2] != length:
            matrix = np.empty((num, K + 1, length), x.dtype)
            matrix[:, K] = 1
        by_weight = matrix[:num, :K].reshape(num, C, HH, WW, length)
        image, channel, column, _, line, item = shifted.strides
        for part in range(shifted.shape[3]):
            target = by_weight[:, :, part::stride]
            strides = (image, channel, line, column, item)
            target[...] = as_strided(shifted[:, :, :, part], target.shape, strides)
        yield images, places, matrix[:num]


def _copies(x, shape, size, stride, pad, numbers):
    """Yield a slice of up to G images, a slice of the positions in some rows of the output, and the shifted copies.

    The copies are of these images, for these rows.
    numbers: how many numbers the caller needs for each position. G and the number of rows are chosen so that, if
    possible, all these numbers fit into the cache.
    Shifted copies: (G, C, WW, parts, lines, W'), as described at the top of the file; with stride 1 there is one part.
    """
    (N, C, H, W), (_, _, HH, WW), (height, width) = x.shape, shape, size
    group = images_at_once(N, x.itemsize * numbers * height * width)
    blocks = -(-height // images_at_once(height, x.itemsize * numbers * width))  # several if one image is too large
    for block in range(blocks):
        first, last = (height * number // blocks for number in (block, block + 1))
        shifted = np.zeros((group, C, WW, min(stride, HH), last - first + (HH - 1) // stride, width), x.dtype)
        for n in range(0, N, group):
            images = x[n : n + group]
            copies = shifted[: len(images)]
            if stride == 1 and width == W:
                for j in range(WW):
                    lines, pixels = _shifted(copies[:, :, j, 0], images, first - pad, j - pad)
                    lines[...] = pixels
                    copies[:, :, j, 0, :, _spilled(j, pad, W)] = 0
            else:
                for j, part in np.ndindex(WW, copies.shape[3]):
                    lines, rows = met(part, H, copies.shape[4], stride, pad - first * stride)
                    q, columns = met(j, W, width, stride, pad)
                    copies[:, :, j, part, lines, q] = images[:, :, rows, columns]
            yield slice(n, n + len(images)), slice(first * width, last * width), copies


def _shifted(lines, images, down, right):
    """Return two views (G, C, P), of lines and of images: entry (r, q) is paired with pixel (r + down, q + right).

    lines: (G, C, L, W).  images: (G, C, H, W).  P: number of pairs, in the order of the memory.

    The lines follow one another in memory, so a pixel that is shifted past the end of a line lands in the next or the
    previous line. The callers set the entries at these positions, which _spilled returns, to 0.
    """
    (_, _, number, W), H = lines.shape, images.shape[2]
    shift = down * W + right
    some = slice(max(0, -shift), max(0, -shift, min(number * W, H * W - shift)))
    return _by_filter(lines)[..., some], _by_filter(images)[..., some.start + shift : some.stop + shift]


def _spilled(j, pad, width):
    """Return a slice: the positions in a row at which filter column j is outside an image as wide as the output."""
    return slice(0, pad - j) if j < pad else slice(max(0, width + pad - j), width)


def _by_filter(images):
    """Return a view (N, F, H' * W') of images (N, F, H', W') whose lines follow one another in memory."""
    return images.reshape(*images.shape[:2], -1)
