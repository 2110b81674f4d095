"""Classifiers and nets come back from a .npz file as they were, and nothing else is taken for one."""

import pickle

import numpy as np
import pytest

from cs231n.classifiers import FullyConnectedNet, Softmax, ThreeLayerConvNet, TwoLayerNet

RNG = np.random.default_rng(0)
X, y = RNG.normal(size=(12, 6)), np.arange(12) % 3


def small(kind="batchnorm", width=5):
    return FullyConnectedNet([width], input_dim=6, num_classes=3, normalization=kind, dtype=np.float64)


def test_a_linear_classifier_predicts_as_before(tmp_path, capsys):
    before, after = Softmax(), Softmax()
    before.train(X, y, num_iters=3)
    before.save(tmp_path / "best_softmax.npy")  # the name that the official notebook gives it
    assert after.load(tmp_path / "best_softmax.npy") is True
    np.testing.assert_array_equal(after.W, before.W)
    assert [path.name for path in tmp_path.iterdir()] == ["best_softmax.npz"]
    assert "best_softmax.npz saved." in capsys.readouterr().out
    with np.load(tmp_path / "best_softmax.npz", allow_pickle=False) as file:
        assert file.files == ["W"]


@pytest.mark.parametrize("kind", [None, "batchnorm", "layernorm"])
def test_a_net_scores_as_before_with_its_running_averages(kind, tmp_path):
    before, after = small(kind), small(kind)
    before.loss(3 + X, y)
    before.save(str(tmp_path / "new folder" / "net"))
    assert after.load(str(tmp_path / "new folder" / "net"))
    np.testing.assert_array_equal(after.loss(X), before.loss(X))


@pytest.mark.parametrize(
    "net", [TwoLayerNet(6, 4, 3), ThreeLayerConvNet((1, 4, 4), 2, 3, 3, 2)], ids=lambda net: type(net).__name__
)
def test_other_nets_are_saved_too(net, tmp_path):
    saved = {name: values.copy() for name, values in net.params.items()}
    net.save(tmp_path / "net.npz")
    for values in net.params.values():
        values += 1
    assert net.load(tmp_path / "net.npz")
    assert all(np.array_equal(net.params[name], saved[name]) for name in saved)


def test_a_name_that_ends_in_a_number_keeps_it(tmp_path):
    for rate in (0.001, 0.005):
        small().save(tmp_path / f"net_{rate}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["net_0.001.npz", "net_0.005.npz"]
    assert small().load(tmp_path / "net_0.005")


def test_what_is_not_there_is_said_and_nothing_raised(tmp_path, capsys):
    assert small().load(tmp_path / "none.npz") is False
    assert f"There is no file {tmp_path / 'none.npz'}." in capsys.readouterr().out


def test_before_training_there_is_nothing_to_save(tmp_path):
    with pytest.raises(ValueError, match="train the model first"):
        Softmax().save(tmp_path / "w")
    assert not list(tmp_path.iterdir())


def test_parameters_of_another_model_are_refused_and_nothing_is_changed(tmp_path):
    small(width=4).save(tmp_path / "narrow")
    small(None).save(tmp_path / "plain")
    net = small()
    before = {name: values.copy() for name, values in net.params.items()}
    with pytest.raises(ValueError, match=r"W1 has shape \(6, 4\) in .*narrow.npz, but \(6, 5\) in this model"):
        net.load(tmp_path / "narrow")
    with pytest.raises(ValueError, match=r"plain.npz contains .*, but this model has .*gamma1"):
        net.load(tmp_path / "plain")
    assert all(np.array_equal(net.params[name], before[name]) for name in before)


def test_what_an_untrained_linear_classifier_expects_is_said(tmp_path):
    np.savez(tmp_path / "other.npz", z=1)
    with pytest.raises(ValueError, match=r"other.npz contains z, but this model has W$"):
        Softmax().load(tmp_path / "other")


@pytest.mark.parametrize("content", [pickle.dumps({"W": 1}), b"", b"PK\3\4 no archive", np.arange(3).tobytes()])
def test_what_is_no_file_of_arrays_is_refused_and_never_unpickled(content, tmp_path, monkeypatch):
    monkeypatch.setattr(pickle, "loads", None)
    (tmp_path / "net.npz").write_bytes(content)
    with pytest.raises(ValueError, match=r"net.npz is damaged, or it was not written by save\(\)$"):
        small().load(tmp_path / "net")


def test_an_array_of_objects_in_it_is_refused(tmp_path):
    np.savez(tmp_path / "net.npz", W1=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ValueError, match="it was not written by save"):
        small().load(tmp_path / "net")
