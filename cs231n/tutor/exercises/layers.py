"""Checks for layers: affine and ReLU, forward and backward, and the losses of scores."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cs231n.tutor.checks.check import Case, Check
from cs231n.tutor.checks.compare import EPS, float_tolerance
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.exercises.common.growth import without_loop
from cs231n.tutor.exercises.common.layer import Layer
from cs231n.tutor.exercises.common.losses import BEHIND, of_one_piece
from cs231n.tutor.exercises.common.values import arrays, with_cancellation

MODULE = "cs231n.layers"
AFFINE = Layer(MODULE, "affine", axes={"x": "N D", "w": "D M", "b": "M", "dout": "N M"})
RELU = Layer(MODULE, "relu", axes={"x": "N D", "dout": "N D"})


def _affine_cases(seed: Seed, backward: bool) -> list[Case]:
    random = seed.random(241)

    def draw(shape, M, dtype=np.float64):
        drawn = {"x": random.randn(*shape), "w": random.randn(int(np.prod(shape[1:])), M), "b": 2 * random.randn(M)}
        drawn |= {"dout": random.randn(shape[0], M)} if backward else {}
        return {name: value.astype(dtype) for name, value in drawn.items()}

    return [
        Case("x of shape (5, 6), M = 4", draw((5, 6), 4)),
        Case("images, x of shape (4, 3, 2, 5), M = 7", draw((4, 3, 2, 5), 7)),
        Case("N = D = M = 5", draw((5, 5), 5)),
        Case("float32, x of shape (6, 2, 4), M = 3", draw((6, 2, 4), 3, np.float32)),
        Case("N = 1, x of shape (1, 3, 4)", draw((1, 3, 4), 6), hint="one_example"),
        Case("D = M = 1", draw((4, 1), 1), hint="one_column"),
    ]


def _relu_cases(seed: Seed, backward: bool) -> list[Case]:
    random = seed.random(242)

    def draw(*shape, dtype=np.float64):
        away = 0.05 + random.gamma(1.0, 1.5, shape)  # none is 0, where either slope is right; some are above 6
        drawn = {"x": away * np.where(random.rand(*shape) < 0.5, -1, 1)}
        drawn |= {"dout": random.randn(*shape)} if backward else {}
        return {name: value.astype(dtype) for name, value in drawn.items()}

    return [
        Case("x of shape (6, 8)", draw(6, 8)),
        Case("x of shape (2, 3, 4, 5)", draw(2, 3, 4, 5)),
        Case("x of shape (9,)", draw(9)),
        Case("float32, x of shape (5, 4)", draw(5, 4, dtype=np.float32)),
        Case("x of shape (1, 7)", draw(1, 7), hint="one_example"),
    ]


def _scores(random, N: int, C: int, scale: float = 1.5):
    return {"x": scale * random.randn(N, C), "y": random.randint(0, C, N)}


def _loss_cases(seed: Seed, softmax: bool = False) -> list[Case]:
    """Return the cases that both losses share; large scores are difficult only for softmax, because of exp."""
    random = seed.random(244)
    single = _scores(random, 4, 12, 2.5)
    single["x"] = single["x"].astype(np.float32)
    alike = {"x": 1.5 * random.randn(6, 6), "y": np.full(6, 2, dtype=np.int32)}
    lifted = _scores(random, 4, 6)
    lifted["x"] += 1000
    apart = _scores(random, 4, 5)
    apart["x"] += np.array([[1000.0], [0.0], [-1000.0], [20.0]])
    return [
        Case("N = 7, C = 5", _scores(random, 7, 5)),
        Case("float32 scores, N = 4, C = 12", single),
        Case("N = C = 6, labels all equal, int32", alike),
        Case("C = 2", _scores(random, 8, 2), hint="hard_coded_size"),
        Case("N = 1", _scores(random, 1, 4), hint="one_example"),
        Case("scores near 1000", lifted, hint="overflow" if softmax else ""),
        Case(
            "scores near 1000 in one row, and near 0 and -1000 in others",
            apart,
            hint="shift_per_row" if softmax else "",
            fragile=softmax,
        ),
    ]


def _softmax_cases(seed: Seed) -> list[Case]:
    random = seed.random(245)
    spread = _scores(random, 4, 3)
    spread["x"] += np.array([0.0, 1000.0, -1000.0])
    spread["y"] = np.array([2, 0, 1, 1])
    behind = _scores(random, 4, 3)
    behind |= {"x": behind["x"] - np.array([0.0, 0.0, BEHIND]), "y": np.array([0, 1, 1, 0])}
    return [
        *_loss_cases(seed, softmax=True),
        Case(f"one class's scores {BEHIND} below the others", behind, hint="smallest_subtracted"),
        Case("scores of classes 1000 apart", spread, hint="underflow", fragile=True),
    ]


def _loss_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow the usual error and the rounding of the scores themselves to float32."""
    lost = 8 * EPS * np.max(np.abs(inputs["x"]))
    return float_tolerance(inputs, output, expected) + lost / (1 if output == "loss" else len(inputs["x"]))


def _loss_check(name: str, cases, equal_scores=None) -> Check:
    def recipe(student, x, y):
        return arrays(getattr(student.module(MODULE), name)(x, y), ("loss", "dx"))

    second_look, axes = of_one_piece("d{}", equal_scores), {"x": "N C", "y": "N"}
    return Check(name, recipe, cases, _loss_tolerance, (without_loop,), second_look, axes=axes)


def _equal_scores(row: np.ndarray, N: int) -> dict:
    return {"x": np.tile(row, (N, 1)), "y": np.zeros(N, dtype=np.int64)}


def _pair(layer: Layer, cases, tolerance=float_tolerance) -> tuple[Check, Check]:
    """Return the checks of both passes; a wrong forward pass is compared with the student's own backward pass."""
    forward, backward = layer.pair(cases, tolerance, without_loop)
    return replace(forward, second_look=layer.fits_own_backward), replace(backward, second_look=None)


CHECKS = (
    *_pair(AFFINE, _affine_cases, with_cancellation(float_tolerance)),
    *_pair(RELU, _relu_cases),
    _loss_check("svm_loss", _loss_cases, _equal_scores),
    _loss_check("softmax_loss", _softmax_cases),
)
