"""Rules for exceptions about shapes that do not fit: in arithmetic, an assignment, a matrix product, a reshape."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.raised.scene import UNKNOWN, Scene

Shape = tuple[int, ...]
PRODUCTS = ("dot", "matmul")
DO_NOT_FIT = ("broadcast", "matmul", "not aligned", "out of bounds", "mismatch")


def result_of_other_shape(scene: Scene) -> Explanation | None:
    """Explain an array that the code fills part by part, but whose shape is not that of the expected output."""
    if not any(told in scene.message for told in DO_NOT_FIT):
        return None
    for node in scene.nodes(ast.Subscript):
        name = node.value.id if isinstance(node.value, ast.Name) and isinstance(node.ctx, ast.Store) else ""
        filled, right = scene.names.get(name), scene.expected.get(name)
        if not isinstance(filled, np.ndarray) or right is None or filled.shape == right.shape:
            continue
        if scene.reshaped_later(name):
            continue
        told = EVIDENCE["shapes"].format(output=f"`{name}`", actual=filled.shape, expected=right.shape)
        if sorted(filled.shape) == sorted(right.shape):
            return Explanation("filled_in_other_order", told)
        return Explanation("filled_of_other_size", told)
    return None


def padded_everywhere(scene: Scene) -> Explanation | None:
    """Explain images that were padded along all four axes."""
    pad, x = scene.inputs.get("pad", 0), np.shape(scene.inputs.get("x", 0))
    if not pad or len(x) != 4 or not any(told in scene.message for told in DO_NOT_FIT):
        return None
    padded = tuple(size + 2 * pad for size in x)
    name = next((name for name, value in scene.names.items() if np.shape(_array(value)) == padded), "")
    told = EVIDENCE["shapes"].format(output=f"`{name}`", actual=padded, expected=(*x[:2], *padded[2:]))
    return Explanation("padded_all_axes", told) if name else None


def _array(value: object) -> np.ndarray:
    return value if isinstance(value, np.ndarray) else np.array(0)


def broadcast(scene: Scene) -> Explanation | None:
    """Explain an operation on two arrays whose shapes do not broadcast."""
    if "broadcast" not in scene.message or "could not broadcast input" in scene.message:
        return None
    left, right = _operands(scene) or (None, None)
    shapes = _shapes_of(scene, filter(None, (left, right)))
    if len(shapes) != 2:
        left = right = None
        shapes = _shapes(scene.message)
    if len(shapes) != 2:
        return None
    told = EVIDENCE["two_shapes"].format(
        one=scene.told(left, shapes[0], "One array"), other=scene.told(right, shapes[1], "the other")
    )
    if "indexing arrays" in scene.message:
        return Explanation("index_arrays_differ", told)
    by_number = _hard_coded(scene, shapes)
    if by_number:
        return by_number
    if any(_columns_by_label(scene, side) for side in (left, right)):
        return Explanation("labels_as_columns", told)
    short, long = sorted(shapes, key=len)
    if len(short) == 1 and len(long) > 1 and short[0] == long[-2]:
        return Explanation("column_needed", told)
    if len(short) == 1 and len(long) == 4 and short[0] == long[1]:
        return Explanation("channel_axes_needed", told)
    if len(short) == 2 and short == long[::-1]:
        return Explanation("operand_transposed", told)
    if len(short) == 2 and short[1] == 1 and long[-2:] == (long[-2], short[0]):
        return Explanation("row_needed", told)
    if short[1:] == long[1:] and _rows_of_two(scene, short[0], long[0]):
        return Explanation("pairs_need_axes", told)
    return Explanation("shapes_do_not_fit", told)


def _rows_of_two(scene: Scene, one: int, other: int) -> bool:
    """Return whether two inputs have these numbers of rows, and an output has an entry for each pair of rows."""
    rows = {len(value) for value in scene.inputs.values() if np.ndim(value)}
    table = any(sorted(right.shape) == sorted((one, other)) for right in scene.expected.values())
    return table and {one, other} <= rows


def _operands(scene: Scene) -> tuple[ast.AST, ast.AST] | None:
    """Return the two operands that do not broadcast, or None if they are not found."""
    pair: tuple[ast.AST, ast.AST]
    for node in scene.nodes(ast.BinOp, ast.AugAssign, ast.Compare, ast.Call):
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.MatMult):
            pair = node.left, node.right
        elif isinstance(node, ast.AugAssign):
            pair = _load(node.target), node.value
        elif isinstance(node, ast.Compare) and len(node.comparators) == 1:
            pair = node.left, node.comparators[0]
        elif isinstance(node, ast.Call) and len(node.args) == 2 and _called(node) not in PRODUCTS:
            pair = node.args[0], node.args[1]
        else:
            continue
        shapes = _shapes_of(scene, pair)
        if len(shapes) == 2 and not _fit(*shapes):
            return pair
    return None


def _shapes_of(scene: Scene, nodes: Iterable[ast.AST]) -> list[Shape]:
    """Return the shapes of those expressions that are arrays."""
    return [array.shape for array in map(scene.array, nodes) if array is not None]


def _columns_by_label(scene: Scene, node: ast.AST | None) -> bool:
    """Return whether an expression has the form scores[:, y]."""
    parts = node.slice.elts if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) else []
    whole = len(parts) == 2 and isinstance(parts[0], ast.Slice) and ast.unparse(parts[0]) == ":"
    return whole and "y" in scene.inputs and np.array_equal(scene.value(parts[1]), scene.inputs["y"])


def _load(node: ast.AST) -> ast.AST:
    """Return the target of an assignment as an expression that can be read."""
    return ast.parse(ast.unparse(node), mode="eval").body


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _fit(*shapes: Shape) -> bool:
    try:
        return bool(np.broadcast_shapes(*shapes) or True)
    except ValueError:
        return False


def _shapes(message: str) -> list[Shape]:
    found = re.findall(r"\((\d+,(?:\d+,?)*)\)", message.replace(", ", ","))
    return [tuple(int(size) for size in one.split(",") if size) for one in found]


def _hard_coded(scene: Scene, shapes: Sequence[Shape]) -> Explanation | None:
    for number in {size for shape in shapes for size in shape}:
        if scene.written(number):
            return Explanation("hard_coded_size", EVIDENCE["number_written"].format(number=number))
    return None


def assigned(scene: Scene) -> Explanation | None:
    """Explain a value whose shape does not fit the entries that it is assigned to."""
    shapes = _shapes(scene.message)
    if "could not broadcast input array" not in scene.message or len(shapes) != 2:
        return None
    given, place = shapes
    by_number = _hard_coded(scene, shapes)
    if by_number:
        return by_number
    told = EVIDENCE["assigned"].format(given=scene.shape(given), place=scene.shape(place))
    for call in scene.nodes(ast.Call):
        axis: Any = next((scene.value(one.value) for one in call.keywords if one.arg == "axis"), UNKNOWN)
        source = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        for shape in _shapes_of(scene, (*call.args[:1], *source)) if isinstance(axis, int) else []:
            left = [shape[:i] + shape[i + 1 :] for i in range(len(shape))]
            if left[axis] == given and left.count(place) == 1:
                fitting = EVIDENCE["along_axis"].format(axis=left.index(place), given=axis)
                return Explanation("summed_along_other_axis", f"{told} {fitting}")
    return Explanation("does_not_fit_place", told)


def product(scene: Scene) -> Explanation | None:
    """Explain a matrix product whose inner axes differ in length."""
    if "matmul" not in scene.message and "not aligned" not in scene.message:
        return None
    for node in scene.nodes(ast.BinOp, ast.Call):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            pair = [node.left, node.right]
        elif isinstance(node, ast.Call) and _called(node) in PRODUCTS:
            method = [node.func.value] if len(node.args) == 1 and isinstance(node.func, ast.Attribute) else []
            pair = [*method, *node.args[:2]]
        else:
            continue
        shapes = _shapes_of(scene, pair)
        if len(shapes) == 2 and shapes[0][-1] != shapes[1][-2 if len(shapes[1]) > 1 else 0]:
            return _product(scene, shapes, pair)
    shapes = _shapes(scene.message)
    return _product(scene, shapes, (None, None)) if len(shapes) == 2 else None


def _product(scene: Scene, shapes: Sequence[Shape], pair: Sequence[ast.AST | None]) -> Explanation:
    told = EVIDENCE["two_shapes"].format(
        one=scene.told(pair[0], shapes[0], "The first factor"), other=scene.told(pair[1], shapes[1], "the second")
    )
    of_inputs = {np.shape(value) for value in scene.inputs.values() if np.ndim(value) > 2}
    if any(shape in of_inputs or shape[::-1] in of_inputs for shape in shapes):
        return Explanation("not_flattened", told)
    by_number = _hard_coded(scene, shapes)
    return by_number or Explanation("inner_axes_differ", told)


def reshaped(scene: Scene) -> Explanation | None:
    """Explain a reshape to a shape that does not fit the number of entries."""
    found = re.match(r"cannot reshape array of size (\d+) into shape \(([\d,-]*)\)", scene.message)
    if not found:
        return None
    shape = tuple(int(size) for size in found[2].split(",") if size)
    by_number = _hard_coded(scene, [shape])
    told = EVIDENCE["reshaped"].format(size=found[1], shape=shape, wanted=abs(math.prod(shape)))
    return by_number or Explanation("reshape_of_other_size", told if -1 not in shape else "")


def axis_not_there(scene: Scene) -> Explanation | None:
    """Explain an axis that was passed to a function, but that the array does not have."""
    found = re.match(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", scene.message)
    if not found:
        return None
    for call in scene.nodes(ast.Call):
        source = call.func.value if isinstance(call.func, ast.Attribute) else None
        for node in filter(None, (source, *call.args[:1])):
            array = scene.value(node)
            if isinstance(array, (np.ndarray, np.generic)) and array.ndim == int(found[2]):
                return Explanation("axis_not_there", f"{scene.told(node, array.shape, 'The array')}.")
    return Explanation("axis_not_there", "")
