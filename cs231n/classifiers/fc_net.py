"""You fill this in (assignment 1: two_layer_net; assignment 2: fully_connected_nets, batch_normalization, dropout).

Fully connected networks: affine layers with ReLU between them, and a softmax loss at the end.
"""

import numpy as np

from cs231n.layer_utils import *  # a notebook's `from cs231n.classifiers.fc_net import *` gets all layers
from cs231n.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward_alt,
    batchnorm_forward,
    dropout_backward,
    dropout_forward,
    layernorm_backward,
    layernorm_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
)
from cs231n.saving import Saved


class TwoLayerNet(Saved):
    """A two-layer network, affine - relu - affine - softmax: scores = max(0, x W1 + b1) W2 + b2 (notes 4.2).

    All parameters are in the dictionary params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,), for D inputs, H hidden units
    and C classes. The network computes losses and gradients; the Solver updates the parameters.
    """

    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float64
    ):
        """Start with small random weights, and biases of 0.

        input_dim, hidden_dim, num_classes: the sizes D, H and C.  weight_scale: standard deviation of the weights,
        drawn from a normal distribution around 0.  reg: strength of the L2 penalty.
        dtype: type of the parameters; with float32 parameters and images, the network computes in float32, and
        training takes about half as long as in float64.
        """
        self.params = {}
        self.reg = float(reg)  # a numpy float64 would turn float32 arrays into float64
        # TODO: put W1, b1, W2 and b2 into self.params, as arrays of the shapes above.
        #   np.random.randn draws numbers of standard deviation 1; scale them.
        raise NotImplementedError("__init__: not written yet, see the TODO above")
        for name, values in self.params.items():
            self.params[name] = values.astype(dtype)

    def loss(self, X, y=None):
        """Return the scores, (N, C), if there are no labels; else (loss, grads).

            loss = softmax loss of the scores + 0.5 * reg * (sum of W1^2 + sum of W2^2)

        The factor 0.5 makes the penalty's gradient simply reg * W. There is no penalty on biases.

        X: (N, d_1, ..., d_k) examples, D numbers each.  y: (N,) integer labels, 0 <= y[i] < C, or None.
        loss: a number.  grads: {name: gradient of the loss with respect to self.params[name], of the same shape}.
        Do not use numeric gradients.
        """
        params = self.params
        # TODO: compute the scores with the layers of cs231n.layers; keep their caches. There is no ReLU at the end.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        if y is None:
            return scores
        grads = {}
        # TODO: compute the loss, then go through the layers in reverse order for the gradients.
        #   The penalty adds to the loss and to the gradients of W1 and W2.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        return loss, grads


class FullyConnectedNet(Saved):
    """A network with L affine layers: {affine - [normalisation] - relu - [dropout]} x (L - 1) - affine - softmax.

    All parameters are in the dictionary params: W1, b1, ..., WL, bL; with normalisation, also gamma1, beta1, ...,
    one pair for each hidden layer.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        """Start with small random weights; biases and beta are 0, and gamma is 1.

        hidden_dims: list of the sizes of the hidden layers.  input_dim: number of inputs, D.
        num_classes: number of classes, C, which is also the number of scores.
        dropout_keep_ratio: probability that an output of a hidden layer is kept; 1 means no dropout.
        normalization: "batchnorm", "layernorm" or None.  reg: strength of the L2 penalty on all W.
        weight_scale: standard deviation of the weights, drawn from a normal distribution around 0.
        dtype: type of parameters, scores and gradients.  seed: an integer that makes the dropout masks the same in
        every call of loss; with None, they are different.
        Raises ValueError for any other normalization.
        """
        if normalization not in (None, "batchnorm", "layernorm"):
            raise ValueError(f"normalization is {normalization!r}, expected 'batchnorm', 'layernorm' or None")
        self.normalization = normalization
        self.use_dropout = dropout_keep_ratio != 1
        self.reg = float(reg)  # a numpy float64 would turn float32 arrays into float64
        self.num_layers = 1 + len(hidden_dims)
        self.dtype = dtype
        self.params = {}
        # TODO: put W1, b1, ..., WL, bL into self.params, where L = self.num_layers.
        #   Layer i takes the output of layer i - 1: the sizes are input_dim, those of hidden_dims, and num_classes.
        raise NotImplementedError("__init__: not written yet, see the TODO above")
        if normalization is not None:
            # TODO: put gamma1, beta1, ... into self.params, one pair for each hidden layer, none for the last layer.
            raise NotImplementedError("__init__: not written yet, see the TODO above")
        # Each hidden layer has its own dictionary for normalisation, if there is any; dropout layers share one.
        mode = {"mode": "train"} if normalization == "batchnorm" else {}
        self.bn_params = [dict(mode) for _ in hidden_dims] if normalization else []
        self.dropout_param = {"mode": "train", "p": dropout_keep_ratio} if self.use_dropout else {}
        if self.use_dropout and seed is not None:
            self.dropout_param["seed"] = seed
        for name, values in self.params.items():
            self.params[name] = values.astype(dtype)

    def loss(self, X, y=None):
        """Return the scores, (N, C), in test mode if there are no labels; else (loss, grads), in train mode.

            loss = softmax loss of the scores + 0.5 * reg * (sum of squares of all W)

        There is no penalty on biases, gamma or beta. In test mode, batch normalisation uses its running averages, and
        nothing is dropped.

        X: (N, d_1, ..., d_k) examples, D numbers each.  y: (N,) integer labels, 0 <= y[i] < C, or None.
        loss: a number.  grads: {name: gradient of the loss with respect to self.params[name], of the same shape}.
        Do not use numeric gradients.
        """
        X = X.astype(self.dtype)
        mode = "test" if y is None else "train"
        if self.use_dropout:
            self.dropout_param["mode"] = mode
        if self.normalization == "batchnorm":
            for bn_param in self.bn_params:
                bn_param["mode"] = mode
        params = self.params
        # TODO: compute the scores with the layers of cs231n.layers, and keep all caches. Hidden layer i is affine, then
        #   the normalisation, if any, with self.bn_params[i - 1], then relu, then, if self.use_dropout, dropout with
        #   self.dropout_param. The last layer is only affine.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        if y is None:
            return scores
        grads = {}
        # TODO: compute the loss, then go through all layers in reverse order. The penalty adds to the loss, and to the
        #   gradients of all W.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        return loss, grads
