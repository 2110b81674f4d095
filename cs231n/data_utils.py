"""CIFAR-10 as arrays, or the built-in stand-in for it.

`load_CIFAR10(root)` uses the place that `root` names or, without it, the one that $CS231N_DATA names: a folder, a
.tar.gz, or the word "standin". A path at which there is no data set is an error. If neither names a place, it uses the
batches or their archive in a folder `datasets` of the kit, of the working folder, or of a folder above them, and
otherwise the stand-in. It prints which data set it uses.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cs231n.data import sources
from cs231n.data.cifar10 import BLOCK, CLASS_NAMES
from cs231n.data.sources import ChecksumError, DataNotFoundError, find_data

__all__ = ["CLASS_NAMES", "ChecksumError", "DataNotFoundError", "find_data", "get_CIFAR10_data", "load_CIFAR10"]


def load_CIFAR10(
    root: str | Path | None = None, dtype: np.typing.DTypeLike = np.float64
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Load CIFAR-10 or the stand-in, as the docstring of this module says, and print which of them it is.

    Args:
        root: a folder with the batches or their archive, a .tar.gz, or "standin". With None, the place that
            $CS231N_DATA names is used or, if it is not set, the folders named `datasets` are searched.
        dtype: type of the images: uint8 or a float type; the values are 0..255 in all types. The default is float64, as
            in the official code; in float32, sums of 3,072 squares are rounded. All of CIFAR-10 takes 1.5 GB in
            float64, half of that in float32, and an eighth in uint8.

    Returns:
        X_train (50000, 32, 32, 3), y_train (50000,), X_test (10000, 32, 32, 3), y_test (10000,); labels are
        int64 in 0..9. The stand-in has 10,000 training and 2,000 test images.

    Raises:
        DataNotFoundError: there is no data set at the place that `root` or $CS231N_DATA names, or it is incomplete.
        ChecksumError: a file differs from the published one, or an archive is damaged.
        ValueError: `dtype` is neither uint8 nor a float type.
        OSError: a file cannot be read, or the stand-in cannot be written.
        RuntimeError: this machine does not draw the expected pixels of the stand-in.
    """
    return _load(root, _image_dtype(dtype))[1]


def get_CIFAR10_data(
    num_training: int = 49000,
    num_validation: int = 1000,
    num_test: int = 1000,
    subtract_mean: bool = True,
    dtype: np.typing.DTypeLike = np.float32,
    root: str | Path | None = None,
) -> dict[str, np.ndarray]:
    """Load the data in the form that networks need: split, by default centred, and with channels first.

    The validation images are those right after the training images. The stand-in is smaller; if it has fewer training
    or test images than you ask for, as many as possible are used, and a printed line says so.

    Args:
        num_training, num_validation, num_test: number of images in each part.
        subtract_mean: whether to subtract the mean of the training part from every image.
        dtype, root: as for `load_CIFAR10`; the mean needs a float type.

    Returns:
        A dictionary with X_train, (N, 3, 32, 32) of `dtype`, and y_train, (N,) int64; similarly, X_val, y_val, X_test
        and y_test.

    Raises:
        ValueError: CIFAR-10 has fewer images than you ask for, or the stand-in has none left for training; a number is
            negative; or `dtype` is neither a float type nor, if the mean is not subtracted, uint8.
        DataNotFoundError, ChecksumError, OSError, RuntimeError: as for `load_CIFAR10`.
    """
    dtype = _image_dtype(dtype)
    if subtract_mean and dtype.kind != "f":
        raise ValueError(
            f"expected a float dtype, because the mean is subtracted, found {dtype}; use one or set subtract_mean=False"
        )
    source, (X, y, X_test, y_test) = _load(root, np.dtype(np.uint8))
    num_training, num_test = _affordable(source, num_training, num_validation, num_test)
    end = num_training + num_validation
    mean = X[:num_training].mean(axis=0, dtype=np.float64) if subtract_mean else None  # (32, 32, 3)
    return {
        "X_train": _channels_first(X[:num_training], mean, dtype),
        "y_train": y[:num_training].copy(),
        "X_val": _channels_first(X[num_training:end], mean, dtype),
        "y_val": y[num_training:end].copy(),
        "X_test": _channels_first(X_test[:num_test], mean, dtype),
        "y_test": y_test[:num_test].copy(),
    }


def _load(root: str | Path | None, dtype: np.dtype) -> tuple[sources.DataSource, sources.Arrays]:
    """Load the data set that find_data(root) returns, and print which one it is."""
    source = find_data(root)
    arrays = sources.load(source, dtype)
    print(f"Data: {source}")
    return source, arrays


def _image_dtype(dtype: np.typing.DTypeLike) -> np.dtype:
    dtype = np.dtype(dtype)
    if dtype != np.uint8 and dtype.kind != "f":
        raise ValueError(f"expected uint8 or a float type for images, found {dtype}")
    return dtype


def _affordable(source: sources.DataSource, training: int, validation: int, test: int) -> tuple[int, int]:
    """Return how many training and test images to take from `source`, given how many are wanted of each part.

    Raises ValueError if a number is negative, or if the data set has too few images.
    """
    all_training, all_test = source.sizes
    if source.is_standin and validation < all_training:
        wanted = (training, test)
        training, test = min(training, all_training - validation), min(test, all_test)
        if (training, test) != wanted:
            print(f"Data: the stand-in is smaller: {training:,} training and {test:,} test images are used.")
    if min(training, validation, test) < 0 or training + validation > all_training or test > all_test:
        raise ValueError(
            f"expected no negative numbers, and at most {all_training:,} training and validation images together and "
            f"{all_test:,} test images, found {training:,} + {validation:,} and {test:,}"
        )
    return training, test


def _channels_first(images: np.ndarray, mean: np.ndarray | None, dtype: np.dtype) -> np.ndarray:
    """Return (N, 32, 32, 3) uint8 images, minus the mean (32, 32, 3) if any, as (N, 3, 32, 32) of `dtype`."""
    out = np.empty((len(images), 3, *images.shape[1:3]), dtype)
    shift = 0 if mean is None else mean.astype(np.result_type(dtype, np.float32))
    for start in range(0, len(images), BLOCK):
        out[start : start + BLOCK] = (images[start : start + BLOCK] - shift).transpose(0, 3, 1, 2)
    return out
