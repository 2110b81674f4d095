"""Single keys typed in a terminal, on every system; lines where input is no terminal."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import TextIO

if sys.platform == "win32":
    import msvcrt
else:
    import termios
    import tty
    from select import select


@contextlib.contextmanager
def keys(stream: TextIO) -> Iterator[Keys]:
    """Read single keys from a terminal, lines from anything else; the terminal is put back however this ends."""
    if not stream.isatty():
        yield _Lines(stream)
    elif sys.platform == "win32":
        yield _WindowsKeys()
    else:
        with _cbreak(stream):
            yield _TerminalKeys(stream)


class Keys:
    """What is typed: poll(seconds) returns a lower-case letter, or "" if none comes in that time."""

    one_by_one = True  # else each needs an Enter after it

    def poll(self, seconds: float) -> str:
        """Wait so long at most for a key."""
        raise NotImplementedError


class _Lines(Keys):
    one_by_one = False

    def __init__(self, stream: TextIO):
        self.typed: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, args=(stream,), daemon=True).start()

    def _read(self, stream: TextIO) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in stream:
                self.typed.put(line.strip()[:1].lower())

    def poll(self, seconds: float) -> str:
        try:
            return self.typed.get(timeout=seconds)
        except queue.Empty:
            return ""


if sys.platform == "win32":

    class _WindowsKeys(Keys):
        def poll(self, seconds: float) -> str:
            ends = time.monotonic() + seconds
            while not msvcrt.kbhit():
                if time.monotonic() > ends:
                    return ""
                time.sleep(0.02)
            typed = msvcrt.getwch()
            if typed == "\x03":
                raise KeyboardInterrupt
            if typed in "\x00\xe0":  # an arrow or function key: its code follows
                msvcrt.getwch()
                return ""
            return typed.lower()

else:

    class _TerminalKeys(Keys):
        def __init__(self, stream: TextIO):
            self.number = stream.fileno()

        def poll(self, seconds: float) -> str:
            if not select([self.number], [], [], seconds)[0]:
                return ""
            typed = os.read(self.number, 64)
            if not typed:  # the terminal is gone
                return "q"
            return "" if typed.startswith(b"\x1b") else typed[:1].decode(errors="replace").lower()

    @contextlib.contextmanager
    def _cbreak(stream: TextIO) -> Iterator[None]:
        """Hand over keys as they are typed, without showing them, also after Ctrl-Z and fg."""
        number = stream.fileno()
        before = termios.tcgetattr(number)
        resumed = signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(number))
        try:
            tty.setcbreak(number)
            yield
        finally:
            signal.signal(signal.SIGCONT, resumed)
            termios.tcsetattr(number, termios.TCSADRAIN, before)
