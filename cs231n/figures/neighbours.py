"""Figures of the notebook on nearest neighbours: distances, splits and votes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from cs231n.labels import as_labels
from cs231n.vis_utils import BLUE, LINES, ORANGE, PALETTE, as_image, picture_row, show_images


def distance_matrix(dists: np.ndarray, X_test: np.ndarray, X_train: np.ndarray) -> Figure:
    """Draw a selection of the distances between images, (num_test, num_train); bright means far.

    Rows and columns are sorted by their mean distance; 100 rows and 200 columns, evenly spaced, are drawn. Next to them
    are the images of the first and last row and column. X_test: (num_test, 3072) images.  X_train: (num_train, 3072).
    """
    rows, columns = (np.argsort(dists.mean(axis=axis), kind="stable") for axis in (1, 0))
    rows, columns = (order[np.linspace(0, len(order) - 1, n).astype(int)] for order, n in ((rows, 100), (columns, 200)))
    drawn = dists[np.ix_(rows, columns)]
    figure, axis = plt.subplots(figsize=(9, 4.2))
    low, high = np.percentile(drawn, (1, 99))  # a few extreme pairs would reduce the contrast of all others
    shown = axis.imshow(drawn, aspect="auto", extent=(0, 1, 1, 0), vmin=low, vmax=high)
    axis.set(
        title="Some images are far from almost all others: bright rows and columns",
        xlabel=f"{len(columns)} training images, sorted by mean distance",
        ylabel=f"{len(rows)} test images, sorted by mean distance",
    )
    axis.set_xticks([])
    axis.set_yticks([])
    figure.colorbar(shown, ax=axis, label="L2 distance (bright: far)", extend="both")
    for name, image, corner in (
        ("first row", X_test[rows[0]], (-0.17, 0.76)),
        ("last row", X_test[rows[-1]], (-0.17, 0.0)),
        ("first column", X_train[columns[0]], (0.01, -0.36)),
        ("last column", X_train[columns[-1]], (0.89, -0.36)),
    ):
        small = axis.inset_axes((*corner, 0.1, 0.22))
        small.imshow(as_image(image))
        small.set_title(name, fontsize=9)
        small.set(xticks=[], yticks=[])
        small.spines[:].set(visible=True, color="0.6")
    return figure


def turned_axes(p: np.ndarray, q: np.ndarray, degrees: np.ndarray, lengths: Mapping[str, np.ndarray]) -> Figure:
    """Draw two points, p and q, with axes turned by 75 degrees, and their distances against the angle of the axes.

    lengths: {name: distances, one for each of `degrees`}, for L1 and L2.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), width_ratios=(1, 1.5))
    turn = np.radians(75)
    across = np.array([np.cos(turn), np.sin(turn)])
    corner = p + across * (across @ (q - p))
    for axis in (across, np.array([-across[1], across[0]])):
        left.axline((0, 0), tuple(axis), color="0.7", linewidth=1)
    beside = {"textcoords": "offset points", "va": "center"}
    left.plot(*np.stack([p, corner, q]).T, color=PALETTE[0])
    left.annotate("L1: along the axes", corner, xytext=(6, 6), color=BLUE, **beside)
    left.plot(*np.stack([p, q]).T, "--", color=PALETTE[3])
    left.annotate("L2: straight", (p + q) / 2, xytext=(6, -8), color=ORANGE, **beside)
    left.plot(*np.stack([p, q]).T, "o", color="black")
    left.set(title="Axes turned by 75 degrees", xlim=(-1, 5.2), ylim=(-1, 4.2), aspect="equal", xlabel="x", ylabel="y")
    for (name, values), dash in zip(lengths.items(), ("-", "--"), strict=True):
        right.plot(degrees, values, dash)
        right.annotate(name, (degrees[-1], values[-1]), xytext=(5, 0), textcoords="offset points", va="center")
    right.set(title="L1 depends on the axes, L2 does not", xlabel="angle of the axes (degrees)", ylabel="distance")
    right.set_ylim(bottom=0)
    right.set_xticks(range(0, 181, 45))
    right.grid(alpha=0.3)
    return figure


def distances_from(original: np.ndarray, variants: Mapping[str, np.ndarray], lengths: Mapping[str, float]) -> Figure:
    """Draw an image and, next to it, other images, with bars for their distances from it.

    variants: {name: image}, the last one of another class.  lengths: {name: distance}, in the same order.
    """
    figure, axes = plt.subplots(2, 1 + len(variants), figsize=(8.5, 4), height_ratios=(1.2, 1), squeeze=False)
    picture_row(axes[0], [original, *variants.values()], ["the original", *variants])
    grid = axes[1, 0].get_gridspec()
    for axis in axes[1]:
        axis.remove()
    axis = figure.add_subplot(grid[1, :])
    names = list(lengths)
    colours = [PALETTE[0]] * (len(names) - 1) + [PALETTE[3]]
    axis.bar_label(axis.barh(names, list(lengths.values()), color=colours), fmt="{:,.0f}", padding=3)
    axis.axvline(lengths[names[-1]], color="black", linestyle="--", linewidth=1)
    axis.invert_yaxis()
    axis.margins(x=0.1)
    axis.set(xlabel="L2 distance from the original")
    farther, of_all = sum(length > lengths[names[-1]] for length in lengths.values()), len(names) - 1
    share = f"All {of_all}" if farther == of_all else f"{farther} of {of_all}"
    figure.suptitle(f"{share} variants are farther from the original than an image of another class")
    return figure


def distance_histograms(distances: Mapping[int, np.ndarray]) -> Axes:
    """Draw {number of dimensions: distances, divided by the largest} as histograms, each with its highest bar at 1."""
    _, axis = plt.subplots()
    for (D, values), colour in zip(distances.items(), LINES, strict=False):
        shares, edges = np.histogram(values, np.linspace(0, 1, 61))
        axis.stairs(shares / shares.max(), edges, color=colour, fill=True, alpha=0.25)
        axis.stairs(shares / shares.max(), edges, color=colour, linewidth=1.8)
        axis.text(np.median(values), 1.03, f"D = {D:,}", ha="center", va="bottom")
    axis.set(
        title="The more dimensions, the more alike all distances are",
        xlabel="distance, as a share of the largest",
        ylabel="frequency (highest bar: 1)",
        ylim=(0, 1.15),
    )
    return axis


def cross_validation(accuracies: Mapping[float, Sequence[float]], xlabel: str = "k") -> Axes:
    """Draw {choice: accuracy of each fold}, the means with error bars of one standard deviation, and the best mean.

    The dots of the folds are to the right of the error bar, side by side in the order of the folds.
    """
    choices = sorted(accuracies)
    means, spreads = ([float(f(accuracies[choice])) for choice in choices] for f in (np.mean, np.std))
    best = int(np.argmax(means))
    figure, axis = plt.subplots()
    dot = {"s": 16, "color": PALETTE[3], "edgecolor": "white", "linewidth": 0.4, "zorder": 3.5}
    for fold, values in enumerate(zip(*(accuracies[choice] for choice in choices), strict=True)):
        right = ScaledTranslation((4 + 1.7 * fold) / 72, 0, figure.dpi_scale_trans)
        axis.scatter(choices, values, transform=axis.transData + right, **dot)
        axis.update_datalim(list(zip(choices, values, strict=True)))  # it leaves out what has a transform of its own
    axis.errorbar(
        choices, means, yerr=spreads, marker="o", capsize=3, color=PALETTE[0], label="mean ± one std", zorder=3
    )
    axis.scatter([], [], label="one fold", **dot)
    ring = {"s": 130, "facecolor": "none", "edgecolor": "black", "linewidth": 1.5, "zorder": 4}
    axis.scatter(choices[best], means[best], label="best mean", **ring)
    title = f"Cross-validation: {xlabel} = {choices[best]:g} has the best mean, {means[best]:.3f}"
    axis.set(title=title, xlabel=xlabel, ylabel="accuracy", xscale="log")
    axis.set_xticks(choices, [str(choice) for choice in choices])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    figure.legend(loc="outside lower center", ncols=3)  # outside, so that its markers are not taken for points
    return axis


def data_splits() -> Figure:
    """Draw four ways to split a data set for training, validation and testing, from wrong to right."""
    held_out = ("test, once", 2, 3)
    ways = [
        ("1. choose on the training data", [("train = choose", 10, 0)]),
        ("2. choose on the test data", [("train", 8, 0), ("test = choose", 2, 3)]),
        ("3. choose on a validation set", [("train", 6, 0), ("validate", 2, 1), held_out]),
    ]
    for turn in range(5):
        folds = [("validate" if n == turn else f"fold {n + 1}", 1.6, int(n == turn)) for n in range(5)]
        ways.append(
            ("4. 5-fold cross-validation" if turn == 0 else "average of five rounds" if turn == 4 else "", folds)
        )
    ways[3][1].append(held_out)
    figure, axis = plt.subplots(figsize=(8.4, 3.6))
    for row, (_, parts) in enumerate(ways):
        start = 0.0
        for label, width, colour in parts:
            axis.barh(row, width, left=start, color=PALETTE[colour], alpha=0.55, edgecolor="white", height=0.8)
            axis.text(start + width / 2, row, label, ha="center", va="center", fontsize=9)
            start += width
    axis.set_yticks(range(len(ways)), [name for name, _ in ways])
    axis.invert_yaxis()
    axis.set_xticks([])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set(title="Ways to choose a hyperparameter, from wrong to right", xlabel="all the examples you have")
    return figure


def neighbours(
    dists, rows, X_test, y_test, X_train, y_train, class_names, verdict: str, k: int = 5, count: int = 5
) -> Figure:
    """Draw the test images `rows` of a (num_test, num_train) distance table, each with its nearest training images.

    Above the test image are its class and the result of the vote of the k nearest; above each of the first `count`
    neighbours are its class and distance, with a tick if the class is that of the test image, and a cross if not.
    The title says that the classifier gets these images `verdict`, for example "wrong".
    """
    y_test = as_labels(y_test, len(X_test), "y_test", len(class_names))
    y_train = as_labels(y_train, len(X_train), "y_train", len(class_names))
    pictures, titles = [], []
    for i in rows:
        nearest = np.argsort(dists[i], kind="stable")[:k]
        votes = np.bincount(y_train[nearest], minlength=len(class_names))
        said = int(votes.argmax())
        pictures += [X_test[i], *X_train[nearest[:count]]]
        vote = f"{class_names[said]}\n{votes[said]} of {len(nearest)} votes"
        titles.append(f"true: {class_names[y_test[i]]}\npredicted: {vote}")
        for j in nearest[:count]:
            tick = "✓" if y_train[j] == y_test[i] else "✗"
            titles.append(f"{tick} {class_names[y_train[j]]}\n{dists[i, j]:,.0f}")
    title = f"Test images that the classifier gets {verdict}, with their nearest training images and distances"
    return show_images(pictures, titles, title, columns=1 + min(count, k), size=1.5)
