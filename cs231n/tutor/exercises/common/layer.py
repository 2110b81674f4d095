"""A layer's two passes: how checks call and examine them, with the student's own cache in between.

The inputs of a case are the arguments of the forward pass, in their order, and `dout` for a backward pass. Arguments
that are arrays have gradients; numbers (for example, a slope) are settings and have none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Check, Explanation, Finding, Outcome, Property, WrongOutput
from cs231n.tutor.checks.compare import float_tolerance
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.values import array, arrays, own_gradient, parts


def in_order(**inputs: Any) -> Iterable:
    """Return the values of the inputs, unchanged and in their order."""
    return inputs.values()


@dataclass(frozen=True)
class Layer:
    """The two functions of a layer in a student's module.

    With the name "relu", they are relu_forward and relu_backward; with "conv_{}_naive", conv_forward_naive and
    conv_backward_naive. `backward` is the name of the backward function if it is not formed in this way.
    arrange(**inputs) returns the arguments of the forward function; by default, these are the inputs in their order.
    `axes` names the axes of the inputs, as in Check.
    """

    module: str
    name: str
    arrange: Callable[..., Iterable] = in_order
    backward: str = ""
    axes: Mapping[str, str] = field(default_factory=dict)

    def function(self, way: str) -> str:
        """Return the name of the function of a pass; `way` is "forward" or "backward"."""
        if way == "backward" and self.backward:
            return self.backward
        return self.name.format(way) if "{}" in self.name else f"{self.name}_{way}"

    def forward(self, student: LocalTarget, /, **inputs) -> dict[str, np.ndarray]:
        """Return {"out": array} from the student's forward pass. This is the usual recipe for its check."""
        return {"out": array(self._forward(student, inputs)[0], "out")}

    def gradients(self, student: LocalTarget, /, **inputs) -> dict[str, np.ndarray]:
        """Return {"dx": array, …}, a gradient for each array except dout. This is the recipe for the backward pass."""
        _, go_back = self._both_ways(student, inputs)
        return go_back(inputs["dout"].copy())  # leaves_alone checks whether dout is changed

    def _forward(self, student: LocalTarget, inputs: dict) -> list:
        found = getattr(student.module(self.module), self.function("forward"))(*self.arrange(**inputs))
        return parts(found, ("out", "cache"))

    def _both_ways(self, student: LocalTarget, inputs: dict) -> tuple[dict, Callable]:
        """Run the forward pass on copies of all inputs except dout.

        Returns the copied arrays, and the function that runs the backward pass on dout and returns the gradients.
        """
        given = {name: np.copy(a) if isinstance(a, np.ndarray) else a for name, a in inputs.items() if name != "dout"}
        copies = {name: value for name, value in given.items() if isinstance(value, np.ndarray)}
        _, cache = self._forward(student, given)
        names = tuple(f"d{name}" for name in copies)

        def go_back(dout):
            found = getattr(student.module(self.module), self.function("backward"))(dout, cache)
            return arrays(found, names) if len(names) > 1 else {names[0]: array(found, names[0])}

        return copies, go_back

    def forward_check(self, cases, tolerance=float_tolerance, *properties: Property, **more) -> Check:
        """Return the check of the forward pass."""
        more = {"recipe": self.forward, "axes": self.axes, **more}
        return Check(self.function("forward"), cases=cases, tolerance=tolerance, properties=properties, **more)

    def backward_check(self, cases, tolerance=float_tolerance, *properties: Property, **more) -> Check:
        """Return the check of the backward pass; a wrong gradient is also compared with the student's forward pass."""
        properties = (*properties, self.leaves_alone)
        more = {"second_look": self.fits_own_forward, "axes": self.axes, **more}
        return Check(self.function("backward"), self.gradients, cases, tolerance, properties, **more)

    def pair(self, cases, tolerance, *properties: Property, back: tuple[Property, ...] = ()) -> tuple[Check, Check]:
        """Return the checks of both passes.

        cases(seed, backward=…) returns the cases of a pass. Both checks have the `properties`, and that of the backward
        pass also those in `back`.
        """
        forward, backward = (partial(cases, backward=way) for way in (False, True))
        return (
            self.forward_check(forward, tolerance, *properties),
            self.backward_check(backward, tolerance, *properties, *back),
        )

    def leaves_alone(self, target: LocalTarget, check: Check) -> Finding | None:
        """Advise against a backward pass that changes dout or the arrays in its cache."""

        def recipe(student, **given):
            copies, go_back = self._both_ways(student, given)
            first = {name: found.copy() for name, found in go_back(given["dout"].copy()).items()}
            again = go_back(given["dout"].copy())
            go_back(given["dout"])
            kept = [np.array_equal(copies[name], given[name]) for name in copies]
            return {"kept": np.array([*kept, *(np.array_equal(first[name], again[name]) for name in first)])}

        run = target.run(recipe, check.usual)
        if run.failure or not np.all(run.value["kept"]):
            return Finding("It changes the arrays in its cache in place.", "changes_cache", status="advice")
        return Finding("It changes dout in place.", "changes_dout", status="advice") if run.mutated else None

    def fits_own_forward(self, target: LocalTarget, check: Check, wrong: WrongOutput) -> Explanation:
        """Explain whether a wrong gradient is the numeric gradient of the student's own forward pass."""
        name, inputs = wrong.name.removeprefix("d"), wrong.case.inputs
        if wrong.actual.shape != np.shape(inputs[name]) or wrong.actual.dtype != np.float64:
            return Explanation()
        own = self.is_own_gradient(target, inputs, {name: wrong.actual})
        told = EVIDENCE["fits_own_forward" if own else "not_own_forward"].format(forward=self.function("forward"))
        return Explanation(also=told, tentative=True)

    def fits_own_backward(self, target: LocalTarget, check: Check, wrong: WrongOutput) -> Explanation:
        """Explain that a wrong forward pass does not fit the student's own backward pass, if that is so."""
        inputs = wrong.case.inputs | {"dout": np.random.RandomState(0).randn(*wrong.actual.shape)}
        found = target.run(self.gradients, inputs).value or {}
        gradients = {name.removeprefix("d"): value for name, value in found.items()}
        if not gradients or any(
            value.shape != inputs[name].shape or value.dtype != np.float64 for name, value in gradients.items()
        ):
            return Explanation()
        if self.is_own_gradient(target, inputs, gradients):
            return Explanation()
        told = EVIDENCE["not_own_backward"].format(backward=self.function("backward"))
        return Explanation(also=told, tentative=True)

    def follows_own_forward(self, target: LocalTarget, outcome: Outcome) -> bool:
        """Return whether all gradients of a case are the derivatives of the student's own forward pass.

        This is for normalisation, where a variance may be 0 in cases with a hint. If eps is added outside the root, the
        slope of out changes sharply near a variance of 0, and the numeric gradient needs a step far below eps.
        """
        inputs, found = outcome.case.inputs, outcome.run.value
        gradients = {name.removeprefix("d"): gradient for name, gradient in found.items()}
        if any(gradient.shape != inputs[name].shape for name, gradient in gradients.items()):
            return False
        if outcome.case.hint:
            return self.is_own_gradient(target, inputs, gradients, h=1e-9, slack=1e-3)
        double = all(gradient.dtype == np.float64 for gradient in gradients.values())
        return self.is_own_gradient(target, inputs, gradients, slack=1e-6 if double else 1e-4)

    def is_own_gradient(
        self, target: LocalTarget, inputs: dict, gradients: dict[str, np.ndarray], **accuracy: float
    ) -> bool:
        """Return whether `gradients`, {input: array}, are the gradients of sum(dout * out); see own_gradient."""
        given = {name: value for name, value in inputs.items() if name != "dout"}

        def loss(at: dict) -> float:
            return np.sum(inputs["dout"] * target.run(self.forward, at).value["out"])

        return own_gradient(loss, given, gradients, **accuracy)


def refuses_other_modes(call: Callable[..., Any]) -> Property:
    """Return a property that tests whether call(student, mode, **inputs) raises an exception for an unknown mode."""

    def look(target: LocalTarget, check: Check) -> Finding | None:
        def recipe(student, **inputs):
            call(student, "validate", **inputs)
            return {}

        if target.run(recipe, check.usual).failure:
            return None
        return Finding("With mode = 'validate', it raises no exception; expected a ValueError.", "other_mode_accepted")

    return look
