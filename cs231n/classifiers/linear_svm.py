"""You fill this in (assignment 1, notebook svm): the multiclass SVM (hinge) loss, with loops and without."""

import numpy as np

from cs231n.regularizers import l2


def svm_loss_naive(W, X, y, reg, regularizer=l2):
    """Return (loss, dW) of the multiclass SVM, computed in loops over the examples and the classes.

    With scores s_i = X[i] W (notes eq. 3.1, 3.2; gradient eq. 3.5 to 3.7):

        loss = 1/N sum_i sum_{j != y_i} max(0, s_ij - s_{i,y_i} + 1) + reg * R(W)

    W: (D, C) weights, one column per class.  X: (N, D) examples, one per row.  y: (N,) integer labels, 0 <= y[i] < C.
    reg: strength of the penalty.
    regularizer: a function that returns (R, dR), the penalty on W and its gradient, as in cs231n.regularizers.
    Returns (loss, dW): a number, and its gradient with respect to W, of the same shape as W. Do not change W, X or y.
    Do not use numeric gradients, and do not call svm_loss_vectorized.
    """
    loss = 0.0
    dW = np.zeros_like(W)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        scores = X[i] @ W  # (C,)
        for j in range(C):
            # TODO: where class j is not the correct one and violates the margin, add its part to loss and to dW.
            #   Such a violation changes two columns of dW: that of class j, and that of the correct class.
            raise NotImplementedError("svm_loss_naive: not written yet, see the TODO above")
    # TODO: turn the two sums into means over the batch, and add the penalty, reg * R(W), and its gradient.
    raise NotImplementedError("svm_loss_naive: not written yet, see the TODO above")


def svm_loss_vectorized(W, X, y, reg, regularizer=l2):
    """Return the same (loss, dW) as svm_loss_naive, without a loop over examples or classes.

    Do not use numeric gradients, and do not call svm_loss_naive.
    """
    # TODO: compute all scores with one matrix product, all margins by broadcasting, and from them the loss.
    #   For dW, create an (N, C) array whose entry [i, j] says how many times X[i] is added to column j of dW (if it is
    #   negative: subtracted); one more product gives dW.
    raise NotImplementedError("svm_loss_vectorized: not written yet, see the TODO above")
