"""Mistakes with dropout that show in test mode: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from solutions.mistakes import named

FORWARD = {
    "scaled_at_test": lambda x, p: x * p,
    "divided_at_test": lambda x, p: x / p,
    "scaled_by_drop_ratio_at_test": lambda x, p: x * (1 - p),
}

BACKWARD = {
    "scaled_at_test": lambda x, p, dout: dout * p,
    "divided_at_test": lambda x, p, dout: dout / p,
    "x_for_dout": lambda x, p, dout: x,
}

MISTAKES = {"dropout_forward": named("out", FORWARD), "dropout_backward": named("dx", BACKWARD)}
