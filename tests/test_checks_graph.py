"""The checks for computation graphs: what the corpora of attempts (test_corpora.py) do not show."""

from cs231n import checks
from tests.corpus import wrong
from tests.corpus.graph import gate


def test_a_wrong_backward_waits_for_a_wrong_gate(monkeypatch):
    wrong("mul_gate", "", gate("mul_gate", "dout, dout")).verdict(monkeypatch)
    found = checks.run("backward")
    assert found.status == "todo" and "waits for mul_gate" in found.message
