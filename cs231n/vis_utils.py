"""Figures of the course, in one style that can be read without colour vision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from cs231n.labels import as_labels

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#000000")  # Okabe and Ito
LINES = tuple(PALETTE[n] for n in (0, 3, 2, 7, 5, 4, 1, 6))  # the dark ones first: they stand out from white
BLUE, ORANGE, GREEN = "#0072B2", "#B84F00", "#007A59"  # for text: a contrast of at least 5 : 1 with white
MARKERS = "osD^vPX*"
# The background is white in a dark theme, too, so that photographs and templates look the same everywhere.
STYLE = {
    "axes.prop_cycle": plt.cycler(color=LINES),
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
    """Set the figure style for this session: STYLE on top of matplotlib's defaults, not of the user's matplotlibrc."""
    plt.style.use(["default", STYLE])


def as_image(array: np.ndarray) -> np.ndarray:
    """Return an image of values 0 to 255 as uint8, rounded and clipped; one of shape (3072,) becomes (32, 32, 3)."""
    image = np.asarray(array).reshape(32, 32, 3) if np.ndim(array) == 1 else np.asarray(array)
    return np.clip(np.round(image), 0, 255).astype(np.uint8)


def show_images(images: Sequence, titles: Sequence[str], suptitle: str, columns: int = 8, size: float = 1.25) -> Figure:
    """Draw images in rows of `columns`, each under its own title."""
    rows = max(1, -(-len(images) // columns))
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
    """Draw the first `per_class` images of every class, one class per row. X: (N, 32, 32, 3), y: (N,).

    If a class has fewer, the rest of its row is white. Raises ValueError unless y has one class for each image.
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
    axis.set(title=f"The first {per_class} training images of each class")
    return figure


def as_image_row(images: np.ndarray) -> list[np.ndarray]:
    """Return (N, 32, 32, 3) images as a list of uint8 images whose outermost pixels are white."""
    padded = np.full((len(images), 32, 32, 3), 255, dtype=np.uint8)
    for target, image in zip(padded, images, strict=True):
        target[1:-1, 1:-1] = as_image(image)[1:-1, 1:-1]
    return list(padded)


def curves(x: Sequence[float], lines: Mapping[str, Sequence[float]], title: str, xlabel: str, ylabel: str) -> Axes:
    """Draw up to eight curves {name: values} against x, with different colours and markers."""
    _, axis = plt.subplots()
    for (name, values), marker in zip(lines.items(), MARKERS, strict=False):
        axis.plot(x, values, marker=marker, markersize=4, markevery=max(1, len(values) // 15), label=name)
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.grid(alpha=0.3)
    if len(lines) > 1:
        axis.legend()
    return axis


def decision_regions(
    axis: Axes,
    predict: Callable,
    X: np.ndarray,
    y: np.ndarray,
    title: str,
    names: Sequence[str] | None = None,
    steps: int = 120,
) -> None:
    """Colour the plane by the predicted labels, and draw the points X, (N, 2), in the colours of their labels y, (N,).

    predict: a function from (M, 2) points to (M,) labels.  names: one for each possible label, for the legend; without
    names, there is no legend.  steps: predict is called with a grid of steps x steps points: the more, the smoother
    the borders.
    """
    low, high = X.min(axis=0) - 0.5, X.max(axis=0) + 0.5
    across, up = (np.linspace(low[i], high[i], steps) for i in range(2))
    points = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
    regions = np.asarray(predict(points)).reshape(len(up), len(across))
    y = as_labels(y, len(X))
    labels = np.unique(y)
    for label in np.unique(regions):
        inside = (regions == label).astype(float)  # one by one: there is no class 1 between 0 and 2
        colour = PALETTE[np.searchsorted(labels[1:], label, side="right")]
        axis.contourf(across, up, inside, levels=[0.5, 1.5], colors=[colour], alpha=0.3)
        if not inside.all():  # draw borders, for readers who cannot tell the colours apart
            axis.contour(across, up, inside, levels=[0.5], colors="0.25", linewidths=1.2)
    for label, colour, marker in zip(labels, PALETTE, MARKERS, strict=False):
        name = names[label] if names else None
        axis.scatter(*X[y == label].T, s=16, color=colour, marker=marker, edgecolor="white", linewidth=0.4, label=name)
    axis.set(title=title, xlabel="$x_1$", ylabel="$x_2$")
    if names:
        axis.legend(loc="upper left", frameon=True, fontsize=8, handletextpad=0.2)


def bars(values: Mapping[str, float], title: str, ylabel: str, baseline: tuple[str, float] | None = None) -> Axes:
    """Draw a bar for each name, with its value above it, and a dashed line for a baseline, (name, value), if given."""
    _, axis = plt.subplots(figsize=(1.2 + 1.4 * len(values), 3.2))
    drawn = axis.bar(list(values), list(values.values()), color=PALETTE[0], width=0.6)
    axis.bar_label(drawn, [f"{value:.3f}" for value in values.values()], padding=2)
    if baseline:
        axis.axhline(baseline[1], color="black", linestyle="--", linewidth=1)
        axis.annotate(f" {baseline[0]}", (1, baseline[1]), xycoords=("axes fraction", "data"), va="center")
    axis.margins(y=0.15)
    axis.set(title=f"{title}: best with {max(values, key=values.get)}", ylabel=ylabel)
    return axis


def times(seconds: Mapping[str, float], work: str) -> Axes:
    """Draw the times of several ways to do the same work as bars from 0; the title compares the last with the first."""
    names, values = list(seconds), np.array(list(seconds.values()))
    ratio = values[0] / values[-1]
    rounded = float(f"{max(ratio, 1 / ratio):.2g}")
    found = f"{rounded:g} times {'faster' if ratio >= 1 else 'slower'} than" if rounded > 1 else "about as fast as"
    _, axis = plt.subplots(figsize=(7, 0.9 + 0.45 * len(names)))
    drawn = axis.barh(names, values, color=PALETTE[0], height=0.6)
    axis.bar_label(drawn, [f"{value:.3g} s" for value in values], padding=3)
    axis.invert_yaxis()
    axis.margins(x=0.15)
    axis.set(title=f"{work}: {names[-1]} is {found} {names[0]}", xlabel="seconds")
    return axis


def visualize_grid(Xs: np.ndarray, ubound: float = 255.0, padding: int = 1) -> np.ndarray:
    """Lay out images, (N, H, W, C), in a square grid; return it as one (rows, columns, C) array from 0 to ubound.

    Each image is scaled to the full range separately; there are `padding` black pixels between images.
    Raises ValueError for an array of a different shape, or without images.
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
    """Draw the columns of W, (3072 or more, C), as images: the template of each class.

    Rows after the first 3072, such as that of the bias, are left out. Grey is 0; all templates share one scale.
    """
    weights = np.asarray(W)[:3072].T.reshape(-1, 32, 32, 3)
    return show_images(weight_images(weights), names, title, columns, size=1.6)


def weight_images(weights: np.ndarray, scale: float | None = None) -> np.ndarray:
    """Return weights as uint8 images on one scale: grey is 0, and black and white are -scale and scale or beyond.

    By default, the scale is the 99.5th percentile of the absolute values of the weights.
    """
    scale = scale or np.percentile(np.abs(weights), 99.5) or 1.0
    return as_image(127.5 + 127.5 * np.asarray(weights) / scale)


def loss_curves(histories: Mapping[str, Sequence[float]], title: str, smooth: int = 1) -> Axes:
    """Draw losses against iterations; with `smooth` > 1, draw their running mean over about that many iterations.

    The mean at iteration t is exponential: all iterations s <= t count, with weights q^(t-s), where q = 1 - 1/smooth. A
    pale line behind it shows the losses themselves. Up to eight histories are drawn.
    """
    _, axis = plt.subplots()
    for (name, losses), colour, dash in zip(histories.items(), LINES, ("-", "--", "-.", ":") * 2, strict=False):
        if smooth > 1:
            axis.plot(losses, color=colour, alpha=0.2, linewidth=0.8)
        axis.plot(running_mean(losses, smooth), dash, color=colour, label=name)
    axis.set(title=title, xlabel="iteration", ylabel="loss (pale: each iteration)" if smooth > 1 else "loss")
    axis.grid(alpha=0.3)
    if len(histories) > 1:
        axis.legend()
    return axis


def running_mean(values: Sequence[float], span: float) -> np.ndarray:
    """Return exponentially weighted means of values[: i + 1] for each i; weights fall to about 1/e in `span` steps."""
    keep = max(0.0, 1 - 1 / span)
    means, total, weight = [], 0.0, 0.0
    for value in values:
        total, weight = keep * total + value, keep * weight + 1
        means.append(total / weight)
    return np.array(means)


def heat_map(
    values: np.ndarray,
    rows: Sequence,
    columns: Sequence,
    title: str,
    ylabel: str = "learning rate",
    xlabel: str = "λ",
) -> Axes:
    """Draw the accuracies of a search over two hyperparameters, (len(rows), len(columns)), as a table of colours.

    Each cell with the best value is framed. Cells whose value is not finite are hatched and labelled "diverged".
    """
    values = np.ma.masked_invalid(np.asarray(values, dtype=float))
    _, axis = plt.subplots(figsize=(1.6 + 0.95 * len(columns), 1.3 + 0.5 * len(rows)))
    axis.patch.set(hatch="///", edgecolor="grey")
    drawn = axis.imshow(values, aspect="auto")
    for (i, j), value in np.ndenumerate(values.filled(np.nan)):
        text, colour = (f"{value:.3f}", ink(drawn.to_rgba(value))) if value == value else ("diverged", "black")
        plain = {"facecolor": "white", "edgecolor": "none", "pad": 1} if text == "diverged" else None  # not hatched
        axis.text(j, i, text, ha="center", va="center", color=colour, fontsize=9, bbox=plain)
    if values.count():
        for i, j in np.argwhere((values == values.max()).filled(False)):
            frame = plt.Rectangle((j - 0.47, i - 0.45), 0.94, 0.9, fill=False, edgecolor=PALETTE[3], linewidth=3)
            axis.add_patch(frame)
        title += f": best {values.max():.3f}"
    axis.set_xticks(range(len(columns)), [f"{column:g}" for column in columns])
    axis.set_yticks(range(len(rows)), [f"{row:g}" for row in rows])
    axis.set(title=title, xlabel=xlabel, ylabel=ylabel)
    axis.figure.colorbar(drawn, ax=axis, label="validation accuracy")
    return axis


def ink(colour: Sequence[float]) -> str:
    """Return "black" or "white", whichever is more legible on an (R, G, B, …) colour with values from 0 to 1.

    The contrast is at least 4.5 : 1, as WCAG 2 defines it: with the relative luminance L of the colour, it is
    (L + 0.05) / 0.05 for black and 1.05 / (L + 0.05) for white.
    """
    values = np.asarray(colour[:3], dtype=float)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    luminance = linear @ (0.2126, 0.7152, 0.0722)
    return "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"


def confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray, names: Sequence[str], title: str) -> Axes:
    """Draw what percentage of each true class (row) was predicted as each class (column).

    The diagonal, with the correct predictions, is grey. The colours show confusions. The three largest are framed, and
    so are all others that round to the same percentage as the third; one that rounds to 0 never is.
    Raises ValueError unless y_true and y_pred have one label for each example, from 0 to len(names) - 1.
    """
    y_true, y_pred = _pair(y_true, y_pred, len(names))
    counts = np.zeros((len(names), len(names)))
    np.add.at(counts, (y_true, y_pred), 1)
    percent = 100 * counts / np.maximum(1, counts.sum(axis=1, keepdims=True))
    figure, axis = plt.subplots(figsize=(6.2, 5.2))
    right = np.eye(len(names), dtype=bool)
    confusions = np.ma.masked_array(percent, right)
    axis.patch.set_facecolor("0.9")
    drawn = axis.imshow(confusions, cmap="Oranges", vmin=0)
    for (i, j), share in np.ndenumerate(percent):
        colour = "black" if i == j else ink(drawn.to_rgba(share))
        weight = "bold" if i == j else "normal"
        axis.text(j, i, f"{share:.0f}", ha="center", va="center", color=colour, fontsize=8, weight=weight)
    shown = np.round(confusions.filled(0))
    least = max(1, np.sort(shown, axis=None)[-3:][0])
    for i, j in np.argwhere(shown >= least):
        axis.add_patch(plt.Rectangle((j - 0.5, i - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=1.8))
    axis.set_xticks(range(len(names)), names, rotation=45, ha="right")
    axis.set_yticks(range(len(names)), names)
    axis.set(title=f"{title}: {np.mean(y_true == y_pred):.0%} right", xlabel="predicted", ylabel="true class")
    figure.colorbar(drawn, ax=axis, label=f"% of the true class (framed: {least:.0f} or more)")
    return axis


def mistakes(X: np.ndarray, y_true: np.ndarray, y_pred: np.ndarray, names: Sequence[str], count: int = 16) -> Figure:
    """Draw the first `count` misclassified images, each with its predicted and its true class.

    Raises ValueError unless y_true and y_pred have one label for each example, from 0 to len(names) - 1.
    """
    y_true, y_pred = _pair(y_true, y_pred, len(names))
    wrong = np.flatnonzero(y_pred != y_true)[:count]
    titles = [f"{names[y_pred[i]]}?\n{names[y_true[i]]}" for i in wrong]
    return show_images([X[i] for i in wrong], titles, "Mistakes: the predicted class, with the true one below it")


def _pair(y_true: np.ndarray, y_pred: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Return true and predicted labels as arrays of integers; they may be given as floats that are whole numbers."""
    y_true = as_labels(y_true, len(y_true), "y_true", classes)
    return y_true, as_labels(y_pred, len(y_true), "y_pred", classes)


def training_curves(
    loss_history, train_acc_history, val_acc_history, title: str, num_classes: int | None = None
) -> Figure:
    """Draw a training run: loss against iterations, and accuracy on training and validation data against epochs.

    The titles give the loss in the first step, its mean over the last 5 % of the steps, and the last accuracies.

    With `num_classes`, C, dashed lines show what guessing gives: a softmax loss of log C, without a penalty, and an
    accuracy of 1 / C. Then the axis of the loss also reaches well below log C, so that a loss that hardly falls looks
    like a flat line, and the axis of the accuracy extends from 0 to at least 0.5.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.4))
    left.plot(loss_history, color=PALETTE[0], linewidth=0.6 if len(loss_history) > 200 else 1.5)
    last = np.mean(loss_history[-max(1, len(loss_history) // 20) :])
    left.set(
        title=f"{title}: loss {loss_history[0]:.2f} → {last:.2f}", xlabel="iteration", ylabel="loss of the minibatch"
    )
    right.plot(train_acc_history, "-o", markersize=3, label="training")
    right.plot(val_acc_history, "--s", markersize=3, label="validation")
    at_the_end = f"training {train_acc_history[-1]:.0%}, validation {val_acc_history[-1]:.0%}"
    right.set(title=f"Accuracy at the end: {at_the_end}", xlabel="epoch", ylabel="accuracy")
    right.xaxis.get_major_locator().set_params(integer=True)
    if num_classes:
        guessing = np.log(num_classes)
        levels = (left, guessing, "guessing, without penalty"), (right, 1 / num_classes, "guessing")
        for axis, level, label in levels:
            axis.axhline(level, color="0.4", linestyle="--", linewidth=1)
            axis.annotate(label, (0.98, level), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=9)
        left.set_ylim(min(left.get_ylim()[0], 0.65 * guessing), max(left.get_ylim()[1], 1.05 * guessing))
        right.set_ylim(0, max(right.get_ylim()[1], 0.5))
    right.legend()
    for axis in (left, right):
        axis.grid(alpha=0.3)
    return figure


def creases(axis: Axes, W: np.ndarray, b: np.ndarray) -> None:
    """Draw the lines in the plane on which the input x W[:, h] + b[h] of a hidden unit h is 0, for W (2, H), b (H,).

    The lines are on top of everything else, and thinner than the borders of decision_regions, so that both can be seen
    where a line runs along a border. If there are more than ten lines, they are pale.
    """
    limits = axis.axis()
    look = {"color": PALETTE[3], "linewidth": 0.7, "alpha": min(1, 10 / len(b)), "zorder": 4}
    for (across, up), shift in zip(W.T, b, strict=True):
        point = -shift * np.array([across, up]) / (across**2 + up**2)
        axis.axline(point, point + np.array([-up, across]), **look)
    axis.axis(limits)


def template_grid(templates: np.ndarray, title: str) -> Axes:
    """Draw templates, (N, H, W, 3), in a square grid. Grey is 0; all share one scale.

    The number of a template, from 0 to N - 1, is the sum of the numbers at its row and its column.
    """
    N, H, W, C = templates.shape
    side = int(np.ceil(np.sqrt(N)))
    tiles = np.full((side, side, H + 1, W + 1, C), 255, dtype=np.uint8)  # there is white between them
    tiles.reshape(side * side, H + 1, W + 1, C)[:N, :H, :W] = weight_images(templates)
    _, axis = plt.subplots(figsize=(5.4, 5.8))
    axis.imshow(tiles.swapaxes(1, 2).reshape(side * (H + 1), side * (W + 1), C))
    places = np.arange(side)
    axis.set_xticks((W + 1) * places + (W - 1) / 2, places)
    axis.set_yticks((H + 1) * places + (H - 1) / 2, side * places)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set(title=title, xlabel="grey: 0, on one scale for all; the number of each: row + column")
    return axis


def picture_row(axes: Sequence[Axes], images: np.ndarray, names: Sequence[str]) -> None:
    """Draw one image on each of the axes, under its name."""
    for axis, image, name in zip(axes, images, names, strict=True):
        axis.imshow(as_image(image))
        axis.set_axis_off()
        axis.set_title(name)


def accuracy_bars(results: Mapping[str, Sequence[float]], title: str) -> Axes:
    """Draw {classifier: (validation accuracy, test accuracy)} as pairs of bars, one pair for each classifier."""
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
    best = max(results, key=lambda name: results[name][1])
    axis.set(title=f"{title}: best on the test images is {best}", xlabel="accuracy (guessing: 0.1)")
    axis.legend(loc="upper right")
    return axis
