"""The checks for the convolutional net: what the corpora of attempts (test_corpora.py) do not show."""

from cs231n.classifiers import cnn
from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.cnn import LOSS
from solutions.attempts.cnn import loss as attempted


def test_gradients_that_fit_a_wrong_loss_are_told_from_those_that_do_not(monkeypatch):
    bare = wrong(LOSS, "", attempted(penalty="0", grads="")).verdict(monkeypatch)
    assert "Your gradients are correct for the loss that you compute" in bare.also
    mixed = wrong(LOSS, "", attempted(da2="[0.5 * part for part in affine_relu_backward(da2, c2)]")).verdict(
        monkeypatch
    )
    assert "Here your loss is right, but grads['W1'] is not its gradient" in mixed.also


def test_a_wrong_layer_is_not_blamed_on_the_net(monkeypatch):
    monkeypatch.setattr(cnn, "affine_forward", lambda x, w, b: (x.reshape(len(x), -1) @ w, (x, w, b)))
    monkeypatch.setattr("cs231n.layers.affine_forward", cnn.affine_forward)
    found = exercises.run(LOSS)
    assert found.status == "todo" and "waits for affine_forward" in found.message
