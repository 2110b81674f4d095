"""Checks for batch and group normalisation of images, forward and backward."""

from __future__ import annotations

from functools import partial

import numpy as np

from cs231n.tutor.checks.check import Case
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.exercises import normalization
from cs231n.tutor.exercises.common.growth import without_loop
from cs231n.tutor.exercises.common.layer import Layer
from cs231n.tutor.exercises.normalization import TEST, averages, draw, plus_minus_two, small

PLACES = (0, 2, 3)


def in_groups(x, gamma, beta, G, **settings) -> tuple:
    """Return the arguments of a forward pass of group normalisation."""
    return x, gamma, beta, G, settings


def _batchnorm_cases(seed: Seed) -> list[Case]:
    random = seed.random(311)
    still = draw(random, 2, 3, 2, 2)
    still["x"][:, 1] = 2.5
    two = {"before": 1 + 2 * random.randn(2, 2, 3, 2, 2), "train": False}
    given = {"momentum": 0.6, **averages(random, 5)}
    test = {**averages(random, 3), **TEST}
    return [
        Case("x of shape (3, 4, 2, 3), in train mode", draw(random, 3, 4, 2, 3)),
        Case("running averages given, momentum 0.6, C = 5, in train mode", draw(random, 2, 5, 3, 2) | given),
        Case("float32, x of shape (3, 3, 3, 3), in train mode", draw(random, 3, 3, 3, 3, dtype=np.float32)),
        Case("running averages given, in test mode", draw(random, 2, 3, 2, 4) | test),
        Case("two batches in train mode, then a third in test mode", draw(random, 3, 3, 2, 1) | two),
        Case("a channel that is 2.5 everywhere, in train mode", still, hint="eps_missing"),
        Case("N = 1, in train mode", draw(random, 1, 3, 3, 2), hint="one_example"),
        Case("H = W = 1, in train mode", draw(random, 5, 3, 1, 1), hint="one_place"),
        Case("C = 1, in train mode", draw(random, 3, 1, 2, 3), hint="one_column"),
    ]


def _backward_cases(seed: Seed) -> list[Case]:
    random = seed.random(312)
    still = draw(random, 2, 3, 2, 2, dout=True)
    still["x"][:, 1] = 2.5
    return [
        Case("x of shape (3, 4, 2, 3)", draw(random, 3, 4, 2, 3, dout=True)),
        Case("x of shape (2, 5, 3, 2)", draw(random, 2, 5, 3, 2, dout=True)),
        Case("float32, x of shape (3, 3, 3, 3)", draw(random, 3, 3, 3, 3, dout=True, dtype=np.float32)),
        Case("a channel that is 2.5 everywhere", still, hint="eps_missing"),
        Case("N = 1", draw(random, 1, 3, 3, 2, dout=True), hint="one_example"),
        Case("H = W = 1", draw(random, 5, 3, 1, 1, dout=True), hint="one_place"),
        Case("C = 1", draw(random, 3, 1, 2, 3, dout=True), hint="one_column"),
    ]


def _groups(random, shape: tuple, G: int, **more) -> dict:
    drawn = draw(random, *shape, parameters=(1, shape[1], 1, 1), **more)
    dout = {"dout": drawn.pop("dout")} if "dout" in drawn else {}
    return drawn | {"G": G} | dout


def _groupnorm_cases(stream: int, seed: Seed, dout: bool) -> list[Case]:
    random = seed.random(stream)
    still = _groups(random, (2, 4, 2, 2), 2, dout=dout)
    still["x"][1, 2:] = 2.5
    single = _groups(random, (2, 4, 3, 3), 2, dout=dout, dtype=np.float32)
    return [
        Case("G = 2, x of shape (3, 6, 2, 3)", _groups(random, (3, 6, 2, 3), 2, dout=dout)),
        Case("G = 3, x of shape (2, 6, 3, 1)", _groups(random, (2, 6, 3, 1), 3, dout=dout)),
        Case("float32, G = 2, x of shape (2, 4, 3, 3)", single),
        Case("G = 1, x of shape (3, 3, 2, 2)", _groups(random, (3, 3, 2, 2), 1, dout=dout)),
        Case("G = C = 3, x of shape (2, 3, 2, 3)", _groups(random, (2, 3, 2, 3), 3, dout=dout)),
        Case("a group that is 2.5 everywhere", still, hint="eps_missing"),
        Case("N = 1", _groups(random, (1, 4, 2, 3), 2, dout=dout), hint="one_example"),
        Case("H = W = 1", _groups(random, (3, 6, 1, 1), 2, dout=dout), hint="one_place"),
    ]


def _stripes(channels: int, parameters: tuple[int, ...]) -> dict:
    return plus_minus_two(np.broadcast_to([1.0, -1.0], (2, channels, 3, 2)), parameters)


_IMAGES = {"x": "N C H W", "dout": "N C H W", "gamma": "", "beta": ""}
_RUNNING = {"running_mean": "C", "running_var": "C", "before": ""}
BATCHNORM = Layer(normalization.MODULE, "spatial_batchnorm", normalization.in_train_mode, axes=_IMAGES | _RUNNING)
GROUPNORM = Layer(normalization.MODULE, "spatial_groupnorm", in_groups, axes=_IMAGES)
CHECKS = (
    BATCHNORM.forward_check(
        _batchnorm_cases,
        normalization.forward_tolerance(*PLACES),
        normalization.eps_under_root(_stripes(3, (3,)) | {"momentum": 0.0}),
        without_loop,
        normalization.without_keepdims(BATCHNORM),
        recipe=normalization.running_recipe(BATCHNORM),
    ),
    normalization.backward_check(
        BATCHNORM, _backward_cases, normalization.backward_tolerance(*PLACES), small(2, 3, 2, 2)
    ),
    GROUPNORM.forward_check(
        partial(_groupnorm_cases, 313, dout=False),
        normalization.forward_tolerance(2, 3),
        normalization.eps_under_root(_stripes(4, (1, 4, 1, 1)) | {"G": 2}),
        without_loop,
    ),
    normalization.backward_check(
        GROUPNORM,
        partial(_groupnorm_cases, 314, dout=True),
        normalization.backward_tolerance(2, 3),
        _groups(np.random.RandomState(309), (2, 4, 2, 1), 2, dout=True),
    ),
)
