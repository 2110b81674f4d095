"""The checks for layers: what the corpora of attempts (test_corpora.py) do not show."""

from solutions.attempts import wrong
from solutions.attempts.layers import WRONG, svm


def test_a_wrong_backward_waits_for_a_wrong_forward(monkeypatch):
    bad = next(attempt for attempt in WRONG if attempt.cause == "bias_missing")
    bad.install(monkeypatch)
    worse = next(attempt for attempt in WRONG if attempt.cause == "db_not_summed")
    found = worse.verdict(monkeypatch)
    assert found.status == "todo" and "waits for affine_forward" in found.message


def test_a_gradient_that_fits_a_wrong_loss_is_told_from_one_that_does_not(monkeypatch):
    def told(cause, **changed):
        return wrong("svm_loss", cause, svm(**changed)).verdict(monkeypatch).also

    assert "Your dx is correct for the loss that you compute" in told("", loss="m.sum()", average="")
    assert "Here your loss is right, but dx is not its gradient" in told("", own_part="")


def test_the_own_backward_pass_is_spoken_of_only_where_no_cause_is_known(monkeypatch):
    known = next(attempt for attempt in WRONG if attempt.cause == "bias_missing")
    assert "affine_backward" not in known.verdict(monkeypatch).cause
    odd = "def affine_forward(x, w, b):\n    return np.sin(x.reshape(len(x), -1) @ w + b), (x, w, b)"
    found = wrong("affine_forward", "", odd).verdict(monkeypatch)
    assert "Your affine_backward does not return the derivatives of this forward pass" in found.also
