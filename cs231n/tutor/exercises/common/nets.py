"""What the checks of whole networks share: tests of the initial parameters, and of the scores, loss and gradients."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Case, Check, Explanation, Finding, WrongOutput, failed
from cs231n.tutor.checks.compare import EPS, SHAPE, listed
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, WrongKindError
from cs231n.tutor.exercises.common.losses import of_one_piece
from cs231n.tutor.exercises.common.values import array, parts

GRADIENT = "grads['{}']"  # what the gradient with respect to a parameter is called
Cases = Callable[[Seed], Sequence[Case]]
Params = Callable[..., dict[str, np.ndarray]]


def weights_and_biases(depth: int) -> list[str]:
    """Return the names of the weights and biases of a net with that many layers."""
    return [f"{kind}{i}" for i in range(1, depth + 1) for kind in "Wb"]


def parameters(inputs: Iterable[str]) -> list[str]:
    """Return which inputs of a case are parameters of the net: W1, b1, …, gamma1, beta1, …"""
    return [name for name in inputs if re.fullmatch(r"(W|b|gamma|beta)\d", name)]


def start(net: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the parameters of a new net by name. Raises WrongKindError unless they are those of `names`."""
    missing = [name for name in names if name not in net.params]
    surplus = [name for name in net.params if name not in names]
    if missing:
        told = f"self.params has no {listed(missing, 'or')}; expected {listed(names)}"
        if surplus:
            told += f". It has {listed(surplus)}, which {'is' if len(surplus) == 1 else 'are'} not expected"
        raise WrongKindError(told, _other_names(net.params, names, missing, surplus))
    if surplus:
        raise WrongKindError(f"self.params has {listed(surplus)} in addition to the expected {listed(names)}")
    return {name: array(net.params[name], name) for name in names}


def _other_names(found: Iterable[str], names: Sequence[str], missing: Sequence[str], surplus: Sequence[str]) -> str:
    """Return the cause of missing parameters, or "" if it is not clear."""
    following = {re.sub(r"\d+$", lambda number: str(int(number[0]) + 1), name) for name in found}
    if following == set(names):
        return "layers_from_zero"
    if surplus:
        return "parameters_misnamed" if len([*found]) == len(names) else ""
    numbers = sorted({int(re.sub(r"\D", "", name)) for name in names})
    for cause, number in (("last_layer_missing", numbers[-1]), ("first_layer_missing", numbers[0])):
        if set(missing) == {name for name in names if name.endswith(str(number))}:
            return cause
    if set(missing) == {name for name in names if name[:1] == "b" and name[1:].isdigit()}:
        return "biases_missing"
    return "parameters_missing"


def _other_sizes(target: LocalTarget, check: Check, wrong: WrongOutput) -> Explanation:
    """Explain a parameter that is a single number, or an axis whose length never varies or is that of another size."""
    if wrong.actual.shape != wrong.expected.shape:
        return Explanation("parameter_a_number" if not wrong.actual.size else "", tentative=True)
    axis = int(np.argmax(wrong.actual != wrong.expected))
    seen = []
    for case in check.drawn:
        found = target.run(check.recipe, case.inputs).value.get(wrong.name)
        if found is not None and len(found) > axis:
            seen.append((int(found[axis]), _sizes(case.inputs)))
    named = [size for size, value in seen[0][1].items() if all(sizes.get(size) == length for length, sizes in seen)]
    lengths = {length for length, _ in seen}
    told = {"name": wrong.name.removesuffix(SHAPE), "axis": axis, "number": wrong.actual[axis]}
    if len(lengths) == 1 < len(seen) and not named:
        return Explanation("hard_coded_size", EVIDENCE["always_as_long"].format(**told), tentative=True)
    if len(named) == 1 and len(lengths) > 1:
        return Explanation("size_of_another", EVIDENCE["as_long_as"].format(**told, size=named[0]), tentative=True)
    return Explanation()


def _sizes(settings: dict[str, Any]) -> dict[str, int]:
    """Return the sizes among the settings of a net by name, and those in a list by name and position."""
    sizes: dict[str, int] = {}
    for name, value in settings.items():
        if np.ndim(value):
            sizes |= {f"{name}[{place}]": int(one) for place, one in enumerate(value)}
        elif isinstance(value, int):
            sizes[name] = value
    return sizes


def init_check(name: str, params: Params, cases: Cases, large: dict) -> Check:
    """Return the check of the initial parameters; params(student, **settings) returns those of a new net.

    With the settings `large`, each W should have at least 2,000 entries: then their mean and standard deviation are
    close to those of the distribution.
    """

    def recipe(student, **settings):
        return {f"{name}{SHAPE}": np.array(value.shape) for name, value in params(student, **settings).items()}

    def zero_biases(target: LocalTarget, check: Check) -> Finding | None:
        found = target.run(params, check.usual).value
        wrong = [name for name in found if name.startswith("b") and np.any(found[name])]
        if not wrong:
            return None
        told = f"{listed(wrong)} of a new net {'is' if len(wrong) == 1 else 'are'} not 0."
        return Finding(told, "biases_not_zero")

    def small_random_weights(target: LocalTarget, check: Check) -> Finding | None:
        found = [_odd_weights(target, params, {**large, "weight_scale": scale}) for scale in (0.02, 3.0)]
        odd = [finding for finding in found if finding]
        if len({finding.cause for finding in odd}) > 1 or (len(odd) == 1 and odd[0].cause == "weight_scale_squared"):
            return replace(odd[0], cause="weight_scale_ignored")  # one was near a power of the scale by chance
        return odd[0] if odd else None

    axes = {"input_dim": "", "hidden_dims": ""}
    properties = zero_biases, small_random_weights
    return Check(name, recipe, cases, properties=properties, second_look=_other_sizes, axes=axes)


def _odd_weights(target: LocalTarget, params: Params, settings: dict) -> Finding | None:
    """Return a finding about a failure, or about the first weights that have a wrong distribution, or None."""
    scale = settings["weight_scale"]
    run = target.run(params, settings)
    if run.failure:
        return failed(f"With weight_scale={scale}", run.failure)
    for name, weights in run.value.items():
        cause = _odd(weights, scale) if name.startswith("W") else ""
        if cause:
            told = f"mean {np.mean(weights):.3g} and standard deviation {np.std(weights):.3g}, expected 0 and {scale}"
            return Finding(f"With weight_scale={scale}, {name} has {told}.", cause)
    return None


def _odd(weights: np.ndarray, scale: float) -> str:
    """Return the cause if the mean of weights is far from 0, or their standard deviation far from `scale`, or ""."""
    if np.ptp(weights) == 0:
        return "weights_constant"
    spread = np.std(weights) / scale
    if abs(np.mean(weights)) > 0.15 * np.std(weights):
        return "weights_off_centre"
    if any(abs(np.std(weights) / power - 1) < 0.1 for power in (scale**2, scale**0.5)):
        return "weight_scale_squared"
    return "weight_scale_ignored" if abs(spread - 1) > 0.1 else ""


def scores_alone(found: Any) -> np.ndarray:
    """Return the result of loss(X), the scores. Raises WrongKindError if it is anything but one array of numbers."""
    if isinstance(found, (tuple, list)):
        seen = f"a {type(found).__name__} of length {len(found)}"
        raise WrongKindError(f"without labels, it returns {seen}, expected one array: the scores", "scores_only")
    return array(found, "scores")


def loss_and_gradients(found: Any, names: Sequence[str]) -> dict[str, np.ndarray]:
    """Return the results of loss(X, y) by name: "loss", "grads['W1']" and so on.

    Raises WrongKindError if a result is missing or does not consist of numbers.
    """
    loss, grads = parts(found, ("loss", "grads"))
    if not hasattr(grads, "keys"):
        raise WrongKindError(f"grads is of type {type(grads).__name__}, expected a dictionary")
    missing = [name for name in names if name not in grads]
    if missing:
        of_whole_layers = any(name.startswith("W") for name in missing)
        surplus = [str(name) for name in grads if name not in names]
        told = f"grads has no {listed(missing, 'or')}" + (f"; it has {listed(surplus)}" if surplus else "")
        raise WrongKindError(told, "" if of_whole_layers else "gradient_missing")
    gradients = {GRADIENT.format(name): grads[name] for name in names}
    return {"loss": array(loss, "loss")} | {output: array(value, output) for output, value in gradients.items()}


def loss_check(name: str, make: Callable[[LocalTarget, dict], Any], cases: Cases, axes: dict) -> Check:
    """Return the check of scores, loss and gradients; make(student, inputs) returns a net with a case's parameters.

    One net computes the scores, and another one with the same parameters computes the loss and the gradients.
    """

    def recipe(student, **inputs):
        copies = {name: np.copy(value) for name, value in inputs.items()}
        scores = make(student, copies).loss(copies["X"])  # copies, so that the loss gets unchanged inputs
        found = make(student, inputs).loss(inputs["X"], inputs["y"])
        return {"scores": scores_alone(scores)} | loss_and_gradients(found, parameters(inputs))

    second_look = of_one_piece(GRADIENT)
    return Check(name, recipe, cases, rounded_scores, second_look=second_look, axes={"X": "N D", "y": "N"} | axes)


def rounded_scores(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow 100 eps times the largest entry, and the rounding of scores as large as the last biases."""
    last = max(name for name in inputs if re.fullmatch(r"b\d", name))
    largest = np.max(np.abs(expected), initial=0.0)
    return np.full(expected.shape, 100 * EPS * largest + 8 * EPS * np.max(np.abs(inputs[last])))
