"""Rules for exceptions about variables, attributes and keys that do not exist, with the names that may be meant."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping
from importlib import import_module

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.check import Explanation
from cs231n.tutor.checks.raised.scene import Scene, quoted


def unknown_name(scene: Scene) -> Explanation | None:
    """Explain a variable that does not exist, or that has no value yet."""
    error = scene.error
    if not isinstance(error, NameError):
        return None
    layers = import_module("cs231n.layers")
    name = error.name or ""
    name = name or scene.message.split("'")[1]
    if hasattr(scene.names.get("self"), name):
        return Explanation("self_missing", EVIDENCE["meant"].format(meant=f"self.{name}"))
    if meant := _under_a_key(scene, name):
        return Explanation("key_as_name", EVIDENCE["meant"].format(meant=meant))
    if isinstance(error, UnboundLocalError):
        return Explanation("no_value_yet", EVIDENCE["no_value_yet"].format(name=name))
    if hasattr(layers, name):
        return Explanation("name_unknown", EVIDENCE["import_it"].format(name=name))
    if hasattr(np, name) and any(ast.unparse(call.func) == name for call in scene.nodes(ast.Call)):
        return Explanation("name_unknown", EVIDENCE["meant"].format(meant=f"np.{name}"))
    return Explanation("name_unknown", _meant(name, scene.names))


def _under_a_key(scene: Scene, name: str) -> str:
    """Return an expression such as `config["t"]` if one of the student's dictionaries has the key `name`, else ""."""
    own = {f"self.{one}": value for one, value in getattr(scene.names.get("self"), "__dict__", {}).items()}
    owners = {**scene.names, **own}.items()
    return next((f'{owner}["{name}"]' for owner, found in owners if isinstance(found, dict) and name in found), "")


def _meant(name: str, known: Iterable[str], before: str = "") -> str:
    known = list(known)
    short = [one for one in known if "_" in one and name == "".join(part[:1] for part in one.split("_"))]
    close = short[:1] or difflib.get_close_matches(name, known, 1, 0.7)
    return EVIDENCE["meant"].format(meant=before + close[0]) if close else ""


def unknown_attribute(scene: Scene) -> Explanation | None:
    """Explain an attribute that an object does not have."""
    error = scene.error
    if not isinstance(error, AttributeError) or not error.name or error.obj is None:
        return None
    obj, name = error.obj, error.name
    if isinstance(obj, (tuple, list)) and hasattr(np.ndarray, name):
        return None  # kinds.not_an_array explains it
    if meant := _under_a_key(scene, name):
        return Explanation("key_as_name", EVIDENCE["meant"].format(meant=meant))
    own = obj is scene.names.get("self")
    known = [*vars(obj)] if own else [one for one in dir(obj) if not one.startswith("_")]
    told = _meant(name, [*known, *dir(obj)] if own else known, "np." if obj is np else "")
    if not told and own:
        told = EVIDENCE["has_instead"].format(owner="`self`", names=", ".join(known) or "nothing")
    used = (node.value for node in scene.nodes(ast.Attribute) if node.attr == name)
    kind = EVIDENCE["is_a"].format(what=quoted(next(used, None), "It"), kind=type(obj).__name__)
    return Explanation("attribute_unknown", told or kind)


def missing_key(scene: Scene) -> Explanation | None:
    """Explain a key that a dictionary does not have."""
    if not isinstance(scene.error, KeyError) or not scene.error.args:
        return None
    key = scene.error.args[0]
    for node in scene.nodes(ast.Subscript):
        found = scene.value(node.value)
        if isinstance(found, Mapping) and key not in found and scene.value(node.slice) == key:
            told = _keys(quoted(node.value, "It"), found)
            first = isinstance(key, (int, np.integer)) or _set_later(scene, node)
            return Explanation("key_not_yet" if first else "key_missing", told)
    return Explanation("key_missing")


def _keys(owner: str, found: Mapping) -> str:
    names = ", ".join(map(str, [*found][:8])) or "nothing yet"
    return EVIDENCE["has_instead"].format(owner=owner, names=names)


def _set_later(scene: Scene, used: ast.Subscript) -> bool:
    """Return whether the function also assigns to `used`, an expression such as cache["x"]."""
    stored = (node for node in ast.walk(scene.function or ast.Pass()) if isinstance(node, ast.Subscript))
    return any(isinstance(node.ctx, ast.Store) and ast.unparse(node) == ast.unparse(used) for node in stored)
