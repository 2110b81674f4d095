"""Computation graphs and activation functions: gradients are those that numeric differentiation finds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from cs231n import activations, graph
from cs231n.gradient_check import eval_numerical_gradient_array, relative_error
from cs231n.graph import Node, backward, exp, maximum, reciprocal, sigmoid, topological_order

NUMBERS = st.floats(0.3, 1.5).map(lambda size: round(size, 3))
FORMULAS = {
    "arithmetic": lambda x, y: (x - y) * 3 / (x + 2) - 1 / y + (-x) * y,
    "exponentials": lambda x, y: exp(x * y) * sigmoid(x - y) + reciprocal(1 + exp(-y)),
    "reuse": lambda x, y: (x + y) * (x + y) * x + exp(x + y),
    "maxima": lambda x, y: maximum(x * x, y + 1) * maximum(2, x),
}


def value(formula, *numbers):
    return formula(*map(Node, numbers)).value


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=25, deadline=None)
@given(x=NUMBERS, y=NUMBERS)
def test_gradients_are_the_numeric_ones(name, x, y):
    formula, h = FORMULAS[name], 1e-6
    a, b = Node(x), Node(y)
    backward(formula(a, b))
    across = (value(formula, x + h, y) - value(formula, x - h, y)) / (2 * h)
    along = (value(formula, x, y + h) - value(formula, x, y - h)) / (2 * h)
    np.testing.assert_allclose([a.grad, b.grad], [across, along], rtol=1e-5, atol=1e-6)


def test_the_neuron_of_the_lecture():
    w0, x0, w1, x1, w2 = inputs = [Node(number) for number in (2, -1, -3, -2, -3)]
    f = reciprocal(1 + exp(-(w0 * x0 + w1 * x1 + w2)))
    backward(f)
    slope = expit(1) * (1 - expit(1))
    assert f.value == pytest.approx(expit(1))
    np.testing.assert_allclose([node.grad for node in inputs], slope * np.array([-1, 2, -2, -3, 1]))


def test_an_order_has_every_node_once_and_after_its_inputs():
    x = Node(1.0)
    y = x + x
    z = (y * x) * y + 1
    order = topological_order(z)
    assert len(order) == len(set(order)) == 6 and order[-1] is z
    assert all(order.index(source) < order.index(node) for node in order for source in node.inputs)


def test_thousands_of_gates_in_a_row_and_exponentially_many_paths_are_no_problem():
    start = node = Node(1.0)
    for _ in range(5000):
        node = node + 1
    for _ in range(60):
        node = node + node
    backward(node)
    assert start.grad == 2.0**60


def test_a_second_call_gives_the_same_and_other_graphs_are_left_alone():
    x, y = Node(2.0), Node(3.0)
    f, g = x * y, x * x
    backward(g)
    backward(f)
    backward(f)
    assert (x.grad, y.grad, f.grad) == (3.0, 2.0, 1.0)
    assert g.grad == 1.0


def test_a_node_says_what_it_is():
    x = Node(2.0, "x")
    assert "x: value 2" in repr(x) and "×: value 6" in repr(x * 3) and "constant" in repr((x * 3).inputs[1])


def test_dividing_by_zero_is_an_error():
    with pytest.raises(ZeroDivisionError):
        graph.Reciprocal().forward(0.0)


BY_ENTRY = {
    "sigmoid": ((), expit),
    "tanh": ((), np.tanh),
    "leaky_relu": ((0.3,), lambda x: np.where(x > 0, x, 0.3 * x)),
    "elu": ((1.7,), lambda x: np.where(x > 0, x, 1.7 * np.expm1(np.minimum(x, 0)))),
}


def passes(layer):
    return getattr(activations, f"{layer}_forward"), getattr(activations, f"{layer}_backward")


@pytest.mark.parametrize("layer", BY_ENTRY)
def test_an_activation_function_is_what_it_is_called_and_its_slope_is_numeric(layer):
    arguments, oracle = BY_ENTRY[layer]
    forward, back = passes(layer)
    random = np.random.RandomState(4)
    x, dout = random.randn(4, 3, 2), random.randn(4, 3, 2)
    out, cache = forward(x, *arguments)
    np.testing.assert_allclose(out, oracle(x))
    numeric = eval_numerical_gradient_array(lambda x: forward(x, *arguments)[0], x, dout)
    assert relative_error(back(dout, cache), numeric) < 1e-7


@pytest.mark.parametrize("layer", BY_ENTRY)
def test_huge_inputs_neither_overflow_nor_warn(layer):
    forward, back = passes(layer)
    x = np.array([-1e4, -1000.0, 0.0, 1000.0, 1e4])
    with np.errstate(over="raise", invalid="raise"):
        out, cache = forward(x)
        dx = back(np.ones_like(x), cache)
    assert np.all(np.isfinite(out)) and np.all(np.isfinite(dx))


@pytest.mark.parametrize("layer", [*BY_ENTRY, "maxout"])
def test_float32_stays_float32(layer):
    x = np.linspace(-2, 2, 6, dtype=np.float32).reshape(3, 2)
    more = (np.eye(2, 4, dtype="f"), np.ones(4, "f"), np.ones((2, 4), "f"), np.zeros(4, "f"))
    forward, back = passes(layer)
    out, cache = forward(x, *(more if layer == "maxout" else ()))
    found = back(np.ones_like(out), cache)
    assert {out.dtype, *(g.dtype for g in (found if layer == "maxout" else [found]))} == {np.dtype(np.float32)}


def test_maxout_gradients_are_numeric_for_images_too():
    random = np.random.RandomState(5)
    arguments = [random.randn(3, 2, 2), random.randn(4, 5), random.randn(5), random.randn(4, 5), random.randn(5)]
    out, cache = activations.maxout_forward(*arguments)
    dout = random.randn(*out.shape)
    for position, found in enumerate(activations.maxout_backward(dout, cache)):

        def forward(changed, position=position):
            return activations.maxout_forward(*arguments[:position], changed, *arguments[position + 1 :])[0]

        assert relative_error(found, eval_numerical_gradient_array(forward, arguments[position], dout)) < 1e-6
