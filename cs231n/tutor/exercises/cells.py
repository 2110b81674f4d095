"""Checks for small functions that students write in notebook cells."""

from __future__ import annotations

import numpy as np

from cs231n.tutor.checks.check import Case, Check
from cs231n.tutor.checks.compare import EPS, exact, float_tolerance
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import WrongKindError
from cs231n.tutor.exercises.common.losses import BEHIND
from cs231n.tutor.exercises.common.values import of_the_largest


def _ones_cases(seed: Seed) -> list[Case]:
    random = seed.random(240)
    return [
        Case("4 rows of 3 numbers", {"X": random.randn(4, 3)}),
        Case("a single row", {"X": random.randn(1, 5)}, hint="one_example"),
        Case("float32 rows", {"X": random.randn(2, 3).astype(np.float32)}),
    ]


def _entropy_cases(seed: Seed) -> list[Case]:
    def chances(stream, *weights):
        drawn = np.array(seed.vary(stream, weights, most=3))
        return drawn / drawn.sum() if seed.number else drawn

    return [
        Case("p = [0, 0, 1, 0]", {"p": np.eye(4)[2], "q": chances(242, 0.1, 0.2, 0.3, 0.4)}),
        Case("two fair dice", {"p": np.full(6, 1 / 6), "q": np.full(6, 1 / 6)}),
        Case("p = [0.5, 0.25, 0.25]", {"p": np.array([0.5, 0.25, 0.25]), "q": chances(243, 0.1, 0.6, 0.3)}),
        Case("a zero in p but none in q", {"p": np.array([0.5, 0.0, 0.2, 0.3]), "q": chances(244, 0.2, 0.4, 0.3, 0.1)}),
        Case("zeros in p and q", {"p": np.array([0.0, 1.0]), "q": np.array([0.0, 1.0])}, hint="zero_times_log"),
    ]


def _probability_cases(seed: Seed) -> list[Case]:
    random = seed.random(241)
    behind = seed.random(268).randn(3, 4) - np.array([0, 0, BEHIND, 0])
    return [
        Case("5 rows of 3 scores", {"scores": 2 * random.randn(5, 3)}),
        Case("a single row", {"scores": random.randn(1, 4)}, hint="one_example"),
        Case("scores around 1,000", {"scores": 1000 + random.randn(3, 4)}, hint="overflow"),
        Case("scores around -1,000", {"scores": random.randn(3, 4) - 1000}, hint="overflow"),
        Case(
            "rows whose scores are 2,000 apart",
            {"scores": np.array([[1.0, 0, 2], [2001, 2000, 1999]])},
            hint="one_maximum_for_all",
        ),
        Case(f"one class's scores {BEHIND} below the others", {"scores": behind}, hint="smallest_subtracted"),
    ]


def _jacobian_cases(seed: Seed) -> list[Case]:
    random = seed.random(266)

    def draw(N, D, M):
        return {"x": random.randn(N, D), "w": random.randn(D, M)}

    return [
        Case("N = 2, D = 3, M = 4", draw(2, 3, 4)),
        Case("N = D = M = 3", draw(3, 3, 3)),
        Case("N = 1, D = 2, M = 3", draw(1, 2, 3), hint="one_example"),
        Case("N = 3, D = 4, M = 1", draw(3, 4, 1), hint="one_column"),
    ]


def _probability_tolerance(inputs: dict, output: str, expected: np.ndarray) -> np.ndarray:
    """Allow the rounding of exponentials in float32, which grows with the largest absolute score."""
    return 8 * EPS * (8 + np.max(np.abs(inputs["scores"]))) * np.abs(expected) + EPS


def _convolution_cases(seed: Seed) -> list[Case]:
    random = seed.random(254)

    def draw(image, kernel, dtype=np.float64):
        return {"image": random.randn(*image).astype(dtype), "kernel": random.randn(*kernel).astype(dtype)}

    return [
        Case("image (5, 7), filter (3, 3)", draw((5, 7), (3, 3))),
        Case("image (6, 4), filter (2, 3)", draw((6, 4), (2, 3))),
        Case("image (4, 5), filter (3, 2), float32", draw((4, 5), (3, 2), np.float32)),
        Case("a filter as large as the image, (2, 4)", draw((2, 4), (2, 4)), hint="one_place"),
        Case("image (3, 4), filter (1, 1)", draw((3, 4), (1, 1)), hint="one_place"),
    ]


def _size_cases(seed: Seed) -> list[Case]:
    (more,) = (places - 1 for places in seed.vary(255, (1,), most=9))

    def case(size, extent, stride, pad, hint=""):
        inputs = {"size": size + more * stride, "extent": extent, "stride": stride, "pad": pad}
        return Case("{size} pixels, a filter of {extent}, stride {stride}, pad {pad}".format(**inputs), inputs, hint)

    return [
        case(32, 5, 1, 0),
        case(32, 7, 1, 3),
        case(31, 3, 2, 1),
        case(13, 5, 4, 2),
        case(32, 3, 2, 1, hint="stride_remainder"),
        case(10, 4, 3, 1, hint="stride_remainder"),
    ]


def _check(name: str, output: str, cases, tolerance=float_tolerance, **axes: str) -> Check:
    """Return the check of a function with one result; messages call this result `output`."""

    def recipe(student, **inputs):
        value = student.functions[name](**inputs)
        if value is None:
            raise WrongKindError("it returns None", "returns_none")
        return {output: np.asarray(value)}

    return Check(name, recipe, cases, tolerance, axes=axes)


CHECKS = (
    _check("with_ones", "the result", _ones_cases, X="N D"),
    _check("cross_entropy", "H", _entropy_cases, p="", q=""),
    _check("softmax_probabilities", "probabilities", _probability_cases, _probability_tolerance, scores="N C"),
    _check("affine_jacobian", "J", _jacobian_cases, x="N D", w="D M"),
    _check("true_convolution", "the result", _convolution_cases, of_the_largest, image="H W", kernel="HH WW"),
    _check("output_size", "the size", _size_cases, exact),
)
