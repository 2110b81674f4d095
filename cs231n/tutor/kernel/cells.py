"""The cells of a running notebook: edits take effect before each cell, and unfilled stubs do not stop Run All."""

from __future__ import annotations

import re
import symtable
import sys
import traceback
from types import TracebackType
from typing import Any

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.limits import Limits, text_of
from cs231n.tutor.checks.target import describe_failure, in_cell, is_unfilled
from cs231n.tutor.exercises import names
from cs231n.tutor.kernel import figures, recorded, reload
from cs231n.tutor.show.card import card
from cs231n.tutor.show.verdict import SYMBOLS, WORDS

CHECKED = re.compile(r"""\bchecks\.run\(\s*["'](\w+)""")


class Note:
    """One line shown under a cell, as a card if HTML can be shown; `status` is one that a verdict can have."""

    def __init__(self, text: str, status: str = "todo"):
        self.text, self.status = text, status

    def __repr__(self) -> str:
        return f"{SYMBOLS[self.status]} {self.text}"

    def _repr_html_(self) -> str:
        return card(self.status, f"{SYMBOLS[self.status]} {WORDS[self.status]}", self.text, ())


class UnfilledCells:
    """Replaces the traceback of an unfilled stub, and of NameErrors that follow from it, with one line.

    A cell stopped by an unfilled stub leaves variables unset; if a later cell needs one of them, the line under the
    later cell says what that cell waits for, or which cell to run again. These cells count as run, so that Run All
    continues. Other errors are shown as usual.
    """

    def __init__(self, shell: Any):
        self.shell = shell
        self.cell = ""
        self.waiting: dict[str, str] = {}  # variable that was not set -> the exercise that it waits for, or "this cell"
        self.handled: BaseException | None = None
        self.known: set[str] = set()  # variables that existed before the cell

    def install(self) -> None:
        """Hook into the running kernel; a second call does nothing."""
        if getattr(self.shell, "_cs231n_installed", False):
            return
        self.shell._cs231n_installed = True
        self.shell.set_custom_exc((NotImplementedError, NameError), self._on_error)
        self.shell.events.register("pre_run_cell", self._before)
        self.shell.events.register("post_run_cell", self._after)
        self.shell.events.register("post_run_cell", recorded.Recorder().after)
        figures.start(self.shell)

    def _before(self, info: Any) -> None:
        self.cell, self.handled = info.raw_cell or "", None
        self.known = set(self.shell.user_ns)
        checked = {course.find_exercise(name)[1].file for name in CHECKED.findall(self.cell) if name in names()}
        for problem in Limits().call(lambda: reload.refresh(self.shell.user_ns)):
            if problem.where.partition(":")[0] not in checked:  # otherwise the card shows it
                _show(Note(problem, "error"))

    def _on_error(self, shell: Any, kind: type, error: BaseException, tb: TracebackType, tb_offset=None) -> None:
        note = self._unfilled(error) if isinstance(error, NotImplementedError) else self._missing(error)
        if note is None:
            shell.showtraceback((kind, error, tb), tb_offset=tb_offset)
            return
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")  # otherwise an unfinished figure would be shown
        _show(Note(note))
        self.handled = error

    def _unfilled(self, error: NotImplementedError) -> str | None:
        if not is_unfilled(error):
            return None
        failure, exercise = describe_failure(error), text_of(error).partition(":")[0]
        if exercise != "this cell":
            exercise = exercises.session().part_of(failure) if failure.todo else exercise
        self._remember(exercise)
        if exercise == "this cell":
            return "This cell is not written yet: see the TODO in it."
        where = failure.where.replace(":", ", line ") or "see the TODO in the cell that defines it"
        return f"{exercise} is not written yet: {where}"

    def _missing(self, error: BaseException) -> str | None:
        name = getattr(error, "name", None)
        if name not in self.waiting or not _raised_in_a_cell(error):
            return None
        exercise = self.waiting[name]
        self._remember(exercise)
        if exercise in course.exercises() and exercises.run(exercise).status == "pass":
            return f"This cell needs {name}: {exercise} is written now, so run the cell above that sets {name}."
        source = "a cell above that is not written yet" if exercise == "this cell" else exercise
        return f"This cell needs {name}, which waits for {source}."

    def _remember(self, exercise: str) -> None:
        """Remember the names that the stopped cell would have set, and delete those that it has set.

        These are the names that the cell assigns and, if the student has to write the cell, the names in its comments,
        since its TODO mentions them. Names that existed before the cell are left alone.
        """
        asked = set(re.findall(r"\b[A-Za-z_]\w*", " ".join(re.findall(r"(?m)^\s*#.*$", self.cell))))
        for name in _assigned(self.cell) | (asked if exercise == "this cell" else set()):
            if name not in self.known:
                self.shell.user_ns.pop(name, None)
                self.waiting[name] = exercise

    def _after(self, result: Any) -> None:
        if self.handled is not None and result.error_in_exec is self.handled:
            result.error_in_exec = None


def _show(note: Note) -> None:
    from IPython.display import display

    display(note)


def _raised_in_a_cell(error: BaseException) -> bool:
    """Return whether the line that raised an exception is in a cell of the notebook, and not in a file."""
    return in_cell(traceback.extract_tb(error.__traceback__)[-1].filename)


def _assigned(cell: str) -> set[str]:
    """Return the names that a cell assigns at its top level, except by imports; none if the cell cannot be parsed."""
    try:
        symbols = symtable.symtable(cell, "<cell>", "exec").get_symbols()
    except SyntaxError:
        return set()
    return {one.get_name() for one in symbols if one.is_assigned() and not one.is_imported()}


def start() -> None:
    """Hook into the running kernel; does nothing if there is none."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        reload.refresh()
        UnfilledCells(shell).install()
