"""What a saved file may have changed: the exercises whose own code is new, and those that build on them."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from cs231n.tutor import course


def exercises(file: str, before: str, after: str) -> set[str]:
    """Return the names of the exercises in `file` that may behave differently now, without those that build on them.

    Where only functions that are exercises changed it is these; where anything else did, all exercises of the file.
    """
    own = {name: exercise for name, (_, exercise) in course.exercises().items() if exercise.file == file}
    try:
        old, new = _parts(before), _parts(after)
    except (SyntaxError, ValueError):
        return set(own)
    changed = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
    stubs = {exercise.function or name for name, exercise in own.items()}  # methods may be listed by their name alone
    if not all(place in stubs or place.rpartition(".")[2] in stubs for place in changed):
        return set(own)
    found = {name for name, one in own.items() if changed & _places(one.function or name, old.keys() | new.keys())}
    return found | _callers(found, own, new)


def _places(function: str, known: Iterable[str]) -> set[str]:
    return {place for place in known if function in (place, place.rpartition(".")[2])}


def with_dependents(names: Iterable[str]) -> list[str]:
    """Return exercises and all that build on them, directly or not, in working order."""
    found, everything = set(names), course.exercises()
    while more := {name for name, (_, one) in everything.items() if name not in found and found & set(one.needs)}:
        found |= more
    return [name for name in everything if name in found]


def _parts(source: str) -> dict[str, str]:
    """Return {"function" or "Class.method": what it says}; all that is in none of them stands under ""."""
    tree = ast.parse(source)
    parts = {}
    for home in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        for node in [node for node in home.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]:
            parts[f"{home.name}.{node.name}" if home is not tree else node.name] = ast.dump(node)
            home.body.remove(node)
    return {**parts, "": ast.dump(tree)}


def _callers(changed: set[str], own: dict[str, course.Exercise], parts: dict[str, str]) -> set[str]:
    """Return the exercises of the same file that name a changed one, or one that does."""
    called = {name: (exercise.function or name).rpartition(".")[2] for name, exercise in own.items()}
    code = {name: parts.get(exercise.function or name, "") for name, exercise in own.items()}
    found = set(changed)
    while more := {
        name
        for name in own.keys() - found
        if any(f"'{called[one]}'" in code[name] for one in found)  # as an identifier in the dumped tree
    }:
        found |= more
    return found
