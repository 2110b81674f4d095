"""The checks for nets of any depth: what the corpora of attempts (test_corpora.py) do not show."""

from textwrap import dedent

import numpy as np
import pytest

from cs231n import layers
from cs231n.classifiers import fc_net
from cs231n.tutor import exercises
from solutions.attempts import wrong
from solutions.attempts.fc_net import DROPOUT, INIT, LOSS, NORMALIZATION, PLAIN, init, loss
from solutions.attempts.normalization import back


@pytest.mark.parametrize("settings", [{"gamma": "np.zeros(dims[i + 1])"}, {"beta": "np.ones(dims[i + 1])"}])
def test_gamma_starts_at_one_and_beta_at_zero(settings, monkeypatch):
    method = init(**settings)
    names = {**vars(fc_net), "np": np}
    exec(compile(dedent(method), fc_net.__file__, "exec"), names)
    monkeypatch.setattr(fc_net.FullyConnectedNet, "__init__", names["__init__"])
    assert exercises.run(NORMALIZATION).cause_id == ("gamma_starts_at_0" if "gamma" in settings else "beta_starts_at_1")
    assert exercises.run(LOSS).status == "pass"


def test_a_net_without_normalisation_and_dropout_is_right_as_far_as_it_goes(monkeypatch):
    plain = wrong(LOSS, "", PLAIN)
    assert plain.verdict(monkeypatch).status == "pass"
    assert exercises.run(NORMALIZATION).status == exercises.run(DROPOUT).status == "fail"


def test_a_part_that_is_left_of_a_function_counts_to_the_exercise_it_belongs_to(monkeypatch):
    stub = init(gamma="NotImplemented").replace("NotImplemented\n", "unwritten()\n")
    names = {**vars(fc_net), "np": np}
    exec(
        compile(
            f"def unwritten():\n    raise NotImplementedError('gamma: not written yet')\n{dedent(stub)}",
            fc_net.__file__,
            "exec",
        ),
        names,
    )
    monkeypatch.setattr(fc_net.FullyConnectedNet, "__init__", names["__init__"])
    monkeypatch.setattr("cs231n.tutor.checks.target._exercise", lambda frame: INIT)
    found = exercises.run(NORMALIZATION)
    assert (found.status, found.message) == ("todo", "not written yet")
    assert exercises.run(INIT).status == "pass"


def test_gradients_that_fit_a_wrong_loss_are_told_from_those_that_do_not(monkeypatch):
    bare = wrong(LOSS, "", loss(value="", slope="")).verdict(monkeypatch)
    assert "Your gradients are correct for the loss that you compute" in bare.also
    mixed = wrong(LOSS, "", loss(backward=("dh = relu_backward(dh, relu) * 0.5",))).verdict(monkeypatch)
    assert "Here your loss is right, but grads['W1'] is not its gradient" in mixed.also


def test_a_net_that_cannot_do_without_hidden_layers_passes_with_advice(monkeypatch):
    deep = loss(setup="if self.num_layers == 1:\n    raise ValueError('no hidden layer')")
    found = wrong(LOSS, "", deep).verdict(monkeypatch)
    assert found.status == "pass" and "with an empty list" in found.advice


def test_a_wrong_layer_is_not_blamed_on_the_net(monkeypatch):
    monkeypatch.setattr(fc_net, "affine_forward", lambda x, w, b: (x.reshape(len(x), -1) @ w, (x, w, b)))
    monkeypatch.setattr("cs231n.layers.affine_forward", fc_net.affine_forward)
    found = exercises.run(LOSS)
    assert found.status == "todo" and "waits for affine_forward" in found.message


def test_a_net_waits_for_a_wrong_layer_that_it_calls_though_it_is_not_among_its_needs(monkeypatch):
    wrong("batchnorm_backward_alt", "", back(name="batchnorm_backward_alt", dx="2 * dout")).install(monkeypatch)
    monkeypatch.setattr(fc_net, "batchnorm_backward_alt", layers.batchnorm_backward_alt)
    found = exercises.run(NORMALIZATION)
    assert found.status == "todo" and "waits for batchnorm_backward_alt" in found.message
    assert exercises.run("batchnorm_backward").status == "pass"
