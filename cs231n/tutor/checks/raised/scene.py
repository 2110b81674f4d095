"""The place where an exception was raised: the statement, and the values of the names and expressions in it."""

from __future__ import annotations

import ast
import linecache
import math
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import FrameType
from typing import Any

import numpy as np

from cs231n.tutor.checks.diagnosis.sample import is_array, quantities
from cs231n.tutor.checks.limits import text_of
from cs231n.tutor.checks.target import is_students

UNKNOWN = object()
EVALUATED: tuple[type, ...] = (
    ast.Name,
    ast.Constant,
    ast.Attribute,
    ast.Subscript,
    ast.Slice,
    ast.Tuple,
    ast.List,
    ast.BinOp,
)
EVALUATED += (
    ast.Call,
    ast.UnaryOp,
    ast.Compare,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.keyword,
    ast.expr_context,
    ast.operator,
    ast.unaryop,
    ast.cmpop,
)
# Functions and methods without side effects: a call to one of these in the student's statement may be repeated.
_PURE = """
    abs, arange, argmax, argmin, argpartition, argsort, array, asarray, astype, clip, concatenate, copy, dot,
    einsum, exp, expand_dims, flatten, float, get, hstack, int, len, log, log2, matmul, max, maximum, mean, min,
    minimum, ones, ones_like, outer, pad, power, prod, range, ravel, reshape, sign, sqrt, square, squeeze, std,
    sum, swapaxes, tile, transpose, var, vstack, where, zeros, zeros_like
"""
PURE = frozenset(re.findall(r"\w+", _PURE))
PER = {"N": "example", "num_test": "test row", "num_train": "training row"}
BODIES = ("body", "orelse", "finalbody", "handlers")


@dataclass(frozen=True)
class Scene:
    """An exception in the student's code, the case in which it was raised, and the expected outputs of that case."""

    error: BaseException
    inputs: Mapping[str, Any] = field(default_factory=dict)
    axes: Mapping[str, str] = field(default_factory=dict)
    expected: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """The message of the exception, shortened."""
        return text_of(self.error)

    @cached_property
    def _place(self) -> tuple[FrameType, int] | None:
        walked = traceback.walk_tb(self.error.__traceback__)
        return next((place for place in reversed([*walked]) if is_students(place[0].f_code.co_filename)), None)

    @property
    def names(self) -> Mapping[str, Any]:
        """The local names of the student's function, and their values."""
        return self._place[0].f_locals if self._place else {}

    @cached_property
    def _innermost(self) -> list[ast.stmt]:
        """The statements that contain the line that was running, the innermost first."""
        if self._place is None:
            return []
        frame, line = self._place
        try:
            tree = ast.parse("".join(linecache.getlines(frame.f_code.co_filename)))
        except (SyntaxError, ValueError):  # it may have been edited since it was loaded
            return []
        around: list[ast.stmt] = [
            node
            for node in ast.walk(tree)
            if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
        ]
        return sorted(around, key=lambda node: (node.end_lineno or 0) - node.lineno)

    @property
    def statement(self) -> ast.stmt | None:
        """The statement that was running, or None if its source is not available."""
        return self._innermost[0] if self._innermost else None

    @property
    def function(self) -> ast.AST | None:
        """The function that contains the statement, or None if there is none."""
        return next((node for node in self._innermost if isinstance(node, ast.FunctionDef)), None)

    def reshaped_later(self, name: str) -> bool:
        """Return whether, after this statement, the function indexes `name` or uses an attribute such as name.T."""
        end = (self.statement and self.statement.end_lineno) or 0
        later = (node for node in ast.walk(self.function or ast.Pass()) if getattr(node, "lineno", 0) > end)
        return any(
            isinstance(node, (ast.Subscript, ast.Attribute)) and ast.unparse(node.value) == name for node in later
        )

    def nodes(self, *kinds: type) -> Iterator[Any]:
        """Yield the nodes of these kinds in the statement, but not in its body."""
        waiting: list[ast.AST] = [self.statement] if self.statement else []
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, kinds):
                yield node
            for name, value in ast.iter_fields(node):
                if name not in BODIES:
                    waiting += [
                        part for part in (value if isinstance(value, list) else [value]) if isinstance(part, ast.AST)
                    ]

    def value(self, node: ast.AST) -> Any:
        """Return the value of an expression, or UNKNOWN if it cannot be computed safely."""
        if self._place is None or not all(map(_only_computes, ast.walk(node))):
            return UNKNOWN
        try:
            code = compile(ast.Expression(node), "<statement>", "eval")  # type: ignore[arg-type]
            with np.errstate(all="ignore"):
                return eval(code, self._place[0].f_globals, dict(self.names))
        except Exception:  # whatever the student's expression raises
            return UNKNOWN

    def array(self, node: ast.AST) -> np.ndarray | None:
        """Return the value of an expression if it is an array with at least one axis, else None."""
        value = self.value(node)
        return value if isinstance(value, np.ndarray) and value.ndim else None

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The lengths of the named axes of the inputs, {name: length}."""
        arrays = {name: value for name, value in self.inputs.items() if is_array(value)}
        return {name: int(length) for name, length in quantities(arrays, self.axes).items()}

    def told(self, node: ast.AST | None, shape: Sequence[int], otherwise: str) -> str:
        """Return a clause about the shape of an expression, such as "`scores` has shape (7, 4), which is N × C".

        `otherwise` is used in place of a long expression, or of None.
        """
        return f"{quoted(node, otherwise)} has shape {self.shape(shape)}"

    def shape(self, shape: Sequence[int]) -> str:
        """Return a shape as text, such as "(7, 4)" or, if its axes can be named, "(7, 4), which is N × C".

        An axis gets a name if exactly one named axis of the inputs has its length; an axis of length 1 needs none.
        """
        fitting = [[name for name, size in self.sizes.items() if size == length] for length in shape]
        axes = [names[0] if len(names) == 1 else str(length) for names, length in zip(fitting, shape, strict=True)]
        plain = f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
        if len(axes) == 1 and axes[0] in PER:
            return f"{plain}, with one entry per {PER[axes[0]]}"
        known = all(len(names) == 1 or length == 1 for names, length in zip(fitting, shape, strict=True))
        return f"{plain}, which is {' × '.join(axes)}" if known and set(shape) != {1} else plain

    def written(self, number: int) -> bool:
        """Return whether a number above 2 is written in the student's function, but is not the size of any input.

        The sizes of an input are the lengths of its axes, and the number of entries in one of its rows.
        """
        lengths = {length for value in self.inputs.values() for length in np.shape(value)}
        lengths |= {math.prod(np.shape(value)[1:]) for value in self.inputs.values() if np.ndim(value) > 1}
        numbers = (node.value for node in ast.walk(self.function or ast.Pass()) if isinstance(node, ast.Constant))
        return number > 2 and number not in lengths and any(type(one) is int and one == number for one in numbers)


def quoted(node: ast.AST | None, otherwise: str) -> str:
    """Return an expression between backticks if it is short, or else the text `otherwise`."""
    text = ast.unparse(node) if node else ""
    return f"`{text}`" if 0 < len(text) <= 40 else otherwise


def _only_computes(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        return name in PURE
    return isinstance(node, EVALUATED)
