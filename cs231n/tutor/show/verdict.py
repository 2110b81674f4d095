"""A verdict: pass, fail, todo or error, and sentences on what is wrong, where, by how much, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cs231n.tutor import course, faults
from cs231n.tutor.show.card import card

if TYPE_CHECKING:
    from cs231n.tutor.show.picture import Difference

SYMBOLS = {"pass": "✓", "fail": "✗", "todo": "○", "error": "!"}
WORDS = {"pass": "passed", "fail": "not right yet", "todo": "to do", "error": "does not run"}


@dataclass(frozen=True)
class Verdict:
    """The result of the check of one exercise.

    `message` describes what was found; `cause` is the likely mistake, if one was recognised; `cause_id` is its id in
    the catalogue of causes; `also` is a second observation that is not a cause; `advice` is for code that is right but
    fragile; `where` is the place to open, usually file:line; `waits_for` names the exercise that must be right first;
    `difference` is the wrong output, for a picture.
    """

    name: str
    status: str
    message: str = ""
    cause: str = ""
    cause_id: str = ""
    advice: str = ""
    where: str = ""
    assignment: str = ""
    points: int = 0
    out_of: int = 0
    waits_for: str = ""
    also: str = ""
    difference: Difference | None = field(default=None, compare=False)

    @property
    def word(self) -> str:
        """The state in a few words."""
        return "waits" if self.waits_for else WORDS[self.status]

    @property
    def wrong(self) -> bool:
        """Whether the status is "fail" or "error"."""
        return self.status in ("fail", "error")

    @property
    def state(self) -> str:
        """The state with its symbol."""
        return f"{SYMBOLS[self.status]} {self.word}"

    @property
    def story(self) -> list[tuple[str, str]]:
        """All details, as (label, text): what is wrong, the cause, what else was observed, advice, where to look."""
        labelled = (
            ("", self.message),
            ("Likely: ", self.cause),
            ("Also: ", self.also),
            ("Advice: ", self.advice),
            ("Open: ", self.where),
        )
        return [(label, text) for label, text in labelled if text]

    def as_row(self) -> dict[str, Any]:
        """Return the verdict as a dict for JSON, without `difference`."""
        row = asdict(replace(self, difference=None))
        del row["difference"]
        return row

    def __str__(self) -> str:
        head = f"{SYMBOLS[self.status]} {self.name}: {self.word}"
        head += f" ({self.points}/{self.out_of} points)" if self.out_of else ""
        return "\n".join([head, *(f"  {label}{text}" for label, text in self.story)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return the verdict as a card, with a picture if that helps."""
        score = f" · {self.points}/{self.out_of} points" if self.out_of else ""
        lines = [*self.story, *[(label, text) for label, text in [_next_step(self)] if text]]
        return card(self.status, self.state, f"`{self.name}`{score}", lines, self._picture())

    def _picture(self) -> tuple[bytes, str] | None:
        if self.difference is None:
            return None
        from cs231n.tutor.show import picture  # imported here: it loads numpy, which printing does not need

        with faults.noted(f"drawing {self.name}"):  # if the array cannot be drawn, the text is still shown
            if picture.says_more(self.difference):
                return picture.draw(self.difference), picture.words(self.difference)
        return None


def _next_step(verdict: Verdict) -> tuple[str, str]:
    """Return (label, text) of the line that says what to do next; ("", "") if the course has no such exercise."""
    try:
        assignment, exercise = course.find_exercise(verdict.name)
    except KeyError:
        return "", ""
    if verdict.status != "pass":
        name = verdict.waits_for or verdict.name
        return "Stuck? ", f'`checks.hint("{name}")` in a cell gives a hint.'
    here = [one for one in assignment.asked if one.notebook == exercise.notebook]
    following = here[here.index(exercise) + 1 :]
    return "Next: ", "read on below" + (f"; `{following[0].name}` comes next." if following else ".")
