"""Mistakes with normalisation of images: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.mistakes import named
from solutions.mistakes.normalization import (
    BATCHNORM_FORWARD,
    FORMULAS,
    backward_mistakes,
    batchnorm,
    changed,
    gradients,
    moments,
    usual,
)

PLACES = (0, 2, 3)
OF_MATRICES = (
    "norm_root_missing",
    "gamma_missing",
    "beta_missing",
    "eps_missing",
    "running_not_updated",
    "momentum_swapped",
    "running_restarted",
    "unbiased_variance",
    "normalised_as_a_whole",
    "batch_in_test",
)  # mistakes that are made anew where batchnorm_forward is not called
OF_VECTORS = ("variance_path_halved", "deviation_squared_in_dx", "dx_over_size", "dgamma_of_out")  # not seen here


def _with_each(convert: Callable, mistakes: dict[str, Callable]) -> dict[str, Callable]:
    return {cause: convert(wrong) for cause, wrong in mistakes.items() if cause not in OF_VECTORS}


# --- batch normalisation ---------------------------------------------------------------------------------------


def columns(x):
    """Return images, (N, C, H, W), as a matrix with a column for each channel."""
    return x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])


def images(matrix, shape):
    """Return such a matrix as images of that shape."""
    N, C, H, W = shape
    return matrix.reshape(N, H, W, C).transpose(0, 3, 1, 2)


def _cut(x):
    """Reshape without moving the channels to the end first."""
    return x.reshape(-1, x.shape[1])


def _glued(matrix, shape):
    """Reshape without moving the channels back."""
    return matrix.reshape(shape)


def spatial(x, gamma, beta, before=(), *, there=columns, back=images, by=batchnorm, **settings):
    """Return all outputs of spatial batch normalisation by way of a matrix, with one thing changed."""
    outputs = by(x=there(x), gamma=gamma, beta=beta, before=[there(batch) for batch in before], **settings)
    return outputs | {"out": back(outputs["out"], x.shape)}


def _per_image(x, gamma, beta, train=True, eps=1e-5, **_):
    """Normalise each channel of each image by itself in training."""
    if not train:
        return {}
    return {"out": usual(x, *moments(x.astype(np.float64), (2, 3)), gamma[:, None, None], beta[:, None, None], eps)}


BATCHNORM = {
    "reshape_without_transpose": changed(spatial, there=_cut, back=_glued),
    "not_transposed_back": changed(spatial, back=_glued),
    "normalised_per_image": _per_image,
    **{cause: changed(spatial, by=BATCHNORM_FORWARD[cause]) for cause in OF_MATRICES},
}


def _with_channels(wrong: Callable) -> Callable:
    """Give gamma and beta the axes that broadcasting over images needs."""
    return lambda x, gamma, beta, dout: wrong(x, gamma.reshape(1, -1, 1, 1), beta.reshape(1, -1, 1, 1), dout)


def _matrix_gradients(there: Callable, back: Callable) -> Callable:
    def wrong(x, gamma, beta, dout):
        found = gradients(columns(x), gamma, there(dout), 0)
        return found | {"dx": back(found["dx"], x.shape)}

    return wrong


def _mean_over_images_only(x, gamma, beta, dout):
    places = x.shape[2] * x.shape[3]
    return {"dx": gradients(x, gamma[:, None, None], dout, PLACES, mean_path=places, variance_path=places)["dx"]}


def _in_channels(x):
    return x.size // x.shape[1]


BATCHNORM_BACKWARD = {
    "reshape_without_transpose": _matrix_gradients(_cut, _glued),
    "not_transposed_back": _matrix_gradients(columns, _glued),
    "mean_over_images_only": _mean_over_images_only,
    **_with_each(_with_channels, backward_mistakes(PLACES, 0, sums=PLACES, wrong_sums=0, size=_in_channels)),
}


# --- group normalisation ---------------------------------------------------------------------------------------


def groups(x, G):
    """Return (N, C, ...) as (N, G, C / G, ...)."""
    return x.reshape(x.shape[0], G, -1, *x.shape[2:])


def groupnorm(x, gamma, beta, G, eps=1e-5, *, axes=(2, 3, 4), split=groups, ddof=0, formula=usual):
    """Return out of group normalisation with one thing changed."""
    parts = [split(array, G) for array in (x, gamma, beta)]
    mean, variance = moments(parts[0].astype(np.float64), axes, ddof)
    return formula(parts[0], mean, variance, *parts[1:], eps).reshape(x.shape)


def _interleaved(x, gamma, beta, G, eps=1e-5):
    """Put channels c, c + G, c + 2 G, ... into a group."""
    return groupnorm(x, gamma, beta, x.shape[1] // G, eps, axes=(1, 3, 4))


def _number_for_size(x, gamma, beta, G, eps=1e-5):
    return groupnorm(x, gamma, beta, x.shape[1] // G, eps)


def _as(number: Callable) -> Callable:
    return lambda x, gamma, beta, G, eps=1e-5: groupnorm(x, gamma, beta, number(x), eps)


GROUPNORM = {
    **{cause: changed(groupnorm, formula=formula) for cause, formula in FORMULAS.items()},
    "unbiased_variance": changed(groupnorm, ddof=1),
    "groups_interleaved": _interleaved,
    "number_of_groups_for_size": _number_for_size,
    "groups_ignored": _as(lambda x: 1),
    "channels_by_themselves": _as(lambda x: x.shape[1]),
    "groups_over_batch": changed(groupnorm, axes=(0, 2, 3, 4)),
    "groups_per_place": changed(groupnorm, axes=2),
}


def _grouped(wrong: Callable) -> Callable:
    """Hand over arrays in groups, and give the gradients the shapes they should have."""

    def mistake(x, gamma, beta, G, dout):
        found = wrong(*(groups(array, G) for array in (x, gamma, beta, dout)))
        shapes = {"dx": x.shape, "dgamma": gamma.shape, "dbeta": beta.shape}
        return {
            name: np.reshape(value, shapes[name]) if np.size(value) == np.prod(shapes[name]) else np.asarray(value)
            for name, value in found.items()
        }

    return mistake


def _gamma_outside(x, gamma, beta, dout):
    return {"dx": gamma * gradients(x, 1.0, dout, (2, 3, 4))["dx"]}


def _without_axes(**inputs):
    right = _grouped(lambda x, gamma, beta, dout: gradients(x, gamma, dout, (2, 3, 4), sums=(0, 3, 4)))(**inputs)
    return {name: right[name].ravel() for name in ("dgamma", "dbeta")}


def _in_groups(x):
    return int(np.prod(x.shape[2:]))


GROUPNORM_BACKWARD = {
    "parameters_without_axes": _without_axes,
    "gamma_outside_means": _grouped(_gamma_outside),
    **_with_each(_grouped, backward_mistakes((2, 3, 4), (0, 2, 3, 4), sums=(0, 3, 4), wrong_sums=0, size=_in_groups)),
}

MISTAKES = {
    "spatial_batchnorm_forward": BATCHNORM,
    "spatial_batchnorm_backward": BATCHNORM_BACKWARD,
    "spatial_groupnorm_forward": named("out", GROUPNORM),
    "spatial_groupnorm_backward": GROUPNORM_BACKWARD,
}
