"""Figures of a running notebook are sharp and carry their titles, whatever magic was used."""

import json

import matplotlib.pyplot as plt
import pytest

from cs231n.tutor import course, processes
from cs231n.tutor.kernel import figures
from cs231n.tutor.submission import read, run
from cs231n.tutor.submission.limits import CellLimits
from tests.tutor.submission.handin import book, code


@pytest.mark.parametrize(
    "suptitle, titles, title",
    [
        ("Both", ("Left", "Right"), "Both"),
        ("", ("Left", "Right"), "Left; Right"),
        ("", ("$k$-fold\nsplits", ""), "k-fold splits"),
        ("", ("", ""), ""),
    ],
)
def test_a_figures_title_is_its_own_or_those_of_its_axes(suptitle, titles, title):
    figure, axes = plt.subplots(1, 2)
    for one, words in zip(axes, titles, strict=True):
        one.set_title(words)
    figure.suptitle(suptitle)
    plt.close(figure)
    assert figures.title(figure) == title


def test_in_a_kernel_they_have_twice_the_pixels_and_their_title():
    cells = [
        "from cs231n.notebook import plt",
        "plt.plot([1, 2])\nplt.title('One')\nplt.show()",
        "%matplotlib inline",
        "plt.plot([1, 2])\nplt.suptitle('Two')\nplt.show()",
        "%config InlineBackend.figure_formats = ['svg']\nplt.plot([1, 2])\nplt.show()",
    ]
    data = book(*map(code, cells))
    environment = processes.environment(course.ROOT)
    content = run.run_notebook(
        data,
        read.parse("assignments/assignment1/b.ipynb", data),
        course.ROOT,
        environment,
        CellLimits(),
        lambda place: None,
    ).content
    outputs = [cell["outputs"] for cell in json.loads(content)["cells"]]
    for (output,), title in ((outputs[1], "One"), (outputs[3], "Two")):
        told = output["metadata"]["image/png"]
        assert told["alt"] == title and told["width"] > told["height"] > 100
    assert list(outputs[4][0]["data"]) == ["image/svg+xml", "text/plain"]
