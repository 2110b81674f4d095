"""The table of many verdicts: advice that several exercises of a file share is said once."""

import io

from cs231n.tutor import terminal
from cs231n.tutor.show.table import write_table
from cs231n.tutor.show.verdict import Verdict

ADVICE = "Convert images first."


def shown(*names, **more):
    verdicts = [Verdict(name, "pass", "Right.", advice=ADVICE, assignment="assignment1") for name in names]
    out = io.StringIO()
    done = write_table(verdicts, out=out, **more)
    assert [verdict.advice for verdict in done] == [ADVICE] * len(names)
    return out.getvalue().count(ADVICE)


def test_advice_is_said_once_a_file():
    assert shown("compute_distances_two_loops", "compute_distances_one_loop", "compute_distances_no_loops") == 1
    assert shown("compute_distances_two_loops", "l2", "l1") == 2


def test_the_whole_story_of_each_exercise_has_its_advice():
    assert shown("compute_distances_two_loops", "compute_distances_one_loop", whole_story=True) == 2


def test_a_command_in_a_story_is_as_one_has_to_type_it(monkeypatch):
    monkeypatch.setattr(terminal, "command", lambda arguments: f"/a/python -m cs231n {arguments}")
    out = io.StringIO()
    write_table([Verdict("l2", "error", "it is gone: python -m cs231n reset l2", assignment="assignment1")], out=out)
    assert "it is gone: /a/python -m cs231n reset l2" in out.getvalue()
