"""The process with a student's code, inside a sandbox: it runs recipes on the code and returns raw arrays.

The process is started with one argument, a JSON object with these keys:

- "paths": further folders to search for modules; "kit": the folder with the kit and the student's files.
- "user": the id of the user to become, or 0 for no change; "limits": {name: value}; "landlock": what confine.landlock
  should allow, as {"read": paths, "write": paths}, or null.
- "filter": a filter of system calls for this process, in hex, or "".
- "calls": a filter of system calls for the processes with student code, in hex, or "".
- "alone": whether every process that this one can signal was started by it.
- "scratch": a folder that is emptied after each exercise, or ""; "mounted": paths that are not deleted from it.
- "config": matplotlib's configuration folder, or "".

numpy and the kit are loaded once. Then, on request over the socket that is standard input, this process forks for each
exercise. Each fork has its own socket, and only a fork loads the student's modules. This process contains nothing that
a student must not have: no masters, no expected values, no seed. (The masters run in another process of this kind,
without any student's code; see masters.py.)
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from cs231n.tutor.checks.check import Check
    from cs231n.tutor.checks.target import Failure, LocalTarget

PATIENCE = 100  # hundredths of a second to wait for the end of a process that has closed its socket
SEED = 231
CHANNEL = 3  # in the process of an exercise, the descriptor of its socket


def main() -> None:
    """Give up rights, load the kit, and start a process for each exercise that the grader asks for."""
    told = json.loads(sys.argv[1])
    sys.path[:] = [*(entry for entry in sys.path if entry != str(Path(__file__).parent)), *told["paths"]]
    from grading import confine

    confine.only(0)
    confine.silence(1)
    if told["user"]:
        confine.become(told["user"])
    confine.limit(told["limits"])
    if told["filter"]:
        confine.filter_calls(bytes.fromhex(told["filter"]))
    confine.hide_memory()
    if told["config"]:
        os.environ["MPLCONFIGDIR"] = told["config"]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    checks = _load(told["kit"])
    control = socket.socket(fileno=0)
    process = 0
    control.sendall(b"ready\n")
    confine.silence(2)
    while True:
        word, descriptors, _, _ = socket.recv_fds(control, 1, 1)
        if not word:  # the grader is gone, or has finished this submission
            break
        if word == b"f":
            process = _fork(control, descriptors[0], told, checks)
        else:
            status = _exit_status(process) if word == b"d" else 0
            _kill_all(process, told["alone"])
            code = os.waitstatus_to_exitcode(status)
            control.sendall(f"{f'signal {-code}' if code < 0 else f'exit {code}'}\n".encode())
            _empty(told["scratch"], told["mounted"])
    _kill_all(process, told["alone"])


def _load(kit: str) -> dict[str, Check]:
    """Import the kit, and return {exercise: check}. From then on, Python also looks for modules in `kit`, last."""
    package = Path(kit, "cs231n")
    spec = spec_from_file_location("cs231n", package / "__init__.py", submodule_search_locations=[str(package)])
    assert spec and spec.loader
    sys.modules["cs231n"] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    from cs231n.tutor import exercises

    checks = {name: check for name, (_, check) in exercises.registry().items()}
    sys.path.append(kit)
    return checks


def _fork(control: socket.socket, descriptor: int, told: dict, checks: dict[str, Check]) -> int:
    """Start the process for one exercise, and return the process id."""
    process = os.fork()
    if process:
        os.close(descriptor)
        return process
    from grading import confine

    control.detach()
    os.dup2(descriptor, CHANNEL)
    confine.only(CHANNEL)
    confine.silence(0)
    os.setpgid(0, 0)
    if told["landlock"]:
        confine.landlock(**told["landlock"])
    if told["calls"]:
        confine.filter_calls(bytes.fromhex(told["calls"]))
    try:
        _Server(socket.socket(fileno=CHANNEL), checks).serve()
    finally:
        os._exit(0)  # this does not wait for threads and exit handlers of student code


def _exit_status(process: int) -> int:
    """Return the wait status of a process that has closed its socket, or 0 if it does not end soon."""
    for _ in range(PATIENCE):
        found, status = os.waitpid(process, os.WNOHANG)
        if found:
            return status
        time.sleep(0.01)
    return 0


def _kill_all(process: int, alone: bool) -> None:
    """Kill the process of an exercise, with its process group or, if `alone`, with all that this process can signal."""
    if process:
        with contextlib.suppress(OSError):  # no process is left
            os.kill(-1 if alone else -process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)


def _empty(scratch: str, mounted: list[str]) -> None:
    """Delete the files that an exercise has left in `scratch`, so that the next exercise cannot read them.

    Paths in `mounted` stay. If something cannot be deleted, this process ends, and the grader starts a new one in a
    new folder.
    """
    try:
        for entry in os.scandir(scratch) if scratch else ():
            if entry.path in mounted:
                continue
            if any(path.startswith(f"{entry.path}/") for path in mounted):
                _empty(entry.path, mounted)
            elif entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                Path(entry.path).unlink()
    except (OSError, RecursionError):
        os._exit(1)


class _Server:
    """Answers requests about one exercise: run a recipe, apply a watch, reset the limits, find the function's line.

    Each answer consists of a JSON header and a list of arrays.
    """

    def __init__(self, channel: socket.socket, checks: dict[str, Check]):
        import numpy as np

        from cs231n.tutor.checks.limits import Limits
        from cs231n.tutor.checks.target import LocalTarget

        np.random.seed(SEED)  # noqa: NPY002  so that draws without a seed are the same in every run
        self.channel, self.checks, self.new_limits = channel, checks, Limits
        self.target: LocalTarget = LocalTarget(limits=Limits())

    def serve(self) -> None:
        """Answer one request after another."""
        from grading import wire

        requests = self.channel.makefile("rb")
        answers: dict[str, Callable] = {
            "run": self._run,
            "watch": self._watch,
            "begin": self._begin,
            "line": self._line,
        }
        while True:
            header, arrays = wire.unpack(lambda size: _exactly(requests, size))
            try:
                told, found = answers[header["do"]](header, arrays)
            except Exception as error:  # a fault of the kit, since exceptions of student code are part of the answer
                told, found = {"fault": f"{type(error).__name__}: {error}"[:1000]}, []
            self.channel.sendall(_packed({"id": header["id"], **told}, found))

    def _run(self, header: dict, arrays: list[np.ndarray]) -> tuple[dict, list]:
        """Call a recipe; answer with its result or failure, and its array arguments as they are after the call.

        If a limit is exceeded, the answer says which one instead.
        """
        import numpy as np

        from cs231n.tutor.checks.limits import Stopped
        from grading import recipes

        recipe = recipes.found(header["recipe"], arrays, self.checks)
        inputs = recipes.found(header["inputs"], arrays, self.checks)
        try:
            value, failure, observed = self.target.call(recipe, inputs, header["observe"])
        except Stopped as stop:
            return {"stopped": _stopped(stop)}, []
        after = {name: one for name, one in inputs.items() if isinstance(one, np.ndarray)}
        told = {
            "value": list(value),
            "after": list(after),
            "failure": _failure(failure, inputs, self.checks.get(header["check"])) if failure else None,
            "observed": {"steps": observed.steps, "entered": observed.entered, "peak": observed.peak},
        }
        return told, [*value.values(), *after.values()]

    def _watch(self, header: dict, arrays: list[np.ndarray]) -> tuple[dict, list]:
        """Apply a watch of a check to the student's code with these inputs; answer with its finding, or None.

        If a limit is exceeded, the answer says which one instead.
        """
        from dataclasses import replace

        from cs231n.tutor.checks.check import Case
        from cs231n.tutor.checks.limits import Stopped
        from grading import recipes

        check, inputs = self.checks[header["check"]], recipes.found(header["inputs"], arrays, self.checks)
        usual = replace(check, cases=lambda seed: [Case("the usual case", inputs)])
        try:
            found = check.watches[header["watch"]](self.target, usual)
        except Stopped as stop:
            return {"stopped": _stopped(stop)}, []
        parts = ("message", "cause", "where", "status")
        return {"finding": {part: getattr(found, part) for part in parts} if found else None}, []

    def _begin(self, header: dict, arrays: list) -> tuple[dict, list]:
        """Reset the limits, so that time and memory are measured from now on."""
        self.target.limits = self.new_limits()
        return {}, []

    def _line(self, header: dict, arrays: list) -> tuple[dict, list]:
        """Answer with file:line of the function of an exercise."""
        from cs231n.tutor import course
        from cs231n.tutor.checks.runner import definition

        return {"where": definition(course.find_exercise(header["exercise"])[1])}, []


def _exactly(stream: Any, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        os._exit(0)  # the grader has finished this exercise
    return data


def _packed(told: dict, found: list) -> bytes:
    """Return a frame with the answer or, if the outputs cannot be sent in one, with a failure that says so."""
    from grading import wire

    try:
        return wire.pack(told, found)
    except (TypeError, ValueError, MemoryError) as error:
        failure = {"kind": "", "message": f"the result cannot be sent as arrays of numbers: {error}"}
        return wire.pack({"id": told["id"], "value": [], "after": [], "failure": failure})


def _stopped(stop: BaseException) -> dict:
    from cs231n.tutor.checks.target import describe_failure

    seen = describe_failure(stop)
    cause = getattr(stop, "cause", "")
    return {"cause": cause, "where": seen.where, "source": seen.source, "message": seen.message}


def _failure(failure: Failure, inputs: dict, check: Check | None) -> dict:
    """Return the fields of a failure, and the cause if the statement that raised the exception shows it."""
    from cs231n.tutor import faults
    from cs231n.tutor.checks import raised

    words = {part: getattr(failure, part) for part in ("kind", "message", "where", "source", "todo", "cause")}
    with faults.noted("explaining an exception"):
        why = raised.cause(failure, inputs, check.axes if check else {}, {})
        words |= {"cause": words["cause"] or why.cause, "evidence": why.evidence}
    return words


if __name__ == "__main__":
    main()
    os._exit(0)
