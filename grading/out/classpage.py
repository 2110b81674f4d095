"""The class page: marks, how many students pass each exercise, frequent mistakes, and how long grading took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from cs231n.tutor.terminal import plain
from grading.marks import Item, Mark
from grading.out import words
from grading.out.feedback import templates

ORDER = ("pass", "fail", "error", "todo", "other")
MOST = 15  # at most this many causes and exercises are listed
BINS = 10


@dataclass(frozen=True)
class Exercise:
    """How a class did in one exercise: {status: number of students}, the most frequent causes, and the median time."""

    name: str
    counts: Mapping[str, int]
    causes: Sequence[tuple[str, int]]
    seconds: float

    @property
    def students(self) -> int:
        """The number of students counted."""
        return sum(self.counts.values())

    def share(self, status: str = "pass") -> float:
        """Return the share of the students with a status, in percent."""
        return 100 * self.counts.get(status, 0) / self.students if self.students else 0


def exercises(marks: Sequence[Mark], times: Mapping[str, Mapping[str, float]]) -> list[Exercise]:
    """Return how the class did in each exercise, in course order."""
    found = []
    for name in dict.fromkeys(item.name for mark in marks for item in mark.items):
        items = [item for mark in marks for item in mark.items if item.name == name]
        counts = Counter(item.status if item.status in ORDER else "other" for item in items)
        causes = [(cause, count) for _, cause, count in frequent_causes(items)[:3]]
        seconds = [time[name] for time in times.values() if name in time]
        found.append(Exercise(name, counts, causes, median(seconds) if seconds else 0))
    return found


def frequent_causes(items: Iterable[Item]) -> list[tuple[str, str, int]]:
    """Return (exercise, description, number of students) for each likely mistake, the most frequent first.

    A description may contain numbers that differ between students, so mistakes are counted by their id.
    """
    wrong = [item for item in items if item.status in ("fail", "error") and item.record.get("cause")]
    counts = Counter((item.name, str(item.record["cause"])) for item in wrong)
    told = {
        (item.name, str(item.record["cause"])): plain(str(item.record.get("hint") or "")) for item in reversed(wrong)
    }
    return [(name, told[name, cause] or plain(cause), count) for (name, cause), count in counts.most_common()]


def page(marks: Sequence[Mark], times: Mapping[str, Mapping[str, float]], assignment: str, notice: str = "") -> str:
    """Return the page as HTML, with its figures as inline SVG."""
    found = exercises(marks, times)
    known = [mark for mark in marks if mark.total is not None]
    whole = [time[""] for time in times.values() if time.get("")]
    return (
        templates()
        .get_template("classpage.html")
        .render(
            assignment=assignment,
            notice=notice,
            words=words,
            order=ORDER,
            exercises=found,
            failed=sorted((one for one in found if one.share() < 100), key=lambda one: one.share())[:MOST],
            causes=frequent_causes(item for mark in marks for item in mark.items)[:MOST],
            bins=histogram([100 * one.total / one.maximum for one in known if one.total is not None and one.maximum]),
            states=", ".join(
                f"{count} {state}" for state, count in Counter(mark.status for mark in marks).most_common()
            ),
            students=len(marks),
            median=median(one.total for one in known if one.total is not None) if known else None,
            maximum=max((one.maximum for one in known), default=0),
            seconds=median(whole) if whole else 0,
            together=_duration(sum(whole)),
        )
    )


def _duration(seconds: float) -> str:
    for most, unit, length in ((120, "s", 1), (7200, "min", 60)):
        if seconds < most:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 3600:.1f} h"


def histogram(percents: Sequence[float]) -> list[int]:
    """Return how many of these percentages are in each tenth from 0 to 100; larger ones are in the last tenth."""
    counts: list[Any] = [0] * BINS
    for one in percents:
        counts[min(BINS - 1, int(one * BINS / 100))] += 1
    return counts
