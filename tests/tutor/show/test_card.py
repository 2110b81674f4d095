"""The card under a cell: words for every colour, text that cannot become HTML, and a picture where it says more."""

import base64
import io
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from cs231n.tutor import course, exercises
from cs231n.tutor.checks.oracle import StoredOracle
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.show import card, picture
from cs231n.tutor.show.picture import Difference
from cs231n.tutor.show.verdict import SYMBOLS, WORDS, Verdict

RANDOM = np.random.RandomState(0)


def difference(expected, actual):
    return Difference("dW", "5 rows", np.asarray(expected), np.asarray(actual))


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.open, self.text = [], [], ""
        self.feed(text)
        assert not self.open, "elements are closed"

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("status", SYMBOLS)
def test_the_state_is_said_in_a_word_and_a_sign(status):
    shown = Elements(Verdict("l2", status, "What was found.")._repr_html_())
    assert f"{SYMBOLS[status]} {WORDS[status]}" in shown.text and "What was found." in shown.text


def test_whatever_students_write_is_text():
    hostile = "<script>alert(1)</script> & \"quoted\" 'too' `<img src=x onerror=alert(1)>`"
    shown = Elements(Verdict("l2", "error", hostile, cause=hostile, advice=hostile, where=hostile)._repr_html_())
    assert {tag for tag, _ in shown.found} <= {"div", "span", "b", "code"}
    assert shown.text.count("<script>alert(1)</script>") == 4


def test_what_else_was_seen_has_a_label_of_its_own_after_the_cause():
    verdict = Verdict("l2", "fail", "R is 3, expected 4.", cause="a square is missing.", also="R falls as W grows.")
    shown = Elements(verdict._repr_html_()).text
    assert "Likely: a square is missing.Also: R falls as W grows." in shown
    assert "  Also: R falls as W grows." in str(verdict).splitlines() and verdict.as_row()["also"]


def test_a_lone_backtick_stays_one():
    assert "a ` b" in Elements(Verdict("l2", "error", "a ` b")._repr_html_()).text


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("kind", card.BADGES)
def test_badges_can_be_read_in_any_theme(kind):
    for tag, attributes in Elements(card.card(kind, "word", "title", [("", "text")])).found:
        style = attributes.get("style", "")
        assert bool(re.search(r"(?<![-\w])color:", style)) == ("background:" in style and tag != "img")
        assert "var(" not in style and set(attributes) <= {"style", "alt", "src"}
    assert 1.05 / (luminance(card.BADGES[kind]) + 0.05) >= 5.0  # white text on it


@pytest.mark.parametrize("kind", card.BADGES)
@pytest.mark.parametrize("page", ["#FFFFFF", "#111111", "#1E1E1E"], ids=["light", "JupyterLab, dark", "VS Code, dark"])
def test_the_border_can_be_seen_in_any_theme(kind, page):
    shown = card.card(kind, "word", "title", [])
    (border,) = re.findall(r"border-left:4px solid (#\w{6})", shown)
    low, high = sorted((luminance(border), luminance(page)))
    assert (high + 0.05) / (low + 0.05) >= 3.0


def test_the_row_of_a_verdict_has_no_arrays():
    verdict = Verdict("l2", "fail", difference=difference(np.eye(4), np.ones((4, 4))))
    assert "difference" not in verdict.as_row() and Verdict(**verdict.as_row()) == verdict


SPEAKING = {
    "distances": RANDOM.rand(7, 11),
    "templates": RANDOM.randn(48, 10),
    "three axes": RANDOM.randn(3, 6, 5),
    "conv output": RANDOM.randn(9, 7, 6, 5),
    "large": RANDOM.randn(100, 70),
    "five axes": RANDOM.randn(2, 2, 3, 4, 5),
    "one row": RANDOM.randn(1, 20),
    "one column": RANDOM.randn(20, 1),
}


@pytest.mark.parametrize("expected", SPEAKING.values(), ids=SPEAKING.keys())
@pytest.mark.parametrize(
    "mistake", [lambda a: a**2, lambda a: -a, lambda a: a * np.nan ** (a > 0.5), lambda a: 1e9 * a, np.zeros_like]
)
def test_a_wrong_array_is_shown_beside_the_right_one_in_a_small_picture(expected, mistake):
    with np.errstate(all="ignore"):
        told = difference(expected, mistake(expected))
    shown = Elements(Verdict("l2", "fail", difference=told)._repr_html_())
    (image,) = [attributes for tag, attributes in shown.found if tag == "img"]
    kind, _, data = image["src"].partition(",")
    assert kind == "data:image/png;base64" and "dW with 5 rows" in image["alt"]
    assert len(data) < 30_000 and plt.imread(io.BytesIO(base64.b64decode(data))).ndim == 3


@pytest.mark.parametrize(
    "expected, actual",
    [
        (np.arange(20.0), np.zeros(20)),
        (np.eye(5), np.eye(6)),
        (np.ones((2, 2)), np.zeros((2, 2))),
        (np.eye(5), np.full((5, 5), np.nan)),
        (np.eye(5), np.full((5, 5), "a")),
    ],
    ids=["vector", "other shape", "few numbers", "all nan", "words"],
)
def test_words_are_enough_where_a_picture_says_no_more(expected, actual):
    told = difference(expected, actual)
    assert not picture.says_more(told)
    assert "<img" not in Verdict("l2", "fail", difference=told)._repr_html_()


def test_the_students_figures_and_style_are_left_alone():
    figure = plt.figure()
    with plt.style.context("dark_background"):
        before = dict(plt.rcParams)
        png = picture.draw(difference(np.eye(5), np.ones((5, 5))))
        assert dict(plt.rcParams) == before
    assert plt.get_fignums() == [figure.number]
    plt.close(figure)
    assert plt.imread(io.BytesIO(png))[0, 0, :3].min() == 1.0  # the page is white


def test_expected_and_yours_share_a_scale_unless_yours_is_far_beyond():
    expected = np.linspace(-1, 1, 20).reshape(4, 5)
    assert picture._scale(expected, 3 * expected)["vmax"] == 3.0
    assert picture._scale(expected, 1e6 * expected)["vmax"] == 1.0


def test_a_failed_check_has_the_arrays_its_picture_is_drawn_of(monkeypatch):
    from cs231n.classifiers import KNearestNeighbor

    right = KNearestNeighbor.compute_distances_no_loops
    monkeypatch.setattr(KNearestNeighbor, "compute_distances_no_loops", lambda self, X: right(self, X) ** 2)
    verdict = exercises.run("compute_distances_no_loops", target=LocalTarget(), oracle=StoredOracle("knn"))
    np.testing.assert_allclose(verdict.difference.actual, verdict.difference.expected**2)
    assert "<img" in verdict._repr_html_() and "root" in verdict._repr_html_()


@pytest.mark.parametrize("told", ["cs231n/layers.py:45", "cs231n/layers.py, line 45"])
def test_a_file_of_the_kit_is_a_link_to_the_line_from_a_notebook_in_the_kit(monkeypatch, told):
    monkeypatch.delenv("VSCODE_PID", raising=False)
    monkeypatch.chdir(course.ROOT / "assignments" / "assignment1")
    shown = card.card("fail", "word", "title", [("Open: ", told), ("", f"`{told}` and cs231n/nowhere.py:3")])
    links = [attributes for tag, attributes in Elements(shown).found if tag == "a"]
    assert links == [{"href": "../../cs231n/layers.py#line=44"}]  # JupyterLab counts from 0
    monkeypatch.setenv("VSCODE_PID", "1")
    assert 'href="../../cs231n/layers.py#L45"' in card.card("fail", "word", "title", [("Open: ", told)])
    monkeypatch.setenv("JPY_SESSION_NAME", "knn.ipynb")  # a server that was started in VS Code's terminal
    assert "#line=44" in card.card("fail", "word", "title", [("Open: ", told)])


def test_a_notebook_elsewhere_has_the_place_as_text(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    shown = Elements(card.card("fail", "word", "title", [("Open: ", "cs231n/layers.py:45")]))
    assert "a" not in dict(shown.found) and "cs231n/layers.py:45" in shown.text


def test_a_card_ends_with_what_comes_next():
    def last(name, status, **more):
        return Elements(Verdict(name, status, "Told.", out_of=1, **more)._repr_html_()).text

    assert last("relu_forward", "pass").endswith("Next: read on below; relu_backward comes next.")
    assert last("cross_validate", "pass").endswith("Next: read on below.")
    assert last("with_ones", "pass").endswith("Next: read on below; l2 comes next.")  # written in a cell
    assert last("output_size", "pass").endswith("Next: read on below; conv_forward_naive comes next.")
    assert last("max_pool_backward_naive", "pass").endswith("; spatial_batchnorm_forward comes next.")
    assert last("ThreeLayerConvNet_loss", "pass").endswith("Next: read on below.")
    assert last("adam", "fail").endswith('Stuck? checks.hint("adam") in a cell gives a hint.')
    assert last("relu_backward", "todo", waits_for="relu_forward").endswith(
        'Stuck? checks.hint("relu_forward") in a cell gives a hint.'
    )


def panels(told):
    """Return the figure that is drawn, instead of its PNG."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(picture, "_png", lambda figure: figure)
        figure = picture.draw(told)
    figure.draw_without_rendering()
    return figure, [axis for axis in figure.axes if axis.images], [axis for axis in figure.axes if not axis.images]


@pytest.mark.parametrize("expected", SPEAKING.values(), ids=SPEAKING.keys())
def test_a_picture_is_sharp_and_what_is_written_on_it_can_be_read(expected):
    figure, shown, bars = panels(difference(expected, expected**2))
    per_inch = card.WIDTH / figure.get_figwidth()
    assert figure.dpi == 2 * per_inch
    texts = [label for axis in figure.axes for label in (*axis.get_xticklabels(), *axis.get_yticklabels())]
    texts += [axis.xaxis.label for axis in shown] + [axis.title for axis in shown]
    assert min(text.get_size() for text in texts) * per_inch / 72 >= 9  # pixels on the page
    assert [axis.get_title() for axis in shown] == ["expected", "yours", "yours − expected"]
    assert len(bars) == 2
    boxes = [axis.get_window_extent() for axis in shown]
    assert {(round(box.y0), round(box.height)) for box in boxes} == {(round(boxes[0].y0), round(boxes[0].height))}
    for bar, first, last in ((bars[0], 0, 1), (bars[1], 2, 2)):  # as wide as the pictures they are for, and below
        box = bar.get_window_extent()
        assert box.y1 < boxes[0].y0 and box.x0 >= boxes[first].x0 - 1 and box.x1 <= boxes[last].x1 + 1
    used = [axis.get_tightbbox() for axis in figure.axes]
    top, bottom = max(box.y1 for box in used), min(box.y0 for box in used)
    high = figure.get_figheight() * figure.dpi
    assert 0 <= bottom < 0.15 * figure.dpi and 0 <= high - top < 0.15 * figure.dpi  # no blank bands, nothing cut off


def test_the_axes_of_a_picture_have_names():
    _, shown, _ = panels(Difference("dists", "a case", np.eye(4), np.ones((4, 4)), ("test row", "training row")))
    assert [axis.get_xlabel() for axis in shown] == ["training row"] * 3
    assert [axis.get_ylabel() for axis in shown] == ["test row", "", ""]
    _, shown, _ = panels(Difference("out", "a case", RANDOM.rand(2, 3, 4, 5), RANDOM.rand(2, 3, 4, 5), tuple("NCHW")))
    assert (shown[0].get_ylabel(), shown[0].get_xlabel()) == ("N × H", "C × W")
    _, shown, _ = panels(difference(np.eye(4), np.ones((4, 4))))
    assert (shown[0].get_ylabel(), shown[0].get_xlabel()) == ("axis 0", "axis 1")


def test_names_of_axes_follow_from_those_of_the_inputs():
    declared = {"X": "N D", "W": "D C", "y": "N"}

    def names(output, shape, **inputs):
        return picture.axis_names(output, shape, inputs, declared)

    assert names("dW", (4, 3), X=(5, 4), W=(4, 3), y=(5,)) == ("D", "C")
    assert names("dX", (4, 4), X=(4, 4), W=(4, 3), y=(4,)) == ("N", "D")
    assert names("scores", (5, 3), X=(5, 4), W=(4, 3)) == ("N", "C")
    assert names("scores", (5, 9), X=(5, 4), W=(4, 3)) == ()
    assert names("scores", (4, 3), X=(4, 4), W=(4, 3)) == ()  # N = D: which is it?
    assert names("scores", (5, 5), X=(5, 4), W=(4, 3)) == ()  # no output is N × N
    assert picture.axis_names("dists", (2, 3), {"X": (2, 4), "T": (3, 4)}, {"X": "num_test D", "T": "num_train D"}) == (
        "test row",
        "training row",
    )


def test_the_numbers_of_two_colour_bars_do_not_touch():
    expected = np.sign(RANDOM.randn(3, 8))
    figure, _, bars = panels(difference(expected, expected * (1 + (np.arange(8) > 5))))
    figure.canvas.draw()
    left, right = (bar.get_tightbbox() for bar in bars)
    assert right.x0 - left.x1 > 2


def test_the_palette_leaves_the_colours_as_they_are(monkeypatch):
    drawn = difference(2 + 10 * RANDOM.rand(7, 11), 1 + 4 * RANDOM.rand(7, 11))  # rising and diverging colours in one

    def in_all_colours(figure):
        whole = io.BytesIO()
        figure.savefig(whole, format="png", facecolor="white")
        return whole.getvalue()

    shown = picture.draw(drawn)
    monkeypatch.setattr(picture, "_png", in_all_colours)
    whole = picture.draw(drawn)
    small, large = (np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int) for png in (shown, whole))
    assert np.abs(small - large).max() < 12 and len(shown) < 0.5 * len(whole)


def test_what_is_expected_keeps_its_colours_however_far_off_yours_is():
    expected = 80 * RANDOM.rand(6, 8)
    for actual in (expected**2, expected + 5000 * (expected > 79), -50 * expected):
        _, shown, bars = panels(difference(expected, actual))
        low, high = shown[0].images[0].get_clim()
        assert (low, high) == shown[1].images[0].get_clim() and np.ptp(expected) / (high - low) > 0.2
    assert bars[0].collections or bars[0].patches  # an end in the colour of all that is beyond
