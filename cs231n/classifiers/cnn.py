"""You fill this in (assignment 2, notebook convolutional_networks): a small convolutional network."""

import numpy as np

from cs231n.layer_utils import *  # a notebook's `from cs231n.classifiers.cnn import *` gets all layers
from cs231n.layer_utils import (
    affine_relu_backward,
    affine_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)
from cs231n.layers import affine_backward, affine_forward, softmax_loss
from cs231n.saving import Saved


class ThreeLayerConvNet(Saved):
    """A network for images (N, C, H, W): conv - relu - 2 x 2 max pool - affine - relu - affine - softmax.

    All parameters are in the dictionary params: the filters W1 (F, C, HH, WW) and their biases b1 (F,), W2 and b2 of
    the hidden layer, W3 and b3 of the last layer.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
    ):
        """Start with small random weights, and biases of 0.

        input_dim: (C, H, W) of an image.  num_filters: F.  filter_size: height and width of the filters, odd.
        hidden_dim, num_classes: the numbers of hidden units and of scores.
        weight_scale: standard deviation of all weights, drawn from a normal distribution around 0.
        reg: strength of the L2 penalty.  dtype: type of parameters, scores and gradients.
        If the height or width of an image is odd, the pooling rounds down. A network that works only for even sizes
        passes the check, with a line of advice.
        """
        self.params = {}
        self.reg = float(reg)  # a numpy float64 would turn float32 arrays into float64
        self.dtype = dtype
        # TODO: put W1, b1, W2, b2, W3 and b3 into self.params. The convolution keeps height and width (see loss),
        #   the pooling halves them, rounded down; the hidden layer takes all pooled numbers of an image as one row.
        raise NotImplementedError("__init__: not written yet, see the TODO above")
        for name, values in self.params.items():
            self.params[name] = values.astype(dtype)

    def loss(self, X, y=None):
        """Return the scores, (N, num_classes), if there are no labels; else (loss, grads).

            loss = softmax loss of the scores + 0.5 * reg * (sum of squares of W1, W2 and W3)

        X: (N, C, H, W) images.  y: (N,) integer labels, 0 <= y[i] < num_classes, or None.
        loss: a number.  grads: {name: gradient of the loss with respect to self.params[name], of the same shape}.
        Do not use numeric gradients.
        """
        X = X.astype(self.dtype, copy=False)
        params = self.params
        filter_size = params["W1"].shape[2]
        # This padding keeps height and width. Nobody needs the gradient with respect to the images.
        conv_param = {"stride": 1, "pad": (filter_size - 1) // 2, "need_dx": False}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        # TODO: compute the scores; the layers imported above do it in three lines. Keep their caches.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        if y is None:
            return scores
        grads = {}
        # TODO: compute the loss and go back through the layers. The penalty adds to the loss, and to the gradients of
        #   W1, W2 and W3.
        raise NotImplementedError("loss: not written yet, see the TODO above")
        return loss, grads
