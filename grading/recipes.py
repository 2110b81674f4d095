"""Send recipes by name, with the values in their closures. Code is never sent.

The recipes of the checks are functions of the kit, often closures. The grader and the child (the process with the
student's code, child.py) have the same kit. So the grader sends a function's module and name with the values in its
closure, and the child finds its own copy of the code.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import partial
from operator import attrgetter
from types import CellType, CodeType, FunctionType, MethodType
from typing import Any

import numpy as np

from cs231n.tutor.checks.check import Check

LOCAL = "<locals>"


class NamelessError(TypeError):
    """A recipe contains a value that cannot be sent."""


def named(value: Any, arrays: list[np.ndarray]) -> Any:
    """Return a value in a form that JSON can hold; its arrays are appended to `arrays`. Raises NamelessError."""

    def each(values: Sequence) -> list:
        return [named(one, arrays) for one in values]

    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, (np.ndarray, np.generic)):
        arrays.append(np.asarray(value))
        return {"array" if isinstance(value, np.ndarray) else "scalar": len(arrays) - 1}
    if isinstance(value, (list, tuple)):
        return {"list" if isinstance(value, list) else "tuple": each(value)}
    if isinstance(value, Mapping):
        return {"dict": [each(pair) for pair in value.items()]}
    if isinstance(value, Check):
        return {"check": value.name}
    if isinstance(value, type):
        return {"top": [value.__module__, value.__qualname__]}
    if isinstance(value, partial):
        return {"partial": each([value.func, value.args, value.keywords])}
    if isinstance(value, MethodType):
        return {"method": [value.__name__, named(value.__self__, arrays)]}
    if isinstance(value, FunctionType):
        return _named_function(value, each)
    if is_dataclass(value):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        return {"made": each([type(value), parts])}
    told = "the child process could not find it by name"
    raise NamelessError(f"a value of type {type(value).__name__} cannot be sent: {told}")


def _named_function(function: FunctionType, each: Callable[[Sequence], list]) -> dict[str, Any]:
    code = function.__code__
    if LOCAL not in function.__qualname__:
        return {"top": [function.__module__, function.__qualname__]}
    closed = [cell.cell_contents for cell in function.__closure__ or ()]
    place = [function.__module__, function.__qualname__, code.co_firstlineno]
    return {"local": [*place, *each([closed, function.__defaults__, function.__kwdefaults__])]}


def found(told: Any, arrays: Sequence[np.ndarray], checks: Mapping[str, Check]) -> Any:
    """Return the value for which `named` returned `told`, with the child's own functions, classes and checks."""

    def each(values: Sequence) -> list:
        return [found(one, arrays, checks) for one in values]

    if not isinstance(told, dict):
        return told
    ((kind, what),) = told.items()
    if kind == "local":
        module, name, line, *held = what
        return _local(module, name, line, *each(held))
    kinds: dict[str, Callable[[], Any]] = {
        "float": lambda: float.fromhex(what),
        "array": lambda: arrays[what].copy(),
        "scalar": lambda: arrays[what][()],
        "list": lambda: each(what),
        "tuple": lambda: tuple(each(what)),
        "dict": lambda: dict(map(each, what)),
        "check": lambda: checks[what],
        "top": lambda: attrgetter(what[1])(importlib.import_module(what[0])),
        "partial": lambda: _partial(*each(what)),
        "method": lambda: getattr(each(what)[1], what[0]),
        "made": lambda: _made(*each(what)),
    }
    return kinds[kind]()


def _partial(function: Callable, arguments: tuple, keywords: dict) -> partial:
    return partial(function, *arguments, **keywords)


def _made(kind: type, parts: dict) -> Any:
    return kind(**parts)


def _local(module: str, name: str, line: int, closed: list, defaults: tuple | None, keywords: dict | None) -> Callable:
    """Return a function that is defined inside other functions, with new cells for the values in its closure."""
    home = importlib.import_module(module)
    outer, *inner = name.split(f".{LOCAL}.")
    code = attrgetter(outer)(home).__code__
    for part in inner[:-1]:
        code = next(one for one in _inside(code) if one.co_name == part)
    code = next(one for one in _inside(code) if one.co_name == inner[-1] and one.co_firstlineno == line)
    function = FunctionType(code, vars(home), code.co_name, defaults, tuple(map(CellType, closed)))
    function.__kwdefaults__ = keywords
    return function


def _inside(code: CodeType) -> Iterator[CodeType]:
    return (one for one in code.co_consts if isinstance(one, CodeType))
