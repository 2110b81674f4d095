"""python -m grading VERB: turn a download from an LMS into marks. See `python -m grading --help`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.terminal import ends_like_ctrl_c
from grading import commands, work
from grading.cluster import ClusterError
from grading.intake import layouts
from grading.intake.source import UnreadableError
from grading.marks import PolicyError
from grading.out.sheet import SheetError
from grading.records import RecordsError
from grading.sandbox import SandboxError
from grading.tables import TableError

EXPECTED = (ClusterError, OSError, PolicyError, RecordsError, SandboxError, SheetError, TableError, UnreadableError)
NAMES = [one.name for one in course.ASSIGNMENTS]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; each verb sets `func` to the function that carries out the verb."""
    top = argparse.ArgumentParser(prog="python -m grading", description="Turn a download from an LMS into marks.")
    verbs = top.add_subparsers(required=True, metavar="VERB")

    def verb(name: str, func) -> argparse.ArgumentParser:
        found = verbs.add_parser(name, help=func.__doc__, description=func.__doc__)
        found.set_defaults(func=func)
        found.add_argument(
            "-r", "--results", type=Path, metavar="DIR", help="the results folder (default: graded/ASSIGNMENT)"
        )
        found.add_argument("-a", "--assignment", choices=NAMES, default=NAMES[0], help=f"(default: {NAMES[0]})")
        return found

    for name, func, parts in (
        ("grade", commands.grade, (_source, _running, _tables)),
        ("intake", commands.intake, (_source,)),
        ("run", commands.run_all, (_running,)),
        ("regrade", commands.regrade, (_chosen, _running)),
        ("out", commands.write, (_tables,)),
        ("status", commands.status, ()),
        ("merge", commands.merge, (_others,)),
        ("autograder", commands.autograder_zip, (_gradescope_zip,)),
        ("gradescope", commands.gradescope, (_gradescope,)),
        ("dask", commands.dask, ()),
    ):
        one = verb(name, func)
        for part in parts:
            part(one)
    return top


def _source(verb: argparse.ArgumentParser) -> None:
    option = verb.add_argument
    option("source", type=Path, nargs="+", metavar="FROM", help="the folder or zip that you downloaded from the LMS")
    option(
        "--layout",
        choices=[one.name for one in layouts.TABLE],
        help="the layout of the download, if the grader does not recognise it",
    )
    option(
        "--regex",
        metavar="PATTERN",
        help="a layout of your own: a regular expression with the group (?P<student>…) and, if the names "
        "contain them, the groups id, attempt, late, assignment and file",
    )
    option("--go-on", action="store_true", help="go on even if more than a few submissions or files are unclear")


def _running(verb: argparse.ArgumentParser) -> None:
    option = verb.add_argument
    option(
        "--jobs",
        type=int,
        default=0,
        metavar="N",
        help="grade N submissions at the same time on this machine (default: one for each core)",
    )
    option(
        "--seeds",
        type=int,
        default=2,
        metavar="N",
        help="check each exercise with N sets of hidden inputs (default: 2)",
    )
    option("--shard", metavar="I/N", help="grade only share I of N, such as 3/16, for an array of batch jobs")
    option(
        "--no-sandbox",
        action="store_true",
        help="run students' code without a sandbox; the records, tables and pages will say so",
    )
    option(
        "--cluster",
        metavar="ADDRESS",
        help="grade on a dask cluster; ADDRESS is that of its scheduler, such as tls://host:8786",
    )
    for name in ("ca", "cert", "key"):
        option(
            f"--tls-{name}",
            type=Path,
            metavar="FILE",
            help=argparse.SUPPRESS
            if name != "ca"
            else "the certificate of the CA; tls:// needs --tls-cert FILE and --tls-key FILE too",
        )
    option("--engine", default=work.ENGINE, help=argparse.SUPPRESS)


def _chosen(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--student",
        nargs="+",
        default=[],
        metavar="KEY",
        help="regrade only these students, given by key, e-mail, LMS id or name",
    )
    verb.add_argument(
        "--exercise", nargs="+", default=[], metavar="NAME", help="take the new verdicts for these exercises only"
    )


def _tables(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--canvas", type=Path, metavar="CSV", help="the gradebook as you exported it from Canvas")
    verb.add_argument(
        "--moodle", type=Path, metavar="CSV", help="the grading worksheet as you downloaded it from Moodle"
    )
    verb.add_argument(
        "--column",
        help="the title of the column for the marks (default: for Canvas, the only one named after the assignment; "
        'for Moodle, "Grade")',
    )


def _others(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("other", type=Path, nargs="+", metavar="DIR", help="the results folders of the shards")


def _gradescope_zip(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("-o", "--output", type=Path, metavar="ZIP", help="(default: build/ASSIGNMENT-autograder.zip)")
    verb.add_argument("--engine", default=work.ENGINE, help=argparse.SUPPRESS)


def _gradescope(verb: argparse.ArgumentParser) -> None:
    option = verb.add_argument
    option("--submission", type=Path, required=True, metavar="DIR")
    option("--output", type=Path, required=True, metavar="JSON")
    option("--secret", type=Path, required=True, metavar="FILE")
    option("--seeds", type=int, default=2)
    option("--engine", default=work.ENGINE, help=argparse.SUPPRESS)


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return the exit code."""
    args = parser().parse_args(arguments)
    args.results = args.results or Path("graded") / args.assignment
    try:
        with ends_like_ctrl_c():
            return args.func(args)
    except KeyboardInterrupt:
        print(
            "\nStopped. Records that were already written are kept; `run` grades the submissions that have none.",
            file=sys.stderr,
        )
        return 130
    except (*EXPECTED, ValueError, KeyError) as error:
        told = error.args[0] if isinstance(error, KeyError) else error
        if isinstance(error, OSError) and error.filename:
            told = f"{error.filename}: {error.strerror}"
        print(told, file=sys.stderr)
        return commands.FAILED


if __name__ == "__main__":
    sys.exit(main())
