"""Hints: three for every exercise, one at a time, only when asked for, and none that gives the line away."""

import ast
import re

import pytest

from cs231n.tutor import course
from cs231n.tutor.show import hint
from solutions.tools import generate, notebooks, regions
from tests import student
from tests.student import ROOT

EXERCISES = [one.name for assignment in course.ASSIGNMENTS for one in (*assignment.exercises, *assignment.in_cells)]


@pytest.fixture(autouse=True)
def fresh_session(monkeypatch):
    monkeypatch.setattr(hint, "_given", {})


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_has_three_hints_in_a_few_words(name):
    assert len(hint.hints().get(name, ())) == 3, "see cs231n/tutor/assignment*.toml"
    for text in hint.hints()[name]:
        assert 15 < len(text) < 420


@pytest.mark.parametrize("name", [3, ["adam"], len])
def test_what_is_no_name_is_told_what_one_is(name):
    from cs231n.tutor.kernel import checks

    for call in (checks.run, checks.hint):
        with pytest.raises(TypeError, match=r'expects the name of an exercise, as in checks\.\w+\("adam"\), not '):
            call(name)


def test_there_are_hints_for_exercises_only():
    assert set(hint.hints()) <= set(EXERCISES)


def solution_statements():
    """Return the statements of all solutions without their blanks, where they are long enough to be telling."""
    lines = []
    for target, master in generate.masters(ROOT).items():
        if target.endswith(".ipynb"):
            texts = [cell.source for cell in notebooks.read_master(master).cells if cell.cell_type == "code"]
        else:
            texts = [master.read_text(encoding="utf-8")]
        lines += [line for text in texts for line in regions.solution_lines(text, str(master))]
    return {re.sub(r"\s", "", line) for line in lines if len(line) >= 20 and not line.startswith(("#", '"'))}


def test_no_hint_holds_a_line_of_a_solution():
    told = {re.sub(r"\s", "", code) for texts in hint.hints().values() for code in re.findall(r"`(.+?)`", texts[2])}
    assert len(told) > 20
    statements = solution_statements()
    assert not {code for code in told if any(line in code for line in statements)}


def test_code_in_hints_is_python():
    for name, texts in hint.hints().items():
        for code in re.findall(r"`(.+?)`", " ".join(texts)):
            if re.fullmatch(r"(if|for|while|else|\+=|\*\* 2|//)", code):
                continue
            is_index = code.startswith("[") and "*" not in code  # Python 3.10 knows no star in an index; it is a list
            ast.parse(f"x{code}" if is_index else code.replace("...", "0")), name


def test_asked_again_a_hint_says_more_and_after_the_last_it_stays():
    assert [hint.hint("l2").level for _ in range(4)] == [1, 2, 3, 3]
    assert hint.hint("l1").level == 1
    assert hint.hint("l2", level=1).level == 1 and hint.hint("l2").level == 2


def test_wrong_names_and_levels_are_told():
    with pytest.raises(KeyError, match="relu_forward"):
        hint.hint("relu")
    for level in (0, 4, -1):
        with pytest.raises(ValueError, match="1 to 3"):
            hint.hint("l2", level)


def test_a_hint_reads_as_text_and_as_a_card():
    first = hint.hint("relu_forward")
    assert "Hint 1 of 3" in repr(first) and first.text in repr(first)
    shown = first._repr_html_()
    assert "Hint 1 of 3" in shown and "where to look" in shown and "<script" not in shown
    assert "<code>np.maximum</code>" in hint.hint("relu_forward", 3)._repr_html_()


def test_the_command_gives_one_level_and_says_how_to_get_the_next():
    done = student.run(ROOT, "-m", "cs231n", "hint", "l2", PYTHONIOENCODING="utf-8")
    told = " ".join(done.stdout.decode().split())
    texts = hint.hints()["l2"]
    assert done.returncode == 0 and texts[0] in told and texts[1] not in told and "hint l2 --level 2" in told
    done = student.run(ROOT, "-m", "cs231n", "hint", "l2", "--level", "3", PYTHONIOENCODING="utf-8")
    assert texts[2] in " ".join(done.stdout.decode().split())
    done = student.run(ROOT, "-m", "cs231n", "hint", "adm")
    assert (done.returncode, done.stderr.strip()) == (2, b"There are no hints for adm. Did you mean adam?")


def test_no_hint_is_shown_unasked():
    done = student.run(ROOT, "-m", "cs231n", "check", PYTHONIOENCODING="utf-8")
    told = " ".join(done.stdout.decode().split())
    assert not [text for texts in hint.hints().values() for text in texts if text in told]
