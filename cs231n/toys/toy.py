"""The base class of all toys: a page in a separate frame, and a static picture for places where scripts do not run."""

from __future__ import annotations

import base64
import html
import io
from pathlib import Path
from typing import Any

import jinja2
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from PIL import Image

from cs231n.vis_utils import PALETTE

PAGES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
COLOURS = 64  # of the static picture; few, because the output contains it twice: in the HTML and as a PNG
SHARPNESS = 2  # pixels of the static picture for each pixel of its width on the page


class Toy:
    """An interactive figure in a notebook, shown if it is the last line of a cell, or the argument of display().

    Its output contains an HTML page, which loads nothing and runs in an <iframe srcdoc>, and a static picture of its
    initial state. The HTML also shows the picture above the frame, until the page runs and hides it; so a notebook that
    is not trusted, where scripts and frames are removed, shows the picture.
    """

    page: str  # the file with the toy's HTML and JavaScript, next to its module
    title: str
    height: int  # of the frame, in pixels, until the page has set its own height

    def seed(self) -> dict[str, Any]:
        """Return the initial state of the page as a dict that can be converted to JSON."""
        raise NotImplementedError

    def figure(self) -> Figure:
        """Return the figure for the static picture."""
        raise NotImplementedError

    def html(self) -> str:
        """Return the whole page, with everything in it that it needs."""
        return PAGES.get_template(self.page).render(title=self.title, seed=self.seed(), palette=PALETTE)

    def _picture(self) -> tuple[str, int, int]:
        """Return the static picture as a PNG in base64, and its width and height on the page."""
        shown, figure = set(plt.get_fignums()), self.figure()
        packed = io.BytesIO()
        figure.savefig(packed, format="png", dpi=SHARPNESS * figure.dpi, facecolor="white")
        small = io.BytesIO()
        with Image.open(packed) as image:
            image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
        width, height = (round(float(side) * figure.dpi) for side in figure.get_size_inches())
        for number in set(plt.get_fignums()) - shown:  # otherwise the notebook would show the figure again
            plt.close(number)
        return base64.b64encode(small.getvalue()).decode(), width, height

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        """Return the output of the cell, {MIME type: content}, and its metadata: the picture's size and alt text."""
        picture, width, height = self._picture()
        alt = f"{self.title} (still picture)"
        frame = (
            f'<img alt="{html.escape(alt)}" width="{width}" src="data:image/png;base64,{picture}">'
            f'<iframe title="{html.escape(self.title)}" srcdoc="{html.escape(self.html())}" '
            f'style="width: 100%; height: {self.height}px; border: 0"></iframe>'
        )
        data = {"text/html": frame, "image/png": picture, "text/plain": f"{self.title} (interactive in a browser)"}
        return data, {"image/png": {"width": width, "height": height, "alt": alt}}
