"""Figures of trainings have titles and labels, and no legend lies on a line."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n import vis_utils
from cs231n.figures import networks

RNG = np.random.RandomState(0)
LINES = {name: RNG.rand(5) for name in ("no normalisation", "batch normalisation", "layer normalisation")}
ARRAYS = [RNG.randn(20, 3) for _ in range(4)]


@pytest.fixture(autouse=True)
def in_the_course_style():
    with plt.rc_context(vis_utils.STYLE):
        yield
    plt.close("all")


def by_setting():
    return networks.by_setting([1, 2, 5, 10, 20], {"accuracy": LINES, "loss": LINES}, "by size", "batch size")


def ranges():
    return networks.ranges({"without": ARRAYS, "with": ARRAYS}, "what arrives", "input")


@pytest.mark.parametrize("draw", [by_setting, ranges])
def test_a_legend_lies_outside_all_panels(draw):
    figure = draw()
    figure.canvas.draw()
    (legend,) = figure.legends
    box = legend.get_window_extent()
    assert not any(box.overlaps(axis.get_tightbbox()) for axis in figure.axes)
    assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1
    assert figure.get_suptitle() and all(axis.get_xlabel() for axis in figure.axes) and figure.axes[0].get_ylabel()


def test_the_band_holds_nine_tenths_and_the_line_is_the_median():
    numbers = [np.arange(101.0), 2 * np.arange(101.0)]
    axis = networks.ranges({"all": numbers}, "title", "input").axes[0]
    assert list(axis.lines[0].get_ydata()) == [50, 100]
    heights = axis.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.min() == 5 and heights.max() == 190


def test_every_line_is_told_by_more_than_its_colour():
    lines = by_setting().axes[0].lines
    assert len({(line.get_linestyle(), line.get_marker()) for line in lines}) == len(lines)


def test_the_graph_of_batch_normalisation_names_every_value():
    axis = networks.batch_normalisation_graph().axes[0]
    told = " ".join(text.get_text() for text in axis.texts)
    assert axis.get_title() and all(value in told for value in (r"\mu", r"\sigma^2", r"\hat{x}", "out", r"\gamma"))
