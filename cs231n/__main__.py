"""python -m cs231n VERB: check the work, get the data, open the notebooks, zip it up."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from cs231n import __version__, course, data_cli


def check(args: argparse.Namespace) -> int:
    """Check exercises; exit code 0 only if all asked for pass."""
    from cs231n.checks import report, runner
    from cs231n.checks.oracle import DamagedKitError

    asked = args.names or runner.names()
    everything = {assignment.name for assignment in course.ASSIGNMENTS}
    wanted = [name for one in asked for name in (runner.names(one) if one in everything else [one])]
    unknown = [name for name in wanted if name not in runner.names()]
    if unknown:
        print(f"No exercise or assignment is called {', '.join(unknown)}. There are:", file=sys.stderr)
        print("\n".join(f"  {name}" for name in [*sorted(everything), *runner.names()]), file=sys.stderr)
        return 2
    try:
        verdicts = report.write((runner.run(name) for name in dict.fromkeys(wanted)), as_json=args.json)
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(verdict.status == "pass" for verdict in verdicts) else 1


def lab(args: argparse.Namespace) -> int:
    """Open JupyterLab on the notebooks."""
    from cs231n.lab import open_lab

    return open_lab(args.rest)


def submit(args: argparse.Namespace) -> int:
    """Zip up an assignment; exit code 1, and no zip, if a file of it is missing."""
    from cs231n.submit import write_zip

    try:
        path = write_zip(course.find_assignment(args.assignment), args.output)
    except OSError as error:
        print(f"{args.assignment} was not zipped: {error}", file=sys.stderr)
        return 1
    print(f"{path} ({path.stat().st_size / 1024:.0f} KiB): {len(course.find_assignment(args.assignment).files)} files")
    return 0


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="python -m cs231n", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--version", action="version", version=f"cs231n assignment kit {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("check", help="say of each exercise whether it is right, and if not, why")
    verb.add_argument("names", nargs="*", metavar="NAME", help="exercises or assignments (default: all)")
    verb.add_argument("--json", action="store_true", help="one JSON list on standard output")
    verb.set_defaults(func=check)
    data_cli.add_parser(verbs)
    verb = verbs.add_parser("lab", help="open JupyterLab on the notebooks; its options are handed on to it")
    verb.set_defaults(func=lab)
    verb = verbs.add_parser("submit", help="zip up an assignment")
    verb.add_argument("assignment", choices=[one.name for one in course.ASSIGNMENTS], nargs="?", default="assignment1")
    verb.add_argument("-o", "--output", type=Path, metavar="DIR", help="where the zip goes (default: the kit's folder)")
    verb.set_defaults(func=submit)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    parser = build_parser()
    args, args.rest = parser.parse_known_args(arguments)
    if args.rest and args.func is not lab:
        parser.error(f"unrecognized arguments: {' '.join(args.rest)}")
    try:
        code = args.func(args)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read this has read enough; nothing is to be written at exit either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
