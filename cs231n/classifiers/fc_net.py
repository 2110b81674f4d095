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
        # TODO: put W1, b1, W2 and b2 into self.params, as arrays of the sizes above.
        #   np.random.randn draws numbers of standard deviation 1, for you to scale.
        raise NotImplementedError("__init__: not written yet, see the TODO above")
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
        # TODO: compute the scores by the layers of cs231n.layers, in order; keep their caches. No ReLU at the end.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        if y is None:
            return scores
        grads = {}
        # TODO: compute the loss, then go back through the layers in reverse order for the gradients.
        #   The penalty has its part in the loss and in the gradients of W1 and W2.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        return loss, grads
