"""Lines carry their names, which overlap nothing else; histograms and paths show all of what they are given."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.text import Text

from cs231n import vis_utils
from cs231n.figures import networks


@pytest.fixture(autouse=True)
def in_the_course_style():
    with plt.rc_context(vis_utils.STYLE):
        yield
    plt.close("all")


NAMES = ("no normalisation", "batch normalisation", "layer normalisation", "group normalisation")


def box_of(text):
    """Where the words of an annotation are, without the line that leads to them."""
    return Text.get_window_extent(text)


def labelled(heights, **more):
    lines = {name: [1.0, 2.0, height] for name, height in zip(NAMES, heights, strict=True)}
    axis = networks.labelled([1, 2, 4], lines, "title", "batch size", "accuracy", **more)
    axis.figure.canvas.draw()
    return axis


@pytest.mark.parametrize("heights", [(1, 1, 1, 1), (0, 0.01, 0.02, 3), (3, 2, 1, 0), (3, 3, 2.99, 0)])
def test_names_at_the_ends_of_lines_lie_neither_on_each_other_nor_on_the_axes(heights):
    axis = labelled(heights)
    boxes = [box_of(text) for text in axis.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    right, edges = axis.get_window_extent().x1, axis.figure.bbox
    assert all(right < box.x0 and box.x1 <= edges.x1 and edges.y0 <= box.y0 and box.y1 <= edges.y1 for box in boxes)


def test_names_keep_the_order_of_the_ends_of_their_lines():
    axis = labelled((3, 0.1, 2, 0.2))
    heights = {text.get_text(): box_of(text).y0 for text in axis.texts}
    assert sorted(heights, key=heights.get) == [NAMES[1], NAMES[3], NAMES[2], NAMES[0]]


def test_a_name_is_level_with_a_line_that_has_room():
    axis = labelled((0, 1, 2, 3), log="x", bottom=-1)
    assert axis.get_ylim()[0] == -1 and [label.get_text() for label in axis.get_xticklabels()] == ["1", "2", "4"]
    for text, height in zip(axis.texts, (0, 1, 2, 3), strict=True):
        box, level = box_of(text), axis.transData.transform((4, height))[1]
        assert abs((box.y0 + box.y1) / 2 - level) < 3


def test_every_line_is_told_by_more_than_its_colour():
    lines = labelled((0, 1, 2, 3)).lines
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == len(lines)


def test_ridges_of_dead_and_of_exploded_outputs_are_both_inside_the_axes():
    layers = {"small": [np.full(50, 1e-9), np.zeros(50)], "large": [np.full(50, 3e3), np.full(50, 9e4)]}
    figure = networks.activations(layers, "outputs")
    assert [axis.get_title() for axis in figure.axes] == list(layers)
    for axis in figure.axes:
        low, high = axis.get_xlim()
        assert low < -9 and high > 4.95
    shares = [text.get_text() for text in figure.axes[0].texts]
    assert shares[0] == "0%" and shares[1] == "100%"


def test_paths_say_where_they_start_and_which_rule_each_is():
    paths = {"one": np.array([[-9.0, 1.5], [-5.0, 1.0]]), "other": np.array([[-9.0, 1.5], [-1.0, 0.1]])}
    figure = networks.descent_paths(lambda w: (w**2).sum(axis=-1) / 2, paths, "down")
    left, right = figure.axes
    assert [text.get_text() for text in left.texts] == ["start", "minimum"]
    assert [text.get_text() for text in right.texts] == ["one", "other"]
