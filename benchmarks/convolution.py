"""Convolution, pooling and training steps of the three-layer net, compared with torch and with im2col in C."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

import numpy as np

from benchmarks import compiled
from benchmarks.harness import Contender, Contest, least_seconds
from cs231n import fast_layers, optim, threads
from cs231n.classifiers.cnn import ThreeLayerConvNet
from cs231n.updates import updated

SHAPES = {  # x, w, stride, pad
    "A": ((100, 3, 31, 31), (25, 3, 3, 3), 2, 1),
    "B": ((50, 3, 32, 32), (32, 3, 7, 7), 1, 3),
    "C": ((128, 32, 32, 32), (64, 32, 3, 3), 1, 1),
    "D": ((128, 64, 16, 16), (128, 64, 3, 3), 1, 1),
}
POOLED = ((100, 3, 32, 32), (50, 32, 32, 32))
RATE, REG = 1e-3, 1e-3
STEPS = 5  # training steps that are timed together
ROUNDS = 15  # more than usual, since the shortest contests take less than a millisecond


def convolution(full: bool) -> Iterator[Contest]:
    """Yield a Contest for each pass of convolution at four shapes, in float32, and with `full` in float64 too."""
    for dtype in _types(full):
        for name in SHAPES:
            yield from conv_contests(name, dtype)


def conv_contests(name: str, dtype) -> Iterator[Contest]:
    """Yield a Contest for the forward and one for the backward pass of convolution, at a shape of SHAPES."""
    x_shape, w_shape, stride, pad = SHAPES[name]
    x, w, b = _normal(dtype, x_shape, w_shape, w_shape[:1])
    settings = {"stride": stride, "pad": pad}
    out, ours = fast_layers.conv_forward_fast(x, w, b, settings)
    (dout,) = _normal(dtype, out.shape)
    torchs = cache(lambda: _torch_conv(x, w, b, stride, pad, dout))  # called only if torch or the compiler is there
    im2col = cache(lambda: compiled.conv_forward(x, w, b, stride, pad))
    operations, moved = 2 * out.size * w[0].size, x.nbytes + out.nbytes
    title = f"{name} {x_shape} * {w_shape}, stride {stride}, pad {pad}, {np.dtype(dtype).name}"
    yield _contest(
        f"forward, {title}",
        lambda: [fast_layers.conv_forward_fast(x, w, b, settings)[0]],
        {"torch": lambda: torchs()[0](), "compiled im2col": lambda: [compiled.conv_forward(x, w, b, stride, pad)[0]]},
        least_seconds(operations, moved, dtype),
    )
    yield _contest(
        f"backward, {title}",
        lambda: fast_layers.conv_backward_fast(dout, ours),
        {"torch": lambda: torchs()[1](), "compiled im2col": lambda: compiled.conv_backward(dout, im2col()[1])},
        least_seconds(2 * operations, 2 * x.nbytes + out.nbytes, dtype),
    )


def pooling(full: bool) -> Iterator[Contest]:
    """Yield a Contest for each pass of 2 x 2 max pooling at two shapes, in float32, and with `full` in float64 too."""
    for dtype in _types(full):
        for shape in POOLED:
            yield from pool_contests(shape, dtype)


def pool_contests(shape: tuple, dtype) -> Iterator[Contest]:
    """Yield a Contest for the forward and one for the backward pass of max pooling, for images of a shape."""
    (x,), settings = _normal(dtype, shape), {"pool_height": 2, "pool_width": 2, "stride": 2}
    out, ours = fast_layers.max_pool_forward_fast(x, settings)
    (dout,) = _normal(dtype, out.shape)
    torchs = cache(lambda: _torch_pool(x, dout))
    title = f"2 x 2 max pooling of {shape}, {np.dtype(dtype).name}"
    forward, backward = fast_layers.max_pool_forward_fast, fast_layers.max_pool_backward_fast
    limit = least_seconds(0, x.nbytes + out.nbytes, dtype)  # in both passes, each number is read or written once
    yield _contest(f"forward, {title}", lambda: [forward(x, settings)[0]], {"torch": lambda: torchs()[0]()}, limit)
    yield _contest(f"backward, {title}", lambda: [backward(dout, ours)], {"torch": lambda: torchs()[1]()}, limit)


def training_step(full: bool) -> Iterator[Contest]:
    """Yield a Contest for SGD and one for Adam: training steps on 50 images, 32 filters of 7 x 7, 500 hidden units."""
    yield step_contest("sgd")
    yield step_contest("adam")


def step_contest(rule: str) -> Contest:
    """Return the Contest for STEPS training steps with an update rule: loss with penalty, gradients and update."""
    (X,) = _normal(np.float32, (50, 3, 32, 32))
    y = np.random.default_rng(231).integers(0, 10, len(X))
    net = ThreeLayerConvNet(hidden_dim=500, weight_scale=1e-2, reg=REG)
    configs = {name: {"learning_rate": RATE} for name in net.params}
    start = {name: weights.copy() for name, weights in net.params.items()}
    torchs = cache(lambda: _torch_step(start, X, y, rule))

    def ours() -> float:
        loss, grads = net.loss(X, y)
        for name, w in net.params.items():
            net.params[name], configs[name] = updated(getattr(optim, rule), w, grads[name], configs[name])
        return loss

    return _contest(
        f"{STEPS} steps with {rule}, batch 50, 7 x 7 x 32 - pool - 500 - 10, float32",
        lambda: [ours() for _ in range(STEPS)],
        {"torch": lambda: [torchs()() for _ in range(STEPS)]},
    )


def _contest(what: str, ours: Callable, peers: dict[str, Callable], limit: float = 0.0) -> Contest:
    there = {"torch": "torch", "compiled im2col": "" if compiled.available() else "a C compiler"}
    contenders = [Contender("ours", ours, rounds=ROUNDS)]
    contenders += [Contender(name, run, there[name], rounds=ROUNDS) for name, run in peers.items()]
    tolerance = 1e-10 if "float64" in what else 1e-4
    return Contest(what, contenders, _difference, tolerance, "largest difference relative to the largest number", limit)


def _difference(found: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> float:
    pairs = zip(found, expected, strict=True)
    return max(float(np.abs(a - np.asarray(b)).max() / np.abs(np.asarray(b)).max()) for a, b in pairs)


def _types(full: bool) -> tuple:
    return (np.float32, np.float64) if full else (np.float32,)


def _normal(dtype, *shapes: tuple) -> list[np.ndarray]:
    random = np.random.default_rng(231)
    return [random.standard_normal(shape).astype(dtype) for shape in shapes]


def _torch_conv(x, w, b, stride: int, pad: int, dout) -> tuple[Callable, Callable]:
    from torch.nn.functional import conv2d

    return _torch_passes(lambda *inputs: conv2d(*inputs, stride=stride, padding=pad), (x, w, b), dout)


def _torch_pool(x, dout) -> tuple[Callable, Callable]:
    from torch.nn.functional import max_pool2d

    return _torch_passes(lambda images: max_pool2d(images, 2), (x,), dout)


def _torch_passes(layer: Callable, inputs: Sequence[np.ndarray], dout) -> tuple[Callable, Callable]:
    """Return torch's forward pass, which prepares a backward pass as ours does, and its backward pass."""
    torch = _torch()
    inputs = [torch.from_numpy(array.copy()).requires_grad_() for array in inputs]
    out, dout = layer(*inputs), torch.from_numpy(dout)
    return lambda: [layer(*inputs).detach()], lambda: torch.autograd.grad(out, inputs, dout, retain_graph=True)


def _torch():
    """Return torch, which is set to use as many threads as the kit does."""
    import torch

    torch.set_num_threads(threads.number())
    return torch


def _torch_step(start: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray, rule: str) -> Callable[[], float]:
    """Return a step of the same net in torch; it computes no gradient for the images; the penalty is weight decay."""
    from torch import nn

    torch = _torch()
    layers = [nn.Conv2d(3, 32, 7, padding=3), nn.Linear(32 * 16 * 16, 500), nn.Linear(500, 10)]
    for number, layer in enumerate(layers, start=1):
        W, b = torch.from_numpy(start[f"W{number}"]), torch.from_numpy(start[f"b{number}"])
        layer.weight.data, layer.bias.data = (W if W.ndim == 4 else W.T.contiguous()).clone(), b.clone()
    net = nn.Sequential(layers[0], nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), layers[1], nn.ReLU(), layers[2])
    weights, biases = [layer.weight for layer in layers], [layer.bias for layer in layers]
    groups = [{"params": weights, "weight_decay": REG}, {"params": biases}]
    optimiser = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[rule](groups, lr=RATE)
    images, labels = torch.from_numpy(X), torch.from_numpy(y)

    def step() -> float:
        optimiser.zero_grad()
        loss = nn.functional.cross_entropy(net(images), labels)
        loss.backward()
        with torch.no_grad():
            value = loss + 0.5 * REG * sum((w * w).sum() for w in weights)
        optimiser.step()
        return value.item()

    return step


BENCHMARKS = {"convolution": convolution, "pooling": pooling, "convnet_step": training_step}
