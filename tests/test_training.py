"""What several notebooks share: prepared images, and training in one call."""

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import numpy as np
import pytest

from cs231n import training
from cs231n.data_utils import get_CIFAR10_data, load_CIFAR10


class Line:
    """A classifier of two classes: scores X w; its loss is the mean of the squared distance of X w from 1 - 2 y."""

    def __init__(self, D):
        self.params = {"w": np.zeros(D)}

    def loss(self, X, y=None):
        out = X @ self.params["w"]
        if y is None:
            return np.stack([out, -out], axis=1)
        off = out - (1 - 2 * y)
        return np.mean(off**2), {"w": 2 * X.T @ off / len(X)}


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(90, 3))
    y = (X[:, 0] < 0).astype(int)
    return {"X_train": X[:60], "y_train": y[:60], "X_val": X[60:], "y_val": y[60:]}


def test_a_column_of_ones_has_the_dtype_of_the_rows():
    X = training.with_ones(np.zeros((4, 2), np.float32))
    assert X.dtype == np.float32
    np.testing.assert_array_equal(X, [[0, 0, 1]] * 4)


def test_rows_are_centred_with_the_mean_of_the_training_images():
    data = training.rows_for_a_linear_classifier()
    images, labels, test_images, test_labels = load_CIFAR10()
    mean = images[:-1000].reshape(-1, 3072).mean(axis=0)
    np.testing.assert_allclose(data["mean_image"], mean, rtol=1e-4)
    np.testing.assert_allclose(data["X_test"][7, :-1], (test_images[7].ravel() - mean) / 64, atol=1e-4)
    np.testing.assert_allclose(data["X_val"][0, :-1], (images[-1000].ravel() - mean) / 64, atol=1e-4)
    assert len(data["X_train"]) == len(data["y_train"]) == len(images) - 1000
    assert data["X_train"].dtype == np.float32 and np.all(data["X_train"][:, -1] == 1)
    np.testing.assert_array_equal(data["y_val"], labels[-1000:])
    np.testing.assert_array_equal(data["y_test"], test_labels[:1000])


def test_images_for_a_network_have_a_standard_deviation_of_one():
    sizes = {"num_training": 300, "num_validation": 20, "num_test": 20}
    data, raw = training.images_for_a_network(**sizes), get_CIFAR10_data(**sizes)
    assert data["X_train"].std() == pytest.approx(1, abs=1e-4)
    np.testing.assert_allclose(data["X_val"] * raw["X_train"].std(), raw["X_val"], atol=1e-2)


def test_few_examples_are_the_first_ones(data):
    few = training.few(data, 5)
    np.testing.assert_array_equal(few["X_train"], data["X_train"][:5])
    assert len(few["y_train"]) == 5 and few["X_val"] is data["X_val"] and len(data["X_train"]) == 60


def test_train_is_quiet_and_repeatable(data, capsys):
    runs = [training.train(Line(3), data, 4, 0.1, batch_size=20, seed=1) for _ in range(2)]
    assert runs[0].best_val_acc > 0.8 and len(runs[0].loss_history) == 12
    assert runs[0].loss_history == runs[1].loss_history
    assert capsys.readouterr().out == ""


def test_show_draws_both_histories(data):
    training.show(training.train(Line(3), data, 2, 0.1), "A line", num_classes=2)
    left, right = (axis.get_title() for axis in plt.gcf().axes)
    assert left.startswith("A line: loss 1.00 → 0.") and "validation" in right


@pytest.mark.parametrize("rule", ["sgd", "adam"])
def test_an_epoch_sees_every_example_once_and_remembers_the_rule(data, rule):
    net, configs = Line(3), {}
    seen = []
    loss = net.loss
    net.loss = lambda X, y: seen.append(X) or loss(X, y)
    for _ in range(2):
        training.train_epoch(net, data, configs, np.arange(60), batch_size=20, rule=rule)
    np.testing.assert_array_equal(np.concatenate(seen[:3]), data["X_train"])
    assert len(seen) == 6 and np.any(net.params["w"])
    assert rule == "sgd" or configs["w"]["t"] == 6
