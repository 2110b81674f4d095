"""Functions for the notebooks, which prepare images, append a column of ones, train, and draw a training run."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from cs231n import optim, vis_utils
from cs231n.data_utils import get_CIFAR10_data, load_CIFAR10
from cs231n.solver import Solver
from cs231n.updates import updated


def with_ones(X: np.ndarray) -> np.ndarray:
    """Return X, (N, D), with a column of ones appended, (N, D + 1), in the dtype of X: the bias trick."""
    return np.pad(X, ((0, 0), (0, 1)), constant_values=1)


def rows_for_a_linear_classifier() -> dict[str, np.ndarray]:
    """Return the images as float32 rows, minus the mean training image, divided by 64, with a column of ones.

    The dictionary has X_train (N, 3073) and y_train (N,) for all training images except the last 1,000; X_val and y_val
    for those 1,000; X_test and y_test for the first 1,000 test images; and mean_image (3072,), not divided by 64.
    """
    images, labels, test_images, test_labels = load_CIFAR10(dtype=np.float32)
    X, X_test = images.reshape(len(images), -1), test_images[:1000].reshape(1000, -1)
    mean_image = X[:-1000].mean(axis=0)
    for part in (X, X_test):
        part -= mean_image
        part /= 64
    data = {"X_train": with_ones(X[:-1000]), "X_val": with_ones(X[-1000:]), "X_test": with_ones(X_test)}
    targets = {"y_train": labels[:-1000], "y_val": labels[-1000:], "y_test": test_labels[:1000]}
    return data | targets | {"mean_image": mean_image}


def images_for_a_network(**sizes: int) -> dict[str, np.ndarray]:
    """Return get_CIFAR10_data(**sizes) with its images divided by the standard deviation of the training pixels.

    By default, the mean image is subtracted too, so the inputs of the network have a mean of about 0 and a standard
    deviation of about 1.
    """
    data = get_CIFAR10_data(**sizes)
    deviation = np.float32(data["X_train"].std(dtype=np.float64))
    for part in ("X_train", "X_val", "X_test"):
        data[part] /= deviation
    return data


def few(data: dict[str, np.ndarray], number: int) -> dict[str, np.ndarray]:
    """Return the data with only the first `number` training examples."""
    return data | {part: data[part][:number] for part in ("X_train", "y_train")}


def train(
    net: Any, data: dict[str, np.ndarray], num_epochs: int, learning_rate: float, rule: str = "sgd", **more: Any
) -> Solver:
    """Train a network with a Solver, and return the Solver. By default, it prints only if a loss is not finite.

    rule: name of a function in cs231n.optim.  more: further arguments of the Solver, such as batch_size or lr_decay.
    """
    config = {"learning_rate": learning_rate}
    settings = {"optim_config": config, "num_epochs": num_epochs, "print_every": 0, "verbose": False} | more
    solver = Solver(net, data, rule, **settings)
    solver.train()
    return solver


def show(solver: Solver, title: str, num_classes: int | None = None) -> None:
    """Show a figure of a training run: its loss, and its accuracy on training and validation data.

    With `num_classes`, lines show the loss and the accuracy of guessing.
    """
    accuracies = solver.train_acc_history, solver.val_acc_history
    vis_utils.training_curves(solver.loss_history, *accuracies, title, num_classes)
    plt.show()


def train_epoch(
    net: Any,
    data: dict[str, np.ndarray],
    configs: dict[str, dict],
    order: np.ndarray,
    batch_size: int = 100,
    rule: str = "adam",
) -> None:
    """Go once through the training examples, in the given order, and take a step for each batch.

    configs: {parameter: config of its update rule}, which is updated. Start with {} for the default settings of the
    rule, and pass the same dictionary in every epoch.  order: row numbers of at least batch_size examples.
    batch_size: each batch has this many examples, or more if their total number is not a multiple of it.
    rule: name of a function in cs231n.optim.
    """
    step = getattr(optim, rule)
    for rows in np.array_split(order, len(order) // batch_size):
        _, grads = net.loss(data["X_train"][rows], data["y_train"][rows])
        for name, dw in grads.items():
            net.params[name], configs[name] = updated(step, net.params[name], dw, configs.get(name))
