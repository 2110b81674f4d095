"""The checks for computation graphs: what the corpora of attempts (test_corpora.py) do not show."""

from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.graph import gate


def test_a_wrong_backward_waits_for_a_wrong_gate(monkeypatch):
    wrong("mul_gate", "", gate("mul_gate", "dout, dout")).verdict(monkeypatch)
    found = exercises.run("backward")
    assert found.status == "todo" and "waits for mul_gate" in found.message


def test_a_wrong_order_is_told_in_nodes(monkeypatch):
    late = "def topological_order(output):\n    return [output, *output.inputs][:2]"
    assert "is not in the list, expected once" in wrong("topological_order", "", late).verdict(monkeypatch).message


def test_a_wrong_gate_does_not_wait_for_the_exercise_that_has_the_name_of_its_method(monkeypatch):
    method = "def backward(self, dout, out, a, b):\n    return dout * b, dout / a"
    found = wrong("mul_gate", "", method).verdict(monkeypatch)
    assert (found.status, found.waits_for) == ("fail", "")
