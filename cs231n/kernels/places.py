"""Which position of a filter meets which pixel, and how much to work on at a time."""

from cs231n.threads import divided

CACHE = 3 * 2**18  # bytes of copies at a time: most of a small second-level cache
LONGER = 4  # times as much if several threads work: numpy's calls, between which they wait for each other, become fewer
SMALL = 10**6  # multiplications, M * N * K: up to there OpenBLAS takes matrices as they are, else it copies them first


def met(j, size, places, stride, pad):
    """Return two slices: the positions at which a filter's row or column j is inside the image, and the pixels there.

    For stride 1, pad 1 and j = 0 the filter's first column is outside of the image at position 0, and on pixel 0 at
    position 1:

        image            0  1  2  3
        places        0  1  2  3          met(0, 4, 4, 1, 1) = slice(1, 4), slice(0, 3)
    """
    first = max(0, -((j - pad) // stride))
    last = max(first, min(places, (size - 1 + pad - j) // stride + 1))
    begin = first * stride + j - pad
    return slice(first, last), slice(begin, max(begin, begin + (last - first - 1) * stride + 1), stride)


def images_at_once(num, nbytes):
    """Return how many of num images to work on at a time, if each takes nbytes."""
    cache = CACHE * (LONGER if divided() else 1)
    return max(1, min(num, cache // max(1, nbytes)))
