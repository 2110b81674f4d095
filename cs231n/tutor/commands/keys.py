"""Read single keys from a terminal, on every system, and the first character of each line from any other input."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from typing import TextIO

if sys.platform == "win32":
    import msvcrt
else:
    import termios
    import tty


@contextlib.contextmanager
def keys(stream: TextIO) -> Iterator[Keys]:
    """Yield a Keys object that reads `stream`; if that is a terminal, restore its settings afterwards."""
    with _cbreak(stream) if stream.isatty() else contextlib.nullcontext():
        yield Keys(stream)


class Keys:
    """Typed keys, collected by a thread; if `one_by_one` is false, Enter has to be pressed after each key."""

    def __init__(self, stream: TextIO):
        self.one_by_one = stream.isatty()
        self._typed: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._collect, args=(stream,), daemon=True).start()

    def poll(self, seconds: float) -> str:
        """Return the next key in lower case, or "" if no ordinary key is typed in time.

        Raises KeyboardInterrupt for Ctrl-C. When the terminal is closed, the key is "q".
        """
        try:
            key = self._typed.get(timeout=seconds)
        except queue.Empty:
            return ""
        if key == "\x03":  # Windows passes Ctrl-C as a key
            raise KeyboardInterrupt
        return key.lower()

    def _collect(self, stream: TextIO) -> None:
        with contextlib.suppress(OSError, ValueError):  # the terminal or the pipe is gone
            for key in _single_keys(stream) if self.one_by_one else (line.strip()[:1] for line in stream):
                self._typed.put(key)
        if self.one_by_one:
            self._typed.put("q")


def _single_keys(stream: TextIO) -> Iterator[str]:
    """Yield keys as they are typed; arrow and function keys, which send several characters, are dropped or yield ""."""
    if sys.platform == "win32":
        while True:
            typed = msvcrt.getwch()
            if typed not in "\x00\xe0":
                yield typed
            else:
                msvcrt.getwch()
    else:
        while keys_typed := os.read(stream.fileno(), 64):
            yield "" if keys_typed.startswith(b"\x1b") else keys_typed[:1].decode(errors="replace")


@contextlib.contextmanager
def _cbreak(stream: TextIO) -> Iterator[None]:
    """Make a terminal pass on keys as they are typed, without showing them, also after Ctrl-Z and fg.

    At the end, restore the settings from before. On Windows, no settings are changed.
    """
    if sys.platform == "win32":
        yield
    else:
        number = stream.fileno()
        before = termios.tcgetattr(number)
        resumed = signal.signal(signal.SIGCONT, lambda *_: tty.setcbreak(number))
        try:
            tty.setcbreak(number)
            yield
        finally:
            signal.signal(signal.SIGCONT, resumed)
            termios.tcsetattr(number, termios.TCSADRAIN, before)
