"""Checks for batch and layer normalisation, forward and backward, and helpers for checks of spatial normalisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding, Property, failed
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, Recipe, WrongKindError
from cs231n.tutor.exercises.common.growth import without_loop
from cs231n.tutor.exercises.common.layer import Layer, refuses_other_modes
from cs231n.tutor.exercises.common.values import array, parts

MODULE = "cs231n.layers"
RUNNING = ("running_mean", "running_var")
TEST = {"train": False}


def in_train_mode(x, gamma, beta, **settings) -> tuple:
    """Return the arguments of a forward pass of batch normalisation in train mode."""
    return x, gamma, beta, {"mode": "train", **settings}


def with_settings(x, gamma, beta, **settings) -> tuple:
    """Return the arguments of a forward pass of layer normalisation."""
    return x, gamma, beta, settings


def running(name: str) -> str:
    """Return the name of the output that contains the running average `name`."""
    return f"bn_param['{name}']"


def running_recipe(layer: Layer) -> Recipe:
    """Return the recipe that calls a forward pass of batch normalisation on each of the batches `before`, then on x.

    The calls on `before` are in train mode, and all calls share one bn_param. The recipe returns the running averages
    and the output of the last call.
    """

    def recipe(student, x, gamma, beta, before=(), train=True, **settings):
        forward = getattr(student.module(MODULE), layer.function("forward"))
        bn_param = {name: np.copy(value) if name in RUNNING else value for name, value in settings.items()}
        for batch in before:
            bn_param["mode"] = "train"
            forward(batch, gamma, beta, bn_param)
        bn_param["mode"] = "train" if train else "test"
        out, _ = parts(forward(x, gamma, beta, bn_param), ("out", "cache"))
        missing = [name for name in RUNNING if name not in bn_param]
        if missing:
            raise WrongKindError(f"bn_param has no {' and no '.join(missing)} after the call", "running_not_kept")
        averages = {running(name): array(bn_param[name], running(name)) for name in RUNNING}
        return {name: _flat(value) for name, value in averages.items()} | {"out": array(out, "out")}

    return recipe


def _flat(average: np.ndarray) -> np.ndarray:
    """Return an average over examples without the axes of length 1 that keepdims keeps: (1, D) becomes (D,)."""
    kept = average.ndim > 1 and average.size == max(average.shape)
    return average.ravel() if kept else average


def without_keepdims(layer: Layer) -> Property:
    """Return a property that gives advice if running averages have more than one axis."""

    def look(target: LocalTarget, check: Check) -> Finding | None:
        def recipe(student, x, gamma, beta, **_):
            bn_param = {"mode": "train"}
            getattr(student.module(MODULE), layer.function("forward"))(x, gamma, beta, bn_param)
            return {name: np.asarray(bn_param[name]) for name in RUNNING}

        averages = target.run(recipe, check.usual).value
        kept = [f"{name} has shape {value.shape}" for name, value in averages.items() if value.ndim > 1]
        return Finding(f"{' and '.join(kept)}.", "keepdims_kept", status="advice") if kept else None

    return look


def _deviation(inputs: dict, axes: tuple[int, ...]) -> float:
    """Return the smallest √(variance + eps); the variances are `running_var`, if it is given, or else those of x."""
    variance = inputs["running_var"] if "running_var" in inputs else np.var(inputs["x"].astype(np.float64), axis=axes)
    return float(np.sqrt(np.min(variance) + inputs.get("eps", 1e-5)))


def forward_tolerance(*axes: int) -> Callable:
    """Return the tolerance for normalising over `axes`: the rounding in float32, including that of x itself.

    A running variance may also be off by eps, since eps_under_root reports an eps that was added to it.
    """

    def tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
        allowed = 100 * EPS * np.max(np.abs(expected), initial=0.0)
        if output == "out":
            lost = 8 * EPS * np.max(np.abs(inputs["x"])) / _deviation(inputs, axes)
            allowed += lost * np.max(np.abs(inputs["gamma"]))
        elif output == running("running_var"):
            allowed += inputs.get("eps", 1e-5)
        return np.full(expected.shape, allowed)

    return tolerance


def backward_tolerance(*axes: int) -> Callable:
    """Return the tolerance for gradients of normalising over `axes`: the rounding in float32 of terms that cancel."""

    def tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
        dout = np.abs(inputs["dout"])
        steep = np.max(dout) * np.max(np.abs(inputs["gamma"])) / _deviation(inputs, axes)
        terms = steep if output == "dx" else np.sum(dout) / 4
        return np.full(expected.shape, 50 * EPS * max(terms, np.max(np.abs(expected))))

    return tolerance


def eps_under_root(plain: dict) -> Property:
    """Return a property that tests whether eps is added to the variance.

    If eps is added to the standard deviation instead, or to a running variance as well, there is only advice.
    The inputs `plain` have gamma = 1, beta = 0 and an x of 2 and -2, with mean 0 and variance 4. With
    eps = 5, outputs should be a third as large as x, and a running variance with momentum = 0 should be 4.
    """

    def look(target: LocalTarget, check: Check) -> Finding | None:
        run = target.run(check.recipe, plain | {"eps": 5.0})
        if run.failure:
            return failed("With eps = 5", run.failure)
        ratio = run.value["out"] / plain["x"]
        told = f"With eps = 5 and a variance of 4, entries are multiplied by {ratio.flat[0]:.4g}, expected 1/3."
        if np.allclose(ratio, 1 / 3, rtol=1e-4):
            return _eps_in_running_variance(run.value)
        if np.allclose(ratio, 1 / 7, rtol=1e-4):
            return Finding(told, "eps_outside_root", status="advice")
        return Finding(told, "eps_ignored" if np.allclose(ratio, 1 / 2, rtol=1e-4) else "")

    return look


def _eps_in_running_variance(outputs: dict) -> Finding | None:
    variance = outputs.get(running("running_var"), np.array(4.0))
    if np.allclose(variance, 4, rtol=1e-4):
        return None
    told = f"With eps = 5 and momentum = 0, the running variance is {variance.flat[0]:.4g}, expected 4."
    with_eps = np.allclose(variance, 9, rtol=1e-4)
    return Finding(told, "eps_in_running_var", status="advice") if with_eps else Finding(told)


def eps_in_backward(layer: Layer, drawn: dict) -> Property:
    """Return a property that compares the backward pass with the student's own forward pass for a large eps.

    The backward pass must be the derivative of the forward pass, wherever the forward pass adds eps.
    """

    def look(target: LocalTarget, check: Check) -> Finding | None:
        inputs = drawn | {"eps": 0.7}
        found = target.run(check.recipe, inputs)
        if found.failure:
            return failed("With eps = 0.7", found.failure)
        if any(gradient.dtype != np.float64 for gradient in found.value.values()):
            return None
        for name, gradient in found.value.items():
            if not layer.is_own_gradient(target, inputs, {name.removeprefix("d"): gradient}):
                told = f"With eps = 0.7, {name} is not the derivative of your own {layer.function('forward')}."
                return Finding(told, "eps_not_in_backward")
        return None

    return look


def _in_mode(student: LocalTarget, mode: str, x, gamma, beta, **_) -> None:
    student.module(MODULE).batchnorm_forward(x, gamma, beta, {"mode": mode})


def draw(random, *shape: int, dout: bool = False, parameters: tuple = (), dtype=np.float64) -> dict:
    """Return {name: array} with x, gamma, beta and, if `dout` is true, dout.

    The features, along axis 1 of x, differ in mean and standard deviation. gamma and beta have the shape `parameters`,
    or else (number of features,).
    """
    features = (shape[1],) + (1,) * (len(shape) - 2)
    x = random.randn(*features) * 2 + (0.5 + 2 * random.rand(*features)) * random.randn(*shape)
    shape_of = parameters or shape[1:2]
    drawn = {"x": x, "gamma": 0.5 + 1.5 * random.rand(*shape_of), "beta": random.randn(*shape_of)}
    drawn["gamma"].flat[1::2] *= -1
    drawn |= {"dout": random.randn(*shape)} if dout else {}
    return {name: value.astype(dtype) for name, value in drawn.items()}


def averages(random, D: int) -> dict:
    """Return running averages as they might be after some training."""
    return {"running_mean": random.randn(D), "running_var": 0.5 + 3 * random.rand(D)}


def plus_minus_two(x: np.ndarray, shape: tuple[int, ...]) -> dict:
    """Return inputs for eps_under_root: 2 or -2, by the sign of x, with gamma = 1 and beta = 0 of the given shape."""
    return {"x": 2.0 * np.sign(x), "gamma": np.ones(shape), "beta": np.zeros(shape)}


def _batchnorm_cases(seed: Seed) -> list[Case]:
    random = seed.random(301)
    still = draw(random, 4, 3)
    still["x"][:, 1] = 2.5
    far = draw(random, 8, 3, dtype=np.float32)
    far["x"] = (1000 + 0.5 * random.randn(8, 3)).astype(np.float32)
    given = {"momentum": 0.6, **averages(random, 7)}
    two = {"before": 1 + 2 * random.randn(2, 6, 3), "train": False}
    return [
        Case("x of shape (6, 4), in train mode", draw(random, 6, 4)),
        Case("running averages given, momentum 0.6, x of shape (5, 7), in train mode", draw(random, 5, 7) | given),
        Case("N = D = 5, float32, in train mode", draw(random, 5, 5, dtype=np.float32)),
        Case(
            "running averages given, x of shape (4, 6), in test mode", draw(random, 4, 6) | averages(random, 6) | TEST
        ),
        Case("two batches in train mode, then a third in test mode", draw(random, 4, 3) | two),
        Case("three batches in train mode", draw(random, 5, 3) | {"before": 2 * random.randn(2, 4, 3) - 1}),
        Case("a feature that is 2.5 everywhere, in train mode", still, hint="eps_missing"),
        Case("N = 1, in train mode", draw(random, 1, 4), hint="one_example"),
        Case("N = 1, in test mode", draw(random, 1, 4) | averages(random, 4) | TEST, hint="one_example"),
        Case("D = 1, in train mode", draw(random, 6, 1), hint="one_column"),
        Case("float32, mean 1000 and standard deviation 0.5, in train mode", far, hint="cancellation", fragile=True),
    ]


def _backward_cases(stream: int, axis: int, told: str, seed: Seed) -> list[Case]:
    """Return cases of a backward pass; in the case named `told` a variance along `axis` is 0."""
    random = seed.random(stream)
    still = draw(random, 4, 4, dout=True)
    np.moveaxis(still["x"], axis, 0)[:, 1] = 2.5
    zero = draw(random, 5, 3, dout=True)
    zero["gamma"][1] = 0
    return [
        Case("x of shape (6, 4)", draw(random, 6, 4, dout=True)),
        Case("x of shape (4, 7)", draw(random, 4, 7, dout=True)),
        Case("N = D = 5", draw(random, 5, 5, dout=True)),
        Case("float32, x of shape (7, 3)", draw(random, 7, 3, dout=True, dtype=np.float32)),
        Case("a gamma that is 0", zero, hint="gamma_zero"),
        Case(told, still, hint="eps_missing"),
        Case("N = 1", draw(random, 1, 5, dout=True), hint="one_example"),
        Case("D = 1", draw(random, 6, 1, dout=True), hint="one_column"),
    ]


def _layernorm_cases(seed: Seed) -> list[Case]:
    random = seed.random(303)
    still = draw(random, 3, 4)
    still["x"][1] = 2.5
    far = draw(random, 3, 8, dtype=np.float32)
    far["x"] = (1000 + 0.5 * random.randn(3, 8)).astype(np.float32)
    return [
        Case("x of shape (4, 6)", draw(random, 4, 6)),
        Case("x of shape (7, 3)", draw(random, 7, 3)),
        Case("N = D = 5, float32", draw(random, 5, 5, dtype=np.float32)),
        Case("an example that is 2.5 everywhere", still, hint="eps_missing"),
        Case("N = 1", draw(random, 1, 6), hint="one_example"),
        Case("D = 1", draw(random, 4, 1), hint="one_column"),
        Case("float32, mean 1000 and standard deviation 0.5", far, hint="cancellation", fragile=True),
    ]


def small(*shape: int) -> dict:
    """Return inputs with an x of this small shape, for a numeric gradient."""
    return draw(np.random.RandomState(309), *shape, dout=True)


def backward_check(layer: Layer, cases, tolerance, drawn: dict, key: str = "") -> Check:
    """Return the check of a backward pass; `drawn` are inputs for a numeric gradient with a large eps."""
    properties = eps_in_backward(layer, drawn), without_loop
    return layer.backward_check(cases, tolerance, *properties, follows=layer.follows_own_forward, key=key)


_AXES = {"x": "N D", "gamma": "D", "beta": "D", "dout": "N D", "running_mean": "D", "running_var": "D", "before": ""}
BATCHNORM = Layer(MODULE, "batchnorm", in_train_mode, axes=_AXES)
BATCHNORM_ALT = Layer(MODULE, "batchnorm", in_train_mode, "batchnorm_backward_alt", _AXES)
LAYERNORM = Layer(MODULE, "layernorm", with_settings, axes=_AXES)

_ROWS = np.array([[1.0, -1.0, 1.0, -1.0], [-1.0, -1.0, 1.0, 1.0], [1.0, -1.0, -1.0, 1.0]])
_IN_TRAINING = plus_minus_two(_ROWS.T, (3,)) | {"momentum": 0.0}
_IN_TEST = _IN_TRAINING | {"running_mean": np.zeros(3), "running_var": np.full(3, 4.0)} | TEST
_BACKWARD = partial(_backward_cases, 302, 0, "a feature that is 2.5 everywhere"), backward_tolerance(0), small(4, 3)
_OF_ROWS = partial(_backward_cases, 304, 1, "an example that is 2.5 everywhere"), backward_tolerance(1), small(4, 3)

CHECKS = (
    BATCHNORM.forward_check(
        _batchnorm_cases,
        forward_tolerance(0),
        eps_under_root(_IN_TRAINING),
        eps_under_root(_IN_TEST),
        refuses_other_modes(_in_mode),
        without_loop,
        without_keepdims(BATCHNORM),
        recipe=running_recipe(BATCHNORM),
    ),
    backward_check(BATCHNORM, *_BACKWARD),
    backward_check(BATCHNORM_ALT, *_BACKWARD, key="batchnorm_backward"),
    LAYERNORM.forward_check(
        _layernorm_cases, forward_tolerance(1), eps_under_root(plus_minus_two(_ROWS, (4,))), without_loop
    ),
    backward_check(LAYERNORM, *_OF_ROWS),
)
