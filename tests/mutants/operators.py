"""The small changes: where one node of a syntax tree stands, those that could stand there by mistake."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

BINARY = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALLS = {
    "sum": ("mean", "max"),
    "mean": ("sum",),
    "max": ("min",),
    "min": ("max",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "maximum": ("minimum",),
    "minimum": ("maximum",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "exp": ("log1p",),
    "log": ("log1p",),
    "randn": ("rand",),
    "rand": ("randn",),
    "sqrt": ("square",),
    "tensordot": ("dot",),
    "enumerate": ("list",),
}
TRANSPARENT = {"sqrt", "abs", "exp", "log", "square", "sign", "maximum", "minimum", "tanh", "float", "pad"}
DROPPED_METHODS = {"astype", "copy", "reshape", "ravel", "transpose", "squeeze", "swapaxes"}

Change = tuple[ast.AST, str]


def changes(node: ast.AST, names: list[str]) -> Iterator[Change]:
    """Yield (what could stand in the node's place, in a few words); `names` are the variables of its function."""
    for kind, operator in OPERATORS.items():
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names and len(names) > 1:
        other = names[(names.index(node.id) + 1) % len(names)]
        yield ast.Name(other, ast.Load()), f"{node.id} -> {other}"


def _binary(node: ast.BinOp) -> Iterator[Change]:
    for other in BINARY.get(type(node.op), ()):
        yield ast.BinOp(node.left, other(), node.right), f"{_sign(node.op)} -> {_sign(other())}"
    if isinstance(node.op, (ast.Sub, ast.Div, ast.MatMult)):
        yield ast.BinOp(node.right, node.op, node.left), "operands swapped"
    if isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow)):
        yield node.left, "right operand dropped"
    if isinstance(node.op, (ast.Add, ast.Mult)):
        yield node.right, "left operand dropped"


def _augmented(node: ast.AugAssign) -> Iterator[Change]:
    for other in BINARY.get(type(node.op), ())[:1]:
        yield ast.AugAssign(node.target, other(), node.value), f"{_sign(node.op)}= -> {_sign(other())}="
    yield ast.Assign([node.target], node.value), f"{_sign(node.op)}= -> ="
    yield from _dropped(node)


def _compare(node: ast.Compare) -> Iterator[Change]:
    for other in COMPARISONS.get(type(node.ops[0]), ()):
        yield ast.Compare(node.left, [other(), *node.ops[1:]], node.comparators), f"-> {other.__name__}"


def _unary(node: ast.UnaryOp) -> Iterator[Change]:
    yield node.operand, f"{type(node.op).__name__} dropped"


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1)
    elif isinstance(value, float):
        others = (2 * value, 0.0) if value else (1.0,)
    elif isinstance(value, str) and value[-1:].isdigit():
        others = (f"{value[:-1]}{(int(value[-1]) + 1) % 10}",)
    else:
        others = ()
    for other in others:
        yield ast.Constant(other), f"{value!r} -> {other!r}"


def _call(node: ast.Call) -> Iterator[Change]:
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    method = isinstance(node.func, ast.Attribute)
    for other in CALLS.get(name, ()):
        func = ast.Attribute(node.func.value, other, ast.Load()) if method else ast.Name(other, ast.Load())
        yield ast.Call(func, node.args, node.keywords), f"{name} -> {other}"
    if name in TRANSPARENT and node.args:
        yield node.args[0], f"{name} dropped"
    if name in DROPPED_METHODS and method:
        yield node.func.value, f".{name} dropped"
    if len(node.args) > 1 and not any(isinstance(argument, ast.Starred) for argument in node.args):
        swapped = [node.args[1], node.args[0], *node.args[2:]]
        yield ast.Call(node.func, swapped, node.keywords), "arguments swapped"
    for keyword in node.keywords:
        rest = [other for other in node.keywords if other is not keyword]
        yield ast.Call(node.func, node.args, rest), f"{keyword.arg}= dropped"


def _attribute(node: ast.Attribute) -> Iterator[Change]:
    if node.attr == "T":
        yield node.value, ".T dropped"


def _subscript(node: ast.Subscript) -> Iterator[Change]:
    if isinstance(node.ctx, ast.Load):
        yield node.value, "index dropped"


def _slice(node: ast.Slice) -> Iterator[Change]:
    for bound in ("lower", "upper", "step"):
        value = getattr(node, bound)
        if value is None:
            continue
        for replacement, told in ((None, "dropped"), (ast.BinOp(value, ast.Add(), ast.Constant(1)), "+ 1")):
            other = copy.copy(node)
            setattr(other, bound, replacement)
            yield other, f"{bound} bound {told}"


def _condition(node: ast.If | ast.IfExp) -> Iterator[Change]:
    for value in (True, False):
        other = copy.copy(node)
        other.test = ast.Constant(value)
        yield other, f"condition -> {value}"


def _boolean(node: ast.BoolOp) -> Iterator[Change]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values), "and <-> or"
    yield node.values[0], "later conditions dropped"


def _loop(node: ast.For) -> Iterator[Change]:
    for bounds, told in (
        (ast.Slice(ast.Constant(1)), "first round skipped"),
        (ast.Slice(None, ast.Constant(-1)), "last round skipped"),
    ):
        other = copy.copy(node)
        whole = ast.Call(ast.Name("list", ast.Load()), [node.iter], [])
        other.iter = ast.Subscript(whole, bounds, ast.Load())
        yield other, told


def _return(node: ast.Return) -> Iterator[Change]:
    if isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
        first, second, *rest = node.value.elts
        yield ast.Return(ast.Tuple([second, first, *rest], ast.Load())), "results swapped"


def _dropped(node: ast.stmt) -> Iterator[Change]:
    yield ast.Pass(), "statement dropped"


def _expression(node: ast.Expr) -> Iterator[Change]:
    if not isinstance(node.value, ast.Constant):  # a docstring
        yield from _dropped(node)


def _sign(operator: ast.operator) -> str:
    return ast.unparse(ast.BinOp(ast.Name("a"), operator, ast.Name("b"))).strip("ab ")


OPERATORS: dict[type[ast.AST], Callable[..., Iterator[Change]]] = {
    ast.BinOp: _binary,
    ast.AugAssign: _augmented,
    ast.Compare: _compare,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.If: _condition,
    ast.IfExp: _condition,
    ast.BoolOp: _boolean,
    ast.For: _loop,
    ast.Return: _return,
    ast.Assign: _dropped,
    ast.Expr: _expression,
    ast.Continue: _dropped,
    ast.Break: _dropped,
}
