"""You fill this in (assignment 1: two_layer_net; assignment 2: fully_connected_nets): update rules for parameters.

A rule is called as rule(w, dw, config) and returns (next_w, config). w and dw are arrays of the same shape: a
parameter, or some rows of a large one, and the gradient of the loss with respect to it. config is a dictionary with the
rule's hyperparameters and with what the rule remembers from step to step. For missing entries, the defaults in the
docstring are used; config=None is the same as an empty dictionary. next_w may be w itself, changed in place, but dw
must not be changed.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Return (next_w, config) after a step against the gradient: w <- w - learning_rate * dw (notes 3.2).

    config: learning_rate (default 1e-2).
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    # TODO: compute next_w.
    raise NotImplementedError("sgd: not written yet, see the TODO above")
    return next_w, config


def sgd_momentum(w, dw, config=None):
    """Return (next_w, config) after a step by the velocity v, which accumulates the gradients:

        v <- momentum * v - learning_rate * dw,   w <- w + v

    config: learning_rate (default 1e-2), momentum (0.9), and velocity, the v of the previous step (zeros).
    The new v is put into config.
    Source: Sutskever et al., On the importance of initialization and momentum in deep learning, 2013.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    v = config["velocity"] if "velocity" in config else np.zeros_like(w)
    # TODO: compute the new v and next_w.
    raise NotImplementedError("sgd_momentum: not written yet, see the TODO above")
    config["velocity"] = v
    return next_w, config


def rmsprop(w, dw, config=None):
    """Return (next_w, config) after a step against dw, divided by the root of a running mean of dw^2, entry by entry:

        cache <- decay_rate * cache + (1 - decay_rate) * dw^2,   w <- w - learning_rate * dw / (sqrt(cache) + epsilon)

    config: learning_rate (default 1e-2), decay_rate (0.99), epsilon (1e-8), and cache (zeros), which is updated.
    Source: Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("decay_rate", 0.99)
    config.setdefault("epsilon", 1e-8)
    if "cache" not in config:
        config["cache"] = np.zeros_like(w)
    # TODO: put the new running mean into config["cache"], then compute next_w from it.
    raise NotImplementedError("rmsprop: not written yet, see the TODO above")
    return next_w, config


def adam(w, dw, config=None):
    """Return (next_w, config) after a step with running means m of dw and v of dw^2, corrected for their start at 0:

        t <- t + 1,   m <- beta1 * m + (1 - beta1) * dw,   v <- beta2 * v + (1 - beta2) * dw^2
        w <- w - learning_rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)

    t counts the steps, including this one: in the formula, it is 1 in the first step.

    config: learning_rate (default 1e-3), beta1 (0.9), beta2 (0.999), epsilon (1e-8), and m (zeros), v (zeros) and
    t (0), which are updated.  Source: Kingma and Ba, Adam, 2014.
    """
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-3)
    config.setdefault("beta1", 0.9)
    config.setdefault("beta2", 0.999)
    config.setdefault("epsilon", 1e-8)
    for mean in ("m", "v"):
        if mean not in config:
            config[mean] = np.zeros_like(w)
    config.setdefault("t", 0)
    # TODO: put the new t, m and v into config, then compute next_w.
    #   The corrected means are for this step only: config keeps m and v themselves.
    raise NotImplementedError("adam: not written yet, see the TODO above")
    return next_w, config
