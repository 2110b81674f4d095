"""Loading CIFAR-10: the kit's way beside the official handouts', each load in a process of its own.

    python -m benchmarks.loading [FOLDER]

The kit verifies and decodes a data set once ("first load") and keeps what it decoded ("later loads").
"""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cs231n import data_utils, decoded

REPEATS = 5
WAYS = ("official float64", "ours float32, later", "ours uint8, later", "ours float32, first", "ours uint8, first")


def official_way(folder: Path) -> tuple[np.ndarray, ...]:
    """As the official handouts load: five float64 batches concatenated, and the test batch."""
    batches = [_official_batch(folder / f"data_batch_{i}") for i in range(1, 6)]
    X, y = (np.concatenate(parts) for parts in zip(*batches, strict=True))
    del batches
    return X, y, *_official_batch(folder / "test_batch")


def _official_batch(file: Path) -> tuple[np.ndarray, np.ndarray]:
    with file.open("rb") as handle:
        record = pickle.load(handle, encoding="latin1")
    images = record["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype(np.float64)
    return images, np.array(record["labels"])


def ours(folder: Path, dtype: str, first: bool = False) -> tuple[np.ndarray, ...]:
    """As the kit loads; `first` as on the day the data came, with nothing decoded yet."""
    if first:
        decoded.forget()
    with contextlib.redirect_stdout(io.StringIO()):
        return data_utils.load_CIFAR10(folder, np.dtype(dtype))


def load(way: str, folder: Path) -> dict[str, float]:
    """Load once, in this process: seconds, peak memory and memory returned, in bytes."""
    kind, dtype = way.replace(",", "").split()[:2]
    run: Callable = official_way if kind == "official" else lambda f: ours(f, dtype, way.endswith("first"))
    before, started = _resident("VmRSS"), time.perf_counter()
    loaded = run(folder)
    seconds = time.perf_counter() - started
    size = sum(array.nbytes for array in loaded)
    return {"seconds": seconds, "peak": _resident("VmHWM") - before, "returned": size}


def measure(folder: Path, repeats: int = REPEATS) -> dict[str, dict[str, float]]:
    """Medians over `repeats` rounds of one fresh process for each way, the ways taking turns."""
    runs: dict[str, list[dict]] = {way: [] for way in WAYS}
    for way in list(WAYS) * repeats:
        command = [sys.executable, "-m", "benchmarks.loading", "--once", way, str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        runs[way].append(json.loads(done.stdout))
    return {way: {key: statistics.median(run[key] for run in found) for key in found[0]} for way, found in runs.items()}


def _resident(field: str) -> int:
    """Memory of this process as Linux counts it, in bytes: VmRSS now, VmHWM at most; 0 elsewhere."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0


def main(arguments: list[str]) -> None:
    """Print the table, or what `load` found for one way."""
    if arguments[:1] == ["--once"]:
        print(json.dumps(load(arguments[1], Path(arguments[2]))))
        return
    source = data_utils.find_data(*arguments)
    found = measure(source.path)
    official = found["official float64"]
    print(f"{'':22}{'seconds':>9}{'official / this':>17}{'peak MB':>9}{'peak / returned':>17}")
    for way, row in found.items():
        ratios = official["seconds"] / row["seconds"], row["peak"] / row["returned"]
        print(f"{way:22}{row['seconds']:9.3f}{ratios[0]:17.1f}{row['peak'] / 1e6:9.0f}{ratios[1]:17.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
