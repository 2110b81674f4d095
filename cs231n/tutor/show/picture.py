"""Heat maps for the card of a failed check: the expected array, the student's, and their difference.

They are drawn on a separate figure, which the student's figures and their style do not affect.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

INCHES, RESOLUTION = 7.6, 180  # twice the resolution of the page, for sharp screens and for print
LEFT, RIGHT, GAP = 0.75, 0.2, 0.2  # inches around and between the panels
ABOVE, BELOW, BAR, FOOT = 0.3, 0.5, 0.12, 0.3  # inches for a title, for an axis, of a colour bar, for its numbers
ASIDE = 0.12  # inches at both ends of a colour bar, for numbers that are wider than it
LOWEST, HIGHEST = 0.7, 3.0  # inches: limits of the height of a panel; between them, its entries are squares
MOST_TILES = 5  # along each of the first two axes of an (N, C, H, W) array
MOST_ENTRIES = 48  # along each side of a matrix
CUT_OFF = 4  # values that would make a scale more than about this many times wider do not affect it
IN_WORDS = {"num_test": "test row", "num_train": "training row"}
DIVERGING, RISING = "RdBu_r", "cividis"  # colour maps that can be read with red-green colour blindness
BROKEN = "#B0B0B0"  # the colour of NaN and infinity


@dataclass(frozen=True)
class Difference:
    """A wrong output: its name, the name of its case, the expected and actual arrays, and the names of their axes."""

    output: str
    case: str
    expected: np.ndarray
    actual: np.ndarray
    axes: tuple[str, ...] = ()


def axis_names(
    output: str, shape: tuple[int, ...], inputs: Mapping[str, tuple[int, ...]], declared: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the names of the axes of an output, as in the formulas or IN_WORDS, or () if they cannot be determined.

    `inputs` are the shapes of a case's inputs, and `declared` are the names of their axes, {"X": "N D"}. An output X or
    dX of the same shape as the input X has the axes of X. In any other output, each axis must have a length for which
    the inputs have only one name, and no two axes may get the same name.
    """
    named = {name: tuple(declared[name].split()) for name in inputs if declared.get(name)}
    named = {name: axes for name, axes in named.items() if len(axes) == len(inputs[name])}
    own = named.get(output.removeprefix("d"), ())
    if not own or inputs[output.removeprefix("d")] != shape:
        pairs = {(size, axis) for name, axes in named.items() for size, axis in zip(inputs[name], axes, strict=True)}
        found = [[axis for size, axis in pairs if size == length] for length in shape]
        own = tuple(axes[0] for axes in found) if all(len(axes) == 1 for axes in found) else ()
        own = own if len(set(own)) == len(own) else ()
    return tuple(IN_WORDS.get(axis, axis) for axis in own)


def says_more(difference: Difference) -> bool:
    """Return whether a picture helps.

    It does if the shapes are equal, with at least two axes and 8 entries, the expected values are not all the same, and
    the actual ones are real numbers or booleans, at least one of them finite.
    """
    expected, actual = difference.expected, difference.actual
    if expected.shape != actual.shape or expected.ndim < 2 or expected.size < 8 or actual.dtype.kind not in "biuf":
        return False
    return bool(np.any(np.isfinite(actual)) and np.ptp(expected) > 0)


def draw(difference: Difference) -> bytes:
    """Return a PNG of three panels: "expected" and "yours" on the same scale, and their difference on another."""
    from matplotlib import style
    from matplotlib.figure import Figure

    tile = difference.expected.shape[-2:] if difference.expected.ndim > 2 else None
    expected, actual = (_as_matrix(array.astype(np.float64)) for array in (difference.expected, difference.actual))
    with style.context("default"), np.errstate(invalid="ignore"):
        off, shared = actual - expected, _scale(expected, actual)
        wide = (INCHES - LEFT - RIGHT - 2 * GAP) / 3
        below = BELOW if tile is None else BELOW - 0.2  # there are no ticks
        high = float(np.clip(wide * expected.shape[0] / expected.shape[1], LOWEST, HIGHEST))
        figure = Figure(figsize=(INCHES, ABOVE + high + below + BAR + FOOT), dpi=RESOLUTION)

        def place(column: int, columns: int, bottom: float, height: float, aside: float = 0.0):
            whole = columns * wide + (columns - 1) * GAP
            box = (LEFT + column * (wide + GAP) + aside, bottom, whole - 2 * aside, height)
            return figure.add_axes(tuple(np.divide(box, (*figure.get_size_inches(),) * 2)))

        panels = (("expected", expected, shared), ("yours", actual, shared), ("yours − expected", off, _symmetric(off)))
        for column, (title, array, scale) in enumerate(panels):
            axis = place(column, 1, FOOT + BAR + below, high)
            image = _panel(axis, array, title, scale, tile)
            _name(axis, difference.axes, tile, column == 0)
            if column != 1:  # expected and yours have one bar, as wide as both
                more = () if column else (actual,)
                ends = _beyond(scale, array, *more)
                below_it = place(column, 2 - column // 2, FOOT, BAR, aside=ASIDE)
                bar = figure.colorbar(image, cax=below_it, orientation="horizontal", extend=ends)
                bar.ax.tick_params(labelsize=8)
        return _png(figure)


def _png(figure) -> bytes:
    """Return a figure as a PNG with 128 colours, which is smaller than one with all colours."""
    from PIL import Image  # comes with matplotlib

    full, small = io.BytesIO(), io.BytesIO()
    figure.savefig(full, format="png", facecolor="white")
    whole = Image.open(full).convert("RGB")
    whole.quantize(128, Image.Quantize.MAXCOVERAGE).save(small, format="png", optimize=True)
    return small.getvalue()


def words(difference: Difference) -> str:
    """Return a text alternative for the picture."""
    return f"{difference.output} with {difference.case}: heat maps of the expected array, yours, and their difference"


def _panel(axis, array: np.ndarray, title: str, scale: dict, tile: tuple[int, int] | None):
    import matplotlib

    colours = matplotlib.colormaps[scale["cmap"]].with_extremes(bad=BROKEN)
    limits = {"vmin": scale["vmin"], "vmax": scale["vmax"]}
    shown = np.ma.masked_invalid(array)
    image = axis.imshow(shown, cmap=colours, **limits, interpolation="nearest", aspect="auto")
    axis.set_title(title, fontsize=10)
    axis.tick_params(labelsize=8)
    if tile is None:
        rows, columns = (range(0, size, -(-size // 6)) for size in array.shape)
        axis.set(xticks=columns, yticks=rows)
        return image
    axis.set(xticks=[], yticks=[])  # positions in the grid are not indices
    for line, size, length in ((axis.axhline, tile[0], array.shape[0]), (axis.axvline, tile[1], array.shape[1])):
        for place in range(size, length, size):
            line(place - 0.5, color="black", linewidth=1.5)
    return image


def _name(axis, names: tuple[str, ...], tile: tuple[int, int] | None, is_first: bool) -> None:
    """Label the axes of a panel; the rows of all three panels are the same, and are labelled on the first only."""
    if tile and len(names) > 2:
        across, down = f"{names[-3]} × {names[-1]}", " × ".join((*names[-4:-3], names[-2]))
    else:
        down, across = names if len(names) == 2 else ("", "") if tile else ("axis 0", "axis 1")
    axis.set_xlabel(across, fontsize=9)
    if is_first:
        axis.set_ylabel(down, fontsize=9)
    else:
        axis.tick_params(labelleft=False)


def _as_matrix(array: np.ndarray) -> np.ndarray:
    """Return an array, or the first part of a large one, as a matrix; (N, C, H, W) becomes N rows of C tiles."""
    if array.ndim == 2:
        return array[:MOST_ENTRIES, :MOST_ENTRIES]
    tiles = array.reshape(-1, *array.shape[-3:])[:MOST_TILES, :MOST_TILES]  # with three axes, one row of tiles
    N, C, H, W = tiles.shape
    return tiles.transpose(0, 2, 1, 3).reshape(N * H, C * W)


def _scale(expected: np.ndarray, actual: np.ndarray) -> dict:
    """Return the scale of the first two panels, for the finite values of both arrays.

    If the range of these is more than CUT_OFF times that of the expected values alone, only the latter count.
    """
    right, found = (array[np.isfinite(array)] for array in (expected, actual))
    both = np.concatenate([right, found])
    both = both if np.ptp(both) <= CUT_OFF * np.ptp(right) else right
    if both.min() < 0:
        return _symmetric(both)
    return {"cmap": RISING, "vmin": both.min(), "vmax": both.max()}


def _symmetric(array: np.ndarray) -> dict:
    """Return a scale around 0; if there are more than 8 numbers, a few far beyond the others do not affect it."""
    sizes = np.abs(array[np.isfinite(array) & (array != 0)])
    largest = np.max(sizes, initial=0) or 1.0
    if sizes.size > 8:
        largest = min(largest, CUT_OFF * np.quantile(sizes, 0.9))
    return {"cmap": DIVERGING, "vmin": -largest, "vmax": largest}


def _beyond(scale: dict, *arrays: np.ndarray) -> str:
    """Return the ends of a scale beyond which there are numbers: "min", "max", "both" or "neither"."""
    finite = np.concatenate([array[np.isfinite(array)] for array in arrays])
    below, above = np.any(finite < scale["vmin"]), np.any(finite > scale["vmax"])
    return {(True, True): "both", (True, False): "min", (False, True): "max"}.get((bool(below), bool(above)), "neither")
