"""The process in which isolated.Child runs checks: it reads a request and writes the verdicts, as lines of JSON.

The standard streams of student code are connected to os.devnull: whatever it prints, even from C code, is lost. The
lines go through a copy of standard output, and so does faulthandler's report of where Python crashed or was stopped.
"""

from __future__ import annotations

import faulthandler
import json
import os
import signal
import threading
from importlib import invalidate_caches
from typing import Any, BinaryIO, TextIO

from cs231n.tutor import faults
from cs231n.tutor.checks import limits
from cs231n.tutor.checks.runner import Session, in_course
from cs231n.tutor.exercises import registry, session
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show.verdict import Verdict


def main() -> None:
    """Check the exercises that are asked for, one after another."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    requests, channel = os.fdopen(_private(0), "rb"), os.fdopen(_private(1), "w", encoding="utf-8")
    faulthandler.enable(channel)
    registry()  # loads all checks before the request comes
    request = json.loads(requests.readline())
    invalidate_caches()  # files may have been added since then
    threading.Thread(target=_end_with_parent, args=(requests,), daemon=True).start()
    known = {row["name"]: Verdict(**row) for row in request["known"]}
    checking = session(known=known)  # whatever goes wrong up to here is not the fault of student code
    os.close(_private(2))
    try:
        for name in request["names"]:
            _say(channel, begin=name)
            faulthandler.dump_traceback_later(limits.SECONDS + request["grace"], exit=True, file=channel)
            _say(channel, verdict=_verdict(checking, name).as_row())
    except DamagedKitError as error:
        _say(channel, damaged=str(error))


def _verdict(checking: Session, name: str) -> Verdict:
    """Return the verdict on an exercise; a fault of the kit is not blamed on the student.

    Raises DamagedKitError if stored values of the kit cannot be read.
    """
    damaged = None
    with faults.noted(f"checking {name}"):
        try:
            return checking.run(name)
        except DamagedKitError as error:
            damaged = error
    if damaged:
        raise damaged
    told = "the check itself failed, which is a fault of the kit and not of your code. Details are in .cs231n/log"
    return in_course(Verdict(name, "error", told))


def _private(number: int) -> int:
    """Return a copy of a standard stream, and connect the stream itself to os.devnull."""
    copy, nowhere = os.dup(number), os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, number)
    os.close(nowhere)
    return copy


def _end_with_parent(requests: BinaryIO) -> None:
    """Kill this process and everything that it started once the parent is gone, for example because it was killed."""
    requests.read()  # returns when the other end is closed
    from cs231n.tutor import processes  # imported here: it loads psutil, which is not needed at the start

    processes.sweep(processes.parents_mark())
    os._exit(1)


def _say(channel: TextIO, **line: Any) -> None:
    channel.write(json.dumps(line) + "\n")
    channel.flush()


if __name__ == "__main__":
    main()
    os._exit(0)  # does not wait for threads and exit handlers of student code
