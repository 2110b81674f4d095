"""The checks for update rules and max-norm: what the corpora of attempts (test_corpora.py) do not show."""

from solutions.attempts import wrong
from solutions.attempts.optim import adam


def test_the_first_step_that_is_wrong_is_told(monkeypatch):
    late = wrong("adam", "t_stays_one", adam(count="", t="config['t'] + 1"))
    assert "w_after_step[1, 0, 0] is" in late.verdict(monkeypatch).message
