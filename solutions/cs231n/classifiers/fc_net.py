"""Fully connected networks: affine layers with ReLU between them, and a softmax loss at the end."""

import numpy as np

from cs231n.layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss


class TwoLayerNet:
    """A two-layer network, affine - relu - affine - softmax: scores = W2 max(0, W1 x), with biases (notes 4.2).

    All parameters are in the dictionary params: W1 (D, H), b1 (H,), W2 (H, C), b2 (C,). The network computes
    losses and gradients; changing the parameters is the Solver's part.
    """

    def __init__(
        self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0, dtype=np.float64
    ):
        """Start with small random weights, and biases of 0.

        input_dim, hidden_dim, num_classes: the sizes D, H and C.  weight_scale: standard deviation of the weights,
        drawn from a normal distribution around 0.  reg: strength of the L2 penalty.
        dtype: of the parameters; with float32 parameters and images the network computes in float32, and trains
        in about half the time.
        """
        self.params = {}
        self.reg = float(reg)  # a numpy float64 would make the float32 it meets float64
        ### BEGIN SOLUTION
        # TODO: put W1, b1, W2 and b2 into self.params, as arrays of the sizes above.
        #   np.random.randn draws numbers of standard deviation 1, for you to scale.
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

        The factor 0.5 makes the penalty's gradient simply reg * W. Biases carry no penalty.

        X: (N, d_1, ..., d_k) examples, D numbers each.  y: (N,) integer labels, 0 <= y[i] < C, or None.
        loss: a number.  grads: {name: gradient of the loss by self.params[name]}, the same names, the same shapes.
        """
        params = self.params
        ### BEGIN SOLUTION
        # TODO: compute the scores by the layers of cs231n.layers, in order; keep their caches. No ReLU at the end.
        hidden, _ = affine_forward(X, params["W1"], params["b1"])
        hidden, relu_cache = relu_forward(hidden)
        scores, affine_cache = affine_forward(hidden, params["W2"], params["b2"])
        ### END SOLUTION
        if y is None:
            return scores
        grads = {}
        ### BEGIN SOLUTION
        # TODO: compute the loss, then go back through the layers in reverse order for the gradients.
        #   The penalty has its part in the loss and in the gradients of W1 and W2.
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W2"], grads["b2"] = affine_backward(dscores, affine_cache)
        dhidden = relu_backward(dhidden, relu_cache)
        grads["W1"] = X.reshape(X.shape[0], -1).T @ dhidden  # affine_backward would give dX too: half as much again
        grads["b1"] = dhidden.sum(axis=0)
        for name in ("W1", "W2"):
            W = params[name]
            loss += 0.5 * self.reg * np.vdot(W, W)  # the sum of squares, without an array of them
            grads[name] += self.reg * W
        ### END SOLUTION
        return loss, grads
