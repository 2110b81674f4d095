"""`python -m cs231n validate [assignment]`: the checks, and every notebook from top to bottom with nbval, on copies.

What is there stays as it is: the package and the notebooks are copied to a folder of their own and run there, on the
stand-in, so that it takes minutes and the same images everywhere. nbval is lax: a cell must run, whatever it prints.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

from cs231n.tutor import course, processes
from cs231n.tutor.terminal import Screen

CELL_SECONDS = 600
SHOWN = 3  # stopped cells of a notebook told one by one: one mistake stops many
COLOUR = re.compile(r"(?:\x1b|#x1B)\[[0-9;]*m")  # XML admits no escape character: pytest writes it out
ERROR = re.compile(r"[A-Za-z_][\w.]*: ")
GOOD, WRONG, CANNOT = 0, 1, 2


@dataclass(frozen=True)
class Stopped:
    """A cell that did not run to its end: its number among all cells from 1, its first line, and why."""

    cell: int
    line: str
    why: str


@dataclass(frozen=True)
class Run:
    """What became of one notebook: how many code cells it has, which stopped, and the seconds it took."""

    cells: int
    stopped: tuple[Stopped, ...]
    seconds: float
    problem: str = ""  # why no cell ran at all


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb; it sets `func`: the arguments in, an exit code out."""
    verb = subparsers.add_parser(
        "validate",
        help="run the checks and, on copies, the notebooks from top to bottom",
        description="Check the exercises and run the notebooks from top to bottom with nbval: on copies, on the "
        "stand-in. Exit code 0: nothing is wrong (something may be left to do).",
    )
    from cs231n.tutor.commands.submit import above_zero

    names = [one.name for one in course.ASSIGNMENTS]
    verb.add_argument("assignments", nargs="*", metavar="ASSIGNMENT", help=f"{' or '.join(names)} (default: all)")
    told = f"seconds a cell may take (default: {CELL_SECONDS})"
    verb.add_argument("--cell-seconds", type=above_zero, default=CELL_SECONDS, metavar="S", help=told)
    verb.set_defaults(func=validate)


def validate(args: argparse.Namespace) -> int:
    """Validate assignments; return the exit code."""
    from cs231n.data.standin import ensure
    from cs231n.tutor.checks import isolated
    from cs231n.tutor.checks.oracle import DamagedKitError
    from cs231n.tutor.show import table
    from cs231n.tutor.submission import files
    from cs231n.tutor.submission.privacy import plain

    known = {one.name: one for one in course.ASSIGNMENTS}
    names = list(dict.fromkeys(args.assignments or known))
    missing = [module for module in ("pytest", "nbval") if find_spec(module) is None]
    unknown = [name for name in names if name not in known]
    if unknown or missing:
        wrong = f"No assignment is called {', '.join(unknown)}. There is {', '.join(known)}."
        print(wrong if unknown else f"pip install {' '.join(missing)}: it is missing here", file=sys.stderr)
        return CANNOT
    screen, begin = Screen(sys.stdout), time.monotonic()
    exercises = [exercise.name for name in names for exercise in known[name].exercises]
    try:
        verdicts = table.write_table(isolated.verdicts(exercises))
        images = ensure(say=screen.line)
        screen.line("\nNotebooks, from top to bottom, on copies and on the stand-in")
        books = [f"{name}/{stem}" for name in names for stem in known[name].notebooks]
        runs = {}
        for book, run in run_all(books, images, args.cell_seconds, lambda book: _over(screen, f"  {book} …")):
            runs[book] = run
            _over(screen, "")
            for line in _told(book, run):
                screen.line(line)
    except BrokenPipeError:
        raise
    except (DamagedKitError, OSError, RuntimeError) as error:
        why = plain(files.words(error) if isinstance(error, OSError) else str(error))
        print(f"\nIt could not be validated to its end: {why}", file=sys.stderr)
        return CANNOT
    return _conclude(verdicts, runs, time.monotonic() - begin, screen)


def run_all(
    books: list[str], images: Path, cell_seconds: float, begins: Callable[[str], object]
) -> Iterator[tuple[str, Run]]:
    """Run notebooks ("assignment1/knn") of a copy of the kit with the data of a folder; yield what became of each.

    `begins` is told of each before it runs.
    """
    with tempfile.TemporaryDirectory(prefix="cs231n-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(course.PACKAGE, folder / "cs231n", ignore=ignored)
        (folder / "pytest.ini").write_text("[pytest]\n", encoding="ascii")  # no other configuration is looked for
        for book in books:
            source = course.ROOT / f"assignments/{book}.ipynb"
            copy = folder / f"assignments/{book}.ipynb"
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_file():
                shutil.copyfile(source, copy)
                begins(book)
                yield book, _run(copy, folder, images, cell_seconds)
            else:
                yield book, Run(0, (), 0, f"assignments/{book}.ipynb is not there: python -m cs231n reset {book}")


def _run(notebook: Path, folder: Path, images: Path, cell_seconds: float) -> Run:
    from cs231n.tutor.submission import files, read

    try:
        book = read.parse(notebook.name, notebook.read_bytes())
    except files.UnfitFileError as error:
        return Run(0, (), 0, f"this is no notebook file: it {error.reason}")
    code = [(cell.number, cell.source) for cell in book.cells if cell.kind == "code"]
    if not code:  # pytest would call that a failure
        return Run(0, (), 0)
    for cell in book.cells:  # nbval takes outputs of a cell without a count, as Colab stores them, for a mistake
        cell.outputs, cell.count = [], None
    notebook.write_bytes(read.dumps(book))
    results, begin = folder / "report.xml", time.monotonic()
    results.unlink(missing_ok=True)
    options = ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={cell_seconds}", f"--junitxml={results}"]
    options += ["-p", "no:cacheprovider", "-c", str(folder / "pytest.ini"), "--color=no", "-q"]
    environment = processes.environment(folder) | {"CS231N_DATA": str(images), "PYTEST_ADDOPTS": ""}
    log = folder / "pytest.log"  # a pipe would keep us waiting for kernels that outlive pytest
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, str(notebook)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            process.wait()
        finally:
            processes.end(process.pid)  # after Ctrl-C: with its kernel
            process.wait()
    seconds = time.monotonic() - begin
    stopped = tuple(_stopped(results, code)) if results.is_file() else ()
    if process.returncode and not stopped:
        last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
        return Run(len(code), (), seconds, f"pytest could not run it: {''.join(last)}")
    return Run(len(code), stopped, seconds)


def _stopped(results: Path, code: list[tuple[int, str]]) -> Iterator[Stopped]:
    """Read pytest's report: nbval counts code cells from 0, a reader counts all cells from 1."""
    for case in ElementTree.parse(results).iter("testcase"):
        failure = next((child for child in case if child.tag in ("failure", "error")), None)
        if failure is None:
            continue
        at = re.search(r"(\d+)$", case.get("name", ""))
        number, source = code[int(at[1])] if at and int(at[1]) < len(code) else (0, "")
        yield Stopped(number, next(iter(source.strip().splitlines()), ""), _reason(failure.text or ""))


def _reason(text: str) -> str:
    """Return the line that says why, of nbval's story of a cell: the exception, else what nbval calls it."""
    story, _, trace = COLOUR.sub("", text).partition("\nTraceback:")
    head = next((line for line in story.splitlines() if re.match(r"Cell \d+: ", line)), story.strip())
    told = head.partition(": ")[2] or head
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    if not lines or told.startswith("Timeout"):
        return told
    return next((line for line in reversed(lines) if ERROR.match(line)), lines[-1])


def _over(screen: Screen, text: str) -> None:
    """Write over the line the cursor is in, where that can be."""
    if screen.colours:
        screen.stream.write(f"\r\x1b[2K{text}")
        screen.stream.flush()


def _told(book: str, run: Run) -> Iterator[str]:
    from cs231n.tutor.show.verdict import SYMBOLS
    from cs231n.tutor.submission.privacy import plain

    good = not (run.stopped or run.problem)
    cells = f"{run.cells} cells run" if good else f"{len(run.stopped)} of {run.cells} cells stopped"
    told = plain(run.problem) if run.problem else f"{cells}, {run.seconds:.0f} s"
    yield f"  {SYMBOLS['pass' if good else 'fail']} {book:<36} {told}"
    for one in run.stopped[:SHOWN]:
        yield f"      cell {one.cell}: {plain(one.line)[:60]}"
        yield f"          {plain(one.why)[:200]}"
    if len(run.stopped) > SHOWN:
        yield f"      … and {len(run.stopped) - SHOWN} more"


def _conclude(verdicts: list, runs: dict[str, Run], seconds: float, screen: Screen) -> int:
    wrong = [verdict.name for verdict in verdicts if verdict.status in ("fail", "error")]
    todo = sum(verdict.status == "todo" for verdict in verdicts)
    stopped = [book for book, run in runs.items() if run.stopped or run.problem]
    screen.line()
    for label, names in (("Not right yet", wrong), ("Notebooks that stop", stopped)):
        if names:
            screen.line(f"{label}: {', '.join(names)}")
    verdict = "Not valid yet" if wrong or stopped else "Valid"
    left = f", {todo} exercises are still to do" if todo else ""
    screen.line(f"{verdict}{left} ({seconds:.0f} s).")
    return WRONG if wrong or stopped else GOOD
