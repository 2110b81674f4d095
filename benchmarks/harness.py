"""Compare the times of several ways to do the same work: they get the same inputs, must agree, and take turns.

A benchmark is a function `benchmark(full: bool) -> Iterator[Contest]`. A module lists its benchmarks in a dictionary
BENCHMARKS, {name: function}, and `__main__` lists the modules. The first contender of a contest, called "ours" below,
is the kit; the others are compared with it.
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
PAUSE = 0.25  # seconds between turns, since the idle threads of one BLAS spin for a while and slow the next one down
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "OPENBLAS_CORETYPE",
    "ONEDNN_MAX_CPU_ISA",  # this and the next two limit torch as OPENBLAS_CORETYPE limits numpy
    "MKL_ENABLE_INSTRUCTIONS",
    "ATEN_CPU_CAPABILITY",
)


SHORT = 0.3  # seconds; a contender that takes less runs for WAKE seconds before it is timed
WAKE = 0.3  # seconds; before that, threads may share a core while others sleep, mostly on virtual machines


class DisagreementError(AssertionError):
    """The results of two contenders differ, although both should do the same."""


@dataclass(frozen=True)
class Contender:
    """One way to do the work of a contest.

    Attributes:
        name: its name in the table.
        run: a function that does the work once; its time is measured.
        requires: a package that this contender needs and the kit does not; without it, the table says "not installed".
        share: the share of the work that it does, 0 < share <= 1; times are divided by it (extrapolated).
        part: a function from our result to the part of it that this contender should return.
        rounds: how often it is measured after a warm-up; if 0, only the warm-up is measured.
        memory: a function that returns the peak memory in bytes of a process that does the work, or None if unknown.
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
        """Whether the package that it needs is installed."""
        return not self.requires or importlib.util.find_spec(self.requires) is not None


@dataclass(frozen=True)
class Contest:
    """Some work, those who do it, and what counts as the same result.

    Attributes:
        what: the work and its size, as the title of the table.
        contenders: the ways to do it, ours first.
        difference: a function from (result, expected) to how far apart they are, a number >= 0.
        tolerance: the largest difference that is allowed.
        unit: what the difference is, in words.
        limit: the seconds that this machine needs at least, from `least_seconds`, or 0 if unknown.
        pause: seconds before each turn.
        wake: whether contenders that take less than SHORT run for WAKE seconds before they are timed.
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
    """The times of one contender in seconds; a `ratio` above 1 means that ours is faster.

    `of_limit` is the limit of the contest divided by the median, if the contest has a limit.
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
        """The median time in seconds, or None if it was not measured."""
        return statistics.median(self.seconds) if self.seconds else None

    def as_dict(self) -> dict[str, Any]:
        """Return all fields for JSON, with the median and the number of runs, and min and max if there are any runs."""
        summary: dict[str, Any] = {"median": self.median, "runs": len(self.seconds)}
        if self.seconds:
            summary |= {"min": min(self.seconds), "max": max(self.seconds)}
        return asdict(self) | summary


def hold(contest: Contest, pause: float | None = None) -> list[Timing]:
    """Check that all installed contenders agree, time them in turns, and return the timings in the contest's order.

    Before each turn there is a pause of `pause` seconds or, if that is None, of as many as the contest says.

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
        first = number % len(entered)  # each begins a round in turn, since one can slow down the next
        for contender, timing in entered[first:] + entered[:first]:
            if number < contender.rounds:
                timing.seconds.append(_timed(contender, pause, contest.wake and contender.name in quick)[0])
    for timing in timings:
        timing.ratio = timing.median / timings[0].median if timing.seconds else None
        timing.of_limit = contest.limit / timing.median if timing.seconds and contest.limit else None
    return timings


def least_seconds(operations: float, moved: float, dtype: type) -> float:
    """Return how long this machine needs for that many additions and multiplications, or to move that many bytes.

    The longer time counts. The speed of both is measured once for each type: with a product of large matrices, in as
    many threads as numpy uses, and with copies of arrays too large for caches. `moved` counts bytes read and written.
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
    """Run Python code in a fresh process; return its peak resident memory in bytes, or None if that is unknown."""
    begin = f"import sys\nsys.path[:] = {sys.path!r}\n"  # -c would look for cs231n in the working folder first
    tell = "\nfrom benchmarks import harness\nprint(harness.own_peak_memory())"
    done = subprocess.run([sys.executable, "-c", begin + code + tell], stdout=subprocess.PIPE, text=True, check=True)
    told = done.stdout.split()[-1]
    return None if told == "None" else int(told)


def own_peak_memory() -> int | None:
    """Return the peak resident memory of this process in bytes, or None if that is unknown."""
    status = Path("/proc/self/status")
    if status.exists():  # on Linux, getrusage also counts the memory that the parent had before exec
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
    """Return the facts that `machine` returns as text, one on each line."""
    told = facts | {
        "blas": "; ".join(facts["blas"]),
        "threads": ", ".join(f"{name} {value}" for name, value in facts["threads"].items()),
    }
    return "\n".join(f"{name + ':':15}{value}" for name, value in told.items())


def table(contest: Contest, timings: list[Timing]) -> str:
    """Return the result of a contest as text: a title, a line for each contender, and how well they agree."""
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
    """Run each contender once and compare the results; the time counts only if there are no other rounds.

    Returns the names of those that took less than SHORT seconds.
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
        if not timing.difference <= contest.tolerance:  # also if it is NaN
            raise DisagreementError(
                f"{contest.what}: the results of {contender.name} and {entered[0][0].name} differ: {contest.unit} "
                f"{timing.difference:.3g}, but at most {contest.tolerance:.2g} is allowed, so no times are shown."
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
    """Return which BLAS numpy was built with and, if threadpoolctl is installed, which BLAS libraries are loaded."""
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
