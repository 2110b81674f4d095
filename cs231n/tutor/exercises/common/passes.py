"""What checks of layers share: how to go forward, and backward with the student's own cache, and what to look at there.

The inputs of a case are the forward pass's arguments in their order and, for a backward pass, `dout`. Arguments that
are arrays have gradients; numbers, a slope for example, are settings and have none. Where the forward pass wants them
in another form, in a dictionary for example, `arrange(**inputs)` gives its arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from cs231n.tutor.checks.check import Check, Finding, Property
from cs231n.tutor.checks.target import LocalTarget, Recipe
from cs231n.tutor.exercises.common.growth import steps
from cs231n.tutor.exercises.common.values import array, arrays, own_gradient, parts

Arrange = Callable[..., Iterable]


def in_order(**inputs: Any) -> Iterable:
    """Return the inputs as they are."""
    return inputs.values()


def pass_name(layer: str, way: str) -> str:
    """Return the name of a layer's pass: "affine" has an affine_forward, "conv_{}_naive" a conv_forward_naive."""
    return layer.format(way) if "{}" in layer else f"{layer}_{way}"


def forward_recipe(module: str, layer: str, arrange: Arrange = in_order) -> Recipe:
    """Return the recipe that calls <layer>_forward and gives its out; see pass_name for `layer`."""

    def recipe(student, **inputs):
        out, _ = parts(
            getattr(student.module(module), pass_name(layer, "forward"))(*arrange(**inputs)), ("out", "cache")
        )
        return {"out": array(out, "out")}

    return recipe


def both_ways(
    student: LocalTarget, module: str, layer: str, inputs: dict, arrange: Arrange = in_order, backward: str = ""
):
    """Go forward on copies of all inputs but dout; return those, and how to go backward.

    `backward` is the name of the backward pass if it is not <layer>_backward.
    """
    home = student.module(module)
    copies = {
        name: np.copy(value) for name, value in inputs.items() if isinstance(value, np.ndarray) and name != "dout"
    }
    settings = {name: value for name, value in inputs.items() if name != "dout"}
    _, cache = parts(getattr(home, pass_name(layer, "forward"))(*arrange(**settings | copies)), ("out", "cache"))
    gradients = tuple(f"d{name}" for name in copies)

    def go_back(dout):
        found = getattr(home, backward or pass_name(layer, "backward"))(dout, cache)
        return arrays(found, gradients) if len(gradients) > 1 else {gradients[0]: array(found, gradients[0])}

    return copies, go_back


def backward_recipe(module: str, layer: str, arrange: Arrange = in_order, backward: str = "") -> Recipe:
    """Return the recipe that goes forward and backward and gives the gradients by the forward's arguments."""

    def recipe(student, **inputs):
        _, go_back = both_ways(student, module, layer, inputs, arrange, backward)
        return go_back(inputs["dout"].copy())  # whether dout stays: leaves_alone

    return recipe


def leaves_alone(module: str, layer: str, arrange: Arrange = in_order, backward: str = "") -> Property:
    """Return the property that the backward pass changes neither dout nor what the forward pass left for it."""

    def look(target: LocalTarget, check: Check) -> Finding | None:
        inputs = check.cases()[0].inputs

        def recipe(student, **given):
            copies, go_back = both_ways(student, module, layer, given, arrange, backward)
            first = {name: found.copy() for name, found in go_back(given["dout"].copy()).items()}
            again = go_back(given["dout"].copy())
            go_back(given["dout"])
            kept = [np.array_equal(copies[name], given[name]) for name in copies]
            return {"kept": np.array([*kept, *(np.array_equal(first[name], again[name]) for name in first)])}

        run = target.run(recipe, inputs)
        if run.failure or not np.all(run.value["kept"]):
            return Finding("It changes in place what it finds in its cache.", "changes_cache", status="advice")
        return Finding("It changes dout in place.", "changes_dout", status="advice") if run.mutated else None

    return look


def without_loop(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against Python loops over the batch."""
    inputs = check.cases()[0].inputs
    batch = [name for name in ("x", "y", "dout") if name in inputs]
    tenfold = {**inputs, **{name: np.concatenate([inputs[name]] * 10) for name in batch}}
    few, many = (steps(target, check, given) for given in (inputs, tenfold))
    if not few or not many or many.steps < few.steps + 20:
        return None
    return Finding("The number of Python steps grows with N.", "loop", status="advice")


def beside_own_forward(module: str, layer: str, arrange: Arrange = in_order):
    """Return the second look that holds a wrong gradient beside the numeric one of the student's own forward pass."""
    forward, forward_name = forward_recipe(module, layer, arrange), pass_name(layer, "forward")

    def look(target: LocalTarget, check: Check, finding: Finding) -> tuple[str, str]:
        dout = finding.case.inputs["dout"]
        inputs = {name: value for name, value in finding.case.inputs.items() if name != "dout"}
        name = finding.output.removeprefix("d")
        if finding.actual.shape != np.shape(inputs[name]) or finding.actual.dtype != np.float64:
            return "", ""

        def total(given):
            return float(np.sum(dout * target.run(forward, given).value["out"]))

        if own_gradient(total, inputs, {name: finding.actual}):
            return "", f"It is the derivative of your own {forward_name}: look there first."
        return "", f"It is not the derivative of your own {forward_name} either, as a numeric gradient shows."

    return look


def beside_own_backward(module: str, layer: str, arrange: Arrange = in_order):
    """Return the second look that tells when a wrong forward pass is at odds with the student's own backward pass."""
    forward, backward = forward_recipe(module, layer, arrange), backward_recipe(module, layer, arrange)

    def look(target: LocalTarget, check: Check, finding: Finding) -> tuple[str, str]:
        inputs, dout = finding.case.inputs, np.random.RandomState(0).randn(*finding.actual.shape)
        run = target.run(backward, {**inputs, "dout": dout})
        gradients = {name.removeprefix("d"): value for name, value in (run.value or {}).items()}
        if run.failure or any(value.shape != inputs[name].shape for name, value in gradients.items()):
            return "", ""

        def total(given):
            return float(np.sum(dout * target.run(forward, given).value["out"]))

        if any(value.dtype != np.float64 for value in gradients.values()) or own_gradient(total, inputs, gradients):
            return "", ""
        return "", f"Your {pass_name(layer, 'backward')} is the derivative of something else than what this returns."

    return look
