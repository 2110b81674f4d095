"""Damaged notebooks, field by field: refused with the reason, or read, reviewed and reported; never a traceback."""

import base64
import copy
import io
import json
import math
import os
import random

import pytest
from PIL import Image

from cs231n.tutor.submission import illustrations, privacy, read, report, review, submit
from cs231n.tutor.submission.files import UnfitFileError
from tests.tutor.submission.handin import ASSIGNMENT, KNN, code, markdown, printed, shown

ROUNDS = int(os.environ.get("CS231N_FUZZ", "1")) * 25
ODD = (
    *(None, True, 0, -1, 10**30, 1e308, math.nan, math.inf, "", "\ud800", "\udfff\ud800 x", "\x00\x1b[31m", [], {}),
    *(
        [None],
        {"": None},
        [["a"], 1],
        {"\ud800": "\udc00"},
        "x" * 5_000,
        "![](",
        "<img src=",
        "$$",
        "data:image/png;base64,",
    ),
)


def whole():
    file = io.BytesIO()
    Image.new("RGB", (2, 2)).save(file, "PNG")
    png = base64.b64encode(file.getvalue()).decode()
    cells = [
        markdown("# Title\n\n*Your name:* Ada", "name", id="a"),
        code("plt.plot([1])", 1, [shown("image/png", png), printed("accuracy 0.5\n")], id="b"),
        markdown("**Question 1.** Why?", "question", id="c"),
        markdown("*Your answer:* $x_i$ ![a](attachment:a.png)", "answer", attachments={"a.png": {"image/png": png}}),
        code(
            "x",
            2,
            [shown("text/html", "<b>x</b>"), {"output_type": "error", "ename": "E", "evalue": "", "traceback": []}],
        ),
        {"cell_type": "raw", "source": ["a\n", "b"], "metadata": {}},
    ]
    cells[1]["outputs"][0]["metadata"] = {"image/png": {"alt": "a title", "width": 3}}
    return {"cells": cells, "metadata": {"language_info": {"version": "3.11.1"}}, "nbformat": 4, "nbformat_minor": 5}


def places(value, path=()):
    """Return the paths of everything in a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, one in inner for found in places(one, (*path, key)))]


def damaged(seed):
    """Return a notebook with one to three of its fields replaced, deleted or renamed."""
    chance = random.Random(seed)
    value = copy.deepcopy(whole())
    for _ in range(chance.randint(1, 3)):
        *above, key = chance.choice([path for path in places(value) if path])
        inside = value
        for step in above:
            inside = inside[step]
        if isinstance(inside, dict) and chance.random() < 0.3:
            held = inside.pop(key)
            if chance.random() < 0.5:
                inside[chance.choice(("source", "data", "tags", "\ud800"))] = held
        else:
            inside[key] = copy.deepcopy(chance.choice(ODD))
    return json.dumps(value).encode()


def reported(data, folder):
    """Go the whole way with a notebook; return what goes into the zip, and the page."""
    book = read.parse(KNN, data)
    found = {}
    notices = review.notices(book, len(data)) + illustrations.collect(book, folder, found)
    packed = read.dumps(read.without(book, privacy.cleaner(folder)))
    told = submit.Submission(ASSIGNMENT, {KNN: packed, **found}, [book], {"knn": notices})
    return packed, report.page(told).encode("utf-8", "replace")


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


@pytest.mark.parametrize("seed", range(0, ROUNDS * 12, 12))
def test_a_damaged_notebook_is_refused_in_a_sentence_or_reported(seed, tmp_path):
    for each in range(seed, seed + 12):
        data = damaged(each)
        try:
            packed, page = reported(data, tmp_path)
        except UnfitFileError as error:
            assert "\n" not in str(error)
            continue
        json.loads(packed.decode(), parse_constant=refuse)
        assert page.endswith(b"</html>")


def test_what_json_has_no_words_for_is_nothing_in_the_zip(tmp_path):
    value = whole()
    value["cells"][1]["outputs"][0]["data"]["application/json"] = [math.nan, -math.inf, 1.5, "\ud83d\ude00", "\ud83d"]
    data = json.dumps(value).replace("1.5", "1e999").encode()
    assert read.parse(KNN, data).cells[1].outputs[0]["data"]["application/json"][-1] == "?"
    packed, _ = reported(data, tmp_path)
    (cell,) = (cell for cell in json.loads(packed, parse_constant=refuse)["cells"] if cell.get("id") == "b")
    assert cell["outputs"][0]["data"]["application/json"] == [None, None, None, "\U0001f600", "?"]
