"""The pictures for the official notebook on convolutions are our own, and of the form that it crops and scales."""

import numpy as np
from PIL import Image

from solutions.tools import pictures


def test_the_pictures_are_what_the_script_draws(tmp_path):
    for path in pictures.write(tmp_path):
        drawn, there = (np.asarray(Image.open(one), dtype=float) for one in (path, pictures.FOLDER / path.name))
        assert drawn.shape == there.shape
        assert np.mean(np.abs(drawn - there)) < 2  # JPEG's encoder differs a little between versions


def test_the_kitten_is_wide_and_becomes_a_square_and_the_puppy_is_one():
    kitten, puppy = (np.asarray(Image.open(pictures.FOLDER / name)) for name in ("kitten.jpg", "puppy.jpg"))
    height, width, channels = kitten.shape
    cut = (width - height) // 2
    assert cut > 0 and channels == 3 and kitten[:, cut:-cut].shape == puppy.shape == (height, height, 3)
    assert sum(path.stat().st_size for path in pictures.FOLDER.iterdir()) < 40_000
