"""Checks for layers: affine and ReLU, forward and backward, and the losses of scores."""

from __future__ import annotations

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding
from cs231n.tutor.checks.compare import EPS, float_tolerance
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.hinge import other_margin
from cs231n.tutor.exercises.common.passes import (
    backward_recipe,
    beside_own_backward,
    forward_recipe,
    leaves_alone,
    without_loop,
)
from cs231n.tutor.exercises.common.values import BEHIND, arrays, own_gradient

MODULE = "cs231n.layers"
LOSS = ("loss", "dx")


# --- recipes ---------------------------------------------------------------------------------------------------


def _loss_recipe(name: str):
    return lambda student, x, y: arrays(getattr(student.module(MODULE), name)(x, y), LOSS)


# --- properties ------------------------------------------------------------------------------------------------


def _own_margin(target: LocalTarget, check: Check, finding: Finding) -> str | tuple[str, str]:
    """Tell another margin of a hinge loss, else whether its parts belong together."""

    def loss(row, N):
        run = target.run(check.recipe, {"x": np.tile(row, (N, 1)), "y": np.zeros(N, dtype=np.int64)})
        return float(run.value["loss"]) if not run.failure and run.value["loss"].shape == () else np.nan

    return other_margin(loss) or _of_one_piece(target, check, finding)


def _of_one_piece(target: LocalTarget, check: Check, finding: Finding) -> str:
    """Tell a gradient that does not belong to its loss from one that does, though both are wrong."""
    inputs = finding.case.inputs
    found = target.run(check.recipe, inputs)
    if found.failure or found.value["dx"].dtype != np.float64 or found.value["dx"].shape != inputs["x"].shape:
        return ""

    def loss(given):
        return target.run(check.recipe, given).value["loss"]

    belongs = own_gradient(loss, inputs, {"x": found.value["dx"]})
    if finding.output == "loss":
        return "Your dx is the gradient of your loss: look at the loss first." if belongs else ""
    return "" if belongs else "Your loss is right; dx is not its gradient."


# --- cases -----------------------------------------------------------------------------------------------------


def _affine_cases(backward: bool):
    def cases() -> list[Case]:
        random = np.random.RandomState(241)

        def draw(shape, M, dtype=np.float64):
            drawn = {"x": random.randn(*shape), "w": random.randn(int(np.prod(shape[1:])), M), "b": 2 * random.randn(M)}
            drawn |= {"dout": random.randn(shape[0], M)} if backward else {}
            return {name: value.astype(dtype) for name, value in drawn.items()}

        return [
            Case("x of shape (5, 6), M = 4", draw((5, 6), 4)),
            Case("images: x of shape (4, 3, 2, 5), M = 7", draw((4, 3, 2, 5), 7)),
            Case("N = D = M = 5", draw((5, 5), 5)),
            Case("float32, x of shape (6, 2, 4), M = 3", draw((6, 2, 4), 3, np.float32)),
            Case("N = 1, x of shape (1, 3, 4)", draw((1, 3, 4), 6), hint="one_example"),
            Case("D = M = 1", draw((4, 1), 1), hint="one_column"),
        ]

    return cases


def _relu_cases(backward: bool):
    def cases() -> list[Case]:
        random = np.random.RandomState(242)

        def draw(*shape, dtype=np.float64):
            away = 0.05 + random.gamma(1.0, 1.5, shape)  # nothing at 0, where either slope is right; some beyond 6
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

    return cases


def _scores(random, N: int, C: int, scale: float = 1.5):
    return {"x": scale * random.randn(N, C), "y": random.randint(0, C, N)}


def _loss_cases() -> list[Case]:
    random = np.random.RandomState(244)
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
        Case("scores near 1000", lifted, hint="overflow"),
        Case("scores near 1000 in one row, near 0 and -1000 in others", apart, hint="shift_per_row", fragile=True),
    ]


def _softmax_cases() -> list[Case]:
    random = np.random.RandomState(245)
    spread = _scores(random, 4, 3)
    spread["x"] += np.array([0.0, 1000.0, -1000.0])
    spread["y"] = np.array([2, 0, 1, 1])
    behind = _scores(random, 4, 3)
    behind |= {"x": behind["x"] - np.array([0.0, 0.0, BEHIND]), "y": np.array([0, 1, 1, 0])}
    return [
        *_loss_cases(),
        Case(f"a class {BEHIND} behind the others", behind, hint="smallest_subtracted"),
        Case("classes 1000 apart", spread, hint="underflow", fragile=True),
    ]


def _loss_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow in addition what float32 loses by holding the scores themselves."""
    lost = 8 * EPS * np.max(np.abs(inputs["x"]))
    return float_tolerance(inputs, output, expected) + lost / (1 if output == "loss" else len(inputs["x"]))


def _loss_check(name: str, cases, second_look) -> Check:
    return Check(name, _loss_recipe(name), cases, _loss_tolerance, (without_loop,), second_look=second_look)


def _forward_check(layer: str, cases) -> Check:
    look = beside_own_backward(MODULE, layer)
    recipe = forward_recipe(MODULE, layer)
    return Check(f"{layer}_forward", recipe, cases, properties=(without_loop,), second_look=look)


CHECKS = (
    _forward_check("affine", _affine_cases(False)),
    Check(
        "affine_backward",
        backward_recipe(MODULE, "affine"),
        _affine_cases(True),
        properties=(without_loop, leaves_alone(MODULE, "affine")),
    ),
    _forward_check("relu", _relu_cases(False)),
    Check(
        "relu_backward",
        backward_recipe(MODULE, "relu"),
        _relu_cases(True),
        properties=(without_loop, leaves_alone(MODULE, "relu")),
    ),
    _loss_check("svm_loss", _loss_cases, _own_margin),
    _loss_check("softmax_loss", _softmax_cases, _of_one_piece),
)
