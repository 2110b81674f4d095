"""Image features of whole batches, compared with a loop over images (as in the official handout) and scikit-image."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.harness import Contender, Contest
from cs231n.features import GREY_WEIGHTS, color_histogram_hsv, extract_features, hog_feature

NUM = 49_000  # images
SLICE = 2_000  # images for contenders that process one at a time, unless `full`


def images(num: int, dtype) -> tuple[np.ndarray, str]:
    """Return images of shape (num, 32, 32, 3) with values from 0 to 255, and a description.

    If $CS231N_DATA is set, they are the first images of the data that it names; otherwise, they are random pixels.
    """
    if os.environ.get("CS231N_DATA"):
        from cs231n.data_utils import load_CIFAR10

        return load_CIFAR10(dtype=dtype)[0][:num], "images of $CS231N_DATA"
    pixels = np.random.default_rng(231).integers(0, 256, (num, 32, 32, 3), dtype=np.uint8)
    return pixels.astype(dtype), "random pixels"


def both(full: bool) -> Iterator[Contest]:
    """Yield a Contest for HOG and the histogram of hues together, in float64, and one in float32."""
    yield both_contest(NUM, NUM if full else SLICE, np.float64)
    yield both_contest(NUM, NUM if full else SLICE, np.float32)


def both_contest(num: int, part: int, dtype) -> Contest:
    """Return the Contest for HOG and hues; the loop processes only `part` of the images, and always in float64."""
    X, data = images(num, dtype)
    functions = [lambda im: hog_feature(im, dtype=dtype), lambda im: color_histogram_hsv(im, dtype=dtype)]
    exact = dtype == np.float64
    return Contest(
        f"HOG and hues of {len(X):,} images, {np.dtype(dtype).name}, {data}",
        [
            Contender("ours", lambda: extract_features(X, functions)),
            _partial("loop over images", lambda: _loop(X[:part].astype(np.float64)), part, len(X), "in float64"),
        ],
        difference=_largest_relative if exact else _share_apart,
        tolerance=1e-6 if exact else 1e-3,
        unit="largest relative difference" if exact else "difference as a share of the sum",
    )


def hog(full: bool) -> Iterator[Contest]:
    """Yield a Contest for HOG alone, in float64, and one in float32."""
    for dtype in (np.float64, np.float32):
        yield hog_contest(NUM, NUM if full else SLICE, dtype)


def hog_contest(num: int, part: int, dtype) -> Contest:
    """Return the Contest for HOG, 9 orientations in cells of 8 x 8 pixels; scikit-image processes `part` images."""
    X, data = images(num, dtype)
    peer = _partial("scikit-image", lambda: _skimage_hogs(X[:part]), part, len(X), "blocks of one cell", "skimage")
    return Contest(
        f"HOG of {len(X):,} images, {np.dtype(dtype).name}, {data}",
        [Contender("ours", lambda: hog_feature(X, dtype=dtype)), peer],
        difference=lambda found, expected: _share_apart(_divided_by_sums(found), expected),
        tolerance=1e-3 if dtype == np.float32 else 1e-6,  # with float32 images, scikit-image sums in float32
        unit="difference as a share of the sum",
    )


def _partial(name: str, run: Callable, part: int, num: int, note: str, requires: str = "") -> Contender:
    note += "" if part >= num else f"; extrapolated from {part:,} images"
    share = min(1.0, part / num)
    return Contender(name, run, requires, share=share, part=lambda rows: rows[:part], rounds=0, note=note)


def _loop(X: np.ndarray) -> np.ndarray:
    return np.stack([np.hstack([_hog_of_one(im), _hues_of_one(im)]) for im in X])


def _hog_of_one(im: np.ndarray) -> np.ndarray:
    """Return the HOG of an image: for each orientation, its magnitudes, averaged over each cell by a box filter."""
    from scipy.ndimage import uniform_filter

    red, green, blue = GREY_WEIGHTS  # np.dot would round differently, and move a pixel in 50 million to another bin
    grey = im[..., 0] * red + im[..., 1] * green + im[..., 2] * blue
    gx, gy = np.zeros_like(grey), np.zeros_like(grey)
    gx[:, 1:-1], gy[1:-1] = grey[:, 2:] - grey[:, :-2], grey[2:] - grey[:-2]
    magnitude, angle = np.sqrt(gx**2 + gy**2), np.degrees(np.arctan2(gy, gx)) % 180
    cells = np.zeros((4, 4, 9))
    for k in range(9):
        inside = (angle >= 20 * k) & (angle < 20 * (k + 1))
        cells[:, :, k] = uniform_filter(np.where(inside, magnitude, 0), size=(8, 8))[4::8, 4::8]
    return cells.ravel()


def _hues_of_one(im: np.ndarray) -> np.ndarray:
    from matplotlib.colors import rgb_to_hsv

    hues = rgb_to_hsv(im / 255)[..., 0] * 255
    counts, edges = np.histogram(hues, np.linspace(0, 255, 11), density=True)
    return counts * np.diff(edges)


def _skimage_hogs(X: np.ndarray) -> np.ndarray:
    from skimage.feature import hog as skimage_hog

    sizes = {"orientations": 9, "pixels_per_cell": (8, 8), "cells_per_block": (1, 1), "block_norm": "L1"}
    red, green, blue = np.array(GREY_WEIGHTS, X.dtype)
    grey = X[..., 0] * red + X[..., 1] * green + X[..., 2] * blue
    return np.stack([skimage_hog(im, **sizes) for im in grey])


def _divided_by_sums(hogs: np.ndarray) -> np.ndarray:
    """Return HOGs with each cell divided by its sum, as scikit-image divides blocks of one cell."""
    cells = hogs.reshape(-1, 9)
    return (cells / (cells.sum(axis=1, keepdims=True) + 1e-5)).reshape(hogs.shape)  # 1e-5 as in scikit-image


def _largest_relative(found: np.ndarray, expected: np.ndarray) -> float:
    least = 1e-3  # smaller numbers are replaced by this: where ours is 0, the loop has a rounding error
    return float(np.max(np.abs(found - expected) / np.maximum(np.abs(expected), least)))


def _share_apart(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.abs(found - expected).sum() / expected.sum())


BENCHMARKS = {"features": both, "features_hog": hog}
