"""Look for mistakes in a loss: a wrong margin, a number added to probabilities, gradients of another loss."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Check, Explanation, WrongOutput
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.values import own_gradient

BEHIND = 725  # for scores so far apart, exp(score - smallest) overflows, while exp(score - largest) is not 0 yet
LOSS = "loss"


def of_one_piece(gradient: str = "d{}", equal_scores: Callable[[np.ndarray, int], dict] | None = None):
    """Return a second_look for the check of a loss: it tests whether gradients are those of the student's own loss.

    Before that, it searches for a wrong margin, and for a small number that is added to probabilities.
    `gradient` is the format of the names of gradients, such as "d{}". For a hinge loss, equal_scores(row, N) returns
    inputs for which N examples of class 0 all have this row of scores; without it, the margin is not examined.
    """

    def look(target: LocalTarget, check: Check, wrong: WrongOutput) -> Explanation:
        margin = _other_margin(target, check, equal_scores) if equal_scores else None
        return margin or _small_added(target, check, wrong) or _fits(target, check, wrong, gradient)

    return look


def _small_added(target: LocalTarget, check: Check, wrong: WrongOutput) -> Explanation | None:
    """Explain a softmax loss that adds a number to probabilities; the loss for a probability of 0 shows this number."""

    def losses(rows: list[dict]) -> np.ndarray:
        runs = [target.run(check.recipe, row).value.get(LOSS, np.array(np.nan)) for row in rows]
        return np.array([run if run.shape == () else np.nan for run in runs], dtype=np.float64)

    name, inputs = "X" if "W" in wrong.case.inputs else "x", wrong.case.inputs
    if wrong.name != LOSS or name not in inputs:
        return None
    behind = {"x": np.array([[0.0, 2000.0]]), "W": np.array([[0.0, 2000.0]]), "X": np.ones((1, 1)), "reg": 0.0}
    behind = {key: behind.get(key, np.zeros(1, dtype=np.int64)) for key in inputs if key in (*behind, "y")}
    unpenalised = {**inputs, **({"reg": 0.0} if "reg" in inputs else {})}
    rows = [
        {**unpenalised, name: inputs[name][i : i + 1], "y": inputs["y"][i : i + 1]} for i in range(len(inputs["y"]))
    ]
    with np.errstate(all="ignore"):
        small, own = np.exp(-losses([behind])[0]), losses(rows)
        right = np.mean(-np.log(np.exp(-own) - small)) + wrong.actual - np.mean(own)
    if not 0 < small < 0.1 or not np.isclose(right, wrong.expected, rtol=20 * EPS):
        return None
    return Explanation("small_added", EVIDENCE["small_added"].format(small=f"{small:.2g}"), tentative=True)


def _fits(target: LocalTarget, check: Check, wrong: WrongOutput, gradient: str) -> Explanation:
    inputs = wrong.case.inputs
    values = target.run(check.recipe, inputs).value or {}
    gradients = {name: values[gradient.format(name)] for name in inputs if gradient.format(name) in values}
    if any(value.dtype != np.float64 or value.shape != inputs[name].shape for name, value in gradients.items()):
        return Explanation()
    about_loss = wrong.name == LOSS
    judged = {name: g for name, g in gradients.items() if about_loss or wrong.name == gradient.format(name)}
    if not judged:
        return Explanation()
    fits = own_gradient(lambda given: target.run(check.recipe, given).value[LOSS], inputs, judged)
    if fits == about_loss:
        key = "fit_own_loss" if len(judged) > 1 else "fits_own_loss" if about_loss else "not_own_gradient"
        return Explanation(also=EVIDENCE[key].format(output=gradient.format(*judged)))
    return Explanation()


def _other_margin(target: LocalTarget, check: Check, equal_scores: Callable) -> Explanation | None:
    """Explain a hinge loss that is right except for its margin Δ: with equal scores, the loss is (C - 1) Δ."""

    def loss(row, N):
        run = target.run(check.recipe, equal_scores(np.array(row), N))
        return float(run.value[LOSS]) if not run.failure and run.value[LOSS].shape == () else np.nan

    margin = loss([0.0] * 4, 3) / 3
    ahead = loss([0.0, 50.0], 2)  # with the wrong class 50 ahead, the loss is 50 + Δ
    if np.isclose(margin, 1) or not np.allclose([loss([0.0] * 7, 5) / 6, ahead - 50], margin, rtol=1e-4):
        return None
    return Explanation("other_margin", EVIDENCE["margin"].format(margin=f"{margin:.4g}"))
