"""Edits to student modules take effect at once: reload what changed on disk, and hand the new code to its users."""

from __future__ import annotations

import importlib
import sys
from collections.abc import MutableMapping
from pathlib import Path
from types import FunctionType, ModuleType

from cs231n import course

_seen: dict[str, tuple[int, int]] = {}  # module name -> (mtime_ns, size) of the file when it was loaded


def refresh(namespace: MutableMapping | None = None) -> list[str]:
    """Reload student modules whose file changed since they were imported, and every module of the kit built on them.

    Names in `namespace` (a notebook's) that hold an old function or class get the new one; objects of an old class
    become objects of the new one. Returns one line for each file that cannot be loaded: its old code stays in use.
    """
    changed = {name for name in course.stub_modules() if name in sys.modules and _has_changed(sys.modules[name])}
    problems: list[str] = []
    for module in _affected(changed):
        before = dict(vars(module))
        try:
            importlib.reload(module)
        except Exception as error:
            vars(module).update(before)
            problems.append(_problem(module, error))
            continue
        if namespace is not None:
            _hand_over(before, vars(module), module.__name__, namespace)
    return problems


def _has_changed(module: ModuleType) -> bool:
    """Compare the file with what was last seen; the first look only remembers it."""
    try:
        stat = Path(module.__file__ or "").stat()
    except OSError:
        return False
    now = (stat.st_mtime_ns, stat.st_size)
    return _seen.setdefault(module.__name__, now) != now and bool(_seen.update({module.__name__: now}) or True)


def _affected(changed: set[str]) -> list[ModuleType]:
    """Return the changed modules and those of the kit that hold objects of them, in the order they were imported."""
    if not changed:
        return []
    kit = [module for name, module in list(sys.modules.items()) if name.startswith("cs231n.") and module]
    affected: set[str] = set(changed)
    grown = True
    while grown:
        users = {module.__name__ for module in kit if _uses(module, affected)} - affected
        affected |= users
        grown = bool(users)
    return [module for module in kit if module.__name__ in affected]


def _uses(module: ModuleType, names: set[str]) -> bool:
    return any(
        getattr(value, "__module__", None) in names or (isinstance(value, ModuleType) and value.__name__ in names)
        for value in vars(module).values()
    )


def _hand_over(before: dict, after: dict, home: str, namespace: MutableMapping) -> None:
    for name, value in list(namespace.items()):
        for key, old in before.items():
            new = after.get(key)
            if new is None or new is old or getattr(old, "__module__", None) != home:
                continue
            if value is old and isinstance(old, (type, FunctionType)):
                namespace[name] = new
            elif isinstance(old, type) and type(value) is old:
                value.__class__ = new


def _problem(module: ModuleType, error: Exception) -> str:
    where = Path(module.__file__ or "").resolve()
    path = where.relative_to(course.ROOT).as_posix() if where.is_relative_to(course.ROOT) else str(where)
    line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
    return f"{path}{line}: {type(error).__name__}: {error}. The version from before is still in use."
