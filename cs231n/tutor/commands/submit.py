"""`python -m cs231n submit`: zip up an assignment, and show what is in it."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.submission import privacy, read
from cs231n.tutor.submission import submit as steps
from cs231n.tutor.submission.files import CannotSubmitError, words
from cs231n.tutor.submission.limits import add_cell_limits, cell_limits
from cs231n.tutor.submission.screen import show
from cs231n.tutor.terminal import Screen, plain

COMPLETE, NOTHING = 0, 1


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `submit`, and set `func` to the function that runs it and returns the exit code (1: no zip)."""
    parser = subparsers.add_parser(
        "submit",
        help="zip up an assignment",
        description="Show what a grader would see of an assignment, and zip it up.",
    )
    names = [one.name for one in course.ASSIGNMENTS]
    option = parser.add_argument
    option("assignment", choices=names, nargs="?", default=names[0], help=f"(default: {names[0]})")
    option("-o", "--output", type=Path, metavar="DIR", help="where the zip goes (default: the kit's folder)")
    option("--name", default="", help="your name, for the report (default: the one in the notebook's name field)")
    option("--allow-incomplete", action="store_true", help="zip it up even if something is missing")
    option("--no-report", action="store_true", help="write no report for human graders next to the zip")
    run = parser.add_argument_group("running the notebooks first, on copies")
    run.add_argument("--run", action="store_true", help="run every notebook from top to bottom and hand in the results")
    told = "like --run, and if every notebook ran to the end, save the results in your own notebooks too"
    run.add_argument("--in-place", action="store_true", help=told)
    add_cell_limits(run)
    parser.set_defaults(func=submit)


def submit(args: argparse.Namespace) -> int:
    """Write the zip and, unless `args.no_report` is set, the report next to it; return the exit code."""
    try:
        found, path = _submit(args)
    except CannotSubmitError as error:
        reasons = error.reasons
    except MemoryError:
        reasons = ("this machine does not have enough memory for these files",)
    except OSError as error:
        reasons = (f"{words(error)}. Nothing that existed before is lost.",)
    else:
        _conclude(found, path, report=not args.no_report)
        return COMPLETE
    screen = Screen(sys.stderr)
    screen.line(f"{args.assignment}: nothing was zipped.")
    screen.lines(f"  {plain(reason)}" for reason in reasons)
    return NOTHING


def _submit(args: argparse.Namespace) -> tuple[steps.Submission, Path]:
    """Write the zip; return the submission and the path of the zip. Raises CannotSubmitError, OSError."""
    assignment, root = course.find_assignment(args.assignment), course.ROOT
    folder = _writable(args.output or root, "choose another folder with -o DIR")
    if args.in_place:
        _writable(root / "assignments" / assignment.name, "--run hands in the results without saving them there")
    contents, books = steps.prepare(assignment, root)
    failed: dict[str, str] = {}
    if args.run or args.in_place:
        contents, books, failed = _run(args, contents, books)
    found = steps.examine(assignment, contents, books, root, student=" ".join(args.name.split())[:200])
    clean = privacy.cleaner(root)
    for name, why in failed.items():
        notice = f"the run stopped, so the notebook is handed in unchanged: {clean(why)}"
        found.problems.setdefault(Path(name).stem, []).insert(0, notice)
    show(found, Screen(sys.stdout))
    if found.notices and not args.allow_incomplete and not _agreed():
        raise CannotSubmitError("something is missing or wrong: add --allow-incomplete to zip the work as it is")
    folder.mkdir(parents=True, exist_ok=True)
    return found, steps.write_zip(found, folder)


def _run(args: argparse.Namespace, contents: dict, books: list) -> tuple[dict, list, dict]:
    """Run the notebooks; return the contents and notebooks to hand in, and {path: reason} of those that failed."""
    fresh, failed = steps.run_notebooks(contents, books, course.ROOT, cell_limits(args), Screen(sys.stdout))
    if args.in_place and failed:
        print("Your notebooks are unchanged, because not all of them ran to the end.")
    elif args.in_place:
        left = steps.keep_outputs(contents, fresh, course.ROOT)
        told = [f"Not changed: {name} ({why})" for name, why in left.items()]
        print("\n".join(told or ["Saved in your notebooks."]))
    print()
    contents = contents | fresh
    return contents, [read.parse(book.name, contents[book.name]) for book in books], failed


def _conclude(found: steps.Submission, path: Path, report: bool) -> None:
    """Print the path of the zip; if `report` is true, write the report, or print why it could not be written."""

    def name(file: Path, what: str) -> None:
        Screen(sys.stdout).line(f"{plain(str(file))} ({file.stat().st_size / 1000:,.0f} kB), {what}")

    try:
        name(path, "read back: it contains the files that were checked")
        if not report:
            return
        from cs231n.tutor.submission import pdf  # it needs packages of JupyterLab, which may be missing
        from cs231n.tutor.submission import report as html

        page = html.write(found, path.parent)
        name(page, "for human graders")
        printed = pdf.print_page(page)
        if printed:
            name(printed, "the same for printing")
        elif pdf.find_browser():
            print("The browser here could not print the report: there is no new PDF.", file=sys.stderr)
    except Exception as error:
        print(f"The zip is complete, but its report could not be written: {plain(str(error))}", file=sys.stderr)


def _agreed() -> bool:
    """Return whether the student agrees to hand in incomplete work; without a terminal to ask in, False."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        return input("Something is missing or wrong. Hand the work in as it is? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _writable(folder: Path, otherwise: str) -> Path:
    """Return the absolute path of a folder, which need not exist yet.

    Raises CannotSubmitError, with the advice `otherwise`, if it is not a folder or cannot be written to.
    """
    with suppress(RuntimeError):  # ~name of a user who does not exist
        folder = folder.expanduser()
    folder = folder.absolute()
    there = next(one for one in (folder, *folder.parents) if os.path.lexists(one))
    if not there.is_dir():
        raise CannotSubmitError(f"{there} is not a folder: {otherwise}")
    if not os.access(there, os.W_OK):
        raise CannotSubmitError(f"{there} is read-only: {otherwise}")
    return folder
