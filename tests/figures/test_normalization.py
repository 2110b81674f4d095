"""Figures of normalisation say the numbers they are given, and no text lies on another."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from cs231n import vis_utils
from cs231n.figures import graph, networks, normalization
from cs231n.graph import Node, backward

X = np.array([[1.0, 4.0], [2.0, 0.0], [6.0, 2.0]])
DOUT = np.array([[1.0, 0.5], [0.0, -1.0], [0.0, 2.0]])


@pytest.fixture(autouse=True)
def in_the_course_style():
    with plt.rc_context(vis_utils.STYLE):
        yield
    plt.close("all")


def values():
    centred = X - X.mean(axis=0)
    scale = 1 / X.std(axis=0)
    normalised = centred * scale
    return {
        "x": X,
        "mean": X.mean(axis=0),
        "centred": centred,
        "squares": centred**2,
        "variance": X.var(axis=0),
        "scale": scale,
        "normalised": normalised,
        "scaled": 2 * normalised,
        "out": 2 * normalised + 1,
    }


def gradients():
    """What comes back for a gamma of 2, on the shortest way: not gate by gate."""
    forward, ones = values(), np.ones((3, 1))
    scale, normalised, g = forward["scale"], forward["normalised"], 2 * DOUT
    dcentred = scale * (g - normalised * (g * normalised).mean(axis=0))
    dvariance = -0.5 * scale**2 * (g * normalised).sum(axis=0)
    dmean = -dcentred.sum(axis=0)
    return {
        "x": dcentred - dcentred.mean(axis=0),
        "x_1": ones * dmean / 3,
        "x_2": dcentred,
        "mean": dmean,
        "centred": dcentred,
        "centred_3": dcentred - g * scale,
        "centred_6": g * scale,
        "squares": ones * dvariance / 3,
        "variance": dvariance,
        "scale": (g * forward["centred"]).sum(axis=0),
        "normalised": g,
        "scaled": DOUT,
        "out": DOUT,
    }


def texts(axis):
    return [text.get_text() for text in axis.texts if text.get_text()]


def written(axis, numbers):
    return texts(axis).count("\n".join(graph.number(number) for number in numbers))


def test_every_wire_carries_the_numbers_of_the_first_feature():
    axis = normalization.batch_graph(values(), "forward")
    for name, numbers in values().items():
        assert written(axis, numbers[..., 0].reshape(-1)), name
    assert axis.get_title() == "forward" and "gradients" not in axis.get_xlabel()
    assert all(str(gate) in texts(axis) for gate in range(1, 9))


def test_going_back_every_wire_and_both_parts_of_a_sum_carry_their_gradients():
    axis = normalization.batch_graph(values(), "backward", gradients())
    for name, numbers in gradients().items():
        assert written(axis, numbers[..., 0].reshape(-1)), name
    assert written(axis, gradients()["centred"][:, 0]) == 2  # below its wire, and as what comes back to x from gate 2
    assert "gradients" in axis.get_xlabel()


@pytest.mark.parametrize("back", [False, True])
def test_no_text_of_the_graph_lies_on_another_or_outside(back):
    axis = normalization.batch_graph(values(), "some graph", gradients() if back else None)
    axis.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axis.texts if text.get_text()]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(axis.figure.bbox.contains(box.x0, box.y0) for box in boxes)
    assert all(axis.figure.bbox.contains(box.x1, box.y1) for box in boxes)


def test_a_frame_encloses_a_column_of_the_batch_and_a_row_of_the_layer():
    table = np.arange(12.0).reshape(3, 4)
    figure = normalization.rows_and_columns(table, table, table)
    before, batch, layer = figure.axes[:3]
    (column,), (row,) = batch.patches, layer.patches
    assert not before.patches
    assert (column.get_width(), column.get_height()) == (1, 3) and (row.get_width(), row.get_height()) == (4, 1)
    assert before.images[0].get_clim() == (-3, 3) and all(axis.get_title() for axis in figure.axes[:3])


def test_distributions_have_a_body_for_every_feature():
    figure = normalization.distributions({"before": X, "after": X - 1})
    assert [len(axis.get_xticks()) for axis in figure.axes] == [2, 2]
    assert figure.get_suptitle() and figure.axes[0].get_ylabel() == "values of 3 examples\n(bars: extremes and median)"


def contrast(colour):
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return 1.05 / (np.dot([0.2126, 0.7152, 0.0722], linear) + 0.05)


def test_all_coloured_text_can_be_read_on_white():
    x, y = Node(3, "x"), Node(2, "y")
    f = x * y
    backward(f)
    axes = [
        graph.draw_graph(f, "a product"),
        normalization.batch_graph(values(), "backward", gradients()),
        networks.labelled([1, 2], {name: [0, 1] for name in "abcd"}, "title", "x", "y"),
    ]
    assert min(contrast(text.get_color()) for axis in axes for text in axis.texts) >= 4.5
