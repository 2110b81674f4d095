"""Helpers for checks: results of the promised kind, by name; tolerances; and tests of labels and gradients."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from cs231n.gradient_check import eval_numerical_gradient
from cs231n.tutor.checks.check import Check, Finding
from cs231n.tutor.checks.compare import EPS, agrees
from cs231n.tutor.checks.target import LocalTarget, WrongKindError


def array(value: Any, what: str) -> np.ndarray:
    """Return `value` as an array. Raises WrongKindError, about `what`, unless it contains real numbers."""
    if value is None:
        raise WrongKindError(f"{what} is None", "returns_none")
    found = np.asarray(value)
    if found.dtype.kind not in "biuf":
        if isinstance(value, np.ndarray):
            raise WrongKindError(f"{what} is an array of dtype {value.dtype}, expected real numbers")
        raise WrongKindError(f"{what} is of type {type(value).__name__}, expected an array of numbers")
    return found


def parts(value: Any, names: tuple[str, ...]) -> list:
    """Return the parts of a tuple or list as a list. Raises WrongKindError unless there is one for each of `names`."""
    expected = f"expected ({', '.join(names)})"
    if value is None:
        raise WrongKindError(f"it returns None, {expected}", "returns_none")
    if not isinstance(value, (tuple, list)):
        raise WrongKindError(f"it returns a single {type(value).__name__}, {expected}", "result_missing")
    if len(value) != len(names):
        raise WrongKindError(f"it returns {len(value)} value{'' if len(value) == 1 else 's'}, {expected}")
    return list(value)


def arrays(value: Any, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return {name: array} for the parts of a result. Raises WrongKindError unless there are numbers for each name."""
    return {name: array(part, name) for name, part in zip(names, parts(value, names), strict=True)}


def of_the_largest(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow 100 eps times the largest entry: the rounding in float32 of sums of a few hundred products that cancel."""
    return np.full(expected.shape, 100 * EPS * np.max(np.abs(expected), initial=0.0))


# The factors of a term in out = x w + b, and in its gradients
FACTORS = {"out": ("x", "w"), "dx": ("dout", "w"), "dw": ("dout", "x"), "db": ("dout",)}


def with_cancellation(tolerance: Callable) -> Callable:
    """Return a tolerance that also allows rounding where terms of out = x w + b, or of its gradients, nearly cancel.

    It adds 10 eps times the product of the largest factors, since the result does not show how large the terms are: a
    bias gradient may be a single number close to 0.
    """

    def allowed(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
        largest: dict[str, float] = {}
        for name, value in inputs.items():
            kind = name.rstrip("12")  # maxout has w1 and w2
            largest[kind] = max(largest.get(kind, 0.0), float(np.max(np.abs(value), initial=0.0)))
        term = math.prod(largest[factor] for factor in FACTORS[output.rstrip("12")])
        return tolerance(inputs, output, expected) + 10 * EPS * term

    return allowed


def integer_labels(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against labels that are not integers."""
    run = target.run(check.recipe, check.usual)
    if run.failure or run.value["y_pred"].dtype.kind in "iu":
        return None
    return Finding(f"The labels are {run.value['y_pred'].dtype}.", "float_labels", status="advice")


def own_gradient(
    loss: Callable[[dict], Any], inputs: dict, gradients: Mapping[str, np.ndarray], h: float = 1e-5, slack: float = 1e-6
) -> bool:
    """Return whether centred differences of loss(inputs) confirm each of `gradients`, {input name: array}.

    `h` is the step. Each entry may be off by `slack` times the largest absolute entry or 1, whichever is larger.
    """
    return all(
        _is_gradient(lambda x, name=name: loss({**inputs, name: x}), inputs[name], gradient, h, slack)
        for name, gradient in gradients.items()
    )


def _is_gradient(function: Callable, x: np.ndarray, gradient: np.ndarray, h: float, slack: float) -> bool:
    x = x.astype(np.float64)
    try:
        numeric = eval_numerical_gradient(function, x, verbose=False, h=h)
    except (TypeError, ValueError, LookupError):  # the student's function does not return a number there
        return False
    return agrees(gradient, numeric, np.full(x.shape, slack * max(1.0, np.max(np.abs(numeric)))))
