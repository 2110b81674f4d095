"""Rules for exceptions about indices: beyond the end of an axis, or too many of them."""

from __future__ import annotations

import ast
import re

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.raised.scene import UNKNOWN, Scene, quoted


def beyond_the_end(scene: Scene) -> Explanation | None:
    """Explain an index that is beyond the end of an axis."""
    found = re.match(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", scene.message)
    if not found:
        return None
    index, axis, size = map(int, found.groups())
    for node in scene.nodes(ast.Subscript):
        array, parts = scene.array(node.value), _parts(node)
        if array is None or axis >= min(array.ndim, len(parts)) or array.shape[axis] != size:
            continue
        part = parts[axis]
        if not _reaches(scene.value(part), index):
            continue
        told = EVIDENCE["index_beyond"].format(
            array=scene.told(node.value, array.shape, "The array"),
            which=quoted(part, "the index"),
            index=index,
            axis=axis,
        )
        return _swapped(scene, array, parts, axis, told) or Explanation("index_beyond_end", told)
    return Explanation("index_beyond_end")


def beyond_a_list(scene: Scene) -> Explanation | None:
    """Explain an index that is beyond the end of a list or a tuple."""
    if not re.match(r"(list|tuple) index out of range", scene.message):
        return None
    for node in scene.nodes(ast.Subscript):
        owner, index = scene.value(node.value), scene.value(node.slice)
        if isinstance(owner, (list, tuple)) and isinstance(index, (int, np.integer)) and index >= len(owner):
            told = {"owner": quoted(node.value, "It"), "which": quoted(node.slice, "the index")}
            told |= {"entries": "1 entry" if len(owner) == 1 else f"{len(owner)} entries", "last": str(len(owner) - 1)}
            key = "beyond_list" if owner else "empty_list"
            return Explanation("beyond_list" if owner else "list_empty", EVIDENCE[key].format(**told, index=index))
    return Explanation("beyond_list")


def _parts(node: ast.Subscript) -> list[ast.expr]:
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def _reaches(value: object, index: int) -> bool:
    if value is UNKNOWN or isinstance(value, slice):
        return False
    numbers = np.asarray(value)
    return numbers.dtype.kind in "iu" and bool(np.any(numbers == index))


def _swapped(scene: Scene, array: np.ndarray, parts: list[ast.expr], axis: int, told: str) -> Explanation | None:
    """Explain two swapped loop variables, or a loop that ends at a number written in the code; else return None."""
    ends = [_end(scene, part) for part in parts]
    if ends[axis] is not None and scene.written(ends[axis] or 0) and (ends[axis] or 0) > array.shape[axis]:
        return Explanation("hard_coded_size", EVIDENCE["number_written"].format(number=ends[axis]))
    if len(parts) == 2 == array.ndim and tuple(ends) == array.shape[::-1] != array.shape:
        return Explanation("indices_swapped", told)
    return None


def _end(scene: Scene, part: ast.expr) -> int | None:
    """Return where the range of the for loop over the variable `part` ends, or None if there is no such loop."""
    for node in ast.walk(scene.function or ast.Pass()):
        if isinstance(node, ast.For) and isinstance(part, ast.Name) and ast.unparse(node.target) == part.id:
            steps = scene.value(node.iter)
            return steps.stop if isinstance(steps, range) else None
    return None


def too_many(scene: Scene) -> Explanation | None:
    """Explain more indices than axes, an index into a single number, or a mask that does not fit its array."""
    if "boolean index did not match" in scene.message:
        for node in scene.nodes(ast.Subscript):
            array, mask = scene.array(node.value), scene.array(node.slice)
            if array is not None and mask is not None and mask.dtype == bool and mask.shape != array.shape:
                one = scene.told(node.value, array.shape, "The array")
                told = EVIDENCE["two_shapes"].format(one=one, other=scene.told(node.slice, mask.shape, "the mask"))
                return Explanation("mask_of_other_shape", told)
        return Explanation("mask_of_other_shape")
    if "too many indices" not in scene.message and "invalid index to scalar" not in scene.message:
        return None
    for node in scene.nodes(ast.Subscript):
        value = scene.value(node.value)
        if isinstance(value, (np.ndarray, np.generic)) and value.ndim < len(_parts(node)):
            if not value.ndim:
                return Explanation("number_indexed", EVIDENCE["is_number"].format(what=quoted(node.value, "It")))
            return Explanation("too_many_indices", f"{scene.told(node.value, value.shape, 'The array')}.")
    return Explanation("too_many_indices")
