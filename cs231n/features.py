"""Image features: a histogram of oriented gradients, a histogram of hues, and a function that concatenates features.

Every feature here takes one image or a batch of images, and returns the same numbers in both cases. A large batch
is processed on all cores, in blocks that stay in the processor's cache; besides the result, this needs only a few
megabytes for each core. The bag of visual words is in `cs231n.visual_words`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from tqdm import tqdm

GREY_WEIGHTS = (0.299, 0.587, 0.114)  # of red, green and blue in the luma of ITU-R BT.601; they sum to 1
BLOCK_PIXELS = 48 * 32 * 32  # processed at a time by each core: an array of this size fits into a level 2 cache
CHUNK = 1000  # images between two steps of the progress bar
PROBES = 3  # number of images that are used to test whether a function accepts batches


def extract_features(imgs: np.ndarray, feature_fns: Sequence[Callable], verbose: bool = False) -> np.ndarray:
    """Compute several features of many images and concatenate them.

    Args:
        imgs: (N, H, W, 3) or (N, H, W) array of images.
        feature_fns: functions that take one image and return its features, a (F_j,) array or a number. If a test on
            up to three images shows that a function also accepts a batch, and returns the same features for it as for
            its images one by one, the function is called with batches; otherwise, once for each image. The functions
            of this module pass the test, and so does `lambda im: color_histogram_hsv(im, nbin=20)`.
        verbose: whether to show a progress bar.

    Returns:
        (N, F_1 + F_2 + ...) array; row i holds the features of imgs[i], in the order of the functions.

    Raises:
        ValueError: there are no images or no functions, or the features that a function returns for one image are not
            a number or a (F_j,) array.
    """
    imgs = np.asarray(imgs)
    if not len(imgs) or not feature_fns:
        raise ValueError(f"expected at least one image and one function, found {len(imgs)} and {len(feature_fns)}")
    in_batches = [_takes_batches(fn, imgs) for fn in feature_fns]
    rows = []
    with tqdm(total=len(imgs), desc="Features", unit="image", file=sys.stdout, ncols=90, disable=not verbose) as bar:
        for start in range(0, len(imgs), CHUNK):
            chunk = imgs[start : start + CHUNK]
            columns = [
                fn(chunk) if batches else _one_by_one(fn, chunk)
                for fn, batches in zip(feature_fns, in_batches, strict=True)
            ]
            rows.append(np.concatenate(columns, axis=1))
            bar.update(len(chunk))
    return np.concatenate(rows)


def hog_feature(
    im: np.ndarray, orientations: int = 9, cell: int = 8, dtype: np.typing.DTypeLike = np.float64
) -> np.ndarray:
    """Return a histogram of oriented gradients (HOG): the strength of edges in each cell, by direction.

    With the grey image g = 0.299 R + 0.587 G + 0.114 B and its central differences
    gx[i, j] = g[i, j+1] - g[i, j-1] and gy[i, j] = g[i+1, j] - g[i-1, j] (0 in the outermost columns and rows),

        h[c, k] = 1/cell^2  sum of sqrt(gx^2 + gy^2) over those pixels of cell number c whose angle
                  arctan2(gy, gx) modulo 180 degrees is in [k, k+1) * 180 degrees / orientations.

    Modulo 180 degrees, an edge from dark to bright counts the same as one from bright to dark. Angles are
    0 for gradients along a row, that is, for vertical edges, and grow clockwise, since rows are counted downwards.

    Args:
        im: one image, (H, W, 3) or grey (H, W), or a batch, (N, H, W, 3) or (N, H, W). Values of any real type.
        orientations: number of bins, O, over 180 degrees.
        cell: height and width of a cell in pixels. Pixels to the right of and below the last whole cell are left out.
        dtype: float64, or float32, which is faster and has 7 digits.

    Returns:
        (F,) or (N, F) array of `dtype`, F = (H // cell) (W // cell) O: 144 for 32 x 32 pixels. The
        cells are in row-major order, with all bins of a cell together. The features have the unit of the pixel values.

    Raises:
        ValueError: the image has a different shape, or is smaller than one cell.

    Source: Dalal and Triggs, "Histograms of oriented gradients for human detection", 2005; here without
    block normalisation. For grey images, the values are those of skimage.feature.hog before this
    normalisation; for colour images, skimage does not use g, but at each pixel the channel with the largest gradient.
    The official handout's function leaves out all gradients with gx <= 0, about half.
    """
    images, single = _as_batch(im)
    if min(images.shape[1:3]) < cell:
        raise ValueError(f"expected images of at least one cell, {cell} x {cell} pixels, found shape {np.shape(im)}")
    hog = in_blocks(lambda block: _hog(block, orientations, cell, np.dtype(dtype)), images)
    return hog[0] if single else hog


def color_histogram_hsv(
    im: np.ndarray,
    nbin: int = 10,
    xmin: float = 0,
    xmax: float = 255,
    normalized: bool = True,
    dtype: np.typing.DTypeLike = np.float64,
) -> np.ndarray:
    """Return the histogram of the hues of an image's pixels.

    The hue is that of HSV, multiplied by xmax: red is 0, yellow xmax / 6, green xmax / 3, and so on back to red. Grey
    pixels count as red.

    Args:
        im: one image, (H, W, 3), or a batch, (N, H, W, 3); values 0..xmax.
        nbin: number of bins of equal width from xmin to xmax.
        xmin: lower end of the first bin; smaller hues are not counted.
        xmax: the largest value of a pixel, and the upper end of the last bin.
        normalized: whether to divide the counts by their sum.
        dtype: type of the computation and the result. With float32, a hue at an edge between two bins may be
            counted in the other bin.

    Returns:
        (nbin,) or (N, nbin) array of `dtype`.

    Raises:
        ValueError: the image has a different shape, nbin is less than 1, or xmax is not larger than xmin.
    """
    images, single = _as_batch(im)
    if images.ndim != 4:
        raise ValueError(f"expected colour images, (H, W, 3) or (N, H, W, 3), found shape {np.shape(im)}")
    if nbin < 1 or not xmin < xmax:
        raise ValueError(f"expected nbin >= 1 and xmin < xmax, found nbin = {nbin}, xmin = {xmin}, xmax = {xmax}")
    edges = np.linspace(xmin, xmax, nbin + 1)[:-1]
    counts = in_blocks(lambda block: _count_hues(block, edges, xmax, np.dtype(dtype)), images)
    if normalized:
        counts /= np.maximum(1, counts.sum(axis=1, keepdims=True))
    return counts[0] if single else counts


def in_blocks(function: Callable[[np.ndarray], np.ndarray], images: np.ndarray) -> np.ndarray:
    """Return function(images), one row per image; if there are many images, compute it in blocks, on all cores."""
    size = max(1, BLOCK_PIXELS // max(1, images[:1, ..., 0].size if images.ndim == 4 else images[:1].size))
    if len(images) <= size:
        return function(images)
    blocks = [images[start : start + size] for start in range(0, len(images), size)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # numpy's operations let the other threads run
        return np.concatenate(list(threads.map(function, blocks)))


def _as_batch(im: np.ndarray) -> tuple[np.ndarray, bool]:
    """Return a (N, H, W, 3) or (N, H, W) array, and whether `im` is a single image."""
    im = np.asarray(im)
    single = im.ndim == 2 or (im.ndim == 3 and im.shape[-1] == 3)
    if not single and im.ndim != 3 and (im.ndim != 4 or im.shape[-1] != 3):
        raise ValueError(
            f"expected an image, (H, W, 3) or (H, W), or a batch, (N, H, W, 3) or (N, H, W), found shape {im.shape}. "
            "The channels must come last: X.transpose(0, 2, 3, 1) converts (N, 3, H, W) to this form"
        )
    return (im[None], True) if single else (im, False)


def _hog(images: np.ndarray, orientations: int, cell: int, dtype: np.dtype) -> np.ndarray:
    gx, gy = _gradients(_grey(images, dtype))  # (n, H, W) each
    magnitude = np.sqrt(gx * gx + gy * gy)
    n, rows, columns = len(images), images.shape[1] // cell, images.shape[2] // cell
    inside = np.s_[:, : rows * cell, : columns * cell]
    row, column = np.arange(rows * cell)[:, None] // cell, np.arange(columns * cell) // cell
    histogram = (np.arange(n)[:, None, None] * rows + row) * columns + column  # the cell of each pixel: (n, H, W)
    index = histogram * orientations + _direction_bins(gx, gy, orientations)[inside]
    size = rows * columns * orientations
    sums = np.bincount(index.ravel(), magnitude[inside].ravel(), n * size)
    return (sums.reshape(n, size) / cell**2).astype(dtype, copy=False)


def _direction_bins(gx: np.ndarray, gy: np.ndarray, orientations: int) -> np.ndarray:
    """Return the bin of each gradient's angle modulo 180 degrees. This overwrites gy.

    As the angle grows from 90 to 270 degrees, the slope gy / gx grows from minus to plus infinity. So the number of bin
    edges with slopes up to gy / gx gives the bin, counted from the one that contains 90 degrees.
    """
    angles = np.arange(orientations) / orientations  # where each bin begins, in units of 180 degrees
    edges = np.sort(np.where(angles == 0.5, np.inf, np.tan(np.pi * angles).round(14)))
    with np.errstate(divide="ignore", invalid="ignore"):  # where it is 0 / 0 the magnitude is 0: any bin will do
        slope = np.divide(gy, gx, out=gy)
    bins = (orientations // 2 + np.arange(orientations + 1)) % orientations
    return bins[_count_reached(slope, edges)]


def _grey(images: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """Return grey images (n, H, W) in a contiguous array, whatever the layout of the images."""
    if images.ndim == 3:
        return images.astype(dtype, order="C")
    scaled = (np.multiply(images[..., c], w, dtype=dtype, order="C") for c, w in enumerate(GREY_WEIGHTS))
    red, green, blue = scaled
    red += green
    red += blue
    return red


def _gradients(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return central differences along the rows and down the columns of (n, H, W) images, 0 at the borders."""
    gx, gy = np.empty_like(grey), np.empty_like(grey)
    width, flat = grey.shape[2], grey.reshape(-1)  # all images at once; differences across borders are then set to 0
    np.subtract(flat[2:], flat[:-2], out=gx.reshape(-1)[1:-1])
    np.subtract(flat[2 * width :], flat[: -2 * width], out=gy.reshape(-1)[width:-width])
    gx[:, :, [0, -1]] = 0
    gy[:, [0, -1]] = 0
    return gx, gy


def _count_hues(images: np.ndarray, edges: np.ndarray, xmax: float, dtype: np.dtype) -> np.ndarray:
    hue = _hue(*(np.divide(images[..., c], xmax, dtype=dtype) for c in range(3)))
    hue *= xmax
    slots = len(edges) + 1  # the first for hues below all bins
    index = np.arange(len(images))[:, None, None] * slots + _count_reached(hue, edges)
    counts = np.bincount(index.ravel(), minlength=len(images) * slots)
    return counts.reshape(-1, slots)[:, 1:].astype(dtype)


def _hue(red: np.ndarray, green: np.ndarray, blue: np.ndarray) -> np.ndarray:
    """Return the hue of HSV in [0, 1), 0 for greys; if several channels are highest, the last of them decides."""
    high = np.maximum(np.maximum(red, green), blue)
    spread = high - np.minimum(np.minimum(red, green), blue)
    coloured = spread > 0
    by_green, by_blue = (high == green) & coloured, (high == blue) & coloured
    hue = np.where(by_blue, red - green, np.where(by_green, blue - red, green - blue))
    hue /= np.maximum(spread, np.finfo(spread.dtype).tiny, out=spread)
    hue += np.maximum(by_green.view(np.uint8) * np.uint8(2), by_blue.view(np.uint8) * np.uint8(4))
    hue /= 6
    hue += hue < 0
    return hue


def _count_reached(values: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return how many of the edges are not larger than each value."""
    count, reached = np.zeros(values.shape, np.min_scalar_type(len(edges))), np.empty(values.shape, bool)
    for edge in edges:
        np.greater_equal(values, edge, out=reached)
        count += reached.view(np.uint8)
    return count


def _takes_batches(fn: Callable, imgs: np.ndarray) -> bool:
    """Return whether a test shows that fn gives the same rows for several images at once as for each of them alone."""
    few = imgs[np.unique(np.linspace(0, len(imgs) - 1, PROBES, dtype=int))]
    alone = _one_by_one(fn, few)
    if all(np.array_equal(few[0], other) for other in few[1:]):
        return False  # only one image, or all are equal: the function might compute statistics of the batch instead
    try:
        together = np.asarray(fn(few.copy()))
        return together.shape == alone.shape and np.allclose(together, alone, rtol=1e-5, atol=1e-8, equal_nan=True)
    except Exception:  # a function of single images may raise anything if it gets a batch
        return False


def _one_by_one(fn: Callable, imgs: np.ndarray) -> np.ndarray:
    rows = [np.atleast_1d(fn(im)) for im in imgs]
    if rows[0].ndim != 1:
        raise ValueError(
            f"expected features of shape (F,) for an image of shape {imgs[0].shape}, found shape {rows[0].shape}. "
            "Flatten them with np.ravel"
        )
    return np.stack(rows)
