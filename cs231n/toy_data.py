"""Three data sets in the plane, each with two classes that no straight line separates."""

from __future__ import annotations

import numpy as np


def parity(num: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points X and labels y: class 1 where the signs of x_1 and x_2 differ, class 0 where they agree.

    X is (num, 2) float64, y is (num,) int64. About half of the points belong to each class, and there is a gap of 0.1
    on both sides of each axis.
    """
    rng = np.random.default_rng(seed)
    sign = rng.choice([-1, 1], (num, 2))
    X = sign * rng.uniform(0.1, 2, (num, 2))
    return X, (sign[:, 0] != sign[:, 1]).astype(np.int64)


def annulus(num: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points X and labels y: class 1 in the ring from radius 1 to 2 around the origin, class 0 elsewhere.

    X is (num, 2) float64, y is (num,) int64. Every second point is in the ring; the others are at least 0.1 from
    it, and at most 2.7 from the origin.
    """
    rng = np.random.default_rng(seed)
    y = np.arange(num, dtype=np.int64) % 2
    inside = rng.random(num) < 0.4
    inner = np.where(y == 1, 1.0, np.where(inside, 0.0, 2.1))
    outer = np.where(y == 1, 2.0, np.where(inside, 0.9, 2.7))
    radius = np.sqrt(rng.uniform(inner**2, outer**2))  # evenly over the area
    angle = rng.uniform(0, 2 * np.pi, num)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), y


def three_modes(num: int = 200, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return points X and labels y: class 1 in three discs, class 0 elsewhere in the square from -2 to 2.

    X is (num, 2) float64, y is (num,) int64. Every second point is in a disc, of radius 0.6; the others are at least
    0.1 from each disc.
    """
    rng = np.random.default_rng(seed)
    centres = np.array([[-1.1, -1.0], [1.2, -0.7], [0.0, 1.2]])
    y = np.arange(num, dtype=np.int64) % 2
    radius, angle = 0.6 * np.sqrt(rng.random(num)), rng.uniform(0, 2 * np.pi, num)
    patches = centres[rng.integers(3, size=num)] + radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    X = np.where(y[:, None] == 1, patches, rng.uniform(-2, 2, (num, 2)))
    while np.any(hit := (y == 0) & (_distance(X, centres) < 0.7)):  # draw again those that are inside or near
        X[hit] = rng.uniform(-2, 2, (hit.sum(), 2))
    return X, y


def _distance(X: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the distance from each point to the nearest centre."""
    return np.linalg.norm(X[:, None] - centres, axis=-1).min(axis=1)
