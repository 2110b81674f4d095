"""python -m cs231n VERB: check the work, get the data, open the notebooks, zip it up."""

from __future__ import annotations

import argparse
import sys

from cs231n import __version__


def check(args: argparse.Namespace) -> int:
    """Check exercises; exit code 0 only if all asked for pass."""
    from cs231n.checks import report, runner
    from cs231n.checks.oracle import DamagedKitError

    asked = args.names or runner.names()
    everything = {assignment.name for assignment in runner.course.ASSIGNMENTS}
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


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="python -m cs231n", description=__doc__.split(": ", 1)[1])
    parser.add_argument("--version", action="version", version=f"cs231n assignment kit {__version__}")
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    verb = verbs.add_parser("check", help="say of each exercise whether it is right, and if not, why")
    verb.add_argument("names", nargs="*", metavar="NAME", help="exercises or assignments (default: all)")
    verb.add_argument("--json", action="store_true", help="one JSON list on standard output")
    verb.set_defaults(func=check)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    args = build_parser().parse_args(arguments)
    try:
        return args.func(args)
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
