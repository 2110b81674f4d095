"""The notebooks on CIFAR-10 itself give the accuracies the field knows. Run with CS231N_DATA set: make real."""

import os
from textwrap import dedent

import pytest

from cs231n import data_utils
from solutions.tools import execute, generate
from tests.solutions import claims

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module", autouse=True)
def real_data():
    assert not data_utils.find_data().is_standin, "set CS231N_DATA to CIFAR-10: a folder or cifar-10-python.tar.gz"


def results(notebook, names, more=""):
    tree = generate.write_solved()
    environment = execute.solved_environment(tree) | {"CS231N_DATA": os.environ["CS231N_DATA"]}
    done, found = execute.execute(tree / "assignments" / notebook, environment, names, more)
    printed = "\n".join(output.get("text", "") for cell in done.cells for output in cell.get("outputs", []))
    assert claims.refuted(notebook.removesuffix(".ipynb"), done.cells, printed) == []
    return found


def mean_of(three):
    print("seeds 0, 1, 2:", three)
    return sum(three) / len(three)


def test_knn():
    found = results("assignment1/knn.ipynb", ["correct", "accuracies", "best_k", "best_correct"])
    assert found["correct"] == {"1": 137, "5": 139}
    means = {int(k): sum(folds) / len(folds) for k, folds in found["accuracies"].items()}
    assert max(means, key=means.get) == found["best_k"] == 10
    assert found["best_correct"] == 141


def test_linear_svm_on_validation_data():
    seeds = "three = [float(np.mean(train_svm(seed).predict(X_val) == y_val)) for seed in range(3)]"
    assert mean_of(results("assignment1/svm.ipynb", ["three"], seeds)["three"]) >= 0.395


def test_softmax_on_validation_data():
    seeds = "three = [float(np.mean(train_softmax(seed).predict(X_val) == y_val)) for seed in range(3)]"
    assert mean_of(results("assignment1/softmax.ipynb", ["three"], seeds)["three"]) >= 0.400


def test_two_layer_net_on_test_data():
    seeds = """
    three = [test_accuracy]
    for seed in (1, 2):
        solver = train(new_net(hidden_dim, reg, seed), data, **chosen, batch_size=200)
        three.append(solver.check_accuracy(data["X_test"], data["y_test"]))
    """
    assert mean_of(results("assignment1/two_layer_net.ipynb", ["three"], dedent(seeds))["three"]) >= 0.530


def test_linear_and_two_layer_classifiers_on_features_on_test_data():
    seeds = """
    linear, nets = [], []
    for seed in range(3):
        linear.append(accuracy(fit_linear("all three", **chosen_linear, seed=seed), "all three", TEST))
        said = predicted(fit_net("all three", **chosen_net, seed=seed), sets["all three"][TEST])
        nets.append(float(np.mean(said == y[TEST])))
    """
    found = results("assignment1/features.ipynb", ["linear", "nets"], dedent(seeds))
    assert mean_of(found["linear"]) >= 0.475
    assert mean_of(found["nets"]) >= 0.595


def test_fully_connected_nets_on_validation_data():
    seeds = "three = [best.best_val_acc, *(train_chosen(seed).best_val_acc for seed in (1, 2))]"
    assert mean_of(results("assignment2/fully_connected_nets.ipynb", ["three"], seeds)["three"]) >= 0.555


def test_convolutional_nets():
    seeds = "found = [three.best_val_acc, *(three_layers(seed).best_val_acc for seed in (1, 2))]"
    found = results("assignment2/convolutional_networks.ipynb", ["found", "test_accuracy"], seeds)
    assert mean_of(found["found"]) >= 0.512  # ThreeLayerConvNet, one epoch, on validation data
    assert found["test_accuracy"] >= 0.65


@pytest.mark.parametrize("notebook", ["backprop", "batch_normalization", "dropout"])
def test_the_words_of_a_notebook_without_a_bound_hold(notebook):
    results(f"assignment2/{notebook}.ipynb", [])
