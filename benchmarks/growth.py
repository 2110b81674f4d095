"""python -m benchmarks.growth: measure how time and memory grow; --write puts the table into docs/growth.md.

In each row, one size grows while the others are held constant. The exponent is that of the power law that fits the
measured numbers best (least squares on a log-log scale): 1 means proportional to the size, 2 proportional to its
square, and 0 independent of the size.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks import __main__ as command
from benchmarks import harness
from solutions.tools import generate

DOCUMENT = Path(__file__).parents[1] / "docs" / "growth.md"
BEGIN, END = "<!-- python -m benchmarks.growth --write -->", "<!-- end -->"
REPEAT = 3


@dataclass(frozen=True)
class Series:
    """Some work, of which one size grows. In this process, BLAS uses one thread unless that size is "cores".

    Attributes:
        what: the work, and the sizes that are held constant.
        size: the name of the size that grows.
        values: the values of that size.
        prepare: a function from such a value to the function that is measured.
        time, memory: the exponents to expect from the algorithm; memory is None if the table does not show it.
        clock: processor time, on which other work has little effect, or elapsed time.
    """

    what: str
    size: str
    values: tuple[int, ...]
    prepare: Callable[[int], Callable[[], Any]]
    time: float
    memory: float | None
    clock: Callable[[], float] = time.process_time


def series() -> Iterator[Series]:
    """Yield a Series for each row of the table."""
    yield Series("loading a batch of N images", "N", (1250, 2500, 5000, 10_000), _loading, 1, 1)
    yield Series("kNN distances, 200 queries, D = 3072", "N", (1000, 2000, 4000, 8000), _knn, 1, 1)
    yield Series("kNN distances, 200 queries, N = 2000", "D", (768, 1536, 3072, 6144), _knn_of, 1, 1)
    yield Series("kNN prediction from distances, 200 x 5000", "k", (1, 4, 16, 64), _labels, 0, 0)
    yield Series("step of the two-layer net, 100 images", "hidden units", (100, 200, 400, 800), _two_layer, 1, 1)
    yield Series("step of the two-layer net, 100 hidden units", "N", (100, 200, 400, 800), _two_layer_of, 1, 1)
    yield Series("step of the three-layer convnet, 20 images", "filters", (8, 16, 32, 64), _convnet, 1, 1)
    yield Series("HOG and hue histogram of N images", "N", (250, 500, 1000, 2000), _features, 1, 0)
    yield Series("check of some exercises", "exercises", (1, 2, 4, 8, 16), _check, 1, None, time.perf_counter)
    if (os.cpu_count() or 1) > 1:
        cores = tuple(n for n in (1, 2, 4, 8) if n <= (os.cpu_count() or 1))
        yield Series("step of the three-layer convnet, 50 images", "cores", cores, _cores, -1, None, time.perf_counter)


def measure(one: Series) -> tuple[list[float], list[float]]:
    """Return the shortest times in seconds, and the peaks of newly allocated memory in bytes, for all values."""
    seconds, peaks = [], []
    for value in one.values:
        run = one.prepare(value)
        tracemalloc.start()
        run()
        peaks.append(float(tracemalloc.get_traced_memory()[1]))
        tracemalloc.stop()
        times = []
        for _ in range(REPEAT):
            start = one.clock()
            run()
            times.append(one.clock() - start)
        seconds.append(min(times))
    return seconds, peaks


def exponent(values: tuple[int, ...], measured: list[float]) -> float:
    """Return the slope of log(measured) as a function of log(values), by least squares."""
    return float(np.polyfit(np.log(values), np.log(measured), 1)[0])


def table() -> str:
    """Measure everything, print each row of the table, and return the table in Markdown."""
    lines = [
        "| work | grows | from - to | time | exponent | expected | memory | exponent | expected |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in series():
        with threadpool_limits(None if one.size == "cores" else 1):
            seconds, peaks = measure(one)
        cells = [
            *(one.what, one.size, f"{one.values[0]:,} - {one.values[-1]:,}"),
            *(f"{1e3 * seconds[0]:.1f} - {1e3 * seconds[-1]:.1f} ms", f"{exponent(one.values, seconds):.2f}"),
            f"{one.time:g}",
            *_memory_cells(one, peaks),
        ]
        lines.append(f"| {' | '.join(cells)} |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


def _memory_cells(one: Series, peaks: list[float]) -> list[str]:
    if one.memory is None:
        return ["", "", ""]
    mebibytes = f"{peaks[0] / 2**20:.1f} - {peaks[-1] / 2**20:.1f} MiB"
    return [mebibytes, f"{exponent(one.values, peaks):.2f}", f"{one.memory:g}"]


def _random(*shape: int) -> np.ndarray:
    return np.random.default_rng(231).standard_normal(shape).astype(np.float32)


def _labelled(number: int) -> np.ndarray:
    return np.random.default_rng(231).integers(0, 10, number)


def _loading(number: int) -> Callable[[], Any]:
    pixels = np.random.default_rng(231).integers(0, 256, (number, 3, 32, 32), dtype=np.uint8)

    def run() -> np.ndarray:  # as load_CIFAR10 converts a batch that it has read
        return pixels.transpose(0, 2, 3, 1).astype(np.float32)

    return run


def _knn(number: int, size: int = 3072) -> Callable[[], Any]:
    from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor

    classifier, queries = KNearestNeighbor(), _random(200, size)
    classifier.train(_random(number, size), _labelled(number))
    return lambda: classifier.compute_distances_no_loops(queries)


def _knn_of(size: int) -> Callable[[], Any]:
    return _knn(2000, size)


def _labels(k: int) -> Callable[[], Any]:
    from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor

    classifier, distances = KNearestNeighbor(), _random(200, 5000)
    classifier.train(_random(5000, 1), _labelled(5000))
    return lambda: classifier.predict_labels(distances, k=k)


def _step(net: Any, X: np.ndarray) -> Callable[[], Any]:
    from cs231n.optim import sgd

    y = _labelled(len(X))

    def run() -> None:
        _, gradients = net.loss(X, y)
        for name, w in net.params.items():
            net.params[name], _ = sgd(w, gradients[name], {"learning_rate": 1e-3})

    return run


def _two_layer(hidden: int, number: int = 100) -> Callable[[], Any]:
    from cs231n.classifiers.fc_net import TwoLayerNet

    return _step(TwoLayerNet(hidden_dim=hidden, dtype=np.float32), _random(number, 3, 32, 32))


def _two_layer_of(number: int) -> Callable[[], Any]:
    return _two_layer(100, number)


def _convnet(filters: int, number: int = 20) -> Callable[[], Any]:
    from cs231n.classifiers.cnn import ThreeLayerConvNet

    return _step(ThreeLayerConvNet(num_filters=filters), _random(number, 3, 32, 32))


def _features(number: int) -> Callable[[], Any]:
    from cs231n.features import color_histogram_hsv, extract_features, hog_feature

    images = np.random.default_rng(231).integers(0, 256, (number, 32, 32, 3)).astype(np.float32)
    return lambda: extract_features(images, [hog_feature, color_histogram_hsv])


def _check(number: int) -> Callable[[], Any]:
    from cs231n.tutor import course

    names = [name for name, (_, exercise) in course.exercises().items() if exercise.file.endswith(".py")][:number]
    command = [sys.executable, "-m", "cs231n", "check", *names]
    tree = generate.ROOT / "build" / "benchmarks"  # this is the working folder, where python -m looks for modules first
    return lambda: subprocess.run(command, cwd=tree, capture_output=True, check=True)


def _cores(number: int) -> Callable[[], Any]:
    run = _convnet(32, 50)

    def limited() -> None:
        with threadpool_limits(number, user_api="blas"):
            run()

    return limited


def main(arguments: list[str] | None = None) -> int:
    """Print the table, and with --write put it into the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/growth.md")
    chosen = parser.parse_args(arguments)
    command._use_masters()
    facts = harness.machine()
    told = f"{facts['date']}, {facts['cpu']}, {facts['cores']} cores, Python {facts['python']}, numpy {facts['numpy']}"
    told += f", load at start {facts.get('load at start', 'unknown')}"
    measured = f"{BEGIN}\n{told}\n\n{table()}\n{END}"
    if chosen.write:
        before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        DOCUMENT.write_text(before + measured + rest.partition(END)[2], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
