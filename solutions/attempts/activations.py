"""Attempts at the activation functions."""

from textwrap import indent

from solutions.attempts import fragile, known, right, wrong

HEADS = {
    "sigmoid_forward": "x",
    "tanh_forward": "x",
    "leaky_relu_forward": "x, slope=0.1",
    "elu_forward": "x, alpha=1.0",
    "maxout_forward": "x, w1, b1, w2, b2",
}
CACHES = {"leaky_relu_backward": "x, slope", "elu_backward": "x, out, alpha"}
MAXOUT_CACHE = """
one, (x, w1, b1), (_, w2, b2) = cache
rows = x.reshape(len(x), -1)
a, b = rows @ w1 + b1, rows @ w2 + b2
"""


def function(name: str, body: str) -> str:
    """Return the code of one function. If the body is an expression, it is the value of out or dx."""
    lines = body.strip()
    if name.endswith("backward"):
        unpack = "" if name.startswith("maxout") else f"{CACHES.get(name, 'out')} = cache\n"
        lines = unpack + (lines if "return" in lines else f"return {lines}")
    elif "return" not in lines:
        lines = f"out = {lines}\nreturn out, ({CACHES.get(name.replace('forward', 'backward'), 'out')})"
    return f"def {name}({HEADS.get(name, 'dout, cache')}):\n{indent(lines, '    ')}\n"


def mistakes(name: str, *attempts, kind=known) -> list:
    return [kind(name, cause, function(name, body)) for cause, body in attempts]


def ways(name: str, *attempts, kind=right) -> list:
    return [kind(name, label, function(name, body)) for label, body in attempts]


def routed(one="dout * one", two="dout * ~one", dx="one @ w1.T + two @ w2.T", db1="one.sum(0)", db2="two.sum(0)"):
    """Return the body of a maxout_backward with these expressions for the two parts of dout, dx, db1 and db2."""
    lines = [MAXOUT_CACHE.strip(), f"one, two = {one}, {two}", f"dx = ({dx}).reshape(x.shape)"]
    return "\n".join([*lines, f"return dx, rows.T @ one, {db1}, rows.T @ two, {db2}"])


SIGMA = "1 / (1 + np.exp(-out))"
LOW = "np.exp(np.minimum(x, 0))"
ROWS = "r = x.reshape(len(x), -1)\n"

CAUSES = {
    "exp_far_out": (
        "exp overflows for large numbers, and the infinity spoils the result:",
        "give exp only numbers up to 0, as in np.exp(-np.abs(x)) or np.exp(np.minimum(x, 0)).",
    ),
    "overflow_warning": (
        "the result is right, but numpy warns of an overflow, because exp of a large number is infinite:",
        "give exp only numbers for which it cannot overflow, such as np.minimum(x, 0) or -np.abs(x).",
    ),
    "sigmoid_sign": ("the sign in the exponent is wrong:", "this is σ(-x) = 1 - σ(x)."),
    "sigmoid_scaled_tanh": ("this is tanh, which goes from -1 to 1;", "σ should go from 0 to 1."),
    "sigmoid_of_batch": ("this is a softmax over all entries;", "σ should be applied to each entry separately."),
    "sigmoid_slope": ("this is the slope σ (1 - σ);", "the forward pass should return σ itself."),
    "sigmoid_half": ("this is σ(x/2).", "Look at the factor of x."),
    "sigmoid_double": ("this is σ(2x).", "Look at the factor of x."),
    "sigmoid_square": ("the slope should be σ (1 - σ), not (1 - σ)².", "Look at where the square is."),
    "tanh_is_sigmoid": ("this is σ, which goes from 0 to 1;", "tanh should go from -1 to 1."),
    "tanh_half": ("this is tanh(x/2), which is (1 - e^-x) / (1 + e^-x).", "Look at the factor of x."),
    "tanh_double": ("this is tanh(2x).", "Look at the factor of x."),
    "tanh_slope": ("this is the slope 1 - tanh², or its root;", "the forward pass should return tanh itself."),
    "tanh_trigonometric": ("this is the tangent of an angle;", "use the hyperbolic tangent, np.tanh."),
    "tanh_inverse": ("this is arctan, the inverse tangent;", "use the hyperbolic tangent, np.tanh."),
    "tanh_square_missing": ("the slope is incomplete:", "it should be 1 - tanh²."),
    "tanh_of_input": (
        "the formula 1 - tanh² is right, but it was given the input in place of tanh(x).",
        "Pass it the output of the forward pass.",
    ),
    "tanh_twice": ("tanh is applied to tanh(x) once more:", "the output of the forward pass is already tanh(x)."),
    "tanh_for_sigmoid": ("out (1 - out) is the slope of σ;", "that of tanh is 1 - out²."),
    "tanh_of_dout": ("dout is inside the square;", "the gradient should be dout times (1 - tanh²)."),
    "slope_ignored": ("the argument `slope` is not used:", "0.1 is only its default value."),
    "slope_of_elsewhere": (
        "the slope is always 0.01, whatever the argument is;",
        "use the argument `slope`, whose default is 0.1.",
    ),
    "plain_relu": (
        "where x is negative, the result is 0, as for a plain ReLU.",
        "Look at the piece for negative x.",
    ),
    "slope_everywhere": ("positive inputs are multiplied by `slope` too;", "leave them unchanged."),
    "slope_as_constant": ("each negative input becomes `slope` itself:", "multiply it by `slope`."),
    "slope_subtracted": (
        "negative inputs become positive:",
        "they should become `slope * x`, which already has the sign of x.",
    ),
    "slope_everywhere_backward": (
        "dout is multiplied by `slope` everywhere;",
        "where x is positive, dout should pass unchanged.",
    ),
    "slope_subtracted_backward": (
        "the slope of negative inputs has the wrong sign:",
        "it should be `slope`, not `-slope`.",
    ),
    "slope_on_positive": ("the two sides are swapped:", "`slope` belongs to the negative inputs."),
    "slope_of_dout": (
        "whether dout is multiplied by `slope` depends on the sign of dout;",
        "it should depend on the sign of x.",
    ),
    "dout_left_out_below": ("where x is negative, the result is the slope alone:", "multiply it by dout there too."),
    "alpha_ignored": (
        "alpha is not used where x is negative:",
        "there, out should be alpha (e^x - 1), and its slope alpha e^x.",
    ),
    "elu_not_shifted": ("the -1 is missing:", "the value should be alpha (e^x - 1), which is 0 at x = 0."),
    "alpha_on_exp_only": ("alpha multiplies e^x only;", "the value should be alpha (e^x - 1), which is 0 at x = 0."),
    "elu_exp_of_minus": (
        "the exponent has the wrong sign:",
        "the value should be alpha (e^x - 1), which goes to -alpha for very negative x.",
    ),
    "alpha_everywhere": ("positive inputs are multiplied by alpha too;", "leave them unchanged."),
    "alpha_in_exponent": ("alpha is in the exponent:", "the value should be alpha (e^x - 1), not e^(alpha x) - 1."),
    "elu_as_leaky": (
        "negative inputs are multiplied by alpha, as in a leaky ReLU;",
        "they should become alpha (e^x - 1).",
    ),
    "elu_sign": ("negative inputs become positive:", "they should become alpha (e^x - 1), which is negative."),
    "elu_slope_is_output": (
        "where x is negative, the slope is out alone;",
        "it should be out + alpha, which is alpha e^x.",
    ),
    "elu_slope_output_plus_one": (
        "where x is negative, the slope is out + 1, which is right only for alpha = 1;",
        "it should be out + alpha.",
    ),
    "elu_slope_times_input": (
        "where x is positive, the slope is x;",
        "there it should be 1, so that dout passes unchanged.",
    ),
    "elu_slope_is_alpha": (
        "where x is negative, the slope should be alpha e^x, not alpha.",
        "Look at the derivative of alpha (e^x - 1).",
    ),
    "elu_adds": (
        "where x is negative, alpha (e^x - 1) is added to x;",
        "the result there should be alpha (e^x - 1) alone.",
    ),
    "elu_slope_times_input_below": (
        "where x is negative, the slope is multiplied by x;",
        "there it should be alpha e^x.",
    ),
    "elu_slope_shifted": (
        "where x is negative, the slope is alpha e^x + alpha;",
        "it should be alpha e^x, which is out + alpha.",
    ),
    "elu_exp_of_output": (
        "the slope contains e^out instead of e^x:",
        "keep x in the cache, or use out + alpha = alpha e^x.",
    ),
    "maxout_one_bias": (
        "there is only one bias;",
        "each piece should have its own, inside the maximum: max(x w1 + b1, x w2 + b2).",
    ),
    "maxout_adds": (
        "the pieces are added or averaged;",
        "maxout should take the larger of the two, entry by entry.",
    ),
    "maxout_minimum": ("this is the smaller of the two pieces, entry by entry;", "maxout should take the larger one."),
    "maxout_first_only": (
        "this is the first piece alone;",
        "maxout should take the larger of the two, entry by entry.",
    ),
    "maxout_second_only": (
        "this is the second piece alone;",
        "maxout should take the larger of the two, entry by entry.",
    ),
    "maxout_with_relu": (
        "negative results become 0;",
        "a maxout unit should have no ReLU, because both of its pieces may be negative.",
    ),
    "maxout_by_size": (
        "the piece with the larger absolute value wins;",
        "maxout should take the larger number, and -5 is smaller than 1.",
    ),
    "maxout_both": ("both pieces get the whole dout;", "only the piece that was larger should get it."),
    "maxout_to_smaller": ("the pieces are swapped:", "dout belongs to the piece that was larger."),
    "maxout_by_sign": (
        "dout is routed by the sign of the pieces or by its own sign;",
        "it should go to the larger piece.",
    ),
    "maxout_halves": ("each piece gets half of dout;", "the piece that was larger should get all of it."),
    "maxout_dx_of_first": (
        "dx is computed from the first piece only;",
        "x feeds both, so add the gradient through the second.",
    ),
    "maxout_dx_of_second": (
        "dx is computed from the second piece only;",
        "x feeds both, so add the gradient through the first.",
    ),
    "maxout_biases_get_all": (
        "db1 and db2 are sums of the whole dout;",
        "each piece should get only its own part of dout.",
    ),
    "maxout_tie_twice": ("where the pieces are equal, both get the whole dout;", "their parts should add up to dout."),
    "maxout_tie_lost": (
        "where the pieces are equal, neither gets dout:",
        "one of the comparisons must include equality.",
    ),
    "precedence": ("products and quotients are computed before sums and differences:", "are parentheses missing?"),
    "one_missing": ("the 1 in the denominator is missing:", "σ should be 1 / (1 + e^-x)."),
    "denominator_sign": ("the denominator is 1 - e^-x;", "it should be 1 + e^-x."),
    "not_inverted": (
        "this is the denominator 1 + e^-x;",
        "σ should be 1 divided by it: 1 / (1 + e^-x), with parentheses.",
    ),
    "slope_with_plus": ("the slope contains 1 + σ instead of 1 - σ:", "it should be σ (1 - σ)."),
    "tanh_slope_with_plus": ("the slope should be 1 - tanh², not 1 + tanh².", "Look at the sign of the square."),
    "tanh_slope_of_difference": ("the slope is (1 - tanh)²;", "it should be 1 - tanh²."),
    "tanh_not_shifted": ("tanh goes from -1 to 1, and this does not:", "tanh(x) is 2σ(2x) - 1."),
    "leaky_adds": (
        "the piece for negative x is added for positive x too;",
        "it should be left out there.",
    ),
    "slope_for_input": ("negative inputs are not multiplied by `slope`;", "they should become `slope * x`."),
    "slope_times_input": (
        "where x is negative, the slope is multiplied by x;",
        "the gradient there should be `slope * dout`.",
    ),
    "elu_bends_everywhere": (
        "the formula for negative x is used for positive x too;",
        "for positive x, the forward pass should return x, and the backward pass dout.",
    ),
    "elu_bends_positive": (
        "the two sides are swapped:",
        "for positive x, the forward pass should return x, and the backward pass dout.",
    ),
    "maxout_biases_swapped": ("b1 and b2 are swapped:", "the pieces should be x w1 + b1 and x w2 + b2."),
    "maxout_same_piece": ("both pieces have the same weights:", "the pieces should be x w1 + b1 and x w2 + b2."),
    "maxout_weights_get_all": (
        "dw1 and dw2 are computed from the whole dout;",
        "each piece should get only its own part of dout.",
    ),
    "maxout_dx_gets_all": (
        "dx is computed from the whole dout for both pieces;",
        "each piece should get only its own part of dout.",
    ),
    "maxout_weights_swapped": (
        "in dx, each piece uses the weights of the other.",
        "Look at the lines that compute dx.",
    ),
    "dout_squared": ("dout is used twice;", "multiply the slope by it once."),
    "maxout_one_gets_all": (
        "one of the pieces gets the whole dout;",
        "each piece should get only its own part of dout.",
    ),
    "tanh_doubled": (
        "the derivative of out² with respect to out is used in place of the square:",
        "the slope should be 1 - out².",
    ),
    "elu_slope_alpha_output": ("where x is negative, the slope is alpha times out;", "it should be out + alpha."),
}

WRONG = [
    *mistakes(
        "sigmoid_forward",
        ("sigmoid_sign", "1 / (1 + np.exp(np.minimum(x, 700)))"),
        ("sigmoid_scaled_tanh", "np.tanh(x)"),
        ("sigmoid_of_batch", "np.exp(x - x.max()) / np.exp(x - x.max()).sum()"),
        ("sigmoid_slope", "s = 0.5 + 0.5 * np.tanh(x / 2)\nreturn s * (1 - s), s"),
        ("sigmoid_half", "0.5 + 0.5 * np.tanh(x / 4)"),
        ("sigmoid_double", "0.5 + 0.5 * np.tanh(x)"),
    ),
    *mistakes(
        "sigmoid_forward",
        ("exp_far_out", "np.exp(x) / (1 + np.exp(x))"),
        ("mutation", "x *= 0.5\nreturn 0.5 + 0.5 * np.tanh(x), x"),
        ("", "1 / (2 + np.exp(-np.maximum(x, -700)))"),
        kind=wrong,
    ),
    known("sigmoid_backward", "dout_ignored", function("sigmoid_backward", "out * (1 - out)")),
    known(
        "sigmoid_backward",
        "sigmoid_of_input",
        function("sigmoid_forward", "return 0.5 + 0.5 * np.tanh(x / 2), x")
        + function("sigmoid_backward", "dout * out * (1 - out)"),
    ),
    *mistakes(
        "sigmoid_backward",
        ("sigmoid_output_only", "dout * out"),
        ("sigmoid_rest_only", "dout * (1 - out)"),
        ("sigmoid_twice", f"s = {SIGMA}\nreturn dout * s * (1 - s)"),
        ("sigmoid_for_tanh", "dout * (1 - out**2)"),
        ("sigmoid_square", "dout * (1 - out) ** 2"),
    ),
    *mistakes(
        "sigmoid_backward",
        ("sign", "dout * out * (out - 1)"),
        ("one_example", "dout * out * (1 - out) if len(out) > 1 else (dout * out * (1 - out))[0]"),
        kind=wrong,
    ),
    *mistakes(
        "tanh_forward",
        ("tanh_is_sigmoid", "0.5 + 0.5 * np.tanh(x / 2)"),
        ("tanh_half", "np.tanh(x / 2)"),
        ("tanh_double", "np.tanh(2 * x)"),
        ("tanh_slope", "1 - np.tanh(x) ** 2"),
        ("tanh_trigonometric", "np.tan(x)"),
        ("tanh_inverse", "np.arctan(x)"),
    ),
    *mistakes(
        "tanh_forward",
        ("exp_far_out", "(np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))"),
        ("mutation", "np.tanh(x, out=x)"),
        kind=wrong,
    ),
    *mistakes(
        "tanh_backward",
        ("dout_ignored", "1 - out**2"),
        ("tanh_square_missing", "dout * (1 - out)"),
    ),
    known(
        "tanh_backward",
        "tanh_of_input",
        function("tanh_forward", "return np.tanh(x), x") + function("tanh_backward", "dout * (1 - out**2)"),
    ),
    *mistakes(
        "tanh_backward",
        ("tanh_twice", "dout * (1 - np.tanh(out) ** 2)"),
        ("tanh_for_sigmoid", "dout * out * (1 - out)"),
        ("tanh_of_dout", "1 - (dout * out) ** 2"),
    ),
    *mistakes(
        "tanh_backward",
        ("sign", "dout * (out**2 - 1)"),
        kind=wrong,
    ),
    *mistakes(
        "leaky_relu_forward",
        ("slope_ignored", "np.maximum(0.1 * x, x)"),
        ("slope_of_elsewhere", "np.maximum(0.01 * x, x)"),
        ("plain_relu", "np.maximum(0, x)"),
        ("slope_everywhere", "slope * x"),
        ("slope_as_constant", "np.where(x > 0, x, slope)"),
        ("slope_subtracted", "np.where(x > 0, x, -slope * x)"),
        ("slope_on_positive", "np.where(x > 0, slope * x, x)"),
    ),
    *mistakes(
        "leaky_relu_forward",
        ("mutation", "x[x < 0] *= slope\nreturn x, (x, slope)"),
        kind=wrong,
    ),
    *mistakes(
        "leaky_relu_backward",
        ("slope_ignored", "np.where(x > 0, dout, 0.1 * dout)"),
        ("slope_of_elsewhere", "np.where(x > 0, dout, 0.01 * dout)"),
        ("plain_relu", "dout * (x > 0)"),
        ("dout_ignored", "np.where(x > 0, 1.0, slope)"),
        ("dout_left_out_below", "np.where(x > 0, dout, slope)"),
        ("slope_of_dout", "np.where(dout > 0, dout, slope * dout)"),
        ("slope_on_positive", "np.where(x > 0, slope * dout, dout)"),
        ("times_input", "dout * np.where(x > 0, x, slope * x)"),
    ),
    *mistakes(
        "elu_forward",
        ("alpha_ignored", f"np.where(x > 0, x, {LOW} - 1)"),
        ("elu_not_shifted", f"np.where(x > 0, x, alpha * {LOW})"),
        ("alpha_on_exp_only", f"np.where(x > 0, x, alpha * {LOW} - 1)"),
        ("elu_exp_of_minus", "np.where(x > 0, x, alpha * (np.exp(-np.minimum(x, 0)) - 1))"),
        ("alpha_everywhere", f"alpha * np.where(x > 0, x, {LOW} - 1)"),
        ("alpha_in_exponent", "np.where(x > 0, x, np.exp(alpha * np.minimum(x, 0)) - 1)"),
        ("plain_relu", "np.maximum(x, 0)"),
        ("elu_as_leaky", "np.where(x > 0, x, alpha * x)"),
        ("elu_sign", f"np.where(x > 0, x, alpha * (1 - {LOW}))"),
    ),
    *mistakes(
        "elu_forward",
        ("exp_far_out", "(x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)"),
        kind=wrong,
    ),
    *mistakes(
        "elu_backward",
        ("alpha_ignored", f"dout * np.where(x > 0, 1, {LOW})"),
        ("elu_slope_is_output", "dout * np.where(x > 0, 1, out)"),
        ("elu_slope_output_plus_one", "dout * np.where(x > 0, 1, out + 1)"),
        ("dout_ignored", "np.where(x > 0, 1, out + alpha)"),
        ("dout_left_out_below", "np.where(x > 0, dout, out + alpha)"),
        ("plain_relu", "dout * (x > 0)"),
        ("elu_slope_times_input", f"dout * np.where(x > 0, x, alpha * {LOW})"),
        ("elu_slope_is_alpha", "dout * np.where(x > 0, 1, alpha)"),
        ("elu_exp_of_output", "dout * np.where(x > 0, 1, alpha * np.exp(np.minimum(out, 0)))"),
    ),
    *mistakes(
        "elu_backward",
        ("exp_far_out", "dout * ((x > 0) + (x <= 0) * alpha * np.exp(x))"),
        kind=wrong,
    ),
    *mistakes(
        "maxout_forward",
        ("bias_missing", ROWS + "return np.maximum(r @ w1, r @ w2), 0"),
        ("maxout_one_bias", ROWS + "return np.maximum(r @ w1, r @ w2) + b1, 0"),
        ("maxout_adds", ROWS + "return r @ w1 + b1 + r @ w2 + b2, 0"),
        ("maxout_minimum", ROWS + "return np.minimum(r @ w1 + b1, r @ w2 + b2), 0"),
        ("maxout_first_only", ROWS + "return r @ w1 + b1, 0"),
        ("maxout_second_only", ROWS + "return r @ w2 + b2, 0"),
        ("maxout_with_relu", ROWS + "return np.maximum(np.maximum(r @ w1 + b1, r @ w2 + b2), 0), 0"),
        ("maxout_by_size", ROWS + "a, b = r @ w1 + b1, r @ w2 + b2\nreturn np.where(abs(a) > abs(b), a, b), 0"),
    ),
    *mistakes(
        "maxout_backward",
        ("maxout_biases_get_all", routed(db1="dout.sum(0)", db2="dout.sum(0)")),
        ("maxout_both", routed(one="dout", two="dout")),
        ("maxout_to_smaller", routed(one="dout * ~one", two="dout * one")),
        ("maxout_by_sign", routed(one="dout * (a > 0)", two="dout * (b > 0)")),
        ("maxout_halves", routed(one="dout / 2", two="dout / 2")),
        ("maxout_dx_of_first", routed(dx="one @ w1.T")),
        ("maxout_dx_of_second", routed(dx="two @ w2.T")),
        ("dx_not_reshaped", routed().replace(".reshape(x.shape)", "")),
        ("dout_ignored", routed(one="1.0 * one", two="1.0 * ~one")),
    ),
    *mistakes(
        "maxout_backward",
        ("maxout_tie_twice", routed(one="dout * (a >= b)", two="dout * (b >= a)")),
        ("maxout_tie_lost", routed(one="dout * (a > b)", two="dout * (b > a)")),
        kind=wrong,
    ),
    # further ways
    *mistakes(
        "sigmoid_forward",
        ("one_missing", "1 / np.exp(np.minimum(-x, 700))"),
        ("denominator_sign", "1 / (1 - np.exp(np.minimum(-x, 700)))"),
        ("not_inverted", "1 + np.exp(np.minimum(-x, 700))"),
    ),
    *mistakes(
        "sigmoid_backward",
        ("precedence", "dout * out * 1 - out"),
        ("precedence", "dout * out - out**2"),
        ("slope_with_plus", "dout * out * (1 + out)"),
        ("sigmoid_output_only", "dout * out**2"),
        ("dout_squared", "dout**2 * out * (1 - out)"),
    ),
    *mistakes(
        "tanh_forward",
        ("tanh_not_shifted", "1 + np.tanh(x)"),
        ("tanh_not_shifted", "0.5 + 0.5 * np.tanh(x)"),
        ("tanh_slope", "1 / np.cosh(np.clip(x, -700, 700))"),
    ),
    *mistakes(
        "tanh_backward",
        ("precedence", "dout * 1 - out**2"),
        ("precedence", "1 - dout * out**2"),
        ("tanh_slope_with_plus", "dout * (1 + out**2)"),
        ("tanh_slope_of_difference", "dout * (1 - out) ** 2"),
        ("tanh_square_missing", "dout * out**2"),
        ("dout_squared", "dout**2 * (1 - out**2)"),
    ),
    *mistakes(
        "leaky_relu_forward",
        ("leaky_adds", "np.maximum(x, 0) + slope * x"),
        ("slope_for_input", "np.maximum(x, slope)"),
        ("slope_for_input", "np.where(x > 0, x, -slope)"),
        ("slope_for_input", "np.where(x > 0, x, x + slope)"),
    ),
    *mistakes(
        "leaky_relu_backward",
        ("leaky_adds", "dout * ((x > 0) + slope)"),
        ("slope_times_input", "dout * np.where(x > 0, 1, slope * x)"),
        ("slope_everywhere_backward", "dout * slope"),
        ("slope_subtracted_backward", "np.where(x > 0, dout, -slope * dout)"),
    ),
    *mistakes(
        "elu_forward",
        ("elu_bends_everywhere", "alpha * np.expm1(np.minimum(x, 700))"),
        ("elu_bends_positive", "np.where(x < 0, x, alpha * np.expm1(np.minimum(x, 700)))"),
        ("leaky_adds", "np.maximum(x, 0) + alpha * x"),
        ("elu_adds", f"x + alpha * ({LOW} - 1)"),
    ),
    *mistakes(
        "elu_backward",
        ("dout_squared", f"dout * np.where(x > 0, 1, dout * alpha * {LOW})"),
        ("elu_slope_times_input_below", f"dout * np.where(x > 0, 1, alpha * x * {LOW})"),
        ("elu_slope_shifted", f"dout * np.where(x > 0, 1, alpha * {LOW} + alpha)"),
        ("elu_bends_everywhere", "dout * alpha * np.exp(np.minimum(x, 700))"),
        ("elu_bends_positive", "dout * np.where(x < 0, 1, alpha * np.exp(np.minimum(x, 700)))"),
    ),
    *mistakes(
        "maxout_forward",
        ("maxout_biases_swapped", ROWS + "return np.maximum(r @ w1 + b2, r @ w2 + b1), 0"),
        ("maxout_same_piece", ROWS + "return np.maximum(r @ w1 + b1, r @ w1 + b2), 0"),
        ("maxout_same_piece", ROWS + "return np.maximum(r @ w2 + b1, r @ w2 + b2), 0"),
        ("maxout_adds", ROWS + "return (r @ w1 + b1 + r @ w2 + b2) / 2, 0"),
    ),
    *mistakes(
        "maxout_backward",
        (
            "maxout_weights_get_all",
            routed().replace("rows.T @ one", "rows.T @ dout").replace("rows.T @ two", "rows.T @ dout"),
        ),
        ("maxout_dx_gets_all", routed(dx="dout @ (w1 + w2).T")),
        ("maxout_weights_swapped", routed(dx="one @ w2.T + two @ w1.T")),
        ("maxout_dx_of_first", routed(dx="dout @ w1.T")),
        ("maxout_by_sign", routed(one="dout * (dout > 0)", two="dout * (dout <= 0)")),
    ),
    *mistakes(
        "maxout_backward", ("maxout_one_gets_all", routed(one="dout")), ("maxout_one_gets_all", routed(two="dout"))
    ),
    *mistakes("tanh_backward", ("tanh_doubled", "dout * (1 - 2 * out)")),
    *mistakes("elu_backward", ("elu_slope_alpha_output", "dout * np.where(x > 0, 1, alpha * out)")),
    *mistakes("leaky_relu_backward", ("slope_times_input", "np.where(x > 0, dout, slope * x)")),
    *mistakes("sigmoid_backward", ("added_for_multiplied", "dout + out * (1 - out)"), kind=wrong),
    *mistakes("tanh_backward", ("added_for_multiplied", "dout + (1 - out**2)"), kind=wrong),
]

RIGHT = [
    *ways(
        "sigmoid_forward",
        ("by tanh", "0.5 * (1 + np.tanh(0.5 * x))"),
        (
            "a mask",
            "e = np.exp(-abs(x))\nout = np.empty_like(x)\nm = x >= 0\n"
            "out[m] = 1 / (1 + e[m])\nout[~m] = e[~m] / (1 + e[~m])\nreturn out, out",
        ),
        ("clipped", "1 / (1 + np.exp(-np.clip(x, -80, 80)))"),
        ("float32", "(0.5 * (1 + np.tanh(0.5 * x))).astype(np.float32)"),
        ("by logaddexp", "np.exp(-np.logaddexp(0, -x))"),
    ),
    *ways(
        "sigmoid_backward",
        ("a difference", "dout * (out - out**2)"),
        ("in place on its own", "dx = dout * out\ndx *= 1 - out\nreturn dx"),
        ("einsum", "np.einsum('...,...,...->...', dout, out, 1 - out)"),
    ),
    *ways(
        "tanh_forward",
        ("a sigmoid", "2 / (1 + np.exp(-2 * np.clip(x, -40, 40))) - 1"),
        ("sinh over cosh", "z = np.clip(x, -50, 50)\nreturn (o := np.sinh(z) / np.cosh(z)), o"),
        ("float32", "np.tanh(x.astype(np.float32))"),
    ),
    *ways(
        "tanh_backward",
        ("product", "dout * (1 - out) * (1 + out)"),
        ("np.square", "np.multiply(dout, 1 - np.square(out))"),
        ("a difference", "dout - dout * out * out"),
    ),
    *ways(
        "leaky_relu_forward",
        ("the formula", "np.maximum(slope * x, x)"),
        ("two parts", "np.maximum(x, 0) + slope * np.minimum(x, 0)"),
        ("a copy", "out = x.copy()\nout[out < 0] *= slope\nreturn out, (x, slope)"),
    ),
    *ways(
        "leaky_relu_backward",
        ("factors", "dout * np.where(x >= 0, 1, slope)"),
        ("sums of masks", "dout * (x > 0) + slope * dout * (x <= 0)"),
        ("a copy", "dx = dout.copy()\ndx[x < 0] *= slope\nreturn dx"),
    ),
    *ways(
        "elu_forward",
        ("two parts", "np.maximum(x, 0) + alpha * np.expm1(np.minimum(x, 0))"),
        ("a mask", "out = x.copy()\nm = x < 0\nout[m] = alpha * (np.exp(x[m]) - 1)\nreturn out, (x, out, alpha)"),
        ("clipped", f"np.where(x >= 0, x, alpha * ({LOW} - 1))"),
    ),
    *ways(
        "elu_backward",
        ("exp again", f"dout * np.where(x >= 0, 1, alpha * {LOW})"),
        ("a mask", "dx = dout.copy()\nm = x < 0\ndx[m] *= alpha * np.exp(x[m])\nreturn dx"),
        ("by the sign of out", "dout * np.where(out > 0, 1.0, out + alpha)"),
    ),
    *ways(
        "maxout_forward",
        ("stacked", ROWS + "return np.stack([r @ w1 + b1, r @ w2 + b2]).max(axis=0), 0"),
        ("where", ROWS + "a, b = r @ w1 + b1, r @ w2 + b2\nreturn np.where(a > b, a, b), 0"),
        ("half of sum and distance", ROWS + "a, b = r @ w1 + b1, r @ w2 + b2\nreturn (a + b + abs(a - b)) / 2, 0"),
    ),
    *ways(
        "maxout_backward",
        ("a tie goes to the second", routed(one="dout * (a > b)", two="dout * (b >= a)")),
        ("a tie is halved", routed(one="dout * ((a > b) + 0.5 * (a == b))", two="dout * ((b > a) + 0.5 * (a == b))")),
        ("einsum", routed(dx="np.einsum('nm,dm->nd', one, w1) + np.einsum('nm,dm->nd', two, w2)")),
    ),
    # Right as documented, but fragile
    *ways("sigmoid_forward", ("numpy warns of an overflow", "1 / (1 + np.exp(-x))"), kind=fragile),
    *ways("elu_forward", ("numpy warns of an overflow", "np.where(x >= 0, x, alpha * (np.exp(x) - 1))"), kind=fragile),
    *ways(
        "elu_backward", ("numpy warns of an overflow", "dout * np.where(x >= 0, 1, alpha * np.exp(x))"), kind=fragile
    ),
    *ways("sigmoid_backward", ("dout is changed in place", "dout *= out * (1 - out)\nreturn dout"), kind=fragile),
    *ways(
        "tanh_forward",
        ("grows with the size", "out = np.array([np.tanh(row) for row in x])\nreturn out, out"),
        kind=fragile,
    ),
]
