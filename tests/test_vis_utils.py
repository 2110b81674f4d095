"""Every figure has a title and labels, and does not change what it is given."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n import vis_utils
from cs231n.features import hog_feature

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
    "templates": lambda: vis_utils.templates(RNG.randn(3073, 10), NAMES, "templates"),
    "template grid": lambda: vis_utils.template_grid(RNG.randn(10, 6, 6, 3), "words"),
    "hues": lambda: vis_utils.hue_histograms(IMAGES[:3], RNG.rand(3, 10), NAMES[:3]),
    "hog": lambda: vis_utils.hog_glyphs(IMAGES[:3], {"8": RNG.rand(3, 144), "4": RNG.rand(3, 576)}, NAMES[:3]),
    "accuracies": lambda: vis_utils.accuracy_bars({"kNN": (0.3, 0.31), "net": (0.5, 0.52)}, "all so far"),
    "loss curves": lambda: vis_utils.loss_curves({"a": RNG.rand(50), "b": RNG.rand(30)}, "losses", smooth=10),
    "heat map": lambda: vis_utils.heat_map(RNG.rand(2, 3), [1e-7, 1e-6], [1, 10, 100], "search", "rate", "reg"),
    "confusion matrix": lambda: vis_utils.confusion_matrix(LABELS, RNG.permutation(LABELS), NAMES, "confusion"),
    "mistakes": lambda: vis_utils.mistakes(ROWS, LABELS, (LABELS + (LABELS > 3)) % 10, NAMES, count=10),
    "training": lambda: vis_utils.training_curves([3, 2, 1], [0.1, 0.2], [0.1, 0.15], "net"),
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


def test_a_confusion_matrix_counts_true_classes_in_rows():
    axis = vis_utils.confusion_matrix(np.array([0, 0, 1]), np.array([0, 1, 1]), ["cat", "dog"], "pets")
    np.testing.assert_array_equal(axis.images[0].get_array(), [[1, 1], [0, 1]])
    plt.close("all")


def test_a_grid_stretches_each_image_to_the_full_range():
    grid = vis_utils.visualize_grid(RNG.rand(5, 4, 6, 3), ubound=9.0, padding=2)
    assert grid.shape == (3 * 4 + 2 * 2, 3 * 6 + 2 * 2, 3)
    assert grid.max() == 9.0 and grid[:4, :6].min() == 0.0 and not grid[4:6].any()
    assert np.isfinite(vis_utils.visualize_grid(np.ones((2, 3, 3, 1)))).all()


def test_mistakes_names_what_was_said_first():
    figure = vis_utils.mistakes(ROWS[:3], np.array([0, 1, 2]), np.array([0, 5, 2]), NAMES)
    assert [axis.get_title() for axis in figure.axes if axis.get_title()] == ["class 5?\nclass 1"]
    plt.close("all")


def test_hog_strokes_run_along_the_edges():
    upright = np.zeros((32, 32, 3)) + np.arange(32)[:, None, None]  # no gradient is exactly vertical: see hog_feature
    upright[:, 12:] += 200  # a vertical edge in the second column of cells
    for image, down in ((upright, 1), (upright.transpose(1, 0, 2), 0)):
        figure = vis_utils.hog_glyphs([image], {"HOG": [hog_feature(image)]}, ["edge"])
        strokes = [line.get_xydata() for line in figure.axes[1].lines]
        longest = max(strokes, key=lambda ends: np.ptp(ends, axis=0).sum())
        extent = np.ptp(longest, axis=0)
        assert extent[down] > 0.9, "the strongest stroke fills its cell"
        assert extent[down] > 3 * extent[1 - down]
        assert longest.mean(axis=0)[1 - down] == 1
        plt.close(figure)


def test_a_class_with_few_images_leaves_the_end_of_its_row_white():
    figure = vis_utils.sample_grid(IMAGES[:13], LABELS[:13], NAMES, per_class=4)
    drawn = figure.axes[0].images[0].get_array()
    assert drawn.shape == (320, 128, 3)
    assert np.all(drawn[:32, 64:] == 255) and not np.all(drawn[:32, 32:64] == 255)
    plt.close(figure)


def test_labels_may_be_floats_as_predict_labels_often_leaves_them_and_others_are_refused():
    said = np.where(np.arange(40) == 3, 1.0, LABELS)
    assert vis_utils.mistakes(IMAGES, LABELS, said, NAMES).axes[0].get_title() == "class 1?\nclass 3"
    assert vis_utils.confusion_matrix(LABELS, said, NAMES, "floats") is not None
    vis_utils.mistakes(IMAGES, LABELS, LABELS, NAMES)  # there are none
    for draw in (
        lambda y: vis_utils.sample_grid(IMAGES, y, NAMES),
        lambda y: vis_utils.confusion_matrix(LABELS, y, NAMES, "t"),
        lambda y: vis_utils.mistakes(IMAGES, LABELS, y, NAMES),
    ):
        with pytest.raises(ValueError, match="expected one label for each of 40 examples"):
            draw(LABELS[:, None])
        with pytest.raises(ValueError, match="labels from 1 to 10; the first class is 0, and the last of 10 is 9"):
            draw(LABELS + 1)
    plt.close("all")


def test_what_is_no_batch_of_images_has_no_grid():
    with pytest.raises(ValueError, match=r"expected images, \(N, H, W, C\), found shape \(40, 3072\)"):
        vis_utils.visualize_grid(ROWS)
