"""Write small data sets, laid out as CIFAR-10 is."""

import hashlib
import pickle
from pathlib import Path

import numpy as np

from cs231n.data import cifar10


def batch(images: np.ndarray, labels: np.ndarray) -> bytes:
    """Return images (N, 32, 32, 3) and labels as a pickle whose labels and pixels are laid out as Python 2 did it."""
    rows = np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), -1)
    record = {"batch_label": "b", "labels": np.asarray(labels).tolist(), "data": rows, "filenames": ["x"] * len(rows)}
    return pickle.dumps(record, protocol=3)


def write(folder: Path, images: np.ndarray, labels: np.ndarray) -> None:
    """Write images and labels as six batches of the same size and a file of names."""
    size = len(images) // 6
    for i, name in enumerate((*cifar10.TRAIN_BATCHES, cifar10.TEST_BATCH)):
        part = slice(i * size, (i + 1) * size)
        (folder / name).write_bytes(batch(images[part], labels[part]))
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": list(cifar10.CLASS_NAMES)}, protocol=2))


def md5s(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.md5(file.read_bytes()).hexdigest() for file in folder.iterdir()}
