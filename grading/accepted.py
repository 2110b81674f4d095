"""Accept correct outputs that differ from the expected ones, without running the student's code again.

A normalisation with eps outside the root, x̂ = (x - mean) / (std + eps), passes with advice, so a backward pass
that fits it has to pass too. The student's own check compares the backward pass with the student's forward pass, but a
cheater could forge both. Here the backward pass is compared with a forward pass of the grader.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from cs231n.tutor.checks.check import Outcome
from cs231n.tutor.checks.oracle import in_double
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.values import own_gradient


def _forward(axes: tuple[int, ...], x, gamma, beta, eps=1e-5, G=0, **_) -> np.ndarray:
    """Return x normalised over `axes`, or over each of G groups of channels if G > 0, with eps outside the root.

    As in a normalisation layer, gamma scales the result, and beta is added to it.
    """
    grouped = x.reshape(len(x), G, -1) if G else x
    over = (2,) if G else axes
    deviation = np.std(grouped, axis=over, keepdims=True)
    normalised = ((grouped - np.mean(grouped, axis=over, keepdims=True)) / (deviation + eps)).reshape(x.shape)
    per_channel = (1, -1) + (1,) * (x.ndim - 2)
    return gamma.reshape(per_channel) * normalised + beta.reshape(per_channel)


def _follows(axes: tuple[int, ...], target: LocalTarget, outcome: Outcome) -> bool:
    """Return whether all gradients of a case agree with those of _forward, within a tolerance."""
    inputs, found = outcome.case.inputs, outcome.run.value
    gradients = {name.removeprefix("d"): gradient for name, gradient in found.items()}
    if set(gradients) != {"x", "gamma", "beta"}:
        return False
    if any(gradient.shape != inputs[name].shape for name, gradient in gradients.items()):
        return False
    given = in_double(inputs)

    def loss(at: dict) -> float:
        return float(np.sum(given["dout"] * _forward(axes, **at)))

    double = all(gradient.dtype == np.float64 for gradient in gradients.values())
    accuracy = {"h": 1e-9, "slack": 1e-3} if outcome.case.hint else {"slack": 1e-6 if double else 1e-4}
    return own_gradient(loss, given, gradients, **accuracy)


FOLLOWS: dict[str, Callable[[LocalTarget, Outcome], bool]] = {
    "batchnorm_backward": partial(_follows, (0,)),
    "batchnorm_backward_alt": partial(_follows, (0,)),
    "layernorm_backward": partial(_follows, (1,)),
    "spatial_batchnorm_backward": partial(_follows, (0, 2, 3)),
    "spatial_groupnorm_backward": partial(_follows, ()),
}
