"""After an edit, give existing functions and classes their new code, in place, wherever they are kept.

So a function that is kept in a `functools.partial`, a dict, a default argument or a bound method runs the new code, and
so do subclasses and existing objects. A class remains the same class: `isinstance` and `super()` continue to work. Some
changes cannot be made in place, for example if a function now uses other variables of the function around it.
"""

from __future__ import annotations

import abc
import contextlib
import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import CellType, CodeType, FunctionType, MemberDescriptorType, ModuleType
from typing import Any

OF_A_FUNCTION = 0x01  # CO_OPTIMIZED: a flag that the code of a function has, and the code of a class body does not
OF_THE_LAYOUT = ("__dict__", "__weakref__")  # entries of a class that cannot be set
KINDS = (type, abc.ABCMeta)  # metaclasses whose classes can be changed


@dataclass(frozen=True)
class Reloaded:
    """A module whose source was run again: its names and values before that, and the compiled source."""

    module: ModuleType
    before: Mapping[str, Any]
    code: CodeType


def living(modules: Iterable[ModuleType]) -> dict[str, tuple[Any, ...]]:
    """Return {module name: all existing functions and classes that the module's source has created}."""
    names = {id(vars(module)): (module.__name__, vars(module)) for module in modules}
    found: dict[str, list[Any]] = {name: [] for name, _ in names.values()}
    one: Any
    for one in gc.get_referrers(*(namespace for _, namespace in names.values())):
        if type(one) is FunctionType and id(one.__globals__) in names:
            found[names[id(one.__globals__)][0]].append(one)
    for kind in _all_classes():
        if str(getattr(kind, "__module__", "")) in found:
            found[kind.__module__].append(kind)
    return {name: tuple(ones) for name, ones in found.items()}  # tuples: `_redirect` changes lists


def _all_classes() -> list[type]:
    """Return all existing classes."""
    found: dict[int, type] = {id(object): object}
    waiting: list[type] = [object]
    while waiting:
        subclasses: list[type] = type.__subclasses__(waiting.pop())
        below = {id(one): one for one in subclasses if id(one) not in found}
        found |= below
        waiting += below.values()
    return list(found.values())


def renew(modules: Sequence[Reloaded], old: Mapping[str, tuple[Any, ...]]) -> list[tuple[ModuleType, str]]:
    """Give the functions and classes in `old`, which `living` returned before the reload, their new code.

    An old and a new object belong together if they have the same qualified name. Returns (module, name) of each class
    that cannot be changed; the module then contains the new class.
    """
    now = living(one.module for one in modules)
    pairs: dict[type, type] = {}  # new class -> the old one, which is kept
    added = []
    for one in modules:
        name, earlier = one.module.__name__, {id(made) for made in old[one.module.__name__]}
        kept = _classes(old[name], one.before, name)
        for made in old[name]:  # importlib.reload or autoreload may have left several versions of a class
            if isinstance(made, type) and kept[made.__qualname__] is not made:
                _redirect(made, kept[made.__qualname__])
        for new in _classes((made for made in now[name] if id(made) not in earlier), vars(one.module), name).values():
            if new.__qualname__ not in kept:
                added.append(new)
            elif kept[new.__qualname__] is not new:
                pairs[new] = kept[new.__qualname__]
    failed = [new for new, before in pairs.items() if not (_same_kind(before, new) and _set_bases(before, new, pairs))]
    for new in failed:
        del pairs[new]
    for new in (*added, *failed):
        _set_bases(new, new, pairs)
    for new, before in pairs.items():
        _redirect(new, before)
        _renew_class(before, new)
    for one in modules:
        fresh = {made.__qualname__: made for made in now[one.module.__name__] if isinstance(made, FunctionType)}
        sources = dict(_codes(one.code))
        for made in old[one.module.__name__]:
            if isinstance(made, FunctionType) and made.__qualname__ in sources:
                _renew_function(made, sources[made.__qualname__], fresh.get(made.__qualname__))
    return [(sys.modules[new.__module__], new.__qualname__) for new in failed]


def _classes(made: Iterable[Any], names: Mapping[str, Any], module: str) -> dict[str, type]:
    """Return {qualified name: class} for the classes of a module; if several have one name, prefer that in `names`."""
    named = [one for one in names.values() if isinstance(one, type) and one.__module__ == module]
    return {one.__qualname__: one for one in (*made, *named) if isinstance(one, type)}


def _codes(code: CodeType, prefix: str = "") -> Iterator[tuple[str, CodeType]]:
    """Yield (qualified name, code) of the functions in compiled source, except lambdas and comprehensions."""
    for one in code.co_consts:
        if isinstance(one, CodeType):
            name = prefix + one.co_name
            if one.co_flags & OF_A_FUNCTION and not one.co_name.startswith("<"):
                yield name, one
            yield from _codes(one, name + (".<locals>." if one.co_flags & OF_A_FUNCTION else "."))


def _renew_function(old: FunctionType, code: CodeType, new: FunctionType | None) -> None:
    if old.__code__.co_freevars != code.co_freevars:  # the closures differ, so it cannot get this code
        return
    old.__code__ = code
    if new is not None:
        old.__defaults__, old.__kwdefaults__, old.__doc__ = new.__defaults__, new.__kwdefaults__, new.__doc__
        vars(old).update(vars(new))


def _same_kind(old: type, new: type) -> bool:
    """Return whether two classes have the same metaclass, one of KINDS, and the same __slots__."""
    return type(old) is type(new) and type(old) in KINDS and vars(old).get("__slots__") == vars(new).get("__slots__")


def _renew_class(old: type, new: type) -> None:
    for name in vars(old).keys() - vars(new).keys() - set(OF_THE_LAYOUT):
        delattr(old, name)
    for name, value in list(vars(new).items()):
        if name not in OF_THE_LAYOUT and not isinstance(value, MemberDescriptorType):
            setattr(old, name, value)


def _set_bases(old: type, new: type, pairs: Mapping[type, type]) -> bool:
    """Give `old` the bases of `new`, but pairs[base] instead of a base in `pairs`; return whether that worked."""
    bases = tuple(pairs.get(base, base) for base in new.__bases__)
    with contextlib.suppress(TypeError):  # the layouts differ
        if old.__bases__ != bases:
            old.__bases__ = bases
    return old.__bases__ == bases


def _redirect(given_up: type, kept: type) -> None:
    """Replace references to the class `given_up` with references to `kept`, where that is possible.

    This is possible in the values of dicts (such as the names of a module), in lists, in the cells of closures (such as
    the one that `super()` uses), and in most objects of the class `given_up`, but not in tuples and sets.
    """
    for one in gc.get_referrers(given_up):
        if isinstance(one, CellType):
            one.cell_contents = kept
        elif type(one) is dict or type(one) is list:  # no comprehension: it would keep given_up in a cell
            for key, value in list(one.items() if type(one) is dict else enumerate(one)):
                if value is given_up:
                    one[key] = kept
        elif type(one) is given_up:
            with contextlib.suppress(TypeError):  # the layouts differ
                one.__class__ = kept
