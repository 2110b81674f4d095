"""Time ways of doing one thing side by side: same inputs, same results, in turns, medians.

A benchmark is a function `benchmark(full: bool) -> Iterator[Contest]`; a module of benchmarks lists its own in a
dictionary BENCHMARKS, {name: function}, and `__main__` knows the modules. The first contender of a contest is ours.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

ROUNDS = 5
PAUSE = 0.25  # seconds between turns: the idle threads of one BLAS spin for a while and slow the next one down
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "OPENBLAS_CORETYPE",
)


SHORT = 0.3  # seconds: what is done faster is done for WAKE seconds before it is timed
WAKE = 0.05  # seconds: until then cores sleep, and threads that have just woken up share one of them


class DisagreementError(AssertionError):
    """Contenders that are to do the same thing do not."""


@dataclass(frozen=True)
class Contender:
    """One way of doing it.

    Attributes:
        name: as in the table.
        run: does it, once; its time is what is measured.
        requires: the package it needs beyond the kit's own; without it the contender is "not installed".
        share: the part of the work it does, 0 < share <= 1; times are divided by it (extrapolated).
        part: takes what ours returns to what this one is to return, where it does a part.
        rounds: how often it is measured, after a warm-up; 0: only once, without one.
        memory: measures the peak memory of a process that does it, in bytes; None where the platform does not tell.
        note: what a reader of the table should know.
    """

    name: str
    run: Callable[[], Any]
    requires: str = ""
    share: float = 1.0
    part: Callable[[Any], Any] = lambda result: result
    rounds: int = ROUNDS
    memory: Callable[[], int | None] | None = None
    note: str = ""

    @property
    def installed(self) -> bool:
        """Whether the package it needs is there."""
        return not self.requires or importlib.util.find_spec(self.requires) is not None


@dataclass(frozen=True)
class Contest:
    """What is to be done, by whom, and what counts as the same result.

    Attributes:
        what: the work and its size.
        contenders: ours first.
        difference: (result, expected) -> how far apart they are, a number >= 0.
        tolerance: the largest difference allowed.
        unit: what the difference is, in words.
        limit: seconds that this machine needs at least, as `least_seconds` tells; 0 where nobody says.
        pause: seconds between turns.
        wake: whether what is quick is done for WAKE seconds before it is timed.
    """

    what: str
    contenders: list[Contender]
    difference: Callable[[Any, Any], float]
    tolerance: float
    unit: str
    limit: float = 0.0
    pause: float = PAUSE
    wake: bool = True


@dataclass
class Timing:
    """The times of one contender in seconds, and how it compares: ratio > 1 means that ours is faster.

    `of_limit` is the share of the machine's own limit that the median reaches, where the contest has one.
    """

    name: str
    installed: bool = True
    seconds: list[float] = field(default_factory=list)
    difference: float | None = None
    ratio: float | None = None
    of_limit: float | None = None
    memory: int | None = None
    note: str = ""

    @property
    def median(self) -> float | None:
        """The median time in seconds, None if it was not measured."""
        return statistics.median(self.seconds) if self.seconds else None

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for JSON, with median, min, max and the number of runs."""
        summary: dict[str, Any] = {"median": self.median, "runs": len(self.seconds)}
        if self.seconds:
            summary |= {"min": min(self.seconds), "max": max(self.seconds)}
        return asdict(self) | summary


def hold(contest: Contest, pause: float | None = None) -> list[Timing]:
    """Check that all contenders agree, time them in turns, and return their timings in the order given.

    Between turns it waits for `pause` seconds, if given, or else for the contest's own.

    Raises:
        DisagreementError: a contender's result differs from ours by more than the contest's tolerance.
    """
    pause = contest.pause if pause is None else pause
    timings = [Timing(c.name, installed=c.installed, note=c.note) for c in contest.contenders]
    entered = [(c, t) for c, t in zip(contest.contenders, timings, strict=True) if c.installed]
    for contender, timing in entered:
        timing.memory = contender.memory() if contender.memory else None
    quick = _warm_up(contest, entered, pause)
    for number in range(max(contender.rounds for contender, _ in entered)):
        first = number % len(entered)  # everyone begins a round in turn: what runs before can cost the next one time
        for contender, timing in entered[first:] + entered[:first]:
            if number < contender.rounds:
                timing.seconds.append(_timed(contender, pause, contest.wake and contender.name in quick)[0])
    for timing in timings:
        timing.ratio = timing.median / timings[0].median if timing.seconds else None
        timing.of_limit = contest.limit / timing.median if timing.seconds and contest.limit else None
    return timings


def least_seconds(operations: float, moved: float, dtype: type) -> float:
    """Return how long this machine takes for as many additions and multiplications, or to copy as many bytes.

    The longer of the two counts. Both are measured, once for a type: a product of large matrices in as many threads as
    numpy uses, and copies of arrays that no cache holds, where `moved` counts what is read and what is written.
    """
    flops, bytes_per_second = limits(dtype)
    return max(operations / flops, moved / bytes_per_second)


@cache
def limits(dtype: type) -> tuple[float, float]:
    """Return (operations per second in a product of matrices, bytes per second read and written in a copy)."""
    import numpy as np

    matrix, large = np.ones((1024, 1024), dtype), np.ones(2**24, dtype)
    product, copy = np.empty_like(matrix), np.empty_like(large)
    multiply = min(_seconds(lambda: np.matmul(matrix, matrix, out=product)) for _ in range(ROUNDS))
    move = min(_seconds(lambda: np.copyto(copy, large)) for _ in range(ROUNDS))
    return 2 * len(matrix) ** 3 / multiply, 2 * large.nbytes / move


def _seconds(run: Callable[[], Any]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def peak_memory(code: str) -> int | None:
    """Run Python code in a fresh process; return its peak resident memory in bytes, None if the system won't tell."""
    begin = f"import sys\nsys.path[:] = {sys.path!r}\n"  # -c would look for cs231n in the working folder first
    tell = "\nfrom benchmarks import harness\nprint(harness.own_peak_memory())"
    done = subprocess.run([sys.executable, "-c", begin + code + tell], stdout=subprocess.PIPE, text=True, check=True)
    told = done.stdout.split()[-1]
    return None if told == "None" else int(told)


def own_peak_memory() -> int | None:
    """Return the peak resident memory of this process in bytes, None if the system does not tell."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage on Linux would count the parent's memory too, from before exec
        found = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return 1024 * int(found[0].split()[1]) if found else None
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def machine() -> dict[str, Any]:
    """Return what the times depend on: the processor, versions, BLAS and thread settings, and the date."""
    facts: dict[str, Any] = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "platform": platform.platform(),
        "python": platform.python_version(),
    }
    facts |= {name: _version(name) for name in ("numpy", "scipy", "scikit-learn", "scikit-image", "torch")}
    facts["blas"] = _blas()
    facts["threads"] = {name: os.environ.get(name, "not set") for name in THREADS}
    if hasattr(os, "getloadavg"):
        facts["load at start"] = round(os.getloadavg()[0], 2)
    return facts


def header(facts: dict[str, Any]) -> str:
    """Return the machine facts as text, one a line."""
    told = facts | {
        "blas": "; ".join(facts["blas"]),
        "threads": ", ".join(f"{name} {value}" for name, value in facts["threads"].items()),
    }
    return "\n".join(f"{name + ':':15}{value}" for name, value in told.items())


def table(contest: Contest, timings: list[Timing]) -> str:
    """Return a contest's outcome as text: a title, a line for each contender, and how well they agree."""
    width = max(24, *(len(timing.name) for timing in timings))
    titles = f"  {'':{width}} {'median':>10} {'min':>10} {'max':>10} {'runs':>5} {'ratio':>8}"
    titles += f" {'of limit':>9}" if contest.limit else ""
    lines = [contest.what, titles + ("   peak memory" if any(t.memory for t in timings) else "")]
    lines += [_row(timing, width) for timing in timings]
    compared = [timing.difference for timing in timings if timing.difference is not None]
    if compared:
        lines.append(f"  All agree: {contest.unit} at most {max(compared):.2g} ({contest.tolerance:.2g} allowed).")
    return "\n".join(lines)


def _row(timing: Timing, width: int) -> str:
    if not timing.installed:
        return f"  {timing.name:{width}} not installed"
    times = (timing.median, min(timing.seconds), max(timing.seconds))
    row = f"  {timing.name:{width}} {' '.join(f'{_readable(t):>10}' for t in times)} {len(timing.seconds):>5}"
    row += f" {timing.ratio:>7.2f}x"
    row += f" {timing.of_limit:>9.0%}" if timing.of_limit else ""
    row += f"   {timing.memory / 2**20:,.0f} MiB" if timing.memory else ""
    return row + (f"   {timing.note}" if timing.note else "")


def _readable(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1e3 * seconds:.2f} ms"


def _warm_up(contest: Contest, entered: list[tuple[Contender, Timing]], pause: float) -> set[str]:
    """Run everyone once and compare the results; the time counts only for those that are measured no other time.

    Returns the names of those that took less than SHORT.
    """
    ours, quick = None, set()
    for contender, timing in entered:
        seconds, result = _timed(contender, pause)
        if seconds * contender.share < SHORT:
            quick.add(contender.name)
        if contender.rounds == 0:
            timing.seconds.append(seconds)
        if ours is None:
            ours = result
            continue
        timing.difference = float(contest.difference(result, contender.part(ours)))
        if not timing.difference <= contest.tolerance:  # NaN is not agreement either
            raise DisagreementError(
                f"{contest.what}: {contender.name} does not give what {entered[0][0].name} gives: {contest.unit} "
                f"{timing.difference:.3g}, at most {contest.tolerance:.2g} allowed. Until it does, times say nothing."
            )
    return quick


def _timed(contender: Contender, pause: float, wake: bool = False) -> tuple[float, Any]:
    time.sleep(pause)
    start = time.perf_counter()
    while wake and time.perf_counter() - start < WAKE:
        contender.run()
    start = time.perf_counter()
    result = contender.run()
    return (time.perf_counter() - start) / contender.share, result


def _cpu() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in _lines(info) if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _blas() -> list[str]:
    """Return what numpy was built with and, where threadpoolctl is there to tell, the libraries at work."""
    import numpy as np

    built = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    told = [f"numpy built with {built['name']} {built['version']}"]
    if importlib.util.find_spec("threadpoolctl"):
        from threadpoolctl import threadpool_info

        told += [
            f"{Path(pool['filepath']).name.split('.')[0]} {pool['version']} {pool.get('architecture', '')} "
            f"on {pool['num_threads']} threads"
            for pool in threadpool_info()
            if pool["user_api"] == "blas"
        ]
    return told
