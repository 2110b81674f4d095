"""Draw the training split and the test split of the stand-in."""

import numpy as np

from . import animals, vehicles
from .scenes import lay_occluder, paint_scene
from .stage import SIDE, Dice, Stage, expose, per_image, value_noise

# {class: (the function that draws it, {scene: its relative frequency as the background})}
DRAWINGS = {
    "airplane": (vehicles.airplane, {"sky": 14, "plain": 1, "field": 2, "road": 2, "sea": 1}),
    "automobile": (vehicles.automobile, {"road": 11, "field": 3, "plain": 4, "room": 1, "forest": 2, "earth": 1}),
    "bird": (animals.bird, {"sky": 7, "meadow": 4, "forest": 4, "field": 2, "earth": 2, "sea": 2, "plain": 1}),
    "cat": (animals.cat, {"room": 14, "plain": 3, "meadow": 2, "earth": 2, "road": 1, "forest": 1}),
    "deer": (animals.deer, {"forest": 9, "field": 5, "meadow": 5, "earth": 2, "sky": 1}),
    "dog": (animals.dog, {"room": 8, "meadow": 6, "plain": 3, "field": 2, "earth": 2, "road": 1}),
    "frog": (animals.frog, {"earth": 10, "meadow": 5, "forest": 5, "plain": 3, "room": 1}),
    "horse": (animals.horse, {"field": 12, "meadow": 4, "forest": 2, "earth": 3, "road": 1, "sky": 1}),
    "ship": (vehicles.ship, {"sea": 16, "sky": 2, "plain": 1, "road": 1}),
    "truck": (vehicles.truck, {"road": 13, "field": 2, "plain": 3, "sky": 2, "forest": 1, "earth": 1}),
}
LABELS = tuple(DRAWINGS)  # in CIFAR-10's order
SPLITS = {"train": (10_000, 231), "test": (2_000, 232)}  # number of images, seed
_AT_ONCE = 25  # images painted together: their planes fit into a core's cache


def draw(split):
    """Return the "train" or "test" split: images (N, 3072) uint8, laid out as in CIFAR-10, and labels (N,) int64.

    Raises ValueError for any other split.
    """
    if split not in SPLITS:
        raise ValueError(f'split must be "train" or "test", not {split!r}')
    count, seed = SPLITS[split]
    dice = Dice(seed, _AT_ONCE)
    images = np.empty((count, 3, SIDE, SIDE), dtype=np.uint8)
    for start in range(0, count, _AT_ONCE):
        drawing, places = DRAWINGS[LABELS[start * len(LABELS) // count]]
        stage = Stage(dice)
        light = np.stack([dice.about(0.0, 0.7), dice.uniform(-1.0, 0.1)])
        planes = paint_scene(stage, places)
        grain = per_image(dice.uniform(0.02, 0.14))
        texture = value_noise(dice, 16) * grain + np.float32(1)
        drawing(stage)
        lay_occluder(stage)
        stage.paint(planes, light, texture)
        images[start : start + _AT_ONCE] = expose(planes, dice)
    labels = np.repeat(np.arange(len(LABELS)), count // len(LABELS))
    order = dice.order(count)
    return images[order].reshape(count, -1), labels[order]
