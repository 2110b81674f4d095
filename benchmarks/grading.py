"""python -m benchmarks.grading [N …]: measure how much processor time and memory it takes to grade a class.

Each class consists of made-up submissions: the masters, with some functions replaced by wrong or unusual solutions of
solutions/attempts/, and some files left as stubs. Each class is graded from the command line, as an instructor does it.
Processor time is that of all processes together; the system counts a process when it ends. A table says how long
larger classes will take. It is computed from the processor time of a submission, or from the elapsed time of a core if
that is longer: cores also wait, for disks and for each other.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from textwrap import dedent

import psutil

from benchmarks import harness
from cs231n.tutor import course, originals
from solutions import attempts
from solutions.tools import generate

EVERY = 0.05  # seconds between two looks at the processes
CHANGED = 6  # exercises of each variant whose model answer may be replaced
CLASSES = (800, 10_000, 100_000)
WORKERS = (2, 16, 128)


def variants(count: int, assignment: course.Assignment) -> list[bytes]:
    """Return `count` different submissions as zips, the same ones every time."""
    solved = generate.write_solved(out=generate.ROOT / "build" / "benchmarks")
    masters = {name: (solved / name).read_bytes() for name in assignment.files}
    return [_variant(random.Random(number), masters, assignment) for number in range(count)]


def _variant(dice: random.Random, masters: dict[str, bytes], assignment: course.Assignment) -> bytes:
    files = dict(masters)
    if dice.random() < 0.1:  # this student has not begun half of the files
        stubs = [name for name in files if name.endswith(".py")]
        files |= {name: originals.originals()[name] for name in dice.sample(stubs, len(stubs) // 2)}
    for exercise in dice.sample(assignment.exercises, CHANGED):
        known = attempts.everything("WRONG") + attempts.everything("RIGHT")
        chosen = dedent(dice.choice([one.code for one in known if one.exercise == exercise.name] or [""]))
        home, _, name = exercise.function.rpartition(".")
        home = home or owner(masters[exercise.file].decode(), name)
        if re.search(rf"^def {name}\b", chosen, re.MULTILINE):  # the last definition of a function is the one in use
            files[exercise.file] += f"\n\n{chosen}\n{f'{home}.{name} = {name}' if home else ''}\n".encode()
    first = next(iter(files))
    files[first] += f"# {dice.random()}\n".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def owner(source: str, name: str) -> str:
    """Return the name of the class that a method is in, or "" for a function."""
    return next((found.split(".")[0] for found in course.functions(source) if found.endswith(f".{name}")), "")


def measure(count: int, assignment: course.Assignment, jobs: int) -> dict[str, float]:
    """Grade a class of `count` submissions, and return what was measured.

    processor, each: seconds for one submission, of processor time and of a core.  seconds: elapsed time in total.
    memory, growth, peak: MB of the grader's own process: in the last quarter of the time, its growth since the second
    quarter, and at most.
    """
    with tempfile.TemporaryDirectory(prefix="grading-benchmark-") as folder:
        home = Path(folder)
        for number, content in enumerate(variants(count, assignment)):
            path = home / "from" / f"student{number:05d}_{number + 1}_{number + 1}_{assignment.name}_submission.zip"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        begin = time.monotonic()
        command = [sys.executable, "-m", "grading", "grade", home / "from", "-r", home / "results"]
        command += ["-a", assignment.name, "--jobs", str(jobs), "--go-on"]
        before = _used()
        process = subprocess.Popen(list(map(str, command)), cwd=generate.ROOT, stdout=subprocess.DEVNULL)
        memory: list[int] = []
        while process.poll() is None:
            with contextlib.suppress(psutil.Error):
                memory.append(psutil.Process(process.pid).memory_info().rss)
            time.sleep(EVERY)
        if process.wait():
            raise SystemExit(f"grading ended with exit code {process.returncode}")
        whole, seconds = _used() - before, time.monotonic() - begin
        second, last = (memory[len(memory) * part // 4 : len(memory) * (part + 1) // 4] or [0] for part in (1, 3))
        return {
            "submissions": count,
            "processor": whole / count,
            "seconds": seconds,
            "each": seconds * jobs / count,
            "memory": statistics.median(last) / 1e6,
            "growth": (statistics.median(last) - statistics.median(second)) / 1e6,
            "peak": max(memory, default=0) / 1e6,
        }


def _used() -> float:
    """Return the processor time in seconds of this process's ended children, and of the children they waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def table(seconds: float) -> str:
    """Return a table of how long larger classes take if one core needs that many seconds for a submission."""
    lines = ["| submissions | core-hours | " + " | ".join(f"{one} cores" for one in WORKERS) + " |"]
    lines.append("|---" * (2 + len(WORKERS)) + "|")
    for count in CLASSES:
        hours = count * seconds / 3600
        each = " | ".join(_duration(hours / one) for one in WORKERS)
        lines.append(f"| {count:,} | {hours:,.1f} | {each} |")
    return "\n".join(lines)


def _duration(hours: float) -> str:
    return f"{hours * 60:,.0f} min" if hours < 2 else f"{hours:,.0f} h"


def main() -> None:
    """Measure classes of the given sizes, and print a table for larger ones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = "sizes of the classes (default: 20 200)"
    parser.add_argument("sizes", nargs="*", type=int, default=[20, 200], metavar="N", help=sizes)
    parser.add_argument("-a", "--assignment", default="assignment1", help="default: assignment1")
    parser.add_argument("--jobs", type=int, default=2, help="submissions to grade at the same time (default: 2)")
    args = parser.parse_args()
    print(harness.header(harness.machine()))
    assignment = course.find_assignment(args.assignment)
    for size in args.sizes:
        found = measure(size, assignment, args.jobs)
        print(
            f"{size} submissions of {args.assignment}: {found['processor']:.2f} s of processor time each, "
            f"{found['each']:.2f} s of a core, {found['seconds']:.0f} s with {args.jobs} at a time; "
            f"the grader itself takes {found['memory']:.0f} MB in the last quarter of the time "
            f"({found['growth']:+.0f} MB since the second quarter, at most {found['peak']:.0f} MB)",
            flush=True,
        )
    print(table(max(found["processor"], found["each"])))


if __name__ == "__main__":
    main()
