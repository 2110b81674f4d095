"""Run by `checking` in an unpacked submission: python -m cs231n.tutor.submission.worker FILE EXERCISE…

Adds a JSON line to FILE for each verdict, so that what was found outlives this process being ended.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cs231n.tutor import processes
from cs231n.tutor.checks import isolated
from cs231n.tutor.checks.oracle import DamagedKitError


def main(file: str, names: list[str]) -> None:
    """Check the exercises one after the other."""
    with Path(file).open("a", encoding="utf-8", buffering=1) as record:
        try:
            for verdict in isolated.verdicts(names):
                record.write(json.dumps({"verdict": verdict.as_row()}) + "\n")
        except DamagedKitError as error:
            record.write(json.dumps({"damaged": str(error)}) + "\n")


if __name__ == "__main__":
    processes.end_with_parent()
    main(sys.argv[1], sys.argv[2:])
