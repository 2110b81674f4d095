"""Checks for the network of any depth: its initial parameters, its loss and gradients, normalisation and dropout."""

from __future__ import annotations

import inspect

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import Failure, LocalTarget, WrongKindError
from cs231n.tutor.exercises.common import nets
from cs231n.tutor.exercises.common.losses import of_one_piece
from cs231n.tutor.exercises.common.values import array, of_the_largest

MODULE = "cs231n.classifiers.fc_net"
LAYERS = "cs231n.layers"


def _net(student: LocalTarget, hidden_dims: list[int], keep: float = 1, **settings):
    """Return a new net; raises WrongKindError if creating it changed hidden_dims."""
    kind = student.module(MODULE).FullyConnectedNet
    if keep != 1:
        older = "dropout_keep_ratio" not in inspect.signature(kind).parameters
        settings["dropout" if older else "dropout_keep_ratio"] = keep
    dims = list(hidden_dims)
    net = kind(dims, **settings)
    if dims != list(hidden_dims):
        raise WrongKindError(f"hidden_dims {list(hidden_dims)} has become {dims}", "mutation")
    return net


def _sizes(inputs: dict) -> list[int]:
    """Return the sizes of all layers of the net in a case, including the layer that gives the scores."""
    return [inputs[name].size for name in inputs if name[:1] == "b" and name[1:].isdigit()]


def _with_params(student: LocalTarget, inputs: dict, **settings):
    """Return a net with the parameters that are among the inputs of a case."""
    *hidden, classes = _sizes(inputs)
    settings = {"input_dim": len(inputs["W1"]), "num_classes": classes, "dtype": inputs["W1"].dtype.type, **settings}
    net = _net(student, hidden, reg=float(inputs["reg"]), **settings)
    net.params.update({name: inputs[name] for name in nets.parameters(inputs)})
    return net


def _draw(random, shape, sizes, reg: float, dtype=np.float64, normalised: bool = False) -> dict:
    """Draw examples of `shape`, labels, and parameters of a net with layers of these sizes."""
    drawn = {"X": random.randn(*shape)}
    for i, (D, M) in enumerate(zip([int(np.prod(shape[1:])), *sizes], sizes, strict=False), start=1):
        drawn |= {f"W{i}": random.randn(D, M) * np.sqrt(2 / D), f"b{i}": random.randn(M)}
    for i, M in enumerate(sizes[:-1] if normalised else (), start=1):
        drawn |= {f"gamma{i}": 1.5 + 0.5 * random.randn(M), f"beta{i}": random.randn(M)}
    labels = {"y": random.randint(0, sizes[-1], shape[0]), "reg": reg}
    return {name: value.astype(dtype) for name, value in drawn.items()} | labels


def _params(student: LocalTarget, **settings) -> dict[str, np.ndarray]:
    return nets.start(_net(student, **settings), nets.weights_and_biases(len(settings["hidden_dims"]) + 1))


def _init_cases(seed: Seed) -> list[Case]:
    def sizes(stream, D, hidden, C):
        D, C, *hidden = seed.vary(stream, (D, C, *hidden), most=3)
        return {"input_dim": D, "hidden_dims": hidden, "num_classes": C, "weight_scale": 0.1}

    def told(inputs, *more):
        return ", ".join(f"{name}={inputs[name]}" for name in ("hidden_dims", *more))

    two, wide = sizes(381, 6, [5, 4], 3), sizes(382, 12, [30, 8], 10)
    one, four = sizes(383, 5, [7], 4), sizes(384, 8, [4, 9, 6, 5], 7)
    return [
        Case(told(two, "input_dim", "num_classes"), two),
        Case(told(wide, "input_dim", "num_classes"), wide),
        Case(told(one), one, hint="hard_coded_depth"),
        Case(told(four), four, hint="hard_coded_depth"),
        Case("no hidden layer at all, hidden_dims=[]", sizes(385, 6, [], 3), hint="no_hidden_layer", fragile=True),
    ]


def _loss_cases(seed: Seed) -> list[Case]:
    random = seed.random(380)
    lifted = _draw(random, (4, 6), (5, 4, 3), 0.3)
    lifted["b3"] += 1000
    alike = _draw(random, (5, 5), (5, 5, 5), 0.4)
    alike["y"] = np.full(5, 1, dtype=np.int32)
    images = _draw(random, (3, 3, 2, 3), (8, 6, 5), 0.0)
    one, five = _draw(random, (6, 5), (7, 4), 0.8), _draw(random, (5, 4), (6, 3, 5, 7, 4), 0.5)
    return [
        Case("two hidden layers of 7 and 6, C = 4, reg = 0.7", _draw(random, (5, 6), (7, 6, 4), 0.7)),
        Case("images, X of shape (3, 3, 2, 3), and reg = 0", images),
        Case("C = 12 and reg = 1.5", _draw(random, (6, 5), (3, 8, 12), 1.5)),
        Case("all sizes 5, labels all equal, int32", alike),
        Case("float32", _draw(random, (4, 2, 3), (6, 5, 4), 0.5, np.float32)),
        Case("one hidden layer", one, hint="hard_coded_depth"),
        Case("four hidden layers", five, hint="hard_coded_depth"),
        Case("N = 1", _draw(random, (1, 6), (5, 4, 3), 0.6), hint="one_example"),
        Case("scores near 1000", lifted, hint="overflow"),
        Case("no hidden layer at all", _draw(random, (5, 4), (3,), 0.9), hint="no_hidden_layer", fragile=True),
    ]


def _normalised(student: LocalTarget, inputs: dict):
    """Return the initial parameters of a net with normalisation, and a net with the parameters of a case."""
    kind = "batchnorm" if inputs["batchnorm"] else "layernorm"
    *hidden, classes = _sizes(inputs)
    new = _net(student, hidden, input_dim=len(inputs["W1"]), num_classes=classes, normalization=kind)
    started = nets.start(new, nets.parameters(inputs))
    given = {name: value for name, value in inputs.items() if name != "batchnorm"}
    return started, _with_params(student, given, normalization=kind)


def _normalisation_recipe(student, **inputs):
    """Return initial gammas and betas, loss and gradients of a batch, and test-mode scores after two more batches."""
    started, net = _normalised(student, inputs)
    X, y = inputs["X"], inputs["y"]
    found = net.loss(X, y)
    _refuse_plain(student, inputs, found)
    outputs = nets.loss_and_gradients(found, nets.parameters(inputs))
    for factor in (2, -3):
        net.loss(factor * X + 1, y)
    starts = {f"new {name}": value for name, value in started.items() if name.startswith(("gamma", "beta"))}
    return starts | outputs | {"scores in test mode": nets.scores_alone(net.loss(X[: len(X) // 2]))}


def _refuse_plain(student: LocalTarget, inputs: dict, found) -> None:
    """Raise WrongKindError if the loss is that of a net without normalisation, and gamma1 has no gradient."""
    plain = {name: value for name, value in inputs.items() if not name.startswith(("gamma", "beta", "batchnorm"))}
    loss, grads = found
    if "gamma1" not in grads and np.isclose(loss, _with_params(student, plain).loss(inputs["X"], inputs["y"])[0]):
        raise WrongKindError("the loss is that of a net without normalisation", "normalisation_left_out")


def _normalisation_cases(seed: Seed) -> list[Case]:
    random = seed.random(390)

    def draw(shape, sizes, reg, batchnorm, dtype=np.float64):
        return _draw(random, shape, sizes, reg, dtype, normalised=True) | {"batchnorm": int(batchnorm)}

    return [
        Case("batchnorm, hidden layers of 6 and 5, reg = 0.5", draw((8, 5), (6, 5, 4), 0.5, True)),
        Case("layernorm, hidden layers of 6 and 5, reg = 0.5", draw((6, 5), (6, 5, 4), 0.5, False)),
        Case("batchnorm, images of shape (3, 2, 2), reg = 0", draw((10, 3, 2, 2), (7, 7, 3), 0.0, True)),
        Case("batchnorm, one hidden layer", draw((8, 4), (6, 5), 0.3, True)),
        Case("batchnorm, three hidden layers", draw((12, 4), (5, 6, 4, 3), 0.2, True)),
        Case("layernorm, one hidden layer, float32", draw((5, 6), (8, 3), 0.3, False, np.float32)),
    ]


def _normalisation_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow 200 eps times the largest entry, or 200 eps if all are below 1.

    The gradient with respect to a bias before batch normalisation is 0 except for rounding.
    """
    return np.full(expected.shape, 200 * EPS * np.max(np.abs(expected), initial=1.0))


SEED = 17
MANY = 20  # of this many units, almost any draw drops some and keeps some


def _dropout_recipe(student, keep, **inputs):
    net = _with_params(student, inputs, keep=keep, seed=SEED)
    return {"scores in test mode": nets.scores_alone(net.loss(inputs["X"]))}


def _dropout_cases(seed: Seed) -> list[Case]:
    random = seed.random(395)
    one, three = _draw(random, (4, 5), (9, 3), 0.0), _draw(random, (2, 6), (8, 7, 9, 4), 0.2)
    return [
        Case("keep ratio 0.4, two hidden layers", _draw(random, (3, 6), (12, 10, 4), 0.3) | {"keep": 0.4}),
        Case("keep ratio 0.7, one hidden layer", one | {"keep": 0.7}),
        Case("keep ratio 0.5, three hidden layers", three | {"keep": 0.5}),
    ]


def _masks_recipe(student, keep, **inputs):
    """Return {"W1": mask of the inputs of W1, …, "scores": mask of the scores}, by the student's dropout_forward."""
    forward = student.module(LAYERS).dropout_forward
    param = {"mode": "train", "p": keep, "seed": SEED}
    sizes = {f"W{i}": M for i, M in enumerate((len(inputs["W1"]), *_sizes(inputs)[:-1]), start=1)}
    sizes["scores"] = _sizes(inputs)[-1]
    return {name: array(forward(np.ones((1, M)), dict(param))[0], "out")[0] for name, M in sizes.items()}


def _trained_recipe(student, settings, **inputs):
    """Return the loss and gradients, in train mode, of a net with these parameters and settings."""
    net = _with_params(student, inputs, **settings)
    return nets.loss_and_gradients(net.loss(inputs["X"], inputs["y"]), nets.parameters(inputs))


def _repeated_recipe(student, settings, **inputs):
    """Return the loss and gradients of a net and, as "again", the losses of four more nets with the same settings.

    Two nets would be too few: without a seed, small nets now and then draw the same masks twice.
    """
    found, *others = (_trained_recipe(student, settings, **inputs) for _ in range(5))
    return found | {"again": np.array([other["loss"] for other in others])}


class _FailedError(Exception):
    """The student's code failed, as `failure` says."""

    def __init__(self, failure: Failure):
        super().__init__(failure.message)
        self.failure = failure


def _in_training(target: LocalTarget, check: Check) -> Finding | None:
    """Compare a net with dropout, on one example, with the student's own net without the dropped units."""
    for case in check.drawn:
        inputs = {name: value for name, value in case.inputs.items() if name != "keep"}
        try:
            finding = _against_thinned(target, inputs, case.inputs["keep"])
        except _FailedError as error:
            return failed("In train mode, with one example", error.failure)
        if finding:
            return finding
    return None


def _after_normalisation(target: LocalTarget, check: Check) -> Finding | None:
    """Check that dropout comes after normalisation and ReLU, if the student's net already has normalisation."""
    inputs = _draw(check.seed.random(396), (3, 5), (9, 8, 4), 0.0, normalised=True)
    try:
        finding = _against_thinned(target, inputs, 0.6, normalization="layernorm")
    except _FailedError:
        return None
    if finding is None:
        return None
    told = f"With layernorm as well: {finding.message[:1].lower()}{finding.message[1:]}"
    return Finding(told, finding.cause or "dropout_before_normalisation")


def _against_thinned(target: LocalTarget, inputs: dict, keep: float, **settings) -> Finding | None:
    """Return a finding about the loss and gradients of a net with dropout, or None if they are right.

    A net without dropout gives the same loss if each W is multiplied by the mask of its inputs, and the chain rule for
    mask * W gives the gradients. Raises _FailedError if the student's code fails.
    """
    inputs = inputs | {"X": inputs["X"][:1], "y": inputs["y"][:1], "reg": 0.0}

    def run(recipe, **more) -> dict[str, np.ndarray]:
        done = target.run(recipe, inputs | more)
        if done.failure:
            raise _FailedError(done.failure)
        return done.value

    def thinned(masks: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        weights = {name: mask[:, None] * inputs[name] for name, mask in masks.items() if name != "scores"}
        for name in (last, last.replace("W", "b")) if "scores" in masks else ():
            weights[name] = weights.get(name, inputs[name]) * masks["scores"]
        return run(_trained_recipe, settings=settings, **weights)

    everywhere = run(_masks_recipe, keep=keep)
    masks = {name: mask for name, mask in everywhere.items() if name not in ("W1", "scores")}
    units = np.concatenate(list(masks.values()))
    fair = np.all((units == 0) | np.isclose(units, 1 / keep, rtol=1e-4))
    if not fair or (len(units) >= MANY and (np.all(units) or not np.any(units))):
        told = f"For an x of ones and p = {keep}, your own dropout_forward does not return a mixture of 0 and 1 / p."
        return Finding(told)
    first, last = min(masks), max(masks)
    expected = thinned(masks)
    found = run(_repeated_recipe, settings=settings | {"keep": keep, "seed": SEED})
    loss, others = found["loss"], found.pop("again")
    told = (
        f"In train mode, with one example, the loss is {loss:.6g}, "
        f"expected {expected['loss']:.6g} according to your own dropout_forward"
    )
    if not all(_close(loss, other) for other in others):
        told += "; the same net, built again with the same seed, gives a different loss."
        return Finding(told, "dropout_seed_ignored")
    if not _close(loss, expected["loss"]):
        partly = {
            "dropout_left_out": {},
            "dropout_first_only": {first: masks[first]},
            "dropout_last_only": {last: masks[last]},
            "dropout_on_input": {**masks, "W1": everywhere["W1"]},
            "dropout_on_scores": {**masks, "scores": everywhere["scores"]},
            "dropout_everywhere": everywhere,
        }
        fitting = (cause for cause, some in partly.items() if _close(loss, thinned(some)["loss"]))
        return Finding(f"{told}.", next(fitting, ""))
    for output, gradient in found.items():
        weights = next((name for name in masks if output == nets.GRADIENT.format(name)), "")
        right = expected[output] * masks[weights][:, None] if weights else expected[output]
        if gradient.shape != right.shape or not _close(gradient, right):
            return _wrong_gradient(output, found, masks)
    return None


def _wrong_gradient(output: str, found: dict[str, np.ndarray], masks: dict[str, np.ndarray]) -> Finding:
    """Return the finding about a wrong gradient; it has a cause if the gradient of a dropped unit's bias is not 0."""
    told = f"In train mode, the loss is right, but {output} is not its gradient"
    for i, mask in enumerate(masks.values(), start=1):
        if np.any(found[nets.GRADIENT.format(f"b{i}")][mask == 0]):
            return Finding(f"{told}: dropped units get a gradient too.", "dropout_backward_left_out")
    return Finding(f"{told}.")


def _close(a: np.ndarray, b: np.ndarray) -> bool:
    return np.allclose(a, b, rtol=1e-4, atol=1e-6)


PARAMETERS = [*nets.weights_and_biases(5), *(f"{kind}{i}" for kind in ("gamma", "beta") for i in range(1, 5))]
AXES = dict.fromkeys(PARAMETERS, "") | {"W1": "D H"}  # the other sizes depend on the depth
LARGE = {"hidden_dims": [40, 50], "input_dim": 50, "num_classes": 60}
CHECKS = (
    nets.init_check("FullyConnectedNet_init", _params, _init_cases, LARGE),
    nets.loss_check("FullyConnectedNet_loss", _with_params, _loss_cases, AXES),
    Check(
        "FullyConnectedNet_normalization",
        _normalisation_recipe,
        _normalisation_cases,
        _normalisation_tolerance,
        second_look=of_one_piece(nets.GRADIENT),
        axes={"X": "N D", "y": "N"} | AXES,
    ),
    Check(
        "FullyConnectedNet_dropout",
        _dropout_recipe,
        _dropout_cases,
        of_the_largest,
        (_in_training, _after_normalisation),
        axes={"X": "N D", "y": "N"} | AXES,
    ),
)
