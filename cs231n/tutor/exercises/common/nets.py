"""What checks of whole networks share: how one starts, what its loss gives, and whether its parts belong together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cs231n.tutor.checks.check import Check, Finding, Property
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.target import LocalTarget, WrongKindError
from cs231n.tutor.exercises.common.values import array, own_gradient, parts

GRADIENT = "grads['{}']"  # what the gradient by a parameter is called


# --- how a net starts ------------------------------------------------------------------------------------------


def start(net: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the parameters of a new net by name. Raises WrongKindError unless they are those of `names`."""
    missing = [name for name in names if name not in net.params]
    if missing:
        raise WrongKindError(f"self.params has no {', '.join(missing)}; expected {', '.join(names)}")
    surplus = [name for name in net.params if name not in names]
    if surplus:
        raise WrongKindError(f"self.params has {', '.join(surplus)} too; expected {', '.join(names)}")
    return {name: array(net.params[name], name) for name in names}


def shapes(params: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the shapes of parameters as outputs to be compared."""
    return {f"{name}.shape": np.array(values.shape) for name, values in params.items()}


def zero_biases(params: Callable[..., dict[str, np.ndarray]]) -> Property:
    """Return the property that all biases of a new net are 0; params(student, **inputs) gives its parameters."""

    def look(target: LocalTarget, check: Check) -> Finding | None:
        found = target.run(params, check.cases()[0].inputs).value
        wrong = [name for name in found if name.startswith("b") and np.any(found[name])]
        return Finding(f"{' and '.join(wrong)} of a new net are not 0.", "biases_not_zero") if wrong else None

    return look


def small_random_weights(params: Callable[..., dict[str, np.ndarray]], sizes: dict) -> Property:
    """Return the property that all weights of a new net have the deviation asked for.

    `sizes` should give 2,000 weights or more in each array: then mean and deviation are off by a few percent at most.
    """

    def look(target: LocalTarget, check: Check) -> Finding | None:
        found = [_odd_weights(target, params, {**sizes, "weight_scale": scale}) for scale in (0.02, 3.0)]
        odd = [finding for finding in found if finding]
        if len({finding.cause for finding in odd}) > 1 or (len(odd) == 1 and odd[0].cause == "weight_scale_squared"):
            return replace(odd[0], cause="weight_scale_ignored")  # near a power of the scale by chance
        return odd[0] if odd else None

    return look


def _odd_weights(target: LocalTarget, params: Callable, settings: dict) -> Finding | None:
    """Return what is wrong with the first odd weights of a net."""
    scale = settings["weight_scale"]
    run = target.run(params, settings)
    if run.failure:
        return Finding(f"With weight_scale={scale}: {run.failure.message}.", status="error")
    for name, weights in run.value.items():
        cause = _odd(weights, scale) if name.startswith("W") else ""
        if cause:
            told = f"mean {np.mean(weights):.3g}, standard deviation {np.std(weights):.3g}"
            return Finding(f"With weight_scale={scale}, {name} has {told}.", cause)
    return None


def _odd(weights: np.ndarray, scale: float) -> str:
    """Return the cause that tells how these differ from normal numbers of deviation `scale`, "" if they do not."""
    if np.ptp(weights) == 0:
        return "weights_constant"
    spread = np.std(weights) / scale
    if abs(np.mean(weights)) > 0.15 * np.std(weights):
        return "weights_off_centre"
    if any(abs(np.std(weights) / power - 1) < 0.1 for power in (scale**2, scale**0.5)):
        return "weight_scale_squared"
    return "weight_scale_ignored" if abs(spread - 1) > 0.1 else ""


# --- scores, loss and gradients --------------------------------------------------------------------------------


def scores_alone(found: Any) -> np.ndarray:
    """Return what loss(X) gave. Raises WrongKindError if that is more than the scores."""
    if isinstance(found, (tuple, list)):
        raise WrongKindError(f"without labels it returns {len(found)} things, expected the scores", "scores_only")
    return array(found, "scores")


def loss_and_gradients(found: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return what loss(X, y) gave, gradients as grads['W1'] etc. Raises WrongKindError where one is missing."""
    loss, grads = parts(found, ("loss", "grads"))
    if not hasattr(grads, "keys"):
        raise WrongKindError(f"grads is a {type(grads).__name__}, expected a dictionary")
    missing = [name for name in names if name not in grads]
    if missing:
        of_whole_layers = any(name.startswith("W") for name in missing)
        raise WrongKindError(f"grads has no {' and no '.join(missing)}", "" if of_whole_layers else "gradient_missing")
    gradients = {GRADIENT.format(name): grads[name] for name in names}
    return {"loss": array(loss, "loss")} | {output: array(value, output) for output, value in gradients.items()}


def scores_then_loss(make: Callable[[dict], Any], inputs: dict, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the scores of one net that make(inputs) gives, and loss and gradients of another."""
    copies = {name: np.copy(value) for name, value in inputs.items()}
    scores = make(copies).loss(copies["X"])  # of copies: what it changes shows in the second call
    return {"scores": scores_alone(scores)} | loss_and_gradients(make(inputs).loss(inputs["X"], inputs["y"]), names)


def tolerance_beside(large: Callable[[dict], float] = lambda inputs: 0.0):
    """Return the tolerance for nets: 100 float32 eps of the largest entry, and what scores as large as that lose."""

    def allowed(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
        largest = np.max(np.abs(expected), initial=0.0)
        return np.full(expected.shape, 100 * EPS * largest + 8 * EPS * large(inputs))

    return allowed


def of_one_piece(target: LocalTarget, check: Check, finding: Finding) -> str:
    """Tell gradients that do not belong to the loss returned from those that do, though the loss is wrong."""
    inputs = finding.case.inputs
    found = target.run(check.recipe, inputs)
    values = {} if found.failure else found.value
    grads = {name: values[GRADIENT.format(name)] for name in inputs if GRADIENT.format(name) in values}
    if not grads or any(g.dtype != np.float64 or g.shape != inputs[name].shape for name, g in grads.items()):
        return ""

    def loss(given):
        return target.run(check.recipe, given).value["loss"]

    if finding.output == "loss":
        belongs = own_gradient(loss, inputs, grads)
        return "Your gradients are those of your loss: look at the loss first." if belongs else ""
    name = next((name for name in grads if finding.output == GRADIENT.format(name)), "")
    if not name or own_gradient(loss, inputs, {name: grads[name]}):
        return ""
    return f"Your loss is right; {finding.output} is not its gradient."
