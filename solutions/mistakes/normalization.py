"""Mistakes with batch and layer normalisation: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.mistakes import named

RUNNING = ("bn_param['running_mean']", "bn_param['running_var']")


def moments(x, axes, ddof=0):
    """Return mean and variance along axes, which are kept."""
    return x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True, ddof=ddof)


# --- forward ---------------------------------------------------------------------------------------------------


def usual(x, mean, variance, gamma, beta, eps):
    """Return what is right, given mean and variance."""
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


FORMULAS = {
    "norm_root_missing": lambda x, mean, var, gamma, beta, eps: usual(x, mean, (var + eps) ** 2, gamma, beta, 0),
    "gamma_missing": lambda x, mean, var, gamma, beta, eps: usual(x, mean, var, 1, beta, eps),
    "beta_missing": lambda x, mean, var, gamma, beta, eps: usual(x, mean, var, gamma, 0, eps),
    "beta_scaled": lambda x, mean, var, gamma, beta, eps: usual(x, mean, var, gamma, gamma * beta, eps),
    "gamma_and_beta_missing": lambda x, mean, var, gamma, beta, eps: usual(x, mean, var, 1, 0, eps),
    "gamma_and_beta_swapped": lambda x, mean, var, gamma, beta, eps: usual(x, mean, var, beta, gamma, eps),
    "mean_not_subtracted": lambda x, mean, var, gamma, beta, eps: usual(x, 0, var, gamma, beta, eps),
    "not_scaled_to_one": lambda x, mean, var, gamma, beta, eps: usual(x, mean, 1, gamma, beta, 0),
    "eps_missing": lambda x, mean, var, gamma, beta, eps: usual(x, mean, var, gamma, beta, 0),
}  # mistakes with the formula itself, whatever is normalised over


def _over(axes):
    """Return a function that gives mean and variance along axes."""
    return lambda x: moments(x, axes)


def _of_batch(x):
    return moments(x, 0)


def _usual_average(old, new, momentum):
    return momentum * old + (1 - momentum) * new


def batchnorm(
    x, gamma, beta, before=(), train=True, eps=1e-5, momentum=0.9, running_mean=None, running_var=None, *,
    of=_of_batch, kept=None, average=_usual_average, formula=usual, by="usual",
):  # fmt: skip
    """Return all outputs of batch normalisation with one thing changed.

    of: mean and variance of a batch.  kept: what of them goes into the running averages.  average: how.
    by: "batch" or "running" if one of them is used in both modes.
    """
    D = x.shape[1]
    mean = np.zeros(D) if running_mean is None else running_mean
    variance = np.zeros(D) if running_var is None else running_var
    for batch in (*before, x) if train else before:
        new_mean, new_variance = (kept or of)(batch.astype(np.float64))
        mean, variance = average(mean, new_mean, momentum), average(variance, new_variance, momentum)
        mean, variance = (value[0] if value.ndim == 2 and len(value) == 1 else value for value in (mean, variance))
    use_batch = by == "batch" or (train and by != "running")
    used = of(x.astype(np.float64)) if use_batch else (mean, variance)
    return {RUNNING[0]: mean, RUNNING[1]: variance, "out": formula(x, *used, gamma, beta, eps)}


def changed(function: Callable, **changes) -> Callable:
    """Return a function with some of its arguments set."""
    return lambda **inputs: function(**inputs, **changes)


def in_train_only(formula: Callable) -> Callable:
    """Return the function that uses a wrong formula in training, and the usual one in test mode."""
    return lambda **inputs: batchnorm(**inputs, formula=formula if inputs.get("train", True) else usual)


def _deviation(x):
    return x.mean(axis=0), x.std(axis=0)


def _unbiased(x):
    return moments(x, 0, ddof=min(1, len(x) - 1))


AVERAGES = {
    "running_not_updated": {"average": lambda old, new, momentum: old},
    "momentum_swapped": {"average": lambda old, new, momentum: (1 - momentum) * old + momentum * new},
    "running_replaced": {"average": lambda old, new, momentum: 0 * old + new},
    "running_summed": {"average": lambda old, new, momentum: momentum * old + new},
    "running_restarted": {"average": lambda old, new, momentum: 0 * old + (1 - momentum) * new},
}  # mistakes with the running averages

BATCHNORM_FORWARD = {
    **{cause: changed(batchnorm, formula=formula) for cause, formula in FORMULAS.items()},
    **{cause: changed(batchnorm, **change) for cause, change in AVERAGES.items()},
    **{
        f"{cause}_in_train": in_train_only(FORMULAS[cause])
        for cause in ("norm_root_missing", "gamma_missing", "beta_missing")
    },
    "running_deviation": changed(batchnorm, kept=_deviation),
    "unbiased_variance": changed(batchnorm, of=_unbiased),
    "normalised_over_features": changed(batchnorm, of=_over(1), kept=_of_batch),
    "normalised_as_a_whole": changed(batchnorm, of=_over((0, 1)), kept=_of_batch),
    "batch_in_test": changed(batchnorm, by="batch"),
    "running_in_train": changed(batchnorm, by="running"),
}


def layernorm(x, gamma, beta, eps=1e-5, *, axes=1, ddof=0, formula=usual):
    """Return out of layer normalisation with one thing changed."""
    return formula(x, *moments(x.astype(np.float64), axes, ddof), gamma, beta, eps)


def _unbiased_rows(**inputs):
    return layernorm(**inputs, ddof=min(1, inputs["x"].shape[1] - 1))


LAYERNORM_FORWARD = {
    **{cause: changed(layernorm, formula=formula) for cause, formula in FORMULAS.items()},
    "normalised_over_examples": changed(layernorm, axes=0),
    "normalised_as_a_whole": changed(layernorm, axes=(0, 1)),
    "unbiased_variance": _unbiased_rows,
}


# --- backward --------------------------------------------------------------------------------------------------


def gradients(x, gamma, dout, axes, eps=1e-5, *, mean_path=1.0, variance_path=1.0, weight=None, sums=0, outside=1.0):
    """Return all gradients of a normalisation over `axes`, with one thing changed.

    mean_path, variance_path: factors on the ways through mean and variance.  weight: for gamma in dx.
    sums: axes of the sums for gamma and beta.  outside: a factor on dx.
    """
    x = x.astype(np.float64)
    mean, variance = moments(x, axes)
    scale = 1 / np.sqrt(variance + eps)
    normalised = (x - mean) * scale
    inner = dout * (gamma if weight is None else weight)
    through_mean = mean_path * inner.mean(axis=axes, keepdims=True)
    through_variance = variance_path * normalised * (inner * normalised).mean(axis=axes, keepdims=True)
    dx = outside * scale * (inner - through_mean - through_variance)
    return {"dx": dx, "dgamma": (dout * normalised).sum(axis=sums), "dbeta": dout.sum(axis=sums)}


def _normalised(x, axes, eps=1e-5):
    mean, variance = moments(x.astype(np.float64), axes)
    return (x - mean) / np.sqrt(variance + eps), np.sqrt(variance + eps)


def backward_mistakes(axes, wrong_axes, sums=0, wrong_sums=1, size=lambda x: len(x)) -> dict[str, Callable]:
    """Return mistakes with the gradients of a normalisation over `axes`, `size(x)` entries each.

    sums: axes that gamma and beta are shared over.  wrong_axes, wrong_sums: what they are mistaken for.
    """

    def dx(**changes):
        return lambda x, gamma, beta, dout: {"dx": gradients(x, gamma, dout, axes, **changes)["dx"]}

    def with_deviation(power):
        def wrong(x, gamma, beta, dout):
            return {"dx": gradients(x, gamma, dout, axes)["dx"] * _normalised(x, axes)[1] ** power}

        return wrong

    def times_size(power):
        return lambda x, gamma, beta, dout: dx(outside=float(size(x)) ** power)(x, gamma, beta, dout)

    def means_for_sums(x, gamma, beta, dout):
        return dx(mean_path=size(x), variance_path=size(x))(x, gamma, beta, dout)

    def parameters(reduce):
        def wrong(x, gamma, beta, dout):
            return {"dgamma": reduce(dout * _normalised(x, axes)[0]), "dbeta": reduce(dout)}

        return wrong

    def of_x(x, gamma, beta, dout):
        return {"dgamma": (dout * x).sum(axis=sums)}

    def of_out(x, gamma, beta, dout):
        return {"dgamma": (dout * (gamma * _normalised(x, axes)[0] + beta)).sum(axis=sums)}

    def swapped(x, gamma, beta, dout):
        right = gradients(x, gamma, dout, axes, sums=sums)
        return {"dgamma": right["dbeta"], "dbeta": right["dgamma"]}

    return {
        "both_paths_missing": dx(mean_path=0, variance_path=0),
        "mean_path_missing": dx(mean_path=0),
        "variance_path_missing": dx(variance_path=0),
        "variance_path_doubled": dx(variance_path=2),
        "variance_path_halved": dx(variance_path=0.5),
        "variance_path_sign": dx(variance_path=-1),
        "gamma_not_in_dx": dx(weight=1.0),
        "deviation_not_in_dx": with_deviation(1),
        "deviation_squared_in_dx": with_deviation(-1),
        "sums_for_means": means_for_sums,
        "dx_times_size": times_size(1),
        "dx_over_size": times_size(-1),
        "dx_over_wrong_axis": lambda x, gamma, beta, dout: {"dx": gradients(x, gamma, dout, wrong_axes)["dx"]},
        "parameters_over_wrong_axis": parameters(lambda terms: terms.sum(axis=wrong_sums)),
        "parameters_not_summed": parameters(lambda terms: terms),
        "parameters_averaged": parameters(lambda terms: terms.mean(axis=sums)),
        "parameters_with_extra_axis": parameters(lambda terms: terms.sum(axis=sums, keepdims=True)),
        "dgamma_of_x": of_x,
        "dgamma_of_out": of_out,
        "dgamma_and_dbeta_swapped": swapped,
    }


def _gamma_outside(x, gamma, beta, dout):
    """Multiply by gamma last, as batch normalisation may."""
    return {"dx": gamma * gradients(x, 1.0, dout, 1)["dx"]}


MISTAKES = {
    "batchnorm_forward": BATCHNORM_FORWARD,
    "batchnorm_backward": backward_mistakes(axes=0, wrong_axes=1),
    "layernorm_forward": named("out", LAYERNORM_FORWARD),
    "layernorm_backward": backward_mistakes(axes=1, wrong_axes=0, size=lambda x: x.shape[1])
    | {"gamma_outside_means": _gamma_outside},
}
