"""Figures of the notebook on convolutional networks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from cs231n.vis_utils import BLUE, ORANGE, PALETTE, as_image

WIDTH = 10.5  # inches; JupyterLab scales down wider figures in a window of 1150 pixels
WHITE_RIM = [withStroke(linewidth=4, foreground="white")]
Windows = Mapping[int, Sequence[tuple[int, int]]]


def number_maps(arrays: Mapping[str, np.ndarray], title: str, windows: Windows | None = None) -> Figure:
    """Draw small (H, W) arrays side by side with their numbers, each on its own scale; bright is high.

    windows: {index of an array: (row, column) of the top left entry of each 3 x 3 window to frame, up to two}.
    """
    shapes = [np.shape(array) for array in arrays.values()]
    widths = [max(3, width) for _, width in shapes]
    size = 0.42 * sum(widths) + 0.4 * len(shapes), 0.42 * max(max(3, height) for height, _ in shapes) + 1.0
    room = {"wspace": 0.1}
    figure, axes = plt.subplots(1, len(shapes), figsize=size, width_ratios=widths, squeeze=False, gridspec_kw=room)
    for axis, (name, array) in zip(axes[0], arrays.items(), strict=True):
        low, high = np.min(array), np.max(array)
        axis.imshow(array, vmin=low, vmax=high)
        for (i, j), value in np.ndenumerate(array):
            colour = "black" if value > (low + high) / 2 else "white"
            axis.text(j, i, f"{value:.3g}", ha="center", va="center", color=colour, fontsize=9)
        axis.set_title(name, fontsize=10)
        _bare(axis)
    for position, corners in (windows or {}).items():
        for (i, j), dash in zip(corners, ("-", "--"), strict=False):
            frame = {"fill": False, "edgecolor": "white", "linewidth": 2.5, "linestyle": dash}
            figure.axes[position].add_patch(plt.Rectangle((j - 0.46, i - 0.46), 2.92, 2.92, **frame))
    figure.suptitle(title)
    return figure


def filter_on_volume(C: int, side: int, extent: int, F: int) -> Axes:
    """Draw an image of C channels of side x side pixels, and the maps of F filters, as stacks of grids.

    One window of extent x extent pixels is marked in every channel, and the number that each filter computes from it is
    marked in its map.
    """
    _, axis = plt.subplots(figsize=(9, 3.6))
    names = ("red", "green", "blue") if C == 3 else [f"channel {c}" for c in range(C)]
    row, column = 2, 3
    maps = side - extent + 1
    for c in reversed(range(C)):
        _sheet(axis, (0.9 * c, 0.9 * c), side, (row, column, extent), PALETTE[0])
        axis.text(0.9 * c + side + 0.15, 0.9 * c - 0.1, names[c], fontsize=9, ha="left", va="bottom")
    start = side + 11
    for f in reversed(range(F)):
        _sheet(axis, (start + 0.9 * f, 0.9 * f + 0.5), maps, (row, column, 1), PALETTE[3])
        axis.text(start + 0.9 * f + maps + 0.15, 0.9 * f + 0.4, f"map {f + 1}", fontsize=9, ha="left", va="bottom")
    arrow = {"arrowstyle": "-|>", "color": "0.25", "linewidth": 1.4, "shrinkA": 0, "shrinkB": 2}
    level = side - row - extent / 2
    reach = column + extent
    axis.annotate("", (start + column, 0.5 + maps - row - 0.5), (reach, level), arrowprops=arrow, zorder=6)
    count = f"{C} × {extent} × {extent} = {C * extent**2}"
    told = f"{count} products\nand a bias: one number\nfor each of {F} filters"
    axis.text((side + 2.4 + start) / 2 + 0.6, level + 2.6, told, ha="center", va="bottom", fontsize=10)
    axis.text(side / 2, -0.6, f"image, {C} × {side} × {side}", ha="center", va="top")
    axis.text(start + maps / 2, -0.6, f"output, {F} × {maps} × {maps}", ha="center", va="top")
    axis.set(title="A filter extends through all channels, and each filter gives one map", aspect="equal")
    axis.set(xlim=(-0.5, start + 0.9 * F + maps + 2.4), ylim=(-1.8, side + 0.9 * C + 0.4))
    axis.set_axis_off()
    return axis


def _sheet(axis: Axes, corner: tuple[float, float], side: int, marked: tuple[int, int, int], colour: str) -> None:
    """Draw a grid of side x side pixels with its lower left at `corner`; the window (row, column, extent) is marked."""
    left, bottom = corner
    axis.add_patch(plt.Rectangle(corner, side, side, facecolor="white", edgecolor="0.3", zorder=2))
    row, column, extent = marked
    place = left + column, bottom + side - row - extent
    style = {"facecolor": colour, "alpha": 0.55, "edgecolor": "0.2", "linewidth": 0.8}
    axis.add_patch(plt.Rectangle(place, extent, extent, zorder=4, **style))  # the windows are above all sheets
    for line in range(1, side):
        axis.plot([left + line] * 2, [bottom, bottom + side], color="0.8", linewidth=0.5, zorder=2)
        axis.plot([left, left + side], [bottom + line] * 2, color="0.8", linewidth=0.5, zorder=2)


def receptive_fields(seen: Mapping[str, np.ndarray], title: str) -> Figure:
    """Draw {name: (H, W) mask of the pixels on which a number in the middle of the output depends} in panels."""
    figure, axes = plt.subplots(1, len(seen), figsize=(min(2.7 * len(seen), WIDTH), 3.4), squeeze=False)
    for axis, (name, mask) in zip(axes[0], seen.items(), strict=True):
        axis.imshow(mask, cmap="Blues", vmin=0, vmax=1.5)
        height, width = (np.any(mask, axis=1 - side).sum() for side in (0, 1))
        axis.set_title(f"{name}\n{height} × {width} pixels", fontsize=10)
        axis.set_xticks([0, mask.shape[1] - 1])
        axis.set_yticks([0, mask.shape[0] - 1])
        axis.set_xlabel("column of the image")
    axes[0, 0].set_ylabel("row of the image")
    figure.suptitle(title)
    return figure


def pooling(x: np.ndarray, out: np.ndarray, dx: np.ndarray) -> Figure:
    """Draw x, (H, W); out, the maxima of its 2 x 2 windows; and dx, the gradient if dout is 1 everywhere.

    In x and dx, the windows are framed, and the largest number in each is circled.
    """
    arrays = {"x": x, "maxima of 2 × 2": out, "dx, if dout is 1 everywhere": dx}
    figure = number_maps(arrays, "Each maximum comes from one pixel, and its gradient goes back there")
    for axis, array in ((figure.axes[0], x), (figure.axes[2], dx)):
        for (i, j), _ in np.ndenumerate(out):
            frame = {"fill": False, "edgecolor": "white", "linewidth": 2.5}
            axis.add_patch(plt.Rectangle((2 * j - 0.5, 2 * i - 0.5), 2, 2, **frame))
            row, column = np.unravel_index(array[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].argmax(), (2, 2))
            ring = {"fill": False, "edgecolor": PALETTE[3], "linewidth": 2, "path_effects": WHITE_RIM}
            axis.add_patch(plt.Circle((2 * j + column, 2 * i + row), 0.4, **ring))
    return figure


def responses(
    images: np.ndarray, maps: np.ndarray, names: Sequence[str], title: str, filters: np.ndarray | None = None
) -> Figure:
    """Draw images, (n, H, W, 3), and to the right of each its maps, (n, F, H', W'), in grey.

    Each map is drawn on its own scale, from its smallest value (black) to its largest (white). In maps larger than
    8 x 8, two rows and columns on each side do not count, since zeros of the padding would reduce the contrast. The
    `filters`, (F, HH, WW, 3), if given, are drawn in a row above the maps.  names: those of the F columns of maps.
    """
    rows, columns = len(images) + (filters is not None), 1 + len(names)
    side = min(1.35, WIDTH / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(side * columns, side * rows + 0.7), squeeze=False)
    if filters is not None:
        for axis, weights in zip(axes[0, 1:], filters, strict=True):
            axis.imshow(as_image(127.5 + 127.5 * weights / (np.abs(weights).max() or 1)))
    for line, image, channels in zip(axes[-len(images) :], images, maps, strict=True):
        line[0].imshow(as_image(image))
        for axis, channel in zip(line[1:], channels, strict=True):
            inside = channel[2:-2, 2:-2] if min(channel.shape) > 8 else channel
            axis.imshow(channel, cmap="gray", vmin=inside.min(), vmax=inside.max())
    for axis, name in zip(axes[0], ("image" if filters is None else "", *names), strict=True):
        axis.set_title(name, fontsize=9)
    for axis in axes.ravel():
        _bare(axis)
    figure.suptitle(title)
    return figure


def filter_places(cases: Sequence[tuple[int, int, int, int]]) -> Figure:
    """Draw, for each (size, extent, stride, pad), a row of pixels with its padding, and the filter's positions below.

    Padding is shown as 0. The pixels or zeros to the right of the last position are hatched.
    """
    counts = [1 + (size + 2 * pad - extent) // stride for size, extent, stride, pad in cases]
    figure, axes = plt.subplots(1, len(cases), figsize=(2.6 * len(cases), 0.26 * max(counts) + 1.6), squeeze=False)
    for axis, (size, extent, stride, pad), places in zip(axes[0], cases, counts, strict=True):
        end = (places - 1) * stride - pad + extent
        for pixel in range(-pad, size + pad):
            inside = 0 <= pixel < size
            style = {"facecolor": PALETTE[4] if inside else "white", "edgecolor": "black"}
            style |= {"hatch": "////"} if pixel >= end else {}
            axis.add_patch(plt.Rectangle((pixel, 0), 0.94, 0.94, **style))
            if not inside:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
                axis.text(pixel + 0.47, 0.5, "0", ha="center", va="center", fontsize=8, bbox=box)
        for place in range(places):
            left = place * stride - pad
            axis.plot([left + 0.05, left + extent - 0.1], [1.7 + 0.7 * place] * 2, color=PALETTE[3], linewidth=3)
        axis.set(xlim=(-pad - 0.3, size + pad + 0.3), ylim=(1.7 + 0.7 * max(counts), -0.5))
        axis.set_title(f"stride {stride}, pad {pad}: {places} positions", fontsize=10)
        axis.set_xlabel(f"{size} pixels, a filter of {extent}")
        _bare(axis)
    told = "More padding gives more positions (orange), and a larger stride fewer; the rest on the right is hatched"
    figure.suptitle(told)
    return figure


def normalised_together(N: int = 4, C: int = 6, G: int = 3) -> Figure:
    """Draw a batch as a table, one row per image and one column per channel, once for each kind of normalisation.

    Each cell is an H x W map; cells with the same letter share a mean.
    """
    image, channel = np.mgrid[:N, :C]
    ways = {
        "spatial batch norm:\none mean for each channel": channel,
        "layer norm:\none mean for each image": image,
        f"group norm, G = {G}:\none mean for each image and group": image * G + channel * G // C,
    }
    figure, axes = plt.subplots(1, len(ways), figsize=(3.1 * len(ways), 2.9))
    for axis, (name, together) in zip(axes, ways.items(), strict=True):
        for (i, j), group in np.ndenumerate(together):
            colour = PALETTE[group % 7]
            axis.add_patch(plt.Rectangle((j, i), 0.94, 0.94, facecolor=colour, alpha=0.55, edgecolor="black"))
            axis.text(j + 0.47, i + 0.5, chr(ord("a") + group), ha="center", va="center", fontsize=9)
        axis.set(xlim=(-0.2, C + 0.2), ylim=(N + 0.2, -0.2), xlabel="channel", ylabel="image", aspect="equal")
        axis.set_title(name, fontsize=10)
        _bare(axis)
    figure.suptitle("Cells with the same letter share one mean, over all their H × W positions")
    return figure


def standings(results: Mapping[str, Mapping[str, float]], title: str) -> Figure:
    """Draw {data set: {classifier: accuracy}}, for up to two data sets, as dots, in one row for each classifier.

    The dots of the first data set are larger and behind those of the second, so both can be seen if they coincide.
    """
    names = list(dict.fromkeys(name for accuracies in results.values() for name in accuracies))
    names.sort(key=lambda name: max(accuracies.get(name, 0) for accuracies in results.values()))
    figure, axis = plt.subplots(figsize=(8.5, 1.7 + 0.42 * len(names)))
    colours = dict(zip(results, (BLUE, ORANGE), strict=False))
    for (where, accuracies), marker, size in zip(results.items(), "oD", (110, 35), strict=False):
        rows = [names.index(name) for name in accuracies]
        style = {"color": colours[where], "marker": marker, "label": where}
        axis.scatter(list(accuracies.values()), rows, s=size, zorder=3, **style)
    for row, name in enumerate(names):
        found = sorted((accuracies[name], where) for where, accuracies in results.items() if name in accuracies)
        for (accuracy, where), side in zip(reversed(found), (1, -1), strict=False):  # to the right, then to the left
            style = {"textcoords": "offset points", "ha": "left" if side > 0 else "right", "color": colours[where]}
            axis.annotate(f"{accuracy:.3f}", (accuracy, row), (8 * side, 0), va="center", fontsize=9, **style)
    axis.axvline(0.1, color="black", linestyle="--", linewidth=1)
    axis.annotate("guessing", (0.1, 0), xytext=(4, -4), textcoords="offset points", fontsize=9, va="top")
    axis.set_yticks(range(len(names)), names)
    axis.set(xlabel="accuracy", ylim=(-0.6, len(names) - 0.4))
    axis.set_xlim(0, 1.12 * axis.dataLim.x1)  # room for the number of the best
    axis.grid(axis="y", alpha=0.3)
    figure.legend(loc="outside lower center", ncols=2)
    figure.suptitle(title)
    return figure


def _bare(axis: Axes) -> None:
    """Remove ticks and frame from the axes."""
    axis.set_xticks([])
    axis.set_yticks([])
    axis.spines[:].set_visible(False)
