"""You fill this in (assignment 2, notebook backprop): computation graphs of numbers (notes 4.1).

Values flow forward along the wires, and gradients flow back.

An expression made of nodes is computed immediately; the result is a new node, which remembers how it was computed:

    w, x = Node(2, "w"), Node(-1, "x")
    f = sigmoid(w * x + 3)
    backward(f)  # now w.grad is df/dw, and x.grad is df/dx

Operators and functions add gates to the graph: for example, a * b adds a mul gate, and a / b adds a reciprocal gate and
a mul gate. A gate knows nothing about the graph around it, only its own two rules. Forward, it computes the value of
its output from those of its inputs. Backward, it takes dout, the gradient of the graph's result with respect to the
gate's output, and returns the gradients with respect to the gate's inputs, in the order of the inputs.

The nodes are like those of micrograd (github.com/karpathy/micrograd).
"""

import numpy as np


class Node:
    """A wire of the graph: the value on it, its gradient, and the gate and the nodes that it comes from.

    A node without a gate is an input of the graph; if it has no name, it is shown as a constant. `grad` is 0 until
    backward has been called.
    """

    def __init__(self, value, name="", gate=None, inputs=()):
        self.value = float(value)
        self.grad = 0.0
        self.name = name
        self.gate = gate
        self.inputs = tuple(inputs)

    def input_gradients(self):
        """Return the gradients that this node's gate passes back: a tuple with one number for each input."""
        found = self.gate.backward(self.grad, self.value, *(node.value for node in self.inputs))
        return tuple(found) if isinstance(found, (tuple, list)) else (found,)

    def __repr__(self):
        kind = self.name or (self.gate.symbol if self.gate else "constant")
        return f"Node({kind}: value {self.value:.4g}, grad {self.grad:.4g})"

    def __add__(self, other):
        return through(Add(), self, other)

    def __mul__(self, other):
        return through(Mul(), self, other)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __truediv__(self, other):
        return self * reciprocal(other)

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return reciprocal(self) * other

    __radd__, __rmul__ = __add__, __mul__


def through(gate, *inputs):
    """Return the output node of a gate. Inputs that are plain numbers become constants."""
    nodes = [node if isinstance(node, Node) else Node(node) for node in inputs]
    return Node(gate.forward(*(node.value for node in nodes)), gate=gate, inputs=nodes)


class Add:
    """The add gate, out = a + b: a gradient distributor (notes 4.1)."""

    symbol = "+"

    def forward(self, a, b):
        """Return a + b."""
        return a + b

    def backward(self, dout, out, a, b):
        """Return (da, db), each dout times the derivative of a + b with respect to that input.

        Do not use numeric gradients.
        """
        # TODO: return a tuple of two gradients. How much does a + b grow if a grows by 1? If b does?
        raise NotImplementedError("backward: not written yet, see the TODO above")


class Mul:
    """The mul gate, out = a * b: a gradient switcher (notes 4.1)."""

    symbol = "×"

    def forward(self, a, b):
        """Return a * b."""
        return a * b

    def backward(self, dout, out, a, b):
        """Return (da, db), each dout times the derivative of a * b with respect to that input.

        Do not use numeric gradients.
        """
        # TODO: return a tuple of two gradients. How much does a * b grow if a grows by 1? If b does?
        raise NotImplementedError("backward: not written yet, see the TODO above")


class Max:
    """The max gate, out = max(a, b): a gradient router (notes 4.1)."""

    symbol = "max"

    def forward(self, a, b):
        """Return the larger of the two."""
        return max(a, b)

    def backward(self, dout, out, a, b):
        """Return (da, db): dout for the larger input, 0 for the other.

        If a = b, dout may be divided between da and db in any way. Do not use numeric gradients.
        """
        # TODO: return a tuple of two gradients, of which one is 0.
        raise NotImplementedError("backward: not written yet, see the TODO above")


class Exp:
    """The exp gate, out = e^a."""

    symbol = "exp"

    def forward(self, a):
        """Return e^a."""
        return np.exp(a)

    def backward(self, dout, out, a):
        """Return da, dout times the derivative of e^a. Do not use numeric gradients."""
        # TODO: return one number. There is no need to compute an exponential again.
        raise NotImplementedError("backward: not written yet, see the TODO above")


class Reciprocal:
    """The reciprocal gate, out = 1/a. Raises ZeroDivisionError for a = 0."""

    symbol = "1/x"

    def forward(self, a):
        """Return 1/a."""
        return 1 / a

    def backward(self, dout, out, a):
        """Return da, dout times the derivative of 1/a. Do not use numeric gradients."""
        # TODO: return one number. The slope of 1/a is negative everywhere.
        raise NotImplementedError("backward: not written yet, see the TODO above")


class Sigmoid:
    """The sigmoid gate, out = σ(a) = 1 / (1 + e^-a) (notes eq. 4.1): four smaller gates in one."""

    symbol = "σ"

    def forward(self, a):
        """Return σ(a)."""
        return 1 / (1 + np.exp(-a))

    def backward(self, dout, out, a):
        """Return da, dout times the derivative of σ(a), which is short when it is written with σ(a) itself.

        Do not use numeric gradients.
        """
        # TODO: differentiate eq. 4.1, write the derivative with out in place of σ(a), and return one number.
        raise NotImplementedError("backward: not written yet, see the TODO above")


def maximum(a, b):
    """Return the node max(a, b)."""
    return through(Max(), a, b)


def exp(a):
    """Return the node e^a."""
    return through(Exp(), a)


def reciprocal(a):
    """Return the node 1/a."""
    return through(Reciprocal(), a)


def sigmoid(a):
    """Return the node σ(a), from a single gate."""
    return through(Sigmoid(), a)


def topological_order(output):
    """Return a list of `output` and all nodes that it was computed from: every node once, and after its inputs.

    If there are several such orders, any of them is correct. Graphs may be thousands of gates deep. Recursion fails on
    those, since Python limits it to about 1,000 nested calls; the check accepts it, with a line of advice.
    """
    # TODO: starting at output, append a node to the list only when all of its inputs (node.inputs) are in it.
    #   A node that is used twice is listed once: remember which nodes are done. Recursion is the shortest way to write
    #   this; a stack of nodes that still wait for their inputs works for graphs of any depth.
    raise NotImplementedError("topological_order: not written yet, see the TODO above")


def backward(output):
    """Set grad of every node that `output` was computed from to the derivative of `output` with respect to that node.

    The grad of output itself becomes 1. Earlier values of grad do not matter, so a second call gives the same result.
    Returns nothing. Do not use numeric gradients.
    """
    # TODO: go through the topological order from its end. When it is a node's turn, its grad is complete: add
    #   node.input_gradients() to the grads of node.inputs. A node that is used by several gates gets the sum of their
    #   gradients. Nodes without a gate have nothing to pass on.
    raise NotImplementedError("backward: not written yet, see the TODO above")
