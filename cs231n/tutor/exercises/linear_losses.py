"""Checks for the losses of linear classifiers, SVM and softmax, and the penalties on their weights."""

from __future__ import annotations

import inspect

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.compare import EPS, agrees, float_tolerance
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.growth import growing_sizes, loop
from cs231n.tutor.exercises.common.losses import BEHIND, of_one_piece
from cs231n.tutor.exercises.common.values import arrays

REGULARIZERS = "cs231n.regularizers"
SVM = "cs231n.classifiers.linear_svm"
SOFTMAX = "cs231n.classifiers.softmax"


def _penalty_cases(seed: Seed) -> list[Case]:
    random = seed.random(250)
    sparse = random.randn(5, 4)
    sparse[::2] = 0
    return [
        Case("W of shape (5, 3)", {"W": 2 * random.randn(5, 3)}),
        Case("W of shape (4, 11)", {"W": 0.3 * random.randn(4, 11)}),
        Case("float32, W of shape (6, 6)", {"W": random.randn(6, 6).astype(np.float32)}),
        Case("zeros in W", {"W": sparse}, hint="subgradient_at_zero"),
        Case("W of shape (7, 1)", {"W": random.randn(7, 1)}, hint="one_column"),
    ]


def _elastic_cases(seed: Seed) -> list[Case]:
    random = seed.random(251)
    weights = (0.5, 0.2, 3.0, 0.0)
    drawn = [Case(f"beta = {beta}", {"W": 1.5 * random.randn(4, 3), "beta": beta}) for beta in weights]
    return drawn + _penalty_cases(seed)


def _penalty_check(name: str, cases=_penalty_cases) -> Check:
    def recipe(student, **inputs):
        return arrays(getattr(student.module(REGULARIZERS), name)(**inputs), ("R", "dR"))

    return Check(name, recipe, cases, axes={"W": "D C"})


def _draw(random, N: int, D: int, C: int, reg: float, scale: float = 0.7, dtype=np.float64, labels=np.int64) -> dict:
    W, X = scale * random.randn(D, C), random.randn(N, D)
    return {"W": W.astype(dtype), "X": X.astype(dtype), "y": random.randint(0, C, N).astype(labels), "reg": reg}


def _offset(inputs: dict, offsets) -> dict:
    """Return inputs with a new column `offsets` in X and a row of ones in W, which add `offsets` to the scores."""
    W, X = inputs["W"], inputs["X"]
    W = np.vstack([W, np.ones((1, W.shape[1]))])
    X = np.hstack([X, np.broadcast_to(offsets, (len(X), 1))])
    return {**inputs, "W": W, "X": X}


def _loss_cases(seed: Seed, softmax: bool = False) -> list[Case]:
    """Return the cases that both losses share; large scores are difficult only for softmax, because of exp."""
    random = seed.random(252)
    equal = {**_draw(random, 5, 4, 3, 0.7), "y": np.full(5, 2, dtype=np.int32)}
    return [
        Case("N = 7, D = 5, C = 4 and reg = 0.3", _draw(random, 7, 5, 4, 0.3)),
        Case("N = 4, D = 6, C = 12 and reg = 2", _draw(random, 4, 6, 12, 2.0, scale=0.4)),
        Case("N = D = C = 6 and reg = 0.05", _draw(random, 6, 6, 6, 0.05, scale=1.0)),
        Case("N = 9, D = 3, C = 5 without a penalty, reg = 0", _draw(random, 9, 3, 5, 0.0, scale=1.5)),
        Case("float32, N = 8, D = 7, C = 3", _draw(random, 8, 7, 3, 0.5, dtype=np.float32)),
        Case("all labels equal, as int32", equal),
        Case("C = 2", _draw(random, 6, 4, 2, 0.4), hint="hard_coded_size"),
        Case("N = 1", _draw(random, 1, 5, 4, 0.2), hint="one_example"),
        Case("all scores near 1000", _offset(_draw(random, 5, 4, 6, 0.0), 1000.0), hint="overflow" if softmax else ""),
    ]


def _softmax_cases(seed: Seed) -> list[Case]:
    random = seed.random(253)
    rows = _offset(_draw(random, 4, 3, 5, 0.0), np.array([[1000.0], [0.0], [-1000.0], [20.0]]))
    apart = _draw(random, 4, 3, 3, 0.0)
    apart["W"] = np.vstack([apart["W"], [[0.0, 1000.0, -1000.0]]])
    apart |= {"X": np.hstack([apart["X"], np.ones((4, 1))]), "y": np.array([2, 0, 1, 1])}
    behind = {**apart, "W": np.vstack([apart["W"][:-1], [[0.0, 0.0, -BEHIND]]]), "y": np.array([0, 1, 1, 0])}
    return [
        *_loss_cases(seed, softmax=True),
        Case(f"one class's scores {BEHIND} below the others", behind, hint="smallest_subtracted"),
        Case("scores near 1000 in one row, and near 0 and -1000 in others", rows, hint="shift_per_row", fragile=True),
        Case("scores of classes 1000 apart", apart, hint="underflow", fragile=True),
    ]


def _loss_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow the usual error and the rounding of scores to float32, which the gradient multiplies by the rows of X."""
    size = np.abs(inputs["X"])
    lost = 8 * EPS * np.max(size @ np.abs(inputs["W"]), initial=0.0)
    return float_tolerance(inputs, output, expected) + lost * (1 if output == "loss" else size.mean(axis=0)[:, None])


def _without_loop(target: LocalTarget, check: Check) -> Finding | None:
    random = check.seed.random(7)
    growing = growing_sizes(target, check, lambda N, D, C: _draw(random, N, D, C, 0.1), N=4, D=5, C=3)
    return loop(growing) if growing else None


def _cubes(W: np.ndarray) -> tuple[float, np.ndarray]:
    """Return sum |W|^3, an unusual penalty, and its gradient."""
    return np.sum(np.abs(W) ** 3), 3 * W * np.abs(W)


def _regularizer_used(module: str, name: str):
    """Return a property that tests whether the argument `regularizer`, if the loss has it, sets the penalty."""

    def look(target: LocalTarget, check: Check) -> Finding | None:
        def recipe(student, W, X, y, reg):
            loss = getattr(student.module(module), name)
            if "regularizer" not in inspect.signature(loss).parameters:
                return {}
            asked = arrays(loss(W, X, y, reg, regularizer=_cubes), ("loss", "dW"))
            plain = arrays(loss(W, X, y, 0.0, regularizer=_cubes), ("loss", "dW"))
            return {output: asked[output] - plain[output] for output in asked}

        inputs = check.usual
        run = target.run(recipe, inputs)
        if run.failure:
            return failed("With a custom regularizer", run.failure)
        for output, penalty in zip(("loss", "dW"), _cubes(inputs["W"]), strict=True):
            right = np.asarray(inputs["reg"] * penalty)
            if run.value and not agrees(run.value[output], right, np.full(right.shape, 1e-4)):
                what = "the loss" if output == "loss" else output
                told = f"With a custom regularizer, the penalty's part of {what} is wrong."
                return Finding(told, "regularizer_ignored")
        return None

    return look


def _equal_scores(row: np.ndarray, N: int) -> dict:
    return {"W": row[None], "X": np.ones((N, 1)), "y": np.zeros(N, dtype=np.int64), "reg": 0.0}


def _loss_check(module: str, name: str, cases, *properties, equal_scores=None) -> Check:
    def recipe(student, W, X, y, reg):
        return arrays(getattr(student.module(module), name)(W, X, y, reg), ("loss", "dW"))

    return Check(
        name,
        recipe,
        cases,
        _loss_tolerance,
        (*properties, _regularizer_used(module, name)),
        of_one_piece("d{}", equal_scores),
        key=name.rsplit("_", 1)[0],
        axes={"X": "N D", "W": "D C", "y": "N"},
    )


CHECKS = (
    _penalty_check("l2"),
    _penalty_check("l1"),
    _penalty_check("elastic_net", _elastic_cases),
    _loss_check(SVM, "svm_loss_naive", _loss_cases, equal_scores=_equal_scores),
    _loss_check(SVM, "svm_loss_vectorized", _loss_cases, _without_loop, equal_scores=_equal_scores),
    _loss_check(SOFTMAX, "softmax_loss_naive", _softmax_cases),
    _loss_check(SOFTMAX, "softmax_loss_vectorized", _softmax_cases, _without_loop),
)
