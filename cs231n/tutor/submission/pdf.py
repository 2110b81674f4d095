"""Print the report to PDF if Chromium or a related browser is installed; otherwise there is no PDF."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from cs231n.data import disk
from cs231n.tutor import processes

SECONDS = 90
LONGEST_FOLDER = 55  # bytes: browsers open a socket in their temporary folder, and its path is limited to about 100
PRINTED = re.compile(rb"(/(?:Creation|Mod)Date ?\(D:)\d{14}")
NODE = re.compile(rb"\(node(\d{8})\)")  # the name of an element in the structure of the page
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)


def find_browser() -> str | None:
    """Return the path of the first installed browser that can print without a window, or None."""
    found = (shutil.which(name) for name in (*NAMES, *PLACES))
    return next(filter(None, found), None)


def print_page(page: Path) -> Path | None:
    """Print an HTML page to a PDF next to it, and return the PDF's path, or None without a browser or on failure."""
    browser = find_browser()
    if browser is None:
        return None
    path = page.with_suffix(".pdf")
    try:
        with disk.replacing(path) as file, disk.temporary_folder() as profile:
            _browse([browser, *_options(str(profile)), f"--print-to-pdf={file.name}", page.as_uri()], str(profile))
            written = file.read()
            if not (written.startswith(b"%PDF-") and b"%%EOF" in written[-1024:]):
                raise OSError(f"{path.name} is incomplete: the disk may be full")
            file.seek(0)
            file.write(_without_chance(written))
    except OSError:
        return None
    return path


def _without_chance(printed: bytes) -> bytes:
    """Return a PDF with a fixed time and with elements numbered from 1, so that the same page gives the same bytes."""
    numbers = {old: number for number, old in enumerate(sorted(set(NODE.findall(printed))), start=1)}
    numbered = NODE.sub(lambda match: b"(node%08d)" % numbers[match[1]], printed)
    return PRINTED.sub(rb"\g<1>19800101000000", numbered)


def _options(profile: str) -> list[str]:
    options = ["--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer", f"--user-data-dir={profile}"]
    options += ["--disable-background-networking", "--disable-extensions", "--disable-dev-shm-usage"]
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox refuses to start as root
    return options + (["--no-sandbox"] if root else [])


def _browse(command: list[str], folder: str) -> None:
    """Run a browser for SECONDS at most, with its temporary files in `folder` if possible."""
    nothing = subprocess.DEVNULL
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder) if len(os.fsencode(folder)) < LONGEST_FOLDER else {}
    environment = os.environ | processes.marked() | temporary
    try:
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, stdin=nothing, stdout=nothing, stderr=nothing, env=environment, timeout=SECONDS)
    finally:
        processes.sweep()
