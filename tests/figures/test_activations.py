"""Derivatives are broken where they jump, and gradients are drawn in the direction in which they travel."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np

from cs231n.figures import activations


def test_a_jump_is_not_drawn_as_a_slope():
    x = np.linspace(-1, 1, 9)
    figure = activations.functions(x, {"ReLU": (np.maximum(0, x), (x > 0) * 1.0), "line": (x, np.ones(9))}, "two")
    jumping, even = (axis.lines[2].get_ydata() for axis in figure.axes)
    assert np.isnan(jumping).sum() == 1 and not np.isnan(even).any()
    assert [axis.get_title() for axis in figure.axes] == ["ReLU", "line"]
    plt.close("all")


def test_the_input_layer_is_at_the_right_where_the_gradient_arrives():
    axis = activations.gradients_on_the_way_back({"tanh": [1e-3, 1e-2, 0.1, 1.0]}, "back")
    left, right = axis.get_xlim()
    assert left > 3 > 0 > right
    plt.close("all")


def test_the_blocks_of_a_jacobian_are_framed_and_everything_else_is_marked_as_zero():
    axis = activations.jacobian(np.kron(np.eye(3), np.ones((2, 4))), examples=3)
    assert [frame.get_xy() for frame in axis.patches] == [(-0.5, -0.5), (3.5, 1.5), (7.5, 3.5)]
    assert [text.get_text() for text in axis.texts].count("0") == 6 * 12 - 3 * 8 - 3 * 2  # two make room for each name
    axis.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in axis.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    plt.close("all")


def test_every_network_and_its_target_are_named_where_their_lines_end():
    history = {"loss": [1.0, 0.5], "dead": [0, 3], "out": [np.zeros((4, 1)), np.ones((4, 1))]}
    figure = activations.dead_units(np.arange(4), np.zeros(4), {"ReLU": history, "leaky": history}, "two networks")
    names = [text.get_text() for text in figure.axes[2].texts]
    assert names == ["ReLU", "leaky", "target y"]
    assert [line.get_xdata()[0] for line in figure.axes[0].lines] == [1, 1]  # step 0 would not be on a log axis
    plt.close("all")
