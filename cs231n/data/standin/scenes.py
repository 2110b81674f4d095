"""The places the stand-in's objects are seen in, and what lies about there."""

import numpy as np

from .stage import SIDE, Frame, value_noise

# name: far colours, near colours, (horizon from, to) in pixels from the top, how soft it is, coarse and fine grain
SCENES = {
    "sky": (
        [(0.35, 0.55, 0.85), (0.55, 0.7, 0.9), (0.75, 0.8, 0.85), (0.3, 0.4, 0.6), (0.9, 0.9, 0.92)],
        [(0.6, 0.75, 0.92), (0.8, 0.85, 0.9), (0.85, 0.8, 0.75), (0.45, 0.6, 0.8)],
        (4, 44), 24, 0.03, 0.03,
    ),
    "sea": (
        [(0.55, 0.7, 0.88), (0.75, 0.8, 0.85), (0.85, 0.75, 0.65), (0.4, 0.6, 0.85), (0.4, 0.45, 0.4)],
        [(0.2, 0.35, 0.5), (0.3, 0.45, 0.5), (0.15, 0.25, 0.35), (0.45, 0.55, 0.62), (0.25, 0.45, 0.6)],
        (8, 23), 1.5, 0.02, 0.10,
    ),
    "field": (
        [(0.6, 0.72, 0.85), (0.8, 0.82, 0.85), (0.3, 0.4, 0.25), (0.2, 0.3, 0.18), (0.5, 0.55, 0.4)],
        [(0.4, 0.52, 0.25), (0.5, 0.55, 0.3), (0.62, 0.58, 0.38), (0.32, 0.42, 0.2), (0.6, 0.52, 0.4)],
        (3, 20), 2.0, 0.04, 0.12,
    ),
    "meadow": (
        [(0.35, 0.5, 0.25), (0.45, 0.5, 0.28), (0.55, 0.58, 0.35), (0.28, 0.38, 0.2)],
        [(0.42, 0.55, 0.25), (0.5, 0.6, 0.3), (0.35, 0.42, 0.22), (0.6, 0.58, 0.4)],
        (0, 32), 24, 0.06, 0.15,
    ),
    "forest": (
        [(0.2, 0.28, 0.15), (0.3, 0.32, 0.22), (0.14, 0.18, 0.12), (0.4, 0.38, 0.28)],
        [(0.35, 0.32, 0.2), (0.28, 0.36, 0.18), (0.48, 0.4, 0.28), (0.22, 0.22, 0.16)],
        (8, 28), 8, 0.10, 0.18,
    ),
    "earth": (
        [(0.5, 0.42, 0.32), (0.42, 0.4, 0.34), (0.6, 0.55, 0.45), (0.3, 0.27, 0.2)],
        [(0.55, 0.46, 0.35), (0.45, 0.42, 0.38), (0.35, 0.3, 0.22), (0.66, 0.6, 0.5)],
        (0, 32), 20, 0.07, 0.15,
    ),
    "road": (
        [(0.65, 0.72, 0.8), (0.5, 0.5, 0.5), (0.35, 0.4, 0.32), (0.8, 0.8, 0.8), (0.55, 0.45, 0.4)],
        [(0.45, 0.45, 0.46), (0.55, 0.54, 0.53), (0.35, 0.35, 0.37), (0.62, 0.58, 0.54)],
        (8, 22), 2.0, 0.04, 0.07,
    ),
    "room": (
        [(0.7, 0.62, 0.52), (0.55, 0.5, 0.48), (0.8, 0.78, 0.72), (0.45, 0.32, 0.28), (0.4, 0.45, 0.55)],
        [(0.5, 0.4, 0.3), (0.65, 0.55, 0.48), (0.7, 0.3, 0.28), (0.42, 0.45, 0.58), (0.8, 0.76, 0.7)],
        (6, 28), 2.0, 0.03, 0.07,
    ),
    "plain": (
        [(0.97, 0.97, 0.97), (0.9, 0.9, 0.88), (0.75, 0.75, 0.75), (0.6, 0.62, 0.66), (0.12, 0.12, 0.14)],
        [(0.97, 0.97, 0.97), (0.92, 0.92, 0.92), (0.7, 0.68, 0.66), (0.5, 0.5, 0.52)],
        (6, 36), 16, 0.01, 0.03,
    ),
}  # fmt: skip


def paint_scene(stage, weights):
    """A background per image, its kind drawn by `weights` ({name: whole number}); returns the three planes."""
    dice, n = stage.dice, stage.n
    kinds = list(weights)
    kind = dice.index([weights[name] for name in kinds])
    far, near = np.empty((3, n)), np.empty((3, n))
    settings = np.empty((5, n))
    for i, name in enumerate(kinds):
        here = kind == i
        upper, lower, horizon, soft, coarse, fine = SCENES[name]
        far[:, here] = dice.colour(upper, 0.07)[:, here]
        near[:, here] = dice.colour(lower, 0.07)[:, here]
        settings[:, here] = np.array([*horizon, soft, coarse, fine])[:, None]
    planes = _gradient(dice, far, near, settings)
    _lay_clutter(stage, far, near)
    return planes


def _gradient(dice, far, near, settings):
    """Two colours either side of a tilted horizon, with coarse and fine grain."""
    low, high, soft, coarse, fine = settings
    middle = low + (high - low) * dice.unit(dice.n)
    slope = dice.about(0.0, 0.06)
    grid = np.arange(SIDE, dtype=np.float64)
    line = grid[None, :, None] - middle[:, None, None] + slope[:, None, None] * (grid - 15.5)
    share = np.minimum(np.maximum(0.5 + line / soft[:, None, None], 0.0), 1.0).astype(np.float32)
    grain = value_noise(dice, 4) * coarse.astype(np.float32)[:, None, None]
    grain += value_noise(dice, 16) * fine.astype(np.float32)[:, None, None]
    planes = []
    for c in range(3):
        first = far[c].astype(np.float32)[:, None, None]
        planes.append(first + (near[c].astype(np.float32)[:, None, None] - first) * share + grain)
    return planes


def _lay_clutter(stage, far, near):
    """Up to four things that are not the object: posts, boxes, bushes, clouds."""
    dice = stage.dice
    page = Frame.camera(0.0, 0.0, np.ones(stage.n))
    strange = [(0.7, 0.2, 0.2), (0.2, 0.3, 0.6), (0.9, 0.9, 0.9), (0.1, 0.1, 0.1), (0.3, 0.45, 0.2), (0.6, 0.5, 0.4)]
    for i in range(4):
        mixed = np.where(dice.chance(0.5), far, near) + dice.about(0.0, 0.16)
        colour = np.where(dice.chance(0.25), dice.colour(strange), mixed)
        place = page.point(dice.uniform(-2, 34), -dice.uniform(-2, 34), -90.0 + i)
        spot = page.turned(roll=dice.uniform(-20, 20))
        wide, high = dice.uniform(0.7, 5.5), dice.uniform(0.7, 5.5)
        alpha = dice.chance(0.25) * dice.uniform(0.35, 1.0)
        axes = spot.vector(wide, 0, 0), spot.vector(0, high, 0)
        if i % 2:
            stage.panel(place, *axes, colour, alpha=alpha)
        else:
            stage.blob(place, axes, colour, alpha=alpha)


def lay_occluder(stage, chance=0.2):
    """Something in front of the object now and then: a stalk, a post, a leaf."""
    dice = stage.dice
    page = Frame.camera(0.0, 0.0, np.ones(stage.n))
    palette = [(0.3, 0.4, 0.2), (0.4, 0.32, 0.22), (0.6, 0.6, 0.58), (0.2, 0.2, 0.2), (0.5, 0.55, 0.3)]
    for i in range(2):
        spot = page.turned(roll=dice.uniform(-75, 75) + 90.0 * (i == 0))
        place = page.point(dice.uniform(0, 32), -dice.uniform(6, 34), 90.0)
        axes = spot.vector(dice.uniform(5, 16), 0, 0), spot.vector(0, dice.uniform(0.4, 1.5), 0)
        stage.blob(place, axes, dice.colour(palette), alpha=1.0 * dice.chance(chance))
