"""python -m benchmarks [NAME …]: time the masters and other implementations of the same functions."""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

from benchmarks import harness
from solutions.tools import generate

MODULES = ("loading", "knn", "linear", "two_layer", "features", "convolution", "feedback")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmarks that are named, or all; return 0, or 1 if two contenders' results differ by too much."""
    _use_masters()
    benchmarks = _benchmarks()
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        epilog=f"Names: {', '.join(benchmarks)}; without a name, all are run.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a benchmark to run")
    parser.add_argument("--json", action="store_true", help="print one JSON document, and the tables on standard error")
    parser.add_argument(
        "--full",
        action="store_true",
        help="use larger sizes, and float64 in benchmarks that use only float32 otherwise; this takes longer",
    )
    args = parser.parse_args(arguments)
    unknown = [name for name in args.names if name not in benchmarks]
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}. Names: {', '.join(benchmarks)}")
    chosen = {name: benchmarks[name] for name in dict.fromkeys(args.names or benchmarks)}
    tell = functools.partial(print, file=sys.stderr if args.json else sys.stdout, flush=True)
    facts = harness.machine()
    tell(harness.header(facts))
    try:
        with contextlib.redirect_stdout(sys.stderr):  # since loading data prints a line
            results = [row for name, benchmark in chosen.items() for row in _run(name, benchmark(args.full), tell)]
    except harness.DisagreementError as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        print(json.dumps({"machine": facts, "benchmarks": results}, indent=1))
    return 0


def _run(name: str, contests: Iterator[harness.Contest], tell: Callable[[str], None]) -> list[dict[str, Any]]:
    """Hold the contests of one benchmark, pass each table to `tell` once it is known, and return the data for JSON."""
    results = []
    for contest in contests:
        timings = harness.hold(contest)
        tell(f"\n{name}: {harness.table(contest, timings)}")
        contenders = [timing.as_dict() for timing in timings]
        agreement = {"unit": contest.unit, "tolerance": contest.tolerance}
        results.append(
            {
                "name": name,
                "what": contest.what,
                "agreement": agreement,
                "limit": contest.limit,
                "contenders": contenders,
            }
        )
    return results


def _benchmarks() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in MODULES:
        found |= import_module(f"benchmarks.{module}").BENCHMARKS
    return found


def _use_masters() -> None:
    """Write a copy of the kit with all solutions; let `import cs231n` find it, here and in processes started here."""
    tree = generate.write_solved(out=generate.ROOT / "build" / "benchmarks")
    sys.path.insert(0, str(tree))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(tree), str(generate.ROOT)])
    import_module("cs231n")  # before numpy, as in a notebook, since it sets how long the threads of BLAS wait


if __name__ == "__main__":
    sys.exit(main())
