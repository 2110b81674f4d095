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


OTHERS = [y[:, None], np.eye(3)[y], y[:5], 3, y + 0.5, y - 1, np.array(["cat", "dog"] * 10), np.where(y, y, np.nan)]


@pytest.mark.parametrize("labels", OTHERS, ids=lambda one: str(np.shape(one)))
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
    with pytest.raises(
        ValueError, match=r"(expected (one label per example|whole numbers as labels)|the first class is 0)"
    ):
        begin(labels)


@pytest.mark.parametrize("labels", [y[:, None], np.eye(3)[y]], ids=lambda one: str(np.shape(one)))
def test_cross_validation_passes_labels_on_and_so_refuses_them_too(labels):
    with pytest.raises(ValueError, match="expected one label per example"):
        cross_validate(X, labels, [1, 3], 5)


@pytest.mark.parametrize("labels, found", [([1, None], "None"), ([1, "cat"], "'1'"), (["cat", "dog"], "'cat'")])
def test_the_message_quotes_the_first_label_that_is_not_a_number(labels, found):
    with pytest.raises(ValueError, match=f"expected whole numbers as labels, found {found} in y$"):
        as_labels(labels, 2)


def test_labels_beyond_the_classes_are_refused():
    with pytest.raises(ValueError, match="y has labels from 1 to 3; the first class is 0, and the last of 3 is 2"):
        as_labels(y + 1, 20, classes=3)
    svm = LinearSVM()
    svm.train(X, y, num_iters=1)
    with pytest.raises(ValueError, match="labels from 0 to 6; the first class is 0, and the last of 3 is 2"):
        svm.train(X, np.arange(20) % 7, num_iters=1)
