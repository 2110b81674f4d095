"""The notebooks on CIFAR-10 itself give the accuracies the field knows. Run with CS231N_DATA set: make real."""

import os

import pytest

from cs231n import data_utils
from solutions import execute, generate

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module", autouse=True)
def real_data():
    assert not data_utils.find_data().is_standin, "set CS231N_DATA to CIFAR-10: a folder or cifar-10-python.tar.gz"


def results(notebook, names):
    tree = generate.write_solved()
    environment = execute.solved_environment(tree) | {"CS231N_DATA": os.environ["CS231N_DATA"]}
    return execute.execute(tree / "assignments" / notebook, environment, names)[1]


def test_knn():
    found = results("assignment1/knn.ipynb", ["correct", "accuracies", "best_k", "best_correct"])
    assert found["correct"] == {"1": 137, "5": 139}
    means = {int(k): sum(folds) / len(folds) for k, folds in found["accuracies"].items()}
    assert max(means, key=means.get) == found["best_k"] == 10
    assert found["best_correct"] == 141
