"""The Solver trains a model with minibatches and an update rule, and records its loss and accuracy."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np

from cs231n import optim, regularizers
from cs231n.labels import as_labels
from cs231n.updates import updated

PARTS = ("X_train", "y_train", "X_val", "y_val")


class Solver:
    """Train a model by minibatch gradient descent, and keep the parameters with the best validation accuracy.

        solver = Solver(model, data, optim_config={"learning_rate": 1e-3}, num_epochs=5)
        solver.train()

    A model has params, {name: array}, and loss(X, y), which returns (loss, {name: gradient}), or scores, (N, C), when
    y is left out. A model with batch normalisation keeps its running averages in bn_params, a list of dictionaries;
    they are restored together with the best parameters.

    Attributes:
        loss_history: the loss of every batch, in order.
        train_acc_history, val_acc_history: accuracy before training and after each epoch, on up to num_train_samples
            training and num_val_samples validation examples.
        best_val_acc, best_params, best_bn_params: the best accuracy in val_acc_history, and copies of the parameters
            and running averages that gave it.
        epoch: number of finished epochs.
    """

    def __init__(
        self,
        model: Any,
        data: dict[str, np.ndarray],
        update_rule: str = "sgd",
        optim_config: dict[str, Any] | None = None,
        lr_decay: float = 1.0,
        batch_size: int = 100,
        num_epochs: int = 10,
        print_every: int = 10,
        verbose: bool = True,
        num_train_samples: int | None = 1000,
        num_val_samples: int | None = None,
        checkpoint_name: str | None = None,
        seed: int | None = None,
        max_norm: float | None = None,
    ):
        """Prepare the training; train() starts it.

        Args:
            model: the model to train; its params are changed.
            data: X_train, y_train, X_val and y_val, as from get_CIFAR10_data.
            update_rule: name of a function in cs231n.optim. cs231n.updates says how large parameters are updated.
            optim_config: hyperparameters of the update rule, such as {"learning_rate": 1e-3}.
            lr_decay: the learning rate is multiplied by this after each epoch.
            batch_size: number of examples in a batch; all of them if there are fewer.
            num_epochs: how many times train() goes through the training set, without an incomplete last batch.
            print_every: print the loss in every `print_every`-th iteration, or never if it is 0.
            verbose: whether to print the progress; a loss that is not finite is always reported.
            num_train_samples, num_val_samples: accuracy is computed on this many random examples at most; None: on all.
            checkpoint_name: a path; after each epoch, parameters and histories are saved to <path>_epoch_<n>.npz.
                Missing folders are created at once.
            seed: makes the choice of examples repeatable; without it, numpy's global random generator draws a seed.
            max_norm: the greatest length allowed for a column of W1, W2, ... (or a filter, if W is (F, C, HH, WW)).
                After each step, regularizers.max_norm scales longer columns or filters back to this length. None
                means no limit.

        Raises:
            KeyError: a part of the data is missing.
            ValueError: there is no such update rule, a part of the data is empty, an argument is too small, or not
                whole where it must be, or the labels are not one whole number >= 0 for each example.
            TypeError: optim_config is not a dictionary.
            OSError: the folder for the checkpoints cannot be created.
        """
        self.model, self.data = model, _complete(data)
        self.update_rule = _rule(update_rule)
        self.lr_decay, self.batch_size = lr_decay, _whole(batch_size, "batch_size")
        self.num_epochs = _whole(num_epochs, "num_epochs", least=0)
        self.print_every, self.verbose = print_every, verbose
        self.num_train_samples = None if num_train_samples is None else _whole(num_train_samples, "num_train_samples")
        self.num_val_samples = None if num_val_samples is None else _whole(num_val_samples, "num_val_samples")
        if max_norm is not None and not max_norm > 0:
            raise ValueError(f"expected max_norm above 0, found {max_norm}")
        if not isinstance(optim_config, (dict, type(None))):
            raise TypeError(f'expected an optim_config like {{"learning_rate": 1e-3}}, found {optim_config!r}')
        self.checkpoint_name, self.max_norm = checkpoint_name, max_norm
        self.random = np.random.default_rng(np.random.randint(2**31) if seed is None else seed)  # noqa: NPY002
        self.optim_configs = {name: dict(optim_config or {}) for name in model.params}
        if checkpoint_name is not None:
            Path(checkpoint_name).absolute().parent.mkdir(parents=True, exist_ok=True)
        self.epoch = 0
        self._best_configs: dict[str, dict] = {}
        self.best_val_acc, self.best_params, self.best_bn_params = -1.0, {}, []
        self.loss_history: list[float] = []
        self.train_acc_history: list[float] = []
        self.val_acc_history: list[float] = []

    def train(self) -> None:
        """Train for num_epochs epochs, then set the model to the best parameters found.

        A second call continues from there. Training stops with a message as soon as a loss is not finite; the histories
        end before that loss. Raises KeyError if the model returns no gradient for a parameter, ValueError if a label is
        not one of the model's classes, and OSError if a checkpoint cannot be written.
        """
        if self.val_acc_history:
            self.optim_configs = deepcopy(self._best_configs)  # from the same epoch as the model's parameters
        else:
            self._compare_classes()
            self._validate()
        for _ in range(self.num_epochs):
            if not all(self._step(rows) for rows in self._batches()):
                break
            self.epoch += 1
            for config in self.optim_configs.values():
                config["learning_rate"] *= self.lr_decay
            self._validate()
            self._save_checkpoint()
        self.model.params.update(deepcopy(self.best_params))
        for bn_param, best in zip(self._bn_params(), self.best_bn_params, strict=True):
            bn_param.clear()
            bn_param.update(deepcopy(best))

    def check_accuracy(
        self, X: np.ndarray, y: np.ndarray, num_samples: int | None = None, batch_size: int = 100
    ) -> float:
        """Return the fraction of examples X, (N, d_1, ..., d_k), whose highest score is that of their label in y, (N,).

        num_samples: use at most this many examples, drawn at random.  batch_size: number of examples at a time.
        Raises ValueError unless y has one whole number >= 0 for each example.
        """
        y = as_labels(y, len(X))
        if num_samples is not None and num_samples < len(X):
            chosen = np.sort(self.random.choice(len(X), num_samples, replace=False))
            X, y = X[chosen], y[chosen]
        starts = range(0, len(X), batch_size)
        hits = [
            np.sum(np.argmax(self.model.loss(X[i : i + batch_size]), axis=1) == y[i : i + batch_size]) for i in starts
        ]
        return float(sum(hits) / len(X))

    def _batches(self) -> list[np.ndarray]:
        """Return the row numbers of each batch of an epoch, in a new random order, every example at most once."""
        order = self.random.permutation(len(self.data["X_train"]))
        size = min(self.batch_size, len(order))
        return [order[start : start + size] for start in range(0, len(order) - size + 1, size)]

    def _step(self, rows: np.ndarray) -> bool:
        """Compute the loss on one batch; if it is finite, update all parameters. Return whether it is finite."""
        loss, grads = self.model.loss(self.data["X_train"][rows], self.data["y_train"][rows])
        done = len(self.loss_history)
        if not np.isfinite(loss):
            cure = "Try a smaller learning rate." if done else "Are the examples and the parameters finite?"
            tell(f"The loss is {float(loss)} at iteration {done}, so training ends here. {cure}")
            return False
        self.loss_history.append(float(loss))
        for name, w in self.model.params.items():
            if name not in grads:
                only = f", only for {', '.join(grads)}" if grads else ""
                raise KeyError(f"the model's loss returns no gradient for {name!r}{only}")
            config = self.optim_configs[name]
            self.model.params[name], self.optim_configs[name] = updated(self.update_rule, w, grads[name], config)
            if self.max_norm is not None and name.startswith("W"):
                self.model.params[name] = _limited(self.model.params[name], self.max_norm)
        if self.print_every and done % self.print_every == 0:
            self._tell(f"iteration {done}: loss {float(loss):.4f}")
        return True

    def _validate(self) -> None:
        """Record the current accuracies, and the parameters if they are the best so far."""
        part = self.data
        train_acc = self.check_accuracy(part["X_train"], part["y_train"], self.num_train_samples)
        val_acc = self.check_accuracy(part["X_val"], part["y_val"], self.num_val_samples)
        self.train_acc_history.append(train_acc)
        self.val_acc_history.append(val_acc)
        if val_acc > self.best_val_acc:
            self.best_val_acc = val_acc
            self.best_params, self.best_bn_params = deepcopy(self.model.params), deepcopy(self._bn_params())
            self._best_configs = deepcopy(self.optim_configs)
        self._tell(f"epoch {self.epoch}: training accuracy {train_acc:.3f}, validation accuracy {val_acc:.3f}")

    def _compare_classes(self) -> None:
        classes = np.shape(self.model.loss(self.data["X_train"][:1]))[1]
        for part in ("y_train", "y_val"):
            smallest, largest = np.min(self.data[part]), np.max(self.data[part])
            if smallest < 0 or largest >= classes:
                found = f"{part} has labels from {smallest} to {largest}"
                raise ValueError(f"{found}; the model's classes are 0 to {classes - 1}")

    def _bn_params(self) -> list[dict[str, Any]]:
        return getattr(self.model, "bn_params", [])

    def _save_checkpoint(self) -> None:
        if self.checkpoint_name is None:
            return
        path = Path(f"{self.checkpoint_name}_epoch_{self.epoch}.npz")
        histories = {name: getattr(self, name) for name in ("loss_history", "train_acc_history", "val_acc_history")}
        np.savez(path, **self.model.params, **histories)
        self._tell(f"saved {path}")

    def _tell(self, line: str) -> None:
        if self.verbose:
            print(line)


def _complete(data: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    missing = [part for part in PARTS if part not in data]
    if missing:
        found = ", ".join(data) or "nothing"
        raise KeyError(f"data has no {', '.join(missing)}; expected {', '.join(PARTS)}, found {found}")
    checked = {part: np.asarray(data[part]) for part in PARTS}
    for part in ("train", "val"):
        if not len(checked[f"X_{part}"]):
            raise ValueError(f"X_{part} has no examples")
        checked[f"y_{part}"] = as_labels(data[f"y_{part}"], len(checked[f"X_{part}"]), f"y_{part}")
    return checked


def _limited(W: np.ndarray, limit: float) -> np.ndarray:
    """Return W with no column of a matrix, (D, M), and no filter, (F, C, HH, WW), longer than `limit`."""
    if W.ndim < 3:
        return regularizers.max_norm(W, limit)
    filters = W.reshape(len(W), -1).T  # (C HH WW, F): a filter is a column
    return regularizers.max_norm(filters, limit).T.reshape(W.shape)


def _rule(name: str):
    """Return the update rule with the given name, or raise ValueError."""
    rules = [each for each, value in vars(optim).items() if callable(value) and not each.startswith("_")]
    if name not in rules:
        raise ValueError(f"there is no update rule {name!r} in cs231n.optim; choose from {', '.join(rules)}")
    return getattr(optim, name)


def _whole(value: float, name: str, least: int = 1) -> int:
    """Return `value` as an integer. Raises ValueError if it is not a whole number, or is less than `least`."""
    if not np.isfinite(value) or value != int(value) or value < least:
        raise ValueError(f"expected an integer {name} of at least {least}, found {value}")
    return int(value)


def tell(message: str) -> None:
    """Print a message on a line of its own, even if a progress bar is on the current line."""
    from tqdm import tqdm  # imported here, so that checks, which hardly train anything, start faster

    tqdm.write(message)
