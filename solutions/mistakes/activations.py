"""Mistakes with activation functions: cause id -> the outputs a student with that mistake gets for inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from solutions.mistakes import named


def _sigma(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def _low(x):
    """Return e^x, cut off at 1 where x is positive: mistakes are about the negative side."""
    return np.exp(np.minimum(x, 0))


SIGMOID_FORWARD = {
    "sigmoid_sign": lambda x: _sigma(-x),
    "sigmoid_scaled_tanh": lambda x: np.tanh(x),
    "sigmoid_of_batch": lambda x: np.exp(x - x.max()) / np.exp(x - x.max()).sum(),
    "sigmoid_slope": lambda x: _sigma(x) * (1 - _sigma(x)),
    "sigmoid_half": lambda x: _sigma(x / 2),
    "sigmoid_double": lambda x: _sigma(2 * x),
}

SIGMOID_BACKWARD = {
    "dout_ignored": lambda x, dout: _sigma(x) * (1 - _sigma(x)),
    "sigmoid_of_input": lambda x, dout: dout * x * (1 - x),
    "sigmoid_output_only": lambda x, dout: dout * _sigma(x),
    "sigmoid_rest_only": lambda x, dout: dout * (1 - _sigma(x)),
    "sigmoid_twice": lambda x, dout: dout * _sigma(_sigma(x)) * (1 - _sigma(_sigma(x))),
    "sigmoid_for_tanh": lambda x, dout: dout * (1 - _sigma(x) ** 2),
    "sigmoid_square": lambda x, dout: dout * (1 - _sigma(x)) ** 2,
}

TANH_FORWARD = {
    "tanh_is_sigmoid": lambda x: _sigma(x),
    "tanh_half": lambda x: np.tanh(x / 2),
    "tanh_double": lambda x: np.tanh(2 * x),
    "tanh_slope": lambda x: 1 - np.tanh(x) ** 2,
    "tanh_trigonometric": lambda x: np.tan(x),
    "tanh_inverse": lambda x: np.arctan(x),
}

TANH_BACKWARD = {
    "dout_ignored": lambda x, dout: 1 - np.tanh(x) ** 2,
    "tanh_square_missing": lambda x, dout: dout * (1 - np.tanh(x)),
    "tanh_of_input": lambda x, dout: dout * (1 - x**2),
    "tanh_twice": lambda x, dout: dout * (1 - np.tanh(np.tanh(x)) ** 2),
    "tanh_for_sigmoid": lambda x, dout: dout * np.tanh(x) * (1 - np.tanh(x)),
    "tanh_of_dout": lambda x, dout: 1 - (dout * np.tanh(x)) ** 2,
}

LEAKY_FORWARD = {
    "slope_ignored": lambda x, slope=0.1: np.where(x > 0, x, 0.1 * x),
    "slope_of_elsewhere": lambda x, slope=0.1: np.where(x > 0, x, 0.01 * x),
    "plain_relu": lambda x, slope=0.1: np.maximum(x, 0),
    "slope_everywhere": lambda x, slope=0.1: slope * x,
    "slope_as_constant": lambda x, slope=0.1: np.where(x > 0, x, slope),
    "slope_subtracted": lambda x, slope=0.1: np.where(x > 0, x, -slope * x),
    "slope_on_positive": lambda x, slope=0.1: np.where(x > 0, slope * x, x),
}

LEAKY_BACKWARD = {
    "slope_ignored": lambda x, dout, slope=0.1: np.where(x > 0, dout, 0.1 * dout),
    "slope_of_elsewhere": lambda x, dout, slope=0.1: np.where(x > 0, dout, 0.01 * dout),
    "plain_relu": lambda x, dout, slope=0.1: dout * (x > 0),
    "dout_ignored": lambda x, dout, slope=0.1: np.where(x > 0, 1, slope),
    "dout_left_out_below": lambda x, dout, slope=0.1: np.where(x > 0, dout, slope),
    "slope_of_dout": lambda x, dout, slope=0.1: np.where(dout > 0, dout, slope * dout),
    "slope_on_positive": lambda x, dout, slope=0.1: np.where(x > 0, slope * dout, dout),
    "times_input": lambda x, dout, slope=0.1: dout * np.where(x > 0, x, slope * x),
}

ELU_FORWARD = {
    "alpha_ignored": lambda x, alpha=1.0: np.where(x > 0, x, _low(x) - 1),
    "elu_not_shifted": lambda x, alpha=1.0: np.where(x > 0, x, alpha * _low(x)),
    "alpha_on_exp_only": lambda x, alpha=1.0: np.where(x > 0, x, alpha * _low(x) - 1),
    "elu_exp_of_minus": lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(-np.minimum(x, 0)) - 1)),
    "alpha_everywhere": lambda x, alpha=1.0: alpha * np.where(x > 0, x, _low(x) - 1),
    "alpha_in_exponent": lambda x, alpha=1.0: np.where(x > 0, x, np.exp(alpha * np.minimum(x, 0)) - 1),
    "plain_relu": lambda x, alpha=1.0: np.maximum(x, 0),
    "elu_as_leaky": lambda x, alpha=1.0: np.where(x > 0, x, alpha * x),
    "elu_sign": lambda x, alpha=1.0: np.where(x > 0, x, alpha * (1 - _low(x))),
}

ELU_BACKWARD = {
    "alpha_ignored": lambda x, dout, alpha=1.0: dout * np.where(x > 0, 1, _low(x)),
    "elu_slope_is_output": lambda x, dout, alpha=1.0: dout * np.where(x > 0, 1, alpha * (_low(x) - 1)),
    "elu_slope_output_plus_one": lambda x, dout, alpha=1.0: dout * np.where(x > 0, 1, alpha * (_low(x) - 1) + 1),
    "dout_ignored": lambda x, dout, alpha=1.0: np.where(x > 0, 1, alpha * _low(x)),
    "dout_left_out_below": lambda x, dout, alpha=1.0: np.where(x > 0, dout, alpha * _low(x)),
    "plain_relu": lambda x, dout, alpha=1.0: dout * (x > 0),
    "elu_slope_times_input": lambda x, dout, alpha=1.0: dout * np.where(x > 0, x, alpha * _low(x)),
    "elu_slope_is_alpha": lambda x, dout, alpha=1.0: dout * np.where(x > 0, 1, alpha),
    "elu_exp_of_output": lambda x, dout, alpha=1.0: dout * np.where(x > 0, 1, alpha * np.exp(alpha * (_low(x) - 1))),
}


def _pieces(x, w1, b1, w2, b2):
    """Return the rows of x as float64, and what the two pieces give."""
    rows = x.reshape(len(x), -1).astype(np.float64)
    return rows, rows @ w1 + b1, rows @ w2 + b2


def _of_pieces(combine: Callable) -> Callable:
    return lambda x, w1, b1, w2, b2: combine(*_pieces(x, w1, b1, w2, b2)[1:])


def _without_biases(x, w1, b1, w2, b2):
    return np.maximum(*_pieces(x, w1, 0, w2, 0)[1:])


def _bias_outside(x, w1, b1, w2, b2):
    return _without_biases(x, w1, b1, w2, b2) + b1


MAXOUT_FORWARD = {
    "bias_missing": _without_biases,
    "maxout_one_bias": _bias_outside,
    "maxout_adds": _of_pieces(lambda first, second: first + second),
    "maxout_minimum": _of_pieces(np.minimum),
    "maxout_first_only": _of_pieces(lambda first, second: first),
    "maxout_second_only": _of_pieces(lambda first, second: second),
    "maxout_with_relu": _of_pieces(lambda first, second: np.maximum(np.maximum(first, second), 0)),
    "maxout_by_size": _of_pieces(lambda first, second: np.where(np.abs(first) > np.abs(second), first, second)),
}


def _routed(route: Callable) -> Callable:
    """Return the gradients when route(first, second, dout) says what each piece gets of dout."""

    def outputs(x, w1, b1, w2, b2, dout):
        rows, first, second = _pieces(x, w1, b1, w2, b2)
        one, two = route(first, second, dout)
        return {
            "dx": (one @ w1.T + two @ w2.T).reshape(x.shape),
            "dw1": rows.T @ one,
            "db1": one.sum(axis=0),
            "dw2": rows.T @ two,
            "db2": two.sum(axis=0),
        }

    return outputs


_right = _routed(lambda first, second, dout: (dout * (first >= second), dout * (first < second)))


def _dx_of(route: Callable) -> Callable:
    return lambda **inputs: {"dx": _routed(route)(**inputs)["dx"]}


def _biases_get_all(**inputs):
    everything = inputs["dout"].sum(axis=0)
    return {"db1": everything, "db2": everything}


MAXOUT_BACKWARD = {
    "maxout_both": _dx_of(lambda first, second, dout: (dout, dout)),
    "maxout_to_smaller": _routed(lambda first, second, dout: (dout * (first < second), dout * (first >= second))),
    "maxout_by_sign": _routed(lambda first, second, dout: (dout * (first > 0), dout * (second > 0))),
    "maxout_halves": _routed(lambda first, second, dout: (dout / 2, dout / 2)),
    "maxout_dx_of_first": _dx_of(lambda first, second, dout: (dout * (first >= second), 0 * dout)),
    "maxout_dx_of_second": _dx_of(lambda first, second, dout: (0 * dout, dout * (first < second))),
    "maxout_biases_get_all": _biases_get_all,
    "dx_not_reshaped": lambda **inputs: {"dx": _right(**inputs)["dx"].reshape(len(inputs["x"]), -1)},
    "dout_ignored": _routed(lambda first, second, dout: (1.0 * (first >= second), 1.0 * (first < second))),
}

MISTAKES = {
    "sigmoid_forward": named("out", SIGMOID_FORWARD),
    "sigmoid_backward": named("dx", SIGMOID_BACKWARD),
    "tanh_forward": named("out", TANH_FORWARD),
    "tanh_backward": named("dx", TANH_BACKWARD),
    "leaky_relu_forward": named("out", LEAKY_FORWARD),
    "leaky_relu_backward": named("dx", LEAKY_BACKWARD),
    "elu_forward": named("out", ELU_FORWARD),
    "elu_backward": named("dx", ELU_BACKWARD),
    "maxout_forward": named("out", MAXOUT_FORWARD),
    "maxout_backward": MAXOUT_BACKWARD,
}
