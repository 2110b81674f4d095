"""Test that no cell of a release shows a traceback or a wrong exercise, even if it runs to the end.

The notebooks are those in which everything is still to do. This file is run next to an unpacked release, which does not
have the package `solutions`, so it imports nothing from there:

    python tracebacks.py assignment1
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterable

from cs231n.data import disk
from cs231n.data.standin import ensure
from cs231n.tutor import course, processes
from cs231n.tutor.show.verdict import SYMBOLS, WORDS
from cs231n.tutor.submission import files, read
from cs231n.tutor.submission.run import CellLimits, run_notebook

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TRACEBACK = "Traceback (most recent call last)"
WRONG = re.compile("|".join(rf"^{SYMBOLS[status]} \w+: {WORDS[status]}" for status in ("fail", "error")), re.M)


def amiss(outputs: Iterable[dict]) -> str:
    """Return a line about the first traceback or wrong exercise among the outputs of a cell, or "" if there is none."""
    for output in outputs:
        if output["output_type"] == "error":
            return f"it shows a traceback: {output['ename']}: {output['evalue']}"
        text = COLOUR.sub("", output.get("text") or output.get("data", {}).get("text/plain", ""))
        if TRACEBACK in text:
            return f"it shows a traceback: {text.strip().splitlines()[-1]}"
        wrong = WRONG.search(text)
        if wrong:
            return f"it shows what is wrong: {wrong[0]}"
    return ""


def examine(name: str, environment: dict[str, str]) -> bool:
    """Run a copy of a notebook ("assignment1/knn"), print what is wrong, and return whether nothing is wrong."""
    path, begin = f"assignments/{name}.ipynb", time.monotonic()
    data = files.read(course.ROOT, path)
    book = read.parse(path, data)
    with disk.temporary_folder() as folder:
        run = run_notebook(data, book, folder, environment, CellLimits(), lambda place: None, go_on=True)
    cells = json.loads(run.content)["cells"]
    shown = {number: amiss(cell.get("outputs", ())) for number, cell in enumerate(cells, 1)}
    told = {one.cell: one.why for one in run.stopped} | {number: text for number, text in shown.items() if text}
    print(f"{SYMBOLS['fail' if told else 'pass']} {name:<36} {len(cells)} cells, {time.monotonic() - begin:.0f} s")
    for number, why in sorted(told.items()):
        print(f"    cell {number}: {cells[number - 1]['source'].strip().splitlines()[0] if number else 'the kernel'}")
        print(f"        {why}")
    return not told


def main(assignments: list[str]) -> int:
    """Examine the notebooks of these assignments, by default of all; return 1 if anything is wrong."""
    environment = processes.environment(course.ROOT) | {"CS231N_DATA": str(ensure())}
    chosen = [one for one in course.ASSIGNMENTS if not assignments or one.name in assignments]
    names = [f"{assignment.name}/{stem}" for assignment in chosen for stem in assignment.notebooks]
    good = [examine(name, environment) for name in names]  # all notebooks are run, even after a bad one
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
