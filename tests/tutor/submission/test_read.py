"""Notebooks read with distrust: what is broken is named, what is personal stays out, what is amiss is told."""

import getpass
import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from cs231n.tutor import course
from cs231n.tutor.kernel import recorded
from cs231n.tutor.submission import inventory, privacy, read, review
from cs231n.tutor.submission.files import UnfitFileError
from solutions.tools import regions
from tests.tutor.submission.handin import book, code, markdown, printed, shown

ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": ["at /home/ann/x.py"]}


def parsed(*cells, **more):
    return read.parse("a/b.ipynb", book(*cells, **more))


def notices(*cells, known=()):
    return review.notices(parsed(*cells), 100, known)


@pytest.mark.parametrize(
    "data, message",
    [
        (b"", "is empty"),
        (book(code())[:-30], "JSON is not valid at line"),
        (b"\x80\x81", "is not a valid notebook: it is not UTF-8 text"),
        (b"\xff\xfe" + "{}".encode("utf-16-le"), "is not a valid notebook: it is not UTF-8 text"),
        (
            b'{"nbformat": ' + b"4" * 5_000 + b"}",
            "a number in it has too many digits",
        ),
        (b"<html>", "is not a valid notebook"),
        (b'{\n<<<<<<< HEAD\n "a": 1\n=======\n "a": 2\n>>>>>>> x\n}', r"merge-conflict markers \(line 2\)"),
        (b"[" * 200_000, "nested too deeply"),
        (
            book(code(outputs=["DEEP"])).replace(b'"DEEP"', b"[" * 500 + b"]" * 500),
            "nested too deeply: clear its outputs",
        ),
        (b"[1]", "has no valid 'nbformat'"),
        (b'{"nbformat": true}', "has no valid 'nbformat'"),
        (b'{"nbformat": "4"}', "has no valid 'nbformat'"),
        (b'{"nbformat": 3, "worksheets": []}', "format 3, not 4: open it in JupyterLab and save it"),
        (b'{"nbformat": 5, "cells": []}', "format 5, not 4"),
        (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
        (book(code(), 7), "cell 2 is not a valid notebook cell"),
        (book({"cell_type": "code"}), "cell 1 is not a valid notebook cell"),
        (book(code(source=5)), "cell 1 is not a valid notebook cell"),
        (book(code(outputs=["x"])), "cell 1 is not a valid notebook cell"),
        (book(code(outputs=[{"output_type": "stream", "text": 3}])), "cell 1 is not a valid notebook cell"),
        (book(code(outputs=[ERROR | {"traceback": 5}])), "cell 1 is not a valid notebook cell"),
        (book(code(outputs=[ERROR | {"traceback": None}])), "cell 1 is not a valid notebook cell"),
        (book(markdown("x", attachments={"a": 1})), "cell 1 is not a valid notebook cell"),
    ],
)
def test_what_is_no_notebook_is_refused_with_the_reason(data, message):
    with pytest.raises(UnfitFileError, match=message) as raised:
        read.parse("a/b.ipynb", data)
    assert str(raised.value).startswith("a/b.ipynb ") and "\n" not in str(raised.value)


def test_every_notebook_of_the_kit_reads_and_comes_out_as_it_went_in():
    for assignment in course.ASSIGNMENTS:
        for name in (name for name in assignment.files if name.endswith(".ipynb")):
            data = (Path(__file__).parents[3] / name).read_bytes()
            assert read.dumps(read.parse(name, data)) == data


@pytest.mark.parametrize("minor", [0, 4, 5])
def test_older_and_present_minor_formats_come_out_valid(minor):
    import nbformat

    ids = {"id": "abc"} if minor >= 5 else {}
    cells = [code("x", 1, [printed("1\n"), shown("text/plain", ["a", "b"]), ERROR], **ids), markdown("y")]
    out = nbformat.reads(read.dumps(parsed(*cells, minor=minor)).decode(), as_version=nbformat.NO_CONVERT)
    nbformat.validate(out)
    assert out.nbformat_minor == minor and out.cells[0].outputs[1].data["text/plain"] == "ab"


def test_a_future_minor_format_is_read_for_what_is_known_of_it():
    cell = code("x = 1", 1, [{"output_type": "hologram", "future": [1]}], future={"new": True})
    out = json.loads(read.dumps(parsed(cell, {"cell_type": "sound", "source": "?"}, minor=9)))
    assert out["nbformat_minor"] == 5
    assert out["cells"][0]["outputs"] == [{"output_type": "hologram", "future": [1]}]


@pytest.mark.parametrize("count", [True, -4, 10**4000, 1.0, float("inf"), float("nan"), "3"])
def test_a_count_that_no_kernel_gives_is_none(count):
    assert parsed(code("x", count)).cells[0].count is None


@pytest.mark.parametrize("minor, taken", [(-7, 5), (True, 5), (None, 5), (3, 3), (99, 5)])
def test_a_minor_format_that_never_was_is_taken_for_the_present_one(minor, taken):
    assert parsed(code(), minor=minor).minor == taken


def test_no_two_cells_come_out_with_the_same_id():
    cells = [code("a", id="same"), code("b", id="same"), code("c", id="cell-4"), code("d"), code("e", id=7)]
    ids = [cell["id"] for cell in json.loads(read.dumps(parsed(*cells)))["cells"]]
    assert ids == ["same", "cell-2", "cell-4", "cell-4-", "cell-5"]


def test_nothing_personal_in_metadata_comes_out():
    secret = {"kernelspec": {"name": "ann", "display_name": "ann", "language": "python"}, "authors": [{"name": "ann"}]}
    secret |= {"language_info": {"name": "python", "version": "3.11.7", "file": "/home/ann"}, "widgets": {"ann": 1}}
    cell = code("x", 1, [shown("text/plain", "1") | {"metadata": {"by": "ann"}}])
    cell["metadata"] = {"tags": ["answer"], "execution": {"by": "ann"}, "vscode": "/home/ann"}
    out = read.dumps(parsed(cell, markdown("x"), metadata=secret))
    assert b"ann" not in out
    assert json.loads(out)["metadata"]["language_info"]["version"] == "3.11.7"
    assert json.loads(out)["cells"][0]["metadata"] == {"tags": ["answer"]}


def test_folders_of_the_student_in_outputs_become_relative_and_pictures_stay():
    picture = "/home/ann" + "A" * 20
    cells = code("'/home/ann/kit'", 1, [ERROR, printed("/home/ann/kit/cs231n/layers.py"), shown("image/png", picture)])
    clean = privacy.cleaner(Path("/home/ann/kit"), Path("/home/ann"))
    (cell,) = read.without(parsed(cells), clean).cells
    assert cell.outputs[0]["traceback"] == ["at x.py"] and cell.outputs[1]["text"] == "cs231n/layers.py"
    assert cell.outputs[2]["data"]["image/png"] == picture
    assert cell.source == "'/home/ann/kit'"  # the student's own words


def test_the_home_folder_and_addresses_of_objects_are_shortened():
    clean = privacy.cleaner()
    assert clean(f"in {Path.home() / 'x'} <object at 0x7f12ab34cd56>") in (
        "in ~/x <object at 0x…>",
        "in ~\\x <object at 0x…>",
    )
    assert getpass.getuser() == "root" or getpass.getuser() not in clean(str(Path.home()))


def test_200_megabytes_of_output_are_left_out_and_told():
    line = "0123456789" * 100 + "\n"
    read_back = parsed(code("x", 1, [printed(line * 200_000), printed("after")]), code("y", 2, [printed("small")]))
    assert len(read.dumps(read_back)) < 10_000
    assert "cell 1 [1]: 200.2 MB of output will be left out" in review.notices(read_back, 100)
    assert read_back.cells[1].outputs[0]["text"] == "small"


def test_very_many_small_outputs_are_left_out_too():
    read_back = parsed(code("x", 1, [printed("0123456789" * 10)] * 150_000))
    assert len(read.dumps(read_back)) < 3 * read.MAX_CELL_OUTPUT and read_back.cells[0].left_out > 1e6


def test_a_large_file_is_told():
    assert "the file is large (11.0 MB)" in review.notices(parsed(code("x", 1)), 11_000_000)


def test_text_that_is_no_unicode_does_not_stop_it():
    assert read.dumps(parsed(code("'\ud800'", 1))).count(b"?") == 1


def test_a_notebook_run_from_top_to_bottom_is_fine():
    assert notices(code("x", 3), markdown("text"), code("", None), code("y", 7, [printed("1")])) == []


def test_what_is_amiss_is_told():
    assert notices(code("x"), code("y")) == ["never run"]
    assert notices(markdown("x")) == ["contains no code"]
    assert notices(code("x", 1), code("y"), code("z", 2)) == ["not run: cell 2"]
    assert notices(code("x", 5), code("y", 4)) == ["run out of order: cell 2 [4] comes after cell 1 [5]"]
    assert notices(code("x", 1, [ERROR]), code("y", 2, [ERROR])) == ["an error in cell 1 [1] (ValueError), and 1 more"]
    unwritten = 'def f():\n    raise NotImplementedError("f: not written yet, see the TODO above")'
    assert notices(code(unwritten, 1)) == ["not written yet: cell 1 [1]"]
    headings = markdown("# All\n\n## Some  *words*\n#not one"), markdown("no heading")
    assert notices(*headings, code(unwritten)) == ["never run", 'not written yet: cell 3 (under "Some *words*")']
    assert notices(code("x", 1), markdown("<<<<<<< HEAD\na\n=======\nb")) == ["merge-conflict markers: cell 2"]
    many = [code("x", 1), *(code("y") for _ in range(9))]
    assert notices(*many) == ["not run: cells 2, 3, 4, 5, 6, 7 and 3 more"]


def test_headings_lose_their_marks_and_one_of_a_million_blanks_holds_nothing_up():
    cells = markdown("## Of C# ##\n#no\n# # x #y"), markdown("# a" + " " * 1_000_000 + "x" + "#" * 1_000_000)
    begin = time.monotonic()
    book = parsed(*cells)
    assert read.headings(book.cells[0]) == ["Of C#", "# x #y"] and read.headings(book.cells[1]) == ["a"]
    assert time.monotonic() - begin < 5


def test_questions_are_answered_once_something_is_written_or_pasted():
    cells = [
        markdown("Q1", "question"),
        markdown(inventory.ANSWER_LINE, "answer"),
        markdown("Q2", "question"),
        markdown(f"{inventory.ANSWER_LINE}\n\nYes.", "answer"),
        markdown("Q3", "question"),
        markdown("not an answer"),
        markdown("Q4", "question"),
        markdown(" \n", "answer"),
        markdown("![](attachment:a.png)", "answer", attachments={"a.png": {"image/png": "eA=="}}),
    ]
    assert [question.answered for question in review.questions(parsed(*cells))] == [False, True, False, True]
    assert review.questions(parsed(code())) == ()


def test_the_answer_line_is_the_one_that_notebooks_are_made_with():
    assert inventory.ANSWER_LINE == regions.ANSWER


def test_data_and_accuracies_are_read_from_the_outputs():
    cells = [
        code("a", 1, [printed("Data: the built-in stand-in (10,000 training; drawn)\nGet the real data: x\n")]),
        code("b", 2, [printed("(Epoch 1 / 10) train accuracy: 0.4\nbest validation accuracy 0.512\nloss 0.3\n")]),
    ]
    assert review.data_used(parsed(*cells)) == "the built-in stand-in (10,000 training; drawn)"
    assert [line for _, line in review.accuracies(parsed(*cells))] == ["best validation accuracy 0.512"]


@pytest.mark.parametrize(
    "line",
    [
        "test accuracy 0.412",
        "learning rate 0.0006, λ 0.001: validation accuracy 0.382",
        "two layers, pixels             validation 0.500   test 0.498",
        "validation 0.528, test 0.539",
        "k = 20: 153 of 500 test images right, 30.6 %",
        "Accuracy of the best net: 51%",
    ],
)
def test_every_way_in_which_notebooks_tell_an_accuracy_is_known(line):
    assert review.accuracies(parsed(code("x", 1, [printed(f"loss 0.3\n{line}\nend\n")])))[0][1] == line


@pytest.mark.parametrize(
    "line",
    [
        "All 5 test cases pass.",
        "scores [ 3.2  5.1 -1.7], right class 0: 2.9 + 0.0 = 2.9",
        "Data: drawn (10,000 training, 2,000 test images)",
        "validation 500, test 1000 images",
        "the accuracy is not known",
    ],
)
def test_what_tells_no_accuracy_is_passed_over(line):
    assert review.accuracies(parsed(code("x", 1, [printed(line)]))) == []


def test_of_lines_of_progress_only_the_last_word_is_told():
    epochs = [printed(f"epoch {n}: training accuracy 0.{n}, validation accuracy 0.{n}\n") for n in range(3)]
    best = printed("best validation accuracy 0.5\n")
    book = parsed(code("a", 1, [*epochs, best]), code("b", 2, epochs))
    told = ["best validation accuracy 0.5", "epoch 2: training accuracy 0.2, validation accuracy 0.2"]
    assert [line for _, line in review.accuracies(book)] == told


def test_a_very_long_output_does_not_hold_up_the_search_for_accuracies():
    begin = time.monotonic()
    review.accuracies(parsed(code("x", 1, [printed("accurac 1 of 1 validation " * 4_000)])))
    assert time.monotonic() - begin < 2


def session(*sources):
    return {count: recorded.digest(source) for count, source in enumerate(sources, 1)}


def test_outputs_older_than_the_code_are_told():
    cells = [code("a", 1), code("b = 2  # edited", 2), code("c", 3)]
    assert notices(*cells, known=[session("a", "b = 1", "c")]) == ["outputs older than the code: cell 2 [2]"]
    assert notices(*cells, known=[session("a", "b = 2  # edited  ", "\nc\n")]) == []


def test_code_run_again_in_a_later_kernel_is_not_old():
    cells = [code("a", 1), code("b = 2", 2), code("c", 3), code("d", 4)]
    assert notices(*cells, known=[session("a", "b = 1", "c", "d"), session("a", "b = 2")]) == []


def test_kernels_of_other_notebooks_say_nothing():
    cells = [code("import x", 1), code("b", 2), code("c", 3)]
    assert notices(*cells, known=[session("import x", "other", "things")]) == []
    assert notices(*cells, known=[]) == []


def test_two_cells_with_one_count_are_told_apart():
    cells = [code("a", 1), code("b", 2), code("c", 3), code("old", 2)]
    assert "outputs older than the code: cell 4 [2]" in notices(*cells, known=[session("a", "b", "c")])


def after(recorder, source, count, store_history=True):
    """Have a recorder see the end of a cell, as IPython shows it."""
    info = SimpleNamespace(raw_cell=source, store_history=store_history)
    recorder.after(SimpleNamespace(info=info, execution_count=count))


def test_a_kernel_writes_down_digests_of_what_it_executes_and_nothing_else(tmp_path):
    recorder = recorded.Recorder(tmp_path / "kit" / ".cs231n" / "executed")
    after(recorder, "secret = 1", 1)
    after(recorder, "an editor's own question", 2, store_history=False)
    after(recorder, "1 / 0", 2)
    assert recorded.sessions(recorder.path.parent) == [session("secret = 1", "1 / 0")]
    assert "secret" not in recorder.path.read_text()
    assert (tmp_path / "kit/.cs231n/.gitignore").read_text() == "*\n"


def test_records_are_pruned_and_damaged_or_unwritable_ones_are_no_error(tmp_path):
    folder = tmp_path / "executed"
    for number in range(recorded.KEPT + 20):
        recorder = recorded.Recorder(folder)
        recorder.path = folder / f"{number:05}"
        after(recorder, "x", 1)
    assert len(list(folder.iterdir())) == recorded.KEPT
    (folder / "99999").write_bytes(b"1 abc\n\xff\xff\n2 d")
    assert recorded.sessions(folder)[-1] == {1: "abc", 2: "d"}
    (tmp_path / "file").write_text("")
    after(recorded.Recorder(tmp_path / "file"), "x", 1)
    assert recorded.sessions(tmp_path / "nowhere") == []
