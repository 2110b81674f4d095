"""`python -m cs231n check`: the verdict on each exercise, once or after every save."""

from __future__ import annotations

import argparse
import sys

from cs231n.tutor import course, exercises
from cs231n.tutor.checks import isolated
from cs231n.tutor.commands.watch import watch
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show import start, table
from cs231n.tutor.terminal import Screen, command, refuse


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `check`, and set `func` to the function that runs it and returns the exit code."""
    verb = subparsers.add_parser("check", help="show whether each exercise is right, and if not, why")
    verb.add_argument(
        "names", nargs="*", metavar="NAME", help="exercises, notebooks, files or assignments (default: all)"
    )
    form = verb.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON list on standard output")
    form.add_argument("--markdown", action="store_true", help="tables in Markdown, for the summary of a CI job")
    form.add_argument(
        "--watch", action="store_true", help="keep running, and check again the exercises that a saved file may affect"
    )
    verb.add_argument(
        "--allow-todo", action="store_true", help="do not count exercises that are still to do as failures"
    )
    verb.set_defaults(func=check)


def status() -> int:
    """Check all exercises in files; print the progress, the next one, and how to list all verbs; return the exit code.

    It is 0, whatever the verdicts are, or 2 if the checks cannot run.
    """
    screen = Screen(sys.stdout)
    try:
        verdicts = list(isolated.verdicts(exercises.names()))
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2
    start.write(verdicts)
    screen.lines(table.summary(verdicts, screen))
    screen.line(f"All verbs: {command('--help')}")
    return 0


def check(args: argparse.Namespace) -> int:
    """Check exercises and return the exit code.

    It is 0 if all of them pass (with --allow-todo: if none is wrong), 1 if not, and 2 if a name cannot be checked, or
    the checks cannot run. With --watch, it is the one that `watch` returns.
    """
    in_cells = {one.name: one.file for assignment in course.ASSIGNMENTS for one in assignment.in_cells}
    meant = {name: course.named(name) for name in args.names}
    for name in [name for name in args.names if name in in_cells]:
        told = f"{name} is written in a cell of {in_cells[name]}. Check it there: checks.run({name!r}, {name})"
        print(told, file=sys.stderr)
        return 2
    bare = {stem for part in course.ASSIGNMENTS for stem in part.notebooks if not course.named(stem)}
    if asked := [name for name in args.names if name in bare]:
        print(f"The notebook {asked[0]} has no exercises for `check`: your code is in its cells.", file=sys.stderr)
        return 2
    if unknown := [name for name, found in meant.items() if not found]:
        return refuse(
            "No exercise or assignment is called",
            unknown,
            [*(one.name for one in course.ASSIGNMENTS), *exercises.names()],
        )
    chosen = {name for found in meant.values() for name in found}
    wanted = [name for name in exercises.names() if name in chosen or not meant]  # in course order
    if args.watch:
        return watch(wanted)
    whole_story = bool(meant) and chosen == set(meant)
    try:
        verdicts = isolated.verdicts(wanted)
        if args.markdown:
            done = table.write_markdown(verdicts, Screen(sys.stdout))
        else:
            done = table.write_json(verdicts) if args.json else table.write_table(verdicts, whole_story)
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2
    if {verdict.name for verdict in done} >= set(exercises.names()):
        start.write(done)
    good = {"pass", "todo"} if args.allow_todo else {"pass"}
    return 0 if all(verdict.status in good for verdict in done) else 1
