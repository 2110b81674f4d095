"""Figures of the course, in one style: every one has a title and labels and reads without colour vision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")  # Okabe and Ito
MARKERS = "osD^vPX*"
STYLE = {
    "axes.prop_cycle": plt.cycler(color=PALETTE),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.labelsize": 10,
    "figure.dpi": 90,
    "figure.figsize": (7, 3.6),
    "figure.constrained_layout.use": True,
    "font.size": 10,
    "image.cmap": "cividis",
    "image.interpolation": "nearest",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
}


def use_style() -> None:
    """Set the figure style for this session."""
    plt.rcParams.update(STYLE)


def as_image(array: np.ndarray) -> np.ndarray:
    """Return an image ready to draw, (32, 32, 3) uint8, from (32, 32, 3) or flattened (3072,), values 0 to 255."""
    image = np.asarray(array).reshape(32, 32, 3) if np.ndim(array) == 1 else np.asarray(array)
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


def show_images(images: Sequence, titles: Sequence[str], suptitle: str, columns: int = 8, size: float = 1.25) -> Figure:
    """Draw images in rows of `columns`, each under its own title."""
    rows = -(-len(images) // columns)
    lines = 1 + max((title.count("\n") for title in titles), default=0)
    height = (size + 0.12 + 0.16 * lines) * rows + 0.3
    figure, axes = plt.subplots(rows, columns, figsize=(size * columns, height), squeeze=False)
    for axis in axes.ravel():
        axis.axis("off")
    for axis, image, title in zip(axes.ravel(), images, titles, strict=False):
        axis.imshow(as_image(image))
        axis.set_title(title, fontsize=9)
    figure.suptitle(suptitle)
    return figure


def sample_grid(X: np.ndarray, y: np.ndarray, class_names: Sequence[str], per_class: int = 10) -> Figure:
    """Draw the first `per_class` images of every class, one class a row. X: (N, 32, 32, 3), y: (N,).

    Where a class has fewer, its row ends in white.
    """
    grid = np.full((32 * len(class_names), 32 * per_class, 3), 255, dtype=np.uint8)
    for label in range(len(class_names)):
        for number, image in enumerate(as_image_row(X[y == label][:per_class])):
            grid[32 * label : 32 * (label + 1), 32 * number : 32 * (number + 1)] = image
    figure, axis = plt.subplots(figsize=(0.7 * per_class + 1.2, 0.7 * len(class_names) + 0.4))
    axis.imshow(grid)
    axis.set_yticks(32 * np.arange(len(class_names)) + 16, class_names)
    axis.set_xticks([])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set(title=f"The first {per_class} training images of each class")
    return figure


def as_image_row(images: np.ndarray) -> list[np.ndarray]:
    """Return images with a white line between them."""
    padded = np.full((len(images), 32, 32, 3), 255, dtype=np.uint8)
    for target, image in zip(padded, images, strict=True):
        target[1:-1, 1:-1] = as_image(image)[1:-1, 1:-1]
    return list(padded)


def distance_matrix(dists: np.ndarray, X_test: np.ndarray, X_train: np.ndarray) -> Figure:
    """Draw distances, (num_test, num_train), between a spread of images: bright is far.

    Of the rows and columns, sorted by their mean distance, 100 and 200 are drawn; next to them are the images of the
    nearest and the farthest row and column. X_test, (num_test, 3072), and X_train, (num_train, 3072): the images.
    """
    rows, columns = (np.argsort(dists.mean(axis=axis), kind="stable") for axis in (1, 0))
    rows, columns = (order[np.linspace(0, len(order) - 1, n).astype(int)] for order, n in ((rows, 100), (columns, 200)))
    drawn = dists[np.ix_(rows, columns)]
    figure, axis = plt.subplots(figsize=(9, 4.2))
    shown = axis.imshow(drawn, aspect="auto", extent=(0, 1, 1, 0))
    axis.set(
        title="Rows and columns far from everything are bright from end to end",
        xlabel=f"{len(columns)} training images, by their mean distance",
        ylabel=f"{len(rows)} test images, by their mean distance",
    )
    axis.set_xticks([])
    axis.set_yticks([])
    figure.colorbar(shown, ax=axis, label="L2 distance (bright: far)")
    for image, corner in (
        (X_test[rows[0]], (-0.16, 0.78)),
        (X_test[rows[-1]], (-0.16, 0.0)),
        (X_train[columns[0]], (0.0, -0.32)),
        (X_train[columns[-1]], (0.9, -0.32)),
    ):
        small = axis.inset_axes((*corner, 0.1, 0.22))
        small.imshow(as_image(image))
        small.set_axis_off()
    return figure


def turned_axes(p: np.ndarray, q: np.ndarray, degrees: np.ndarray, lengths: Mapping[str, np.ndarray]) -> Figure:
    """Draw two points of the plane with axes turned by 75 degrees, and their L1 and L2 distance over all angles."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), width_ratios=(1, 1.5))
    turn = np.radians(75)
    across = np.array([np.cos(turn), np.sin(turn)])
    corner = p + across * (across @ (q - p))
    for axis in (across, np.array([-across[1], across[0]])):
        left.axline((0, 0), tuple(axis), color="0.7", linewidth=1)
    left.plot(*np.stack([p, corner, q]).T, color=PALETTE[0], label="L1: along the axes")
    left.plot(*np.stack([p, q]).T, "--", color=PALETTE[1], label="L2: straight")
    left.plot(*np.stack([p, q]).T, "o", color="black")
    left.set(title="Axes turned by 75 degrees", xlim=(-1, 5.2), ylim=(-1, 4.2), aspect="equal", xlabel="x", ylabel="y")
    left.legend(loc="upper left", fontsize=8)
    for (name, values), dash in zip(lengths.items(), ("-", "--"), strict=True):
        right.plot(degrees, values, dash)
        right.annotate(name, (degrees[-1], values[-1]), xytext=(5, 0), textcoords="offset points", va="center")
    right.set(title="L1 depends on the axes, L2 does not", xlabel="angle of the axes (degrees)", ylabel="distance")
    right.set_ylim(bottom=0)
    right.set_xticks(range(0, 181, 45))
    right.grid(alpha=0.3)
    return figure


def distances_from(original: np.ndarray, variants: Mapping[str, np.ndarray], lengths: Mapping[str, float]) -> Figure:
    """Draw an image, variants of it and another image, the last one, and how far each is from the original, as bars."""
    figure, axes = plt.subplots(2, 1 + len(variants), figsize=(8.5, 4), height_ratios=(1.2, 1), squeeze=False)
    _picture_row(axes[0], [original, *variants.values()], ["the original", *variants])
    grid = axes[1, 0].get_gridspec()
    for axis in axes[1]:
        axis.remove()
    axis = figure.add_subplot(grid[1, :])
    names = list(lengths)
    colours = [PALETTE[0]] * (len(names) - 1) + [PALETTE[1]]
    axis.bar_label(axis.barh(names, list(lengths.values()), color=colours), fmt="{:,.0f}", padding=3)
    axis.axvline(lengths[names[-1]], color=PALETTE[1], linestyle="--", linewidth=1)
    axis.invert_yaxis()
    axis.margins(x=0.1)
    axis.set(xlabel="L2 distance from the original")
    farther = sum(length > lengths[names[-1]] for length in lengths.values())
    figure.suptitle(f"{farther} of {len(names) - 1} variants are farther away than another image")
    return figure


def distance_histograms(distances: Mapping[int, np.ndarray]) -> Axes:
    """Draw how distances, {dimensions: as shares of the largest}, are spread between 0 and 1."""
    _, axis = plt.subplots()
    for (D, values), dash in zip(distances.items(), ("-", "--", "-."), strict=False):
        shares, edges = np.histogram(values, np.linspace(0, 1, 101))
        axis.stairs(shares / shares.max(), edges, label=f"D = {D:,}", linestyle=dash, linewidth=1.8)
    axis.set(
        title="The more dimensions, the more alike all distances",
        xlabel="distance, as a share of the largest",
        ylabel="how many (highest bar: 1)",
    )
    axis.legend()
    return axis


def curves(x: Sequence[float], lines: Mapping[str, Sequence[float]], title: str, xlabel: str, ylabel: str) -> Axes:
    """Draw named curves over x, told apart by colour and marker."""
    _, axis = plt.subplots()
    for (name, values), marker in zip(lines.items(), MARKERS, strict=False):
        axis.plot(x, values, marker=marker, markersize=4, markevery=max(1, len(values) // 15), label=name)
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    if len(lines) > 1:
        axis.legend()
    return axis


def cross_validation(accuracies: Mapping[float, Sequence[float]], xlabel: str = "k") -> Axes:
    """Draw every fold's accuracy, their mean with an error bar of one standard deviation, and the best mean."""
    choices = sorted(accuracies)
    means, spreads = ([float(f(accuracies[choice])) for choice in choices] for f in (np.mean, np.std))
    best = int(np.argmax(means))
    _, axis = plt.subplots()
    for choice in choices:
        folds = accuracies[choice]
        axis.scatter([choice] * len(folds), folds, s=14, color=PALETTE[4], zorder=2)
    axis.errorbar(
        choices, means, yerr=spreads, marker="o", capsize=3, color=PALETTE[0], label="mean ± one std", zorder=3
    )
    axis.scatter([], [], s=14, color=PALETTE[4], label="one fold")
    ring = {"s": 130, "facecolor": "none", "edgecolor": "black", "linewidth": 1.5, "zorder": 4}
    axis.scatter(choices[best], means[best], label="best mean", **ring)
    title = f"Cross-validation: {xlabel} = {choices[best]:g} has the best mean, {means[best]:.3f}"
    axis.set(title=title, xlabel=xlabel, ylabel="accuracy", xscale="log")
    axis.set_xticks(choices, [str(choice) for choice in choices])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    axis.legend()
    return axis


def decision_regions(
    axis: Axes, predict: Callable, X: np.ndarray, y: np.ndarray, title: str, names: Sequence[str] | None = None
) -> None:
    """Colour the plane by predict((M, 2) points) -> (M,) labels, and draw the points X, (N, 2), with their labels y.

    With `names` of the labels, there is a legend.
    """
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    across, up = (np.linspace(low[i], high[i], 120) for i in range(2))
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = np.asarray(predict(points)).reshape(len(up), len(across))
    labels = np.unique(y)
    levels = np.append(labels, labels[-1] + 1) - 0.5
    axis.contourf(across, up, regions, levels=levels, colors=PALETTE[: len(labels)], alpha=0.3)
    for label, colour, marker in zip(labels, PALETTE, MARKERS, strict=False):
        name = names[label] if names else None
        axis.scatter(*X[y == label].T, s=16, color=colour, marker=marker, edgecolor="white", linewidth=0.4, label=name)
    axis.set(title=title, xlabel="$x_1$", ylabel="$x_2$")
    if names:
        axis.legend(loc="upper left", frameon=True, fontsize=8, handletextpad=0.2)


def data_splits() -> Figure:
    """Draw four ways to split a data set, from wrong to right: what is trained on, validated on and tested on."""
    held_out = ("test, once", 2, 3)
    ways = [
        ("1. choose on the training data", [("train = choose", 10, 0)]),
        ("2. choose on the test data", [("train", 8, 0), ("test = choose", 2, 3)]),
        ("3. choose on a validation set", [("train", 6, 0), ("validate", 2, 1), held_out]),
    ]
    for turn in range(5):
        folds = [("validate" if n == turn else f"fold {n + 1}", 1.6, int(n == turn)) for n in range(5)]
        ways.append(
            ("4. 5-fold cross-validation" if turn == 0 else "average of five turns" if turn == 4 else "", folds)
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


def bars(values: Mapping[str, float], title: str, ylabel: str, baseline: tuple[str, float] | None = None) -> Axes:
    """Draw one bar for each name, with its value above it, and a dashed line at the (name, value) of a baseline."""
    _, axis = plt.subplots(figsize=(1.2 + 1.4 * len(values), 3.2))
    drawn = axis.bar(list(values), list(values.values()), color=PALETTE[0], width=0.6)
    axis.bar_label(drawn, [f"{value:.3g}" for value in values.values()], padding=2)
    if baseline:
        axis.axhline(baseline[1], color="black", linestyle="--", linewidth=1)
        axis.annotate(baseline[0], (1, baseline[1]), xycoords=("axes fraction", "data"), ha="right", va="bottom")
    axis.margins(y=0.15)
    axis.set(title=title, ylabel=ylabel)
    return axis


def times(seconds: Mapping[str, float], work: str) -> Axes:
    """Draw how long ways of doing the same work took, as bars from 0; the title has the ratio of last and first."""
    names, values = list(seconds), np.array(list(seconds.values()))
    ratio = values[0] / values[-1]
    found = f"{ratio:.3g} times faster" if ratio >= 1 else f"{1 / ratio:.3g} times slower"
    _, axis = plt.subplots(figsize=(7, 0.9 + 0.45 * len(names)))
    drawn = axis.barh(names, values, color=PALETTE[0], height=0.6)
    axis.bar_label(drawn, [f"{value:.3g} s" for value in values], padding=3)
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.set(title=f"{work}: {names[-1]} {found} than {names[0]}", xlabel="seconds")
    return axis


def neighbours(
    dists, rows, X_test, y_test, X_train, y_train, class_names, verdict: str, k: int = 5, count: int = 5
) -> Figure:
    """Draw the test images `rows` of a (num_test, num_train) distance table, each with its nearest training images.

    At the left, what the k nearest vote for; under each of the first `count` neighbours its class and distance, with
    a tick where the class is the test image's.
    """
    pictures, titles = [], []
    for i in rows:
        nearest = np.argsort(dists[i], kind="stable")[:k]
        votes = np.bincount(y_train[nearest], minlength=len(class_names))
        said = int(votes.argmax())
        pictures += [X_test[i], *X_train[nearest[:count]]]
        titles.append(f"{class_names[y_test[i]]}, said {class_names[said]}\n({votes[said]} of {len(nearest)} votes)")
        for j in nearest[:count]:
            tick = "✓" if y_train[j] == y_test[i] else "✗"
            titles.append(f"{tick} {class_names[y_train[j]]}\n{dists[i, j]:,.0f}")
    title = f"Test images it gets {verdict}, and their nearest training images with their distances"
    return show_images(pictures, titles, title, columns=1 + min(count, k), size=1.5)


def visualize_grid(Xs: np.ndarray, ubound: float = 255.0, padding: int = 1) -> np.ndarray:
    """Lay out images, (N, H, W, C), in a square grid; return it as one (rows, columns, C) array from 0 to ubound.

    Every image is stretched to the full range by itself; `padding` black pixels stand between them.
    """
    N, H, W, C = Xs.shape
    side = int(np.ceil(np.sqrt(N)))
    grid = np.zeros((side * (H + padding) - padding, side * (W + padding) - padding, C))
    low, high = Xs.min(axis=(1, 2, 3), keepdims=True), Xs.max(axis=(1, 2, 3), keepdims=True)
    stretched = ubound * (Xs - low) / np.where(high > low, high - low, 1)
    for number, image in enumerate(stretched):
        top, left = (number // side) * (H + padding), (number % side) * (W + padding)
        grid[top : top + H, left : left + W] = image
    return grid


def templates(W: np.ndarray, names: Sequence[str], title: str, columns: int = 5) -> Figure:
    """Draw the columns of W, (3072 or more, C), as images: what each class looks for. Further rows (bias) are left out.

    Grey is 0; all templates of a figure share one scale.
    """
    weights = np.asarray(W)[:3072].T.reshape(-1, 32, 32, 3)
    scale = np.percentile(np.abs(weights), 99.5) or 1.0
    return show_images(list(127.5 + 127.5 * weights / scale), names, title, columns, size=1.6)


def loss_curves(histories: Mapping[str, Sequence[float]], title: str, smooth: int = 1) -> Axes:
    """Draw losses over iterations; with `smooth` > 1 their running mean, which forgets over so many iterations.

    The mean is exponential and starts from the first value: with q = 1 - 1/smooth it is
    m_t = sum_s q^(t-s) loss_s / sum_s q^(t-s). The raw values are behind it in a pale line.
    """
    _, axis = plt.subplots()
    for (name, losses), colour, dash in zip(histories.items(), PALETTE, ("-", "--", "-.", ":") * 2, strict=False):
        if smooth > 1:
            axis.plot(losses, color=colour, alpha=0.2, linewidth=0.8)
        axis.plot(running_mean(losses, smooth), dash, color=colour, label=name)
    axis.set(title=title, xlabel="iteration", ylabel="loss")
    axis.grid(alpha=0.3)
    if len(histories) > 1:
        axis.legend()
    return axis


def running_mean(values: Sequence[float], span: float) -> np.ndarray:
    """Exponentially weighted mean of all values so far; one that is `span` steps old counts 1/e of the newest."""
    keep = max(0.0, 1 - 1 / span)
    means, total, weight = [], 0.0, 0.0
    for value in values:
        total, weight = keep * total + value, keep * weight + 1
        means.append(total / weight)
    return np.array(means)


def heat_map(values: np.ndarray, rows: Sequence, columns: Sequence, title: str, ylabel: str, xlabel: str) -> Axes:
    """Draw a table of numbers, (len(rows), len(columns)), each written in its cell: a search over two hyperparameters.

    The best cell is framed. A cell that is not a number (a training that diverged) is hatched.
    """
    values = np.ma.masked_invalid(np.asarray(values, dtype=float))
    _, axis = plt.subplots(figsize=(1.6 + 0.95 * len(columns), 1.3 + 0.5 * len(rows)))
    axis.patch.set(hatch="///", edgecolor="grey")
    drawn = axis.imshow(values, aspect="auto")
    middle = (values.min() + values.max()) / 2
    for (i, j), value in np.ndenumerate(values.filled(np.nan)):
        text, colour = (
            (f"{value:.3f}", "black" if value > middle else "white") if value == value else ("diverged", "black")
        )
        axis.text(j, i, text, ha="center", va="center", color=colour, fontsize=9)
    if values.count():
        i, j = np.unravel_index(values.argmax(), values.shape)
        axis.add_patch(plt.Rectangle((j - 0.47, i - 0.45), 0.94, 0.9, fill=False, edgecolor=PALETTE[3], linewidth=3))
        title += f": best {values.max():.3f}"
    axis.set_xticks(range(len(columns)), [f"{column:g}" for column in columns])
    axis.set_yticks(range(len(rows)), [f"{row:g}" for row in rows])
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.figure.colorbar(drawn, ax=axis, label="validation accuracy")
    return axis


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, names: Sequence[str], title: str) -> Axes:
    """Draw what share of each class (row, in %) was called what (column).

    The diagonal, what is right, is grey; colour is for confusions, the three most frequent of them framed.
    """
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (y_true, y_pred), 1)
    percent = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure, axis = plt.subplots(figsize=(6.2, 5.2))
    right = np.eye(len(names), dtype=bool)
    confusions = np.ma.masked_array(percent, right)
    axis.patch.set_facecolor("0.9")
    drawn = axis.imshow(confusions, cmap="Oranges", vmin=0)
    middle = confusions.max() / 2
    for (i, j), share in np.ndenumerate(percent):
        colour = "white" if i != j and share > 1.3 * middle else "black"
        weight = "bold" if i == j else "normal"
        axis.text(j, i, f"{share:.0f}", ha="center", va="center", color=colour, fontsize=8, weight=weight)
    for place in np.argsort(-confusions.filled(-1), axis=None)[: min(3, len(names))]:
        i, j = np.unravel_index(place, percent.shape)
        axis.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=1.8))
    axis.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axis.set_yticks(range(len(names)), names)
    axis.set(
        title=f"{title}: {np.mean(np.asarray(y_true) == y_pred):.0%} right", xlabel="predicted", ylabel="true class"
    )
    figure.colorbar(drawn, ax=axis, label="% of the true class (framed: the three largest)")
    return axis


def mistakes(X: np.ndarray, y_true: np.ndarray, y_pred: np.ndarray, names: Sequence[str], count: int = 16) -> Figure:
    """Draw the first misclassified images, each with what it was called and what it is."""
    wrong = np.flatnonzero(np.asarray(y_pred) != np.asarray(y_true))[:count]
    titles = [f"{names[y_pred[i]]}?\n{names[y_true[i]]}" for i in wrong]
    return show_images([X[i] for i in wrong], titles, "Mistakes: what it said, and what it is", columns=8)


def training_curves(loss_history, train_acc_history, val_acc_history, title: str) -> Figure:
    """Draw a training: loss over iterations, accuracy on training and validation data over epochs."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
    left.plot(loss_history, color=PALETTE[0], linewidth=0.6)
    left.set(title=f"{title}: loss", xlabel="iteration", ylabel="loss of the minibatch")
    right.plot(train_acc_history, "-o", markersize=3, label="training")
    right.plot(val_acc_history, "--s", markersize=3, label="validation")
    right.set(title=f"{title}: accuracy", xlabel="epoch", ylabel="accuracy")
    right.legend()
    for axis in (left, right):
        axis.grid(alpha=0.3)
    return figure


def template_grid(images: np.ndarray, title: str) -> Axes:
    """Draw (N, H, W, 3) arrays of any range, such as the weights of hidden units, in a square grid."""
    _, axis = plt.subplots(figsize=(5.2, 5.4))
    axis.imshow(visualize_grid(images, ubound=1.0))
    axis.set_axis_off()
    axis.set_title(title)
    return axis


def hue_histograms(images: np.ndarray, histograms: np.ndarray, names: Sequence[str]) -> Figure:
    """Draw images, (n, H, W, 3), and under each the histogram of its hues, (n, nbin), from red round to red."""
    histograms = np.asarray(histograms)
    nbin = histograms.shape[1]
    starts = np.arange(nbin) / nbin
    figure, axes = plt.subplots(2, len(images), figsize=(1.8 * len(images) + 0.4, 3.6), squeeze=False)
    _picture_row(axes[0], images, names)
    for axis, shares in zip(axes[1], histograms, strict=True):
        colours = plt.colormaps["hsv"](starts + 0.5 / nbin)
        axis.bar(starts, shares, 1 / nbin, align="edge", color=colours, edgecolor="black", linewidth=0.5)
        axis.set(xlabel="hue", xlim=(0, 1), ylim=(0, 1.05 * histograms.max()))
        axis.set_xticks([0, 1 / 3, 2 / 3], ["red", "green", "blue"], fontsize=8)
    axes[1, 0].set_ylabel("share of the pixels")
    figure.suptitle("Which hues there are")
    return figure


def hog_glyphs(images: np.ndarray, rows: Mapping[str, np.ndarray], names: Sequence[str], orientations=9) -> Figure:
    """Draw images, and under them features of hog_feature, {label: (n, F)}: strokes along the edges of each cell.

    A stroke's length is the strength of its direction, relative to the strongest one of the image.
    """
    size = 1.5
    shape = (1 + len(rows), len(images))
    figure, axes = plt.subplots(*shape, figsize=(size * shape[1] + 0.4, size * shape[0] + 0.6), squeeze=False)
    _picture_row(axes[0], images, names)
    for line, (label, features) in zip(axes[1:], rows.items(), strict=True):
        for axis, feature in zip(line, features, strict=True):
            _hog_strokes(axis, feature, orientations)
        line[0].set_ylabel(label)
    figure.suptitle("Which edges there are, and roughly where")
    return figure


def _hog_strokes(axis: Axes, feature: np.ndarray, orientations: int) -> None:
    cells = round(np.sqrt(len(feature) / orientations))
    strength = feature.reshape(cells, cells, orientations) / (np.max(feature) or 1)  # [row, column, direction]
    column, row = np.meshgrid(np.arange(cells), np.arange(cells))
    for k in range(orientations):
        angle = np.pi * ((k + 0.5) / orientations + 0.5)  # 90 degrees on from the gradient: along the edge
        dx, dy = 0.48 * np.cos(angle) * strength[..., k], 0.48 * np.sin(angle) * strength[..., k]
        ends = [[(column - dx).ravel(), (column + dx).ravel()], [(row - dy).ravel(), (row + dy).ravel()]]
        axis.plot(*ends, color=PALETTE[-1], linewidth=1.2)
    axis.set(xlim=(-0.5, cells - 0.5), ylim=(cells - 0.5, -0.5), aspect="equal")
    axis.set_xticks(np.arange(cells + 1) - 0.5, [])
    axis.set_yticks(np.arange(cells + 1) - 0.5, [])
    axis.tick_params(length=0)
    axis.grid(alpha=0.3)
    axis.spines[:].set_visible(False)


def _picture_row(axes: Sequence[Axes], images: np.ndarray, names: Sequence[str]) -> None:
    for axis, image, name in zip(axes, images, names, strict=True):
        axis.imshow(as_image(image))
        axis.set_axis_off()
        axis.set_title(name)


def accuracy_bars(results: Mapping[str, Sequence[float]], title: str) -> Axes:
    """Draw {classifier: (validation accuracy, test accuracy)} as pairs of bars, one classifier a line."""
    _, axis = plt.subplots(figsize=(7.5, 1.2 + 0.55 * len(results)))
    places = np.arange(len(results))
    for part, name in enumerate(("validation", "test")):
        values = [pair[part] for pair in results.values()]
        hatch = "" if part == 0 else "//"
        drawn = axis.barh(places + 0.38 * part, values, 0.36, label=name, hatch=hatch, edgecolor="white")
        axis.bar_label(drawn, [f"{value:.3f}" for value in values], padding=3, fontsize=9)
    axis.set_yticks(places + 0.19, list(results))
    axis.invert_yaxis()
    axis.margins(x=0.12)
    axis.set(title=title, xlabel="accuracy (guessing: 0.1)")
    axis.legend(loc="upper right")
    return axis
