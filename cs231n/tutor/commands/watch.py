"""`python -m cs231n check --watch`: check again what a saved file may have changed, and show the next thing to do."""

from __future__ import annotations

import signal
import sys
import textwrap
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from cs231n.tutor import course
from cs231n.tutor.checks.isolated import Child
from cs231n.tutor.commands.keys import Keys, keys
from cs231n.tutor.faults import DamagedKitError
from cs231n.tutor.show import hint, table
from cs231n.tutor.show.verdict import SYMBOLS, Verdict
from cs231n.tutor.terminal import Screen

POLL = 0.05  # seconds between two looks at files and keys
SOON = 0.5  # seconds for which the screen may still show the state from before a save
FEW = 3  # at most this many edited exercises are shown in full; if more were edited, none of them is
VERBS = {"h": "hint", "n": "next", "a": "all again", "l": "list", "q": "quit"}


def watch(names: Sequence[str]) -> int:
    """Watch until `q` or a signal; return the exit code.

    After `q`, it is 0 if everything passes, and 1 if not; after a signal, it is 128 plus the signal's number; if the
    checks cannot run, it is 2.
    """
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
    """The contents of the files of some exercises, and what has changed in them since the last look.

    After `changed()`, `edited` names the exercises whose own function differs from that in the last version of the file
    that Python could read.
    """

    def __init__(self, names: Sequence[str]):
        paths = dict.fromkeys(course.exercises()[name][1].file for name in names)
        self.known = {path: _read(path) for path in paths}
        self.seen = dict(self.known)
        self.functions = {path: _functions(content) for path, content in self.known.items()}
        self.edited: set[str] = set()

    def changed(self) -> set[str]:
        """Return the exercises in changed files; a change counts once two looks in a row find the same content."""
        found = {path: _read(path) for path in self.known}
        resting = [path for path, content in found.items() if content == self.seen[path] != self.known[path]]
        self.seen = found
        self.known |= {path: found[path] for path in resting}
        before, readable = self.functions, {path: now for path in resting if (now := _functions(found[path]))}
        self.functions = before | readable
        concerned = {name: one for name, (_, one) in course.exercises().items() if one.file in resting}
        self.edited = {
            name
            for name, one in concerned.items()
            if one.file in readable and readable[one.file].get(one.function) != before[one.file].get(one.function)
        }
        return set(concerned)


def _read(path: str) -> bytes:
    """Return the content of a student's file, or b"" if it cannot be read: some editors save by replacing the file."""
    try:
        return Path(course.ROOT, path).read_bytes()
    except OSError:
        return b""


def _functions(content: bytes) -> dict[str, list[str]]:
    """Return {name: lines} of the functions in a file, named as in `course.functions`; {} if Python cannot read it."""
    source = content.decode("utf-8", "replace")
    lines = source.split("\n")
    with warnings.catch_warnings(), suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        warnings.simplefilter("ignore")
        return {name: lines[one.lineno - 1 : one.end_lineno] for name, one in course.functions(source).items()}
    return {}


def with_dependents(names: Iterable[str]) -> list[str]:
    """Return exercises and all that need them, directly or not, in course order."""
    found, everything = set(names), course.exercises()
    while more := {name for name, (_, one) in everything.items() if name not in found and found & set(one.needs)}:
        found |= more
    return [name for name in everything if name in found]


class Watch:
    """The state of a session: verdicts so far, checks under way, and the exercise that is shown.

    A verdict that the last save may have changed is not in `verdicts` until the exercise has been checked again.
    """

    def __init__(self, names: Sequence[str], screen: Screen, reader: Keys):
        self.names, self.screen, self.keys = list(names), screen, reader
        self.files = Files(self.names)
        self.verdicts: dict[str, Verdict] = {}
        self.before: dict[str, Verdict] = {}  # the verdicts from before the checks under way
        self.edited: set[str] = set()  # the edited exercises whose checks are under way
        self.asked: list[str] = []  # the exercises that are being checked, or were checked last
        self.outdated = 0.0  # the latest time at which to replace what is on the screen; 0 if it is up to date
        self.child: Child | None = None
        self.waiting: Child | None = None  # a process that is ready for the next save
        self.chosen = ""  # the exercise chosen with "next", or one that has stopped running, until it passes
        self.shown = ""  # the exercise to work on

    def run(self) -> int:
        """Look at files, checks and keys in turn until `q` is typed; return the exit code."""
        verbs = {"h": self._hint, "n": self._next, "a": self._check, "l": self._list}
        asked = ""
        self._check()
        try:
            while True:
                if changed := with_dependents(self.files.changed()):
                    self._check([*changed, *(self.child.left if self.child else ())], self.files.edited)
                self._advance()
                key = self.keys.poll(0 if self.child else POLL)
                if key == "q":
                    return 0 if all(self._passed(name) for name in self.names) else 1
                asked = key or asked
                if asked in verbs and not (self.child and asked in "nl"):  # these need all verdicts
                    verbs[asked]()
                    asked = ""
        finally:
            self._stop()
            if self.waiting:
                self.waiting.__exit__()

    def _check(self, chosen: Iterable[str] | None = None, edited: Iterable[str] = ()) -> None:
        """Start checks of exercises (None: of all) in a process that has not loaded the student's files yet."""
        names = self.names if chosen is None else [name for name in self.names if name in chosen]
        if not self.child:
            self.before, self.edited = dict(self.verdicts), set()
        self.edited |= set(edited)
        self._stop()
        names = self._in_turn(names, edited)
        self.verdicts = {name: one for name, one in self.verdicts.items() if name not in names}
        self.child, self.waiting = self.waiting, None
        if not (self.child and self.child.lives):
            self.child = Child()
        self.child.ask(names, self.verdicts)
        self.asked, self.outdated = names, time.monotonic() + SOON if self.before else 0.0
        self.screen.line(f"Checking {names[0] if len(names) == 1 else f'{len(names)} exercises'} ...")

    def _awaited(self) -> list[str]:
        """Return the exercises to check and show first: the edited ones if they are few, or else the one last shown."""
        edited = [name for name in self.names if name in self.edited]
        return edited if 0 < len(edited) <= FEW else [self.shown] if self.shown else []

    def _in_turn(self, names: Sequence[str], edited: Iterable[str]) -> list[str]:
        """Return exercises in course order, except that awaited ones come first, and among these, those just edited.

        Before each of them comes what it needs, unless that passes.
        """
        everything, awaited = course.exercises(), self._awaited()
        last, first = {*edited} & {*awaited}, {*awaited}
        for some in (last, first):
            while more := {one for name in some for one in everything[name][1].needs if not self._passed(one)} - some:
                some |= more
        return sorted(names, key=lambda name: (name not in last, name not in first))

    def _advance(self) -> None:
        """Take the verdicts that arrive within POLL seconds; show awaited ones at once, and all after the last one."""
        awaited, until = self._awaited(), time.monotonic() + POLL
        found = None
        while self.child and (left := until - time.monotonic()) > 0:
            if verdict := self.child.poll(left):
                found = self.verdicts[verdict.name] = verdict
            if not self.child.left:
                self.chosen = next(iter(self._broken()), self.chosen)
                self._show(awaited)
                self._stop()
                self.waiting = Child()
            elif verdict and verdict.name in awaited:
                self._show(awaited)
        if self.child and 0 < self.outdated < time.monotonic():
            self._show(awaited)
        elif self.child and found:
            self._say_what_is_left()

    def _stop(self) -> None:
        self.screen.passing("")
        if self.child:
            self.child.__exit__()
            self.child = None

    def _broken(self) -> list[str]:
        """Return the exercises that ran before the last save and no longer do, as in a file that Python cannot read."""
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

    def _show(self, awaited: Iterable[str] = ()) -> None:
        """Show progress, what the last save changed, and all details of the awaited exercises.

        If no checks are under way, the exercise to work on is shown too.
        """
        names = list(awaited) if self.child and self.child.left else [*awaited, self._set_current()]
        self.outdated = 0.0
        self.screen.clear()
        self.screen.lines(self._progress())
        self.screen.lines(textwrap.wrap(self._news(), self.screen.width))
        self.screen.line()
        for verdict in self._stories(names):
            self.screen.lines(table.rows(verdict, self.screen, whole_story=True))
        if self.child and self.child.left:
            self.screen.line()
            self._say_what_is_left()
            return
        if not self.shown:
            self.screen.line("Everything passes.")
        self._footer()

    def _set_current(self) -> str:
        """Decide on the exercise to work on, and return its name, or "" if everything passes."""
        current = self._current()
        self.shown = current.name if current else ""
        return self.shown

    def _progress(self) -> Iterator[str]:
        """Yield a line for each watched assignment: its progress or, if unknown, how many checks are under way."""
        for part in course.ASSIGNMENTS:
            names = [one.name for one in part.exercises if one.name in self.names]
            done = [self.verdicts[name] for name in names if name in self.verdicts]
            if len(done) < len(names):
                asked = sum(name in self.asked for name in names)
                yield f"{part.name}: {asked} of {len(names)} exercises {'is' if asked == 1 else 'are'} being checked"
            elif names:
                yield table.progress(done, self.screen)

    def _news(self) -> str:
        """Return a line with the verdicts that the last save has changed, or "" if there are none."""
        news = [
            f"{SYMBOLS[one.status]} {one.name}"
            for one in self._done()
            if one.name in self.before and self.before[one.name].status != one.status
        ]
        return f"Changed: {', '.join(news)}" if news else ""

    def _stories(self, names: Iterable[str]) -> Iterator[Verdict]:
        """Yield the verdict on each exercise, then on those exercises that it waits for, but no verdict twice."""
        told = {""}
        for name in names:
            while name not in told and (verdict := self.verdicts.get(name)):
                yield verdict
                told.add(name)
                name = verdict.waits_for

    def _say_what_is_left(self) -> None:
        """On the last line of a terminal, name the exercise that is being checked."""
        left = self.child.left if self.child else []
        more = f" and {len(left) - 1} more" if len(left) > 1 else ""
        self.screen.passing(f"Checking {left[0]}{more} ...")

    def _footer(self) -> None:
        verbs = "  ".join(f"{key} {verb}" for key, verb in VERBS.items())
        self.screen.line()
        self.screen.line(
            f"Watching: save a file to check it.  {verbs}{'' if self.keys.one_by_one else '  (and Enter)'}"
        )

    def _hint(self) -> None:
        if self.shown:
            self.screen.line()
            self.screen.lines(hint.lines(hint.hint(self.shown), self.screen))

    def _next(self) -> None:
        """Go to the next exercise that does not pass, and from the last one to the first."""
        left = [verdict.name for verdict in self._done() if verdict.status != "pass"]
        if self.shown:
            self.chosen = left[(left.index(self.shown) + 1) % len(left)]
        self._show()

    def _list(self) -> None:
        self.screen.clear()
        table.write_table(self._done(), out=self.screen.stream)
        self._footer()
