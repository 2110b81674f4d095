"""Rules for exceptions about values of the wrong type, such as None, a list or a float, and about wrong arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.raised.scene import UNKNOWN, Scene, quoted

FLOAT = (
    r"'(numpy\.)?float\d*' object cannot be interpreted as an integer|slice indices must be integers"
    r"|only integer scalar arrays can be converted|only integers, slices|arrays used as indices must be of integer"
    r"|list indices must be integers or slices, not (numpy\.)?float"
    r"|Cannot cast array data from dtype\('float\d+'\) to dtype\('int\d+'\)"
)
ONE = (
    r"only (length-1|size-1|0-dimensional) arrays can be converted|setting an array element with a sequence"
    r"|must be real number, not numpy.ndarray"
)
MESSAGES = {
    r"The truth value of an array": "truth_of_array",
    r"Cannot cast ufunc .* from dtype\('float\d+'\) to dtype\('u?int\d+'\)": "floats_into_integers",
    r"ufunc 'bitwise_xor' not supported|unsupported operand type\(s\) for \^": "power_written_as_xor",
    r"kth\(=-?\d+\) out of bounds": "kth_too_large",
    r"Cannot interpret '\d+' as a data type": "shape_in_brackets",
    r"'tuple' object cannot be interpreted as an integer": "tuple_for_integer",
    r"'(int|numpy\.int\d+)' object is not iterable": "range_missing",
    r"zero-size array to reduction": "maximum_of_nothing",
    r"can only concatenate str|must be str, not": "number_in_text",
    r"object too deep for desired array|object of too small depth": "one_row_needed",
    r"(list|tuple) indices must be integers or slices, not str": "list_by_key",
    r"maximum recursion depth exceeded": "endless_recursion",
    r"'(method|builtin_function_or_method|function)' object is not subscriptable": "brackets",
    r"'(numpy\.ndarray|tuple|list|dict|numpy\.float64|float|int)' object is not callable": "brackets",
    r"'(int|float|numpy\.\w+)' object (is not subscriptable|does not support item assignment)": "number_indexed",
    r"positional arguments? but|missing \d+ required|unexpected keyword|multiple values for": "wrong_arguments",
}


JOINING = ("concatenate", "hstack", "vstack", "stack", "column_stack")
SIZED = (
    "range",
    "zeros",
    "ones",
    "empty",
    "full",
    "reshape",
    "rand",
    "randn",
    "randint",
    "choice",
    "array_split",
    "eye",
)


def _of_kind(scene: Scene, *kinds: type) -> ast.AST | None:
    """Return the first operand in the statement whose value is of one of these types, or None."""
    uses = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.AugAssign, ast.Attribute, ast.Subscript, ast.For, ast.Assign)
    for node in scene.nodes(*uses):
        if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Tuple):
            continue
        parts = (getattr(node, name, None) for name in ("left", "right", "operand", "value", "iter"))
        for part in filter(None, (*parts, *getattr(node, "comparators", ()))):
            value = scene.value(part)
            if value is not UNKNOWN and isinstance(value, kinds):
                return part
    return None


def none(scene: Scene) -> Explanation | None:
    """Explain a None that was used like an array, a number or a tuple."""
    if "NoneType" not in scene.message and "does not have enough dimensions (has 0" not in scene.message:
        return None
    node = _of_kind(scene, type(None))
    if node is not None and not isinstance(node, ast.Constant):
        return Explanation("is_none", EVIDENCE["is_none"].format(what=quoted(node, "It")))
    call = next(scene.nodes(ast.Call), None)
    if call is not None and "unpack" in scene.message:
        return Explanation("is_none", EVIDENCE["is_none"].format(what=quoted(call.func, "It") + " (…)"))
    return Explanation("is_none") if "NoneType" in scene.message else None


def not_an_array(scene: Scene) -> Explanation | None:
    """Explain a tuple or a list that was used as an array."""
    for kind, cause, evidence in ((tuple, "pair_not_unpacked", "is_tuple"), (list, "list_not_array", "is_list")):
        used = f"'{kind.__name__}' object (has no attribute|does not support)|operand .*'{kind.__name__}'|inhomogeneous"
        used += f"|between instances of .*'{kind.__name__}'"
        if re.search(used, scene.message) and (node := _of_kind(scene, kind)) is not None:
            return Explanation(cause, EVIDENCE[evidence].format(what=quoted(node, "It")))
    for node in scene.nodes(ast.Subscript):
        if "only integer scalar arrays" in scene.message and isinstance(scene.value(node.value), list):
            return Explanation("list_not_array", EVIDENCE["is_list"].format(what=quoted(node.value, "It")))
    return None


def float_for_integer(scene: Scene) -> Explanation | None:
    """Explain a float, or an array of floats, that was used as a size, a number of iterations, an axis or an index."""
    if not re.search(FLOAT, scene.message):
        return None
    if call := _axis_array(scene):
        return Explanation("max_for_maximum", EVIDENCE["meant"].format(meant=call))
    for node in _for_integers(scene):
        value = scene.value(node)
        if owner := _whose_entries(scene, value):
            told = EVIDENCE["entries_of"].format(what=quoted(node, "The index"), owner=owner)
            return Explanation("values_for_positions", told)
        if isinstance(value, (float, np.floating)):
            told = EVIDENCE["is_float"].format(what=quoted(node, "It"), value=float(value))
            return Explanation("float_for_integer", told)
        if isinstance(value, np.ndarray) and value.dtype.kind == "f":
            return Explanation("float_for_integer", EVIDENCE["are_floats"].format(what=quoted(node, "It")))
    plain = re.search(r"float\d*'? object cannot|not (numpy\.)?float|Cannot cast", scene.message)
    return Explanation("float_for_integer") if plain else None


def _whose_entries(scene: Scene, value: object) -> str:
    """Return the name of an input, an array of floats, that contains every float in `value`, or "" if there is none."""
    if value is UNKNOWN or not isinstance(value, (float, list, np.ndarray, np.floating)):
        return ""
    numbers = np.array(value) if isinstance(value, list) else np.asarray(value)
    if numbers.dtype.kind != "f" or not numbers.size:
        return ""
    arrays = ((name, one) for name, one in scene.names.items() if name in scene.inputs and isinstance(one, np.ndarray))
    return next((name for name, one in arrays if one.dtype.kind == "f" and np.all(np.isin(numbers, one))), "")


def _for_integers(scene: Scene) -> Iterator[ast.AST]:
    """Yield the expressions in the statement that may be sizes or indices."""
    for node in scene.nodes(ast.Call, ast.Subscript):
        if isinstance(node, ast.Subscript):
            given = [node.slice]
        elif (node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")) in SIZED:
            given = node.args
        else:
            continue
        for one in given:
            for part in one.elts if isinstance(one, (ast.Tuple, ast.List)) else [one]:
                ends = (part.lower, part.upper, part.step) if isinstance(part, ast.Slice) else (part,)
                yield from filter(None, ends)


def _axis_array(scene: Scene) -> str:
    """Return "np.maximum" or "np.minimum" if an array was passed to np.max or np.min as the axis, else ""."""
    for call in scene.nodes(ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in ("max", "min") and len(call.args) == 2 and scene.array(call.args[1]) is not None:
            return f"np.{name}imum"
    return ""


def number_in_product(scene: Scene) -> Explanation | None:
    """Explain a single number that was used as a factor of a matrix product."""
    if not re.search(r"does not have enough dimensions \(has 0|Scalar operands are not allowed", scene.message):
        return None
    for node in scene.nodes(ast.BinOp, ast.Call):
        parts = (node.left, node.right) if isinstance(node, ast.BinOp) else node.args
        for part in parts:
            if isinstance(scene.value(part), (int, float, np.generic)):
                return Explanation("number_for_array", EVIDENCE["is_number"].format(what=quoted(part, "A factor")))
    return None


def joined_one_by_one(scene: Scene) -> Explanation | None:
    """Explain arrays that were passed one by one to np.concatenate or a similar function."""
    for call in scene.nodes(ast.Call):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if name in JOINING and len(call.args) > 1 and not isinstance(scene.value(call.args[1]), int):
            return Explanation("arrays_one_by_one")
    return None


def labels(scene: Scene) -> Explanation | None:
    """Explain labels whose shape does not fit the examples that are passed with them."""
    found = re.match(
        r"expected one label per example, .* of shape \((\d+),\), found shape \(([\d, ]*)\)", scene.message
    )
    examples = np.shape(scene.names.get("X", 0))
    if not found or not examples:
        return None
    shape = tuple(int(size) for size in found[2].split(",") if size.strip())
    told = EVIDENCE["two_shapes"].format(one=f"X has shape {examples}", other=f"y has shape {shape}")
    if len(examples) == 1 and len(shape) == 2:
        return Explanation("labels_exchanged", told)
    if len(shape) == 2 and int(found[1]) == shape[0] * shape[1]:
        return Explanation("labels_in_rows", told)
    return Explanation("other_labels", told)


def many_for_one(scene: Scene) -> Explanation | None:
    """Explain an array that was used where a single number is needed."""
    if not re.search(ONE, scene.message):
        return None
    statement = scene.statement
    if isinstance(statement, ast.Assign) and (array := scene.array(statement.value)) is not None:
        return Explanation("array_for_number", f"{scene.told(statement.value, array.shape, 'The right side')}.")
    return None if "inhomogeneous" in scene.message else Explanation("array_for_number")


def unpacked(scene: Scene) -> Explanation | None:
    """Explain an assignment with more or fewer names than values."""
    if not re.search(r"(too many|not enough) values to unpack", scene.message):
        return None
    statement = scene.statement
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Tuple):
        value, count = scene.value(statement.value), len(statement.targets[0].elts)
        if isinstance(value, np.ndarray) and value.ndim == count != len(value):
            told = EVIDENCE["meant"].format(meant=f"{ast.unparse(statement.value)}.shape")
            return Explanation("unpacked_otherwise", told)
        if isinstance(value, tuple):
            kind = value if all(isinstance(one, int) for one in value) else f"of length {len(value)}"
            told = EVIDENCE["unpacked"].format(what=quoted(statement.value, "The right side"), value=kind, count=count)
            return Explanation("unpacked_otherwise", told)
    return Explanation("unpacked_otherwise")


def called(scene: Scene) -> Explanation | None:
    """Explain a function that does not accept the arguments with which a check calls it."""
    told = r"positional argument|unexpected keyword argument|multiple values for argument"
    if isinstance(scene.error, TypeError) and scene.statement is None and re.search(told, scene.message):
        return Explanation("signature_changed")
    return None


def sizes_in_brackets(scene: Scene) -> Explanation | None:
    """Explain a shape that was passed to np.random.rand or randn, which take the sizes one by one."""
    if "'tuple' object cannot be interpreted" not in scene.message:
        return None
    called = {call.func.attr for call in scene.nodes(ast.Call) if isinstance(call.func, ast.Attribute)}
    return Explanation("sizes_one_by_one") if called & {"rand", "randn"} else None


def by_message(scene: Scene) -> Explanation | None:
    """Explain an exception whose message alone determines the cause."""
    return next((Explanation(cause) for told, cause in MESSAGES.items() if re.search(told, scene.message)), None)
