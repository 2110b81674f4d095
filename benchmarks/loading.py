"""Loading 60,000 images, compared with loading as in the official handouts, re-created from a description."""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.harness import Contender, Contest, peak_memory
from cs231n.data import cache, cifar10, download, sources

PER_BATCH = cifar10.CIFAR10.images_per_batch

Loaded = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def loading(full: bool) -> Iterator[Contest]:
    """Yield a Contest for loading all images of CIFAR-10, or if it is not found, random pixels in its format."""
    with tempfile.TemporaryDirectory() as scratch:
        source = sources.find_real_data()
        data = "CIFAR-10" if source else "random pixels"
        if source is None:
            folder, md5 = Path(scratch), _write_noise(Path(scratch))
        elif source.path.is_file():
            folder, md5 = download.get(Path(scratch), str(source.path)), source.archive.members
        else:
            folder, md5 = source.path, source.archive.members
        time.sleep(cache.SETTLED_SECONDS + 0.5)  # files that have just been written would not be trusted
        yield loading_contest(folder, dict(md5), data)
        cache.forget()  # 184 MB of decoded images, which may be noise


def loading_contest(folder: Path, md5: dict[str, str], data: str) -> Contest:
    """Return the Contest for loading a folder of batches whose MD5 sums are `md5`, {file name: sum}."""

    def contender(name: str, call: str, rounds: int, note: str = "") -> Contender:
        code = f"from benchmarks import loading\nkept = loading.{call}"
        run = lambda: eval(call, globals())  # noqa: E731  the same call as in the process whose memory is measured
        return Contender(name, run, rounds=rounds, memory=lambda: peak_memory(code), note=note)

    place = repr(str(folder))
    return Contest(
        f"load {6 * PER_BATCH:,} images from a folder, {data}",
        [
            contender("ours, float32", f"ours({place}, 'float32', {md5})", 7, "verified and decoded before"),
            contender("ours, uint8", f"ours({place}, 'uint8', {md5})", 7, "verified and decoded before"),
            contender("official way", f"official_way({place})", 7, "float64"),
            contender("ours, the first time", f"ours_first({place}, {md5})", 3, "float32; verifies, decodes, keeps"),
        ],
        difference=_difference,
        tolerance=0.0,
        unit="largest difference of a pixel or label",
    )


def official_way(folder: str) -> Loaded:
    """Load as the official handouts do: concatenate five batches in float64, and read the test batch."""
    parts = [_official_batch(Path(folder) / name) for name in cifar10.TRAIN_BATCHES]
    X, y = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    del parts
    return X, y, *_official_batch(Path(folder) / cifar10.TEST_BATCH)


def ours(folder: str, dtype: str, md5: dict[str, str]) -> Loaded:
    """Load as the kit does, but without printing what is loaded."""
    archive = cifar10.Archive(0, "", members=md5)
    return sources.load(sources.DataSource(Path(folder), archive, ""), np.dtype(dtype))


def ours_first(folder: str, md5: dict[str, str]) -> Loaded:
    """Load as the kit does the first time, when nothing has been decoded yet."""
    cache.forget()
    return ours(folder, "float32", md5)


def _official_batch(file: Path) -> tuple[np.ndarray, np.ndarray]:
    with file.open("rb") as handle:
        record = pickle.load(handle, encoding="latin1")
    images = record["data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1).astype(np.float64)
    return images, np.array(record["labels"])


def _write_noise(folder: Path) -> dict[str, str]:
    """Write batches of random pixels; return {file name: MD5 sum}."""
    random = np.random.default_rng(231)
    for name in (*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH):
        pixels = random.integers(0, 256, (PER_BATCH, cifar10.PIXELS), dtype=np.uint8)
        labels = random.integers(0, 10, PER_BATCH).tolist()
        batch = {"labels": labels, "data": pixels, "filenames": ["noise.png"] * PER_BATCH}
        (folder / name).write_bytes(pickle.dumps(batch, protocol=3))  # as close as possible to what Python 2 wrote
    return {file.name: hashlib.md5(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def _difference(result: Loaded, expected: Loaded) -> float:
    """Return the largest difference, found block by block, since all images in float64 would take 1.5 GB."""
    return max(
        float(np.abs(a[i : i + 1000].astype(np.float64) - b[i : i + 1000]).max())
        for a, b in zip(result, expected, strict=True)
        for i in range(0, len(a), 1000)
    )


BENCHMARKS = {"loading": loading}
