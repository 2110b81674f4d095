"""Find what distinguishes the inputs of wrong cases from those of right cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from cs231n.tutor.checks.causes import EVIDENCE
from cs231n.tutor.checks.diagnosis.sample import quantities

OF_IMAGES = {"H", "W", "HH", "WW"}  # sizes whose equality with a number of examples or channels is a coincidence


def shared(wrong: Sequence[Mapping[str, Any]], right: Sequence[Mapping[str, Any]], axes: Mapping[str, str]) -> str:
    """Return a sentence about one or two traits that all wrong cases and no right ones have, or the reverse; or ""."""
    if not wrong or not right:
        return ""
    few, many, key = (wrong, right, "wrong_with") if len(wrong) <= len(right) else (right, wrong, "right_with")
    have = [traits(inputs, axes) for inputs in few]
    lack = [traits(inputs, axes) for inputs in many]
    common = [trait for trait in have[0] if all(trait in other for other in have)]
    telling = [trait for trait in common if not any(trait in other for other in lack)]
    if not 0 < len(telling) <= 2:
        return ""
    return EVIDENCE[key].format(trait=" and ".join(telling), few=len(few), all=len(few) + len(many))


def traits(inputs: Mapping[str, Any], axes: Mapping[str, str]) -> list[str]:
    """Return the traits of the inputs of a case, each as a short equation or phrase."""
    numbers = quantities(inputs, axes)
    found = []
    for name, number in numbers.items():
        whole = number == int(number) if np.isfinite(number) else False
        found += [f"{name} = {int(number)}"] if whole and number <= 2 else []
        found += [f"{name} > 1"] if whole and number > 1 else []
        found += [f"{name} > 0"] if number > 0 and not name.isupper() else []
    sizes = [name for name in numbers if name.isupper()]
    for a, b in combinations(sizes, 2):
        if numbers[a] == numbers[b] and (a in OF_IMAGES) == (b in OF_IMAGES):
            found.append(f"{a} = {b}")
        elif {a, b} in ({"H", "W"}, {"HH", "WW"}):
            found.append(f"{a} ≠ {b}")
    found += _of_windows(numbers)
    return found + [trait for name, value in inputs.items() if np.ndim(value) for trait in _of_array(name, value)]


def _of_windows(numbers: Mapping[str, float]) -> list[str]:
    """Return the traits of the windows of a pooling layer, or of the filters of a convolution."""
    names = ("pool_height", "pool_width") if "pool_height" in numbers else ("HH", "WW")
    if not {"H", "W", "stride", *names} <= set(numbers):
        return []
    height, width = (numbers[name] for name in names)
    left = [numbers[size] + 2 * numbers.get("pad", 0) - extent for size, extent in (("H", height), ("W", width))]
    found = [f"{names[0]} {'=' if height == width else '≠'} {names[1]}"] if names[0] == "pool_height" else []
    found += ["windows that overlap"] if numbers["stride"] < max(height, width) else []
    return found + (["a remainder"] if any(room % numbers["stride"] for room in left) else [])


def _of_array(name: str, value: Any) -> list[str]:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or not array.size:
        return []
    found = [f"{array.dtype} {name}"] if array.dtype in (np.float32, np.int32, np.uint8) else []
    found += [f"{name} with {array.ndim} {'axis' if array.ndim == 1 else 'axes'}"]
    if array.dtype.kind == "f":
        finite = array[np.isfinite(array)]
        found += [f"numbers above 500 in {name}"] if np.any(np.abs(finite) > 500) else []
        found += [f"zeros in {name}"] if np.any(array == 0) else []
    elif array.size > 1 and np.all(array == array.flat[0]):
        found.append(f"all {name} equal")
    return found
