"""python -m tests.mutants [NAME …]: a table of what the checks make of every mutant, and the survivors.

Exit code 1 if fewer than 99 % of the mutants that are mistakes are killed, or fewer than 97 % of one exercise's.
"""

from __future__ import annotations

import argparse
import collections
import concurrent.futures
import os
import resource
import sys
import time
from importlib import import_module

OVERALL, EACH = 0.99, 0.97
MEMORY = 6 << 30


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def run(names: list[str], processes: int, shown: tuple[str, ...] = ("survived",)) -> bool:
    """Judge the mutants of exercises, print the table; return whether the bounds are met."""
    from tests.mutants.judge import judge_all

    start = time.monotonic()
    columns = ("mutants", "killed", "equal", "fragile", "survived")
    print(f"{'exercise':<32}{''.join(f'{column:>9}' for column in columns)}{'killed of mistakes':>20}")
    total, low = collections.Counter(), []
    with concurrent.futures.ProcessPoolExecutor(processes, initializer=_limited) as pool:
        for name, outcomes in zip(names, pool.map(judge_all, names), strict=True):
            fates = collections.Counter(outcome.fate for outcome in outcomes)
            total += fates
            low += [name] if _rate(fates) < EACH else []
            _line(name, fates)
            for outcome in outcomes:
                if outcome.fate in shown:
                    print(f"    {outcome.fate}: {outcome.mutant}")
    _line("all", total)
    print(f"{time.monotonic() - start:.0f} s")
    if low:
        print(f"below {EACH:.0%}: {', '.join(low)}")
    return not low and _rate(total) >= OVERALL


def _rate(fates: collections.Counter) -> float:
    return fates["killed"] / max(1, fates["killed"] + fates["survived"])


def _line(name: str, fates: collections.Counter) -> None:
    counts = (sum(fates.values()), *(fates[fate] for fate in ("killed", "equivalent", "fragile", "survived")))
    print(f"{name:<32}{''.join(f'{count:>9}' for count in counts)}{_rate(fates):>20.1%}", flush=True)


def main() -> int:
    """Lay the solved tree beneath everything else, then judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.split(":")[1].split(".")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="exercises (default: all)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--all", action="store_true", help="list the equivalent and the fragile ones too")
    args = parser.parse_args()
    import_module("tests.conftest")  # puts the masters before the student's files
    from cs231n.tutor import course

    every = [e.name for assignment in course.ASSIGNMENTS for e in assignment.asked]
    unknown = sorted(set(args.names) - set(every))
    if unknown:
        parser.error(f"no exercise is called {', '.join(unknown)}")
    shown = ("survived", "equivalent", "fragile") if args.all else ("survived",)
    return 0 if run(args.names or every, args.processes, shown) else 1


if __name__ == "__main__":
    sys.exit(main())
