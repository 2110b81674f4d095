"""A deeper convolutional network with batch normalisation, built from your own layers and those of fast_layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cs231n import layers
from cs231n.layer_utils import conv_bn_relu_backward, conv_bn_relu_forward

CONV = {"stride": 1, "pad": 1}  # with filters of 3 x 3 this keeps height and width
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


class ConvNet:
    """A network of stages, {conv 3 x 3 - batch normalisation - relu} x n, then affine - softmax.

    The last convolution of each stage is followed by 2 x 2 max pooling, before the normalisation, which then has fewer
    numbers to process. `net.params` contains W1, b1, gamma1, beta1 of the first convolution, and so on; the W and b of
    the affine layer have the highest number. The running averages of batch normalisation are in `net.bn_params`.
    """

    def __init__(
        self,
        input_dim: Sequence[int] = (3, 32, 32),
        stages: Sequence[Sequence[int]] = ((32,), (64,), (128,)),
        num_classes: int = 10,
        reg: float = 0.0,
        dtype: type = np.float32,
    ):
        """Draw the weights with standard deviation sqrt(2 / number of inputs of a unit) (He et al., 2015).

        Args:
            input_dim: (C, H, W) of an image.
            stages: the numbers of filters in each stage; ((32, 32), (64,)) is conv, conv, pool, conv, pool.
            num_classes: number of classes, which is also the number of scores.
            reg: strength of the penalty 0.5 * reg * (sum of squares of all W).
            dtype: the type of parameters, scores and gradients.

        Raises:
            ValueError: the image is too small for the number of stages.
        """
        self.reg, self.dtype = float(reg), dtype
        self.pooled_after = np.cumsum([len(stage) for stage in stages]).tolist()
        filters = [count for stage in stages for count in stage]
        height, width = (size // 2 ** len(stages) for size in input_dim[1:])
        if not height * width:
            size = "{} x {} pixels".format(*input_dim[1:])
            raise ValueError(f"an image of {size} is too small: each stage halves it, and len(stages) is {len(stages)}")
        self.params: dict[str, np.ndarray] = {}
        depths = [input_dim[0], *filters]
        for number, (C, F) in enumerate(zip(depths, filters, strict=False), start=1):
            self._draw(number, (F, C, 3, 3), F, fan_in=9 * C)
            self.params[f"gamma{number}"] = np.ones(F, dtype)
            self.params[f"beta{number}"] = np.zeros(F, dtype)
        rows = depths[-1] * height * width
        self._draw(len(filters) + 1, (rows, num_classes), num_classes, fan_in=rows)
        self.bn_params = [{"mode": "train"} for _ in filters]

    def loss(self, X: np.ndarray, y: np.ndarray | None = None):
        """Return (loss, grads) in train mode; without labels y, return the scores, (N, num_classes), in test mode.

        X: (N, C, H, W) images.  y: (N,) integer labels.  grads: {name: gradient of the loss with respect to
        self.params[name]}.
        """
        self._set_mode("test" if y is None else "train")
        out, caches = X.astype(self.dtype, copy=False), []
        for number in range(1, len(self.bn_params) + 1):
            out, cache = self._forward(out, number)
            caches.append(cache)
        W, b = self._affine()
        scores, cache = layers.affine_forward(out, self.params[W], self.params[b])
        if y is None:
            return scores
        loss, dout = layers.softmax_loss(scores, y)
        grads = {}
        dout, grads[W], grads[b] = layers.affine_backward(dout, cache)
        for number in range(len(caches), 0, -1):
            dout = self._backward(dout, caches[number - 1], number, grads)
        for name in self.params:
            if name.startswith("W"):
                loss += 0.5 * self.reg * np.vdot(self.params[name], self.params[name])
                grads[name] += self.reg * self.params[name]
        return loss, grads

    def activations(self, X: np.ndarray) -> list[np.ndarray]:
        """Return each convolution's maps, (N, F, H', W'), in test mode: after normalisation and ReLU, not pooled."""
        self._set_mode("test")
        found, out = [], X.astype(self.dtype, copy=False)
        for number in range(1, len(self.bn_params) + 1):
            maps, _ = conv_bn_relu_forward(out, *self._convolution(number), CONV, self.bn_params[number - 1])
            found.append(maps)
            out, _ = self._forward(out, number)
        return found

    def _draw(self, number: int, shape: tuple[int, ...], biases: int, fan_in: int) -> None:
        drawn = np.random.randn(*shape) * np.sqrt(2 / fan_in)  # noqa: NPY002  notebooks seed the global generator
        self.params[f"W{number}"] = drawn.astype(self.dtype)
        self.params[f"b{number}"] = np.zeros(biases, self.dtype)

    def _set_mode(self, mode: str) -> None:
        for bn_param in self.bn_params:
            bn_param["mode"] = mode

    def _affine(self) -> tuple[str, str]:
        last = len(self.bn_params) + 1
        return f"W{last}", f"b{last}"

    def _convolution(self, number: int) -> list[np.ndarray]:
        return [self.params[f"{name}{number}"] for name in ("W", "b", "gamma", "beta")]

    def _forward(self, x, number):
        """Return (out, cache) of convolution `number`, the pooling, if any, the normalisation and the ReLU after it."""
        conv_param = CONV | {"need_dx": number > 1}  # nobody needs the gradient with respect to the images
        pool_param = POOL if number in self.pooled_after else None
        return conv_bn_relu_forward(x, *self._convolution(number), conv_param, self.bn_params[number - 1], pool_param)

    def _backward(self, dout, cache, number, grads):
        """Return the gradient with respect to the input of convolution `number`, and put its parameters' into grads."""
        dout, *found = conv_bn_relu_backward(dout, cache)
        grads.update(zip((f"{name}{number}" for name in ("W", "b", "gamma", "beta")), found, strict=True))
        return dout
