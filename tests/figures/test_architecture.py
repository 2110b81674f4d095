"""Units that dropout has switched off are seen to be off."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n.figures import architecture


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_a_unit_that_is_off_is_crossed_out_and_has_no_arrows():
    sizes, names = [2, 3, 1], ["input", "hidden", "score"]
    full = architecture.fully_connected(sizes, names, "all")
    less = architecture.fully_connected(sizes, names, "one is off", off={(1, 0)})
    assert len(full.patches) - len(less.patches) == 3  # two arrows to it, one from it
    assert (len(full.lines), len(less.lines)) == (0, 2)


def test_entries_that_are_off_show_the_hatching_behind_them():
    kept = np.array([[1.0, 0.0], [2.0, 3.0]])
    figure = architecture.dropped({"all": np.ones((2, 2)), "p = 0.75": kept}, "outputs")
    shown = [axis.images[0].get_array().mask for axis in figure.axes[:2]]
    assert not np.any(shown[0]) and np.array_equal(shown[1], kept == 0)
    assert all(axis.patch.get_hatch() for axis in figure.axes[:2])
