"""`python -m cs231n validate [assignment]`: the checks, and every notebook from top to bottom, on copies.

What is there stays as it is: the package is copied to a folder of its own and the notebooks run there, on the stand-in,
so that it takes minutes and the same images everywhere. A cell must run, whatever it prints. Cells that nbval would
skip or let raise an exception, by a tag or a comment, are excused here too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cs231n.tutor import course
from cs231n.tutor.commands.options import add_cell_limits, cell_limits
from cs231n.tutor.terminal import Screen

if TYPE_CHECKING:
    from cs231n.tutor.submission.read import Cell
    from cs231n.tutor.submission.run import CellLimits, Ticker

SHOWN = 3  # stopped cells of a notebook told one by one: one mistake stops many
GOOD, WRONG, CANNOT = 0, 1, 2


@dataclass(frozen=True)
class Run:
    """What became of one notebook: how many code cells it has, those that stopped as (number, line, why), seconds."""

    cells: int = 0
    stopped: tuple[tuple[int, str, str], ...] = ()
    seconds: float = 0
    problem: str = ""  # why no cell ran at all

    @property
    def good(self) -> bool:
        """Whether all of it ran."""
        return not (self.stopped or self.problem)


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb; it sets `func`: the arguments in, an exit code out."""
    verb = subparsers.add_parser(
        "validate",
        help="run the checks and, on copies, the notebooks from top to bottom",
        description="Check the exercises and run the notebooks from top to bottom: on copies, on the stand-in. "
        "Exit code 0: nothing is wrong (something may be left to do).",
    )
    names = [one.name for one in course.ASSIGNMENTS]
    verb.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help=f"{' or '.join(names)} (default: all)")
    add_cell_limits(verb)
    verb.set_defaults(func=validate)


def validate(args: argparse.Namespace) -> int:
    """Validate assignments; return the exit code."""
    from cs231n.data.standin import ensure
    from cs231n.tutor.checks import isolated
    from cs231n.tutor.checks.oracle import DamagedKitError
    from cs231n.tutor.show import table
    from cs231n.tutor.submission import files
    from cs231n.tutor.submission.privacy import plain
    from cs231n.tutor.submission.run import Ticker

    known = {one.name: one for one in course.ASSIGNMENTS}
    names = list(dict.fromkeys(args.assignments or known))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No assignment is called {', '.join(unknown)}. There is {', '.join(known)}.", file=sys.stderr)
        return CANNOT
    screen, begin = Screen(sys.stdout), time.monotonic()
    exercises = [exercise.name for name in names for exercise in known[name].exercises]
    ticker, runs = Ticker(screen), {}
    try:
        verdicts = table.write_table(isolated.verdicts(exercises))
        images = ensure(say=screen.line)
        screen.line("\nNotebooks, from top to bottom, on copies and on the stand-in")
        books = [f"{name}/{stem}" for name in names for stem in known[name].notebooks]
        for book, runs[book] in run_all(books, images, cell_limits(args), ticker):
            ticker.show()
            for line in _lines(book, runs[book]):
                screen.line(line)
    except BrokenPipeError:
        raise
    except (DamagedKitError, OSError, RuntimeError) as error:
        why = plain(files.words(error) if isinstance(error, OSError) else str(error))
        print(f"\nIt could not be validated to its end: {why}", file=sys.stderr)
        return CANNOT
    return _conclude(verdicts, runs, time.monotonic() - begin, screen)


def run_all(books: list[str], images: Path, limits: CellLimits, ticker: Ticker) -> Iterator[tuple[str, Run]]:
    """Run notebooks ("assignment1/knn") with a copy of the package and the data of a folder; yield what became of each.

    `ticker` shows how far each has come.
    """
    from cs231n.tutor import processes
    from cs231n.tutor.submission import files, read, trial
    from cs231n.tutor.submission.run import run_notebook

    with tempfile.TemporaryDirectory(prefix="cs231n-", ignore_cleanup_errors=True) as folder:
        environment = processes.environment(trial.lay_out({}, Path(folder))) | {"CS231N_DATA": str(images)}
        for name in books:
            path, begin = f"assignments/{name}.ipynb", time.monotonic()
            if not (course.ROOT / path).is_file():
                yield name, Run(problem=f"{path} is not there: python -m cs231n reset {name}")
                continue
            try:
                data = files.read(course.ROOT, path)
                book = read.parse(path, data)
            except files.UnfitFileError as error:
                yield name, Run(problem=f"this is no notebook file: it {error.reason}")
                continue
            lines = {0: "", **{cell.number: cell.source.strip().partition("\n")[0] for cell in book.cells}}
            for cell in book.cells:
                excuse(cell)
            _, stopped = run_notebook(data, book, environment, limits, ticker.of(name), go_on=True)
            problem = next((str(one) for one in stopped if not one.cell), "")
            told = tuple((one.cell, lines[one.cell], one.why.removeprefix("raised ")) for one in stopped)
            code = sum(cell.kind == "code" for cell in book.cells)
            yield name, Run(code, told, time.monotonic() - begin, problem)


def excuse(cell: Cell) -> None:
    """Empty a cell that nbval would skip, and let one raise an exception that nbval would let raise one."""
    lines = map(str.strip, cell.source.splitlines())
    marks = {*cell.tags, *(line.lstrip("#").strip() for line in lines if line.startswith("#"))}
    if marks & {"nbval-skip", "NBVAL_SKIP"}:
        cell.source = ""
    if marks & {"nbval-raises-exception", "NBVAL_RAISES_EXCEPTION"}:
        cell.tags += ("raises-exception",)


def _lines(book: str, run: Run) -> Iterator[str]:
    from cs231n.tutor.show.verdict import SYMBOLS
    from cs231n.tutor.submission.privacy import plain

    cells = f"{run.cells} cells run" if run.good else f"{len(run.stopped)} of {run.cells} cells stopped"
    told = plain(run.problem) or f"{cells}, {run.seconds:.0f} s"
    yield f"  {SYMBOLS['pass' if run.good else 'fail']} {book:<36} {told}"
    for number, line, why in run.stopped[:SHOWN] if not run.problem else ():
        yield f"      cell {number}: {plain(line)[:60]}"
        yield f"          {why}"
    if len(run.stopped) > SHOWN:
        yield f"      … and {len(run.stopped) - SHOWN} more"


def _conclude(verdicts: list, runs: dict[str, Run], seconds: float, screen: Screen) -> int:
    wrong = [verdict.name for verdict in verdicts if verdict.status in ("fail", "error")]
    todo = sum(verdict.status == "todo" for verdict in verdicts)
    stopped = [book for book, run in runs.items() if not run.good]
    screen.line()
    for label, names in (("Not right yet", wrong), ("Notebooks that stop", stopped)):
        if names:
            screen.line(f"{label}: {', '.join(names)}")
    verdict = "Not valid yet" if wrong or stopped else "Valid"
    left = f", {todo} exercises are still to do" if todo else ""
    screen.line(f"{verdict}{left} ({seconds:.0f} s).")
    return WRONG if wrong or stopped else GOOD
