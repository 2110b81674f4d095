"""Marks into the tables of Canvas and Moodle: one column, only changed rows, all else byte for byte."""

import json

import pytest

from grading.intake.roster import Row
from grading.marks import Item, Mark
from grading.out import canvas, classpage, feedback, gradescope, moodle
from grading.out.sheet import Sheet, SheetError

GRADEBOOK = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Assignment 1 (881),Assignment 2 (882),Current Score\r\n"
    "    Points Possible,,,,,65.00,66,(read only)\r\n"
    ',,,,,Manual Posting,,\r\n'
    '"Doe, Jane",123,u1,jane,"Sec ""A"", 1",,12,77\r\n'
    '"Roe, Joe",124,u2,joe,A,4.00,,\r\n'
    '"Zhang, Mei",126,u3,mei,A,EX,,\r\n'
    '"Nobody, Yet",127,u4,nob,A,-,,\r\n'
    '"Student, Test",999,,,A,,,\r\n'
)  # fmt: skip


def mark(key, total, lms_id="", maximum=65.0, **more):
    return Mark(Row(key, key, lms_id=lms_id, sha256="a" * 64, **more), total=total, maximum=maximum)


MARKS = [mark("doejane-123", 64.5, "123"), mark("roe", 4.0, "124"), mark("mei", 65.0, "126"), mark("gone", 1.0, "77")]


def test_canvas_gets_its_own_gradebook_back_with_one_changed_cell():
    filled = canvas.fill(Sheet(GRADEBOOK.encode()), [*MARKS, mark("nobody", None, "127")], "assignment1")
    lines = GRADEBOOK.splitlines(keepends=True)
    assert filled.content.decode() == "".join(lines[:3]) + lines[3].replace(",,12,77", ",64.5,12,77")
    assert filled.changed == 1
    assert any("excused" in one for one in filled.told) and "gone is not in the gradebook" in filled.told


def test_canvas_s_column_is_never_guessed():
    with pytest.raises(SheetError, match="--column"):
        canvas.fill(Sheet(GRADEBOOK.encode()), MARKS, "assignment3")
    two = GRADEBOOK.replace("Assignment 2 (882)", "Assignment 1 bonus (9)")
    with pytest.raises(SheetError, match="--column"):
        canvas.fill(Sheet(two.encode()), MARKS, "assignment1")
    assert canvas.fill(Sheet(two.encode()), MARKS, "assignment1", "Assignment 1 (881)").changed == 1
    with pytest.raises(SheetError, match="read-only"):
        canvas.fill(Sheet(GRADEBOOK.encode()), MARKS, "assignment1", "Current Score")


def test_nothing_above_the_maximum_is_written():
    with pytest.raises(SheetError, match=r"maximum = 65\.00"):
        canvas.fill(Sheet(GRADEBOOK.encode()), [mark("x", 65.01, "123")], "assignment1")
    with pytest.raises(SheetError, match="maximum"):
        moodle.fill(Sheet(WORKSHEET.encode()), [mark("x", 101.0, "1001")], "assignment1")


WORKSHEET = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 1001","Zoë O\'Brien",zoe@uni.example,Submitted,,100.00,Yes,"Friday, 9 October 2026",-,"two\nlines"\n'
    '"Participant 1002","Joe Roe",joe@uni.example,"Submitted","4,00",100.00,Yes,-,-,\n'
    '"Participant 1003","Locked One",l@uni.example,"Submitted",,100.00,No,-,-,\n'
)


def test_moodle_gets_its_own_worksheet_back():
    marks = [mark("zoe", 64.5, "1001"), mark("joe", 4.0, "1002"), mark("l", 5.0, "1003")]
    filled = moodle.fill(Sheet(WORKSHEET.encode()), marks, "assignment1")
    header, rest = WORKSHEET.split("\n", 1)
    first = rest[: rest.index('\n"Participant 1002')]
    assert filled.content.decode() == header + "\n" + first.replace(",,100.00", ",64.5,100.00") + "\n"
    assert any("locked" in one for one in filled.told)
    german = WORKSHEET.replace("Grade,", "Bewertung,", 1)
    with pytest.raises(SheetError, match="--column"):
        moodle.fill(Sheet(german.encode()), marks, "assignment1")
    assert moodle.fill(Sheet(german.encode()), marks, "assignment1", "Bewertung").changed == 1


@pytest.mark.parametrize(
    "text", [GRADEBOOK, WORKSHEET, GRADEBOOK.replace(",", ";"), "a,b", "a,b\n\n", 'x,"a ""b"", c"\r\n']
)
def test_a_sheet_is_put_together_as_it_was(text):
    assert Sheet(text.encode()).dumps() == text.encode()


@pytest.mark.parametrize("content", [b"", b'a,"b', "ä".encode("latin-1")])
def test_what_is_no_sheet_is_refused(content):
    with pytest.raises(SheetError):
        Sheet(content)


def test_a_quote_that_is_never_closed_takes_no_time():
    with pytest.raises(SheetError, match="never closed"):
        Sheet(b'a,b\nc,"' + b'""' * 50_000 + b"x")


RECORD = {"submission": "a" * 64, "grader": "v1", "seconds": 2.6, "exercises": [
    {"name": "affine_forward", "status": "pass", "points": 2, "out_of": 2},
    {"name": "softmax_loss", "status": "fail", "points": 0, "out_of": 5, "message": "dW <b>is</b> wrong\x1b[1m",
     "cause": "factor", "hint": "N times too large", "where": "cs231n/layers.py:3"},
]}  # fmt: skip


def test_results_for_gradescope():
    told = json.loads(gradescope.results(RECORD))
    assert told["score"] == 2 and [one["status"] for one in told["tests"]] == ["passed", "failed"]
    assert "Likely: N times too large" in told["tests"][1]["output"] and told["execution_time"] == 3
    broken = json.loads(
        gradescope.results({**RECORD, "exercises": [{**RECORD["exercises"][0], "status": "grader error"}]})
    )
    assert "score" not in broken and "tests" not in broken and "not your fault" in broken["output"]


def graded(key="x", total=2.0):
    items = tuple(
        Item(one["name"], one["points"], one["out_of"], one["status"], record=one) for one in RECORD["exercises"]
    )
    return Mark(
        Row(key, "<script>alert(1)</script>", sha256="a" * 64), items, total=total, points=2, out_of=7, maximum=7
    )


def test_pages_escape_everything_and_load_nothing():
    page = feedback.page(graded(), "assignment1")
    assert "✗ not right yet" in page and "<b>Likely:</b> N times too large" in page
    whole = classpage.page([graded(), graded("y")], {"a" * 64: {"": 3.0, "softmax_loss": 0.1}}, "assignment1")
    assert "2 students" not in whole and "100 %" in whole
    for html in (page, whole):
        assert "<script" not in html and "<b>is</b>" not in html and "\x1b" not in html
        assert "default-src 'none'" in html and "http" not in html.replace("http-equiv", "")


def test_the_class_page_counts(tmp_path):
    found = classpage.exercises([graded(), graded("y")], {})
    assert [(one.name, one.share()) for one in found] == [("affine_forward", 100), ("softmax_loss", 0)]
    assert found[1].causes == [("N times too large", 2)]
    assert classpage.histogram([0, 9.9, 10, 99, 100, 130]) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 3]


def test_a_class_without_records_has_not_passed_everything():
    page = classpage.page([mark("ann", None)], {}, "assignment1")
    assert "No exercise has been graded yet." in page and "Every student" not in page
