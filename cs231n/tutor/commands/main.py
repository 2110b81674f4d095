"""`python -m cs231n VERB`: the whole command line."""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from cs231n import __version__
from cs231n.tutor.terminal import ends_like_ctrl_c

DESCRIPTION = "Check your work, get the images, open the notebooks, run them all, and zip up your work."


VERBS = ("check", "hint", "reset", "data", "lab", "submit", "validate")  # each is a module of this package


def build_parser(asked: str = "") -> argparse.ArgumentParser:
    """Return the parser of the command line; if `asked` is a verb, only that verb is in it, which is faster.

    Raises ModuleNotFoundError if requirements are missing.
    """
    if find_spec("numpy") is None:
        raise ModuleNotFoundError(name="numpy")
    parser = argparse.ArgumentParser(prog="python -m cs231n", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"cs231n assignment kit {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB", dest="verb_name")
    for verb in (asked,) if asked in VERBS else VERBS:
        import_module(f"cs231n.tutor.commands.{verb}").add_parser(verbs)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line, or print a summary of the work if there are no arguments; return the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    nowhere = Path(os.devnull)
    sys.stdout = sys.stdout or nowhere.open("w", encoding="utf-8")  # None if our caller closed it with >&-
    sys.stderr = sys.stderr or nowhere.open("w", encoding="utf-8")
    try:
        parser = build_parser(*arguments[:1])
        if not arguments:
            from cs231n.tutor.commands.check import status

            return status()
        args, rest = parser.parse_known_args(arguments)
        args.rest = rest
        if rest and args.verb_name != "lab":
            parser.error(f"unrecognized arguments: {' '.join(rest)}")
        with ends_like_ctrl_c():
            code = args.func(args)
        sys.stdout.flush()
        return code
    except ModuleNotFoundError as error:
        if (error.name or "cs231n").startswith("cs231n"):
            raise
        print(f"{error.name} is not installed in this Python, {sys.executable}.", file=sys.stderr)
        print("Run 'make setup' in the kit's folder and use the Python in .venv. Without make:", file=sys.stderr)
        print("  python -m pip install -r requirements.txt", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has closed the pipe; nothing can be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
