"""The backgrounds of the stand-in's images, and other things around the object."""

import numpy as np

from .stage import SIDE, along, per_image, value_noise

# {name: (colours above the horizon, colours below it (see `rgb`), the lowest and the highest row number of the horizon,
# its softness in rows, strength of coarse grain, strength of fine grain)}
SCENES = {
    "sky": ("355585 557090 758085 304060 909092", "607592 808590 858075 456080", (4, 44), 24, 0.03, 0.03),
    "sea": ("557088 758085 857565 406085 404540", "203550 304550 152535 455562 254560", (8, 23), 1.5, 0.02, 0.1),
    "field": ("607285 808285 304025 203018 505540", "405225 505530 625838 324220 605240", (3, 20), 2.0, 0.04, 0.12),
    "meadow": ("355025 455028 555835 283820", "425525 506030 354222 605840", (0, 32), 24, 0.06, 0.15),
    "forest": ("202815 303222 141812 403828", "353220 283618 484028 222216", (8, 28), 8, 0.1, 0.18),
    "earth": ("504232 424034 605545 302720", "554635 454238 353022 666050", (0, 32), 20, 0.07, 0.15),
    "road": ("657280 505050 354032 808080 554540", "454546 555453 353537 625854", (8, 22), 2.0, 0.04, 0.07),
    "room": ("706252 555048 807872 453228 404555", "504030 655548 703028 424558 807670", (6, 28), 2.0, 0.03, 0.07),
    "plain": ("979797 909088 757575 606266 121214", "979797 929292 706866 505052", (6, 36), 16, 0.01, 0.03),
}


def paint_scene(stage, weights):
    """Return three planes (R, G, B), the backgrounds: for each image, a scene drawn at random.

    weights: {name in SCENES: its relative probability, an integer}.
    Some things between the background and the object, such as posts or bushes, are added to the stage.
    """
    dice, n = stage.dice, stage.n
    kinds = list(weights)
    kind = dice.index([weights[name] for name in kinds])
    far, near, settings = np.empty((3, n)), np.empty((3, n)), np.empty((5, n))
    for i, name in enumerate(kinds):
        here = kind == i
        far_colours, near_colours, horizon, *numbers = SCENES[name]
        far[:, here] = dice.colour(far_colours, 0.07)[:, here]
        near[:, here] = dice.colour(near_colours, 0.07)[:, here]
        settings[:, here] = np.array([*horizon, *numbers])[:, None]
    # the two colours are on either side of a tilted horizon, with coarse and fine grain
    low, high, soft, coarse, fine = settings
    middle = low + (high - low) * dice.unit(n)
    slope = dice.about(0.0, 0.06)
    grid = np.arange(SIDE, dtype=np.float64)
    line = grid[None, :, None] - middle[:, None, None] + slope[:, None, None] * (grid - 15.5)
    share = np.minimum(np.maximum(0.5 + line / soft[:, None, None], 0.0), 1.0).astype(np.float32)
    grain = value_noise(dice, 4) * per_image(coarse)
    grain += value_noise(dice, 16) * per_image(fine)
    _lay_clutter(stage, far, near)
    upper, lower = ([per_image(colour) for colour in colours] for colours in (far, near))
    return [first + (second - first) * share + grain for first, second in zip(upper, lower, strict=True)]


def _lay_clutter(stage, far, near):
    """Add to the stage up to four things behind the object, such as posts, boxes, bushes and clouds."""
    dice, page = stage.dice, stage.page()
    for i in range(4):
        mixed = np.where(dice.chance(0.5), far, near) + dice.about(0.0, 0.16)
        colour = np.where(dice.chance(0.25), dice.colour("702020 203060 909090 101010 304520 605040"), mixed)
        place = page.point((dice.uniform(-2, 34), -dice.uniform(-2, 34), -90.0 + i))
        spot = page.turned(roll=dice.uniform(-20, 20))
        wide, high = dice.uniform(0.7, 5.5), dice.uniform(0.7, 5.5)
        alpha = dice.chance(0.25) * dice.uniform(0.35, 1.0)
        if i % 2:
            spot.panel(place, (wide, 0, 0), (0, high, 0), colour, alpha=alpha)
        else:
            spot.blob(place, along(wide, high, 0), colour, alpha=alpha)


def lay_occluder(stage):
    """Add to the stage, in some images, one or two things in front of the object, such as a stalk, a post or a leaf."""
    dice, page = stage.dice, stage.page()
    for upright in (90.0, 0.0):
        spot = page.turned(roll=dice.uniform(-75, 75) + upright)
        place = page.point((dice.uniform(0, 32), -dice.uniform(6, 34), 90.0))
        axes = along(dice.uniform(5, 16), dice.uniform(0.4, 1.5), 0)
        spot.blob(place, axes, dice.colour("304020 403222 606058 202020 505530"), alpha=dice.chance(0.2))
