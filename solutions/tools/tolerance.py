"""A pytest plugin: compare the numbers that a notebook cell prints with a tolerance, which nbval itself cannot do.

A cell with the tags `nbval-ignore-output` and `numbers-within-0.03` may print numbers that differ by up to 0.03 from
those of the stored output; everything else in it has to agree. Results of training need this: rounding differs between
machines, and its effect grows with every step. `pytest --nbval` without this plugin ignores the output of such a cell.

    pytest --nbval -p solutions.tools.tolerance
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

TAG = re.compile(r"numbers-within-(\d+(?:\.\d+)?)")
NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]*\w)")


def tolerance(tags: Sequence[str]) -> float | None:
    """Return how far the numbers of a cell with these tags may be from the stored ones, or None if no tag says so."""
    found = [TAG.fullmatch(tag) for tag in tags]
    return next((float(match[1]) for match in found if match), None)


def settled(text: str, stored: str, within: float) -> str:
    """Return the stored text if `text` differs from it only in numbers, by at most `within`, and otherwise `text`."""
    if _frame(text) != _frame(stored):
        return text
    pairs = zip(NUMBER.findall(text), NUMBER.findall(stored), strict=True)
    near = all(abs(float(one) - float(other)) <= within for one, other in pairs)
    return stored if near else text


def _frame(text: str) -> list[str]:
    """Return the text around the numbers, without spaces, since a longer number may have fewer spaces before it."""
    return NUMBER.sub("#", text).split()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Make nbval compare the outputs of cells that it would ignore, with their tolerance."""
    for item in items:
        within = tolerance(item.cell.metadata.get("tags", [])) if hasattr(item, "cell") else None
        if within is not None:
            item.options["check"] = True
            item.compare_outputs = _Comparison(item.compare_outputs, within)


class _Comparison:
    """Replaces a cell's compare_outputs(outputs, stored outputs)."""

    def __init__(self, compare: Any, within: float):
        self.compare, self.within = compare, within

    def __call__(self, outputs: list, stored: list, **options: Any) -> bool:
        from nbval.plugin import coalesce_streams  # nbval does this too, but only after this comparison

        outputs = coalesce_streams(outputs)
        if len(outputs) == len(stored):
            for one, other in zip(outputs, stored, strict=True):
                for home, home_stored, key in _texts(one, other):
                    home[key] = settled(home[key], home_stored[key], self.within)
        return self.compare(outputs, stored, **options)


def _texts(one: dict, other: dict) -> Iterator[tuple[dict, dict, str]]:
    """Yield the places of texts in both outputs: (output or its data, the same for the stored output, key)."""
    for home, home_stored in ((one, other), (one.get("data", {}), other.get("data", {}))):
        for key in ("text", "text/plain"):
            if isinstance(home.get(key), str) and isinstance(home_stored.get(key), str):
                yield home, home_stored, key
