"""Checks for the two-layer network: how it starts, and its scores, loss and gradients."""

from __future__ import annotations

import numpy as np

from cs231n.checks.check import Case, Check, Finding
from cs231n.checks.compare import EPS
from cs231n.checks.target import LocalTarget, WrongKindError
from cs231n.checks.values import array, own_gradient, parts

MODULE = "cs231n.classifiers.fc_net"
NAMES = ("W1", "b1", "W2", "b2")


def _gradient(name: str) -> str:
    return f"grads['{name}']"


# --- how it starts ---------------------------------------------------------------------------------------------


def _params(student: LocalTarget, **settings) -> dict[str, np.ndarray]:
    params = student.module(MODULE).TwoLayerNet(**settings).params
    missing = [name for name in NAMES if name not in params]
    if missing:
        raise WrongKindError(f"self.params has no {', '.join(missing)}; expected {', '.join(NAMES)}")
    return {name: array(params[name], name) for name in NAMES}


def _init_recipe(student, **settings):
    return {f"{name}.shape": np.array(values.shape) for name, values in _params(student, **settings).items()}


def _init_cases() -> list[Case]:
    def sizes(D, H, C):
        return {"input_dim": D, "hidden_dim": H, "num_classes": C, "weight_scale": 0.1}

    return [
        Case("input_dim=6, hidden_dim=5, num_classes=4", sizes(6, 5, 4)),
        Case("input_dim=12, hidden_dim=30, num_classes=10", sizes(12, 30, 10)),
        Case("hidden_dim=1, num_classes=2", sizes(3, 1, 2), hint="one_column"),
    ]


def _zero_biases(target: LocalTarget, check: Check) -> Finding | None:
    params = target.run(_params, check.cases()[0].inputs).value
    wrong = [name for name in ("b1", "b2") if np.any(params[name])]
    return Finding(f"{' and '.join(wrong)} of a new net are not 0.", "biases_not_zero") if wrong else None


def _small_random_weights(target: LocalTarget, check: Check) -> Finding | None:
    """Judge 2,000 weights: mean and deviation are off by chance by a few percent at most."""
    for scale in (0.02, 3.0):
        settings = {"input_dim": 50, "hidden_dim": 40, "num_classes": 50, "weight_scale": scale}
        run = target.run(_params, settings)
        if run.failure:
            return Finding(f"With weight_scale={scale}: {run.failure.message}.", status="error")
        for weights in ("W1", "W2"):
            cause = _odd(run.value[weights], scale)
            if cause:
                told = f"mean {np.mean(run.value[weights]):.3g}, standard deviation {np.std(run.value[weights]):.3g}"
                return Finding(f"With weight_scale={scale}, {weights} has {told}.", cause)
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


def _net(student: LocalTarget, inputs: dict):
    D, H, C = *inputs["W1"].shape, inputs["W2"].shape[1]
    net = student.module(MODULE).TwoLayerNet(input_dim=D, hidden_dim=H, num_classes=C, reg=float(inputs["reg"]))
    net.params.update({name: inputs[name] for name in NAMES})
    return net


def _loss_recipe(student, **inputs):
    copies = {name: np.copy(value) for name, value in inputs.items()}
    scores = _net(student, copies).loss(copies["X"])  # of copies: what it changes shows in the second call
    if isinstance(scores, (tuple, list)):
        raise WrongKindError(f"without labels it returns {len(scores)} things, expected the scores", "scores_only")
    loss, grads = parts(_net(student, inputs).loss(inputs["X"], inputs["y"]), ("loss", "grads"))
    if not hasattr(grads, "keys"):
        raise WrongKindError(f"grads is a {type(grads).__name__}, expected a dictionary")
    missing = [name for name in NAMES if name not in grads]
    if missing:
        raise WrongKindError(f"grads has no {' and no '.join(missing)}", "gradient_missing")
    outputs = {"scores": array(scores, "scores"), "loss": array(loss, "loss")}
    return outputs | {_gradient(name): array(grads[name], _gradient(name)) for name in NAMES}


def _loss_cases() -> list[Case]:
    random = np.random.RandomState(248)

    def draw(shape, H, C, reg, dtype=np.float64):
        D = int(np.prod(shape[1:]))
        drawn = {"X": random.randn(*shape), "W1": random.randn(D, H) / np.sqrt(D), "b1": random.randn(H)}
        drawn |= {"W2": random.randn(H, C), "b2": random.randn(C)}
        labels = {"y": random.randint(0, C, shape[0]), "reg": reg}
        return {name: value.astype(dtype) for name, value in drawn.items()} | labels

    lifted = draw((4, 6), 5, 3, 0.3)
    lifted["b2"] += 1000
    alike = draw((5, 5), 5, 5, 0.4)
    alike["y"] = np.full(5, 1, dtype=np.int32)
    return [
        Case("N = 5, D = 6, H = 7, C = 4 and reg = 0.7", draw((5, 6), 7, 4, 0.7)),
        Case("images: X of shape (3, 3, 2, 3), and reg = 0", draw((3, 3, 2, 3), 8, 5, 0.0)),
        Case("H = 3, C = 12 and reg = 1.5", draw((6, 5), 3, 12, 1.5)),
        Case("N = D = H = C = 5, labels all equal, int32", alike),
        Case("float32 parameters and images", draw((4, 2, 3), 6, 4, 0.5, np.float32)),
        Case("N = 1", draw((1, 6), 5, 3, 0.6), hint="one_example"),
        Case("H = 1, C = 2", draw((6, 3), 1, 2, 0.6), hint="hard_coded_size"),
        Case("scores near 1000", lifted, hint="overflow"),
    ]


def _loss_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow what two layers in float32 lose: 100 eps of the largest entry, and what large scores lose beforehand."""
    large = np.max(np.abs(inputs["b2"]))
    return np.full(expected.shape, 100 * EPS * np.max(np.abs(expected), initial=0.0) + 8 * EPS * large)


def _of_one_piece(target: LocalTarget, check: Check, finding: Finding) -> str:
    """Tell gradients that do not belong to the loss returned from those that do, though the loss is wrong."""
    inputs = finding.case.inputs
    found = target.run(check.recipe, inputs)
    grads = {} if found.failure else {name: found.value[_gradient(name)] for name in NAMES}
    if any(g.dtype != np.float64 or g.shape != inputs[name].shape for name, g in grads.items()):
        return ""

    def loss(given):
        return target.run(check.recipe, given).value["loss"]

    if finding.output == "loss":
        belongs = own_gradient(loss, inputs, grads)
        return "Your gradients are those of your loss: look at the loss first." if belongs else ""
    name = next((name for name in NAMES if finding.output == _gradient(name)), "")
    if not name or own_gradient(loss, inputs, {name: grads[name]}):
        return ""
    return f"Your loss is right; {finding.output} is not its gradient."


CHECKS = (
    Check("TwoLayerNet_init", _init_recipe, _init_cases, properties=(_zero_biases, _small_random_weights)),
    Check("TwoLayerNet_loss", _loss_recipe, _loss_cases, _loss_tolerance, second_look=_of_one_piece),
)
