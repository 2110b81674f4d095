"""`python -m cs231n hint NAME`: help with an exercise, in three levels."""

from __future__ import annotations

import argparse
import sys

from cs231n.tutor.show import hint as hints
from cs231n.tutor.terminal import Screen, command, refuse


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `hint`, and set `func` to the function that runs it and returns the exit code."""
    verb = subparsers.add_parser("hint", help="a hint for an exercise, in three levels")
    verb.add_argument("name", metavar="NAME", nargs="?", help="an exercise")
    told = "1: where to look (default); 2: the idea; 3: nearly the answer"
    verb.add_argument("--level", type=int, choices=(1, 2, 3), default=1, help=told)
    verb.set_defaults(func=hint)


def hint(args: argparse.Namespace) -> int:
    """Print a hint, or the names of the exercises with hints; return the exit code."""
    if args.name is None:
        return refuse(f"Name the exercise, as in {command('hint adam')}", [""], list(hints.hints()))
    if args.name not in hints.hints():
        return refuse("There are no hints for", [args.name], list(hints.hints()))
    screen = Screen(sys.stdout)
    screen.lines(hints.lines(hints.hint(args.name, args.level), screen))
    if args.level < len(hints.LEVELS):
        screen.line(f"More: {command(f'hint {args.name} --level {args.level + 1}')}")
    return 0
