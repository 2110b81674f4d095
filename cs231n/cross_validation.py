"""You fill this in (assignment 1, notebook knn): cross-validation, to choose the k of kNN without the test set."""

import numpy as np

from cs231n.classifiers.k_nearest_neighbor import KNearestNeighbor


def cross_validate(X, y, k_choices, num_folds=5):
    """Return {k: [accuracy with fold 0 held out, …, accuracy with fold num_folds - 1 held out]} for kNN.

    X: (N, D) training examples.  y: (N,) integer labels.  k_choices: the values of k to compare.
    The folds are consecutive parts of the examples, as np.array_split splits them (N need not be a multiple of
    num_folds). Each fold is the validation set once, while the classifier is trained on all other folds; the accuracy
    is the fraction of the fold that is predicted correctly.
    """
    # TODO: split the row numbers with np.array_split; for each fold, train on the rest, and predict its labels.
    #   The distances do not depend on k: compute them once per fold, then vote for every k in k_choices.
    raise NotImplementedError("cross_validate: not written yet, see the TODO above")
