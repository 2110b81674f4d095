"""You fill this in (assignment 1, notebook softmax): the softmax (cross-entropy) loss, with loops and without."""

import numpy as np

from cs231n.regularizers import l2


def softmax_loss_naive(W, X, y, reg, regularizer=l2):
    """Return (loss, dW) of the softmax classifier, computed in loops over the examples and the classes.

    With scores s_i = X[i] W and probabilities p_ij = exp(s_ij) / sum_k exp(s_ik) (notes eq. 3.3, 3.4; gradient
    eq. 3.5, 3.8, 3.9):

        loss = 1/N sum_i -log p_{i,y_i} + reg * R(W)

    W: (D, C) weights, one column per class.  X: (N, D) examples, one per row.  y: (N,) integer labels, 0 <= y[i] < C.
    reg: strength of the penalty.
    regularizer: a function that returns (R, dR), the penalty on W and its gradient, as in cs231n.regularizers.
    Returns (loss, dW): a number, and its gradient with respect to W, of the same shape as W. Do not change W, X or y.
    Adding the same number to all scores of an example should change nothing, even if their exponentials would overflow.
    Do not use numeric gradients, and do not call softmax_loss_vectorized.
    """
    loss = 0.0
    dW = np.zeros_like(W)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        scores = X[i] @ W  # (C,)
        # TODO: shift the scores so that the largest is 0, turn them into probabilities, and add -log of the correct
        #   class's probability to loss. Then, in a loop over the C classes, add this example's part to each column
        #   of dW.
        raise NotImplementedError("softmax_loss_naive: not written yet, see the TODO above")
    # TODO: turn the two sums into means over the batch, and add the penalty, reg * R(W), and its gradient.
    raise NotImplementedError("softmax_loss_naive: not written yet, see the TODO above")


def softmax_loss_vectorized(W, X, y, reg, regularizer=l2):
    """Return the same (loss, dW) as softmax_loss_naive, without a loop over examples or classes.

    Do not use numeric gradients, and do not call softmax_loss_naive.
    """
    # TODO: compute all scores with one matrix product, shift each row, and get all probabilities by broadcasting.
    #   Write -log p as the log of the sum of the exponentials, minus the score of the correct class: this is finite
    #   even where p underflows to 0.
    raise NotImplementedError("softmax_loss_vectorized: not written yet, see the TODO above")
