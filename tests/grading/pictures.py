"""Make the pictures of grading in docs/ from the real thing.

    CHROMIUM=/usr/bin/chromium .venv/bin/python -m tests.grading.pictures

A class of variants of real attempts is graded, and a browser without a window looks at what was printed and at the
pages. Needs playwright (`.venv/bin/python -m pip install playwright`) and bubblewrap.
"""

from __future__ import annotations

import html
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.grading import variants
from cs231n.tutor import course
from tests.student import ROOT

IMAGES = ROOT / "docs" / "images"
NAMES = ("adamsamy", "bakerbob", "chencara", "diazdan", "evanseve", "fordfay", "greengus", "hallhana", "iversivo")
WIDTH = 900
MOST_BYTES = 100_000
SHELL = "$ make grade A=assignment1 FROM=submissions.zip"
STYLE = "background:#16191d; color:#e6e6e6; font:13px/1.5 monospace; margin:0; padding:14px; white-space:pre-wrap"
SCREEN = "<body style='margin:0'><pre style='{}'>{}</pre>"


def download(folder: Path) -> None:
    """Write what Canvas hands out for a small class: one is late, one is damaged, one wrote a text instead."""
    folder.mkdir()
    for number, content in enumerate(variants(len(NAMES), course.find_assignment("assignment1"))):
        late = "_LATE" if number == 4 else ""
        name = f"{NAMES[number]}{late}_{101 + number}_{9001 + number}_assignment1_submission.zip"
        (folder / name).write_bytes(content[:-2000] if number == 7 else content)
    (folder / "moramia_110_9010_text.html").write_text("<p>My laptop broke</p>")


def take(page: Page, name: str, height: int, start: str = "") -> None:
    """Write a picture of a page, or of what begins with an element of it."""
    top = page.query_selector(start).bounding_box()["y"] - 8 if start else 0
    clip = {"x": 0, "y": top, "width": WIDTH, "height": height}
    image = Image.open(io.BytesIO(page.screenshot(full_page=True, clip=clip))).convert("RGB")
    for colours in (64, 32, 16):
        packed = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() < MOST_BYTES:
            break
    (IMAGES / name).write_bytes(packed.getvalue())
    print(f"{name}: {packed.tell() / 1000:.0f} kB")


def main() -> None:
    """Grade the class, and take all pictures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        download(home / "submissions")
        command = [sys.executable, "-m", "grading", "grade", str(home / "submissions"), "-r", str(home / "graded")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        told = done.stdout.replace(str(home / "graded"), "graded/assignment1")
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 400}, color_scheme="light")
        page.set_content(SCREEN.format(STYLE, html.escape(f"{SHELL}\n{told}")))
        take(page, "intake.png", round(page.query_selector("pre").bounding_box()["height"]))
        page.goto((home / "graded/out/class.html").as_uri())
        take(page, "class.png", 635, "h2:nth-of-type(2)")
        page.goto((home / "graded/out/feedback" / f"{NAMES[4]}-105.html").as_uri())
        take(page, "feedback.png", 620)
        browser.close()


if __name__ == "__main__":
    main()
