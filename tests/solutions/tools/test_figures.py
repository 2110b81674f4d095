"""The contact sheet shows every figure of the notebooks as it is, and as seen with three kinds of colour blindness."""

import base64
import io
import re

import nbformat
import numpy as np
import pytest
from PIL import Image

from solutions.tools import execute, figures


def png(colour, size=(60, 40)):
    packed = io.BytesIO()
    Image.new("RGB", size, colour).save(packed, "PNG")
    return packed.getvalue()


def notebook(*pngs):
    data = [{"image/png": base64.b64encode(one).decode(), "text/plain": "a figure"} for one in pngs]
    told = {"image/png": {"alt": 'Loss < 1 & "low"'}}
    outputs = [nbformat.v4.new_output("display_data", data=one, metadata=told) for one in data]
    outputs.insert(0, nbformat.v4.new_output("stream", text="a line"))
    cells = [nbformat.v4.new_markdown_cell("# A"), nbformat.v4.new_code_cell("draw()", outputs=outputs)]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize("kind", figures.KINDS)
def test_greys_look_the_same_to_everybody(kind):
    for grey in (0, 100, 255):
        seen = np.asarray(figures.simulated(Image.new("RGB", (2, 2), (grey,) * 3), kind))
        assert np.abs(seen.astype(int) - grey).max() <= 1


@pytest.mark.parametrize(
    "kind, one, other",
    [
        ("protanopia", (163, 29, 0), (68, 68, 0)),
        ("deuteranopia", (230, 60, 20), (140, 126, 20)),
        ("tritanopia", (0, 150, 130), (0, 146, 170)),
    ],
)
def test_colours_that_a_kind_confuses_come_closer(kind, one, other):
    before = np.abs(np.subtract(one, other)).sum()
    seen = [np.asarray(figures.simulated(Image.new("RGB", (1, 1), c), kind)).astype(int) for c in (one, other)]
    assert np.abs(seen[0] - seen[1]).sum() < 0.7 * before


def test_every_figure_is_shown_four_times_with_its_title(tmp_path, monkeypatch):
    pictures = png("red"), png("blue", (700, 300))
    monkeypatch.setattr(figures.execute, "execute", lambda path, environment: (notebook(*pictures), {}))
    monkeypatch.setattr(figures.generate, "write_solved", lambda root: tmp_path)
    index, sheet = figures.write(tmp_path / "out", ["assignment1/knn"])
    assert (tmp_path / "out" / "assignment1-knn-02.png").read_bytes() == pictures[1]
    page = index.read_text(encoding="utf-8")
    for number in (1, 2):
        assert page.count(f'src="assignment1-knn-0{number}.png"') == 4
    assert page.count("Loss &lt; 1 &amp; &quot;low&quot;</figcaption>") == 2
    assert set(re.findall(r"url\(#(\w+)\)", page)) == set(figures.KINDS) == set(re.findall(r'filter id="(\w+)"', page))
    drawn = Image.open(sheet)
    assert drawn.width == 4 * (figures.COLUMN + figures.GAP)
    assert drawn.getpixel((5, 5)) == (255, 0, 0) != drawn.getpixel((figures.COLUMN + figures.GAP + 5, 5))


def test_a_notebook_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(execute.UnknownNotebookError, match="assignment1/none"):
        figures.write(tmp_path, ["assignment1/none"])
