"""You fill this in (assignment 1, notebook knn): k-nearest neighbours, where the closest training examples vote."""

import numpy as np

from cs231n.labels import as_labels

BLOCK_BYTES = 256 * 2**20  # memory for distances in predict(), which takes at least one test row at a time


class KNearestNeighbor:
    """A k-nearest-neighbour classifier with Euclidean (L2) distance.

    The methods to fill in are predict_labels and compute_distances_two_loops, ..._one_loop and ..._no_loops.
    """

    def train(self, X, y):
        """Remember the training set; there is nothing else to learn.

        X: (num_train, D) array, one example per row.  y: (num_train,) integer labels, 0 or larger. Raises ValueError
        for any other labels.
        """
        self.X_train = X
        self.y_train = as_labels(y, len(X))

    def predict(self, X, k=1, num_loops=0):
        """Return the (num_test,) predicted labels of the rows of X, (num_test, D), by a vote of k neighbours.

        num_loops (0, 1 or 2) chooses how distances are computed. X is processed in blocks, to limit the memory that
        the distances use. Raises ValueError for any other num_loops.
        """
        methods = (
            self.compute_distances_no_loops,
            self.compute_distances_one_loop,
            self.compute_distances_two_loops,
        )
        if num_loops not in (0, 1, 2):
            raise ValueError(f"num_loops must be 0, 1 or 2, not {num_loops!r}")
        block = max(1, BLOCK_BYTES // (8 * max(1, len(self.X_train))))
        blocks = [X[start : start + block] for start in range(0, max(1, len(X)), block)]
        return np.concatenate([self.predict_labels(methods[num_loops](part), k=k) for part in blocks])

    def compute_distances_two_loops(self, X):
        """Return dists, (num_test, num_train), with dists[i, j] = sqrt(sum_d (X[i, d] - X_train[j, d])^2).

        There is a loop over the rows of X, (num_test, D), and inside it one over the rows of self.X_train. Write
        the formula out: do not use np.linalg.norm or a library such as scipy, and do not call
        compute_distances_one_loop or compute_distances_no_loops. Do not change X or self.X_train.
        """
        num_test, num_train = X.shape[0], self.X_train.shape[0]
        dists = np.zeros((num_test, num_train))
        for i in range(num_test):
            for j in range(num_train):
                # TODO: put the distance between test row X[i] and training row self.X_train[j] into dists[i, j].
                #   It is the square root of the sum of squared differences. Do not loop over the pixels.
                raise NotImplementedError("compute_distances_two_loops: not written yet, see the TODO above")
        return dists

    def compute_distances_one_loop(self, X):
        """Return the same distances as compute_distances_two_loops, with one loop only, over the rows of X.

        Inside the loop, array operations compare one test row with all training rows at once. Do not call
        compute_distances_two_loops or compute_distances_no_loops. Code that uses np.linalg.norm or scipy passes the
        check, with a line of advice.
        """
        num_test, num_train = X.shape[0], self.X_train.shape[0]
        dists = np.zeros((num_test, num_train))
        for i in range(num_test):
            # TODO: fill row i of dists with the distances from X[i] to all rows of self.X_train, without a second loop.
            #   Broadcasting subtracts a (D,) row from each row of a (num_train, D) array.
            raise NotImplementedError("compute_distances_one_loop: not written yet, see the TODO above")
        return dists

    def compute_distances_no_loops(self, X):
        """Return the same distances as compute_distances_two_loops, without any Python loop.

        Use |x - t|^2 = |x|^2 - 2 x.t + |t|^2 for a test row x and a training row t: one matrix product gives x.t for
        all pairs. Where two rows are equal, rounding can leave a tiny negative number, but the distance should be 0
        (NaN there passes the check, with a line of advice). Use only memory of the order of the inputs and the result:
        no (num_test, num_train, D) or (num_train, num_train) array. Do not use np.linalg.norm or a library such as
        scipy, and do not call compute_distances_one_loop or compute_distances_two_loops.
        """
        # TODO: expand the square |x - t|^2 into three terms, and compute each for all pairs at once.
        #   One is a matrix product, (num_test, num_train); the other two are broadcast along its rows and columns.
        raise NotImplementedError("compute_distances_no_loops: not written yet, see the TODO above")

    def predict_labels(self, dists, k=1):
        """Return the (num_test,) integer labels that win the vote of the k nearest training examples.

        dists: (num_test, num_train); dists[i, j] is the distance from test example i to training example j. Every
        neighbour has one vote. The label with the most votes wins; in a tie, the smallest of the tied labels wins.
        """
        num_test = dists.shape[0]
        y_pred = np.zeros(num_test, dtype=np.asarray(self.y_train).dtype)
        for i in range(num_test):
            # TODO: find the labels of the k nearest training examples, and put the most frequent one into y_pred[i].
            #   np.argsort or np.argpartition finds the smallest distances in row i; np.bincount counts votes.
            raise NotImplementedError("predict_labels: not written yet, see the TODO above")
        return y_pred
