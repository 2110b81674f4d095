"""Mistakes with update rules and max-norm: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.mistakes import named


def _along(step: Callable, **defaults: float) -> Callable:
    """Return the walk of step(w, dw, config, memory) -> w, where memory is a dictionary that is kept."""

    def walk(w, dw, shrink=1.0, **settings):
        config, memory, path = defaults | settings, {}, []
        w = w.astype(np.float64)
        for gradient in dw.astype(np.float64):
            w = step(w, gradient, config, memory)
            path.append(w)
            config["learning_rate"] *= shrink
        return {"w_after_step": np.array(path)}

    return walk


def _sgd(factor: Callable) -> Callable:
    return _along(lambda w, dw, config, memory: w - factor(config["learning_rate"]) * dw, learning_rate=1e-2)


SGD = {
    "ascends": _sgd(lambda rate: -rate),
    "step_missing": _sgd(lambda rate: 0),
    "rate_ignored": _sgd(lambda rate: 1),
    "rate_hard_coded": _sgd(lambda rate: 1e-2),
}


def _momentum(speed: Callable, move: Callable, kept: bool = True) -> Callable:
    """Return the walk with speed(v, dw, rate, momentum) as the new v, and move(v, dw, rate, momentum) as the step."""

    def step(w, dw, config, memory):
        knobs = dw, config["learning_rate"], config["momentum"]
        v = speed(memory.get("v", 0), *knobs)
        memory["v"] = v if kept else 0
        return w + move(v, *knobs)

    return _along(step, learning_rate=1e-2, momentum=0.9)


def _speed(v, dw, rate, momentum):
    return momentum * v - rate * dw


def _by_speed(v, dw, rate, momentum):
    return v


MOMENTUM = {
    "ascends": _momentum(_speed, lambda v, *_: -v),
    "velocity_forgotten": _momentum(_speed, _by_speed, kept=False),
    "velocity_averaged": _momentum(
        lambda v, dw, rate, momentum: momentum * v + (1 - momentum) * dw, lambda v, dw, rate, momentum: -rate * v
    ),
    "velocity_averaged_twice": _momentum(
        lambda v, dw, rate, momentum: momentum * v - (1 - momentum) * rate * dw, _by_speed
    ),
    "nesterov": _momentum(_speed, lambda v, dw, rate, momentum: momentum * v - rate * dw),
    "rate_twice": _momentum(_speed, lambda v, dw, rate, momentum: rate * v),
    "momentum_left_out": _momentum(lambda v, dw, rate, momentum: v - rate * dw, _by_speed),
    "step_missing": _momentum(_speed, lambda *_: 0),
}


def _rmsprop(mean=None, divide=None, late=False, sign=-1, kept=True) -> Callable:
    """Return the walk with another mean(cache, dw, decay), or divide(dw, cache, epsilon), or the cache from before."""

    def step(w, dw, config, memory):
        before = memory.get("cache", np.zeros_like(w))
        decay, epsilon = config["decay_rate"], config["epsilon"]
        now = mean(before, dw, decay) if mean else decay * before + (1 - decay) * dw**2
        memory["cache"] = now if kept else 0 * now
        used = before if late else now
        move = divide(dw, used, epsilon) if divide else dw / (np.sqrt(used) + epsilon)
        return w + sign * config["learning_rate"] * move

    return _along(step, learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)


RMSPROP = {
    "ascends": _rmsprop(sign=1),
    "root_left_out": _rmsprop(divide=lambda dw, cache, epsilon: dw / (cache + epsilon)),
    "root_not_divided": _rmsprop(divide=lambda dw, cache, epsilon: dw * (np.sqrt(cache) + epsilon)),
    "squares_left_out": _rmsprop(mean=lambda cache, dw, decay: decay * cache + (1 - decay) * dw),
    "decay_swapped": _rmsprop(mean=lambda cache, dw, decay: (1 - decay) * cache + decay * dw**2),
    "squares_summed": _rmsprop(mean=lambda cache, dw, decay: cache + dw**2),
    "share_left_out": _rmsprop(mean=lambda cache, dw, decay: decay * cache + dw**2),
    "cache_late": _rmsprop(late=True),
    "cache_forgotten": _rmsprop(kept=False),
    "epsilon_missing": _rmsprop(divide=lambda dw, cache, epsilon: dw / np.sqrt(cache)),
    "step_missing": _rmsprop(sign=0),
}


def _adam(
    steps: Callable = lambda t: t,  # the t of the correction in step number t
    correct=(True, True),
    swapped=False,
    divide: Callable = lambda m, v, epsilon: m / (np.sqrt(v) + epsilon),
    square: Callable = np.square,
    corrected_kept=False,
    kept=True,
    shares=True,
    sign=-1,
) -> Callable:
    """Return the walk of adam with one or the other thing wrong."""

    def step(w, dw, config, memory):
        betas = [config["beta1"], config["beta2"]][:: -1 if swapped else 1]
        t = memory["t"] = memory.get("t", 0) + 1
        means = memory.get("means", [0 * w, 0 * w])
        terms = (dw, square(dw))
        means = [b * mean + (1 - b if shares else 1) * term for b, mean, term in zip(betas, means, terms, strict=True)]
        used = [
            mean / np.float64(1 - b ** steps(t)) if wanted else mean
            for b, mean, wanted in zip(betas, means, correct, strict=True)
        ]
        memory["means"] = used if corrected_kept else [kept * mean for mean in means]
        return w + sign * config["learning_rate"] * divide(*used, config["epsilon"])

    return _along(step, learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8)


ADAM = {
    "ascends": _adam(sign=1),
    "t_late": _adam(steps=lambda t: t - 1),
    "t_stays_one": _adam(steps=lambda t: 1),
    "t_ahead": _adam(steps=lambda t: t + 1),
    "correction_missing": _adam(correct=(False, False)),
    "correction_of_m_only": _adam(correct=(True, False)),
    "correction_of_v_only": _adam(correct=(False, True)),
    "corrected_kept": _adam(corrected_kept=True),
    "betas_swapped": _adam(swapped=True),
    "root_left_out": _adam(divide=lambda m, v, epsilon: m / (v + epsilon)),
    "squares_left_out": _adam(square=lambda dw: dw),
    "means_forgotten": _adam(kept=False),
    "share_left_out": _adam(shares=False),
    "epsilon_missing": _adam(divide=lambda m, v, epsilon: m / np.sqrt(v)),
    "step_missing": _adam(sign=0),
}


def _scaled(lengths: Callable, shorter_too: bool = False) -> Callable:
    """Return W divided by lengths(W, limit), in units of the limit; what is shorter than it only if asked."""

    def project(W, limit):
        W = W.astype(np.float64)
        found = lengths(W) / limit
        return W / np.maximum(found, 1e-12 if shorter_too else 1)

    return project


def _lengths(W, axis=0):
    return np.linalg.norm(W, axis=axis, keepdims=True)


MAX_NORM = named(
    "W",
    {
        "rows_for_columns": _scaled(lambda W: _lengths(W, axis=1)),
        "norm_of_all": _scaled(lambda W: np.linalg.norm(W)),
        "entries_clipped": lambda W, limit: np.clip(W, -limit, limit),
        "lengthened": _scaled(_lengths, shorter_too=True),
        "length_squared": _scaled(lambda W: _lengths(W) ** 2),
        "l1_lengths": _scaled(lambda W: np.sum(np.abs(W), axis=0)),
        "limit_as_factor": lambda W, limit: np.where(_lengths(W) > limit, limit * W, W),
        "scaled_to_one": lambda W, limit: np.where(_lengths(W) > limit, W / np.maximum(_lengths(W), 1e-9), W),
        "projection_missing": lambda W, limit: W,
    },
)

MISTAKES = {"sgd": SGD, "sgd_momentum": MOMENTUM, "rmsprop": RMSPROP, "adam": ADAM, "max_norm": MAX_NORM}
