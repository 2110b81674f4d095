"""Every figure about convolution has a title for each panel, and does not change what it is given."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n.figures import convolution

RNG = np.random.RandomState(0)
NUMBERS, MAPS = RNG.randn(3, 4), RNG.randn(2, 3, 8, 9)
IMAGES = RNG.randint(0, 256, (2, 8, 9, 3)).astype(np.uint8)
FIGURES = {
    "numbers": lambda: convolution.number_maps({"x": NUMBERS, "out": NUMBERS[:2, :2]}, "two arrays"),
    "responses": lambda: convolution.responses(IMAGES, MAPS, ["a", "b", "c"], "three maps"),
    "responses and filters": lambda: convolution.responses(IMAGES, MAPS, ["a", "b", "c"], "maps", RNG.rand(3, 3, 3, 3)),
    "pooling": lambda: convolution.pooling(RNG.rand(4, 6), RNG.rand(2, 3), RNG.rand(4, 6)),
    "places": lambda: convolution.filter_places([(7, 3, 2, 0), (5, 3, 1, 1)]),
    "normalised together": convolution.normalised_together,
    "standings": lambda: convolution.standings({"here": {"kNN": 0.3}, "there": {"kNN": 0.2, "SVM": 0.4}}, "accuracies"),
}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_titles_and_leaves_its_input_alone(name):
    given = NUMBERS.copy(), MAPS.copy(), IMAGES.copy()
    figure = FIGURES[name]()
    assert figure.get_suptitle()
    used = [axis for axis in figure.axes if axis.has_data() or axis.patches]
    titled = used[:1] if name.startswith("responses") else used
    assert used and all(axis.get_title() or axis.get_xlabel() for axis in titled)
    figure.canvas.draw()
    assert all(np.array_equal(*pair) for pair in zip(given, (NUMBERS, MAPS, IMAGES), strict=True))


def test_numbers_stand_in_their_fields():
    axis = convolution.number_maps({"x": NUMBERS}, "x").axes[0]
    assert {(text.get_position(), text.get_text()) for text in axis.texts} == {
        ((j, i), f"{value:.3g}") for (i, j), value in np.ndenumerate(NUMBERS)
    }


def test_as_many_places_are_drawn_as_the_output_has():
    axis = convolution.filter_places([(8, 3, 2, 1)]).axes[0]
    assert len(axis.lines) == 1 + (8 + 2 - 3) // 2
    assert "4 positions" in axis.get_title()
    ends = axis.lines[-1].get_xdata()
    assert -1 <= ends[0] < ends[1] <= 9


def test_what_no_position_covers_is_hatched():
    hatched = [bool(pixel.get_hatch()) for pixel in convolution.filter_places([(8, 3, 2, 1)]).axes[0].patches]
    assert hatched == [False] * 9 + [True]
    assert not any(pixel.get_hatch() for pixel in convolution.filter_places([(7, 3, 2, 0)]).axes[0].patches)


def test_the_size_of_a_receptive_field_is_counted_from_its_mask():
    mask = np.zeros((6, 8), dtype=bool)
    mask[1:4, 2:7] = True
    assert "3 × 5 pixels" in convolution.receptive_fields({"conv": mask}, "seen").axes[0].get_title()


def test_one_window_is_marked_in_every_channel_and_one_number_in_every_map():
    axis = convolution.filter_on_volume(C=3, side=8, extent=3, F=4)
    sizes = [patch.get_width() for patch in axis.patches]
    assert (sizes.count(8), sizes.count(3), sizes.count(6), sizes.count(1)) == (3, 3, 4, 4)
    assert any("3 × 3 × 3 = 27 products" in text.get_text() for text in axis.texts)


def test_windows_are_framed_where_they_are():
    figure = convolution.number_maps({"x": NUMBERS, "y": NUMBERS}, "two", windows={1: [(0, 1)]})
    frame = figure.axes[1].patches[0]
    assert not figure.axes[0].patches and np.allclose(frame.get_xy(), (0.54, -0.46))


def test_fields_of_a_group_have_the_same_letter():
    letters = [{text.get_text() for text in axis.texts} for axis in convolution.normalised_together(4, 6, 3).axes]
    assert [len(different) for different in letters] == [6, 4, 12]


def test_neither_the_legend_nor_another_accuracy_hides_an_accuracy():
    names = {"kNN": 0.28, "softmax": 0.42, "convolutional": 0.73}
    figure = convolution.standings({"here": names, "there": {**names, "kNN": 0.7}}, "accuracies")
    figure.canvas.draw()
    (axis,), (legend,) = figure.axes, figure.legends
    boxes = [text.get_window_extent() for text in axis.texts if text.get_text() != "guessing"]
    assert len(boxes) == 6 and not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert not any(box.overlaps(legend.get_window_extent()) for box in boxes)


def test_of_two_equal_accuracies_both_dots_can_be_seen():
    (axis,) = convolution.standings({"here": {"kNN": 0.3}, "there": {"kNN": 0.3}}, "accuracies").axes
    (behind,), (in_front,) = (dots.get_sizes() for dots in axis.collections)
    assert behind > 2 * in_front


def test_many_maps_are_drawn_no_wider_than_a_notebook():
    maps = RNG.randn(2, 8, 8, 9)
    assert convolution.responses(IMAGES, maps, list("abcdefgh"), "eight maps").get_figwidth() <= convolution.WIDTH
    assert convolution.responses(IMAGES, MAPS, list("abc"), "three maps").get_figwidth() < 6
