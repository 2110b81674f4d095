"""Every figure has a title and labels, and does not change what it is given."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n import vis_utils

RNG = np.random.RandomState(0)
IMAGES = RNG.randint(0, 256, (40, 32, 32, 3)).astype(np.uint8)
LABELS = np.arange(40) % 10
NAMES = [f"class {label}" for label in range(10)]
ROWS = IMAGES.reshape(40, -1).astype(float)


def regions():
    _, axis = plt.subplots()
    points = RNG.randn(30, 2)
    vis_utils.decision_regions(axis, lambda p: (p[:, 0] > 0).astype(int), points, (points[:, 0] > 0) * 1, "halves")


FIGURES = {
    "sample grid": lambda: vis_utils.sample_grid(IMAGES, LABELS, NAMES, per_class=4),
    "images": lambda: vis_utils.show_images(list(ROWS[:5]), NAMES[:5], "five", columns=3),
    "distance matrix": lambda: vis_utils.distance_matrix(RNG.rand(7, 30)),
    "curves": lambda: vis_utils.curves([1, 2, 3], {"a": [1, 2, 3], "b": [3, 2, 1]}, "two", "x", "y"),
    "cross-validation": lambda: vis_utils.cross_validation({1: [0.2, 0.3], 10: [0.3, 0.4], 5: [0.1, 0.2]}),
    "regions": regions,
    "splits": vis_utils.data_splits,
    "bars": lambda: vis_utils.bars({"slow": 1.0, "fast": 0.01}, "speed", "seconds", log=True),
    "neighbours": lambda: vis_utils.neighbours(
        RNG.rand(4, 40), [0, 2], ROWS[:4], LABELS[:4], ROWS, LABELS, NAMES, "right", count=3
    ),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_titled_and_its_axes_labelled(name):
    before = IMAGES.copy(), ROWS.copy()
    FIGURES[name]()
    figure = plt.gcf()
    figure.canvas.draw()
    assert figure.get_suptitle() or any(axis.get_title() for axis in figure.axes)
    for axis in figure.axes:
        drawn = axis.lines or axis.patches or axis.collections
        if axis.axison and drawn and axis.get_label() != "<colorbar>":
            assert axis.get_xlabel() or len(axis.get_xticklabels()), "what is along the axis?"
    np.testing.assert_array_equal(before[0], IMAGES)
    np.testing.assert_array_equal(before[1], ROWS)
    plt.close("all")


def test_neighbours_are_those_with_the_smallest_distances():
    dists = np.array([[3.0, 1.0, 2.0, 0.5]])
    figure = vis_utils.neighbours(dists, [0], ROWS[:1], LABELS[:1], ROWS[:4], LABELS[:4], NAMES, "right", count=2)
    assert [axis.get_title() for axis in figure.axes] == ["test: class 0", "class 3", "class 1"]
    plt.close("all")


def test_cross_validation_shows_mean_and_spread_in_order_of_k():
    axis = vis_utils.cross_validation({10: [0.2, 0.4], 1: [0.1, 0.1]})
    line = axis.containers[0].lines[0]
    np.testing.assert_allclose(np.array(line.get_xdata(), float), [1, 10])
    np.testing.assert_allclose(np.array(line.get_ydata(), float), [0.1, 0.3])
    plt.close("all")


def test_images_are_clipped_and_never_wrap():
    assert vis_utils.as_image(np.full((32, 32, 3), 300.0)).max() == 255
    assert vis_utils.as_image(np.full(3072, -5.0)).min() == 0
