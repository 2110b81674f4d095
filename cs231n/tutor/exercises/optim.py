"""Checks for the update rules, and for the max-norm constraint on weights.

A rule is judged by the weights after each of several steps along given gradients; only w and config are passed from
one step to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Case, Check, Explanation, Finding, Property, WrongOutput
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget, Recipe, WrongKindError
from cs231n.tutor.exercises.common.values import array, of_the_largest, parts

MODULE = "cs231n.optim"
OF_THE_RECIPE = ("w", "dw", "shrink")  # the other inputs of a case are settings


def _walk(rule, w, dw, settings: dict, shrink: float) -> Iterator[np.ndarray]:
    """Take a step for each of the gradients dw, of shape (steps, *w.shape), and yield each w.

    After each step, the learning rate in config is multiplied by `shrink`.
    """
    config = {key: np.copy(value) if np.ndim(value) else value for key, value in settings.items()} or None
    for gradient in dw:
        w, config = parts(rule(w, gradient, config), ("next_w", "config"))
        if not hasattr(config, "keys"):
            raise WrongKindError(f"the returned config is of type {type(config).__name__}, expected a dictionary")
        if np.shape(w) != gradient.shape:
            raise WrongKindError(f"next_w has shape {np.shape(w)}, expected that of w, {gradient.shape}")
        yield array(w, "next_w").copy()
        if shrink != 1:
            if "learning_rate" not in config:
                raise WrongKindError("the returned config has no learning_rate for the next step")
            config["learning_rate"] *= shrink


def _recipe(name: str) -> Recipe:
    """Return the recipe that takes steps twice: alone, and in turn with steps for another parameter.

    It raises WrongKindError if the results of the two runs differ.
    """

    def recipe(student, w, dw, shrink=1.0, **settings):
        rule = getattr(student.module(MODULE), name)
        again, other = _walk(rule, w.copy(), dw.copy(), settings, shrink), _walk(rule, 2 * w, 3 * dw, settings, shrink)
        alone = list(_walk(rule, w.copy(), dw, settings, shrink))
        in_turn = [step for step, _ in zip(again, other, strict=True)]
        if not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(alone, in_turn, strict=True)):
            raise WrongKindError("a step depends on earlier calls for other parameters", "shared_state")
        return {"w_after_step": np.stack(alone)}

    return recipe


def _draw(random, shape: tuple[int, ...], steps: int, size: float, dtype=np.float64, **more) -> dict:
    """Draw w of about `size`, and gradients of size 2 to 8: near 0, the position of epsilon would matter."""
    dw = random.uniform(2, 8, (steps, *shape)) * random.choice([-1, 1], (steps, *shape))
    return {"w": (size * random.randn(*shape)).astype(dtype), "dw": dw.astype(dtype), **more}


def _cases(stream: int, size: float, seed: Seed, halving: int = 0, **hyperparameters: float) -> list[Case]:
    """Return the cases of an update rule.

    Entries of w are of about `size`, or of about 1 where steps are large, so that a few steps change them visibly.
    `halving` is the stream of random numbers for a case in which the learning rate changes; 0 means no such case.
    """
    told = ", ".join(f"{name}={value}" for name, value in hyperparameters.items())
    images = _draw(seed.random(stream + 1), (2, 3, 2, 2), 3, 1.0, learning_rate=0.3)
    still = _draw(seed.random(stream + 4), (3, 3), 4, size)
    still["dw"][:, 1] = 0
    cases = [
        Case("config=None, 5 steps, w of shape (4, 3)", _draw(seed.random(stream), (4, 3), 5, size)),
        Case("learning_rate=0.3, w of shape (2, 3, 2, 2)", images),
        Case("float32, 12 steps", _draw(seed.random(stream + 2), (5,), 12, size, np.float32)),
        Case("w of shape (1, 1)", _draw(seed.random(stream + 3), (1, 1), 4, 1.0, learning_rate=0.2), hint="one_column"),
        Case("gradients of 0 among others", still, hint="zero_gradient"),
    ]
    if hyperparameters:
        cases.append(Case(told, _draw(seed.random(stream + 5), (3, 4), 6, size, **hyperparameters)))
    if halving:
        halved = _draw(seed.random(halving), (2, 5), 4, 1.0, shrink=0.5, learning_rate=0.4)
        cases.append(Case("the learning rate halved after each step", halved))
    return cases


def _single_precision(target: LocalTarget, check: Check) -> Finding | None:
    """Advise against a float32 parameter that becomes float64."""
    inputs = {"w": np.ones(3, np.float32), "dw": np.ones((2, 3), np.float32)}
    run = target.run(check.recipe, inputs)
    if run.failure or run.value["w_after_step"].dtype == np.float32:
        return None
    return Finding("A float32 w comes back as float64.", "becomes_double", status="advice")


def _moves(target: LocalTarget, check: Check, dw: list[float], **settings) -> np.ndarray:
    """Return how far a single weight moves in each step along the gradients dw, or nan if the student's code fails."""
    run = target.run(check.recipe, {"w": np.zeros(1), "dw": np.array(dw)[:, None], **settings})
    path = np.full(len(dw), np.nan) if run.failure else run.value["w_after_step"][:, 0]
    return np.diff(path, prepend=0.0)


def _rate_in_velocity(target: LocalTarget, check: Check) -> Finding | None:
    """Halve the learning rate after a step: the next step shows whether the rate is a part of the velocity."""
    first, second = _moves(target, check, [1.0, 0.0], learning_rate=1.0, momentum=0.8, shrink=0.5)
    if np.allclose([first, second], [-1, -0.8], rtol=1e-5):
        return _velocity_given(target, check)
    told = (
        f"After a first step of {first:.4g}, with half the learning rate and a gradient of 0, w changes by {second:.4g}"
    )
    if np.allclose([first, second], [-1, -0.4], rtol=1e-5):
        return Finding(f"{told}.", "velocity_without_rate", status="advice")
    return Finding(f"{told}, expected -0.8.")


def _velocity_given(target: LocalTarget, check: Check) -> Finding | None:
    """Start with a given velocity, and advise against code that stores it with the opposite sign."""
    (move,) = _moves(target, check, [0.0], momentum=0.5, velocity=np.ones(1))
    if not np.isclose(move, -0.5, rtol=1e-5):
        return None
    told = 'With config["velocity"] = 1, momentum = 0.5 and a gradient of 0, w moves by -0.5, expected 0.5.'
    return Finding(told, "velocity_sign", status="advice")


def _settings_kept(target: LocalTarget, check: Check, wrong: WrongOutput) -> Explanation:
    """Return an explanation that names a setting in config that a step has changed, or an empty one."""
    name = check.name
    given = {key: value for case in check.drawn for key, value in case.inputs.items() if key not in OF_THE_RECIPE}

    def recipe(student):
        _, config = getattr(student.module(MODULE), name)(np.ones(3), np.ones(3), {**given})
        return {key: np.asarray(config.get(key, value)) for key, value in given.items()}

    for key, value in target.run(recipe, {}).value.items():
        if value.shape == () and value != given[key]:
            told = EVIDENCE["overwritten"].format(name=key, before=given[key], after=f"{value:.4g}")
            return Explanation("settings_overwritten", told)
    return Explanation()


def _first_move(gradient: float, epsilon: float, share: float = 1.0, inside: float = 0.0) -> float:
    """Return r / (√(r² + inside) + epsilon), the length of a first step at learning rate 1, where r = share·gradient.

    `share` is below 1 if epsilon is added before the bias of the means is corrected.
    """
    root = share * gradient
    return root / (np.hypot(root, np.sqrt(inside)) + epsilon)


def _epsilon(**settings: float) -> Property:
    """Return a property that tests whether epsilon is taken from config, and added to the root after bias correction.

    With these `settings`, the (corrected) running means after the first step are the gradient and its square. There is
    only advice if epsilon is in another place, or if a number up to the usual epsilon is also added under the root.
    """
    uncorrected = np.sqrt(1 - settings.get("beta2", 0.0))  # root / gradient before Adam corrects the bias
    usual = 1e-8
    trials: tuple[tuple[float, float, dict], ...] = (
        (1.0, 3.0, {"epsilon": 3.0}),
        (usual, usual, {}),
        (1e-6, usual, {}),
    )

    def look(target: LocalTarget, check: Check) -> Finding | None:
        moves = [-_moves(target, check, [g], learning_rate=1.0, **settings, **more)[0] for g, _, more in trials]

        def follow(predict: Callable[[float, float], float]) -> bool:
            return np.allclose(moves, [predict(g, epsilon) for g, epsilon, _ in trials], rtol=1e-4)

        if follow(_first_move):
            return None
        under = min(max((usual / moves[1] - usual) ** 2 - usual**2, 0.0), usual) if moves[1] > 0 else 0.0
        places: tuple[Callable[[float, float], float], ...] = (
            lambda g, epsilon: _first_move(g, 0.0, inside=epsilon),
            lambda g, epsilon: _first_move(g, epsilon, uncorrected),
            lambda g, epsilon: _first_move(g, 0.0, uncorrected, epsilon),
            lambda g, epsilon: _first_move(g, epsilon, inside=under),
        )
        if any(map(follow, places)):
            told = "Where gradients are about as small as epsilon, its position in the formula matters."
            return Finding(told, "epsilon_elsewhere", status="advice")
        right = [_first_move(g, epsilon) for g, epsilon, _ in trials]
        first = int(np.argmin(np.isclose(moves, right, rtol=1e-4)))
        g, epsilon, _ = trials[first]
        told = ", ".join(f"{name} = {value:g}" for name, value in {**settings, "epsilon": epsilon}.items())
        told = f"With {told} and learning_rate = 1, the first step along a gradient of {g:g} is {-moves[first]:.4g}"
        return Finding(f"{told}, expected {-right[first]:.4g}.", "epsilon_ignored")

    return look


def _max_norm_recipe(student, W, limit):
    return {"W": array(student.module("cs231n.regularizers").max_norm(W, limit), "the returned W")}


def _max_norm_cases(seed: Seed) -> list[Case]:
    random = seed.random(259)

    def draw(D, M, limit, dtype=np.float64):
        lengths = limit * np.where(np.arange(M) % 3 == 1, 0.6, random.uniform(1.2, 3, M))  # every third column is short
        W = random.randn(D, M)
        return {"W": (W * lengths / np.linalg.norm(W, axis=0)).astype(dtype), "limit": limit}

    unused = draw(5, 4, 2.0)
    unused["W"][:, 2] = 0
    short = draw(4, 6, 1.5)
    short["W"] *= 0.3
    return [
        Case("W of shape (6, 4), limit 1", draw(6, 4, 1.0)),
        Case("W of shape (3, 8), limit 2.5", draw(3, 8, 2.5)),
        Case("W of shape (5, 5), limit 0.3", draw(5, 5, 0.3)),
        Case("float32", draw(7, 5, 0.5, np.float32)),
        Case("all columns shorter than the limit", short),
        Case("a column of zeros", unused, hint="zero_column"),
        Case("W of shape (4, 1)", draw(4, 1, 0.7), hint="one_column"),
        Case("W of shape (1, 5)", draw(1, 5, 0.7), hint="one_row"),
    ]


def _rule(name: str, cases, *properties: Property) -> Check:
    axes = {"w": "", "dw": ""}  # an update rule treats all entries alike
    return Check(
        name, _recipe(name), cases, of_the_largest, (*properties, _single_precision), _settings_kept, axes=axes
    )


CHECKS = (
    _rule("sgd", partial(_cases, 300, 0.1, halving=310)),
    _rule("sgd_momentum", partial(_cases, 320, 0.1, momentum=0.5, learning_rate=0.05), _rate_in_velocity),
    _rule(
        "rmsprop", partial(_cases, 340, 0.1, halving=350, decay_rate=0.7, learning_rate=0.05), _epsilon(decay_rate=0.0)
    ),
    _rule("adam", partial(_cases, 360, 0.005, halving=370, beta1=0.6, beta2=0.8), _epsilon(beta2=0.99)),
    Check("max_norm", _max_norm_recipe, _max_norm_cases, axes={"W": "D M"}),
)
