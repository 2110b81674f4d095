"""Edits to student modules take effect at once: reload what changed on disk, and pass the new code to its users.

A file counts as changed when its bytes are not those that were loaded: times and sizes miss quick edits. What is in a
file before its module is imported is remembered from when this module was, so the first edit is not missed either.
(IPython's autoreload goes by times, keeps deleted names, prints tracebacks and cannot be asked to run before a check.)
"""

from __future__ import annotations

import contextlib
import gc
import graphlib
import linecache
import sys
import traceback
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from cs231n.tutor import course

_loaded: dict[str, bytes | None] = {}  # stub module -> the source it was loaded from; None: no such file
_broken: set[str] = set()  # modules whose last reload failed
_renewed: set[str] = set()  # modules that were ever reloaded: functions and classes of theirs may be old


def refresh(namespace: MutableMapping | None = None) -> list[str]:
    """Reload student modules whose file changed since they were imported, and every module of the kit built on them.

    Names in `namespace` (a notebook's) that hold an old function or class get the new one; objects of an old class,
    wherever they are, become objects of the new one. Returns one line for each file that cannot be loaded: its old
    code stays in use, and it is tried again next time.
    """
    problems = [problem for module in _in_order(_affected(_changed())) if (problem := _reload(module))]
    if namespace is not None:
        _hand_over(namespace)
    return problems


def _changed() -> set[str]:
    """Return the imported modules to reload: those whose source differs, and those that failed the last time."""
    changed = set(_broken)
    for name in course.stub_modules():
        found = _source(name)
        if name not in sys.modules:
            _loaded[name] = found
        elif found != _loaded.setdefault(name, found):
            changed.add(name)
    return changed & sys.modules.keys()


def _source(name: str) -> bytes | None:
    try:
        return course.ROOT.joinpath(*name.split(".")).with_suffix(".py").read_bytes()
    except OSError:
        return None


def _affected(changed: set[str]) -> dict[ModuleType, set[ModuleType]]:
    """Return the changed modules and those of the kit that hold objects of them, each with those it builds on."""
    kit = [module for name, module in list(sys.modules.items()) if name.startswith("cs231n.") and module]
    modules = [module for module in kit if not hasattr(module, "__path__")] if changed else []
    affected = {module for module in modules if module.__name__ in changed}
    while users := {one for one in modules if one not in affected and any(_uses(one, other) for other in affected)}:
        affected |= users
    return {one: {other for other in affected if other is not one and _uses(one, other)} for one in affected}


def _uses(module: ModuleType, other: ModuleType) -> bool:
    held = vars(module).values()
    return any(value is other or getattr(value, "__module__", None) == other.__name__ for value in held)


def _in_order(affected: dict[ModuleType, set[ModuleType]]) -> Iterable[ModuleType]:
    """Return modules after those they build on; where they build on each other there is no such order."""
    try:
        return list(graphlib.TopologicalSorter(affected).static_order())
    except graphlib.CycleError:
        return list(affected)


def _reload(module: ModuleType) -> str:
    """Run the module's source again; return what is wrong with it, after putting everything back.

    importlib.reload would keep names that are no longer in the source, and trust bytecode of the same second.
    """
    name, names = module.__name__, vars(module)
    before = dict(names)
    source = _source(name)
    for key in [key for key in names if not (key.startswith("__") and key.endswith("__"))]:
        del names[key]
    try:
        if source is None:
            raise FileNotFoundError("the file is gone")
        exec(compile(source, module.__file__ or name, "exec", dont_inherit=True), names)
    except BaseException as error:
        names.clear()
        names.update(before)
        _broken.add(name)
        if isinstance(error, KeyboardInterrupt):
            raise
        return _problem(module, error)
    linecache.checkcache(module.__file__)  # warnings and tracebacks quote lines from there
    _loaded[name] = source
    _broken.discard(name)
    _renewed.add(name)
    for old in before.values():
        if isinstance(old, type) and _current(old) is not old:
            _renew_objects(old, _current(old))
    return ""


def _renew_objects(old: type, new: type) -> None:
    for one in gc.get_referrers(old):
        if type(one) is old:
            with contextlib.suppress(TypeError):  # the classes differ in their slots
                one.__class__ = new


def _hand_over(namespace: MutableMapping) -> None:
    for name, value in list(namespace.items()):
        new = _current(value)
        if new is not value:
            namespace[name] = new


def _current(value: Any) -> Any:
    """Return what a function or class of a reloaded module is called for now; anything else as it is."""
    if not isinstance(value, (type, FunctionType)) or value.__module__ not in _renewed:
        return value
    names = vars(sys.modules[value.__module__])
    if isinstance(value, FunctionType) and value.__globals__ is not names:  # somebody's wrapper around the function
        return value
    new = names.get(value.__qualname__)
    return new if isinstance(new, (type, FunctionType)) else value


def _problem(module: ModuleType, error: BaseException) -> str:
    where = Path(module.__file__ or "").resolve()
    path = where.relative_to(course.ROOT).as_posix() if where.is_relative_to(course.ROOT) else str(where)
    if isinstance(error, SyntaxError):
        number, message = error.lineno, error.msg
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == module.__file__]
        said = traceback.format_exception_only(error)[0]  # unlike str(error), which is student code, it never fails
        number, message = frames[-1].lineno if frames else None, said.partition(": ")[2][:1000]
    line = f", line {number}" if number else ""
    told = " ".join(f"{path}{line}: {type(error).__name__}: {message}".split())
    return f"{told}. The version from before is still in use."


_changed()  # remembers what is in the files now
