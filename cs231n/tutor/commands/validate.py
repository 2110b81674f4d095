"""`python -m cs231n validate [assignment]`: the checks, and every notebook from top to bottom, on copies.

The student's files stay as they are: the package is copied to a temporary folder and the notebooks run with that copy,
on the stand-in, so that it takes minutes and the images are the same everywhere. A cell must run, whatever it prints.
Cells that nbval would skip or allow to raise an exception, because of a tag or a comment, are excused here too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cs231n.data.standin import ensure
from cs231n.tutor import course, processes
from cs231n.tutor.checks import isolated
from cs231n.tutor.checks.oracle import DamagedKitError
from cs231n.tutor.show import table
from cs231n.tutor.show.verdict import SYMBOLS, Verdict
from cs231n.tutor.submission import files, read, trial
from cs231n.tutor.submission.limits import CellLimits, add_cell_limits, cell_limits
from cs231n.tutor.terminal import Screen, plain

SHOWN = 3  # stopped cells of a notebook that are listed: one mistake stops many
GOOD, WRONG, CANNOT = 0, 1, 2


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
    known = {one.name: one for one in course.ASSIGNMENTS}
    names = list(dict.fromkeys(args.assignments or known))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No assignment is called {', '.join(unknown)}. There is {', '.join(known)}.", file=sys.stderr)
        return CANNOT
    screen, begin, stopped = Screen(sys.stdout), time.monotonic(), []
    try:
        exercises = [exercise.name for name in names for exercise in known[name].exercises]
        verdicts = table.write_table(isolated.verdicts(exercises))
        images = ensure(say=screen.line)
        screen.line("\nNotebooks, from top to bottom, on copies and on the stand-in")
        with tempfile.TemporaryDirectory(prefix="cs231n-", ignore_cleanup_errors=True) as folder:
            environment = processes.environment(trial.lay_out({}, Path(folder))) | {"CS231N_DATA": str(images)}
            for book in (f"{name}/{stem}" for name in names for stem in known[name].notebooks):
                good, lines = run_book(book, environment, cell_limits(args), screen.passing)
                screen.passing()
                screen.lines(f"  {line}" for line in lines)
                stopped += [] if good else [book]
    except BrokenPipeError:
        raise
    except (DamagedKitError, OSError, RuntimeError) as error:
        why = plain(files.words(error) if isinstance(error, OSError) else str(error))
        print(f"\nIt could not be validated to its end: {why}", file=sys.stderr)
        return CANNOT
    return _conclude(verdicts, stopped, time.monotonic() - begin, screen)


def run_book(
    name: str, environment: Mapping[str, str], limits: CellLimits, say: Callable[[str], None]
) -> tuple[bool, list[str]]:
    """Run a notebook ("assignment1/knn"); return whether all of it ran, and what to print about it.

    A cell is named by its number among all cells from 1 and its first line.
    """
    from cs231n.tutor.submission.run import run_notebook  # Jupyter's packages take a while

    path, begin = f"assignments/{name}.ipynb", time.monotonic()
    wrong, right = (f"{SYMBOLS[status]} {name:<36} " for status in ("fail", "pass"))
    if not (course.ROOT / path).is_file():
        return False, [f"{wrong}{path} is not there: python -m cs231n reset {name}"]
    try:
        data = files.read(course.ROOT, path)
        book = read.parse(path, data)
    except files.UnfitFileError as error:
        return False, [f"{wrong}this is no notebook file: it {error.reason}"]
    for cell in book.cells:
        excuse(cell)
    stopped = run_notebook(data, book, environment, limits, say, go_on=True)[1]
    seconds = time.monotonic() - begin
    cells = sum(cell.kind == "code" for cell in book.cells)
    if not stopped:
        return True, [f"{right}{cells} cells run, {seconds:.0f} s"]
    if not stopped[0].cell:
        return False, [f"{wrong}{stopped[0]}"]
    lines = [f"{wrong}{len(stopped)} of {cells} cells stopped, {seconds:.0f} s"]
    for one in stopped[:SHOWN]:
        first = plain(book.cells[one.cell - 1].source.strip().partition("\n")[0])[:60]
        lines += [f"    cell {one.cell}: {first}", f"        {one.why.removeprefix('raised ')}"]
    return False, lines + ([f"    … and {len(stopped) - SHOWN} more"] if len(stopped) > SHOWN else [])


def excuse(cell: read.Cell) -> None:
    """Empty a cell that nbval would skip, and let one raise an exception that nbval would let raise one."""
    lines = map(str.strip, cell.source.splitlines())
    marks = {*cell.tags, *(line.lstrip("#").strip() for line in lines if line.startswith("#"))}
    if marks & {"nbval-skip", "NBVAL_SKIP"}:
        cell.source = ""
    if marks & {"nbval-raises-exception", "NBVAL_RAISES_EXCEPTION"}:
        cell.tags += ("raises-exception",)


def _conclude(verdicts: Sequence[Verdict], stopped: list[str], seconds: float, screen: Screen) -> int:
    wrong = [verdict.name for verdict in verdicts if verdict.wrong]
    todo = sum(verdict.status == "todo" for verdict in verdicts)
    screen.line()
    for label, names in (("Not right yet", wrong), ("Notebooks that stop", stopped)):
        if names:
            screen.line(f"{label}: {', '.join(names)}")
    verdict = "Not valid yet" if wrong or stopped else "Valid"
    left = f", {todo} exercises are still to do" if todo else ""
    screen.line(f"{verdict}{left} ({seconds:.0f} s).")
    return WRONG if wrong or stopped else GOOD
