"""Make the screenshots of docs/ with the kit itself: python -m solutions.tools.screenshots [NAME …]

This module writes a student's kit into a temporary folder, with a few exercises filled in and one of them wrong, starts
JupyterLab there, and takes screenshots with a headless browser. The module needs playwright and Chromium:

    .venv/bin/python -m pip install playwright && .venv/bin/python -m playwright install chromium

CHROMIUM=/path/to/chromium uses a browser that is already installed.
"""

from __future__ import annotations

import contextlib
import io
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from cs231n.tutor import course
from solutions.tools import generate

IMAGES = generate.ROOT / "docs" / "images"
PATIENCE = 30  # seconds until a server that does not stop is killed
KNN = "cs231n/classifiers/k_nearest_neighbor.py"
RIGHT, WRONG = "np.sqrt(np.sum(difference**2))", "np.sum(difference**2)"
MOST_BYTES = 100_000
PROMPT = "PS1='$ '; clear; "


def lay_out(folder: Path) -> Path:
    """Write a student's kit, with kNN filled in, but without the square root in one exercise; return its folder."""
    packed = subprocess.run(["git", "archive", "HEAD"], cwd=generate.ROOT, capture_output=True, check=True).stdout
    kit = folder / "cs231n-assignments"
    kit.mkdir()
    shutil.unpack_archive(_written(folder / "kit.tar", packed), kit)
    solved = generate.write_solved(out=folder / "solved")
    # Solved notebooks are not copied, since their answers would be in the pictures.
    text = (solved / KNN).read_text(encoding="utf-8")
    assert RIGHT in text
    (kit / KNN).write_text(text.replace(RIGHT, WRONG), encoding="utf-8")
    return kit


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def environment(kit: Path) -> dict[str, str]:
    """Return the environment of a student with this kit, in which `python` is the one that runs this module."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    settings = {f"JUPYTERLAB_{name}_DIR": str(kit.parent / name.lower()) for name in ("SETTINGS", "WORKSPACES")}
    return os.environ | settings | {"PATH": path, "PYTHONPATH": str(kit), "SHELL": "/bin/bash"}


@contextlib.contextmanager
def jupyterlab(kit: Path) -> Iterator[tuple[str, str]]:
    """Run JupyterLab on a kit, and yield its address and its token."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, address = secrets.token_hex(8), f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "cs231n", "lab", "--no-browser", f"--port={port}"]
    command += [
        f"--IdentityProvider.token={token}",
        "--ServerApp.terminado_settings={'shell_command': ['bash', '--norc']}",
    ]
    nowhere = subprocess.DEVNULL
    server = subprocess.Popen(
        command, cwd=kit, env=environment(kit), start_new_session=True, stdout=nowhere, stderr=nowhere
    )
    try:
        for _ in range(240):  # the stand-in is drawn first
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{address}/api?token={token}", timeout=5).close()
                break
            time.sleep(0.5)
        yield address, token
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):  # JupyterLab may hang while it shuts down
            with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(server.pid, number)
                server.wait(PATIENCE)


def save(png: bytes, name: str) -> None:
    """Write a screenshot, with fewer colours if the file would be too large."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        packed = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() < MOST_BYTES:
            break
    path = IMAGES / f"{name}.png"
    path.write_bytes(packed.getvalue())
    print(f"{path.relative_to(generate.ROOT)}: {image.width} × {image.height}, {packed.tell() / 1000:.0f} kB")


class Browser:
    """A browser page that shows a kit in JupyterLab; most methods take a screenshot."""

    def __init__(self, page, address: str, token: str, kit: Path):
        self.page, self.address, self.token, self.kit = page, address, token, kit

    def _open(self, path: str, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.goto(f"{self.address}/lab{path}?token={self.token}&reset", wait_until="domcontentloaded")
        self.page.wait_for_selector("#jp-main-dock-panel", timeout=60_000)
        time.sleep(3)
        no_news = self.page.get_by_role("button", name="No", exact=True)
        if no_news.count():
            no_news.click()
        self.page.keyboard.press("Control+b")  # the file browser takes a third of the picture

    def cards(self) -> None:
        """Take a screenshot of a notebook with the cards of its checks."""
        self._open("/tree/assignments/assignment1/knn.ipynb", 1000, 760)
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_text("Run All Cells", exact=True).click()
        idle = '.jp-Notebook-ExecutionIndicator[data-status="idle"]'
        time.sleep(5)
        self.page.wait_for_selector(idle, timeout=600_000)
        scroll = "document.querySelector('.jp-WindowedPanel-outer')"
        cell = self.page.locator(".jp-CodeCell", has_text='checks.run("compute_distances_two_loops")')
        self.page.evaluate(f"{scroll}.scrollTop = 0")
        while not cell.count():
            self.page.evaluate(f"{scroll}.scrollTop += 500")
            time.sleep(0.3)
        for _ in range(3):  # parts that are drawn late move the cell away again
            cell.first.evaluate("cell => cell.scrollIntoView({block: 'start'})")
            time.sleep(1)
        self.page.keyboard.press("Control+s")  # `submit` reads the file
        time.sleep(3)
        save(self.page.screenshot(), "cards")

    def _terminal(self, name: str, command: str, seconds: float, height: int, keys: str = "") -> None:
        self._open("", 1000, height)
        self.page.get_by_role("menuitem", name="File", exact=True).click()
        self.page.get_by_text("New", exact=True).first.hover()
        self.page.get_by_role("menuitem", name="Terminal", exact=True).click()
        self.page.wait_for_selector(".xterm", timeout=30_000)
        time.sleep(2)
        self.page.keyboard.type(PROMPT + command + "\n")
        time.sleep(seconds)
        for key in keys:
            self.page.keyboard.type(key)
            time.sleep(1)
        save(self.page.locator(".jp-Terminal").last.screenshot(), name)
        self.page.keyboard.press("Control+c")

    def watch(self) -> None:
        """Take a screenshot of watch mode in a terminal, with a hint."""
        self._terminal("watch", "python -m cs231n check --watch assignment1", 20, 330, keys="h")

    def submit(self) -> None:
        """Take a screenshot of what `submit` prints before it zips anything."""
        self._terminal("submit", "python -m cs231n submit assignment1", 30, 470)

    def report(self) -> None:
        """Take a screenshot of the report for human graders; it shows outputs of kNN only if `cards` ran before."""
        command = [sys.executable, "-m", "cs231n", "submit", "assignment1", "--allow-incomplete"]
        subprocess.run(command, cwd=self.kit, env=environment(self.kit), check=True, capture_output=True)
        self.page.set_viewport_size({"width": 1000, "height": 860})
        self.page.goto((self.kit / "assignment1_report.html").as_uri())
        self.page.locator("#todo").evaluate("section => section.scrollIntoView()")
        save(self.page.screenshot(), "report")


SHOTS = ("cards", "watch", "submit", "report")
STUDENTS = 20


def grade(folder: Path) -> Path:
    """Grade a class of made-up submissions; return the folder with the pages that grading writes."""
    from benchmarks.grading import variants

    assignment = course.find_assignment("assignment1")
    for number, content in enumerate(variants(STUDENTS, assignment), 101):
        _written(folder / f"student{number}_{number}_{number}_{assignment.name}_submission.zip", content)
    command = [sys.executable, "-m", "grading", "grade", folder, "-a", assignment.name, "-r", folder / "graded"]
    subprocess.run(list(map(str, command)), cwd=generate.ROOT, check=True, capture_output=True)
    return folder / "graded" / "out"


def pages(chromium: Any, out: Path) -> None:
    """Take screenshots of the class page, and of the feedback for a student with a failed exercise."""
    page = chromium.new_page(viewport={"width": 900, "height": 620})
    page.goto((out / "class.html").as_uri())
    page.locator("h2", has_text="Exercises").evaluate("title => title.scrollIntoView()")
    save(page.screenshot(), "class")
    failed = (one for one in sorted((out / "feedback").iterdir()) if 'class="fail"' in one.read_text(encoding="utf-8"))
    page.goto(next(failed).as_uri())
    page.set_viewport_size({"width": 900, "height": 420})
    page.locator("tr", has=page.locator("span.fail, span.error")).first.evaluate("row => row.scrollIntoView()")
    save(page.screenshot(), "feedback")


def main(names: list[str]) -> None:
    """Make all screenshots, or those in `names`; "class" means those of the pages that grading writes."""
    from playwright.sync_api import sync_playwright

    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, sync_playwright() as playwright:
        kit = lay_out(Path(folder))
        chromium = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        if not names or "class" in names:
            (Path(folder) / "class").mkdir()
            pages(chromium, grade(Path(folder) / "class"))
        if wanted := [name for name in names or SHOTS if name != "class"]:
            with jupyterlab(kit) as (address, token):
                browser = Browser(chromium.new_page(), address, token, kit)
                for name in wanted:
                    getattr(browser, name)()
        chromium.close()


if __name__ == "__main__":
    main(sys.argv[1:])
