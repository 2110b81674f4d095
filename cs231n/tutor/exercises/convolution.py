"""Checks for convolution and max pooling, forward and backward."""

from __future__ import annotations

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding, failed
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.layer import Layer
from cs231n.tutor.exercises.common.values import of_the_largest, with_cancellation


def _conv_arguments(x, w, b, stride, pad, dout=None):
    return x, w, b, {"stride": stride, "pad": pad}


def _pool_arguments(x, pool_height, pool_width, stride, dout=None):
    return x, {"pool_height": pool_height, "pool_width": pool_width, "stride": stride}


_IMAGES = {"x": "N C H W", "dout": ""}
CONV = Layer("cs231n.layers", "conv_{}_naive", _conv_arguments, axes=_IMAGES | {"w": "F C HH WW", "b": "F"})
POOL = Layer("cs231n.layers", "max_pool_{}_naive", _pool_arguments, axes=_IMAGES)


def _conv_cases(seed: Seed, backward: bool) -> list[Case]:
    random = seed.random(250)

    def case(told, x, w, stride, pad, dtype=np.float64, hint=""):
        drawn = {"x": 1 + random.randn(*x), "w": random.randn(w[0], x[1], *w[1:]), "b": 2 + random.randn(w[0])}
        places = [1 + (size + 2 * pad - extent) // stride for size, extent in zip(x[2:], w[1:], strict=True)]
        dout = {"dout": random.randn(x[0], w[0], *places).astype(dtype)} if backward else {}
        drawn = {name: value.astype(dtype) for name, value in drawn.items()}
        return Case(told, drawn | {"stride": stride, "pad": pad} | dout, hint, fragile=hint == "stride_remainder")

    whole = "filters as large as the padded images, x (3, 2, 2, 3), w (2, 2, 4, 5), pad 1"
    rest = "a remainder at stride 2, x (2, 2, 6, 4), w (2, 2, 3, 3), pad 1"
    return [
        case("x (2, 3, 4, 5), w (2, 3, 3, 3), stride 1, pad 1", (2, 3, 4, 5), (2, 3, 3), 1, 1),
        case("x (2, 2, 5, 4), w (3, 2, 3, 2), stride 2, pad 1", (2, 2, 5, 4), (3, 3, 2), 2, 1),
        case("x (2, 2, 3, 6), w (2, 2, 4, 2), stride 1, pad 2", (2, 2, 3, 6), (2, 4, 2), 1, 2),
        case("x (2, 4, 4, 5), w (2, 4, 1, 2), stride 3, pad 3", (2, 4, 4, 5), (2, 1, 2), 3, 3),
        case("float32, x (2, 3, 4, 3), w (4, 3, 3, 3), stride 1, pad 1", (2, 3, 4, 3), (4, 3, 3), 1, 1, np.float32),
        case(rest, (2, 2, 6, 4), (2, 3, 3), 2, 1, hint="stride_remainder"),
        case("pad 0, x (2, 3, 5, 4), w (2, 3, 2, 3), stride 1", (2, 3, 5, 4), (2, 2, 3), 1, 0, hint="pad_zero"),
        case("pad 0, x (2, 2, 5, 7), w (3, 2, 3, 3), stride 2", (2, 2, 5, 7), (3, 3, 3), 2, 0, hint="pad_zero"),
        case("pad 0 and filters of 1 × 1, x (2, 4, 3, 2)", (2, 4, 3, 2), (3, 1, 1), 1, 0, hint="pad_zero"),
        case("N = 1, x (1, 2, 4, 3), w (3, 2, 3, 2), pad 1", (1, 2, 4, 3), (3, 3, 2), 1, 1, hint="one_example"),
        case("F = C = 1, x (2, 1, 3, 4), w (1, 1, 3, 3), pad 1", (2, 1, 3, 4), (1, 3, 3), 1, 1, hint="one_filter"),
        case(whole, (3, 2, 2, 3), (2, 4, 5), 1, 1, hint="one_place"),
    ]


def _pool_cases(seed: Seed, backward: bool) -> list[Case]:
    random = seed.random(251)

    def case(told, x, height, width, stride, hint="", dtype=np.float64, shift=0.0):
        values = random.permutation(int(np.prod(x))) / 10  # no two are equal: ties are checked separately
        drawn = {"x": (values.reshape(x) - values.mean() + shift).astype(dtype)}
        drawn |= {"pool_height": height, "pool_width": width, "stride": stride}
        places = [1 + (size - extent) // stride for size, extent in zip(x[2:], (height, width), strict=True)]
        dout = {"dout": random.randn(*x[:2], *places).astype(dtype)} if backward else {}
        return Case(told, drawn | dout, hint, fragile=hint == "stride_remainder")

    negative = "only negative numbers, x (2, 2, 4, 6), windows of 2 × 2, stride 2"
    single = "float32, x (2, 2, 4, 4), windows of 2 × 2, stride 2"
    overlap = "overlapping windows, x (2, 2, 5, 7), windows of 3 × 3, stride 2"
    along = "overlapping windows, x (2, 3, 4, 3), windows of 3 × 2, stride 1"
    rest = "a remainder, x (2, 2, 5, 7), windows of 2 × 2, stride 2"
    return [
        case("x (2, 3, 4, 6), windows of 2 × 2, stride 2", (2, 3, 4, 6), 2, 2, 2),
        case("x (3, 2, 6, 5), windows of 3 × 2, stride 3", (3, 2, 6, 5), 3, 2, 3),
        case("x (2, 4, 4, 8), windows of 1 × 2, stride 3", (2, 4, 4, 8), 1, 2, 3),
        case(single, (2, 2, 4, 4), 2, 2, 2, dtype=np.float32),
        case(negative, (2, 2, 4, 6), 2, 2, 2, "negative_window", shift=-20.0),
        case(rest, (2, 2, 5, 7), 2, 2, 2, "stride_remainder"),
        case(overlap, (2, 2, 5, 7), 3, 3, 2, "windows_overlap"),
        case(along, (2, 3, 4, 3), 3, 2, 1, "windows_overlap"),
        case("N = 1, x (1, 2, 4, 4), windows of 2 × 2, stride 2", (1, 2, 4, 4), 2, 2, 2, "one_example"),
        case("C = 1, x (3, 1, 4, 4), windows of 2 × 2, stride 2", (3, 1, 4, 4), 2, 2, 2, "one_channel"),
        case("one window, x (3, 2, 3, 4), windows of 3 × 4", (3, 2, 3, 4), 3, 4, 1, "one_place"),
    ]


def _ties(target: LocalTarget, check: Check) -> Finding | None:
    """Accept any division of dout among equal maxima, but advise against giving all of it to each."""
    random = check.seed.random(252)
    x, dout = random.randint(0, 2, (3, 2, 4, 6)) * 1.0, random.rand(3, 2, 2, 3) + 0.5
    inputs = {"x": x, "pool_height": 2, "pool_width": 2, "stride": 2, "dout": dout}
    run = target.run(check.recipe, inputs)
    when = "Where a window contains its maximum more than once"
    if run.failure:
        return failed(when, run.failure)
    if run.value["dx"].shape != x.shape:
        return Finding(f"{when}, dx has shape {run.value['dx'].shape}, expected {x.shape}.", "pool_ties")
    given, values = _windows(run.value["dx"]), _windows(x)
    highest = values == values.max(axis=-1, keepdims=True)
    slack = 100 * EPS
    if np.allclose(given, highest * dout[..., None], atol=slack):
        return Finding(
            f"{when}, each occurrence gets all of dout.",
            "pool_ties_in_full",
            status="advice",
        )
    if np.any(np.abs(given[~highest]) > slack) or not np.allclose(given.sum(axis=-1), dout, atol=slack):
        return Finding(f"{when}, dx is wrong.", "pool_ties")
    return None


def _windows(images: np.ndarray) -> np.ndarray:
    """Return the 2 × 2 windows at stride 2 as rows of four, in an array of shape (N, C, H / 2, W / 2, 4)."""
    N, C, H, W = images.shape
    return images.reshape(N, C, H // 2, 2, W // 2, 2).swapaxes(3, 4).reshape(N, C, H // 2, W // 2, 4)


CHECKS = (
    *CONV.pair(_conv_cases, with_cancellation(of_the_largest)),
    *POOL.pair(_pool_cases, of_the_largest, back=(_ties,)),
)
