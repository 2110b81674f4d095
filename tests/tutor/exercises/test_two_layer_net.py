"""The checks for the two-layer net: what the corpora of attempts (test_corpora.py) do not show."""

from cs231n.classifiers import fc_net
from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.two_layer_net import INIT, LOSS, init
from solutions.attempts.two_layer_net import loss as attempted


def test_gradients_that_fit_a_wrong_loss_are_told_from_those_that_do_not(monkeypatch):
    bare = wrong(LOSS, "", attempted(penalty="0", grads="")).verdict(monkeypatch)
    assert "Your gradients are correct for the loss that you compute" in bare.also
    mixed = wrong(LOSS, "", attempted(mask="dh = dh * 0.5")).verdict(monkeypatch)
    assert "Here your loss is right, but grads['W1'] is not its gradient" in mixed.also


def test_a_wrong_layer_is_not_blamed_on_the_net(monkeypatch):
    monkeypatch.setattr(fc_net, "affine_forward", lambda x, w, b: (x.reshape(len(x), -1) @ w, (x, w, b)))
    monkeypatch.setattr("cs231n.layers.affine_forward", fc_net.affine_forward)
    found = exercises.run(LOSS)
    assert found.status == "todo" and "waits for affine_forward" in found.message


def test_parameters_by_other_names_are_told_with_what_is_there(monkeypatch):
    zero = init().replace('"W1"', '"W0"').replace('"b1"', '"b0"').replace('"W2"', '"W1"').replace('"b2"', '"b1"')
    found = wrong(INIT, "", zero).verdict(monkeypatch)
    assert found.cause_id == "layers_from_zero" and "It has W0 and b0, which are not expected" in found.message
