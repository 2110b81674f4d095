"""Labels of another shape or kind are refused in a sentence wherever training begins."""

import numpy as np
import pytest

from cs231n.classifiers import KNearestNeighbor, LinearSVM, Softmax
from cs231n.cross_validation import cross_validate
from cs231n.labels import as_labels

X = np.random.default_rng(0).normal(size=(20, 3))
y = np.arange(20) % 3


@pytest.mark.parametrize("labels", [y, list(y), y.astype(float), y.astype(np.uint8)], ids=lambda one: str(type(one)))
def test_whole_numbers_become_integers(labels):
    found = as_labels(labels, 20)
    assert found.dtype.kind in "iu" and np.array_equal(found, y)


@pytest.mark.parametrize("labels", [y[:, None], np.eye(3)[y], y[:5], 3, y + 0.5], ids=lambda one: str(np.shape(one)))
@pytest.mark.parametrize(
    "begin",
    [
        lambda labels: KNearestNeighbor().train(X, labels),
        lambda labels: LinearSVM().train(X, labels),
        lambda labels: Softmax().train(X, labels),
    ],
    ids=["knn", "svm", "softmax"],
)
def test_others_are_refused(begin, labels):
    with pytest.raises(ValueError, match=r"expected (one label for each of|whole numbers as labels)"):
        begin(labels)


@pytest.mark.parametrize("labels", [y[:, None], np.eye(3)[y]], ids=lambda one: str(np.shape(one)))
def test_cross_validation_passes_labels_on_and_so_refuses_them_too(labels):
    with pytest.raises(ValueError, match="expected one label for each of"):
        cross_validate(X, labels, [1, 3], 5)
