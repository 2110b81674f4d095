"""The checks for linear classifiers: what the corpora of attempts (test_corpora.py) do not show."""

from cs231n import regularizers
from cs231n.classifiers import linear_svm
from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.linear import SVM_NAIVE, svm_naive


def test_another_margin_is_told_by_its_size(monkeypatch):
    ten = wrong(SVM_NAIVE, "", svm_naive(margin="s[j] - s[y[i]] + 10"))
    assert "Your margin is 10: if all scores are equal, each wrong class adds 10" in ten.verdict(monkeypatch).cause


def test_a_gradient_that_fits_a_wrong_loss_is_told_from_one_that_does_not(monkeypatch):
    def told(**changed):
        return wrong(SVM_NAIVE, "", svm_naive(**changed)).verdict(monkeypatch).also

    assert "Your dW is correct for the loss that you compute" in told(average="pass", penalty="pass")
    assert "Here your loss is right, but dW is not its gradient" in told(penalty="loss += reg * np.sum(W * W)")


def test_a_loss_waits_for_the_penalty_it_builds_on(monkeypatch):
    unfilled = wrong("l2", "", "def l2(W):\n    raise NotImplementedError('l2: not written yet')")
    unfilled.install(monkeypatch)
    monkeypatch.setattr(linear_svm.svm_loss_naive, "__defaults__", (regularizers.l2,))
    found = exercises.run(SVM_NAIVE)
    assert (found.status, found.message) == ("todo", "waits for l2, which is not written yet")
    assert (found.waits_for, found.word) == ("l2", "waits")
    wrong("l2", "", "def l2(W):\n    return 0.0, W").install(monkeypatch)
    monkeypatch.setattr(linear_svm.svm_loss_naive, "__defaults__", (regularizers.l2,))
    found = exercises.run(SVM_NAIVE)
    assert (found.status, found.message, found.waits_for) == ("todo", "waits for l2, which is not right yet", "l2")
