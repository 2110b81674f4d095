"""How long a student waits: for imports, for `check`, and from a saved file to a verdict or to a notebook's card.

There is no other implementation to compare with. The notes of the contenders say how long each may take on an idle
machine.
"""

from __future__ import annotations

import functools
import itertools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from benchmarks.harness import Contender, Contest
from cs231n.tutor import course
from cs231n.tutor.commands.watch import with_dependents
from solutions.tools import generate

EDIT = "edited = True"  # the statement that an edit adds to the function of an exercise, or removes
SAVES = 3  # for each file and each of the two contenders


def imports(full: bool) -> Iterator[Contest]:
    """Yield a Contest for importing the package in a fresh Python, and one for the first line of a notebook."""
    yield _contest("import cs231n in a fresh Python", _python("import cs231n"), "at most 300 ms")
    begin = "from cs231n.notebook import checks, np, plt"
    yield _contest("a notebook's first line in a fresh Python", _python(begin), "at most 1 s")


def commands(full: bool) -> Iterator[Contest]:
    """Yield a Contest for `check` on the command line with one exercise, and one with all exercises."""
    yield _contest("python -m cs231n check predict_labels", _python("", "check", "predict_labels"), "at most 0.6 s")
    yield _contest("python -m cs231n check", _python("", "check"), "at most 1.5 s")


def watching(full: bool) -> Iterator[Contest]:
    """Yield a Contest for each file of exercises: the time from saving it until `check --watch` shows verdicts.

    The function of the last exercise in the file is edited. One contender stops at the verdict on that exercise, the
    other after the verdicts on all exercises that the edit may affect, and the summary. Nobody saves twice within a
    second, so there is a pause of a second between saves.
    """
    session = _Watch()
    try:
        session.begin()
        last = {one.file: one for _, one in course.exercises().values()}
        for file, exercise in last.items():
            concerned = [name for name, (_, one) in course.exercises().items() if one.file == file]
            first = functools.partial(session.first_verdict, exercise)
            everything, note = functools.partial(session.all_verdicts, exercise), "at most 0.7 s"
            contenders = [
                Contender(f"the verdict on {exercise.name}", first, rounds=SAVES, note=note),
                Contender("all verdicts", everything, rounds=SAVES, note=note),
            ]
            what = f"check --watch: from saving {file} (exercises to check: {len(with_dependents(concerned))}) to …"
            yield Contest(what, contenders, _different, 0.0, "different verdicts", pause=1.0, wake=False)
    finally:
        session.stop()


def notebook(full: bool) -> Iterator[Contest]:
    """Yield a Contest for the first card in a fresh kernel, and one for the cards of all exercises after a save.

    In the second, the median and the largest time are taken over the exercises.
    """
    kernel = _Kernel()
    try:
        yield _contest("first line and first card in a fresh kernel", kernel.begin, "at most 2 s", rounds=0)
        names = [name for name, (_, exercise) in course.exercises().items() if exercise.file.endswith(".py")]
        turns = itertools.cycle([names[0], *itertools.chain.from_iterable(zip(names, names, strict=True))])
        note = "median at most 150 ms, none above 1 s"
        what = f"from a saved file to the card, {len(names)} exercises"
        yield _contest(what, lambda: kernel.save_and_check(next(turns)), note, len(names))
    finally:
        kernel.stop()


def _different(verdict: str, expected: str) -> float:
    return float(verdict != expected)


def _contest(what: str, run: Callable[[], None], note: str, rounds: int = 5) -> Contest:
    contenders = [Contender("ours", run, rounds=rounds, note=note)]
    return Contest(what, contenders, lambda a, b: 0.0, 0.0, "no difference")


def _python(code: str, *arguments: str) -> Callable[[], None]:
    """Return a function that runs code, or a verb of the kit's command line, in a fresh Python, with the solved kit."""

    def run() -> None:
        command = ["-m", "cs231n", *arguments] if arguments else ["-c", code]
        subprocess.run([sys.executable, *command], cwd=_tree(), env=_environment(), check=True, capture_output=True)

    return run


@cache
def _tree() -> Path:
    """Return the folder of a copy of the kit with all solutions, for this process only; its files may be edited."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    _keep.append(folder)
    return Path(generate.write_solved(out=Path(folder.name) / "kit"))


_keep: list[tempfile.TemporaryDirectory] = []  # deleted when this process ends


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(_tree())}


def _edit(exercise: course.Exercise) -> None:
    """Save the file of an exercise with EDIT added to its function, or removed if the function has it."""
    path = _tree() / exercise.file
    source = path.read_text("utf-8")
    lines = source.splitlines(keepends=True)
    last = course.functions(source)[exercise.function].body[-1]
    before = last.lineno - 2
    if lines[before].strip() == EDIT:
        del lines[before]
    else:
        lines.insert(before + 1, f"{' ' * last.col_offset}{EDIT}\n")
    path.write_text("".join(lines), "utf-8")


class _Watch:
    """A running `check --watch`, read through a pipe."""

    def begin(self) -> None:
        """Start `check --watch`, and wait until it has shown all verdicts."""
        command = [sys.executable, "-u", "-m", "cs231n", "check", "--watch"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=_tree(), env=_environment(), **pipes)
        self.busy = True  # until everything is checked
        self._wait()

    def first_verdict(self, exercise: course.Exercise) -> str:
        """Edit the function of an exercise, save it, and return its verdict as soon as it is shown."""
        if self.busy:
            self._wait()
        _edit(exercise)
        return self._verdict(exercise)

    def all_verdicts(self, exercise: course.Exercise) -> str:
        """Edit the function of an exercise, save it, wait for all verdicts, and return that on the exercise."""
        verdict = self.first_verdict(exercise)
        while self.busy:
            line = self._line()
            verdict = _row(line, exercise) or verdict
        return verdict

    def stop(self) -> None:
        """Make the process quit, and wait until it has."""
        self.process.communicate(b"q\n")

    def _verdict(self, exercise: course.Exercise) -> str:
        """Wait for the next line with the verdict on an exercise, and return it."""
        self.busy = True
        return next(filter(None, (_row(self._line(), exercise) for _ in itertools.count())))

    def _wait(self) -> None:
        """Read lines until all verdicts are shown."""
        self.busy = True
        while self.busy:
            self._line()

    def _line(self) -> str:
        line = self.process.stdout.readline().decode()
        if not line:
            raise RuntimeError("check --watch ended")
        self.busy &= not line.startswith("Watching:")  # the last line that is shown
        return line


def _row(line: str, exercise: course.Exercise) -> str:
    """Return a line if it is the verdict on an exercise, as in `    ✓ passed         2/2  sgd`, and otherwise ""."""
    return line if re.fullmatch(rf"    \S .*\d+/\d+ +{exercise.name}\n", line) else ""


class _Kernel:
    """A running notebook."""

    def begin(self) -> None:
        """Start the kernel, and run the first line and one check."""
        from jupyter_client.manager import start_new_kernel

        self.manager, self.client = start_new_kernel(cwd=str(_tree()), env=_environment())
        self._run("from cs231n.notebook import checks, np, plt")
        self._run("checks.run('predict_labels')")

    def save_and_check(self, name: str) -> None:
        """Edit the file of an exercise, save it, and check the exercise."""
        _edit(course.find_exercise(name)[1])
        self._run(f"checks.run({name!r})")

    def stop(self) -> None:
        """Stop the kernel."""
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def _run(self, code: str) -> None:
        reply = self.client.execute_interactive(code, store_history=False, output_hook=lambda message: None)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"{code} failed: {reply['content'].get('evalue')}")


BENCHMARKS = {"imports": imports, "check": commands, "watch": watching, "notebook": notebook}
