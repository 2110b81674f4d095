"""Expected next to yours, and their difference: heat maps for the card of a failed check.

Drawn on a figure of their own, so that neither the student's figures nor the style set for them play a part.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np

MOST_TILES = 5  # along each of the first two axes of a (N, C, H, W) array
MOST_ENTRIES = 60  # along each side of a matrix
CUT_OFF = 20  # how many times larger than what is right still sets the scale
DIVERGING, RISING, BROKEN = "RdBu_r", "cividis", "#B0B0B0"  # told apart without colour vision


@dataclass(frozen=True)
class Difference:
    """A wrong output: its name, the name of the case, and the arrays that were expected and found."""

    output: str
    case: str
    expected: np.ndarray
    actual: np.ndarray


def says_more(difference: Difference) -> bool:
    """Return whether a picture says more than the words: two or more axes, same shape, numbers that vary."""
    expected, actual = difference.expected, difference.actual
    if expected.shape != actual.shape or expected.ndim < 2 or expected.size < 8 or actual.dtype.kind not in "biuf":
        return False
    return bool(np.any(np.isfinite(actual)) and np.ptp(expected) > 0)


def draw(difference: Difference) -> bytes:
    """Return a PNG of three panels: expected and yours on one scale, and yours - expected on its own."""
    from matplotlib import style
    from matplotlib.figure import Figure

    tile = difference.expected.shape[-2:] if difference.expected.ndim > 2 else None
    expected, actual = (_as_matrix(array.astype(np.float64)) for array in (difference.expected, difference.actual))
    with style.context("default"), np.errstate(invalid="ignore"):
        off, shared = actual - expected, _scale(expected, actual)
        height = np.clip(2.1 * expected.shape[0] / expected.shape[1] + 0.9, 1.7, 4.5)
        figure = Figure(figsize=(7.2, float(height)), dpi=80, layout="constrained")
        axes = figure.subplots(1, 3)
        _panel(axes[0], expected, "expected", shared, tile)
        figure.colorbar(_panel(axes[1], actual, "yours", shared, tile), ax=axes[:2], shrink=0.85)
        figure.colorbar(_panel(axes[2], off, "yours - expected", _symmetric(off), tile), ax=axes[2], shrink=0.85)
        return _png(figure)


def _png(figure) -> bytes:
    """Return a figure as a PNG with a palette: half the size of one with all colours."""
    from PIL import Image  # comes with matplotlib

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png", facecolor="white")
    Image.open(full).convert("RGB").quantize(256).save(small, format="png", optimize=True)
    return small.getvalue()


def words(difference: Difference) -> str:
    """Return what the picture shows, for who does not see it."""
    return f"{difference.output} with {difference.case}: heat maps of what is expected, of yours, and of the difference"


def _panel(axis, array: np.ndarray, title: str, scale: dict, tile: tuple[int, int] | None):
    import matplotlib
    from matplotlib.ticker import MaxNLocator

    colours = matplotlib.colormaps[scale["cmap"]].with_extremes(bad=BROKEN)
    shown = np.ma.masked_invalid(array)
    image = axis.imshow(shown, cmap=colours, vmin=scale["vmin"], vmax=scale["vmax"], interpolation="nearest")
    axis.set_title(title, fontsize=10)
    axis.tick_params(labelsize=7)
    if tile is None:
        axis.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axis.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        return image
    axis.set(xticks=[], yticks=[])  # positions in the grid are no indices
    for line, size, length in ((axis.axhline, tile[0], array.shape[0]), (axis.axvline, tile[1], array.shape[1])):
        for place in range(size, length, size):
            line(place - 0.5, color="black", linewidth=1.5)
    return image


def _as_matrix(array: np.ndarray) -> np.ndarray:
    """Lay an array out in two dimensions: (N, C, H, W) as N rows of C tiles."""
    if array.ndim == 2:
        return array[:MOST_ENTRIES, :MOST_ENTRIES]
    tiles = array.reshape(-1, *array.shape[-3:])[:MOST_TILES, :MOST_TILES]  # of three axes: one row of tiles
    N, C, H, W = tiles.shape
    return tiles.transpose(0, 2, 1, 3).reshape(N * H, C * W)


def _scale(expected: np.ndarray, actual: np.ndarray) -> dict:
    """Return one scale for both; numbers far beyond what is right do not set it."""
    right, found = (array[np.isfinite(array)] for array in (expected, actual))
    within = np.max(np.abs(found), initial=0) <= CUT_OFF * np.max(np.abs(right))
    both = np.concatenate([right, found]) if within else right
    if both.min() < 0:
        return _symmetric(both)
    return {"cmap": RISING, "vmin": both.min(), "vmax": both.max()}


def _symmetric(array: np.ndarray) -> dict:
    largest = np.max(np.abs(array[np.isfinite(array)]), initial=0) or 1.0
    return {"cmap": DIVERGING, "vmin": -largest, "vmax": largest}
