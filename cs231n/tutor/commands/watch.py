"""`python -m cs231n check --watch`: check again what a saved file may have changed, and show the next thing to do."""

from __future__ import annotations

import signal
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.checks.isolated import Child
from cs231n.tutor.commands.keys import Keys, keys
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show import hint, table
from cs231n.tutor.show.verdict import SYMBOLS, Verdict
from cs231n.tutor.terminal import Screen

POLL = 0.05  # seconds between two looks at files, keys and checks
VERBS = {"h": "hint", "n": "next", "a": "all again", "l": "list", "q": "quit"}


def watch(names: Sequence[str]) -> int:
    """Watch until `q` or Ctrl-C; return the exit code: 0 if everything passed in the end, 2 if the kit is damaged."""
    screen = Screen(sys.stdout)
    try:
        with keys(sys.stdin) as reader:
            return Watch(names, screen, reader).run()
    except KeyboardInterrupt as stop:
        screen.line()
        return 128 + (stop.args[0] if stop.args else signal.SIGINT)
    except DamagedKitError as error:
        print(error, file=sys.stderr)
        return 2


class Files:
    """The contents of the files of some exercises, and what has changed in them since the last look."""

    def __init__(self, names: Sequence[str]):
        paths = dict.fromkeys(course.exercises()[name][1].file for name in names)
        self.known = {path: _read(path) for path in paths}
        self.seen = dict(self.known)

    def changed(self) -> set[str]:
        """Return the exercises of files that changed; a file counts when two looks in a row find the same content."""
        found = {path: _read(path) for path in self.known}
        resting = [path for path, content in found.items() if content == self.seen[path] != self.known[path]]
        self.seen = found
        self.known |= {path: found[path] for path in resting}
        return {name for name, (_, exercise) in course.exercises().items() if exercise.file in resting}


def _read(path: str) -> bytes:
    """Return the content of a student's file, none if it has vanished: some editors save by replacing the file."""
    try:
        return Path(course.ROOT, path).read_bytes()
    except OSError:
        return b""


def with_dependents(names: Iterable[str]) -> list[str]:
    """Return exercises and all that build on them, directly or not, in course order."""
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
        self.before: dict[str, Verdict] = {}  # those from before the checks under way
        self.child: Child | None = None
        self.waiting: Child | None = None  # ready for the next save
        self.chosen = ""  # the exercise that "next" went on to, until it passes

    def run(self) -> int:
        """Look at files, checks and keys in turn until `q` is typed; return the exit code."""
        verbs = {"h": self._hint, "n": self._next, "a": self._check, "l": self._list}
        self._check()
        try:
            while True:
                if changed := with_dependents(self.files.changed()):
                    self._check([*changed, *(self.child.left if self.child else ())])
                self._advance()
                key = self.keys.poll(POLL)
                if key == "q":
                    return 0 if all(self._passed(name) for name in self.names) else 1
                if key in verbs:
                    verbs[key]()
        finally:
            self._stop()
            if self.waiting:
                self.waiting.__exit__()

    def _check(self, chosen: Iterable[str] | None = None) -> None:
        """Check exercises, or all of them, in a process that has not run their code yet: it runs the saved files."""
        names = self.names if chosen is None else [name for name in self.names if name in chosen]
        self._stop()
        self.before = dict(self.verdicts)
        self.child, self.waiting = self.waiting, None
        if not (self.child and self.child.lives):
            self.child = Child()
        self.child.ask(names, {name: one for name, one in self.verdicts.items() if name not in names})
        self.screen.line(f"Checking {names[0] if len(names) == 1 else f'{len(names)} exercises'} ...")

    def _advance(self) -> None:
        while self.child and (verdict := self.child.poll(0)):
            self.verdicts[verdict.name] = verdict
        if self.child and not self.child.left:
            self.chosen = next(iter(self._broken()), self.chosen)
            self._show()
            self._stop()
            self.waiting = Child()

    def _stop(self) -> None:
        if self.child:
            self.child.__exit__()
            self.child = None

    def _broken(self) -> list[str]:
        """Return the exercises that no longer run since the last save, as in a file that Python cannot read."""
        ran = [name for name, one in self.before.items() if one.status != "error"]
        return [one.name for one in self._done() if one.status == "error" and one.name in ran]

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
        """Show progress, what the last save changed, and all details of the exercise to work on."""
        news = [
            f"{SYMBOLS[one.status]} {one.name}"
            for one in self._done()
            if one.name in self.before and self.before[one.name].status != one.status
        ]
        current = self._current()
        self.screen.clear()
        self.screen.lines(table.progress(part, self.screen) for part in table.by_assignment(self._done()))
        self.screen.lines(textwrap.wrap("Changed: " + ", ".join(news), self.screen.width) if news else [])
        self.screen.line()
        self.screen.lines(table.rows(current, self.screen, whole_story=True) if current else ["Everything passes."])
        while current and (current := self.verdicts.get(current.waits_for)):  # up to what it really waits for
            self.screen.lines(table.rows(current, self.screen, whole_story=True))
        self._footer()

    def _footer(self) -> None:
        verbs = "  ".join(f"{key} {verb}" for key, verb in VERBS.items())
        self.screen.line()
        self.screen.line(
            f"Watching: save a file to check it.  {verbs}{'' if self.keys.one_by_one else '  (and Enter)'}"
        )

    def _hint(self) -> None:
        if current := self._current():
            self.screen.line()
            self.screen.lines(hint.lines(hint.hint(current.name), self.screen))

    def _next(self) -> None:
        """Go to the next exercise that does not pass, and from the last one to the first."""
        left = [verdict.name for verdict in self._done() if verdict.status != "pass"]
        if current := self._current():
            self.chosen = left[(left.index(current.name) + 1) % len(left)]
        self._show()

    def _list(self) -> None:
        self.screen.clear()
        table.write_table(self._done(), out=self.screen.stream)
        self._footer()
