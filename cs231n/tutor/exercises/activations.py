"""Checks for activation functions, forward and backward."""

from __future__ import annotations

from functools import partial

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.compare import EPS, float_tolerance
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.growth import without_loop
from cs231n.tutor.exercises.common.layer import Layer
from cs231n.tutor.exercises.common.values import with_cancellation

MODULE = "cs231n.activations"


def _tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow the usual error, and the rounding of a difference from 1, such as 1 - tanh², where it is nearly 0."""
    return float_tolerance(inputs, output, expected) + 8 * EPS


def _warned_of(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against overflows and nan that do not affect the result, since numpy warns of them in training."""

    def recipe(student, **inputs):
        with np.errstate(over="raise", invalid="raise"):
            return check.recipe(student, **inputs)

    for case in check.drawn:
        failure = target.run(recipe, case.inputs).failure
        if failure and failure.kind == "FloatingPointError":
            return Finding(f"With {case.name}, numpy warns: {failure.message}.", "overflow_warning", status="advice")
    return None


def _tie_once(target: LocalTarget, check: Check) -> Finding | None:
    """Require that maxout passes dout on exactly once where both of its pieces are equal.

    With two equal pieces, dx, dw1 + dw2 and db1 + db2 must be the same as with a second piece that is never chosen.
    """
    inputs = check.usual
    alike = inputs | {"w2": inputs["w1"], "b2": inputs["b1"]}
    tie, alone = (target.run(check.recipe, given) for given in (alike, alike | {"b2": inputs["b1"] - 1000}))
    failure = tie.failure or alone.failure
    if failure:
        return failed("With two equal pieces", failure)

    def summed(value, name):
        return value["dx"] if name == "x" else value[f"d{name}1"] + value[f"d{name}2"]

    for name in ("x", "w", "b"):
        shared, right = summed(tie.value, name), summed(alone.value, name)
        if not np.allclose(shared, right):
            cause = next((cause for cause, factor in TIES.items() if np.allclose(shared, factor * right)), "")
            what = "dx" if name == "x" else f"d{name}1 + d{name}2"
            return Finding(f"With two equal pieces, {what} is not what one of them alone would give.", cause)
    return None


TIES = {"maxout_tie_twice": 2.0, "maxout_tie_lost": 0.0}


def _entry_cases(
    stream: int, settings: dict[str, tuple[float, ...]], far_out: str, seed: Seed, backward: bool
) -> list[Case]:
    """Return cases for a function that works entry by entry.

    settings: {name: values to try}, with at most one name.  far_out: the hint of the case with large numbers.
    """
    random = seed.random(stream)
    name, values = next(iter(settings.items()), ("", ()))
    usual = values[0] if values else None

    def case(told, *shape, value=usual, dtype=np.float64, scale=1.0, **more):
        away = scale * (0.1 + random.gamma(1.0, 1.2, shape))  # no entry is 0
        x = away * np.where(random.rand(*shape) < 0.5, -1, 1)
        setting = {} if value is None else {name: value}
        dout = {"dout": random.randn(*shape).astype(dtype)} if backward else {}
        return Case(told, {"x": x.astype(dtype), **setting, **dout}, **more)

    found = [
        case("x of shape (6, 8)", 6, 8, value=None),
        *(case(f"{name} = {value:g}, x of shape (4, 5)", 4, 5, value=value) for value in values),
        case("x of shape (2, 3, 2, 3)", 2, 3, 2, 3),
        case("x of shape (9,)", 9),
        case("float32, x of shape (5, 4)", 5, 4, dtype=np.float32),
        case("x of shape (1, 7)", 1, 7, hint="one_example"),
        case("x from -3000 to 3000", 3, 8, scale=800.0, hint=far_out),
    ]
    zero = Case("x = 0 among others", {"x": np.array([-1.0, 0.0, 2.0, 0.0])})
    return found if backward else [*found, zero]  # at a kink, any slope is right


def _maxout_cases(seed: Seed, backward: bool) -> list[Case]:
    random = seed.random(265)

    def draw(shape, M, dtype=np.float64):
        D = int(np.prod(shape[1:]))
        drawn = {"x": random.randn(*shape)}
        for piece in "12":
            drawn |= {f"w{piece}": random.randn(D, M) / np.sqrt(D), f"b{piece}": random.randn(M)}
        drawn |= {"dout": random.randn(shape[0], M)} if backward else {}
        return {name: value.astype(dtype) for name, value in drawn.items()}

    return [
        Case("x of shape (6, 5), M = 4", draw((6, 5), 4)),
        Case("images, x of shape (4, 3, 2, 3), M = 7", draw((4, 3, 2, 3), 7)),
        Case("N = D = M = 5", draw((5, 5), 5)),
        Case("float32, x of shape (6, 2, 4), M = 3", draw((6, 2, 4), 3, np.float32)),
        Case("N = 1, x of shape (1, 3, 4)", draw((1, 3, 4), 6), hint="one_example"),
        Case("D = M = 1", draw((7, 1), 1), hint="one_column"),
    ]


def _by_entry(
    name: str, stream: int, far_out: str = "exp_far_out", **settings: tuple[float, ...]
) -> tuple[Check, Check]:
    """Return the checks of both passes of a function that works entry by entry."""
    layer = Layer(MODULE, name, axes={"x": "N D", "dout": "N D"})
    return layer.pair(partial(_entry_cases, stream, settings, far_out), _tolerance, without_loop, _warned_of)


WEIGHTS = {"w1": "D M", "b1": "M", "w2": "D M", "b2": "M"}
MAXOUT = Layer(MODULE, "maxout", axes={"x": "N D", "dout": "N M", **WEIGHTS})
CHECKS = (
    *_by_entry("sigmoid", 261),
    *_by_entry("tanh", 262),
    *_by_entry("leaky_relu", 263, far_out="", slope=(0.3, 0.01, 0.8, 0.0)),
    *_by_entry("elu", 264, alpha=(0.5, 2.0, 1.7)),
    *MAXOUT.pair(_maxout_cases, with_cancellation(_tolerance), without_loop, _warned_of, back=(_tie_once,)),
)
