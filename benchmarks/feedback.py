"""How long a student waits: for imports, for `check`, and in a notebook from a saved file to its card.

There is no peer. What is asked for, on an idle machine, is in the notes.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from benchmarks.harness import PAUSE, Contender, Contest
from cs231n.tutor import course
from solutions.tools import generate

EDIT = "# saved again\n"  # what an edit adds to the file of an exercise, or takes away


def imports(full: bool) -> Iterator[Contest]:
    """Yield the contests of a fresh Python that imports the package, and what every notebook begins with."""
    yield _contest("import cs231n in a fresh Python", _python("import cs231n"), "at most 300 ms")
    begin = "from cs231n.notebook import checks, np, plt"
    yield _contest("a notebook's first line in a fresh Python", _python(begin), "at most 1 s")


def commands(full: bool) -> Iterator[Contest]:
    """Yield the contests of the command line: one exercise, and all of them."""
    yield _contest("python -m cs231n check predict_labels", _python("", "check", "predict_labels"), "at most 0.6 s")
    yield _contest("python -m cs231n check", _python("", "check"), "at most 1.5 s")


def watching(full: bool) -> Iterator[Contest]:
    """Yield the contest of `check --watch`: from a saved file to the verdict, for each file of exercises in turn.

    Nobody saves twice within a second, so there is a pause of a second between turns.
    """
    session = _Watch()
    try:
        session.begin()
        counted = Counter(one.file for _, one in course.exercises().values() if one.file.endswith(".py"))
        files = [file for file, _ in counted.most_common()]  # first the one that takes longest: too long to wake up
        turns = itertools.cycle([files[0], *files])
        what = f"check --watch: from a saved file to the verdict, {len(files)} files with what builds on them"
        yield _contest(what, lambda: session.save(next(turns)), "at most 0.7 s", len(files), pause=1.0)
    finally:
        session.stop()


def notebook(full: bool) -> Iterator[Contest]:
    """Yield the contests of a notebook: the first card in a fresh kernel, then a card for each exercise after a save.

    The median and the largest time of the second are over exercises.
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


def _contest(what: str, run: Callable[[], None], note: str, rounds: int = 5, pause: float = PAUSE) -> Contest:
    contenders = [Contender("ours", run, rounds=rounds, note=note)]
    return Contest(what, contenders, lambda a, b: 0.0, 0.0, "no difference", pause=pause)


def _python(code: str, *arguments: str) -> Callable[[], None]:
    """Return a call that runs code in a fresh Python, or a verb of the kit's command line, in a solved tree."""

    def run() -> None:
        command = ["-m", "cs231n", *arguments] if arguments else ["-c", code]
        subprocess.run([sys.executable, *command], cwd=_tree(), env=_environment(), check=True, capture_output=True)

    return run


@cache
def _tree() -> Path:
    """Return a solved tree of our own, whose files may be edited."""
    folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
    _keep.append(folder)
    return Path(generate.write_solved(out=Path(folder.name) / "kit"))


_keep: list[tempfile.TemporaryDirectory] = []  # until this process ends


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(_tree())}


def _edit(file: str) -> None:
    """Save a file of the tree with a comment at its end, or without it if it has one."""
    path = _tree() / file
    source = path.read_text("utf-8")
    path.write_text(source.removesuffix(EDIT) if source.endswith(EDIT) else source + EDIT, "utf-8")


class _Watch:
    """A running `check --watch`, read through a pipe."""

    def begin(self) -> None:
        """Start it, and wait until it has checked everything."""
        command = [sys.executable, "-u", "-m", "cs231n", "check", "--watch"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self.process = subprocess.Popen(command, cwd=_tree(), env=_environment(), **pipes)
        self._wait()

    def save(self, file: str) -> None:
        """Edit a file, save it, and wait for the verdict."""
        _edit(file)
        self._wait()

    def stop(self) -> None:
        """Have it quit."""
        self.process.communicate(b"q\n")

    def _wait(self) -> None:
        for line in self.process.stdout:
            if line.startswith(b"Watching:"):  # the last line of what is shown
                return
        raise RuntimeError("check --watch ended")


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
        _edit(course.find_exercise(name)[1].file)
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
