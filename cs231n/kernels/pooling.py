"""Max pooling of whole images at a time: the pixels at one position of all windows are one view of the images.

Windows of 2 x 2 with stride 2 have four positions, numbered in reading order. Of a row of two windows

    a  b  c  d          position 0:  a  c          position 1:  b  d
    e  f  g  h          position 2:  e  g          position 3:  f  h

the maxima are the larger numbers of four views. The winner of a window is the number of its first position that has
the maximum: as many positions as were seen before it was found.
"""

import numpy as np

from cs231n.kernels.places import images_at_once


def maxima(x, sizes, stride, out, winners):
    """Write the maximum of each window of x, (N, C, H, W), to out, (N, C, H', W'), and its position to winners."""
    for some in _groups(x):
        best = out[some]
        first, *others = _views(x[some], out.shape, sizes, stride)
        best[...] = first
        for view in others:
            np.maximum(best, view, out=best)
        has_nan, number = bool(np.isnan(best).any()), winners[some]
        left, other = np.ones(best.shape, bool), np.empty(best.shape, bool)  # left: the winner is not found yet
        number[...] = 0
        for view in [first, *others][:-1]:
            np.not_equal(view, best, out=other)
            if has_nan:
                other &= ~np.isnan(view)
            left &= other
            number += left


def add_gradient_by_x(dout, winners, sizes, stride, dx):
    """Add each number of dout, (N, C, H', W'), to dx, (N, C, H, W), at the winner of its window."""
    finite = bool(np.isfinite(dout).all())
    for some in _groups(dx):
        gradient, number = dout[some], winners[some]
        found, share = np.empty(number.shape, bool), np.empty(number.shape, dx.dtype)
        for position, target in enumerate(_views(dx[some], dout.shape, sizes, stride)):
            np.equal(number, position, out=found)
            if not finite:  # 0 * inf would be NaN
                np.add(target, gradient, out=target, where=found)
                continue
            share[...] = found
            if stride < max(sizes):
                target += np.multiply(gradient, share, out=share)
            else:
                np.multiply(gradient, share, out=target)


def _views(images, shape, sizes, stride):
    """Return views (G, C, H', W'), one for each (i, j): the pixel of every window at its row i and column j."""
    rows, columns = stride * (shape[2] - 1) + 1, stride * (shape[3] - 1) + 1
    return [images[:, :, i : i + rows : stride, j : j + columns : stride] for i, j in np.ndindex(*sizes)]


def _groups(images):
    """Return slices of a few images each that cover them all."""
    group = images_at_once(len(images), images[:1].nbytes)
    return [slice(n, n + group) for n in range(0, len(images), group)]
