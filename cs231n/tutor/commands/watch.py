"""`python -m cs231n check --watch`: check again what a saved file may have changed, and show the next thing to do."""

from __future__ import annotations

import signal
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO

from cs231n.tutor import course
from cs231n.tutor.checks.isolated import Child
from cs231n.tutor.checks.oracle import DamagedKitError
from cs231n.tutor.commands.keys import Keys, keys
from cs231n.tutor.show import hint, table
from cs231n.tutor.show.verdict import SYMBOLS, Verdict
from cs231n.tutor.terminal import Screen

POLL = 0.1  # seconds between two looks at files, keys and checks
VERBS = {"h": "hint", "n": "next", "a": "all again", "l": "list", "q": "quit"}


def watch(names: Sequence[str], out: TextIO | None = None, typed: TextIO | None = None) -> int:
    """Watch until `q` or Ctrl-C; return the exit code: 0 if everything passed in the end, 2 if the kit is damaged."""
    screen = Screen(out or sys.stdout)
    try:
        with keys(typed or sys.stdin) as reader:
            return Watch(names, screen, reader).run()
    except KeyboardInterrupt as stop:
        screen.line()
        return 128 + (stop.args[0] if stop.args else signal.SIGINT)
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2


class Files:
    """What stands in the files of some exercises, and what changed there since the last look."""

    def __init__(self, names: Sequence[str]):
        paths = dict.fromkeys(course.exercises()[name][1].file for name in names)
        self.known = {path: _read(path) for path in paths}
        self.seen = dict(self.known)

    def changed(self) -> set[str]:
        """Return the exercises of files that changed; what two looks in a row find the same is no half-written save."""
        found = {path: _read(path) for path in self.known}
        resting = [path for path, text in found.items() if text == self.seen[path] != self.known[path]]
        self.seen = found
        self.known |= {path: found[path] for path in resting}
        return {name for name, (_, exercise) in course.exercises().items() if exercise.file in resting}


def _read(path: str) -> str:
    """Return the text of a student's file, "" where it vanished: some editors save by moving another in its place."""
    try:
        return Path(course.ROOT, path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def with_dependents(names: Iterable[str]) -> list[str]:
    """Return exercises and all that build on them, directly or not, in working order."""
    found, everything = set(names), course.exercises()
    while more := {name for name, (_, one) in everything.items() if name not in found and found & set(one.needs)}:
        found |= more
    return [name for name in everything if name in found]


class Watch:
    """The state of a session: verdicts so far, checks under way, and the exercise that is shown."""

    def __init__(self, names: Sequence[str], screen: Screen, reader: Keys):
        self.names, self.screen, self.keys = list(names), screen, reader
        self.files = Files(self.names)
        self.verdicts: dict[str, Verdict] = {}
        self.child: Child | None = None
        self.chosen = ""  # the exercise that "next" went on to, until it passes
        self.news: list[str] = []  # what the last save changed

    def run(self) -> int:
        """Go round: files, checks, keys."""
        self._check(self.names)
        try:
            while True:
                changed = [name for name in with_dependents(self.files.changed()) if name in self.names]
                if changed:
                    self._check([name for name in self.names if name in {*changed, *self._under_way()}])
                self._advance()
                key = self.keys.poll(POLL)
                if key == "q":
                    return 0 if all(self._passed(name) for name in self.names) else 1
                if key in VERBS:
                    getattr(self, f"_{VERBS[key].split()[0]}")()
        finally:
            self._stop()

    def _check(self, names: list[str]) -> None:
        """Check exercises in a new process, so that what is on disk now is what runs."""
        self._stop()
        known = {name: verdict for name, verdict in self.verdicts.items() if name not in names}
        self.news, self.before = [], dict(self.verdicts)
        self.child = Child(names, known).__enter__()
        self.screen.line(f"Checking {names[0] if len(names) == 1 else f'{len(names)} exercises'} ...")

    def _advance(self) -> None:
        while self.child and (verdict := self.child.poll(0)):
            self.verdicts[verdict.name] = verdict
            was = self.before.get(verdict.name)
            if was and was.status != verdict.status:
                self.news.append(f"{SYMBOLS[verdict.status]} {verdict.name}")
        if self.child and not self.child.left:
            self._stop()
            self._show()

    def _under_way(self) -> list[str]:
        return list(self.child.left) if self.child else []

    def _stop(self) -> None:
        if self.child:
            self.child.__exit__()
            self.child = None

    def _passed(self, name: str) -> bool:
        return name in self.verdicts and self.verdicts[name].status == "pass"

    def _done(self) -> list[Verdict]:
        return [self.verdicts[name] for name in self.names if name in self.verdicts]

    def _current(self) -> Verdict | None:
        if self.chosen and not self._passed(self.chosen):
            return self.verdicts.get(self.chosen)
        self.chosen = ""
        return table.next_to_do(self._done())

    def _show(self) -> None:
        """Show progress, what the last save changed, and the whole story of the exercise to work on."""
        self.screen.clear()
        self._progress()
        if self.news:
            for line in textwrap.wrap("Changed: " + ", ".join(self.news), self.screen.width):
                self.screen.line(line)
        current = self._current()
        self.screen.line()
        if current:
            for line in table.rows(current, self.screen, whole_story=True):
                self.screen.line(line)
        else:
            self.screen.line("Everything passes.")
        self._footer()

    def _progress(self) -> None:
        for name in dict.fromkeys(verdict.assignment for verdict in self._done()):
            part = [verdict for verdict in self._done() if verdict.assignment == name]
            self.screen.line(table.progress(name, part, self.screen))

    def _footer(self) -> None:
        verbs = "  ".join(f"{key} {verb}" for key, verb in VERBS.items())
        self.screen.line()
        self.screen.line(f"Saved files are checked.  {verbs}{'' if self.keys.one_by_one else '  (and Enter)'}")

    def _hint(self) -> None:
        current = self._current()
        if current is None:
            return
        self.screen.line()
        for line in hint.lines(hint.hint(current.name), self.screen):
            self.screen.line(line)

    def _next(self) -> None:
        """Go on to the next exercise that does not pass, round and round."""
        left = [verdict.name for verdict in self._done() if verdict.status != "pass"]
        current = self._current()
        if current:
            self.chosen = left[(left.index(current.name) + 1) % len(left)]
        self._show()

    def _all(self) -> None:
        self._check(self.names)

    def _list(self) -> None:
        self.screen.clear()
        table.write_table(self._done(), out=self.screen.stream)
        self._footer()
