"""Training steps of the two-layer net, compared with torch: loss, gradients and update."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.harness import Contender, Contest
from cs231n.classifiers.fc_net import TwoLayerNet
from cs231n.optim import sgd

STEPS = 5  # training steps that are timed together
RATE, REG = 1e-2, 1e-2
SIZES = ((100, 100), (200, 500))  # batch, hidden units
MORE_SIZES = ((100, 500), (200, 100))


def training_step(full: bool) -> Iterator[Contest]:
    """Yield a Contest for each of two sizes of batch and net (with `full`, four), in float32 and in float64."""
    for dtype in (np.float32, np.float64):
        for batch, hidden in SIZES + MORE_SIZES if full else SIZES:
            yield step_contest(batch, hidden, dtype)


def step_contest(batch: int, hidden: int, dtype) -> Contest:
    """Return the Contest for STEPS steps of gradient descent, with the penalty."""
    random = np.random.default_rng(231)
    X = random.standard_normal((batch, 3, 32, 32)).astype(dtype)
    y = random.integers(0, 10, batch)
    net = TwoLayerNet(hidden_dim=hidden, weight_scale=1e-2, reg=REG, dtype=dtype)
    start = {name: values.copy() for name, values in net.params.items()}
    return Contest(
        f"{STEPS} training steps, batch {batch}, 3072-{hidden}-10, {np.dtype(dtype).name}",
        [
            Contender("ours", _ours(net, X, y)),
            Contender("torch", _torch(start, X, y), "torch", note="autograd, SGD with weight_decay"),
        ],
        difference=lambda found, expected: np.max(np.abs(found - expected)) / np.max(np.abs(expected - start["W1"])),
        tolerance=1e-9 if dtype == np.float64 else 1e-3,
        unit="largest difference in W1 relative to the largest change of W1",
    )


def _ours(net: TwoLayerNet, X: np.ndarray, y: np.ndarray) -> Callable[[], np.ndarray]:
    config = {"learning_rate": RATE}

    def run() -> np.ndarray:
        for _ in range(STEPS):
            _, grads = net.loss(X, y)
            for name, w in net.params.items():
                net.params[name], _ = sgd(w, grads[name], config)
        return net.params["W1"]

    return run


def _torch(start: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> Callable[[], np.ndarray]:
    made: list[Callable] = []

    def run() -> np.ndarray:
        if not made:
            made.append(_torch_step(start, X, y))  # so that torch is imported only if it is installed
        for _ in range(STEPS):
            weights = made[0]()
        return weights.detach().numpy()

    return run


def _torch_step(start: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> Callable:
    """Return a training step in the form that is fastest in torch: the penalty is the weight decay of W1 and W2."""
    import torch
    from torch.nn.functional import cross_entropy, linear

    W1, W2 = (torch.from_numpy(start[name].T.copy()).requires_grad_() for name in ("W1", "W2"))
    b1, b2 = (torch.from_numpy(start[name].copy()).requires_grad_() for name in ("b1", "b2"))
    groups = [{"params": [W1, W2], "weight_decay": REG}, {"params": [b1, b2]}]
    optimiser = torch.optim.SGD(groups, lr=RATE)
    rows, labels = torch.from_numpy(X.reshape(len(X), -1)), torch.from_numpy(y)

    def step():
        optimiser.zero_grad()
        cross_entropy(linear(torch.relu(linear(rows, W1, b1)), W2, b2), labels).backward()
        optimiser.step()
        return W1.T

    return step


BENCHMARKS = {"two_layer_step": training_step}
