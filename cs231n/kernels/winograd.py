"""Convolution with filters of 3 x 3 and stride 1 by Winograd's minimal filtering: a third of the multiplications.

In one dimension, a filter of 3 weights g meets a tile of 4 pixels d at two places. The two results take 6
multiplications if computed one by one, and 4 if computed as follows:

     pixels d0 d1 d2 d3                                    weights g0 g1 g2

    v0 = d0 - d2           m0 = v0 * u0             u0 = g0
    v1 = d1 + d2           m1 = v1 * u1             u1 = (g0 + g1 + g2) / 2
    v2 = d2 - d1           m2 = v2 * u2             u2 = (g0 - g1 + g2) / 2
    v3 = d3 - d1           m3 = v3 * u3             u3 = g2

    y0 = m0 + m1 + m2 = d0 g0 + d1 g1 + d2 g2       y1 = m1 - m2 + m3 = d1 g0 + d2 g1 + d3 g2

Similarly, a tile of 6 pixels gives 4 results with 6 multiplications instead of 12. The matrices for that follow from a
way to multiply two polynomials (Toom and Cook): evaluate both at as many points as the product has coefficients, here
five numbers and infinity, multiply the values, and interpolate. The transposed computation is a filter on a tile:

    y = RESULTS ((PIXELS d) * (ALONG g)), where * multiplies entry by entry

In two dimensions, the tiles have 4 rows and 6 columns. Their rows are transformed in the second way, then their columns
in the first way. The 2 x 4 results take 24 multiplications instead of 72. The tiles of an image overlap by two pixels:

    +-----------+---+-----------+      The sum over the channels comes before the last step. So each of the 24 numbers
    |   tile 0  |   |   tile 1  |      of a tile is one entry of a product of matrices, with T the number of tiles:
    |           |   |           |
    |           |   |           |          V[i, j] (T, C)  times  U[i, j] (C, F)  =  M[i, j] (T, F)
    +-----------+---+-----------+

The gradients follow by the chain rule, step by step backwards: dM from dout, then dU = V^T dM and dV = dM U^T, then dw
from dU, and dx from dV. They take twice as many multiplications as the forward pass.

The rounding error of a result grows with the largest pixel of its tile, even if its window does not contain that pixel
or multiplies it by a small weight. With infinite or very large numbers, an intermediate number can be NaN or infinite
although the result is not; if results are not finite, `im2col` computes them again.

The transforms down the columns add whole rows of numbers. Those along the rows are products with a small matrix, which
also move the channels to the end, because numpy is slower at adding numbers that are far apart in memory.

Sources: S. Winograd, Arithmetic Complexity of Computations (1980); A. Lavin and S. Gray, Fast Algorithms for
Convolutional Neural Networks (2016), https://arxiv.org/abs/1509.09308, where v3 and m3 have the opposite sign;
B. Barabasz and others, Error Analysis and Improving the Accuracy of Winograd Convolution for Deep Neural Networks
(2018), https://arxiv.org/abs/1803.10986, on points with small rounding errors.
"""

import itertools

import numpy as np

from cs231n.kernels import im2col
from cs231n.kernels.places import LONGER, SMALL
from cs231n.threads import divided

DOWN = np.array([[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]])  # u = DOWN g
POINTS = 0, 1, -1, -2, 0.5  # and infinity, where the value of a polynomial is its highest coefficient
_others = [[other for other in POINTS if other != point] for point in POINTS]
PIXELS = np.array([[*np.poly(others)[::-1], 0] for others in _others] + [np.poly(POINTS)[::-1]])  # (6, 6)
_scales = [np.polyval(np.poly(others), point) for others, point in zip(_others, POINTS, strict=True)]
ALONG = np.array([np.divide([1, p, p**2], scale) for p, scale in zip(POINTS, _scales, strict=True)] + [[0, 0, 1]])
RESULTS = np.array([[1, p, p**2, p**3] for p in POINTS] + [[0, 0, 0, 1]]).T  # (4, 6)
TILES = 32, 128  # in a product, fewest and most: with fewer, reading U takes too long; more do not fit into the cache
BAND = 4  # tiles of a row that one matrix transforms: in a larger matrix, most entries would be zeros


def correlate(x, w, b, stride, pad, out):
    """Write the cross-correlation of x (N, C, H, W) and w (F, C, 3, 3), plus b (F,), to out (N, F, H', W').

    The stride must be 1; it is an argument only because the other kernels have it.
    """
    pixels_along, results_along = _along(x.shape[3], pad, out.shape[3], x.dtype)
    to_tiles, to_images = _bands(pixels_along, 6 * BAND), _bands(results_along, 4 * BAND)
    U = _transformed(w)
    for some, pixels, blocks in _pieces(x, out):
        with np.errstate(all="ignore"):
            _to_tiles(to_tiles, x[some], pixels, pad)
            for rows, block, V, M in blocks:
                _transform(block, V)
                np.matmul(_by_entry(V), U, out=_by_entry(M))
                M[1, ..., 1::6, :] += b  # the number m1, in both directions, is added once to each result
                _add_results(M)
                _to_images(to_images, M[::3], out[some, :, rows], 0)
            finite = np.isfinite(out[some].sum())
        if not finite:
            im2col.correlate(x[some], w, b, stride, pad, out[some])


def gradients(dout, x, w, pad, dx):
    """Return (dw, db) for stride 1, and write the gradient with respect to x, (N, C, H, W), to dx."""
    pixels_along, results_along = _along(x.shape[3], pad, dout.shape[3], x.dtype)
    to_tiles, to_images = _bands(pixels_along, 6 * BAND), _bands(pixels_along.T, 4 * BAND)
    results_to_tiles = _bands(results_along.T, 6 * BAND)
    U = _transformed(w)
    Ut, dU, product = U.swapaxes(2, 3).copy(), np.zeros_like(U), np.empty_like(U[0])
    db, ones = np.zeros(len(w), x.dtype), np.ones(dout[0, 0].size, x.dtype)
    with np.errstate(all="ignore"):
        for some, pixels, blocks in _pieces(x, dout):
            dpixels = np.empty_like(pixels)
            dpixels[:, :, 0] = 0
            _to_tiles(to_tiles, x[some], pixels, pad)
            for rows, block, V, M in blocks:
                _transform(block, V)
                _to_tiles(results_to_tiles, dout[some, :, rows], M[::3], 0)
                np.add(M[0], M[3], out=M[1])
                np.subtract(M[0], M[3], out=M[2])
                for i, (v, dm) in enumerate(zip(_by_entry(V), _by_entry(M), strict=True)):
                    dU[i] += np.matmul(v.swapaxes(1, 2), dm, out=product)
                np.matmul(_by_entry(M), Ut, out=_by_entry(V))  # V is dV from here on
                _add_to_pixels(V, dpixels[:, :, rows.start // 2 : rows.stop // 2 + 1])
            _to_images(to_images, dpixels, dx[some], pad)
            db += (dout[some].reshape(-1, len(w), len(ones)) @ ones).sum(axis=0)
            if not np.isfinite(dx[some].sum()):
                dx[some] = 0
                im2col.add_gradient_by_x(dout[some], w, 1, pad, dx[some])
        dw = (_of_filters(x.dtype).T @ dU.reshape(24, -1)).reshape(3, 3, *dU.shape[2:]).transpose(3, 2, 0, 1)
    return (dw, db) if np.isfinite(dw.sum()) else im2col.gradients_by_parameters(dout, x, w.shape, 1, pad)


def _pieces(x, out):
    """Yield (images, pixels, blocks): a slice of images, memory for their transformed rows, and blocks of output rows.

    pixels: (2, G, rows, 6 * tiles, C) for the even and the odd rows of the padded images.
    blocks: list of (rows of out, the part of pixels that they need, V, M) to compute one after the other; V and M,
    (4, G, rows of tiles, 6 * tiles, C or F), are in the same memory each time.
    """
    (N, C, _, _), (_, F, height, width) = x.shape, out.shape
    down, along = -(-height // 2), -(-width // 4)
    tiles = max(TILES[0], min(TILES[1], SMALL // (C * F))) * (LONGER if divided() else 1)
    group = max(1, min(N, tiles // (down * along)))
    count = -(-down // max(1, tiles // along))  # of blocks: more than one only if each image is computed separately
    bounds = [down * block // count for block in range(count + 1)]
    most = max(stop - start for start, stop in itertools.pairwise(bounds))
    pixels = np.empty((2, group, down + 1, 6 * along, C), x.dtype)
    V, M = (np.empty((4, group, most, 6 * along, depth), x.dtype) for depth in (C, F))
    for n in range(0, N, group):
        num = min(group, N - n)
        blocks = [
            (
                slice(2 * start, 2 * stop),
                pixels[:, :num, start : stop + 1],
                V[:, :num, : stop - start],
                M[:, :num, : stop - start],
            )
            for start, stop in itertools.pairwise(bounds)
        ]
        yield slice(n, n + num), pixels[:, :num], blocks


def _of_filters(dtype):
    """Return the matrix (24, 9) that transforms filters, down the columns and along the rows."""
    return np.kron(DOWN, ALONG).astype(dtype)


def _transformed(w):
    """Return the transformed filters U, (4, 6, C, F)."""
    by_weight = w.transpose(2, 3, 1, 0)
    return (_of_filters(w.dtype) @ by_weight.reshape(9, -1)).reshape(4, 6, *by_weight.shape[2:])


def _by_entry(tiles):
    """Return a view (4, 6, T, C) of tiles (4, G, rows, 6 * tiles, C)."""
    return tiles.reshape(4, -1, 6, tiles.shape[-1]).swapaxes(1, 2)


def _transform(pixels, v):
    """Write v0 to v3 of each column to v, from the even and the odd rows of the pixels."""
    (d0, d1), (d2, d3) = pixels[:, :, :-1], pixels[:, :, 1:]
    np.subtract(d0, d2, out=v[0])
    np.add(d1, d2, out=v[1])
    np.subtract(d2, d1, out=v[2])
    np.subtract(d3, d1, out=v[3])


def _add_results(m):
    """Change m0 to y0, and m3 to y1."""
    m[0] += m[1]
    m[0] += m[2]
    m[3] += m[1]
    m[3] -= m[2]


def _add_to_pixels(dv, dpixels):
    """Set the gradients of each tile's last two rows of pixels, and add to those of its first two.

    The first two rows of a tile are the last two of the tile above; before the call, those of the top tiles must be 0.
    """
    (d0, d1), (d2, d3) = dpixels[:, :, :-1], dpixels[:, :, 1:]
    np.add(dv[1], dv[2], out=d2)
    d2 -= dv[0]
    d3[...] = dv[3]
    d0 += dv[0]
    d1 += dv[1]
    d1 -= dv[2]
    d1 -= dv[3]


def _along(width, pad, results, dtype):
    """Return two matrices, (6 * tiles, W) and (W', 6 * tiles): PIXELS and RESULTS for all tiles of a row."""
    tiles = -(-results // 4)
    pixels = np.zeros((tiles, 6, 4 * tiles + 2), dtype)
    for tile in range(tiles):
        pixels[tile, :, 4 * tile : 4 * tile + 6] = PIXELS
    to_results = np.kron(np.eye(tiles), RESULTS)[:results].astype(dtype)
    to_tiles = pixels.reshape(6 * tiles, -1)[:, pad : pad + width]
    return np.ascontiguousarray(to_tiles), np.asfortranarray(to_results)  # BLAS is faster with both


def _bands(matrix, size):
    """Return the matrix in bands of `size` rows: (rows, columns, part), without columns of zeros on either side."""
    bands = []
    for start in range(0, len(matrix), size):
        rows = slice(start, start + size)
        used = np.flatnonzero(matrix[rows].any(axis=0))
        columns = slice(used[0], used[-1] + 1) if used.size else slice(0)
        bands.append((rows, columns, matrix[rows, columns].copy("K")))
    return bands


def _to_tiles(bands, images, tiles, pad):
    """Multiply padded rows of images (G, C, H, W) by the matrix in bands; write to tiles (2, G, rows, 6 * tiles, C)."""
    for lines, (top, stop), rows in _by_parity(images, tiles, pad):
        rows[:, :top] = rows[:, stop:] = 0
        for some, columns, matrix in bands:
            np.matmul(matrix, lines.transpose(0, 2, 3, 1)[:, :, columns], out=rows[:, top:stop, some])


def _to_images(bands, tiles, images, pad):
    """Multiply the rows of tiles (2, G, rows, 6 * tiles, C) by the matrix in bands; write to images (G, C, H, W)."""
    for lines, (top, stop), rows in _by_parity(images, tiles, pad):
        numbers = rows[:, top:stop].swapaxes(2, 3)
        for some, columns, matrix in bands:
            np.matmul(numbers[..., columns], matrix.T, out=lines.transpose(0, 2, 1, 3)[..., some])


def _by_parity(images, tiles, pad):
    """Yield (lines, (top, stop), rows) for the even rows of the padded images, then for the odd rows.

    rows: the part of tiles for these rows.  lines: the rows of the images that belong to rows[:, top:stop]; the other
    rows are padding.
    """
    for parity, rows in enumerate(tiles):
        first = (parity - pad) % 2
        lines, top = images[:, :, first::2], (first + pad) // 2
        yield lines, (top, top + lines.shape[2]), rows
