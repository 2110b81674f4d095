"""Checks for activation functions, forward and backward."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding
from cs231n.tutor.checks.compare import EPS, float_tolerance
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.passes import (
    backward_recipe,
    beside_own_forward,
    forward_recipe,
    leaves_alone,
    without_loop,
)

MODULE = "cs231n.activations"


def _tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow in addition the rounding of what is subtracted from 1: of a saturated slope nothing else is left."""
    return float_tolerance(inputs, output, expected) + 8 * EPS


# --- properties ------------------------------------------------------------------------------------------------


def _warned_of(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against exponentials that overflow, though nothing comes of it: numpy warns in every training step."""

    def recipe(student, **inputs):
        with np.errstate(over="raise", invalid="raise"):
            return check.recipe(student, **inputs)

    for case in check.cases():
        failure = target.run(recipe, case.inputs).failure
        if failure and failure.kind == "FloatingPointError":
            return Finding(f"With {case.name}, numpy warns: {failure.message}.", "overflow_warning", status="advice")
    return None


def _tie_once(target: LocalTarget, check: Check) -> Finding | None:
    """See to it that dout is handed on once where both pieces are equal.

    With two equal pieces, dx and dw1 + dw2 must be what they are when the second piece is so low that it never counts.
    """
    inputs = check.cases()[0].inputs
    alike = inputs | {"w2": inputs["w1"], "b2": inputs["b1"]}
    tie, alone = (target.run(check.recipe, given) for given in (alike, alike | {"b2": inputs["b1"] - 1000}))
    if tie.failure or alone.failure:
        return Finding(f"With two equal pieces: {(tie.failure or alone.failure).message}", status="error")

    def summed(value, name):
        return value["dx"] if name == "x" else value[f"d{name}1"] + value[f"d{name}2"]

    for name in ("x", "w", "b"):
        shared, right = summed(tie.value, name), summed(alone.value, name)
        if not np.allclose(shared, right):
            cause = next((cause for cause, factor in TIES.items() if np.allclose(shared, factor * right)), "")
            what = "dx" if name == "x" else f"d{name}1 + d{name}2"
            return Finding(f"With two equal pieces {what} is not what one of them alone would give.", cause)
    return None


TIES = {"maxout_tie_twice": 2.0, "maxout_tie_lost": 0.0}


# --- cases -----------------------------------------------------------------------------------------------------


def _entry_cases(seed: int, settings: dict[str, tuple[float, ...]], backward: bool) -> Callable[[], list[Case]]:
    """Return cases for a function that goes entry by entry; `settings` has at most one, with values to try."""
    name, values = next(iter(settings.items()), ("", ()))

    def cases() -> list[Case]:
        random = np.random.RandomState(seed)

        def draw(*shape, dtype=np.float64, scale=1.0):
            away = scale * (0.1 + random.gamma(1.0, 1.2, shape))  # nothing at 0, where some slopes are a choice
            drawn = {"x": away * np.where(random.rand(*shape) < 0.5, -1, 1)}
            drawn |= {"dout": random.randn(*shape)} if backward else {}
            return {name: value.astype(dtype) for name, value in drawn.items()}

        def of(told, drawn, value=None, **more):
            return Case(told, {"x": drawn.pop("x"), **({name: value} if value is not None else {}), **drawn}, **more)

        found = [of("x of shape (6, 8)", draw(6, 8))]
        found += [of(f"{name} = {value:g}, x of shape (4, 5)", draw(4, 5), value) for value in values]
        usual = values[0] if values else None
        return [
            *found,
            of("x of shape (2, 3, 2, 3)", draw(2, 3, 2, 3), usual),
            of("x of shape (9,)", draw(9), usual),
            of("float32, x of shape (5, 4)", draw(5, 4, dtype=np.float32), usual),
            of("x of shape (1, 7)", draw(1, 7), usual, hint="one_example"),
            of("x from -3000 to 3000", draw(3, 8, scale=800.0), usual, hint="overflow"),
        ]

    return cases


def _at_zero(cases: Callable[[], list[Case]]) -> Callable[[], list[Case]]:
    """Add x = 0, where a forward pass has no choice."""
    return lambda: [*cases(), Case("x = 0 among others", {"x": np.array([-1.0, 0.0, 2.0, 0.0])})]


def _maxout_cases(backward: bool) -> Callable[[], list[Case]]:
    def cases() -> list[Case]:
        random = np.random.RandomState(265)

        def draw(shape, M, dtype=np.float64):
            D = int(np.prod(shape[1:]))
            drawn = {"x": random.randn(*shape)}
            for piece in "12":
                drawn |= {f"w{piece}": random.randn(D, M) / np.sqrt(D), f"b{piece}": random.randn(M)}
            drawn |= {"dout": random.randn(shape[0], M)} if backward else {}
            return {name: value.astype(dtype) for name, value in drawn.items()}

        return [
            Case("x of shape (6, 5), M = 4", draw((6, 5), 4)),
            Case("images: x of shape (4, 3, 2, 3), M = 7", draw((4, 3, 2, 3), 7)),
            Case("N = D = M = 5", draw((5, 5), 5)),
            Case("float32, x of shape (6, 2, 4), M = 3", draw((6, 2, 4), 3, np.float32)),
            Case("N = 1, x of shape (1, 3, 4)", draw((1, 3, 4), 6), hint="one_example"),
            Case("D = M = 1", draw((7, 1), 1), hint="one_column"),
        ]

    return cases


def _pair(layer: str, cases: Callable[[bool], Callable], at_zero: Callable, *more) -> tuple[Check, Check]:
    """Return the checks of both passes; `more` are further properties of the backward pass."""
    shared = (without_loop, _warned_of)
    forward = Check(f"{layer}_forward", forward_recipe(MODULE, layer), at_zero(cases(False)), _tolerance, shared)
    backward = Check(
        f"{layer}_backward",
        backward_recipe(MODULE, layer),
        cases(True),
        _tolerance,
        (*shared, leaves_alone(MODULE, layer), *more),
        second_look=beside_own_forward(MODULE, layer),
    )
    return forward, backward


def _by_entry(layer: str, seed: int, **settings: tuple[float, ...]) -> tuple[Check, Check]:
    return _pair(layer, lambda backward: _entry_cases(seed, settings, backward), _at_zero)


CHECKS = (
    *_by_entry("sigmoid", 261),
    *_by_entry("tanh", 262),
    *_by_entry("leaky_relu", 263, slope=(0.3, 0.01, 0.8, 0.0)),
    *_by_entry("elu", 264, alpha=(0.5, 2.0, 1.7)),
    *_pair("maxout", _maxout_cases, lambda cases: cases, _tie_once),
)
