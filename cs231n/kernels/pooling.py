"""Max pooling of whole images at a time: the pixels at one position of all windows are one view of the images.

Windows of 2 x 2 with stride 2 have four positions, in reading order. For a row of two windows, the four views are

    a  b  c  d          position 0:  a  c          position 1:  b  d
    e  f  g  h          position 2:  e  g          position 3:  f  h

The maxima are the largest numbers of the four views, entry by entry. The winner of a window is its first pixel that has
the maximum, or its first NaN if it contains NaN. The winner is stored as its distance in memory from the first pixel of
the window, here 0, 1, W or W + 1 for images of W columns.
"""

from functools import lru_cache

import numpy as np

from cs231n.kernels.places import images_at_once


def maxima(x, sizes, stride, out, winners):
    """Write the maximum of each window of x, (N, C, H, W), to out, (N, C, H', W'), and its winner to winners."""
    rows, columns = (stride * (size - 1) + 1 for size in out.shape[2:])
    distances = np.array([i * x.shape[3] + j for i, j in np.ndindex(*sizes)], winners.dtype)
    for some in _groups(x):
        views = [x[some, :, i : i + rows : stride, j : j + columns : stride] for i, j in np.ndindex(*sizes)]
        best, distance = out[some], winners[some]
        best[...] = views[0]
        for view in views[1:]:
            np.maximum(best, view, out=best)
        has_nan = bool(np.isnan(best).any())
        left, other = np.ones(best.shape, bool), np.empty(best.shape, bool)  # left: the winner is not found yet
        distance[...] = 0
        for view, step in zip(views[:-1], np.diff(distances), strict=True):
            np.not_equal(view, best, out=other)
            if has_nan:
                other &= ~np.isnan(view)
            left &= other
            distance += left * step


def gradient_by_x(dout, winners, sizes, stride, dx):
    """Set each pixel of dx, (N, C, H, W), to the sum of dout, (N, C, H', W'), over the windows that it won."""
    groups = _groups(dx, arrays=3)  # dx, the indices, dout with winners
    first = _first_pixels((groups[0].stop, *dx.shape[1:]), dout.shape[2:], stride)
    pixels = np.empty_like(first)
    overlap = max(sizes) > stride
    for some in groups:
        dx[some] = 0
        num = len(dx[some])
        np.add(first[:num], winners[some], out=pixels[:num])
        flat, won, numbers = (array.reshape(-1) for array in (dx[some], pixels[:num], dout[some]))
        if overlap:
            np.add.at(flat, won, numbers)
        else:
            flat[won] = numbers


@lru_cache(4)  # most batches of a training have the same shape
def _first_pixels(shape, size, stride):
    """Return the indices (N, C, H', W') of the first pixel of each window of x (N, C, H, W), in x.reshape(-1)."""
    (N, C, H, W), (height, width) = shape, size
    channels = H * W * np.arange(N * C).reshape(N, C, 1, 1)
    return channels + stride * (W * np.arange(height)[:, None] + np.arange(width))


def _groups(images, arrays=1):
    """Return slices that cover the images. If possible, `arrays` copies of the images in a slice fit into the cache."""
    group = images_at_once(len(images), arrays * images[:1].nbytes)
    return [slice(n, n + group) for n in range(0, len(images), group)]
