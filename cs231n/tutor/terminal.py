"""What a terminal can show (colours, symbols, width), and the signals that end a program."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from cs231n.tutor import course

PLAIN = str.maketrans(
    {"✓": "+", "✗": "x", "○": "o", "×": "x", "·": "*", "−": "-", "–": "-", "…": "...", "²": "^2", "Σ": "sum "}
    | {"√": "sqrt", "≤": "<=", "≥": ">=", "≠": "!=", "→": "->", "∂": "d", "█": "#", "░": "-", "‖": "|", "ᵀ": "^T"}
)
MOST_COLUMNS = 100


def plain(text: str) -> str:
    """Return the text on one line, without control characters, which a terminal would act on."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def command(arguments: str) -> str:
    """Return the command `python -m cs231n ARGUMENTS`, with the path of this Python unless `python` starts it."""
    home = Path(sys.executable).parent
    found = shutil.which("python")
    if found and Path(found).parent == home:
        return f"python -m cs231n {arguments}"
    python = Path(sys.executable)
    path = str(python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python)
    return f"{shlex.quote(path) if os.name != 'nt' else path} -m cs231n {arguments}"


def here(text: str) -> str:
    """Return text in which each `python -m cs231n` is replaced by what `command` returns."""
    return text.replace("python -m cs231n ", command(""))


class Screen:
    """A stream to write text to, in colour if it is a terminal that shows colours.

    Characters that the stream cannot encode (as on an old Windows console) are replaced by similar ones or "?".
    """

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.is_terminal = stream.isatty()
        self.colours = self.is_terminal and _shows_colours(stream)
        self.encoding = stream.encoding or "utf-8"

    @property
    def width(self) -> int:
        """The number of columns to use, from 20 to MOST_COLUMNS: longer lines are hard to read."""
        return max(20, min(MOST_COLUMNS, _size().columns - self.is_terminal))

    @property
    def height(self) -> int:
        """The number of lines of the terminal; for a file or a pipe, sys.maxsize."""
        return _size().lines if self.is_terminal else sys.maxsize

    def line(self, text: str = "") -> None:
        """Write one line and flush the stream."""
        self.stream.write(self.fit(text) + "\n")
        self.stream.flush()

    def lines(self, texts: Iterable[str]) -> None:
        """Write several lines."""
        for text in texts:
            self.line(text)

    def fit(self, text: str) -> str:
        """Return text in characters that the stream can encode."""
        with contextlib.suppress(UnicodeEncodeError, LookupError):
            text.encode(self.encoding)
            return text
        return text.translate(PLAIN).encode(self.encoding, "replace").decode(self.encoding)

    def painted(self, text: str, code: str) -> str:
        """Return text in the colour of an ANSI code such as "32"; unchanged if the stream shows no colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colours and code else text

    def passing(self, text: str = "") -> None:
        """Show text on one line, where the next text replaces it; do nothing if the stream shows no colours."""
        if self.colours:
            self.stream.write(f"\r\x1b[2K{plain(text)[: self.width]}")
            self.stream.flush()

    def clear(self) -> None:
        """Clear a terminal that shows colours; otherwise, write an empty line."""
        self.stream.write("\x1b[2J\x1b[3J\x1b[H" if self.colours else "\n")


def _size() -> os.terminal_size:
    """Return the terminal's size; numbers that are unknown, or 0 as on a serial line, are replaced by usual ones."""
    columns, lines = shutil.get_terminal_size((MOST_COLUMNS, 24))
    return os.terminal_size((columns or MOST_COLUMNS, lines or 24))  # Python 3.10 does not replace zeros


def _shows_colours(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    if sys.platform != "win32":
        return True
    import ctypes  # switch ANSI codes on (Windows 10 and later); that may fail
    import msvcrt

    kernel, mode = ctypes.windll.kernel32, ctypes.c_ulong()
    handle = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno()))
    return bool(kernel.GetConsoleMode(handle, ctypes.byref(mode)) and kernel.SetConsoleMode(handle, mode.value | 4))


def refuse(what: str, unknown: list[str], known: list[str]) -> int:
    """Print `what` with each unknown name, and suggest similar known names; return 2, the exit code.

    If a name has no similar ones, all known names are listed.
    """
    screen = Screen(sys.stderr)
    meant = {name: course.did_you_mean(name, known) for name in unknown}
    for name, told in meant.items():
        screen.line(f"{f'{what} {name}'.strip()}. {told}".strip())
    if not all(meant.values()):
        screen.line("Choose from:")
        screen.line(textwrap.fill(", ".join(known), screen.width, initial_indent="  ", subsequent_indent="  "))
    return 2


@contextlib.contextmanager
def ends_like_ctrl_c() -> Iterator[None]:
    """Make SIGTERM and SIGHUP raise KeyboardInterrupt(number), so that the program can stop its processes first.

    A signal that is ignored stays ignored: a program started with nohup outlives its terminal.
    """
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # no SIGHUP on Windows
    numbers = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]

    def end(number: int, frame: object) -> None:
        raise KeyboardInterrupt(number)

    try:
        for number in numbers:
            signal.signal(number, end)
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
