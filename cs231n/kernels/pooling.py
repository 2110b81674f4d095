"""Max pooling of whole images at a time: what all windows have at one of their positions is one view of the images.

Windows of 2 x 2 with stride 2 have four positions, numbered in reading order. Of a row of two windows

    a  b  c  d          position 0:  a  c          position 1:  b  d
    e  f  g  h          position 2:  e  g          position 3:  f  h

the maxima are the larger numbers of four views. The winner of a window is its first position that holds the maximum:
as many positions as were seen before it was found. Winners are kept as indices of pixels in x.reshape(-1), so that the
backward pass is one sum over a list of pixels.
"""

import numpy as np

from cs231n.kernels.places import images_at_once


def maxima(x, images, sizes, stride, out, winners):
    """Write to out, (N, C, H', W'), the maxima of the windows of some images of x, (N, C, H, W); images: a range.

    To winners, (N, C, H', W'), goes which pixel that is, an index of x.reshape(-1).
    """
    (_, C, H, W), (height, width) = x.shape, out.shape[2:]
    positions = np.array([i * W + j for i, j in np.ndindex(*sizes)])  # from the first pixel of a window
    windows = stride * (W * np.arange(height)[:, None] + np.arange(width))  # their first pixels in a channel, (H', W')
    for some in _groups(x, images):
        best = out[some]
        first, *others = _views(x[some], out.shape, sizes, stride)
        best[...] = first
        for view in others:
            np.maximum(best, view, out=best)
        has_nan = bool(np.isnan(best).any())
        left, other = np.ones(best.shape, bool), np.empty(best.shape, bool)  # left: the winner is not found yet
        number = np.zeros(best.shape, np.min_scalar_type(len(positions)))
        for view in [first, *others][:-1]:
            np.not_equal(view, best, out=other)
            if has_nan:
                other &= ~np.isnan(view)
            left &= other
            number += left
        channels = H * W * np.arange(some.start * C, some.stop * C).reshape(-1, C, 1, 1)
        np.take(positions, number, out=winners[some], mode="clip")
        winners[some] += channels + windows


def gradient_by_x(dout, winners, images, dx):
    """Write to some images of dx, (N, C, H, W), the sum of dout, (N, C, H', W'), over the windows that a pixel won."""
    pixels = dx.reshape(-1)
    for some in _groups(dx, images):
        dx[some] = 0
        np.add.at(pixels, winners[some].reshape(-1), dout[some].reshape(-1))


def _views(images, shape, sizes, stride):
    """Return views (G, C, H', W'), one for each (i, j): what every window has at its row i and column j."""
    rows, columns = stride * (shape[2] - 1) + 1, stride * (shape[3] - 1) + 1
    return [images[:, :, i : i + rows : stride, j : j + columns : stride] for i, j in np.ndindex(*sizes)]


def _groups(x, images):
    """Return slices of a few images of x each that cover a range of them."""
    group = images_at_once(len(images), x[:1].nbytes)
    return [slice(n, min(n + group, images.stop)) for n in range(images.start, images.stop, group)]
