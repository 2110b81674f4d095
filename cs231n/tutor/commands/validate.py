"""`python -m cs231n validate [assignment]`: the checks, and every notebook from top to bottom, on copies.

The files to hand in are copied over the original kit in a temporary folder. The notebooks run there on the stand-in,
so this takes only minutes, and the images are the same on every machine. Each cell must run without an error, unless a
tag or a comment in it excuses this; its output does not matter.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cs231n.data import disk
from cs231n.data.standin import ensure
from cs231n.tutor import course, processes
from cs231n.tutor.show import table
from cs231n.tutor.show.verdict import SYMBOLS, Verdict
from cs231n.tutor.submission import files, read, trial
from cs231n.tutor.submission import submit as steps
from cs231n.tutor.submission.files import CannotSubmitError
from cs231n.tutor.submission.limits import CellLimits, add_cell_limits, cell_limits
from cs231n.tutor.terminal import Screen, plain

SHOWN = 3  # how many stopped cells of a notebook are listed: one mistake may stop many
GOOD, WRONG, CANNOT = 0, 1, 2


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `validate`, and set `func` to the function that runs it and returns the exit code."""
    verb = subparsers.add_parser(
        "validate",
        help="run the checks and, on copies, the notebooks from top to bottom",
        description="Check the exercises and run the notebooks from top to bottom, on copies and with the stand-in "
        "images. The exit code is 0 if nothing is wrong, even if exercises are still to do.",
    )
    names = [one.name for one in course.ASSIGNMENTS]
    verb.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help=f"{' or '.join(names)} (default: all)")
    told = "only the notebooks, without the checks"
    verb.add_argument("--notebooks", action="store_true", help=told)
    add_cell_limits(verb)
    verb.set_defaults(func=validate)


def validate(args: argparse.Namespace) -> int:
    """Validate assignments; return the exit code."""
    known = {one.name: one for one in course.ASSIGNMENTS}
    names = list(dict.fromkeys(args.assignments or known))
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"No assignment is called {', '.join(unknown)}. Choose from {', '.join(known)}.", file=sys.stderr)
        return CANNOT
    screen, begin, stopped = Screen(sys.stdout), time.monotonic(), []
    try:
        with disk.temporary_folder() as folder:
            trees = {name: _lay_out(known[name], folder / name, screen) for name in names}
            checked = (verdict for name in names for verdict in trial.verdicts(trees[name], known[name], math.inf))
            verdicts = [] if args.notebooks else table.write_table(checked)
            images = ensure(say=screen.line)
            screen.line("\nNotebooks, from top to bottom, on copies and on the stand-in")
            for book in (f"{name}/{stem}" for name in names for stem in known[name].notebooks):
                tree = trees[book.partition("/")[0]]
                environment = processes.environment(tree) | {"CS231N_DATA": str(images)}
                good, lines = run_book(book, tree, environment, cell_limits(args), screen.passing)
                screen.passing()
                screen.lines(f"  {line}" for line in lines)
                stopped += [] if good else [book]
    except BrokenPipeError:
        raise
    except (CannotSubmitError, OSError, RuntimeError) as error:
        why = plain(files.words(error) if isinstance(error, OSError) else str(error))
        print(f"\nThe validation could not be completed: {why}", file=sys.stderr)
        return CANNOT
    return _conclude(verdicts, stopped, time.monotonic() - begin, screen)


def _lay_out(assignment: course.Assignment, tree: Path, screen: Screen) -> Path:
    """Write a copy of the original kit with the files that would be handed in; print what is unusual about these.

    Returns the folder of the copy. If a required file is missing or cannot be used, its original is removed from the
    copy.
    """
    contents, books, unfit = steps.collect(assignment)
    trial.lay_out(contents, tree)
    for name, error in unfit.items():
        (tree / name).unlink(missing_ok=True)
        if name.endswith(".py"):  # run_book reports unfit notebooks
            screen.line(f"{SYMBOLS['fail']} {plain(str(error))}")
    screen.lines(f"{SYMBOLS['fail']} {plain(told)}" for told in steps.remarks(assignment, contents, books))
    return tree


def run_book(
    name: str, tree: Path, environment: Mapping[str, str], limits: CellLimits, say: Callable[[str], None]
) -> tuple[bool, list[str]]:
    """Run a notebook ("assignment1/knn") in `tree`; return whether it ran without errors, and the lines to print.

    A cell that stopped is named by its number, counting all cells from 1, and its first line.
    """
    from cs231n.tutor.submission.run import run_notebook  # Jupyter's packages take a while to import

    path, begin = f"assignments/{name}.ipynb", time.monotonic()
    wrong, right = (f"{SYMBOLS[status]} {name:<36} " for status in ("fail", "pass"))
    try:
        data = steps.content(path)
        book = read.parse(path, data)
    except files.UnfitFileError as error:
        return False, [f"{wrong}it {error.reason}"]
    run = run_notebook(data, book, tree, environment, limits, say, go_on=True)
    seconds = time.monotonic() - begin
    cells = sum(cell.kind == "code" for cell in book.cells)
    more = [f"    {told}" for told in (run.waits, book.excused) if told]
    if not run.stopped:
        return True, [f"{right}{cells} cells, none stopped, {seconds:.0f} s", *more]
    if not run.stopped[0].cell:
        return False, [f"{wrong}{run.stopped[0]}"]
    lines = [f"{wrong}{len(run.stopped)} of {cells} cells stopped, {seconds:.0f} s"]
    for one in run.stopped[:SHOWN]:
        first = plain(book.cells[one.cell - 1].source.strip().partition("\n")[0])[:60]
        lines += [f"    cell {one.cell}: {first}", f"        {one.why.removeprefix('raised ')}"]
    later = f"{run.unreached} later cell{'s' if run.unreached > 1 else ''}"
    more[:0] = [f"    {later} did not run"] if run.unreached else []
    more[:0] = [f"    … and {len(run.stopped) - SHOWN} more"] if len(run.stopped) > SHOWN else []
    return False, lines + more


def _conclude(verdicts: Sequence[Verdict], stopped: list[str], seconds: float, screen: Screen) -> int:
    wrong = [verdict.name for verdict in verdicts if verdict.wrong]
    todo = sum(verdict.status == "todo" for verdict in verdicts)
    screen.line()
    for label, names in (("Not right yet", wrong), ("Notebooks that stop", stopped)):
        if names:
            screen.line(f"{label}: {', '.join(names)}")
    verdict = "Not valid yet" if wrong or stopped else "Valid"
    left = f", {todo} exercise{'s are' if todo > 1 else ' is'} still to do" if todo else ""
    screen.line(f"{verdict}{left} ({seconds:.0f} s).")
    return WRONG if wrong or stopped else GOOD
