"""A list of a notebook's cells: what the student has added in each, and which question it belongs to, if any.

Each cell is compared with the original notebook of the kit. Text that is not in the original was written by the
student, whether it is in the cell meant for the answer, in a new one, or in a given one. Several cells may belong to
one question: its own, the one that is meant for its answer, and the new cells after either of them, up to the next
given cell. A question is listed even if its own cell was deleted.
"""

from __future__ import annotations

import difflib
import functools
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cs231n.tutor import course
from cs231n.tutor.originals import DamagedOriginalsError, originals
from cs231n.tutor.submission import read
from cs231n.tutor.submission.files import UnfitFileError
from cs231n.tutor.submission.read import Cell, Notebook

QUESTION, ANSWER, NAME = "question", "answer", "name"  # tags of cells
ANSWER_LINE = "*Your answer:*"  # the text of an answer cell before the student writes in it
PROMPT = re.compile(r"^\*Your (?:answer|name[^*\n]*):\*", re.M)
SAID = re.compile("[#\"']")  # begins a comment or a string
SURE = 20  # a first line with at least this many characters identifies a cell
LEAST = 0.3  # the share of the given cells that a notebook must contain to be compared with its original


@dataclass(frozen=True)
class Item:
    """A cell, the given cell that it was made from (None if the student added it), and the student's own text in it."""

    cell: Cell
    given: Cell | None
    written: str

    @property
    def own(self) -> bool:
        """Whether the student made the cell, or something in it."""
        return self.given is None or bool(self.written or self.cell.attachments)

    @property
    def answers(self) -> bool:
        """Whether the cell may be an answer: it has attached pictures, or text of the student's own.

        Code in a new cell counts only if it has a comment or a string, or is not valid Python.
        """
        return bool(
            self.cell.attachments or (self.written and (self.given or _says_something(self.cell.kind, self.written)))
        )


@dataclass(frozen=True)
class Question:
    """A question of a notebook: its number, its original cell, the cells that belong to it, and where it is shown."""

    number: int  # among the questions, from 1
    cell: Cell
    items: tuple[Item, ...]
    place: int  # the number of the cell with which it is shown
    deleted: bool = False  # its cell is not in the notebook any more

    @property
    def answered(self) -> bool:
        """Whether one of the cells that belong to it may be an answer."""
        return any(item.answers for item in self.items)


@dataclass(frozen=True)
class Inventory:
    """The cells of a notebook, and its questions, each with the cells that belong to it."""

    items: tuple[Item, ...]
    questions: tuple[Question, ...]

    @property
    def others(self) -> list[Item]:
        """The cells that belong to no question."""
        taken = {item.cell.number for question in self.questions for item in question.items}
        return [item for item in self.items if item.cell.number not in taken]

    @property
    def name(self) -> str:
        """The text in the field for the student's name, on one line."""
        fields = (item.written for item in self.items if item.given and NAME in item.given.tags)
        return " ".join(" ".join(fields).split())


def take(notebook: Notebook) -> Inventory:
    """Return the inventory of a notebook."""
    given = _original(notebook.name)
    matched = _matched(notebook.cells, given)
    if len(matched) < LEAST * len(given) or not given:  # another edition, or not the kit's: use its tags only
        given, matched = notebook.cells, {cell.number: cell for cell in notebook.cells}
    items = [_item(cell, matched.get(cell.number)) for cell in notebook.cells]
    owners = _owners(items, given, {cell.number for cell in matched.values()})
    asked = [cell for cell in given if QUESTION in cell.tags]
    found = {item.given.number: item for item in items if item.given}
    questions = []
    for number, cell in enumerate(asked, 1):
        parts = tuple(item for item in items if owners[item.cell.number] == cell.number)
        at = found[cell.number].cell if cell.number in found else None
        # A deleted question is shown where its answer is, or else after the given cell that it followed.
        before = (found[earlier].cell.number for earlier in range(cell.number, 0, -1) if earlier in found)
        place = at.number if at else min((item.cell.number for item in parts), default=next(before, 0))
        questions.append(Question(number, cell, parts, place, deleted=at is None))
    return Inventory(tuple(items), tuple(questions))


@functools.cache
def _original(name: str) -> Sequence[Cell]:
    """Return the cells of the original notebook in the kit, or () if there is none or it cannot be read."""
    try:
        return read.parse(name, originals()[name]).cells
    except (KeyError, DamagedOriginalsError, UnfitFileError):
        return ()


def _matched(cells: Sequence[Cell], given: Sequence[Cell]) -> dict[int, Cell]:
    """Return {number of a cell: the given cell that it was made from}: by its id, its text, or its first line."""
    matched: dict[int, Cell] = {}
    for key in (lambda cell: cell.id or "", lambda cell: cell.source.strip(), _first_line):
        taken = {cell.number for cell in matched.values()}
        free = {key(cell): cell for cell in reversed(given) if cell.number not in taken and not _is_blank(key(cell))}
        for cell in cells:
            if cell.number not in matched and (was := free.pop(key(cell), None)):
                matched[cell.number] = was
    return matched


def _is_blank(key: str) -> bool:
    return not key or key == ANSWER_LINE


def _first_line(cell: Cell) -> str:
    first = cell.source.strip().partition("\n")[0]
    return first if len(first) >= SURE else ""


def _item(cell: Cell, given: Cell | None) -> Item:
    if given is None or ANSWER in (*given.tags, *cell.tags):
        return Item(cell, given, PROMPT.sub("", cell.source).strip())
    return Item(cell, given, _added(cell.source, given.source))


def _says_something(kind: str, text: str) -> bool:
    """Return whether text is more than an experiment: code with a comment or a string, or no code at all."""
    return kind != "code" or bool(SAID.search(text)) or course.parsed(text) is None


def _added(text: str, original: str) -> str:
    """Return the lines of a text that its original does not have."""
    if text.strip() == original.strip():
        return ""
    ours, theirs = [[line.rstrip() for line in one.splitlines()] for one in (text, original)]
    blocks = difflib.SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes()
    added = ["\n".join(ours[start:end]) for how, _, _, start, end in blocks if how in ("insert", "replace")]
    return PROMPT.sub("", "\n".join(added)).strip()


def _owners(items: Sequence[Item], given: Sequence[Cell], present: set[int]) -> Mapping[int, int]:
    """Return {number of a cell: number of the given cell with the question that it belongs to, or 0}.

    A new cell belongs to the same question as the given question or answer before it. After any other given cell, it
    belongs to the question whose own or answer cell was deleted right after that one, if any.
    """
    asked = [*itertools.accumulate((cell.number if QUESTION in cell.tags else 0 for cell in given), max)]
    answers = {cell.number: asked[at] for at, cell in enumerate(given) if {QUESTION, ANSWER} & {*cell.tags}}
    gone: dict[int, int] = {}  # a given cell -> the question whose own or answer cell is missing right after it
    for cell in reversed(given):
        if cell.number not in present:
            gone[cell.number - 1] = answers.get(cell.number) or gone.get(cell.number, 0)
    owners: dict[int, int] = {}
    before = 0
    for item in items:
        if item.given:
            before = item.given.number
            owners[item.cell.number] = answers.get(before, 0)
        else:
            owners[item.cell.number] = answers.get(before) or gone.get(before, 0)
    return owners
