"""Max pooling of whole images at a time: what all windows have at one of their positions is one view of the images.

Windows of 2 x 2 with stride 2 have four positions, in reading order. Of a row of two windows

    a  b  c  d          position 0:  a  c          position 1:  b  d
    e  f  g  h          position 2:  e  g          position 3:  f  h

the maxima are the larger numbers of four views. The winner of a window is its first position that holds the maximum.
Winners are kept as indices of x.reshape(-1), so that the backward pass is one sum over a list of pixels.
"""

import numpy as np

from cs231n.kernels.places import images_at_once


def maxima(x, images, sizes, stride, out, winners):
    """Write to out, (N, C, H', W'), the maxima of the windows of some images of x, (N, C, H, W); images: a range.

    To winners, (N, C, H', W'), goes which pixel that is, an index of x.reshape(-1).
    """
    (_, C, H, W), (_, _, height, width) = x.shape, out.shape
    groups = _groups(x, images)
    corners = _corners(groups[0].stop - groups[0].start, (C, H, W), (height, width), stride)
    distances = np.array([i * W + j for i, j in np.ndindex(*sizes)], np.min_scalar_type(W * sizes[0]))
    rows, columns = stride * (height - 1) + 1, stride * (width - 1) + 1
    for some in groups:
        views = [x[some, :, i : i + rows : stride, j : j + columns : stride] for i, j in np.ndindex(*sizes)]
        best = out[some]
        best[...] = views[0]
        for view in views[1:]:
            np.maximum(best, view, out=best)
        has_nan = bool(np.isnan(best).any())
        left, other = np.ones(best.shape, bool), np.empty(best.shape, bool)  # left: the winner is not found yet
        distance = np.zeros(best.shape, distances.dtype)  # from the first pixel of its window to the winner
        for view, step in zip(views[:-1], np.diff(distances), strict=True):
            np.not_equal(view, best, out=other)
            if has_nan:
                other &= ~np.isnan(view)
            left &= other
            distance += left * step
        np.add(corners[: len(best)], some.start * C * H * W, out=winners[some])
        winners[some] += distance


def gradient_by_x(dout, winners, images, dx):
    """Write to some images of dx, (N, C, H, W), the sum of dout, (N, C, H', W'), over the windows that a pixel won."""
    pixels = dx.reshape(-1)
    for some in _groups(dx, images):
        dx[some] = 0
        np.add.at(pixels, winners[some].reshape(-1), dout[some].reshape(-1))


def _corners(num, image, size, stride):
    """Return the first pixel of each window of the first images, an index of x.reshape(-1), (num, C, H', W')."""
    (C, H, W), (height, width) = image, size
    channels = H * W * np.arange(num * C).reshape(num, C, 1, 1)
    return channels + stride * (W * np.arange(height)[:, None] + np.arange(width))


def _groups(x, images):
    """Return slices of a few images of x each that cover a range of them."""
    group = images_at_once(len(images), x[:1].nbytes)
    return [slice(n, min(n + group, images.stop)) for n in range(images.start, images.stop, group)]
