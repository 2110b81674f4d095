"""Hints in three levels, given only on request: where to look, the idea, nearly the answer."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from cs231n.tutor import course
from cs231n.tutor.show.card import card
from cs231n.tutor.terminal import Screen

LEVELS = ("where to look", "the idea", "nearly the answer")

_given: dict[str, int] = {}  # exercise -> the last level given in this process


@dataclass(frozen=True)
class Hint:
    """One hint, shown as a card if HTML can be shown; `level` is 1, 2 or 3."""

    name: str
    level: int
    text: str

    def __str__(self) -> str:
        return f"{self.title}\n  {' '.join(self._texts())}"

    __repr__ = __str__

    @property
    def title(self) -> str:
        """The exercise, and the level of the hint."""
        return f"Hint {self.level} of {len(LEVELS)} for {self.name}: {LEVELS[self.level - 1]}"

    def _repr_html_(self) -> str:
        """Return a card."""
        badge = f"Hint {self.level} of {len(LEVELS)}"
        title = f"`{self.name}`: {LEVELS[self.level - 1]}"
        return card("hint", badge, title, [("", text) for text in self._texts()])

    def _texts(self) -> list[str]:
        return [self.text, "(Ask again for more.)"] if self.level < len(LEVELS) else [self.text]


def hint(name: str, level: int | None = None) -> Hint:
    """Return a hint for an exercise; without `level`, the one after the last that was given in this process, up to 3.

    Raises KeyError for an exercise without hints, TypeError for a name that is not a string, and ValueError for a level
    other than 1, 2 or 3.
    """
    course.expect_name(name, "checks.hint")
    if name not in hints():
        meant = course.did_you_mean(name, hints()) or f"There are some for {', '.join(hints())}"
        raise KeyError(f"there are no hints for {name!r}. {meant}")
    if level is None:
        level = min(_given.get(name, 0) + 1, len(LEVELS))
    if level not in range(1, len(LEVELS) + 1):
        raise ValueError(f"the levels of hints are 1 to {len(LEVELS)}, not {level}")
    _given[name] = level
    return Hint(name, level, hints()[name][level - 1])


def hints() -> dict[str, tuple[str, ...]]:
    """Return {exercise: its hints, level by level}, including exercises in notebook cells."""
    return {name: one.hints for name, (_, one) in course.everything().items()}


def lines(found: Hint, screen: Screen) -> list[str]:
    """Return a hint as lines: its title, and its text wrapped to the width of the screen."""
    indent = " " * 4
    return [found.title, *textwrap.wrap(found.text, screen.width - 2, initial_indent=indent, subsequent_indent=indent)]
