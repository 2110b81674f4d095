"""Every figure has a title and labels, and does not change what it is given."""

import warnings

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch

from cs231n import vis_utils
from cs231n.features import hog_feature
from cs231n.figures import architecture, features, history, linear, neighbours
from cs231n.visual_words import VisualWords

RNG = np.random.RandomState(0)
IMAGES = RNG.randint(0, 256, (40, 32, 32, 3)).astype(np.uint8)
LABELS = np.arange(40) % 10
NAMES = [f"class {label}" for label in range(10)]
ROWS = IMAGES.reshape(40, -1).astype(float)


def regions():
    _, axis = plt.subplots()
    points = RNG.randn(30, 2)
    vis_utils.decision_regions(axis, lambda p: (p[:, 0] > 0).astype(int), points, (points[:, 0] > 0) * 1, "halves")


def one_region():
    _, axis = plt.subplots()
    points = RNG.randn(30, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vis_utils.decision_regions(axis, lambda p: np.zeros(len(p), int), points, (points[:, 0] > 0) * 1, "all")


FIGURES = {
    "sample grid": lambda: vis_utils.sample_grid(IMAGES, LABELS, NAMES, per_class=4),
    "images": lambda: vis_utils.show_images(list(ROWS[:5]), NAMES[:5], "five", columns=3),
    "distance matrix": lambda: neighbours.distance_matrix(RNG.rand(7, 30), ROWS[:7], ROWS[:30]),
    "turned axes": lambda: neighbours.turned_axes(
        np.array([1.0, 0.5]), np.array([4.0, 2.5]), np.arange(9.0), {"L1": RNG.rand(9), "L2": RNG.rand(9)}
    ),
    "distances from": lambda: neighbours.distances_from(ROWS[0], {"a": ROWS[1], "b": ROWS[2]}, {"a": 3.0, "b": 2.0}),
    "distance histograms": lambda: neighbours.distance_histograms({2: RNG.rand(99), 30: RNG.rand(99)}),
    "curves": lambda: vis_utils.curves([1, 2, 3], {"a": [1, 2, 3], "b": [3, 2, 1]}, "two", "x", "y"),
    "cross-validation": lambda: neighbours.cross_validation({1: [0.2, 0.3], 10: [0.3, 0.4], 5: [0.1, 0.2]}),
    "regions": regions,
    "one region": one_region,
    "ImageNet": history.imagenet,
    "difference errors": lambda: linear.difference_errors(
        10.0 ** np.arange(-3, 0), {"a": RNG.rand(3), "b": RNG.rand(3)}
    ),
    "gradient noise": lambda: linear.gradient_noise([1, 4, 16], [8.0, 4.1, 1.9]),
    "word steps": lambda: features.word_steps(
        IMAGES[0], VisualWords(8, num_patches=200).fit(IMAGES), [(0, 0), (5, 9), (20, 25)]
    ),
    "splits": neighbours.data_splits,
    "bars": lambda: vis_utils.bars({"one": 0.3, "other": 0.4}, "two", "accuracy", ("guessing", 0.1)),
    "kink": lambda: linear.kink(0.95, 0.2, -0.625),
    "batch sizes": lambda: linear.batch_sizes({1: (RNG.rand(40), RNG.rand(4)), 20: (RNG.rand(20), RNG.rand(4))}),
    "template rows": lambda: linear.template_rows({"L2": RNG.randn(3073, 2), "L1": RNG.randn(3073, 2)}, NAMES[:2]),
    "reliability": lambda: linear.reliability(RNG.rand(50), RNG.rand(50) > 0.5),
    "times": lambda: vis_utils.times({"slow": 1.0, "fast": 0.01}, "the same sum"),
    "templates": lambda: vis_utils.templates(RNG.randn(3073, 10), NAMES, "templates"),
    "template grid": lambda: vis_utils.template_grid(RNG.randn(10, 6, 6, 3), "words"),
    "hues": lambda: features.hue_histograms(IMAGES[:3], RNG.rand(3, 10), NAMES[:3]),
    "hog steps": lambda: features.hog_steps(IMAGES[0], RNG.rand(9), (8, 16)),
    "hog": lambda: features.hog_glyphs(IMAGES[:3], {"8": RNG.rand(3, 144), "4": RNG.rand(3, 576)}, NAMES[:3]),
    "accuracies": lambda: vis_utils.accuracy_bars({"kNN": (0.3, 0.31), "net": (0.5, 0.52)}, "all so far"),
    "loss curves": lambda: vis_utils.loss_curves({"a": RNG.rand(50), "b": RNG.rand(30)}, "losses", smooth=10),
    "heat map": lambda: vis_utils.heat_map(RNG.rand(2, 3), [1e-7, 1e-6], [1, 10, 100], "search", "rate", "reg"),
    "confusion matrix": lambda: vis_utils.confusion_matrix(LABELS, RNG.permutation(LABELS), NAMES, "confusion"),
    "mistakes": lambda: vis_utils.mistakes(ROWS, LABELS, (LABELS + (LABELS > 3)) % 10, NAMES, count=10),
    "training, with guessing": lambda: vis_utils.training_curves([3, 2, 1], [0.1, 0.2], [0.1, 0.15], "net", 10),
    "network": lambda: architecture.fully_connected([3, 2, 2], ["x", "h", "s"], "layers", off={(1, 0)}),
    "chain": lambda: architecture.chain([("x", "(N, 3)"), ("affine", "(N, 2)")], "a chain"),
    "training": lambda: vis_utils.training_curves([3, 2, 1], [0.1, 0.2], [0.1, 0.15], "net"),
    "neighbours": lambda: neighbours.neighbours(
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
    figure = neighbours.neighbours(dists, [0], ROWS[:1], LABELS[:1], ROWS[:4], LABELS[:4], NAMES, "right", k=2)
    assert [axis.get_title() for axis in figure.axes] == [
        "true: class 0\npredicted: class 1\n1 of 2 votes",
        "✗ class 3\n0",
        "✗ class 1\n1",
    ]
    plt.close("all")


def test_cross_validation_shows_mean_and_spread_in_order_of_k():
    axis = neighbours.cross_validation({10: [0.2, 0.4], 1: [0.1, 0.1]})
    line = axis.containers[0].lines[0]
    np.testing.assert_allclose(np.array(line.get_xdata(), float), [1, 10])
    np.testing.assert_allclose(np.array(line.get_ydata(), float), [0.1, 0.3])
    plt.close("all")


def test_folds_with_equal_accuracies_are_drawn_side_by_side_and_clear_of_the_error_bar():
    axis = neighbours.cross_validation({1: [0.1, 0.1, 0.1, 0.1, 0.1], 10: [0.2] * 5})
    axis.figure.canvas.draw()
    bar = axis.transData.transform((1, 0.1))[0]
    dots = [
        dot.get_offset_transform().transform(dot.get_offsets())[0, 0]
        for dot in axis.collections
        if len(dot.get_offsets()) == 2
    ]
    assert len(dots) == 5 and dots[0] > bar + 2 and min(np.diff(dots)) > 1
    plt.close("all")


def test_every_fold_is_within_the_axes():
    folds = {1: [0.1, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5], 100: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.95]}
    axis = neighbours.cross_validation(folds)
    axis.figure.canvas.draw()
    assert axis.get_ylim()[0] < 0.1 and axis.get_ylim()[1] > 0.95
    places = [
        dot.get_offset_transform().transform(dot.get_offsets())
        for dot in axis.collections
        if len(dot.get_offsets()) == 2
    ]
    assert all(axis.bbox.contains(*place) for pair in places for place in pair)
    plt.close("all")


def test_images_are_clipped_and_never_wrap():
    assert vis_utils.as_image(np.full((32, 32, 3), 300.0)).max() == 255
    assert vis_utils.as_image(np.full(3072, -5.0)).min() == 0


def test_a_confusion_matrix_has_shares_of_the_true_classes_in_rows_and_colours_confusions_only():
    axis = vis_utils.confusion_matrix(
        np.array([0, 0, 1, 1, 1, 1]), np.array([0, 1, 1, 1, 1, 0]), ["cat", "dog"], "pets"
    )
    shares = axis.images[0].get_array()
    np.testing.assert_array_equal(shares.data, [[50, 50], [25, 75]])
    np.testing.assert_array_equal(shares.mask, np.eye(2, dtype=bool))
    assert [text.get_text() for text in axis.texts] == ["50", "50", "25", "75"]
    assert axis.get_title() == "pets: 67% right"
    framed = [patch.get_xy() for patch in axis.patches if not patch.get_fill()]
    assert framed == [(0.5, -0.5), (-0.5, 0.5)]  # cats that were called dogs, and the other way round
    plt.close("all")


def test_confusions_that_look_as_large_as_the_third_largest_are_framed_too():
    true = np.repeat(np.arange(4), 200)
    said = true.copy()
    for label, other, count in ((0, 1, 20), (1, 2, 16), (2, 3, 8), (3, 0, 9), (0, 2, 7), (1, 0, 4)):
        said[np.flatnonzero((true == label) & (said == label))[:count]] = other
    axis = vis_utils.confusion_matrix(true, said, list("abcd"), "letters")  # 10, 8, 4, 4.5, 3.5 and 2 %
    framed = {tuple(patch.get_xy()) for patch in axis.patches if not patch.get_fill()}
    assert framed == {(0.5, -0.5), (1.5, 0.5), (2.5, 1.5), (-0.5, 2.5), (1.5, -0.5)}
    assert "framed: 4 or more" in axis.figure.axes[-1].get_ylabel()
    plt.close("all")


def test_nothing_is_framed_if_nothing_was_confused():
    axis = vis_utils.confusion_matrix(LABELS, LABELS, NAMES, "perfect")
    assert not [patch for patch in axis.patches if not patch.get_fill()]
    plt.close("all")


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        ((2.0, 0.5), "fast is 4 times faster than slow"),
        ((1.0, 2.0), "fast is 2 times slower than slow"),
        ((1.0, 0.1164), "fast is 8.6 times faster than slow"),
        ((1.0, 0.0081), "fast is 120 times faster than slow"),
    ],
)
def test_times_start_from_zero_and_say_what_was_measured(seconds, told):
    axis = vis_utils.times(dict(zip(("slow", "fast"), seconds, strict=True)), "a sum")
    assert axis.get_title() == f"a sum: {told}"
    assert axis.get_xscale() == "linear" and axis.get_xlim()[0] == 0
    plt.close("all")


def test_a_reliability_diagram_counts_and_averages_by_confidence():
    axis = linear.reliability(np.array([0.15, 0.95, 1.0, 0.91]), np.array([True, True, False, True]))
    heights = [round(patch.get_height(), 3) for patch in axis.patches]
    assert heights == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0.667]
    assert [text.get_text() for text in axis.texts if text.get_text().isdigit()] == ["1", "3"]
    plt.close("all")


def test_nothing_leads_to_a_unit_that_is_switched_off():
    whole = architecture.fully_connected([3, 2, 2], ["x", "h", "s"], "all")
    dropped = architecture.fully_connected([3, 2, 2], ["x", "h", "s"], "dropped", off={(1, 0)})
    arrows = [sum(isinstance(patch, FancyArrowPatch) for patch in axis.patches) for axis in (whole, dropped)]
    assert arrows == [3 * 2 + 2 * 2, 3 + 2]
    plt.close("all")


def test_a_crease_is_where_the_hidden_unit_changes_sign():
    _, axis = plt.subplots()
    axis.axis((-2, 2, -2, 2))
    W, b = np.array([[1.0, 0.5], [2.0, -1.0]]), np.array([-1.0, 0.25])
    vis_utils.creases(axis, W, b)
    for unit, line in enumerate(axis.lines):
        ends = np.array([line.get_xy1(), line.get_xy2()])
        np.testing.assert_allclose(ends @ W[:, unit] + b[unit], 0, atol=1e-12)
    assert axis.axis() == (-2, 2, -2, 2)
    plt.close("all")


def test_the_running_mean_starts_from_the_first_value_and_is_not_shifted():
    values = np.r_[np.zeros(50), np.ones(200)]
    means = vis_utils.running_mean(values, 10)
    assert len(means) == 250 and means[0] == 0 and means[49] == 0 and means[-1] > 0.999
    assert means[50] == pytest.approx(0.1, abs=0.01), "it reacts at once"
    np.testing.assert_allclose(vis_utils.running_mean(values, 1), values)
    np.testing.assert_allclose(vis_utils.running_mean([3.0] * 5, 20), 3)


def test_a_heat_map_frames_the_best_cell_and_hatches_what_diverged():
    axis = vis_utils.heat_map(np.array([[0.1, np.nan], [0.4, 0.3]]), [1, 2], [3, 4], "search", "rate", "reg")
    assert axis.get_title() == "search: best 0.400"
    assert [text.get_text() for text in axis.texts] == ["0.100", "diverged", "0.400", "0.300"]
    assert [text.get_bbox_patch() is not None for text in axis.texts] == [False, True, False, False]  # not hatched
    x, y = axis.patches[0].get_xy()
    assert (round(x), round(y)) == (0, 1)
    plt.close("all")


def test_a_heat_map_frames_each_of_several_best_cells():
    axis = vis_utils.heat_map(np.array([[0.4, np.nan], [0.4, 0.3]]), [1, 2], [3, 4], "search")
    assert [tuple(np.round(patch.get_xy())) for patch in axis.patches] == [(0, 0), (0, 1)]
    plt.close("all")


def test_weights_share_one_scale_on_which_grey_is_zero():
    images = vis_utils.weight_images(np.array([[-2.0, -1.0], [0.0, 4.0]]), scale=2)
    np.testing.assert_array_equal(images, [[0, 64], [128, 255]])
    assert (vis_utils.weight_images(np.zeros((2, 3))) == 128).all()


def test_a_grid_of_templates_shows_each_at_its_number():
    templates = RNG.randn(5, 6, 6, 3)
    axis = vis_utils.template_grid(templates, "words")
    tiles = axis.images[0].get_array()
    rows, columns = ([round(place - 2.5) for place in ticks] for ticks in (axis.get_yticks(), axis.get_xticks()))
    numbers = [[int(text.get_text()) for text in ticks] for ticks in (axis.get_yticklabels(), axis.get_xticklabels())]
    assert numbers == [[0, 3, 6], [0, 1, 2]]
    np.testing.assert_array_equal(
        tiles[rows[1] : rows[1] + 6, columns[1] : columns[1] + 6], vis_utils.weight_images(templates)[4]
    )
    assert (tiles[rows[1] :, columns[2] :] == 255).all(), "there is no template 5"
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
    upright = np.zeros((32, 32, 3))
    upright[:, 12:] += 200  # a vertical edge in the second column of cells
    for image, down in ((upright, 1), (upright.transpose(1, 0, 2), 0)):
        figure = features.hog_glyphs([image], {"HOG": [hog_feature(image)]}, ["edge"])
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
        with pytest.raises(ValueError, match="expected one label per example"):
            draw(LABELS[:, None])
        with pytest.raises(ValueError, match="labels from 1 to 10; the first class is 0, and the last of 10 is 9"):
            draw(LABELS + 1)
    plt.close("all")


def test_what_is_no_batch_of_images_has_no_grid():
    with pytest.raises(ValueError, match=r"expected images, \(N, H, W, C\), found shape \(40, 3072\)"):
        vis_utils.visualize_grid(ROWS)


def luminance(colour):
    values = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4) @ (0.2126, 0.7152, 0.0722)


@pytest.mark.parametrize("colour", [vis_utils.BLUE, vis_utils.ORANGE, vis_utils.GREEN])
def test_colours_for_text_can_be_read_on_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


@pytest.mark.parametrize("name", ["cividis", "Oranges"])
def test_numbers_in_cells_can_be_read_on_every_colour(name):
    for colour in plt.colormaps[name](np.linspace(0, 1, 101)):
        below = luminance(matplotlib.colors.to_hex(colour))
        contrasts = {"black": (below + 0.05) / 0.05, "white": 1.05 / (below + 0.05)}
        assert contrasts[vis_utils.ink(colour)] == max(contrasts.values()) >= 4.5


def test_the_numbers_of_a_heat_map_are_written_in_a_legible_colour():
    axis = vis_utils.heat_map(np.array([[0.0, 0.48, 0.53, 1.0]]), [1], [1, 2, 3, 4], "search")
    drawn = axis.images[0]
    for text, value in zip(axis.texts, (0.0, 0.48, 0.53, 1.0), strict=True):
        assert text.get_color() == vis_utils.ink(drawn.to_rgba(value))
    plt.close("all")


@pytest.mark.parametrize("colour", vis_utils.LINES[:4])
def test_the_first_lines_stand_out_from_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 3


def test_templates_of_several_classifiers_have_their_classes_above():
    figure = linear.template_rows({"L2": RNG.randn(3073, 2), "L1": RNG.randn(3073, 2)}, NAMES[:2])
    assert [axis.get_title() for axis in figure.axes] == [*NAMES[:2], "", ""]


def test_the_loss_of_a_short_training_is_as_thick_as_other_lines_that_of_a_long_one_is_thin():
    short, long = (
        vis_utils.training_curves(np.ones(steps), [0.1], [0.1], "net").axes[0].lines[0].get_linewidth()
        for steps in (60, 2000)
    )
    assert short > 2 * long


def test_a_short_rise_above_guessing_looks_short():
    figure = vis_utils.training_curves([2.3, 2.29], [0.1, 0.2], [0.1, 0.19], "slow", num_classes=10)
    assert figure.axes[1].get_ylim() == (0, 0.5)


@pytest.mark.parametrize("full, needs", [([9.0, 5.0], "100"), ([9.0, 8.0], "more than 100")])
def test_the_title_about_batches_is_what_was_found(full, needs):
    figure = linear.batch_sizes({1: ([9, 8, 7, 6], [8.0, 6.0]), 50: ([9.0, 8.0], full)})
    found = f"4 images with batch size 1, and {needs} with batch size 50"
    assert figure.get_suptitle() == f"Reaching a loss of 6.0 takes {found}"


def test_losses_above_the_limit_are_counted_below_their_panel():
    jumpy = np.where(np.arange(200) == 7, 50.0, 5.0)
    figure = linear.batch_sizes({1: (jumpy, [8.0, 6.0]), 20: (np.full(100, 5.0), [5.0, 4.0])})
    labels = [axis.get_xlabel() for axis in figure.axes]
    assert labels == ["images seen\n(cut off: 1 of 200 losses, up to 50)", "images seen"]
    plt.close("all")
