"""A verdict: pass, fail, todo or error, and in words what, where, how far off and why."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass

SYMBOLS = {"pass": "✓", "fail": "✗", "todo": "○", "error": "!"}
WORDS = {"pass": "passed", "fail": "not right yet", "todo": "to do", "error": "does not run"}
COLOURS = {"pass": "#0072B2", "fail": "#D55E00", "todo": "#7F7F7F", "error": "#CC79A7"}  # colour-blind safe


@dataclass(frozen=True)
class Verdict:
    """What is known about one exercise after its check has run.

    `message` says what was found, `cause` names the likely mistake ("" when the evidence is not exact), `cause_id`
    is its key in causes.py, `advice` is for what is right but fragile, `where` is file:line to open.
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

    def as_row(self) -> dict:
        """Return the verdict as one JSON-ready row."""
        return asdict(self)

    def __str__(self) -> str:
        head = f"{SYMBOLS[self.status]} {self.name}: {WORDS[self.status]}"
        head += f" ({self.points}/{self.out_of} points)" if self.out_of else ""
        return "\n".join([head, *(f"  {label}{text}" for label, text in self._lines())])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """Return a card that reads in light and dark themes and without colours."""
        colour = COLOURS[self.status]
        score = f" · {self.points}/{self.out_of} points" if self.out_of else ""
        lines = "".join(
            f'<div style="margin-top:2px">{html.escape(label)}{html.escape(text)}</div>'
            for label, text in self._lines()
        )
        return (
            f'<div style="border-left:4px solid {colour};padding:4px 10px;margin:2px 0">'
            f'<span style="color:{colour};font-weight:bold">{SYMBOLS[self.status]} {WORDS[self.status]}</span> '
            f"<code>{html.escape(self.name)}</code>{score}{lines}</div>"
        )

    def _lines(self) -> list[tuple[str, str]]:
        labelled = (("", self.message), ("Likely: ", self.cause), ("Advice: ", self.advice), ("Open: ", self.where))
        return [(label, text) for label, text in labelled if text]
