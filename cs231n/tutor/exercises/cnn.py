"""Checks for the three-layer convolutional network: its initial parameters, scores, loss and gradients."""

from __future__ import annotations

import numpy as np

from cs231n.tutor.checks.check import Case
from cs231n.tutor.checks.seed import Seed
from cs231n.tutor.checks.target import LocalTarget
from cs231n.tutor.exercises.common import nets

MODULE = "cs231n.classifiers.cnn"


def _params(student: LocalTarget, **settings) -> dict[str, np.ndarray]:
    size = {"input_dim": tuple(settings.pop("input_dim").tolist())} if "input_dim" in settings else {}
    return nets.start(student.module(MODULE).ThreeLayerConvNet(**size, **settings), nets.weights_and_biases(3))


def _init_cases(seed: Seed) -> list[Case]:
    def case(told, stream, image, F, size, hidden, classes, **more):
        if stream:
            C, F, hidden, classes = seed.vary(stream, (image[0], F, hidden, classes), most=3)
            image = (C, *image[1:])
        sizes = {"input_dim": np.array(image), "num_filters": F, "filter_size": size, "hidden_dim": hidden}
        sizes |= {"num_classes": classes, "weight_scale": 0.1}
        return Case(told.format(image, F, hidden, classes), sizes, **more)

    return [
        case("images of shape {}, {} filters of 3 × 3, {} hidden units, {} classes", 254, (3, 8, 8), 4, 3, 6, 10),
        case("images of shape {}, {} filters of 5 × 5, {} hidden units, {} classes", 255, (2, 6, 10), 5, 5, 7, 4),
        case("images of shape {}, {} filters of 3 × 3", 256, (1, 7, 5), 3, 3, 4, 3, hint="odd_image", fragile=True),
        case("1 filter, 1 hidden unit, 2 classes", 0, (4, 6, 4), 1, 1, 1, 2, hint="one_column"),
    ]


def _net(student: LocalTarget, inputs: dict):
    F, _, size, _ = inputs["W1"].shape
    sizes = {"input_dim": inputs["X"].shape[1:], "num_filters": F, "filter_size": size}
    sizes |= {"hidden_dim": len(inputs["b2"]), "num_classes": len(inputs["b3"])}
    net = student.module(MODULE).ThreeLayerConvNet(**sizes, reg=float(inputs["reg"]), dtype=inputs["W1"].dtype.type)
    net.params.update({name: inputs[name] for name in nets.parameters(inputs)})
    return net


def _loss_cases(seed: Seed) -> list[Case]:
    random = seed.random(253)

    def draw(images, F, size, hidden, classes, reg, dtype=np.float64):
        N, C, H, W = images
        rows = F * (H // 2) * (W // 2)
        drawn = {"X": random.randn(*images), "W1": random.randn(F, C, size, size) / np.sqrt(C * size)}
        drawn |= {"b1": 0.5 * random.randn(F), "W2": random.randn(rows, hidden) / np.sqrt(2 * rows)}
        drawn |= {"b2": 2 + random.randn(hidden), "W3": random.randn(hidden, classes), "b3": random.randn(classes)}
        labels = {"y": random.randint(0, classes, N), "reg": reg}
        return {name: value.astype(dtype) for name, value in drawn.items()} | labels

    lifted = draw((3, 2, 4, 4), 2, 3, 3, 3, 0.3)
    lifted["b3"] += 1000
    alike = draw((4, 3, 4, 4), 4, 3, 4, 4, 0.4)
    alike["y"] = np.full(4, 1, dtype=np.int32)
    return [
        Case("X (4, 3, 6, 4), 3 filters of 3 × 3, reg = 0.7", draw((4, 3, 6, 4), 3, 3, 4, 5, 0.7)),
        Case("X (3, 2, 4, 6), 2 filters of 5 × 5, reg = 1.5", draw((3, 2, 4, 6), 2, 5, 5, 3, 1.5)),
        Case("X (3, 1, 4, 4), 4 filters of 3 × 3, reg = 0", draw((3, 1, 4, 4), 4, 3, 3, 4, 0.0)),
        Case("labels all equal, int32", alike),
        Case("float32 parameters and images", draw((3, 2, 4, 4), 3, 3, 4, 3, 0.5, np.float32)),
        Case("images of odd size, X (3, 2, 5, 7)", draw((3, 2, 5, 7), 2, 3, 4, 3, 0.6), "odd_image", fragile=True),
        Case("filters of 1 × 1", draw((3, 3, 4, 4), 2, 1, 3, 3, 0.6), hint="pad_zero"),
        Case("N = 1", draw((1, 2, 4, 6), 2, 3, 4, 3, 0.6), hint="one_example"),
        Case("1 filter, 1 hidden unit, 2 classes", draw((4, 2, 4, 4), 1, 3, 1, 2, 0.6), hint="hard_coded_size"),
        Case("scores near 1000", lifted, hint="overflow"),
    ]


LARGE = {"input_dim": np.array([8, 14, 14]), "num_filters": 30, "filter_size": 3, "hidden_dim": 45, "num_classes": 50}
CHECKS = (
    nets.init_check("ThreeLayerConvNet_init", _params, _init_cases, LARGE),
    nets.loss_check("ThreeLayerConvNet_loss", _net, _loss_cases, dict.fromkeys(nets.weights_and_biases(3), "")),
)
