"""Checks for convolution and max pooling, forward and backward."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cs231n.tutor.checks.check import Case, Check, Finding
from cs231n.tutor.checks.compare import EPS
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common.passes import backward_recipe, beside_own_forward, forward_recipe, leaves_alone

MODULE = "cs231n.layers"
CONV, POOL = "conv_{}_naive", "max_pool_{}_naive"


def _conv_arguments(x, w, b, stride, pad, dout=None):
    return x, w, b, {"stride": stride, "pad": pad}


def _pool_arguments(x, pool_height, pool_width, stride, dout=None):
    return x, {"pool_height": pool_height, "pool_width": pool_width, "stride": stride}


def _tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow what sums of some hundred products lose in float32, wherever they cancel."""
    return np.full(expected.shape, 100 * EPS * np.max(np.abs(expected), initial=0.0))


# --- cases -----------------------------------------------------------------------------------------------------


def _conv_cases(backward: bool):
    def cases() -> list[Case]:
        random = np.random.RandomState(250)

        def draw(x, w, stride, pad, dtype=np.float64):
            places = [1 + (size + 2 * pad - extent) // stride for size, extent in zip(x[2:], w[1:], strict=True)]
            drawn = {"x": 1 + random.randn(*x), "w": random.randn(w[0], x[1], *w[1:]), "b": 2 + random.randn(w[0])}
            drawn |= {"dout": random.randn(x[0], w[0], *places)} if backward else {}
            drawn = {name: value.astype(dtype) for name, value in drawn.items()}
            arguments = {"x": drawn.pop("x"), "w": drawn.pop("w"), "b": drawn.pop("b"), "stride": stride, "pad": pad}
            return arguments | drawn

        return [
            Case("x (2, 3, 4, 5), w (2, 3, 3, 3), stride 1, pad 1", draw((2, 3, 4, 5), (2, 3, 3), 1, 1)),
            Case("x (2, 2, 5, 4), w (3, 2, 3, 2), stride 2, pad 1", draw((2, 2, 5, 4), (3, 3, 2), 2, 1)),
            Case("x (2, 2, 3, 6), w (2, 2, 4, 2), stride 1, pad 2", draw((2, 2, 3, 6), (2, 4, 2), 1, 2)),
            Case("x (2, 4, 4, 5), w (2, 4, 1, 2), stride 3, pad 3", draw((2, 4, 4, 5), (2, 1, 2), 3, 3)),
            Case(
                "float32, x (2, 3, 4, 3), w (4, 3, 3, 3), stride 1, pad 1",
                draw((2, 3, 4, 3), (4, 3, 3), 1, 1, np.float32),
            ),
            Case(
                "stride 2 with a remainder: x (2, 2, 6, 4), w (2, 2, 3, 3), pad 1",
                draw((2, 2, 6, 4), (2, 3, 3), 2, 1),
                hint="stride_remainder",
            ),
            Case(
                "pad 0: x (2, 3, 5, 4), w (2, 3, 2, 3), stride 1", draw((2, 3, 5, 4), (2, 2, 3), 1, 0), hint="pad_zero"
            ),
            Case(
                "pad 0: x (2, 2, 5, 7), w (3, 2, 3, 3), stride 2", draw((2, 2, 5, 7), (3, 3, 3), 2, 0), hint="pad_zero"
            ),
            Case("pad 0 and filters of 1 × 1: x (2, 4, 3, 2)", draw((2, 4, 3, 2), (3, 1, 1), 1, 0), hint="pad_zero"),
            Case(
                "N = 1, x (1, 2, 4, 3), w (3, 2, 3, 2), pad 1", draw((1, 2, 4, 3), (3, 3, 2), 1, 1), hint="one_example"
            ),
            Case(
                "F = C = 1, x (2, 1, 3, 4), w (1, 1, 3, 3), pad 1",
                draw((2, 1, 3, 4), (1, 3, 3), 1, 1),
                hint="one_filter",
            ),
            Case(
                "filters as large as the padded images: x (3, 2, 2, 3), w (2, 2, 4, 5), pad 1",
                draw((3, 2, 2, 3), (2, 4, 5), 1, 1),
                hint="one_place",
            ),
        ]

    return cases


def _pool_cases(backward: bool):
    def cases() -> list[Case]:
        random = np.random.RandomState(251)

        def draw(x, height, width, stride, dtype=np.float64, shift=0.0):
            places = [1 + (size - extent) // stride for size, extent in zip(x[2:], (height, width), strict=True)]
            values = random.permutation(int(np.prod(x))) / 10  # no two alike: ties are looked at separately
            drawn = {"x": (values.reshape(x) - values.mean() + shift).astype(dtype)}
            drawn |= {"pool_height": height, "pool_width": width, "stride": stride}
            return drawn | ({"dout": random.randn(*x[:2], *places).astype(dtype)} if backward else {})

        return [
            Case("x (2, 3, 4, 6), windows of 2 × 2, stride 2", draw((2, 3, 4, 6), 2, 2, 2)),
            Case("x (3, 2, 6, 5), windows of 3 × 2, stride 3", draw((3, 2, 6, 5), 3, 2, 3)),
            Case("x (2, 4, 4, 8), windows of 1 × 2, stride 3", draw((2, 4, 4, 8), 1, 2, 3)),
            Case("float32, x (2, 2, 4, 4), windows of 2 × 2, stride 2", draw((2, 2, 4, 4), 2, 2, 2, np.float32)),
            Case(
                "negative numbers only: x (2, 2, 4, 6), windows of 2 × 2, stride 2",
                draw((2, 2, 4, 6), 2, 2, 2, shift=-20.0),
                hint="negative_window",
            ),
            Case(
                "a remainder: x (2, 2, 5, 7), windows of 2 × 2, stride 2",
                draw((2, 2, 5, 7), 2, 2, 2),
                hint="stride_remainder",
            ),
            Case(
                "windows overlap: x (2, 2, 5, 7), windows of 3 × 3, stride 2",
                draw((2, 2, 5, 7), 3, 3, 2),
                hint="windows_overlap",
            ),
            Case(
                "windows overlap: x (2, 3, 4, 3), windows of 3 × 2, stride 1",
                draw((2, 3, 4, 3), 3, 2, 1),
                hint="windows_overlap",
            ),
            Case("N = 1, x (1, 2, 4, 4), windows of 2 × 2, stride 2", draw((1, 2, 4, 4), 2, 2, 2), hint="one_example"),
            Case("C = 1, x (3, 1, 4, 4), windows of 2 × 2, stride 2", draw((3, 1, 4, 4), 2, 2, 2), hint="one_channel"),
            Case("one window: x (3, 2, 3, 4), windows of 3 × 4", draw((3, 2, 3, 4), 3, 4, 1), hint="one_place"),
        ]

    return cases


# --- properties ------------------------------------------------------------------------------------------------


def _ties(target: LocalTarget, check: Check) -> Finding | None:
    """Accept every share-out of dout among equal maxima, advise against giving it to each of them in full."""
    random = np.random.RandomState(252)
    x, dout = random.randint(0, 2, (3, 2, 4, 6)) * 1.0, random.rand(3, 2, 2, 3) + 0.5
    inputs = {"x": x, "pool_height": 2, "pool_width": 2, "stride": 2, "dout": dout}
    run = target.run(check.recipe, inputs)
    if run.failure or run.value["dx"].shape != x.shape:
        return Finding("It fails where a window has its maximum more than once.", "pool_ties")
    given, values = _windows(run.value["dx"]), _windows(x)
    highest = values == values.max(axis=-1, keepdims=True)
    slack = 100 * EPS
    if np.allclose(given, highest * dout[..., None], atol=slack):
        return Finding("Where a window has its maximum twice, dx has dout twice.", "pool_ties_in_full", status="advice")
    if np.any(np.abs(given[~highest]) > slack) or not np.allclose(given.sum(axis=-1), dout, atol=slack):
        return Finding("Where a window has its maximum more than once, dx is wrong.", "pool_ties")
    return None


def _windows(images: np.ndarray) -> np.ndarray:
    """Return the windows of 2 × 2, side by side, as rows of four: (N, C, H / 2, W / 2, 4)."""
    N, C, H, W = images.shape
    return images.reshape(N, C, H // 2, 2, W // 2, 2).swapaxes(3, 4).reshape(N, C, H // 2, W // 2, 4)


def _pair(layer: str, cases, arguments, *more) -> tuple[Check, Check]:
    """Return the checks of a layer's two passes; `more`: properties of the backward pass."""
    forward = Check(layer.format("forward"), forward_recipe(MODULE, layer, arguments), cases(False), _tolerance)
    return forward, replace(
        forward,
        name=layer.format("backward"),
        recipe=backward_recipe(MODULE, layer, arguments),
        cases=cases(True),
        properties=(leaves_alone(MODULE, layer, arguments), *more),
        second_look=beside_own_forward(MODULE, layer, arguments),
    )


CHECKS = (
    *_pair(CONV, _conv_cases, _conv_arguments),
    *_pair(POOL, _pool_cases, _pool_arguments, _ties),
)
