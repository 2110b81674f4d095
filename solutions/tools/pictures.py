"""Draw kitten.jpg and puppy.jpg in cs231n/notebook_images, which the official notebook on convolutions reads.

`python -m solutions.tools.pictures` writes both. The picture of the kitten is wider than it is high, and that of the
puppy is square. Both have enough edges and colours to show what a filter does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from solutions.tools import generate

FOLDER = generate.ROOT / "cs231n" / "notebook_images"
FINE = 4  # pictures are drawn this many times as large and then reduced, for smooth edges
Colour = tuple[int, int, int]


class _Sheet:
    """A picture of `width` × `height` pixels to draw on; coordinates are in pixels."""

    def __init__(self, width: int, height: int, wall: Colour, floor: Colour):
        self.size = width, height
        self.image = Image.new("RGB", (FINE * width, FINE * height), wall)
        self.pen = ImageDraw.Draw(self.image)
        self.pen.rectangle((0, FINE * height * 0.72, FINE * width, FINE * height), fill=floor)

    def oval(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        self.pen.ellipse([FINE * n for n in (x - across, y - down, x + across, y + down)], fill=colour)

    def shape(self, colour: Colour, *corners: tuple[float, float]) -> None:
        self.pen.polygon([(FINE * x, FINE * y) for x, y in corners], fill=colour)

    def line(self, colour: Colour, *points: tuple[float, float], width: float = 1.5) -> None:
        self.pen.line([(FINE * x, FINE * y) for x, y in points], fill=colour, width=int(FINE * width), joint="curve")

    def finished(self) -> Image.Image:
        return self.image.filter(ImageFilter.GaussianBlur(FINE / 2)).resize(self.size, Image.Resampling.LANCZOS)


def kitten() -> Image.Image:
    """Return a ginger kitten on a rug, 450 × 300 pixels."""
    sheet, fur, stripe = _Sheet(450, 300, (186, 205, 214), (139, 110, 96)), (222, 150, 82), (168, 96, 44)
    sheet.line(fur, (300, 245), (370, 250), (405, 215), (400, 170), width=20)
    sheet.oval(255, 215, 95, 62, fur)
    for x in (225, 260, 295, 325):
        sheet.line(stripe, (x, 160 + abs(x - 260) / 6), (x + 8, 200), width=7)
    for x in (190, 235, 300):
        sheet.oval(x, 272, 24, 12, (240, 214, 184))
    for left in (1, -1):
        sheet.shape(fur, (175 - 62 * left, 60), (175 - 55 * left, 130), (175 - 8 * left, 92))
        sheet.shape((236, 176, 164), (175 - 56 * left, 76), (175 - 49 * left, 116), (175 - 22 * left, 96))
    sheet.oval(175, 145, 66, 58, fur)
    for x in (155, 175, 195):
        sheet.line(stripe, (x, 90), (175 + (x - 175) * 0.7, 116), width=6)
    _face(sheet, 175, 145, eye=(118, 166, 72), slit=3.5)
    for left in (1, -1):
        for dy in (-6, 2, 10):
            sheet.line((250, 246, 238), (175 - 16 * left, 172 + dy / 3), (175 - 72 * left, 168 + dy), width=1)
    return sheet.finished()


def puppy() -> Image.Image:
    """Return a brown puppy on grass, 300 × 300 pixels."""
    sheet, fur, dark = _Sheet(300, 300, (198, 218, 236), (112, 152, 84)), (206, 174, 132), (112, 74, 46)
    sheet.line(fur, (215, 225), (255, 190), (262, 165), width=14)
    sheet.oval(160, 225, 72, 60, fur)
    sheet.oval(150, 240, 34, 40, (240, 230, 214))
    for x in (112, 150, 200):
        sheet.oval(x, 278, 24, 13, (240, 230, 214))
    sheet.oval(145, 125, 66, 62, fur)
    for left in (1, -1):
        sheet.oval(145 - 64 * left, 128, 22, 48, dark)
    sheet.oval(172, 110, 26, 28, dark)
    _face(sheet, 145, 125, eye=(96, 62, 38), slit=7)
    sheet.oval(145, 178, 9, 12, (220, 112, 118))
    return sheet.finished()


def _face(sheet: _Sheet, x: float, y: float, eye: Colour, slit: float) -> None:
    sheet.oval(x, y + 30, 30, 21, (246, 236, 222))
    for left in (1, -1):
        sheet.oval(x - 27 * left, y - 8, 13, 14, (252, 250, 244))
        sheet.oval(x - 27 * left, y - 7, 11, 12, eye)
        sheet.oval(x - 27 * left, y - 7, slit, 10, (20, 18, 22))
        sheet.oval(x - 27 * left - 4, y - 12, 3, 3, (255, 255, 255))
    sheet.shape((150, 72, 74), (x - 9, y + 17), (x + 9, y + 17), (x, y + 28))
    sheet.line((96, 58, 52), (x - 14, y + 34), (x - 5, y + 40), (x, y + 34), (x + 5, y + 40), (x + 14, y + 34), width=2)


def write(folder: Path = FOLDER) -> list[Path]:
    """Write both pictures; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{draw.__name__}.jpg" for draw in (kitten, puppy)]
    for path, draw in zip(paths, (kitten, puppy), strict=True):
        draw().save(path, quality=88, optimize=True)
    return paths


if __name__ == "__main__":
    sys.stdout.write("".join(f"{path}\n" for path in write()))
