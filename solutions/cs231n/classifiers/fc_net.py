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
        ### BEGIN SOLUTION
        # TODO: put W1, b1, W2 and b2 into self.params, as arrays of the shapes above.
        #   np.random.randn draws numbers of standard deviation 1; scale them.
        self.params["W1"] = weight_scale * np.random.randn(input_dim, hidden_dim)
        self.params["b1"] = np.zeros(hidden_dim)
        self.params["W2"] = weight_scale * np.random.randn(hidden_dim, num_classes)
        self.params["b2"] = np.zeros(num_classes)
        ### END SOLUTION
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
        ### BEGIN SOLUTION
        # TODO: compute the scores with the layers of cs231n.layers; keep their caches. There is no ReLU at the end.
        hidden, first_cache = affine_forward(X, params["W1"], params["b1"])  # (N, H)
        hidden, relu_cache = relu_forward(hidden)  # (N, H)
        scores, second_cache = affine_forward(hidden, params["W2"], params["b2"])  # (N, C)
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        ### BEGIN SOLUTION
        # TODO: compute the loss, then go through the layers in reverse order for the gradients.
        #   The penalty adds to the loss and to the gradients of W1 and W2.
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, second_cache)
        dhidden = relu_backward(dhidden, relu_cache)
        _, grads["W1"], grads["b1"] = affine_backward(dhidden, first_cache)
        for name in ("W1", "W2"):
            W = params[name]
            loss += 0.5 * self.reg * np.vdot(W, W)  # the sum of squares
            grads[name] += self.reg * W
        ### END SOLUTION
        return loss, grads


### BEGIN SOLUTION
def _hidden_forward(net, x, i):
    """Return the output of hidden layer i, and its caches."""
    x, affine = affine_forward(x, net.params[f"W{i}"], net.params[f"b{i}"])
    norm = dropout = None
    if net.normalization is not None:
        forward = batchnorm_forward if net.normalization == "batchnorm" else layernorm_forward
        x, norm = forward(x, net.params[f"gamma{i}"], net.params[f"beta{i}"], net.bn_params[i - 1])
    x, relu = relu_forward(x)
    if net.use_dropout:
        x, dropout = dropout_forward(x, net.dropout_param)
    return x, (affine, norm, relu, dropout)


def _hidden_backward(net, dout, caches, i, grads):
    """Return the gradient with respect to the input of hidden layer i; put those of its parameters into grads."""
    affine, norm, relu, dropout = caches
    if net.use_dropout:
        dout = dropout_backward(dout, dropout)
    dout = relu_backward(dout, relu)
    if net.normalization is not None:
        backward = batchnorm_backward_alt if net.normalization == "batchnorm" else layernorm_backward
        dout, grads[f"gamma{i}"], grads[f"beta{i}"] = backward(dout, norm)
    dout, grads[f"W{i}"], grads[f"b{i}"] = affine_backward(dout, affine)
    return dout


### END SOLUTION


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
        ### BEGIN SOLUTION
        # TODO: put W1, b1, ..., WL, bL into self.params, where L = self.num_layers.
        #   Layer i takes the output of layer i - 1: the sizes are input_dim, those of hidden_dims, and num_classes.
        sizes = [input_dim, *hidden_dims, num_classes]
        for i in range(1, self.num_layers + 1):
            self.params[f"W{i}"] = weight_scale * np.random.randn(sizes[i - 1], sizes[i])
            self.params[f"b{i}"] = np.zeros(sizes[i])
        ### END SOLUTION
        if normalization is not None:
            ### BEGIN SOLUTION
            # TODO: put gamma1, beta1, ... into self.params, one pair for each hidden layer, none for the last layer.
            for i, size in enumerate(hidden_dims, start=1):
                self.params[f"gamma{i}"] = np.ones(size)
                self.params[f"beta{i}"] = np.zeros(size)
            ### END SOLUTION
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
        ### BEGIN SOLUTION
        # TODO: compute the scores with the layers of cs231n.layers, and keep all caches. Hidden layer i is affine, then
        #   the normalisation, if any, with self.bn_params[i - 1], then relu, then, if self.use_dropout, dropout with
        #   self.dropout_param. The last layer is only affine.
        hidden, caches = X, []
        for i in range(1, self.num_layers):
            hidden, cache = _hidden_forward(self, hidden, i)
            caches.append(cache)
        last = self.num_layers
        scores, last_cache = affine_forward(hidden, params[f"W{last}"], params[f"b{last}"])
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        ### BEGIN SOLUTION
        # TODO: compute the loss, then go through all layers in reverse order. The penalty adds to the loss, and to the
        #   gradients of all W.
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads[f"W{last}"], grads[f"b{last}"] = affine_backward(dscores, last_cache)
        for i in range(last - 1, 0, -1):
            dhidden = _hidden_backward(self, dhidden, caches[i - 1], i, grads)
        for i in range(1, last + 1):
            W = params[f"W{i}"]
            loss += 0.5 * self.reg * np.vdot(W, W)  # the sum of squares
            grads[f"W{i}"] += self.reg * W
        ### END SOLUTION
        return loss, grads
