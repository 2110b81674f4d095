"""The checks for update rules and max-norm: what the corpora of attempts (test_corpora.py) do not show."""

from solutions.attempts import wrong
from solutions.attempts.optim import adam, rmsprop


def test_the_first_step_that_is_wrong_is_told(monkeypatch):
    late = wrong("adam", "t_stays_one", adam(count="", t="config['t'] + 1"))
    assert "w_after_step[1, 0, 0] is" in late.verdict(monkeypatch).message


def test_an_epsilon_that_is_ignored_is_told_with_the_step_that_it_changes(monkeypatch):
    fixed = rmsprop(step="w - config['learning_rate'] * dw / (np.sqrt(cache) + 1e-8)")
    told = wrong("rmsprop", "epsilon_ignored", fixed).verdict(monkeypatch).message
    step = "the first step along a gradient of 1 is -1, expected -0.25."
    assert told == f"With decay_rate = 0, epsilon = 3 and learning_rate = 1, {step}"
