"""Checks for what linear classifiers share: training by minibatch gradient descent, and prediction.

The check of training uses its own quadratic loss, so that it does not depend on the student's loss. This loss is called
with every batch and with the weights of every step, and examines both.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cs231n.tutor.checks import compare
from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, WrongKindError
from cs231n.tutor.exercises.common.values import array, integer_labels

MODULE = "cs231n.classifiers.linear_classifier"
SEEDS = (11, 12)


class _Watch:
    """The loss 1/2 sum (W - T)^2 + reg * sum W^2 of a watched model, and the rows of X in its batches.

    A call to `loss` raises WrongKindError if it shows a mistake in `train`.
    """

    def __init__(self, inputs: dict):
        self.inputs = inputs
        self.begin: np.ndarray | None = None  # the weights that exist when train is called
        self.rows: list[np.ndarray] = []  # the row numbers of each batch

    def loss(self, W, X_batch, y_batch, reg):
        if self.begin is not None and not np.array_equal(W, self.begin):
            raise WrongKindError("train does not begin with the existing weights", "restarts")
        self.begin = None
        if np.shape(W) != self.inputs["T"].shape:
            raise WrongKindError(f"self.W has shape {np.shape(W)}, expected {self.inputs['T'].shape}", "start")
        if reg != self.inputs["reg"]:
            told = f"self.loss is called with reg = {reg}, expected {self.inputs['reg']}"
            raise WrongKindError(told, "reg_not_passed")
        self.rows.append(self._rows_of(array(X_batch, "X_batch"), array(y_batch, "y_batch")))
        return 0.5 * np.sum((W - self.inputs["T"]) ** 2) + reg * np.sum(W**2), W - self.inputs["T"] + 2 * reg * W

    def _rows_of(self, X_batch, y_batch) -> np.ndarray:
        """Return the numbers of the rows of X in a batch, which are in the first column of X.

        Raises WrongKindError if the batch does not consist of rows of X and their labels, or has the wrong size.
        """
        X, y, size = (self.inputs[name] for name in ("X", "y", "batch_size"))
        sizes = (size, len(X)) if size >= len(X) else (size,)
        wrong = [X_batch.shape, y_batch.shape]
        if not any(wrong == [(rows, X.shape[1]), (rows,)] for rows in sizes):
            told = f"X_batch has shape {wrong[0]} and y_batch {wrong[1]}, expected {(size, X.shape[1])} and {(size,)}"
            raise WrongKindError(told, "batch_wrong_size")
        rows = np.rint(X_batch[:, 0]).astype(int)
        if not (np.all((rows >= 0) & (rows < len(X))) and np.array_equal(X[rows], X_batch)):
            raise WrongKindError("some rows of X_batch are not rows of X", "batch_not_rows")
        if not np.array_equal(y[rows], y_batch):
            raise WrongKindError("the labels in y_batch are not those of the rows in X_batch", "batch_labels")
        return rows


def _train(student: LocalTarget, calls: int = 1, **inputs) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Train a watched model; return its W, the history of the last call, and the rows in each batch."""
    watch = _Watch(inputs)

    base: Any = student.module(MODULE).LinearClassifier

    class Watched(base):
        def loss(self, X_batch, y_batch, reg):
            return watch.loss(self.W, X_batch, y_batch, reg)

    model = Watched()
    if inputs["W0"] is not None:
        model.W = inputs["W0"].copy()
    options = {name: inputs[name] for name in ("learning_rate", "reg", "num_iters", "batch_size")}
    for _ in range(calls):
        watch.begin = None if model.W is None else model.W.copy()
        history = model.train(inputs["X"], inputs["y"], **options)
    if not watch.rows:
        cause = "loss_not_asked" if np.size(history) else "too_few_steps"
        raise WrongKindError("train never calls self.loss", cause)
    return array(model.W, "W"), array(history, "the loss history"), watch.rows


def _train_recipe(student, **inputs):
    W, history, _ = _train(student, **inputs)
    return {"W": W, "loss_history": history}


def _draw(random, N: int, D: int, C: int, dtype=np.float64, labels=np.int64, **options) -> dict:
    X = random.randn(N, D).astype(dtype)
    X[:, 0] = np.arange(N)
    y = random.permutation(np.arange(N) % C).astype(labels)
    W0, T = random.randn(D, C), 2 * random.randn(D, C)
    default = {"learning_rate": 0.1, "reg": 0.0, "num_iters": 8, "batch_size": 5}
    return {"W0": W0.astype(dtype), "T": T.astype(dtype), "X": X, "y": y, **default, **options}


def _train_cases(seed: Seed) -> list[Case]:
    def draw(stream, *sizes, **options):
        return _draw(seed.random(stream), *sizes, **options)

    single = {"num_iters": 30, "batch_size": 1, "learning_rate": 0.02}
    return [
        Case("8 steps on batches of 5", draw(260, 40, 3, 4)),
        Case("reg = 0.5", draw(261, 12, 4, 3, reg=0.5, learning_rate=0.2)),
        Case("30 steps on single examples", draw(262, 9, 2, 5, **single)),
        Case("a single step", draw(263, 15, 5, 2, num_iters=1, learning_rate=0.7, reg=0.1)),
        Case("float32 images and int32 labels", draw(264, 11, 3, 11, np.float32, np.int32, num_iters=12, reg=0.03)),
        Case("batch_size = N", draw(265, 7, 3, 3, batch_size=7)),
        Case("train called three times", {**draw(266, 20, 3, 4, num_iters=3), "calls": 3}, hint="restarts"),
        Case("batch_size above N", draw(267, 6, 3, 3, batch_size=200), hint="batch_above_train", fragile=True),
    ]


def _batches(target: LocalTarget, inputs: dict, seed: int):
    """Return the rows in each batch of a training run, and a draw from numpy's global generator after it.

    Returns (None, None) if the training fails.
    """

    def recipe(student, **given):
        np.random.seed(seed)  # noqa: NPY002  a student draws from the global generator
        rows = _train(student, **given)[2]
        return {"rows": np.array(rows), "after": np.random.rand(4)}  # noqa: NPY002

    run = target.run(recipe, inputs)
    return (None, None) if run.failure else (run.value["rows"], run.value["after"])


def _samples(target: LocalTarget, check: Check) -> Finding | None:
    """Return a finding if 400 batches of 5 out of 40 rows are evidently not drawn at random, or if training fails."""
    inputs = _draw(check.seed.random(270), 40, 3, 4, num_iters=400)
    (rows, after), (other, after_other) = (_batches(target, inputs, seed) for seed in SEEDS)
    if rows is None or other is None:
        return Finding("Training fails with 400 steps, but not with 8.")
    if np.array_equal(after, after_other):
        return Finding("After training with two different seeds, np.random.rand() gives the same numbers.", "reseeds")
    if np.all(np.sort(rows, axis=1) == np.sort(rows[0])):
        held = np.sort(rows[0]).tolist()
        cause = "first_rows" if held == list(range(len(held))) else "one_batch"
        return Finding(f"All 400 batches contain the same rows: {held}.", cause)
    if np.array_equal(rows, other):
        return Finding("Two runs, with different seeds, draw exactly the same batches.", "batches_not_random")
    never = sorted(set(range(40)) - set(rows.ravel().tolist()))
    if never:
        which = f"these rows never occur: {never}" if never[1:] else f"row {never[0]} never occurs"
        return Finding(f"In 400 batches of 5 out of 40 rows, {which}.", "rows_left_out")
    return None


def _starts_small(target: LocalTarget, check: Check) -> Finding | None:
    """Check that train creates small weights of shape (D, C) if there are none, though the batch lacks a class."""
    inputs = {
        **_draw(check.seed.random(271), 30, 4, 6, num_iters=1),
        "W0": None,
        "T": np.zeros((4, 6)),
        "learning_rate": 0.5,
    }
    run = target.run(check.recipe, inputs)
    if run.failure:
        return failed("Without existing weights", run.failure)
    W = run.value["W"]
    if W.shape == (4, 6) and np.all(np.abs(W) < 0.1):
        return None
    largest = np.max(np.abs(W))
    told = f"Without existing weights, W has shape {W.shape} and entries up to {largest:.3g} in size after one step; "
    told += "expected shape (4, 6) and entries below 0.1."
    return Finding(told, "start")


def _full_batch(target: LocalTarget, check: Check) -> Finding | None:
    rows, _ = _batches(target, _draw(check.seed.random(272), 12, 3, 4, batch_size=12), SEEDS[0])
    if rows is None or np.all(np.sort(rows, axis=1) == np.arange(12)):
        return None
    return Finding("With batch_size = N = 12, some rows are missing from a batch.", "full_batch", status="advice")


def _predict_recipe(student, W, X):
    model = student.module(MODULE).LinearClassifier()
    model.W = W
    return {"y_pred": array(model.predict(X), "y_pred")}


def _predict_cases(seed: Seed) -> list[Case]:
    random = seed.random(280)

    def draw(N, D, C, shift=0.0, dtype=np.float64):
        W, X = random.randn(D, C), random.randn(N, D)
        W, X = np.vstack([W, np.full((1, C), shift)]), np.hstack([X, np.ones((N, 1))])
        return {"W": W.astype(dtype), "X": X.astype(dtype)}

    return [
        Case("N = 9, D = 5, C = 4", draw(9, 5, 4)),
        Case("N = 7, D = 3, C = 12", draw(7, 3, 12)),
        Case("N = D = C = 6", draw(6, 5, 6)),
        Case("all scores negative", draw(8, 4, 3, shift=-50.0)),
        Case("float32 images", draw(10, 6, 5, dtype=np.float32)),
        Case("C = 2", draw(9, 4, 2), hint="hard_coded_size"),
        Case("a single example", draw(1, 5, 7), hint="one_example"),
    ]


def _prediction_in_words(inputs: dict, output: str, actual: np.ndarray, expected: np.ndarray) -> str:
    """Describe the first wrong prediction, with its row of scores."""
    wrong = np.abs(actual - expected) > _near(inputs, output, expected)
    row = int(np.argmax(wrong))
    told = f"{output}[{row}] is {float(actual[row]):.6g}, expected {expected[row]:g}: "
    told += f"row {row} of the scores is {np.array2string(inputs['X'][row] @ inputs['W'], precision=3, threshold=6)}"
    return f"{told}; {compare.how_many(wrong)}"


def _near(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow an error of 1e-3, which is less than the difference of two labels."""
    return np.full(expected.shape, 1e-3)


CHECKS = (
    Check(
        "linear_classifier_train",
        _train_recipe,
        _train_cases,
        properties=(_samples, _starts_small, _full_batch),
        axes={"X": "N D", "y": "N", "W0": "", "T": ""},
    ),
    Check(
        "linear_classifier_predict",
        _predict_recipe,
        _predict_cases,
        _near,
        (integer_labels,),
        words=_prediction_in_words,
        axes={"X": "N D", "W": "D C"},
    ),
)
