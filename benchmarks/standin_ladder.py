"""Print the test accuracies of the course's models on the stand-in for CIFAR-10, and with --real on CIFAR-10 too.

    python -m benchmarks.standin_ladder [--real] [--quick] [--templates FILE.png]

The accuracy of each model is that with the best of a few settings. The stand-in, which the kit uses where CIFAR-10 is
missing, has 10,000 training and 2,000 test images. `--real` adds a column for as many images of CIFAR-10,
which must be where $CS231N_DATA says or in one of the usual places; `--quick` uses only one seed. The module needs
torch, and matplotlib for the templates.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cs231n.data import sources
from cs231n.data.standin.generate import LABELS, draw

try:
    import torch
    from torch import nn
except ImportError:
    torch = None

TRAIN, TEST = 10_000, 2_000
SEEDS = (0, 1, 2)
HIDDEN = 150


@dataclass(frozen=True)
class Split:
    """Images (N, 3, 32, 32) uint8 and labels (N,), for training and for testing."""

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def drawn() -> Split:
    """Return the images and labels of the stand-in."""
    (X, y), (X_test, y_test) = draw("train"), draw("test")
    return Split(X.reshape(-1, 3, 32, 32), y, X_test.reshape(-1, 3, 32, 32), y_test)


def photographed() -> Split:
    """Return TRAIN and TEST images of CIFAR-10. Raises SystemExit if it is not there."""
    from cs231n import data_utils

    if sources.find_real_data() is None:
        raise SystemExit("--real needs CIFAR-10: set CS231N_DATA, or run python -m cs231n data get")
    X, y, X_test, y_test = data_utils.load_CIFAR10(dtype=np.uint8)
    parts = [np.ascontiguousarray(part.transpose(0, 3, 1, 2)) for part in (X[:TRAIN], X_test[:TEST])]
    return Split(parts[0], y[:TRAIN], parts[1], y_test[:TEST])


# The inputs of the models


def standardised(train: np.ndarray, test: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    """Return both sets, one row for each image, scaled so that a column has mean 0 and deviation 1 in the first set."""
    train, test = (part.reshape(len(part), -1).astype(np.float32) for part in (train, test))
    mean, spread = train.mean(axis=0), train.std(axis=0) + 1e-3
    return torch.from_numpy((train - mean) / spread), torch.from_numpy((test - mean) / spread)


def hog(images: np.ndarray, orientations: int = 9, cell: int = 8) -> np.ndarray:
    """Return histograms of oriented gradients of the grey images: the mean magnitude for each orientation and cell."""
    grey = images.astype(np.float32).transpose(0, 2, 3, 1) @ np.float32([0.299, 0.587, 0.114])
    gy, gx = np.gradient(grey, axis=(1, 2))
    magnitude = np.sqrt(gx * gx + gy * gy)
    bins = np.floor((np.arctan2(gy, gx) % np.pi) / np.pi * orientations).astype(int) % orientations
    cells = 32 // cell
    maps = [np.where(bins == k, magnitude, 0).reshape(-1, cells, cell, cells, cell) for k in range(orientations)]
    return np.concatenate([one.mean(axis=(2, 4)).reshape(len(images), -1) for one in maps], axis=1)


def hues(images: np.ndarray, bins: int = 10) -> np.ndarray:
    """Return a histogram of the hues (as in HSV) of each image."""
    red, green, blue = images.astype(np.float32).transpose(1, 0, 2, 3)
    high = np.maximum(np.maximum(red, green), blue)
    spread = high - np.minimum(np.minimum(red, green), blue) + 1e-6
    by_green = np.where(high == green, (blue - red) / spread + 2, (red - green) / spread + 4)
    hue = np.where(high == red, (green - blue) / spread % 6, by_green) / 6
    index = np.minimum((hue * bins).astype(int), bins - 1)
    return np.stack([(index == k).mean(axis=(1, 2)) for k in range(bins)], axis=1)


def features(images: np.ndarray) -> np.ndarray:
    """Return HOG and the histogram of hues of each image in one row."""
    return np.concatenate([hog(images), hues(images)], axis=1)


# The models


def knn_accuracy(data: Split, k: int) -> float:
    """Return the test accuracy in percent of k nearest neighbours in raw pixels, with L2 distances."""
    X, T = (torch.from_numpy(part.reshape(len(part), -1)).float() for part in (data.X, data.X_test))
    nearest = torch.cdist(T, X).topk(k, largest=False).indices
    votes = nn.functional.one_hot(torch.from_numpy(data.y)[nearest], 10).sum(dim=1)
    return _percent(votes.argmax(dim=1), data.y_test)


def two_layers(inputs: int) -> nn.Module:
    """Return affine - relu - affine."""
    return nn.Sequential(nn.Linear(inputs, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, 10))


def small_convnet(_: int) -> nn.Module:
    """Return conv 32 x 7 x 7 - relu - pool - affine 100 - relu - affine: the three-layer net of the course."""
    first = (nn.Unflatten(1, (3, 32, 32)), nn.Conv2d(3, 32, 7, padding=3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    return nn.Sequential(*first, nn.Linear(32 * 16 * 16, 100), nn.ReLU(), nn.Linear(100, 10))


def deeper_convnet(_: int) -> nn.Module:
    """Return three times conv 3 x 3 - relu - pool, then affine."""
    layers: list[nn.Module] = [nn.Unflatten(1, (3, 32, 32))]
    for before, after in ((3, 32), (32, 64), (64, 64)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(64 * 16, 10))


def fit(make: Callable, X: torch.Tensor, y: np.ndarray, rate: float, reg: float, epochs: int, seed: int, loss=None):
    """Return a model trained with Adam; the rate falls to 0 along a cosine, the penalty is 0.5 * reg * sum(W * W)."""
    torch.manual_seed(seed)
    model, y, loss = make(X.shape[1]), torch.from_numpy(y), loss or nn.functional.cross_entropy
    adam = torch.optim.Adam(model.parameters(), lr=rate)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(adam, epochs)
    weights = [p for p in model.parameters() if p.ndim > 1]
    for _ in range(epochs):
        for batch in torch.randperm(len(X)).split(100):
            adam.zero_grad()
            total = loss(model(X[batch]), y[batch]) + 0.5 * reg * sum((w * w).sum() for w in weights)
            total.backward()
            adam.step()
        falling.step()
    return model


@dataclass(frozen=True)
class Rung:
    """A model with the settings to try: (rate, reg) pairs, and the number of epochs.

    of_features: whether its inputs are features instead of pixels.  loss: the loss, or None for cross-entropy.
    """

    name: str
    make: Callable
    settings: tuple
    epochs: int
    of_features: bool = False
    loss: Callable | None = None


def rungs() -> list[Rung]:
    """Return the models other than kNN, in the order of the table."""

    def linear(inputs: int) -> nn.Module:
        return nn.Linear(inputs, 10)

    margin, regs = nn.functional.multi_margin_loss, ((3e-4, 0.03), (3e-4, 0.1))
    return [
        Rung("softmax", linear, regs, 10),
        Rung("linear SVM", linear, ((3e-4, 0.003), (3e-4, 0.01)), 10, loss=margin),
        Rung("two-layer net", two_layers, ((5e-4, 0.01), (5e-4, 0.02)), 12),
        Rung("HOG + colour, linear", linear, ((2e-3, 0.003),), 20, True),
        Rung("HOG + colour, two-layer", two_layers, ((1e-3, 0.002), (1e-3, 0.004)), 20, True),
        Rung("three-layer convnet", small_convnet, ((1e-3, 0.01),), 8),
        Rung("deeper convnet", deeper_convnet, ((2e-3, 0.002),), 10),
    ]


def climb(data: Split, seeds: tuple[int, ...]) -> dict[str, list[float]]:
    """Return {model: [test accuracy in percent for each seed]}, each at its best setting; kNN has one accuracy."""
    table = {"kNN": [max(knn_accuracy(data, k) for k in (1, 5, 10))]}
    pixels, found = standardised(data.X, data.X_test), standardised(features(data.X), features(data.X_test))
    for rung in rungs():
        X, T = found if rung.of_features else pixels
        tried = []
        for rate, reg in rung.settings:
            models = [fit(rung.make, X, data.y, rate, reg, rung.epochs, seed, rung.loss) for seed in seeds]
            tried.append([accuracy(model, T, data.y_test) for model in models])
        table[rung.name] = max(tried, key=statistics.mean)
        print(f"  {rung.name}: {_spread(table[rung.name])}", flush=True)
    return table


def accuracy(model: nn.Module, X: torch.Tensor, y: np.ndarray) -> float:
    """Return the percentage of the rows of `X` that a model classifies as `y` says."""
    with torch.no_grad():
        return _percent(torch.cat([model(part).argmax(dim=1) for part in X.split(500)]), y)


def _percent(guesses: torch.Tensor, y: np.ndarray) -> float:
    return 100.0 * float((guesses.numpy() == y).mean())


def _spread(values: list[float]) -> str:
    return f"{statistics.mean(values):.1f}" + (f" ({min(values):.1f}-{max(values):.1f})" if len(values) > 1 else "")


def save_templates(data: Split, path: str) -> None:
    """Save a figure of the weights of a softmax classifier of raw pixels, as an image for each class."""
    import matplotlib.pyplot as plt

    X, _ = standardised(data.X, data.X_test)
    model = fit(lambda inputs: nn.Linear(inputs, 10), X, data.y, 3e-4, 0.3, 10, seed=0)
    weights = model.weight.detach().numpy().reshape(10, 3, 32, 32).transpose(0, 2, 3, 1)
    figure, axes = plt.subplots(2, 5, figsize=(10, 4.4))
    for axis, name, image in zip(axes.flat, LABELS, weights, strict=True):
        axis.imshow((image - image.min()) / (image.max() - image.min()))
        axis.set_title(name)
        axis.axis("off")
    figure.savefig(path, dpi=100, bbox_inches="tight")


def main(arguments: list[str] | None = None) -> None:
    """Print the accuracies on the stand-in and, with --real, on CIFAR-10."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", action="store_true", help="add CIFAR-10")
    parser.add_argument("--quick", action="store_true", help="use one seed only")
    parser.add_argument("--templates", metavar="FILE.png", help="save the templates of a linear classifier")
    chosen = parser.parse_args(arguments)
    if torch is None:
        raise SystemExit("this benchmark needs torch: run python -m pip install torch")
    seeds = SEEDS[:1] if chosen.quick else SEEDS
    tables = {}
    for title, source in (("stand-in", drawn), ("CIFAR-10", photographed))[: 1 + chosen.real]:
        print(f"{title}:", flush=True)
        data = source()
        tables[title] = climb(data, seeds)
        if chosen.templates and title == "stand-in":
            save_templates(data, chosen.templates)
    width = max(map(len, tables["stand-in"]))
    print(f"\n{'test accuracy, %':{width}}  " + "".join(f"{title:>20}" for title in tables))
    for name in tables["stand-in"]:
        print(f"{name:{width}}  " + "".join(f"{_spread(table[name]):>20}" for table in tables.values()))


if __name__ == "__main__":
    main()
