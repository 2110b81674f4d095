"""Run some of the kit's tests with every OpenBLAS kernel that this machine supports, in one and in two threads.

OpenBLAS chooses a kernel for the processor, and each kernel rounds matrix products in its own way: tests that pass with
all of them should pass on other machines too. The variable OPENBLAS_CORETYPE selects a kernel by name.

    python -m solutions.tools.kernels --only lint,checks --cores Nehalem,Haswell
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time

from solutions.tools.generate import ROOT

CORES = ("native", "Prescott", "Nehalem", "Sandybridge", "Haswell", "Zen", "SkylakeX", "Cooperlake", "Sapphirerapids")
ALIASES = {"Katmai": "Prescott"}  # the name that OpenBLAS reports -> the name by which the same kernel is selected
IN_USE = """
import numpy, threadpoolctl
numpy.ones((9, 9)) @ numpy.ones((9, 9))
print(*{library.get("architecture") or "" for library in threadpoolctl.threadpool_info()})
"""
PARTS = {  # of `make lint`, only the comparison of generated files with their masters depends on the kernel
    "lint": ("solutions", "stubs", "--check"),
    "checks": (
        "pytest",
        "-n",
        "auto",
        "--dist",
        "loadfile",
        "tests/tutor/exercises",
        "tests/solutions/test_attempts.py",
    ),
    "notebooks": ("solutions", "validate"),
}


def environment(core: str, threads: int) -> dict[str, str]:
    """Return an environment in which numpy multiplies with the kernel `core` (or the processor's own, "native")."""
    named = {} if core == "native" else {"OPENBLAS_CORETYPE": core}
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_CORETYPE"}
    return {**kept, **named, "OPENBLAS_NUM_THREADS": str(threads)}


def in_use(core: str) -> str:
    """Return the kernel that numpy uses if `core` is selected, or "" if numpy crashes or does not use OpenBLAS."""
    command = [sys.executable, "-c", IN_USE]
    done = subprocess.run(command, env=environment(core, 1), capture_output=True, text=True)
    found = done.stdout.strip()
    return ALIASES.get(found, found)


def passes(part: str, core: str, threads: int) -> bool:
    """Run a part and return whether it passed; if it failed, print the end of its output."""
    command, pipe = [sys.executable, "-m", *PARTS[part]], subprocess.PIPE
    done = subprocess.run(command, cwd=ROOT, env=environment(core, threads), stdout=pipe, stderr=subprocess.STDOUT)
    if done.returncode:
        print(f"\n{part} under {core}, threads: {threads}\n{done.stdout[-5000:].decode(errors='replace')}")
    return done.returncode == 0


def main(arguments: list[str] | None = None) -> int:
    """Print a table of which parts pass with which kernel; return 1 if any part fails."""
    parser = argparse.ArgumentParser(prog="python -m solutions.tools.kernels", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS", help="some of %(default)s")
    parser.add_argument("--cores", default=",".join(CORES), metavar="NAMES", help="some of %(default)s, or others")
    parser.add_argument("--threads", default="1,2", metavar="NUMBERS", help="default: %(default)s")
    args = parser.parse_args(arguments)
    parts = args.only.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    print(f"{'core type':16}{'threads':>8}  " + "".join(f"{part:12}" for part in parts) + "seconds")
    failed = False
    for core in args.cores.split(","):
        found = in_use(core)
        if core != "native" and found.lower() != core.lower():
            print(f"{core:16}     not on this machine: numpy uses {found or 'no OpenBLAS kernel'} instead", flush=True)
            continue
        for threads in map(int, args.threads.split(",")):
            start = time.monotonic()
            results = ["passed" if passes(part, core, threads) else "FAILED" for part in parts]
            failed |= "FAILED" in results
            cells = "".join(f"{result:12}" for result in results)
            name = f"native: {found}" if core == "native" and found else core
            print(f"{name:16}{threads:8}  {cells}{time.monotonic() - start:7.0f}", flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
