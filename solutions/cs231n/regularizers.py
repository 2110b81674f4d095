"""You fill this in (assignment 1: svm; assignment 2: fully_connected_nets): penalties R(W) on large weights.

l2, l1 and elastic_net return R and its (sub)gradient; a loss adds reg * R(W). max_norm limits the weights instead.
"""

import numpy as np


def l2(W):
    """Return R(W) = sum of W^2 over all entries, a number, and its gradient dR, of W's shape (notes 3.1.2).

    Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: return the sum of squares and its gradient. There is no factor 1/2 here, so the gradient has a factor.
    return np.sum(W * W), 2 * W
    ### END SOLUTION


def l1(W):
    """Return R(W) = sum of |W| over all entries, a number, and a subgradient dR, of W's shape (notes 3.1.2).

    |w| has a kink at 0; use the subgradient 0 there, so that the penalty does not change a weight of exactly 0.
    Do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: return the sum of absolute values and its subgradient, 0 where W is 0.
    return np.sum(np.abs(W)), np.sign(W)
    ### END SOLUTION


def elastic_net(W, beta=0.5):
    """Return R(W) = beta * sum of W^2 + sum of |W|, a number, and a subgradient dR, of W's shape (notes 3.1.2).

    beta >= 0 weighs the L2 part against the L1 part. Do not change W, and do not use numeric gradients.
    """
    ### BEGIN SOLUTION
    # TODO: put the two penalties above together.
    squares, dsquares = l2(W)
    absolutes, dabsolutes = l1(W)
    return beta * squares + absolutes, beta * dsquares + dabsolutes
    ### END SOLUTION


def max_norm(W, limit):
    """Return W with no column longer than `limit`: longer ones are scaled back to that length (notes 3.1.2).

    A column of W contains the weights of one unit. This is a constraint rather than a penalty: it is applied after
    each step of training, and the loss does not contain it.

    W: (D, M) weights, not to be changed in place.  limit: the greatest length (L2 norm) allowed, > 0.
    Source: Srivastava et al., Dropout, 2014, section 5.1.
    """
    ### BEGIN SOLUTION
    # TODO: find the length of every column, and scale down those above the limit. A column of zeros stays as it is.
    lengths = np.sqrt(np.sum(W * W, axis=0))
    return W * (limit / np.maximum(lengths, limit))
    ### END SOLUTION
