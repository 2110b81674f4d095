"""k-nearest neighbours, compared with scipy, scikit-learn and torch: distances, prediction, cross-validation."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator

import numpy as np

from benchmarks.harness import Contender, Contest, peak_memory
from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor
from cs231n.cross_validation import cross_validate

K = 5
QUICK = 15  # rounds of contenders that take a fraction of a second
K_CHOICES = (1, 3, 5, 8, 10, 12, 15, 20, 50, 100)
FOLDS = 5
PIXELS = 3072


def images(num_train: int, num_test: int, dtype=np.float32) -> tuple[np.ndarray, np.ndarray, np.ndarray, str]:
    """Return X_train (num_train, 3072), y_train (num_train,), X_test (num_test, 3072), and a description of them.

    If $CS231N_DATA is set, they are the first images of the data that it names, of which there may be fewer; otherwise,
    they are random pixels. Values are whole numbers from 0 to 255.
    """
    if os.environ.get("CS231N_DATA"):
        from cs231n.data_utils import load_CIFAR10

        X_train, y_train, X_test, _ = load_CIFAR10(dtype=dtype)
        return _rows(X_train[:num_train]), y_train[:num_train], _rows(X_test[:num_test]), "images of $CS231N_DATA"
    random = np.random.default_rng(231)
    X_train, X_test = _noise(random, num_train, dtype), _noise(random, num_test, dtype)
    return X_train, random.integers(0, 10, num_train), X_test, "random pixels"


def distances(full: bool) -> Iterator[Contest]:
    """Yield a Contest for all distances between 500 test and 5,000 training images in float64, and one in float32."""
    for dtype in (np.float64, np.float32):
        yield distance_contest(*images(5000, 500, dtype))


def distance_contest(X_train: np.ndarray, y_train: np.ndarray, X: np.ndarray, data: str) -> Contest:
    """Return the Contest for the distances between the rows of X and those of X_train."""
    model = _trained(X_train, y_train)
    few, fewer = X[:20], X[:2]
    return Contest(
        f"distances {len(X):,} x {len(X_train):,}, {X.shape[1]:,} columns, {X.dtype.name}, {data}",
        [
            Contender("ours, no loops", lambda: model.compute_distances_no_loops(X), rounds=QUICK),
            Contender("scipy cdist", lambda: _cdist(X, X_train), note="computes in float64"),
            Contender("scikit-learn euclidean", lambda: _sklearn_distances(X, X_train), "sklearn", rounds=QUICK),
            Contender("torch.cdist", lambda: _torch_cdist(X, X_train), "torch", rounds=QUICK),
            _partial("ours, one loop", model.compute_distances_one_loop, few, len(X)),
            _partial("ours, two loops", model.compute_distances_two_loops, fewer, len(X), rounds=0),
        ],
        difference=_relative,
        tolerance=1e-9 if X.dtype == np.float64 else 1e-4,
        unit="largest difference relative to the largest distance",
    )


def prediction(full: bool) -> Iterator[Contest]:
    """Yield a Contest for predicting 1,000 labels from 50,000 images in float32; `full`: 10,000, also in float64."""
    for dtype in ("float32", "float64") if full else ("float32",):
        yield prediction_contest(50_000, 10_000 if full else 1_000, dtype)


def prediction_contest(num_train: int, num_test: int, dtype: str) -> Contest:
    """Return the Contest for labelling num_test images by their K nearest among num_train; it measures memory too."""
    X_train, y_train, X, data = images(num_train, num_test, dtype)
    ours, peer = _predict_ours(X_train, y_train), _predict_sklearn(X_train, y_train)
    sizes = f"{num_train}, {num_test}, '{dtype}'"
    return Contest(
        f"labels of {len(X):,} images by k = {K} neighbours of {len(X_train):,}, {dtype}, {data}; the data takes "
        f"{(X.nbytes + X_train.nbytes) / 2**20:,.0f} MiB of the peak memory",
        [
            Contender("ours, predict", lambda: ours(X), memory=_memory("_predict_ours", sizes)),
            Contender(
                "scikit-learn",
                lambda: peer(X),
                "sklearn",
                memory=_memory("_predict_sklearn", sizes),
                note="brute force",
            ),
        ],
        difference=lambda found, expected: np.mean(found != expected),
        tolerance=0.002,  # neighbours at equal distances, and in float32 at almost equal ones, may be chosen either way
        unit="share of labels that differ",
    )


def cross_validation(full: bool) -> Iterator[Contest]:
    """Yield a Contest for 5-fold cross-validation over ten values of k on 5,000 images in float32."""
    X, y, _, data = images(5000, 1)
    yield cross_validation_contest(X, y, data)


def cross_validation_contest(X: np.ndarray, y: np.ndarray, data: str) -> Contest:
    """Return the Contest for choosing k, with distances computed once for each fold, or for each fold and each k."""
    return Contest(
        f"{FOLDS}-fold cross-validation of {len(K_CHOICES)} values of k, {len(X):,} images, {X.dtype.name}, {data}",
        [
            Contender("ours", lambda: cross_validate(X, y, K_CHOICES, num_folds=FOLDS)),
            Contender("the naive way", lambda: _naive_cross_validate(X, y), note="distances again for every k"),
        ],
        difference=lambda found, expected: max(np.abs(np.subtract(found[k], expected[k])).max() for k in K_CHOICES),
        tolerance=0.0,
        unit="largest difference in accuracy",
    )


def _naive_cross_validate(X: np.ndarray, y: np.ndarray) -> dict[int, list[float]]:
    accuracies: dict[int, list[float]] = {k: [] for k in K_CHOICES}
    parts, labels = np.array_split(X, FOLDS), np.array_split(y, FOLDS)
    for k in K_CHOICES:
        for fold in range(FOLDS):
            rest = np.concatenate(parts[:fold] + parts[fold + 1 :])
            model = _trained(rest, np.concatenate(labels[:fold] + labels[fold + 1 :]))
            accuracies[k].append(float(np.mean(model.predict(parts[fold], k=k) == labels[fold])))
    return accuracies


def _partial(name: str, method, X: np.ndarray, num_test: int, **options) -> Contender:
    """Return a contender that would be too slow with all test rows: it processes X, and its time is extrapolated."""
    note = f"extrapolated from {len(X)} of {num_test:,} rows"
    return Contender(
        name, lambda: method(X), share=len(X) / num_test, part=lambda dists: dists[: len(X)], note=note, **options
    )


def _cdist(X: np.ndarray, X_train: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import cdist

    return cdist(X, X_train)


def _sklearn_distances(X: np.ndarray, X_train: np.ndarray) -> np.ndarray:
    from sklearn.metrics.pairwise import euclidean_distances

    return euclidean_distances(X, X_train)


def _torch_cdist(X: np.ndarray, X_train: np.ndarray) -> np.ndarray:
    import torch

    return torch.cdist(torch.from_numpy(X), torch.from_numpy(X_train)).numpy()  # these are views, so nothing is copied


def _predict_ours(X_train: np.ndarray, y_train: np.ndarray):
    return functools.partial(_trained(X_train, y_train).predict, k=K)


def _predict_sklearn(X_train: np.ndarray, y_train: np.ndarray):
    def run(X: np.ndarray) -> np.ndarray:
        from sklearn.neighbors import KNeighborsClassifier

        return KNeighborsClassifier(K, algorithm="brute").fit(X_train, y_train).predict(X)

    return run


def _memory(predictor: str, sizes: str):
    """Return a function that returns the peak memory of a process that makes the data and predicts once."""
    code = (
        f"from benchmarks import knn\nX_train, y_train, X, _ = knn.images({sizes})\n"
        f"knn.{predictor}(X_train, y_train)(X)"
    )
    return lambda: peak_memory(code)


def _trained(X: np.ndarray, y: np.ndarray) -> KNearestNeighbor:
    model = KNearestNeighbor()
    model.train(X, y)
    return model


def _relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.max(np.abs(found - expected)) / np.max(expected))


def _rows(pixels: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(pixels.reshape(len(pixels), -1))


def _noise(random: np.random.Generator, num: int, dtype) -> np.ndarray:
    pixels = np.empty((num, PIXELS), dtype)
    for start in range(0, num, 1000):  # in parts, so that making the data does not set the peak memory
        part = pixels[start : start + 1000]
        part[:] = random.integers(0, 256, part.shape, dtype=np.uint8)
    return pixels


BENCHMARKS = {"knn_distances": distances, "knn_prediction": prediction, "knn_cross_validation": cross_validation}
