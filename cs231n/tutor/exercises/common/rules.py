"""Rules about the functions that an exercise must not, or should not, call, and the findings about such calls.

A rule whose violation is a failure is stated in the docstring of its exercise; the others are only advice. Calls are
observed while the code runs, so aliases, helper functions and the student's own modules cannot hide them. Findings
name functions as the student typed them, if that can be seen.
"""

from __future__ import annotations

import ast
import linecache
import re
import sys
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from inspect import getattr_static, unwrap
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any

from cs231n.tutor import course
from cs231n.tutor.checks.causes import CAUSES
from cs231n.tutor.checks.check import Check, Finding
from cs231n.tutor.checks.target import LocalTarget, in_cell, relative


@dataclass(frozen=True)
class Rule:
    """A rule that an exercise must not, or should not, call certain functions.

    `functions` contains names like "numpy.norm", for every function `norm` in numpy, or "scipy.", for a whole package.
    `told` is a phrase with which the exercise's docstring states the rule, or "" if the rule is only advice.
    """

    told: str
    functions: tuple[str, ...]
    cause: str

    def matches(self, name: str) -> bool:
        """Return whether the rule is about the function with this full name."""
        return any(name.startswith(one) if one.endswith(".") else _ends(name) == _ends(one) for one in self.functions)


LIBRARIES = ("scipy.", "sklearn.", "skimage.", "torch.", "tensorflow.", "jax.", "numba.", "cv2.")
NORMS = ("numpy.norm", "numpy.vector_norm", "numpy.matrix_norm")
NUMERIC = Rule("numeric gradient", ("cs231n.gradient_check.",), "numeric_gradient")
FAST = Rule("fast_layers", ("cs231n.fast_layers.",), "given_code")
NORM = Rule("np.linalg.norm", NORMS, "forbidden_function")
LIBRARY = Rule("scipy", LIBRARIES, "forbidden_function")
CONVOLVE = Rule("np.convolve", ("numpy.convolve", "numpy.correlate"), "forbidden_function")
ADVICE = (Rule("", LIBRARIES, "library_function"), Rule("", NORMS, "library_function"))

REFUSED = {
    "compute_distances_two_loops": (NORM, LIBRARY),
    "compute_distances_no_loops": (NORM, LIBRARY),
    "conv_forward_naive": (FAST, LIBRARY, CONVOLVE),
    "conv_backward_naive": (FAST, LIBRARY, CONVOLVE),
    "max_pool_forward_naive": (FAST, LIBRARY),
    "max_pool_backward_naive": (FAST, LIBRARY),
}
ADVISED = {"compute_distances_one_loop": ADVICE}


def governed(checks: Mapping[str, tuple[str, Check]]) -> dict[str, tuple[str, Check]]:
    """Return the checks of a registry, each with the rules of its exercise as a watch."""

    def with_rules(check: Check) -> Check:
        rules = (*refused(check.name, checks), *ADVISED.get(check.name, ADVICE[:1]))
        return replace(check, watches=(partial(_look, rules),))

    return {name: (family, with_rules(check)) for name, (family, check) in checks.items()}


def refused(name: str, checks: Mapping[str, tuple[str, Check]]) -> tuple[Rule, ...]:
    """Return those rules of an exercise whose violation is a failure."""

    def answers_of(one: str) -> tuple[str, str]:
        family, check = checks[one]
        return family, check.stored_as

    same = [one for one in checks if answers_of(one) == answers_of(name) and one != name]
    answers = [Rule(other, (f"cs231n.{other}",), "other_exercise") for other in same]
    gradients = (NUMERIC,) if _has_gradients(name) else ()
    return (*REFUSED.get(name, ()), *gradients, *answers)


def _has_gradients(name: str) -> bool:
    return bool(re.search(r"backward|(^|_)loss|_gate$|^(l1|l2|elastic_net)$|Net_(normalization|dropout)$", name))


def _look(rules: Iterable[Rule], target: LocalTarget, check: Check) -> Finding | None:
    """Return a finding about the first of the rules that the code breaks in the check's first case, or None."""
    calls: dict[str, _Caller | None] = {}

    def recipe(student, **inputs):
        with _calls() as seen:
            found = check.recipe(student, **inputs)
        calls.update(seen)
        return found

    target.run(recipe, check.usual)
    for rule in rules:
        for name, caller in calls.items():
            if rule.matches(name):
                return _finding(rule, name, caller, course.find_exercise(check.name)[1].file)
    return None


def _finding(rule: Rule, name: str, caller: _Caller | None, file: str) -> Finding:
    status = "fail" if rule.told else "advice"
    if caller is None:
        return _told(f"It is {_public(name)} itself", rule, status)
    typed, line = _typed(rule, caller) or (_public(name), caller.line)
    known = relative(caller.file)
    place = f"line {line}" if known == file or in_cell(caller.file) else f"line {line} of {known}"
    where = "" if in_cell(caller.file) else f"{known}:{line}"
    return _told(f"It calls {typed} ({place})", rule, status, where)


def _told(seen: str, rule: Rule, status: str, where: str = "") -> Finding:
    """Return the finding; advice contains the text of the cause in its message, and not the id of the cause."""
    if status == "advice":
        return Finding(f"{seen}: {CAUSES[rule.cause]}", where=where, status=status)
    return Finding(f"{seen}.", rule.cause, where, status)


# ---- what is called, and from which line


@dataclass(frozen=True)
class _Caller:
    """A line of the student's code that calls a function, and the values of the names visible there."""

    file: str
    line: int
    names: Mapping[str, Any]


@contextmanager
def _calls() -> Iterator[dict[str, _Caller | None]]:
    """Collect {full name of a function: the line of the student's code that calls it first}, in the order of calls.

    The line is None if no caller is the student's code. Calls made while a module is being loaded are left out.
    """
    seen: dict[str, _Caller | None] = {}
    named: dict[object, str] = {}  # by code object or built-in function, since looking up a name is slow

    def on_profile(frame, event, argument):
        if event == "call":
            called, above = frame.f_code, frame.f_back
            if called not in named:
                named[called] = _plain(f"{frame.f_globals.get('__name__', '')}.{called.co_name}")
        elif event == "c_call" and getattr(argument, "__module__", None):  # methods of arrays and lists have none
            called, above = argument, frame
            if called not in named:
                named[called] = _full_name(called)
        else:
            return
        name = named[called]
        if name not in seen and not _is_loading(above):
            seen[name] = _caller(above)

    before = sys.getprofile()
    sys.setprofile(on_profile)
    try:
        yield seen
    finally:
        sys.setprofile(before)


def _caller(frame: FrameType | None) -> _Caller | None:
    """Return the running line in the nearest frame, from this one upwards, that runs the student's code; or None."""
    while frame:
        file = frame.f_code.co_filename
        if _is_written(file):
            return _Caller(file, frame.f_lineno, ChainMap(dict(frame.f_locals), frame.f_globals))
        frame = frame.f_back
    return None


def _is_loading(frame: FrameType | None) -> bool:
    while frame:
        if frame.f_globals.get("__name__", "").startswith("importlib."):
            return True
        frame = frame.f_back
    return False


@lru_cache(maxsize=4096)
def _is_written(file: str) -> bool:
    """Return whether `file` is a cell, or a file in the kit's folder that is neither the tutor's nor a library's."""
    if in_cell(file):
        return True
    path = Path(file).resolve()
    inside = path.is_relative_to(course.ROOT) and not path.is_relative_to(course.TUTOR)
    return inside and path.suffix == ".py" and "site-packages" not in path.parts


def _typed(rule: Rule, caller: _Caller) -> tuple[str, int] | None:
    """Return the expression nearest to the caller's line that names a function of the rule, and its line, or None."""
    try:
        tree = ast.parse("".join(linecache.getlines(caller.file)))
    except (SyntaxError, ValueError):
        return None
    homes = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and _covers(one, caller.line)]
    home = max(homes, key=lambda one: one.lineno, default=tree)
    named = [one for one in ast.walk(home) if isinstance(one, (ast.Name, ast.Attribute))]
    for node in sorted(named, key=lambda one: abs(one.lineno - caller.line)):
        name = _full_name(_value(node, caller.names))
        if name and rule.matches(name):
            typed = ast.unparse(node)
            renamed = typed.rpartition(".")[2] != name.rpartition(".")[2]
            return typed + (f", which is {_public(name)}" if renamed else ""), node.lineno
    return None


def _covers(function: ast.FunctionDef, line: int) -> bool:
    return function.lineno <= line <= (function.end_lineno or 0)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Return the value of a name, or of a chain like np.linalg.norm, without running any code."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        home = _value(node.value, names)
        home = home if isinstance(home, (ModuleType, type)) else type(home)
        return getattr_static(home, node.attr, None)
    return None


def _full_name(function: Any) -> str:
    """Return the full name of a function, such as "numpy.linalg.norm", or "" if it has none."""
    function = function.func if isinstance(function, partial) else function
    function = unwrap(function) if isinstance(function, FunctionType) else function
    module, name = getattr(function, "__module__", None), getattr(function, "__qualname__", None)
    return _plain(f"{module}.{name}") if callable(function) and module and name else ""


def _plain(name: str) -> str:
    """Return a full name without its private parts: "scipy.signal.convolve" for scipy.signal._signaltools.convolve."""
    return re.sub(r"\._\w+(?=\.)", "", name)


def _public(name: str) -> str:
    return re.sub(r"^numpy\.", "np.", re.sub(r"^cs231n\.(.*\.)?", "", name))


def _ends(name: str) -> tuple[str, str]:
    """Return the package and the bare name: ("numpy", "norm") for numpy.linalg.norm."""
    return name.partition(".")[0], name.rpartition(".")[2]
