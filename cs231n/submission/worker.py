"""Run by `checking` in an unpacked submission: python -m cs231n.submission.worker FILE EXERCISE…

Adds a JSON line to FILE before and after each exercise, so that what was found outlives whatever student code does.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from cs231n.checks import runner
from cs231n.checks.oracle import DamagedKitError


def main(file: str, names: list[str]) -> None:
    """Check the exercises one after the other."""
    with Path(file).open("a", encoding="utf-8") as record:

        def say(**line: Any) -> None:
            record.write(json.dumps(line) + "\n")
            record.flush()

        say(ready=True)
        for name in names:
            say(begin=name)
            try:
                say(verdict=runner.run(name).as_row())
            except DamagedKitError as error:
                say(damaged=str(error))
                return


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
    os._exit(0)  # threads and exit handlers of student code are not waited for
