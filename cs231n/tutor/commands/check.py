"""`python -m cs231n check | hint`: how the work stands, once or watched while it grows, and help on request."""

from __future__ import annotations

import argparse
import sys
import textwrap

from cs231n.tutor import course


def add_parser(subparsers: argparse._SubParsersAction) -> None:
    """Add the verbs; each sets `func`: the arguments in, an exit code out."""
    verb = subparsers.add_parser("check", help="say of each exercise whether it is right, and if not, why")
    verb.add_argument("names", nargs="*", metavar="NAME", help="exercises or assignments (default: all)")
    form = verb.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON list on standard output")
    form.add_argument("--markdown", action="store_true", help="a table in Markdown, for the summary of a CI job")
    form.add_argument("--watch", action="store_true", help="stay, and check again what a saved file may have changed")
    verb.add_argument("--allow-todo", action="store_true", help="what is merely still to do is no failure: exit code 0")
    verb.set_defaults(func=check)
    verb = subparsers.add_parser("hint", help="a hint for an exercise, in three levels")
    verb.add_argument("name", metavar="NAME", help="an exercise")
    told = "1 where to look (default), 2 the idea, 3 almost the line"
    verb.add_argument("--level", type=int, choices=(1, 2, 3), default=1, help=told)
    verb.set_defaults(func=hint)


def check(args: argparse.Namespace) -> int:
    """Check exercises; exit code 0 only if all asked for pass (with --allow-todo: if none is wrong)."""
    from cs231n.tutor.checks import isolated, runner
    from cs231n.tutor.checks.oracle import DamagedKitError
    from cs231n.tutor.commands import watch
    from cs231n.tutor.show import markdown, table
    from cs231n.tutor.terminal import Screen

    everything = {assignment.name for assignment in course.ASSIGNMENTS}
    asked = args.names or runner.names()
    wanted = [name for one in asked for name in (runner.names(one) if one in everything else [one])]
    unknown = [name for name in wanted if name not in runner.names()]
    if unknown:
        return _refuse("No exercise or assignment is called", unknown, [*sorted(everything), *runner.names()])
    wanted = [name for name in runner.names() if name in wanted]  # in working order
    if args.watch:
        return watch.watch(wanted)
    whole_story = bool(args.names) and not everything & set(args.names)
    try:
        verdicts = isolated.verdicts(wanted)
        if args.markdown:
            done = markdown.write_markdown(verdicts, Screen(sys.stdout))
        else:
            done = table.write_json(verdicts) if args.json else table.write_table(verdicts, whole_story)
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2
    good = {"pass", "todo"} if args.allow_todo else {"pass"}
    return 0 if all(verdict.status in good for verdict in done) else 1


def hint(args: argparse.Namespace) -> int:
    """Print a hint."""
    from cs231n.tutor.show import hint
    from cs231n.tutor.terminal import Screen

    if args.name not in hint.hints():
        return _refuse("There are no hints for", [args.name], list(hint.hints()))
    screen = Screen(sys.stdout)
    for line in hint.lines(hint.hint(args.name, args.level), screen):
        screen.line(line)
    if args.level < len(hint.LEVELS):
        screen.line(f"More: python -m cs231n hint {args.name} --level {args.level + 1}")
    return 0


def _refuse(what: str, unknown: list[str], known: list[str]) -> int:
    """Tell names that are none, the nearest one with each; where none is near, all there are. Return the exit code."""
    from cs231n.tutor.terminal import Screen

    screen = Screen(sys.stderr)
    meant = {name: course.did_you_mean(name, known) for name in unknown}
    for name, told in meant.items():
        screen.line(f"{what} {name}. {told}".rstrip())
    if not all(meant.values()):
        screen.line("There are:")
        screen.line(textwrap.fill(", ".join(known), screen.width, initial_indent="  ", subsequent_indent="  "))
    return 2
