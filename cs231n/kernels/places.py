"""Compute which position of a filter meets which pixel, and how many images to work on at a time."""

from cs231n.threads import divided

CACHE = 3 * 2**18  # bytes of copies at a time: most of a small second-level cache
LONGER = 4  # factor for CACHE in several threads: fewer calls to numpy, between which threads wait for each other
SMALL = 10**6  # multiplications in a product, M * N * K: for more, OpenBLAS copies the matrices first


def met(j, size, places, stride, pad):
    """Return two slices: the positions at which a filter's row or column j is inside the image, and the pixels there.

    size: height (for a row) or width (for a column) of the image.  places: number of positions in that direction.

    For example, with stride 1 and pad 1, column 0 of a filter is outside the image at position 0, and on pixel 0 at
    position 1:

        pixels           0  1  2  3
        positions     0  1  2  3          met(0, 4, 4, 1, 1) = slice(1, 4), slice(0, 3, 1)
    """
    first = max(0, -((j - pad) // stride))
    last = max(first, min(places, (size - 1 + pad - j) // stride + 1))
    begin = first * stride + j - pad
    return slice(first, last), slice(begin, max(begin, begin + (last - first - 1) * stride + 1), stride)


def images_at_once(num, nbytes, longer=LONGER):
    """Return how many of num images, of nbytes each, to work on at a time: as many as fit into CACHE, but at least 1.

    longer: the factor by which CACHE is multiplied if the work is divided among threads.
    """
    cache = CACHE * (longer if divided() else 1)
    return max(1, min(num, cache // max(1, nbytes)))
