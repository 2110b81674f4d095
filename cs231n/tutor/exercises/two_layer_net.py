"""Checks for the two-layer network: its initial parameters, scores, loss and gradients."""

from __future__ import annotations

import numpy as np

from cs231n.tutor.checks.check import Case
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common import nets

MODULE = "cs231n.classifiers.fc_net"


def _params(student: LocalTarget, **settings) -> dict[str, np.ndarray]:
    return nets.start(student.module(MODULE).TwoLayerNet(**settings), nets.weights_and_biases(2))


def _init_cases(seed: Seed) -> list[Case]:
    def case(told, D, H, C, hint=""):
        sizes = dict(zip(("input_dim", "hidden_dim", "num_classes"), (D, H, C), strict=True))
        return Case(told.format(**sizes), sizes | {"weight_scale": 0.1}, hint)

    (D,) = seed.vary(247, (3,), most=4)
    return [
        case(
            "input_dim={input_dim}, hidden_dim={hidden_dim}, num_classes={num_classes}", *seed.vary(246, (6, 5, 4), 3)
        ),
        case("input_dim=12, hidden_dim=30, num_classes=10", 12, 30, 10),
        case("hidden_dim=1, num_classes=2", D, 1, 2, hint="one_column"),
    ]


def _net(student: LocalTarget, inputs: dict):
    (D, H), C = inputs["W1"].shape, inputs["W2"].shape[1]
    net = student.module(MODULE).TwoLayerNet(input_dim=D, hidden_dim=H, num_classes=C, reg=float(inputs["reg"]))
    net.params.update({name: inputs[name] for name in nets.parameters(inputs)})
    return net


def _loss_cases(seed: Seed) -> list[Case]:
    random = seed.random(248)

    def draw(shape, H, C, reg, dtype=np.float64):
        D = int(np.prod(shape[1:]))
        drawn = {"X": random.randn(*shape), "W1": random.randn(D, H) / np.sqrt(D), "b1": random.randn(H)}
        drawn |= {"W2": random.randn(H, C), "b2": random.randn(C)}
        labels = {"y": random.randint(0, C, shape[0]), "reg": reg}
        return {name: value.astype(dtype) for name, value in drawn.items()} | labels

    lifted = draw((4, 6), 5, 3, 0.3)
    lifted["b2"] += 1000
    alike = draw((5, 5), 5, 5, 0.4)
    alike["y"] = np.full(5, 1, dtype=np.int32)
    return [
        Case("N = 5, D = 6, H = 7, C = 4 and reg = 0.7", draw((5, 6), 7, 4, 0.7)),
        Case("images, X of shape (3, 3, 2, 3), and reg = 0", draw((3, 3, 2, 3), 8, 5, 0.0)),
        Case("H = 3, C = 12 and reg = 1.5", draw((6, 5), 3, 12, 1.5)),
        Case("N = D = H = C = 5, labels all equal, int32", alike),
        Case("float32 parameters and images", draw((4, 2, 3), 6, 4, 0.5, np.float32)),
        Case("N = 1", draw((1, 6), 5, 3, 0.6), hint="one_example"),
        Case("H = 1, C = 2", draw((6, 3), 1, 2, 0.6), hint="hard_coded_size"),
        Case("scores near 1000", lifted, hint="overflow"),
    ]


CHECKS = (
    nets.init_check("TwoLayerNet_init", _params, _init_cases, {"input_dim": 50, "hidden_dim": 40, "num_classes": 50}),
    nets.loss_check("TwoLayerNet_loss", _net, _loss_cases, {"W1": "D H", "b1": "H", "W2": "H C", "b2": "C"}),
)
