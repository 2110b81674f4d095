"""Attempts at computation graphs: the gates' backward rules, the topological order, and backward."""

from textwrap import indent

from solutions.attempts import fragile, known, right, wrong

TWO, ONE = "self, dout, out, a, b", "self, dout, out, a"


def gate(name: str, rule: str) -> str:
    """Return the code of a gate's backward, as a function with the name of the exercise."""
    head = TWO if name in ("add_gate", "mul_gate", "max_gate") else ONE
    body = rule if "return" in rule else f"return {rule}"
    return f"def {name}({head}):\n{indent(body, '    ')}\n"


def _gates(make, name, *attempts):
    return [make(name, told, gate(name, rule), **more) for told, rule, more in attempts]


def mistakes(name, *attempts, kind=known):
    return _gates(kind, name, *((cause, rule, {}) for cause, rule in attempts))


def ways(name, *attempts):
    return _gates(right, name, *((label, rule, {}) for label, rule in attempts))


def order(body: str) -> str:
    return f"def topological_order(output):\n{indent(body.strip(), '    ')}\n"


def back(body: str) -> str:
    return f"def backward(output):\n{indent(body.strip(), '    ')}\n"


def visited(append_first=False, remember=True, leaves=True, result="order") -> str:
    """Return the code of a recursive topological order, with a mistake if one is given."""
    append = "order.append(node)" if leaves else "if node.gate: order.append(node)"
    visit = "for one in node.inputs: visit(one)"
    skip = "if node in seen: return" if remember else ""
    steps = [append, visit] if append_first else [visit, append]
    body = "\n".join(f"    {line}" for line in (skip, "seen.add(node)", *steps) if line)
    return order(f"order, seen = [], set()\ndef visit(node):\n{body}\nvisit(output)\nreturn {result}")


def pushed(reset="node.grad = 0.0", seed="output.grad = 1.0", through="reversed(order)", assign="+=") -> str:
    """Return the code of backward, with a mistake if one is given."""
    lines = ["order = topological_order(output)", "for node in order:", f"    {reset}", seed, f"for node in {through}:"]
    lines += ["    if node.gate:", "        for source, gradient in zip(node.inputs, node.input_gradients()):"]
    return back("\n".join([*lines, f"            source.grad {assign} gradient"]))


RECURSIVE = """
def zero(node):
    node.grad = 0.0
    for one in node.inputs: zero(one)
def push(node):
    if node.gate:
        for source, gradient in zip(node.inputs, node.input_gradients()):
            source.grad += gradient
            push(source)
zero(output)
output.grad = 1.0
push(output)
"""
BY_PATH = """
def zero(node):
    node.grad = 0.0
    for one in node.inputs: zero(one)
def push(node, gradient):
    node.grad += gradient
    if node.gate:
        kept, node.grad = node.grad, gradient
        parts = node.input_gradients()
        node.grad = kept
        for source, part in zip(node.inputs, parts): push(source, part)
zero(output)
push(output, 1.0)
"""
BREADTH = """
listed = [output]
for node in listed:
    for one in node.inputs:
        if one not in listed: listed.append(one)
return"""
CONNECTED = """
made, users = [], {}
def through(gate, *inputs):
    nodes = [one if isinstance(one, Node) else Node(one) for one in inputs]
    out = Node(gate.forward(*(one.value for one in nodes)), gate=gate, inputs=nodes)
    made.extend(one for one in (*nodes, out) if one not in made)
    for one in nodes: users.setdefault(one, []).append(out)
    return out
def topological_order(output):
    listed = [output]
    for node in listed:
        for one in (*node.inputs, *users.get(node, ())):
            if one not in listed: listed.append(one)
    return sorted(listed, key=made.index)
"""

CAUSES = {
    # gates of a computation graph
    "add_shares": (
        "each input gets half of dout;",
        "it should get all of it, because if either input grows by 1, so does the sum.",
    ),
    "add_weighs": (
        "dout is multiplied by the values of the inputs;",
        "the derivative of a + b is 1 with respect to each of them.",
    ),
    "add_switches": ("this is the rule of the mul gate;", "the add gate should pass dout on unchanged."),
    "mul_not_switched": (
        "the gradient of each input is dout times that input itself;",
        "a's gradient should be dout times b, and b's dout times a.",
    ),
    "mul_distributes": (
        "this is the rule of the add gate;",
        "the derivative of a · b is b with respect to a, and a with respect to b.",
    ),
    "mul_by_output": (
        "dout is multiplied by the output;",
        "the derivative of a · b is b with respect to a, and a with respect to b.",
    ),
    "mul_adds": ("dout and the other input are added;", "multiply them (chain rule)."),
    "reciprocal_dout": ("dout is squared, or used as a divisor;", "multiply it by the slope -1/a² once."),
    "max_to_smaller": (
        "the gradient goes to the smaller input;",
        "it should go to the larger one, which alone can change the maximum.",
    ),
    "max_distributes": ("both inputs get dout;", "the smaller one does not change the maximum, so it should get 0."),
    "max_tie_twice": ("where a = b, both inputs get the whole dout;", "the two gradients should add up to dout."),
    "max_tie_lost": (
        "where a = b, neither input gets anything, so dout is lost:",
        "one comparison must include equality.",
    ),
    "max_weighs": (
        "dout is multiplied by the input;",
        "the derivative of the maximum is 1 for the larger input, and 0 for the other.",
    ),
    "max_by_dout": ("dout is masked by its own sign;", "the larger input should get dout, even if dout is negative."),
    "slope_missing": ("dout comes back unchanged:", "multiply it by the gate's own slope (chain rule)."),
    "exp_of_power": ("this is the power rule, which is for a^n;", "e^a is its own derivative."),
    "exp_twice": ("exp is applied to the output;", "e^a is its own derivative, and the output is already e^a."),
    "times_input": ("dout is multiplied by the input;", "it should be multiplied only by the derivative."),
    "reciprocal_not_squared": ("the square is missing:", "the derivative of 1/a is -1/a²."),
    "reciprocal_square_upside_down": (
        "dout is multiplied by a² instead of divided by it:",
        "the derivative of 1/a is -1/a².",
    ),
    "reciprocal_logarithm": ("this is the logarithm, whose derivative is 1/a;", "the derivative of 1/a is -1/a²."),
    "sigmoid_of_input": (
        "the formula σ (1 - σ) is right, but the input is used in place of σ:",
        "use the output of the forward pass.",
    ),
    "sigmoid_output_only": ("the factor 1 - σ is missing:", "the slope should be σ (1 - σ)."),
    "sigmoid_rest_only": ("the factor σ is missing:", "the slope should be σ (1 - σ)."),
    "sigmoid_twice": ("σ is applied once more to the output of the forward pass:", "this output is already σ."),
    "sigmoid_for_tanh": ("1 - out² is the slope of tanh;", "that of σ is σ (1 - σ)."),
    # order and backward
    "order_repeats": ("a node that is used several times is listed several times:", "remember which nodes are done."),
    "order_reversed": ("the order is reversed:", "inputs should come first, and the output last."),
    "order_before_inputs": ("a node is appended before its inputs:", "first visit all of its inputs, then append it."),
    "order_of_depth": (
        "appending each node before its inputs, and reversing the list at the end, is not enough:",
        "a node reached earlier by another path can come after one that uses it. First visit all inputs, then append.",
    ),
    "order_of_breadth": (
        "going level by level is not enough:",
        "if a long and a short path lead to a node, it can come too late. Append a node after all of its inputs.",
    ),
    "order_without_leaves": ("the inputs of the graph are missing:", "a node without a gate belongs in the list too."),
    "order_without_output": ("the output itself is missing:", "it should come last."),
    "order_of_everything": (
        "the list contains nodes that the output does not depend on:",
        "start from output and follow node.inputs.",
    ),
    "deep_recursion": (
        "this is right only for graphs less than about 1,000 gates deep, because Python limits recursion:",
        "a list used as a stack has no such limit.",
    ),
    "path_by_path": (
        "the result is right, but the code walks every path of the graph, and there can be exponentially many:",
        "visit each node once.",
    ),
    "fan_out_overwritten": (
        "a node that feeds several gates keeps the gradient from only one of them:",
        "add up what comes back, with += instead of =.",
    ),
    "handed_on_again": (
        "a node passes on its gradient each time a part of it arrives, so parts count more than once:",
        "wait until its grad is complete, then pass it on once.",
    ),
    "seed_missing": (
        "every gradient is 0:",
        "begin with output.grad = 1, the derivative of the output with respect to itself.",
    ),
    "only_last_gate": (
        "only the last gate passed its gradient on.",
        "Loop over the topological order in reverse, so that each grad is complete before it is passed on.",
    ),
    "grads_not_reset": (
        "gradients are left over from the first call:",
        "set the grad of every node in the graph to 0 first.",
    ),
}

WRONG = [
    *mistakes(
        "add_gate",
        ("dout_ignored", "1.0, 1.0"),
        ("add_shares", "dout / 2, dout / 2"),
        ("add_weighs", "dout * a, dout * b"),
        ("add_switches", "dout * b, dout * a"),
        ("sign", "-dout, -dout"),
    ),
    *mistakes(
        "add_gate",
        ("result_missing", "dout"),
        ("sign", "dout, -dout"),
        ("returns_none", "dout + 0\nreturn None"),
        kind=wrong,
    ),
    *mistakes(
        "mul_gate",
        ("dout_ignored", "b, a"),
        ("mul_not_switched", "dout * a, dout * b"),
        ("mul_distributes", "dout, dout"),
        ("mul_by_output", "dout * out, dout * out"),
        ("sign", "-dout * b, -dout * a"),
    ),
    *mistakes(
        "mul_gate",
        ("result_missing", "dout * b"),
        kind=wrong,
    ),
    *mistakes(
        "max_gate",
        ("dout_ignored", "(1.0, 0.0) if a >= b else (0.0, 1.0)"),
        ("max_to_smaller", "(dout, 0.0) if a < b else (0.0, dout)"),
        ("max_distributes", "dout, dout"),
        ("max_tie_twice", "dout * (a >= b), dout * (b >= a)"),
        ("max_tie_lost", "dout * (a > b), dout * (b > a)"),
        ("max_weighs", "dout * a * (a >= b), dout * b * (a < b)"),
        ("max_by_dout", "max(dout, 0) * (a >= b), max(dout, 0) * (a < b)"),
    ),
    *mistakes(
        "exp_gate",
        ("dout_ignored", "out"),
        ("slope_missing", "dout"),
        ("exp_of_power", "dout * a * np.exp(a - 1)"),
        ("exp_twice", "dout * np.exp(out)"),
        ("times_input", "dout * a"),
        ("sign", "-dout * out"),
    ),
    *mistakes(
        "reciprocal_gate",
        ("dout_ignored", "-1 / a**2"),
        ("slope_missing", "dout"),
        ("sign", "dout / a**2"),
        ("reciprocal_not_squared", "-dout / a"),
        ("reciprocal_square_upside_down", "-dout * a**2"),
        ("reciprocal_logarithm", "dout * np.log(abs(a))"),
    ),
    *mistakes(
        "sigmoid_gate",
        ("dout_ignored", "out * (1 - out)"),
        ("slope_missing", "dout"),
        ("sigmoid_of_input", "dout * a * (1 - a)"),
        ("sigmoid_output_only", "dout * out"),
        ("sigmoid_rest_only", "dout * (1 - out)"),
        ("sigmoid_for_tanh", "dout * (1 - out**2)"),
        ("sigmoid_twice", "s = 1 / (1 + np.exp(-out))\nreturn dout * s * (1 - s)"),
        ("sign", "-dout * out * (1 - out)"),
    ),
    known("topological_order", "order_repeats", visited(remember=False)),
    known("topological_order", "order_reversed", visited(result="order[::-1]")),
    known("topological_order", "order_before_inputs", visited(append_first=True)),
    known("topological_order", "order_of_depth", visited(append_first=True, result="order[::-1]")),
    known("topological_order", "order_of_breadth", order(f"{BREADTH} listed[::-1]")),
    known("topological_order", "order_without_leaves", visited(leaves=False)),
    known("topological_order", "order_without_output", visited(result="order[:-1]")),
    known("topological_order", "order_of_everything", CONNECTED),
    wrong("topological_order", "returns_none", visited().replace("return order", "")),
    wrong("topological_order", "", visited(result="[node.value for node in order]")),
    known("backward", "fan_out_overwritten", pushed(assign="=")),
    known("backward", "handed_on_again", back(RECURSIVE)),
    known("backward", "seed_missing", pushed(seed="")),
    known("backward", "only_last_gate", pushed(through="order")),
    wrong("backward", "grads_not_reset", pushed(reset="pass")),
    wrong("backward", "sign", pushed(seed="output.grad = -1.0")),
    wrong("backward", "", pushed(seed="output.grad = output.value")),
    wrong(
        "backward", "attribute_unknown", pushed().replace("node.input_gradients()", "node.gradients()"), status="error"
    ),
    # further ways
    *mistakes("mul_gate", ("mul_adds", "dout + b, dout + a")),
    *mistakes("exp_gate", ("times_input", "dout * a * out")),
    *mistakes(
        "reciprocal_gate",
        ("reciprocal_not_squared", "dout / a"),
        ("reciprocal_square_upside_down", "dout * a**2"),
        ("reciprocal_dout", "-1 / (dout * a**2)"),
        ("reciprocal_dout", "-(dout / a) ** 2"),
    ),
    *mistakes("sigmoid_gate", ("slope_with_plus", "dout * out * (1 + out)"), ("precedence", "dout * out * 1 - out")),
]

RIGHT = [
    *ways(
        "add_gate",
        ("a list", "[dout, dout]"),
        ("0-d arrays", "np.array(dout), np.array(dout)"),
        ("times 1", "1 * dout, dout"),
    ),
    *ways(
        "mul_gate",
        ("a list", "[dout * b, dout * a]"),
        ("by division", "out * dout / a, out * dout / b"),
        ("float32", "np.float32(dout * b), np.float32(dout * a)"),
    ),
    *ways(
        "max_gate",
        ("a tie goes to b", "(dout, 0.0) if a > b else (0.0, dout)"),
        ("a tie is halved", "s = (np.sign(a - b) + 1) / 2\nreturn dout * s, dout * (1 - s)"),
        ("by the output", "(dout, 0) if out == a else (0, dout)"),
    ),
    *ways("exp_gate", ("exp again", "dout * np.exp(a)"), ("a tuple", "(dout * out,)"), ("0-d", "np.array(dout * out)")),
    *ways(
        "reciprocal_gate",
        ("by the output", "-dout * out**2"),
        ("a tuple", "(-dout / (a * a),)"),
        ("a power", "-dout * a ** -2.0"),
    ),
    *ways(
        "sigmoid_gate",
        ("exp again", "s = 1 / (1 + np.exp(-a))\nreturn dout * s * (1 - s)"),
        ("as a difference", "dout * (out - out**2)"),
        ("a quotient", "dout * np.exp(-a) / (1 + np.exp(-a)) ** 2"),
    ),
    right(
        "topological_order",
        "counting what still waits",
        order(
            """
            below, users = [output], {output: 0}
            for node in below:
                for one in node.inputs:
                    if one not in users: users[one] = 0; below.append(one)
                    users[one] += 1
            free, order = [output], []
            while free:
                order.append(free.pop())
                for one in order[-1].inputs:
                    users[one] -= 1
                    if not users[one]: free.append(one)
            return order[::-1]
            """.replace("\n            ", "\n")
        ),
    ),
    right(
        "topological_order",
        "a generator's tuple",
        order(
            """
            done, todo = {}, [output]
            while todo:
                node = todo[-1]
                todo += [one for one in node.inputs if one not in done]
                if todo[-1] is node: done[todo.pop()] = True
            return tuple(done)
            """.replace("\n            ", "\n")
        ),
    ),
    right(
        "topological_order",
        "two stacks",
        order(
            """
            order, seen, todo = [], set(), [(output, False)]
            while todo:
                node, ready = todo.pop()
                if ready: order.append(node); continue
                if node in seen: continue
                seen.add(node)
                todo.append((node, True))
                todo.extend((one, False) for one in node.inputs)
            return order
            """.replace("\n            ", "\n")
        ),
    ),
    right("backward", "order[::-1]", pushed(through="order[::-1]")),
    right("backward", "grads of float32", pushed(seed="output.grad = np.float32(1)")),
    right(
        "backward",
        "sums in a dictionary",
        back(
            """
            order = topological_order(output)
            sums = {node: 0.0 for node in order}
            sums[output] = 1.0
            for node in order[::-1]:
                node.grad = sums[node]
                for source, gradient in zip(node.inputs, node.input_gradients() if node.gate else ()):
                    sums[source] = sums[source] + gradient
            """.replace("\n            ", "\n")
        ),
    ),
    # Right as documented, but fragile
    fragile("topological_order", "1,000", visited()),
    fragile("backward", "exponentially many", back(BY_PATH)),
]
