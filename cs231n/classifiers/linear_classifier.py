"""You fill this in (assignment 1, notebook svm): linear classifiers, scores = X W, trained by gradient descent."""

import numpy as np

from cs231n.classifiers.linear_svm import svm_loss_vectorized
from cs231n.classifiers.softmax import softmax_loss_vectorized
from cs231n.labels import as_labels
from cs231n.regularizers import l2
from cs231n.saving import Saved


class LinearClassifier(Saved):
    """The base class of linear classifiers with weights W, (D, C), which are None before training.

    regularizer: a function that returns (R, dR), the penalty on W and its gradient, as in cs231n.regularizers. There is
    no separate bias: a column of ones in X makes the bias a row of W (the bias trick).
    """

    def __init__(self, regularizer=l2):
        self.W = None
        self.regularizer = regularizer

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
        """Take num_iters steps of gradient descent, and return a list of the loss in each step.

        Each step draws batch_size rows at random (repeats do no harm), computes loss and gradient dW on them with
        self.loss, and steps against the gradient: W <- W - learning_rate * dW (notes 3.2). batch_size = 1 is
        stochastic gradient descent in the strict sense; batch_size >= N uses all rows in every step (full-batch
        descent). W starts from small random numbers, or continues from where an earlier call left it.

        X: (N, D) examples, one per row.  y: (N,) integer labels, 0 or larger; in a later call, less than C.
        reg: strength of the penalty.  verbose: whether to print the loss every 100 steps.
        Raises ValueError for any other labels. As soon as a loss is not finite, training stops with a message, and the
        list ends before that loss.
        """
        N, D = X.shape
        y = as_labels(y, N, classes=None if self.W is None else self.W.shape[1])
        if self.W is None:
            small = 0.001 * np.random.randn(D, np.max(y) + 1)
            self.W = small.astype(np.result_type(X.dtype, np.float32))  # float32 if the images are float32
        loss_history = []
        for it in range(num_iters):
            X_batch, y_batch = X, y
            if batch_size < N:
                # TODO: draw batch_size new row numbers at random in each step; X_batch and y_batch are those rows.
                #   np.random.choice and np.random.randint both do it; repeats do no harm.
                raise NotImplementedError("train: not written yet, see the TODO above")
            loss, dW = self.loss(X_batch, y_batch, reg)
            if not np.isfinite(loss):
                cure = "Try a smaller learning rate." if it else "Are X and W finite?"
                print(f"The loss is {loss} at step {it}, so training ends here. {cure}")
                break
            loss_history.append(loss)
            # TODO: take a step of size learning_rate against the gradient.
            raise NotImplementedError("train: not written yet, see the TODO above")
            if verbose and it % 100 == 0:
                print(f"step {it} of {num_iters}: loss {loss:.4f}")
        return loss_history

    def predict(self, X):
        """Return the (N,) labels with the highest scores for the rows of X, (N, D)."""
        # TODO: compute the scores of all rows; the label is the number of the column with the largest score.
        raise NotImplementedError("predict: not written yet, see the TODO above")

    def loss(self, X_batch, y_batch, reg):
        """Return (loss, dW) on a batch, X_batch (N, D) with y_batch (N,), in a subclass; raise TypeError here."""
        raise TypeError("LinearClassifier does not define a loss: use LinearSVM or Softmax")

    def _penalty(self):
        """Return the keyword arguments that pass the regularizer to a loss function: none for L2, the default."""
        return {} if self.regularizer is l2 else {"regularizer": self.regularizer}


class LinearSVM(LinearClassifier):
    """A linear classifier with the multiclass SVM loss."""

    def loss(self, X_batch, y_batch, reg):
        """Return (loss, dW) on a batch, as svm_loss_vectorized computes them."""
        return svm_loss_vectorized(self.W, X_batch, y_batch, reg, **self._penalty())


class Softmax(LinearClassifier):
    """A linear classifier with the softmax loss."""

    def loss(self, X_batch, y_batch, reg):
        """Return (loss, dW) on a batch, as softmax_loss_vectorized computes them."""
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg, **self._penalty())
