"""The limits of a notebook cell while it runs, and the command-line options for them."""

from __future__ import annotations

import argparse
import math
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True)
class CellLimits:
    """The limits while one cell runs: seconds, bytes of memory (of the whole kernel), characters of output."""

    seconds: float = 600
    memory: int = 6_000_000_000
    output: int = 20_000_000


def add_cell_limits(parser: argparse._ActionsContainer) -> None:
    """Add --cell-seconds and --cell-memory."""
    told = "seconds that a cell may take (default: 600)"
    parser.add_argument("--cell-seconds", type=_above_zero, default=600, metavar="S", help=told)
    told = "gigabytes of memory that a notebook may use (default: 6)"
    parser.add_argument("--cell-memory", type=_above_zero, default=6, metavar="GB", help=told)


def cell_limits(args: argparse.Namespace) -> CellLimits:
    """Return the limits that these command-line arguments set."""
    return CellLimits(args.cell_seconds, int(args.cell_memory * 1e9))


def _above_zero(text: str) -> float:
    """Return the value of an option as a number. Raises ArgumentTypeError if it cannot be a limit."""
    with suppress(ValueError):
        if 0 < float(text) < math.inf:
            return float(text)
    raise argparse.ArgumentTypeError(f"a number above 0 was expected, not {text!r}")
