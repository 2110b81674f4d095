"""Figures of the course, in one style: every one has a title and labels and reads without colour vision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.labels import as_labels

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
    """Set the figure style for this session: matplotlib's defaults, whatever the user's matplotlibrc says, and ours."""
    plt.style.use(["default", STYLE])


def as_image(array: np.ndarray) -> np.ndarray:
    """Return an image ready to draw, (32, 32, 3) uint8, from (32, 32, 3) or flattened (3072,), values 0 to 255."""
    image = np.asarray(array).reshape(32, 32, 3) if np.ndim(array) == 1 else np.asarray(array)
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


def show_images(images: Sequence, titles: Sequence[str], suptitle: str, columns: int = 8, size: float = 1.25) -> Figure:
    """Draw images in rows of `columns`, each under its own title."""
    rows = max(1, -(-len(images) // columns))
    figure, axes = plt.subplots(rows, columns, figsize=(size * columns, (size + 0.3) * rows + 0.3), squeeze=False)
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
    y = as_labels(y, len(X), "y", len(class_names))
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
    axis.set(title=f"The first {per_class} training images of each class", ylabel="class")
    return figure


def as_image_row(images: np.ndarray) -> list[np.ndarray]:
    """Return images with a white line between them."""
    padded = np.full((len(images), 32, 32, 3), 255, dtype=np.uint8)
    for target, image in zip(padded, images, strict=True):
        target[1:-1, 1:-1] = as_image(image)[1:-1, 1:-1]
    return list(padded)


def distance_matrix(dists: np.ndarray) -> Figure:
    """Draw distances, (num_test, num_train), as a picture: bright is far."""
    figure, axis = plt.subplots(figsize=(9, 2.9))
    low, high = np.percentile(dists, (1, 99))  # a few far-off images must not take all the colours
    drawn = axis.imshow(dists, aspect="auto", vmin=low, vmax=high)
    axis.set(title="Distances between test and training images", xlabel="training image", ylabel="test image")
    figure.colorbar(drawn, ax=axis, label="L2 distance (bright: far)", extend="both")
    return figure


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
    """Draw every fold's accuracy, and their mean with an error bar of one standard deviation."""
    choices = sorted(accuracies)
    _, axis = plt.subplots()
    for choice in choices:
        folds = accuracies[choice]
        axis.scatter([choice] * len(folds), folds, s=14, color=PALETTE[4], zorder=2)
    means = [np.mean(accuracies[choice]) for choice in choices]
    spreads = [np.std(accuracies[choice]) for choice in choices]
    axis.errorbar(
        choices, means, yerr=spreads, marker="o", capsize=3, color=PALETTE[0], label="mean ± one std", zorder=3
    )
    axis.scatter([], [], s=14, color=PALETTE[4], label="one fold")
    axis.set(title="Cross-validation", xlabel=xlabel, ylabel="accuracy", xscale="log")
    axis.set_xticks(choices, [str(choice) for choice in choices])
    axis.minorticks_off()
    axis.grid(alpha=0.3)
    axis.legend()
    return axis


def decision_regions(axis: Axes, predict: Callable, X: np.ndarray, y: np.ndarray, title: str) -> None:
    """Colour the plane by predict((M, 2) points) -> (M,) labels, and draw the points X, (N, 2), with their labels y."""
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    across, up = (np.linspace(low[i], high[i], 120) for i in range(2))
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = np.asarray(predict(points)).reshape(len(up), len(across))
    y = as_labels(y, len(X))
    labels = np.unique(y)
    levels = np.append(labels, labels[-1] + 1) - 0.5
    axis.contourf(across, up, regions, levels=levels, colors=PALETTE[: len(labels)], alpha=0.3)
    for label, colour, marker in zip(labels, PALETTE, MARKERS, strict=False):
        axis.scatter(*X[y == label].T, s=16, color=colour, marker=marker, edgecolor="white", linewidth=0.4)
    axis.set(title=title, xlabel="$x_1$", ylabel="$x_2$")


def data_splits() -> Figure:
    """Draw four ways to split a data set, from wrong to right: what is trained on, validated on and tested on."""
    ways = [
        ("choose on the training data", [("train = choose", 10, 0)]),
        ("choose on the test data", [("train", 8, 0), ("test = choose", 2, 3)]),
        ("choose on a validation set", [("train", 6, 0), ("validate", 2, 1), ("test, once", 2, 3)]),
        (
            "5-fold cross-validation",
            [*((f"fold {n}", 1.6, 1 if n == 4 else 0) for n in range(5)), ("test, once", 2, 3)],
        ),
    ]
    figure, axis = plt.subplots(figsize=(8, 2.6))
    for row, (_, parts) in enumerate(ways):
        start = 0.0
        for label, width, colour in parts:
            axis.barh(row, width, left=start, color=PALETTE[colour], alpha=0.55, edgecolor="white", height=0.7)
            axis.text(start + width / 2, row, label, ha="center", va="center", fontsize=9)
            start += width
    axis.set_yticks(range(len(ways)), [f"{number + 1}. {name}" for number, (name, _) in enumerate(ways)])
    axis.invert_yaxis()
    axis.set_xticks([])
    axis.spines[:].set_visible(False)
    axis.set(title="Ways to choose a hyperparameter, from wrong to right", xlabel="all the examples you have")
    return figure


def bars(values: Mapping[str, float], title: str, ylabel: str, log: bool = False) -> Axes:
    """Draw one bar for each name, with its value above it."""
    _, axis = plt.subplots(figsize=(1.2 + 1.4 * len(values), 3.2))
    drawn = axis.bar(list(values), list(values.values()), color=PALETTE[: len(values)], width=0.6, log=log)
    axis.bar_label(drawn, [f"{value:.3g}" for value in values.values()], padding=2)
    axis.margins(y=0.15)
    axis.set(title=title, ylabel=ylabel)
    return axis


def neighbours(dists, rows, X_test, y_test, X_train, y_train, class_names, verdict: str, count: int = 5) -> Figure:
    """Draw the test images `rows` of a (num_test, num_train) distance table, each with its nearest training images."""
    y_test = as_labels(y_test, len(X_test), "y_test", len(class_names))
    y_train = as_labels(y_train, len(X_train), "y_train", len(class_names))
    pictures, titles = [], []
    for i in rows:
        nearest = np.argsort(dists[i], kind="stable")[:count]
        pictures += [X_test[i], *X_train[nearest]]
        titles += [f"test: {class_names[y_test[i]]}", *(class_names[y_train[j]] for j in nearest)]
    title = f"Test images it gets {verdict}, and their {count} nearest training images"
    return show_images(pictures, titles, title, columns=count + 1)


def visualize_grid(Xs: np.ndarray, ubound: float = 255.0, padding: int = 1) -> np.ndarray:
    """Lay out images, (N, H, W, C), in a square grid; return it as one (rows, columns, C) array from 0 to ubound.

    Every image is stretched to the full range by itself; `padding` black pixels stand between them.
    """
    if np.ndim(Xs) != 4 or not len(Xs):
        raise ValueError(f"expected images, (N, H, W, C), found shape {np.shape(Xs)}")
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
    """Draw losses over iterations; `smooth` averages over so many, with the raw values behind in a pale line."""
    _, axis = plt.subplots()
    for (name, losses), colour, dash in zip(histories.items(), PALETTE, ("-", "--", "-.", ":") * 2, strict=False):
        window = max(1, min(smooth, len(losses)))
        mean = np.convolve(losses, np.ones(window) / window, mode="valid")
        if window > 1:
            axis.plot(losses, color=colour, alpha=0.15, linewidth=0.8)
        axis.plot(np.arange(len(mean)) + window - 1, mean, dash, color=colour, label=name)
    axis.set(title=title, xlabel="iteration", ylabel="loss")
    axis.grid(alpha=0.3)
    if len(histories) > 1:
        axis.legend()
    return axis


def heat_map(values: np.ndarray, rows: Sequence, columns: Sequence, title: str, ylabel: str, xlabel: str) -> Axes:
    """Draw a table of numbers, (len(rows), len(columns)), each written in its field: a search over two knobs."""
    values = np.asarray(values, dtype=float)
    _, axis = plt.subplots(figsize=(1.6 + 0.95 * len(columns), 1.3 + 0.5 * len(rows)))
    drawn = axis.imshow(values, aspect="auto")
    middle = (np.nanmin(values) + np.nanmax(values)) / 2
    for (i, j), value in np.ndenumerate(values):
        axis.text(
            j, i, f"{value:.3f}", ha="center", va="center", color="black" if value > middle else "white", fontsize=9
        )
    axis.set_xticks(range(len(columns)), [f"{column:g}" for column in columns])
    axis.set_yticks(range(len(rows)), [f"{row:g}" for row in rows])
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.figure.colorbar(drawn, ax=axis, label="validation accuracy")
    return axis


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, names: Sequence[str], title: str) -> Axes:
    """Draw how many examples of each class (row) were called what (column).

    Raises ValueError unless both are one label for each example, from 0 to len(names) - 1.
    """
    y_true, y_pred = _pair(y_true, y_pred, len(names))
    counts = np.zeros((len(names), len(names)), dtype=int)
    np.add.at(counts, (y_true, y_pred), 1)
    figure, axis = plt.subplots(figsize=(6.2, 5.2))
    drawn = axis.imshow(counts)
    for (i, j), count in np.ndenumerate(counts):
        colour = "black" if count > counts.max() / 2 else "white"
        axis.text(j, i, count, ha="center", va="center", color=colour, fontsize=8)
    axis.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axis.set_yticks(range(len(names)), names)
    axis.set(title=title, xlabel="predicted", ylabel="true class")
    figure.colorbar(drawn, ax=axis, label="images")
    return axis


def mistakes(X: np.ndarray, y_true: np.ndarray, y_pred: np.ndarray, names: Sequence[str], count: int = 16) -> Figure:
    """Draw the first misclassified images, each with what it was called and what it is.

    Raises ValueError unless both are one label for each example, from 0 to len(names) - 1.
    """
    y_true, y_pred = _pair(y_true, y_pred, len(names))
    wrong = np.flatnonzero(y_pred != y_true)[:count]
    titles = [f"{names[y_pred[i]]}?\n{names[y_true[i]]}" for i in wrong]
    return show_images([X[i] for i in wrong], titles, "Mistakes: what it said, and what it is", columns=8)


def _pair(y_true: np.ndarray, y_pred: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return true and predicted labels as integers; predicted ones are often floats, as np.zeros makes them."""
    y_true = as_labels(y_true, len(y_true), "y_true", classes)
    return y_true, as_labels(y_pred, len(y_true), "y_pred", classes)


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
    strength = feature.reshape(cells, cells, orientations) / (np.max(feature) or 1)  # [column, row, direction]
    column, row = np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij")
    for k in range(orientations):
        angle = np.pi * (k + 0.5) / orientations  # 90 degrees on from the gradient: along the edge
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
