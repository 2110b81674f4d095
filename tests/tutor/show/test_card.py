"""The card under a cell: words for every colour, text that cannot become HTML, and a picture where it says more."""

import base64
import io
import re
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n.tutor import exercises
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
