"""Make saved edits to files take effect: run changed files again, and update existing functions and classes.

The files are those of the package, including the given ones, and the student's own modules next to the notebook or
elsewhere in the kit. A file has changed if its bytes differ from those that were loaded; times and sizes would miss
quick edits. Files of the package and those next to the notebook are read even before their modules are imported, so
that an edit just after the import is noticed too. (IPython's autoreload compares times, keeps deleted names, prints
tracebacks, and cannot be run before a check.)
"""

from __future__ import annotations

import ast
import functools
import graphlib
import importlib.util
import linecache
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from cs231n.tutor import course
from cs231n.tutor.kernel import renew

ROOTS = (course.ROOT, Path(course.__file__).parents[2])  # the same folder, resolved, and as imported (maybe a link)
LIBRARIES = {Path(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib", "purelib", "platlib")}
FIXED = ("cs231n.notebook", "cs231n.tutor", "cs231n.__main__")  # they run the notebook, so they are not reloaded

_loaded: dict[str, bytes | None] = {}  # file -> the source it was loaded from; None: no such file
_broken: set[str] = set()  # modules whose last reload failed
_past: dict[tuple[str, str], list[Any]] = {}  # (module, name) -> old values that the notebook may still have


class Problem(str):
    """A line for the student. If a file cannot be loaded, `where` is "file:line" or "file", and `message` says why."""

    where = message = ""


class Import(NamedTuple):
    """One import: `from module import name as bound`, or `import module`, where name and bound are empty."""

    module: str
    name: str = ""
    bound: str = ""


def refresh(namespace: MutableMapping | None = None) -> list[Problem]:
    """Run each module again if its file has changed since it was loaded, or if it imports such a module.

    Existing functions, classes and objects get the new code if possible, wherever they are kept. Imported names in a
    notebook's `namespace` are updated. Returns a line for each edit that needs a restart, and for each file that
    cannot be loaded; the old code of such a file stays in use until the file can be loaded.
    """
    changed = _changed()
    problems = [_restart(f"{_path(one)} has changed") for one in changed if one.__name__.startswith(FIXED)]
    affected = _affected({one for one in changed if not one.__name__.startswith(FIXED)})
    old = renew.living(affected) if affected else {}
    reloaded = []
    for module in _in_order(affected):
        found = _reload(module)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            reloaded.append(found)
    for module, name in renew.renew(reloaded, old) if reloaded else ():
        problems.append(_restart(f"{_path(module)}: existing objects of {name} keep the old code"))
    if namespace is not None:
        problems += _import_again(namespace)
    return problems


def _changed() -> set[ModuleType]:
    """Return the imported modules whose source differs from what was loaded, or whose last reload failed."""
    places = ((ROOTS[1] / "cs231n").rglob("*.py"), Path.cwd().glob("*.py"))
    known = {str(path): None for place in places for path in place}
    files: dict[str, ModuleType | None] = known | {file: module for module, file in _modules()}
    changed = set()
    for file, module in files.items():
        found = _source(file)
        if module is None:
            _loaded[file] = found
        elif found != _loaded.setdefault(file, found) or module.__name__ in _broken:
            changed.add(module)
            if module.__name__.startswith(FIXED):
                _loaded[file] = found  # so that it is reported only once
    return changed


def _modules() -> Iterator[tuple[ModuleType, str]]:
    """Yield the imported modules that a student may edit or replace, each with its file."""
    folder = str(Path.cwd())
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and module.__name__ != "__main__" and _may_change(file, folder):
            yield module, file


@functools.lru_cache(10_000)  # more than a kernel has modules
def _may_change(file: str, folder: str) -> bool:
    """Return whether a file is Python source in the kit or in the working folder, and not in an installed library."""
    path = Path(file)
    near = path.parent == Path(folder) or any(root in path.parents for root in ROOTS)
    return path.suffix == ".py" and near and LIBRARIES.isdisjoint(path.parents)


def _source(file: str | None) -> bytes | None:
    try:
        return Path(file or "").read_bytes()
    except OSError:
        return None


def _affected(changed: set[ModuleType]) -> dict[ModuleType, set[ModuleType]]:
    """Return {module: affected modules that it imports} for the affected modules.

    These are the changed modules and those that import them, directly or not.
    """
    modules = [module for module, _ in _modules() if not module.__name__.startswith(FIXED)] if changed else []
    uses = {module: _used_by(_source(module.__file__) or b"", module.__package__ or "") for module in modules}
    affected = set(changed)
    while users := {one for one in modules if one not in affected and uses[one] & {each.__name__ for each in affected}}:
        affected |= users
    return {one: {other for other in affected if other is not one and other.__name__ in uses[one]} for one in affected}


@functools.lru_cache(1000)  # most files are the same after an edit
def _used_by(source: bytes, package: str) -> frozenset[str]:
    """Return the names of the modules that Python source in a package imports or may import."""
    return frozenset(one.module for one in _imports(source, package))


def _imports(source: bytes | str, package: str = "") -> Iterator[Import]:
    """Yield the imports in Python source, including those inside functions; none if it cannot be parsed.

    For `from a import b`, an import of a.b follows, since b may be a module.
    """
    tree = course.parsed(source)
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            yield from (Import(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            home = node.module or ""
            if node.level and package:
                home = importlib.util.resolve_name("." * node.level + home, package)
            for alias in node.names:
                yield Import(home, alias.name, alias.asname or alias.name)
                yield Import(f"{home}.{alias.name}")


def _in_order(affected: dict[ModuleType, set[ModuleType]]) -> Iterable[ModuleType]:
    """Return the modules, each after those that it imports; if some import each other, in any order."""
    try:
        return list(graphlib.TopologicalSorter(affected).static_order())
    except graphlib.CycleError:
        return list(affected)


def _reload(module: ModuleType) -> renew.Reloaded | Problem:
    """Run a module's source again; if that fails, restore the names of the module and return a Problem.

    After Ctrl-C, the names are restored and KeyboardInterrupt is raised. (importlib.reload would keep names that are no
    longer in the source, and might use bytecode from before the edit.)
    """
    name, names, file = module.__name__, vars(module), module.__file__ or ""
    before = dict(names)
    source = _source(file)
    for key, value in before.items():
        if not (key.startswith("__") and key.endswith("__")) and value is not sys.modules.get(f"{name}.{key}"):
            del names[key]
    try:
        if source is None:
            raise FileNotFoundError("the file is gone")
        code = compile(source, file, "exec", dont_inherit=True)
        exec(code, names)
    except BaseException as error:
        names.clear()
        names.update(before)
        _broken.add(name)
        _quote(file, _loaded[file])
        if isinstance(error, KeyboardInterrupt):
            raise
        return _problem(module, error, source)
    _loaded[file] = source
    _broken.discard(name)
    _quote(file, source)
    for key, value in before.items():
        if not key.startswith("__") and names.get(key) is not value:
            _past.setdefault((name, key), []).append(value)
    return renew.Reloaded(module, before, code)


def _quote(file: str, source: bytes | None) -> None:
    """Make warnings and tracebacks quote the source that is in use, which may differ from the file."""
    text = (source or b"").decode("utf-8", "replace")
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)


def _import_again(namespace: MutableMapping) -> list[Problem]:
    """Update the names that a notebook's cells have imported from reloaded modules.

    Returns a problem for each of these names that its module no longer has. A name to which the notebook has assigned
    a different value is left alone.
    """
    problems = []
    modules = {module for module, _ in _past}
    imports = [one for cell in namespace.get("In", ()) if modules for one in _imports(cell)] if modules else []
    for one in dict.fromkeys(imports):
        if one.module not in modules or not one.name:
            continue
        names = vars(sys.modules[one.module])
        public = names.get("__all__", [name for name in names if not name.startswith("_")])
        for name, bound in [(name, name) for name in public] if one.name == "*" else [(one.name, one.bound)]:
            was = any(namespace.get(bound) is value for value in _past.get((one.module, name), ()))
            if name in names and (was or bound not in namespace):
                namespace[bound] = names[name]
            elif was:
                file = _path(sys.modules[one.module])
                problems.append(_restart(f"{file} has no {name} any more, but this notebook still has the old one"))
    _past.clear()
    return problems


def _path(module: ModuleType) -> str:
    where = Path(module.__file__ or "").resolve()
    return where.relative_to(course.ROOT).as_posix() if where.is_relative_to(course.ROOT) else str(where)


def _restart(told: str) -> Problem:
    return Problem(f"{told}. Restart the kernel for the edit to take effect.")


def _problem(module: ModuleType, error: BaseException, source: bytes | None) -> Problem:
    if isinstance(error, SyntaxError):
        number, message = error.lineno, error.msg
    else:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == module.__file__]
        said = traceback.format_exception_only(error)[0]  # never fails; str(error) may, if its class is the student's
        number, message = frames[-1].lineno if frames else None, said.partition(": ")[2][:1000]
    lines = (source or b"").decode("utf-8", "replace").splitlines()
    place, shown = (f", line {number}", f", in `{lines[number - 1].strip()}`") if number else ("", "")
    told = " ".join(f"{type(error).__name__}: {message}{shown}. The previous version is still in use.".split())
    problem = Problem(f"{_path(module)}{place}: {told}")
    problem.message, problem.where = told, f"{_path(module)}:{number}" if number else _path(module)
    return problem


_changed()  # remembers the contents of the files
