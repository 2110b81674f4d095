"""The process that `child` runs checks in: a JSON request comes in, a JSON line for each verdict goes out.

What student code prints, even past Python, ends nowhere: the lines go through a copy of standard output made first.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import sys
from typing import Any, TextIO

GRACE = 3.0  # seconds a check may take beyond its limit before the process ends itself


def main() -> None:
    """Check the exercises asked for, one after the other."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    channel = _private_output()
    request = json.load(sys.stdin)
    faulthandler.enable()
    from cs231n.tutor import exercises
    from cs231n.tutor.checks import limits, oracle
    from cs231n.tutor.show import verdict

    known = {row["name"]: verdict.Verdict(**row) for row in request["known"]}
    session = exercises.session(known=known)
    try:
        for name in request["names"]:
            _say(channel, begin=name)
            faulthandler.dump_traceback_later(limits.SECONDS + GRACE, exit=True)
            _say(channel, verdict=session.run(name).as_row())
        _say(channel, done=True)
    except oracle.DamagedKitError as error:
        _say(channel, damaged=str(error))


def _private_output() -> TextIO:
    """Return a text stream to what was standard output, which from now on leads nowhere."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return channel


def _say(channel: TextIO, **line: Any) -> None:
    channel.write(json.dumps(line) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
    os._exit(0)  # threads and exit handlers of student code are not waited for
