"""The Solver trains, keeps the best, repeats with a seed, and says clearly what is wrong."""

import re
import sys

import numpy as np
import pytest
from tqdm import tqdm

from cs231n import solver as solver_module
from cs231n.classifiers.fc_net import FullyConnectedNet, TwoLayerNet
from cs231n.solver import Solver


def blobs(num_train=60, num_val=30, dtype=np.float64):
    random = np.random.RandomState(5)
    centres = 3 * random.randn(3, 4)
    y = {"train": random.randint(0, 3, num_train), "val": random.randint(0, 3, num_val)}
    X = {part: (centres[labels] + random.randn(len(labels), 4)).astype(dtype) for part, labels in y.items()}
    return {f"X_{part}": X[part] for part in X} | {f"y_{part}": y[part] for part in y}


def solver(data=None, dtype=np.float64, **settings):
    np.random.seed(0)  # noqa: NPY002  the weights come from it, and without a seed the batches
    net = TwoLayerNet(4, 8, 3, weight_scale=0.1, dtype=dtype)
    return Solver(net, data or blobs(), **{"optim_config": {"learning_rate": 0.1}, "verbose": False, **settings})


def test_training_learns_and_records():
    one = solver(num_epochs=15, batch_size=20)
    one.train()
    assert one.best_val_acc > 0.9
    assert len(one.loss_history) == 15 * 3
    assert len(one.train_acc_history) == len(one.val_acc_history) == 16
    assert one.loss_history[0] == pytest.approx(np.log(3), abs=0.1)
    assert one.check_accuracy(one.data["X_val"], one.data["y_val"]) == one.best_val_acc == max(one.val_acc_history)


def test_the_best_parameters_are_given_to_the_model_not_the_last():
    one = solver(num_epochs=2)
    scripted = iter([0.5, 0.5, 0.5, 0.9, 0.5, 0.1])  # training and validation accuracy, three times
    seen = []

    def check_accuracy(X, y, num_samples=None):
        seen.append(one.model.params["W1"].copy())
        return next(scripted)

    one.check_accuracy = check_accuracy
    one.train()
    assert one.best_val_acc == 0.9
    np.testing.assert_array_equal(one.model.params["W1"], seen[3])
    assert not np.array_equal(seen[3], seen[5])


def test_running_averages_come_back_with_the_best_parameters():
    net = FullyConnectedNet([8, 8], input_dim=4, num_classes=3, normalization="batchnorm")
    one = Solver(net, blobs(), num_epochs=2, verbose=False)
    scripted = iter([0.5, 0.5, 0.5, 0.9, 0.5, 0.1])
    seen = []

    def check_accuracy(X, y, num_samples=None):
        seen.append([(dict(each).get("running_mean"), dict(each).get("running_var")) for each in net.bn_params])
        return next(scripted)

    one.check_accuracy = check_accuracy
    one.train()
    np.testing.assert_equal([(each["running_mean"], each["running_var"]) for each in net.bn_params], seen[3])
    assert not np.array_equal(seen[3][0][0], seen[5][0][0])


def test_a_seed_repeats_a_run_and_numpys_seed_does_too():
    def history(**settings):
        one = solver(num_epochs=2, batch_size=10, **settings)
        one.train()
        return one.loss_history

    assert history(seed=1) == history(seed=1) != history(seed=2)
    assert history() == history()  # the helper calls np.random.seed


def test_an_epoch_takes_every_example_once():
    one = solver(batch_size=20)
    seen = [np.concatenate(one._batches()) for _ in range(2)]
    assert all(sorted(rows) == list(range(60)) for rows in seen)
    assert not np.array_equal(*seen)


def test_a_batch_larger_than_the_training_set_is_all_of_it():
    one = solver(batch_size=1000, num_epochs=3)
    one.train()
    assert len(one.loss_history) == 3


def test_the_learning_rate_decays_after_each_epoch():
    config = {"learning_rate": 0.1}
    one = solver(optim_config=config, lr_decay=0.5, num_epochs=2)
    one.train()
    assert one.optim_configs["W1"]["learning_rate"] == pytest.approx(0.025)
    assert config == {"learning_rate": 0.1}


def test_training_again_goes_on():
    one = solver(num_epochs=2)
    one.train()
    one.train()
    assert (one.epoch, len(one.val_acc_history)) == (4, 5)


def test_float32_stays_float32():
    one = solver(blobs(dtype=np.float32), np.float32, num_epochs=1)
    one.train()
    assert {values.dtype for values in one.model.params.values()} == {np.dtype(np.float32)}


def test_rules_may_return_a_new_array(monkeypatch):
    def slow(w, dw, config):
        return w - config["learning_rate"] * dw, {**config, "calls": config.get("calls", 0) + 1}

    monkeypatch.setattr("cs231n.optim.slow", slow, raising=False)
    ours, new = solver(num_epochs=2, seed=1), solver(num_epochs=2, seed=1, update_rule="slow")
    ours.train()
    new.train()
    np.testing.assert_allclose(new.loss_history, ours.loss_history)
    assert new.optim_configs["b2"]["calls"] == len(new.loss_history)


def test_with_max_norm_no_column_of_weights_grows_longer():
    one = solver(num_epochs=3, max_norm=0.2)
    one.train()
    lengths = [np.linalg.norm(one.model.params[name], axis=0) for name in ("W1", "W2")]
    assert max(np.max(each) for each in lengths) == pytest.approx(0.2)
    assert np.any(one.model.params["b2"])
    free = solver(num_epochs=3)
    free.train()
    assert np.max(np.linalg.norm(free.model.params["W2"], axis=0)) > 0.3


def test_max_norm_is_the_students_looked_up_when_it_is_needed(monkeypatch):
    one = solver(num_epochs=1, max_norm=7)
    seen = []
    monkeypatch.setattr("cs231n.regularizers.max_norm", lambda W, limit: seen.append((W.shape, limit)) or W)
    one.train()
    assert set(seen) == {((4, 8), 7), ((8, 3), 7)}


def test_before_the_first_step_the_learning_rate_is_not_to_blame(capsys):
    data = blobs()
    data["X_train"][:] = np.nan
    solver(data=data, num_epochs=1).train()
    assert "nan at iteration 0, so training ends here. Are the examples and" in capsys.readouterr().out


def test_a_loss_that_is_not_finite_ends_training_and_not_the_search_around_it(capsys):
    one = solver(num_epochs=500, optim_config={"learning_rate": 1e200})
    with np.errstate(all="ignore"):
        one.train()
    assert re.match(r"The loss is (nan|inf) at iteration \d+, so training ends here\.", capsys.readouterr().out)
    assert np.all(np.isfinite(one.loss_history)) and one.best_val_acc >= one.val_acc_history[0]
    assert all(np.all(np.isfinite(values)) for values in one.model.params.values())


def test_the_message_that_training_ends_has_a_line_of_its_own_next_to_a_progress_bar(capsys):
    data = blobs()
    data["X_train"][:] = np.nan
    for _ in tqdm(range(3), file=sys.stdout, mininterval=0):
        solver(data=data, num_epochs=1).train()
    lines = re.split(r"[\r\n]+", capsys.readouterr().out)
    assert sum(line.startswith("The loss is nan") for line in lines) == 3


def test_training_again_starts_from_the_optimizers_state_of_the_best_epoch(monkeypatch):
    one = solver(num_epochs=3, update_rule="sgd_momentum", lr_decay=0.5)
    scripted = iter([0.5, 0.1, 0.5, 0.9, 0.5, 0.2, 0.5, 0.3])  # training and validation accuracy, four times
    monkeypatch.setattr(one, "check_accuracy", lambda *_: next(scripted))
    one.train()
    after_first_epoch = one._best_configs["W1"]
    assert one.optim_configs["W1"]["learning_rate"] < after_first_epoch["learning_rate"]
    one.num_epochs = 0
    one.train()
    np.testing.assert_array_equal(one.optim_configs["W1"]["velocity"], after_first_epoch["velocity"])
    assert one.optim_configs["W1"]["learning_rate"] == after_first_epoch["learning_rate"]


def test_max_norm_of_filters_is_that_of_each_filter():
    W = np.random.default_rng(0).normal(size=(4, 3, 5, 5))
    limited = solver_module._limited(W, 1.0)
    np.testing.assert_allclose(np.sqrt(np.sum(limited**2, axis=(1, 2, 3))), 1.0)
    np.testing.assert_allclose(limited[1] / limited[1, 0, 0, 0], W[1] / W[1, 0, 0, 0])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda y: y[:, None],
            r"y_train of shape \(60,\), found shape \(60, 1\) \(y_train.ravel\(\) has the expected shape\)",
        ),
        (lambda y: np.eye(3)[y], r"y_train of shape \(60,\), found shape \(60, 3\)$"),
        (lambda y: y + 0.5, "expected whole numbers as labels, found"),
        (lambda y: y + 1, "y_train has labels from 1 to 3; the model's classes are 0 to 2"),
        (lambda y: y - 1, "y_train has labels from -1 to 1"),
    ],
)
def test_labels_of_another_kind_are_refused_in_a_sentence(change, told):
    data = blobs()
    data["y_train"] = change(data["y_train"])
    with pytest.raises(ValueError, match=told):
        solver(data).train()


def test_labels_may_be_a_list_or_whole_floats():
    data = blobs()
    expected = solver(data, num_epochs=1, seed=0)
    expected.train()
    for change in (list, lambda y: y.astype(float)):
        one = solver(data | {"y_train": change(data["y_train"]), "y_val": change(data["y_val"])}, num_epochs=1, seed=0)
        one.train()
        assert one.loss_history == expected.loss_history and one.val_acc_history == expected.val_acc_history


def test_a_folder_for_checkpoints_is_made_before_training_and_one_that_cannot_be_is_refused(tmp_path):
    solver(checkpoint_name=tmp_path / "new" / "net")
    assert (tmp_path / "new").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        solver(checkpoint_name=tmp_path / "file" / "net")


def test_silence_and_progress(capsys):
    solver(num_epochs=2).train()
    assert capsys.readouterr().out == ""
    solver(num_epochs=2, batch_size=20, print_every=3, verbose=True).train()
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["epoch 0", "iteration 0", "epoch 1", "iteration 3", "epoch 2"]


def test_accuracy_of_part_and_of_all():
    one = solver()
    X, y = one.data["X_train"], np.argmax(one.model.loss(one.data["X_train"]), axis=1)
    assert one.check_accuracy(X, y, batch_size=7) == 1
    assert one.check_accuracy(X, y, num_samples=5) == 1
    y[:15] += 1
    assert one.check_accuracy(X, y) == 0.75


def test_checkpoints_are_plain_arrays(tmp_path):
    one = solver(num_epochs=2, checkpoint_name=str(tmp_path / "net"))
    one.train()
    with np.load(tmp_path / "net_epoch_2.npz", allow_pickle=False) as saved:
        assert set(one.model.params) < set(saved.files)
        np.testing.assert_array_equal(saved["loss_history"], one.loss_history)


def without(part):
    data = blobs()
    del data[part]
    return data


@pytest.mark.parametrize(
    "settings, error, words",
    [
        ({"update_rule": "sdg"}, ValueError, "no update rule 'sdg' in cs231n.optim; choose from .*sgd"),
        ({"data": without("y_val")}, KeyError, "data has no y_val; expected X_train"),
        (
            {"data": {**blobs(), "y_train": np.zeros(3)}},
            ValueError,
            "one label per example, y_train of shape .60,., found shape .3,.",
        ),
        ({"batch_size": 0}, ValueError, "batch_size of at least 1, found 0"),
        ({"batch_size": 2.5}, ValueError, "an integer batch_size"),
        ({"batch_size": float("inf")}, ValueError, "an integer batch_size"),
        ({"num_epochs": float("nan")}, ValueError, "an integer num_epochs"),
        ({"num_epochs": -1}, ValueError, "num_epochs of at least 0, found -1"),
        ({"num_train_samples": 0}, ValueError, "num_train_samples of at least 1"),
        ({"max_norm": 0}, ValueError, "max_norm above 0, found 0"),
        ({"optim_config": 1e-3}, TypeError, "expected an optim_config like"),
        ({"data": {**blobs(), "X_val": np.zeros((0, 2)), "y_val": []}}, ValueError, "X_val has no examples"),
    ],
)
def test_what_is_wrong_is_said_at_once(settings, error, words):
    with pytest.raises(error, match=words):
        solver(**settings)


def test_a_missing_gradient_is_named():
    one = solver()
    loss = one.model.loss
    one.model.loss = lambda X, y=None: loss(X) if y is None else (1.0, {"W1": 0 * one.model.params["W1"]})
    with pytest.raises(KeyError, match="no gradient for 'b1', only for W1"):
        one.train()
