"""A record of the executed code, to recognise outputs that are older than the code of their cell.

A notebook file keeps a cell's execution count and outputs when the cell's code is edited afterwards, and no front end
stores which code they came from. So every kernel that imports `cs231n.notebook` writes lines "count digest" into its
own file in `.cs231n/executed/`: the number of an execution and part of the sha256 of the code, but no names, paths or
code. This works in JupyterLab, Notebook, VS Code and nbclient. The folder may be deleted: then no cell is reported as
changed since it was run.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from cs231n.tutor import course, faults

PLACE = ".cs231n/executed"
FOLDER = course.ROOT / PLACE
KEPT = 60  # kernels whose records are kept

Session = Mapping[int, str]  # execution count -> digest of the code, of one kernel
Shown = tuple[int, str]  # execution count and digest of the code that a cell shows


def digest(source: str) -> str:
    """Return a hash of a cell's code; white space around it and at the ends of lines does not affect the hash."""
    lines = (line.rstrip() for line in source.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()[:24]


class Recorder:
    """Records what a kernel executes; if nothing can be written (a read-only folder, a full disk), does nothing."""

    def __init__(self, folder: Path = FOLDER):
        self.path = folder / f"{time.time_ns()}-{os.getpid()}"

    def after(self, result: Any) -> None:
        """Record a cell after its execution: a callback for IPython's event post_run_cell."""
        source = getattr(result.info, "raw_cell", None)
        if not (source and result.execution_count and result.info.store_history):  # code that an editor runs silently
            return
        with suppress(OSError):
            if not self.path.exists():
                _make_room(self.path.parent)
            with self.path.open("a", encoding="ascii") as record:
                record.write(f"{result.execution_count} {digest(source)}\n")


def take_over(source: Path, folder: Path = FOLDER) -> None:
    """Copy the records from `source`, the folder with the records of another copy of the kit; ignore OSErrors."""
    with suppress(OSError):
        for path in sorted(source.iterdir()):
            _make_room(folder)
            (folder / path.name).write_bytes(path.read_bytes())


def sessions(folder: Path = FOLDER) -> list[Session]:
    """Return the record of each kernel; incomplete lines are skipped."""
    found: list[Session] = []
    with suppress(OSError):
        for path in filter(Path.is_file, sorted(folder.iterdir())):
            lines = (line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines())
            found.append({int(line[0]): line[1] for line in lines if len(line) == 2 and line[0].isdecimal()})
    return found


def stale(shown: Sequence[Shown], known: Iterable[Session]) -> list[bool]:
    """Return for each cell whether its code is known to differ from what ran under its execution count.

    A kernel is taken to have run this notebook if, of the counts that its record and the notebook have in common, at
    least two and at least half belong to the same code. (One is not enough: counts start at 1 in every kernel, and all
    notebooks begin with the same cell.) Without the record of such a kernel, the result is False for each cell.
    """
    known = list(known)
    own = [session for session in known if _is_own(shown, session)]
    return [
        any(count in session for session in own) and not any(session.get(count) == code for session in known)
        for count, code in shown
    ]


def _is_own(shown: Sequence[Shown], session: Session) -> bool:
    both = [session[count] == code for count, code in shown if count in session]
    return sum(both) >= 2 and 2 * sum(both) >= len(both)


def _make_room(folder: Path) -> None:
    faults.make_notes(folder.parent)
    folder.mkdir(exist_ok=True)
    for old in sorted(folder.iterdir())[: -KEPT + 1]:
        old.unlink(missing_ok=True)
