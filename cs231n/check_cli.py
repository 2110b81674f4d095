"""`python -m cs231n check`: how the work stands, as a table, as JSON, or watched while it grows."""

from __future__ import annotations

import argparse
import sys

from cs231n import course


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verb `check`; it sets `func`: the arguments in, an exit code out."""
    verb = subparsers.add_parser("check", help="say of each exercise whether it is right, and if not, why")
    verb.add_argument("names", nargs="*", metavar="NAME", help="exercises or assignments (default: all)")
    form = verb.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON list on standard output")
    verb.set_defaults(func=check)


def check(args: argparse.Namespace) -> int:
    """Check exercises; exit code 0 only if all asked for pass."""
    from cs231n.checks import child, report, runner
    from cs231n.checks.oracle import DamagedKitError

    everything = {assignment.name for assignment in course.ASSIGNMENTS}
    asked = args.names or runner.names()
    wanted = [name for one in asked for name in (runner.names(one) if one in everything else [one])]
    wanted = list(dict.fromkeys(wanted))
    unknown = [name for name in wanted if name not in runner.names()]
    if unknown:
        print(f"No exercise or assignment is called {', '.join(unknown)}. There are:", file=sys.stderr)
        print("\n".join(f"  {name}" for name in [*sorted(everything), *runner.names()]), file=sys.stderr)
        return 2
    whole_story = bool(args.names) and not everything & set(args.names)
    try:
        verdicts = child.verdicts(wanted)
        done = report.write_json(verdicts) if args.json else report.write_table(verdicts, whole_story)
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2
    return 0 if all(verdict.status == "pass" for verdict in done) else 1
