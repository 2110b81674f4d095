"""A drawn graph shows every value above its wire and every gradient below, and does not touch the graph."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pytest

from cs231n import vis_utils
from cs231n.figures.graph import draw_graph
from cs231n.graph import Node, backward, exp, maximum, reciprocal, sigmoid


@pytest.fixture(autouse=True)
def in_the_course_style():
    with plt.rc_context(vis_utils.STYLE):
        yield
    plt.close("all")


def neuron():
    w0, x0, w1, x1, w2 = (Node(number, name) for name, number in zip("abcde", (2, -1, -3, -2, -3), strict=True))
    return reciprocal(1 + exp(-(w0 * x0 + w1 * x1 + w2)))


def texts(axis):
    return [text.get_text() for text in axis.texts]


def place(axis, label):
    return next(text for text in axis.texts if text.get_text() == label)


def test_every_value_stands_above_its_wire_and_its_gradient_below():
    x, y = Node(3, "x"), Node(-4, "y")
    f = x * y
    backward(f)
    axis = draw_graph(f, "a product")
    assert texts(axis).count("−12.00") == texts(axis).count("1.00") == 1
    value, gradient = (place(axis, label).get_window_extent() for label in ("−12.00", "1.00"))
    assert value.y0 > gradient.y1 and abs((value.x0 + value.x1) - (gradient.x0 + gradient.x1)) < 2
    assert place(axis, "3.00").get_window_extent().y0 > place(axis, "−4.00").get_window_extent().y1
    assert axis.get_title() == "a product" and "gradients" in axis.get_xlabel()


def test_without_gradients_there_are_values_only():
    axis = draw_graph(neuron(), "forward", gradients=False)
    assert "0.00" not in texts(axis) and "0.73" in texts(axis) and "gradients" not in axis.get_xlabel()


def test_constants_stand_inside_their_gates():
    assert {"× −1", "+ 1", "exp", "1/x"} <= set(texts(draw_graph(neuron(), "neuron", gradients=False)))


def test_what_comes_back_along_each_wire_of_a_shared_node_adds_up():
    x, y = Node(3, "x"), Node(2, "y")
    f = x * (x + y)
    backward(f)
    shown = texts(draw_graph(f, "fan-out"))
    assert shown.count("8.00") == 1 and shown.count("5.00") == 2 and shown.count("3.00") == 4


@pytest.mark.parametrize(
    "make",
    [
        neuron,
        lambda: sigmoid(Node(1, "x") * 2),
        lambda: Node(1, "x"),
        lambda: 2 * (Node(1, "a") * Node(2, "b") + maximum(Node(3, "c"), Node(4, "d"))),
        lambda: exp(Node(1)) + 2,
        lambda: (lambda x, y: x * (x + y))(Node(3, "x"), Node(2, "y")),
    ],
)
def test_no_text_lies_on_another_or_outside(make):
    f = make()
    backward(f)
    axis = draw_graph(f, "some graph")
    axis.figure.canvas.draw()
    boxes = [(text.get_bbox_patch() or text).get_window_extent() for text in axis.texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(axis.figure.bbox.contains(box.x0, box.y0) for box in boxes)
    assert all(axis.figure.bbox.contains(box.x1, box.y1) for box in boxes)


def test_drawing_changes_no_gradient():
    f = neuron()
    backward(f)
    before = repr(f), [repr(node) for node in f.inputs]
    draw_graph(f, "neuron")
    assert before == (repr(f), [repr(node) for node in f.inputs])


def directions(axis):
    """How many arrows of a drawn graph point to the right, and how many to the left."""
    axis.figure.canvas.draw()
    across = [arrow.get_path().vertices[:, 0] for arrow in axis.patches]  # it begins with the line, without the head
    return [sum((path[2] > path[0]) == forward for path in across) for forward in (True, False)]


def test_arrows_lead_into_every_gate_and_back_from_every_value():
    f = neuron()
    assert directions(draw_graph(f, "forward", gradients=False)) == [12, 0]  # as many as there are wires into gates
    backward(f)
    assert directions(draw_graph(f, "backward")) == [12, 13]


def test_what_comes_back_along_a_slanting_wire_is_next_to_it_not_on_it():
    x, y = Node(3, "x"), Node(2, "y")
    f = x * (x + y)
    backward(f)
    axis = draw_graph(f, "fan-out")
    axis.figure.canvas.draw()
    parts = [text.get_window_extent() for text in axis.texts if text.get_text() in ("3.00", "5.00")]
    for wire in (line.get_path().transformed(line.get_transform()) for line in axis.lines):
        assert not any(wire.intersects_bbox(part) for part in parts)


def test_names_with_a_number_have_it_as_a_subscript():
    assert {"$w_{0}$", "x"} <= set(texts(draw_graph(Node(1, "w0") * Node(2, "x"), "names", gradients=False)))
