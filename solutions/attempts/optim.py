"""Attempts at the update rules and at max-norm."""

from textwrap import indent

from solutions.attempts import fragile, known, right, wrong

DEFAULTS = {
    "sgd": {"learning_rate": 1e-2},
    "sgd_momentum": {"learning_rate": 1e-2, "momentum": 0.9},
    "rmsprop": {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8},
    "adam": {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0},
}


def rule(name: str, body: str, given: str = "") -> str:
    """Return the code of an update rule: the lines that set the defaults, then `given`, then the body."""
    lines = ["if config is None:", "    config = {}"]
    lines += [f"config.setdefault({key!r}, {value!r})" for key, value in DEFAULTS[name].items()]
    return f"def {name}(w, dw, config=None):\n" + indent("\n".join([*lines, given, body.strip()]), "    ")


def sgd(body: str) -> str:
    return rule("sgd", body)


def momentum(
    speed="config['momentum'] * v - config['learning_rate'] * dw", step="w + v", keep="config['velocity'] = v"
) -> str:
    """Return the code of sgd_momentum, with some of its lines replaced."""
    given = "v = config.get('velocity', np.zeros_like(w))"
    return rule("sgd_momentum", f"v = {speed}\nnext_w = {step}\n{keep}\nreturn next_w, config", given)


def rmsprop(
    mean="config['decay_rate'] * config['cache'] + (1 - config['decay_rate']) * dw**2",
    step="w - config['learning_rate'] * dw / (np.sqrt(cache) + config['epsilon'])",
    keep="config['cache'] = cache",
    begin="",
) -> str:
    """Return the code of rmsprop, with some of its lines replaced."""
    given = "config.setdefault('cache', np.zeros_like(w))"
    return rule("rmsprop", f"{begin}\ncache = {mean}\nnext_w = {step}\n{keep}\nreturn next_w, config", given)


def adam(
    count="config['t'] += 1",
    t="config['t']",
    m="b1 * config['m'] + (1 - b1) * dw",
    v="b2 * config['v'] + (1 - b2) * dw**2",
    keep="config['m'], config['v'] = m, v",
    mt="m / (1 - b1**t)",
    vt="v / (1 - b2**t)",
    step="w - config['learning_rate'] * mt / (np.sqrt(vt) + config['epsilon'])",
    last="",
) -> str:
    """Return the code of adam, with some of its lines replaced."""
    given = "config.setdefault('m', np.zeros_like(w))\nconfig.setdefault('v', np.zeros_like(w))"
    body = f"""
b1, b2 = config['beta1'], config['beta2']
{count}
t = {t}
m = {m}
v = {v}
{keep}
mt = {mt}
vt = {vt}
next_w = {step}
{last}
return next_w, config
"""
    return rule("adam", body, given)


def max_norm(body: str) -> str:
    return "def max_norm(W, limit):\n" + indent(body.strip(), "    ")


GLOBAL = """
speeds = {}
def sgd_momentum(w, dw, config=None):
    config = {} if config is None else config
    config.setdefault("learning_rate", 1e-2)
    config.setdefault("momentum", 0.9)
    speeds[w.shape] = config["momentum"] * speeds.get(w.shape, 0) - config["learning_rate"] * dw
    return w + speeds[w.shape], config
"""
ONE_CONFIG = "STATE = {}\n" + adam().replace("config = {}", "config = STATE")
LENGTHS = "lengths = np.linalg.norm(W, axis=0)\n"

CAUSES = {
    # update rules
    "step_missing": ("w does not change:", "the step is not taken, or goes into a copy that is not returned."),
    "rate_hard_coded": ("the learning rate is a fixed number;", 'use config["learning_rate"].'),
    "shared_state": (
        "what the rule remembers for one parameter affects another:",
        "keep it in the config that is passed in, and create a new dictionary when that is None.",
    ),
    "becomes_double": (
        "the numbers are right, but a float32 w comes back as float64, which takes twice the memory:",
        "keep hyperparameters as Python floats, and new arrays in w's dtype.",
    ),
    "zero_gradient": (
        "it is right except for entries whose gradient is 0:",
        "is epsilon in the denominator, where it prevents 0 / 0?",
    ),
    "velocity_forgotten": (
        "the velocity starts from 0 in every step, so this is plain sgd:",
        "put the new velocity into config.",
    ),
    "velocity_averaged": (
        "the gradient is multiplied by 1 - momentum;",
        "v should contain it in full: v = momentum * v - learning_rate * dw.",
    ),
    "velocity_without_rate": (
        "the learning rate multiplies the velocity, so the steps are right only while the rate is constant;",
        "it should multiply dw inside the velocity, so that a new rate does not change the velocity built up so far.",
    ),
    "velocity_sign": (
        "the velocity is stored with the opposite sign, which works only as long as nothing else sets it;",
        "v should be momentum * v - learning_rate * dw, and the new w should be w + v.",
    ),
    "nesterov": ("this is Nesterov's form, with a look-ahead;", "the new w should be w + v, without it."),
    "rate_twice": (
        "the learning rate is applied twice, because the velocity contains it already:",
        "v should be momentum * v - learning_rate * dw, and the new w should be w + v.",
    ),
    "momentum_left_out": ("the old velocity is kept in full;", "multiply it by momentum."),
    "root_left_out": ("the root is missing:", "divide by the square root of the running mean of squares."),
    "root_not_divided": ("the step is multiplied by the root;", "divide it by the root."),
    "squares_left_out": (
        "the running mean under the root is not a mean of squares;",
        "it should be the running mean of dw².",
    ),
    "decay_swapped": (
        "a factor in the running mean is wrong:",
        "multiply the old mean by decay_rate, and dw² by 1 - decay_rate.",
    ),
    "squares_summed": (
        "the squares add up forever, as in AdaGrad;",
        "rmsprop should multiply the old mean by decay_rate first.",
    ),
    "share_left_out": (
        "the new part of a running mean has no factor, or the wrong one:",
        "in rmsprop it should be 1 - decay_rate, in adam 1 - beta1 for m and 1 - beta2 for v.",
    ),
    "cache_late": ("the step uses the running mean from before this gradient:", "update the mean first."),
    "cache_forgotten": ("the running mean starts from 0 in every step:", "put the new mean into config."),
    "means_forgotten": ("m and v start from 0 in every step:", "put the new m and v into config."),
    "first_mean_forgotten": (
        "m starts from 0 in every step:",
        "put the new m, beta1 * m + (1 - beta1) * dw, into config.",
    ),
    "second_mean_forgotten": (
        "v starts from 0 in every step:",
        "put the new v, beta2 * v + (1 - beta2) * dw², into config.",
    ),
    "epsilon_missing": (
        "without epsilon, 0 / 0 gives nan where all gradients so far are 0.",
        "Look at the denominator.",
    ),
    "epsilon_elsewhere": (
        "the denominator is not quite that of the formula:",
        "it should be the root of the mean of squares (in adam, corrected) plus epsilon, and nothing else.",
    ),
    "epsilon_ignored": (
        "the denominator should be the root plus the epsilon from config.",
        "Look at what is added, and where.",
    ),
    "t_late": (
        "t is 0 in the first correction, which divides by 1 - beta^0 = 0:",
        "increment t first, and write it back to config.",
    ),
    "t_stays_one": (
        "the corrections of the first step are used in every step:",
        "write the incremented t back to config, and raise beta to the power t.",
    ),
    "t_ahead": ("t is 2 in the first correction:", "it counts the steps, including this one, so it should be 1."),
    "correction_missing": (
        "the means are not corrected for starting at zero:",
        "use m / (1 - beta1^t) and v / (1 - beta2^t).",
    ),
    "correction_of_m_only": ("only m is corrected for starting at zero:", "v / (1 - beta2^t) is missing."),
    "correction_of_v_only": ("only v is corrected for starting at zero:", "m / (1 - beta1^t) is missing."),
    "corrected_kept": ("a corrected mean is written to config;", "keep m and v themselves."),
    "betas_swapped": ("beta1 and beta2 are swapped:", "beta1 belongs to m, beta2 to v."),
    # max-norm
    "rows_for_columns": ("rows are scaled;", "the weights into one unit are a column, so sum along axis=0."),
    "norm_of_all": ("all of W is scaled by one number;", "each column should have a factor of its own."),
    "entries_clipped": ("the entries are clipped;", "limit the length of each column instead."),
    "lengthened": ("columns shorter than the limit are changed too;", "leave them as they are."),
    "length_squared": ("the root is missing:", "a column's length should be the root of its sum of squares."),
    "l1_lengths": (
        "the length of a column is computed from absolute values;",
        "it should be the root of the sum of squares.",
    ),
    "limit_as_factor": ("long columns are multiplied by the limit;", "divide them by their length too."),
    "scaled_to_one": ("long columns get length 1;", "they should be as long as the limit."),
    "projection_missing": ("W comes back unchanged:", "shorten the columns that are longer than the limit."),
    "zero_column": ("it is right except for a column of zeros:", "its length is 0, so do not divide by it."),
    "one_row": ("it works for several rows, but not for a single one:", "does a squeeze() or reshape drop an axis?"),
    "settings_overwritten": (
        "the rule changes a setting in config:",
        "put the value that is computed from it into a separate variable.",
    ),
    "step_is_product": ("the gradient is multiplied by w;", "the step should be learning_rate * dw."),
    "rate_on_weights": ("learning_rate multiplies w;", "it should multiply only dw."),
    "velocity_late": ("the step uses the old velocity, without this gradient;", "update v first, then add it to w."),
    "momentum_on_all": (
        "momentum multiplies the gradient term too, in v or in the step:",
        "v should be momentum * v - learning_rate * dw, and the new w should be w + v.",
    ),
    "momentum_complement": ("the old velocity is multiplied by 1 - momentum;", "multiply it by momentum."),
    "rate_left_out": (
        "the learning rate is missing:",
        "it should multiply the gradient, or the step computed from it.",
    ),
    "velocity_signs": (
        "the old velocity or the gradient has the wrong sign.",
        "Look at the signs in v and in the new w.",
    ),
    "gradient_squared": (
        "the numerator of the step contains a square;",
        "squares belong only in the mean under the root.",
    ),
    "squares_of_weights": ("the running mean of squares is computed from w;", "it should be computed from dw."),
    "means_late": ("the step uses the old means, without this gradient:", "update them first."),
    "first_share_left_out": ("dw is not multiplied by 1 - beta1 in m.", "Look at the second term of m."),
    "second_share_left_out": ("dw² is not multiplied by 1 - beta2 in v.", "Look at the second term of v."),
    "first_shares_swapped": ("the two factors in m are swapped:", "multiply the old m by beta1, and dw by 1 - beta1."),
    "second_shares_swapped": (
        "the two factors in v are swapped:",
        "multiply the old v by beta2, and dw² by 1 - beta2.",
    ),
    "shares_swapped": (
        "the two factors are swapped, in m and in v:",
        "multiply the old m by beta1 and dw by 1 - beta1, and the old v by beta2 and dw² by 1 - beta2.",
    ),
    "correction_by_product": (
        "the correction has beta * t where it should have beta to the power t.",
        "Use ** for powers.",
    ),
    "correction_multiplied": ("the means are multiplied by 1 - beta^t;", "divide them by it."),
    "correction_betas_swapped": (
        "a correction uses the wrong beta:",
        "1 - beta1^t belongs to m, and 1 - beta2^t to v.",
    ),
    "correction_with_plus": ("the correction has 1 + beta^t;", "it should have 1 - beta^t."),
    "correction_precedence": (
        "m / 1 - beta^t is read as (m / 1) - beta^t:",
        "put 1 - beta^t in parentheses.",
    ),
    "t_twice": ("t is incremented twice in each step.", "Look for config['t'] += 1."),
    "first_mean_not_used": ("the step is computed from dw itself;", "compute it from the corrected m."),
    "gradient_twice": ("the gradient is used in v and once more in the step;", "the new w should be w + v."),
}

WRONG = [
    known("sgd", "ascends", sgd("return w + config['learning_rate'] * dw, config")),
    known("sgd", "step_missing", sgd("next_w = w - config['learning_rate'] * dw\nreturn w, config")),
    known("sgd", "rate_ignored", sgd("return w - dw, config")),
    known("sgd", "rate_hard_coded", sgd("return w - 1e-2 * dw, config")),
    wrong("sgd", "mutation", sgd("dw *= config['learning_rate']\nreturn w - dw, config")),
    wrong("sgd", "returns_none", sgd("w -= config['learning_rate'] * dw")),
    wrong("sgd", "result_missing", sgd("return w - config['learning_rate'] * dw")),
    wrong(
        "sgd",
        "settings_overwritten",
        sgd("config['learning_rate'] *= 0.9\nreturn w - config['learning_rate'] * dw, config"),
    ),
    known("sgd_momentum", "ascends", momentum(step="w - v")),
    known("sgd_momentum", "velocity_forgotten", momentum(keep="")),
    known(
        "sgd_momentum",
        "velocity_averaged",
        momentum("config['momentum'] * v + (1 - config['momentum']) * dw", "w - config['learning_rate'] * v"),
    ),
    wrong(
        "sgd_momentum",
        "velocity_averaged",
        momentum("config['momentum'] * v - (1 - config['momentum']) * config['learning_rate'] * dw"),
    ),
    known(
        "sgd_momentum",
        "nesterov",
        momentum(step="w + config['momentum'] * v - config['learning_rate'] * dw"),
    ),
    known("sgd_momentum", "rate_twice", momentum(step="w + config['learning_rate'] * v")),
    known("sgd_momentum", "momentum_left_out", momentum("v - config['learning_rate'] * dw")),
    known("sgd_momentum", "step_missing", momentum(step="w")),
    wrong("sgd_momentum", "shared_state", GLOBAL),
    known("rmsprop", "ascends", rmsprop(step="w + config['learning_rate'] * dw / (np.sqrt(cache) + 1e-8)")),
    known("rmsprop", "root_left_out", rmsprop(step="w - config['learning_rate'] * dw / (cache + config['epsilon'])")),
    known(
        "rmsprop",
        "root_not_divided",
        rmsprop(step="w - config['learning_rate'] * dw * (np.sqrt(cache) + config['epsilon'])"),
    ),
    known(
        "rmsprop",
        "squares_left_out",
        rmsprop("config['decay_rate'] * config['cache'] + (1 - config['decay_rate']) * dw"),
    ),
    known(
        "rmsprop",
        "decay_swapped",
        rmsprop("config['decay_rate'] * dw**2 + (1 - config['decay_rate']) * config['cache']"),
    ),
    known("rmsprop", "squares_summed", rmsprop("config['cache'] + dw**2")),
    known("rmsprop", "share_left_out", rmsprop("config['decay_rate'] * config['cache'] + dw**2")),
    known("rmsprop", "cache_forgotten", rmsprop(keep="")),
    known(
        "rmsprop",
        "cache_late",
        rmsprop(step="w - config['learning_rate'] * dw / (np.sqrt(config['cache']) + config['epsilon'])"),
    ),
    known("rmsprop", "epsilon_missing", rmsprop(step="w - config['learning_rate'] * dw / np.sqrt(cache)")),
    known("rmsprop", "step_missing", rmsprop(step="w")),
    wrong("rmsprop", "epsilon_ignored", rmsprop(step="w - config['learning_rate'] * dw / (np.sqrt(cache) + 1e-8)")),
    wrong("rmsprop", "mutation", rmsprop(keep="config['cache'] = cache\ndw[...] = 0")),
    known("adam", "ascends", adam(step="w + config['learning_rate'] * mt / (np.sqrt(vt) + config['epsilon'])")),
    known("adam", "t_late", adam(count="", last="config['t'] += 1")),
    wrong("adam", "t_late", adam(count="")),
    known("adam", "t_stays_one", adam(count="", t="config['t'] + 1")),
    known("adam", "t_ahead", adam(t="config['t'] + 1")),
    known("adam", "correction_missing", adam(mt="m", vt="v")),
    known("adam", "correction_of_m_only", adam(vt="v")),
    known("adam", "correction_of_v_only", adam(mt="m")),
    known("adam", "corrected_kept", adam(last="config['m'], config['v'] = mt, vt")),
    known(
        "adam", "betas_swapped", adam().replace("config['beta1'], config['beta2']", "config['beta2'], config['beta1']")
    ),
    known("adam", "root_left_out", adam(step="w - config['learning_rate'] * mt / (vt + config['epsilon'])")),
    known("adam", "squares_left_out", adam(v="b2 * config['v'] + (1 - b2) * dw")),
    known("adam", "means_forgotten", adam(keep="")),
    known("adam", "share_left_out", adam(m="b1 * config['m'] + dw", v="b2 * config['v'] + dw**2")),
    known("adam", "epsilon_missing", adam(step="w - config['learning_rate'] * mt / np.sqrt(vt)")),
    known("adam", "step_missing", adam(step="w")),
    wrong(
        "adam",
        "shared_state",
        ONE_CONFIG,
    ),
    wrong("adam", "epsilon_ignored", adam(step="w - config['learning_rate'] * mt / (np.sqrt(vt) + 1e-6)")),
    wrong(
        "adam",
        "epsilon_ignored",
        adam(step="w - config['learning_rate'] * mt / (np.sqrt(vt + 1e-4) + config['epsilon'])"),
    ),
    known(
        "max_norm",
        "rows_for_columns",
        max_norm("lengths = np.linalg.norm(W, axis=1, keepdims=True)\nreturn W / np.maximum(lengths / limit, 1)"),
    ),
    known("max_norm", "norm_of_all", max_norm("return W * min(1, limit / np.linalg.norm(W))")),
    known("max_norm", "entries_clipped", max_norm("return np.clip(W, -limit, limit)")),
    known("max_norm", "lengthened", max_norm("return W * limit / np.maximum(np.linalg.norm(W, axis=0), 1e-12)")),
    known(
        "max_norm",
        "length_squared",
        max_norm("lengths = np.sum(W**2, axis=0)\nreturn W * np.minimum(1, limit / np.maximum(lengths, 1e-12))"),
    ),
    known("max_norm", "l1_lengths", max_norm("return W / np.maximum(np.sum(np.abs(W), axis=0) / limit, 1)")),
    known("max_norm", "limit_as_factor", max_norm(LENGTHS + "return np.where(lengths > limit, limit * W, W)")),
    known(
        "max_norm",
        "scaled_to_one",
        max_norm(LENGTHS + "return np.where(lengths > limit, W / np.maximum(lengths, 1e-12), W)"),
    ),
    known("max_norm", "projection_missing", max_norm(LENGTHS + "W / np.maximum(lengths / limit, 1)\nreturn W")),
    wrong(
        "max_norm", "zero_column", max_norm(LENGTHS + "return W * np.where(lengths > limit, limit, lengths) / lengths")
    ),
    wrong("max_norm", "mutation", max_norm(LENGTHS + "W *= limit / np.maximum(lengths, limit)\nreturn W")),
    wrong("max_norm", "returns_none", max_norm(LENGTHS + "W = W * limit / np.maximum(lengths, limit)")),
    # further ways
    wrong("sgd", "other_default", sgd("return w - config['learning_rate'] * dw, config").replace("0.01", "0.001")),
    known("sgd", "step_is_product", sgd("return w - config['learning_rate'] * dw * w, config")),
    known("sgd", "rate_on_weights", sgd("return config['learning_rate'] * w - dw, config")),
    known("sgd", "rate_on_weights", sgd("return config['learning_rate'] * (w - dw), config")),
    known("sgd_momentum", "velocity_late", momentum(step="w + config.get('velocity', 0)")),
    known("sgd_momentum", "momentum_on_all", momentum("config['momentum'] * (v - config['learning_rate'] * dw)")),
    known(
        "sgd_momentum", "momentum_complement", momentum("(1 - config['momentum']) * v - config['learning_rate'] * dw")
    ),
    known("sgd_momentum", "rate_left_out", momentum("config['momentum'] * v - dw")),
    known(
        "sgd_momentum",
        "velocity_signs",
        momentum("config['momentum'] * v + config['learning_rate'] * dw", "w - v", "config['velocity'] = -v"),
    ),
    known(
        "sgd_momentum",
        "velocity_signs",
        momentum(step="w - config['momentum'] * config.get('velocity', 0) - config['learning_rate'] * dw"),
    ),
    known("sgd_momentum", "rate_twice", momentum("config['learning_rate'] * (config['momentum'] * v - dw)")),
    wrong("sgd_momentum", "ascends", momentum("config['momentum'] * v + config['learning_rate'] * dw")),
    wrong("sgd_momentum", "argument_ignored", momentum("0.9 * v - config['learning_rate'] * dw")),
    known("rmsprop", "rate_left_out", rmsprop(step="w - dw / (np.sqrt(cache) + config['epsilon'])")),
    known(
        "rmsprop",
        "gradient_squared",
        rmsprop(step="w - config['learning_rate'] * dw**2 / (np.sqrt(cache) + config['epsilon'])"),
    ),
    known(
        "rmsprop",
        "squares_of_weights",
        rmsprop(mean="config['decay_rate'] * config['cache'] + (1 - config['decay_rate']) * w**2"),
    ),
    known("rmsprop", "share_left_out", rmsprop(mean="config['decay_rate'] * (config['cache'] + dw**2)")),
    known("rmsprop", "decay_swapped", rmsprop(mean="(1 - config['decay_rate']) * (config['cache'] + dw**2)")),
    wrong("rmsprop", "argument_ignored", rmsprop(mean="0.99 * config['cache'] + 0.01 * dw**2")),
    wrong("rmsprop", "other_default", rmsprop().replace("0.01", "0.001")),
    known("adam", "rate_left_out", adam(step="w - mt / (np.sqrt(vt) + config['epsilon'])")),
    known(
        "adam", "gradient_squared", adam(step="w - config['learning_rate'] * mt**2 / (np.sqrt(vt) + config['epsilon'])")
    ),
    known("adam", "means_late", adam(keep="(m, config['m']), (v, config['v']) = (config['m'], m), (config['v'], v)")),
    known("adam", "first_share_left_out", adam(m="b1 * config['m'] + dw")),
    known("adam", "second_share_left_out", adam(v="b2 * config['v'] + dw**2")),
    known("adam", "first_shares_swapped", adam(m="(1 - b1) * config['m'] + b1 * dw")),
    known("adam", "second_shares_swapped", adam(v="(1 - b2) * config['v'] + b2 * dw**2")),
    known(
        "adam", "shares_swapped", adam(m="(1 - b1) * config['m'] + b1 * dw", v="(1 - b2) * config['v'] + b2 * dw**2")
    ),
    known("adam", "correction_by_product", adam(mt="m / (1 - b1 * t)", vt="v / (1 - b2 * t)")),
    known("adam", "correction_multiplied", adam(mt="m * (1 - b1**t)", vt="v * (1 - b2**t)")),
    known("adam", "correction_betas_swapped", adam(mt="m / (1 - b2**t)", vt="v / (1 - b1**t)")),
    known("adam", "correction_betas_swapped", adam(vt="v / (1 - b1**t)")),
    known("adam", "correction_betas_swapped", adam(mt="m / (1 - b2**t)")),
    known("adam", "correction_with_plus", adam(mt="m / (1 + b1**t)", vt="v / (1 + b2**t)")),
    known("adam", "correction_precedence", adam(mt="m / 1 - b1**t", vt="v / 1 - b2**t")),
    known("adam", "t_twice", adam(last="config['t'] += 1")),
    known("adam", "squares_of_weights", adam(v="b2 * config['v'] + (1 - b2) * w**2")),
    known("adam", "squares_left_out", adam(v="b2 * config['v'] + (1 - b2) * np.abs(dw)")),
    known(
        "adam", "first_mean_not_used", adam(step="w - config['learning_rate'] * dw / (np.sqrt(vt) + config['epsilon'])")
    ),
    known("adam", "corrected_kept", adam(last="config['m'] = mt")),
    known("adam", "corrected_kept", adam(last="config['v'] = vt")),
    known("adam", "first_mean_forgotten", adam(keep="config['v'] = v")),
    known("adam", "second_mean_forgotten", adam(keep="config['m'] = m")),
    known(
        "adam", "root_not_divided", adam(step="w - config['learning_rate'] * mt * (np.sqrt(vt) + config['epsilon'])")
    ),
    wrong(
        "adam",
        "settings_overwritten",
        adam(step="w - config['learning_rate'] * m / (np.sqrt(v) + config['epsilon'])").replace(
            "mt =", "config['learning_rate'] *= np.sqrt(1 - b2**t) / (1 - b1**t)\n    mt ="
        ),
    ),
    wrong("adam", "other_default", adam().replace("0.001", "0.01")),
    known("max_norm", "entries_clipped", max_norm("return np.minimum(W, limit)")),
    known("max_norm", "lengthened", max_norm("return W / np.maximum(np.linalg.norm(W, axis=0), 1e-12)")),
    known(
        "max_norm",
        "rows_for_columns",
        max_norm("l = np.linalg.norm(W, axis=1, keepdims=True)\nreturn W * limit / np.maximum(l, 1e-12)"),
    ),
    known("max_norm", "l1_lengths", max_norm("return W / np.maximum(np.abs(W).max(axis=0) / limit, 1)")),
    known("sgd_momentum", "gradient_twice", momentum(step="w + v - config['learning_rate'] * dw")),
    known(
        "rmsprop",
        "cache_late",
        rmsprop(step="w - config['learning_rate'] * dw / np.sqrt(config['cache'] + config['epsilon'])"),
    ),
    known("rmsprop", "squares_summed", rmsprop("config['cache'] + (1 - config['decay_rate']) * dw**2")),
]

IN_PLACE = "w -= config['learning_rate'] * dw\nreturn w, config"
PRIVATE_KEY = """
def sgd_momentum(w, dw, config=None):
    config = dict(config or {})
    speed = config.pop("_speed", 0.0)
    speed = config.get("momentum", 0.9) * speed - config.get("learning_rate", 1e-2) * dw
    return w + speed, {"learning_rate": 1e-2, **config, "_speed": speed}
"""
ROOTS = """
def rmsprop(w, dw, config=None):
    config = {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8} | (config or {})
    root = np.hypot(config["decay_rate"] ** 0.5 * config.get("root", 0 * dw), (1 - config["decay_rate"]) ** 0.5 * dw)
    config["root"] = root
    return w - config["learning_rate"] * dw / (root + config["epsilon"]), config
"""
POWERS = """
def adam(w, dw, config=None):
    given = config or {}
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "sums": (0, 0), "powers": (1, 1)}
    config = {**defaults, **given}
    betas = config["beta1"], config["beta2"]
    config["sums"] = [b * s + (1 - b) * g for b, s, g in zip(betas, config["sums"], (dw, dw * dw))]
    config["powers"] = [b * p for b, p in zip(betas, config["powers"])]
    m, v = (s / (1 - p) for s, p in zip(config["sums"], config["powers"]))
    return w - config["learning_rate"] * m / (v**0.5 + config["epsilon"]), config
"""
CAREFUL = "out = np.array(W)\nfor j in range(W.shape[1]):\n    length = np.sqrt(W[:, j] @ W[:, j])\n"

INSIDE = "w - config['learning_rate'] * dw / np.sqrt(cache + config['epsilon'])"
SHORT = "w - config['learning_rate'] * np.sqrt(1 - b2**t) / (1 - b1**t) * m / (np.sqrt(v) + config['epsilon'])"
RIGHT = [
    right("sgd", "a new array", sgd("return w - config['learning_rate'] * dw, config")),
    right("sgd", "in place", sgd(IN_PLACE)),
    right("sgd", "np.subtract", sgd("return np.subtract(w, np.multiply(dw, config['learning_rate'])), config")),
    right("sgd_momentum", "a new array", momentum()),
    right("sgd_momentum", "a key of its own", PRIVATE_KEY),
    right("sgd_momentum", "in place", momentum(step="w.__iadd__(v)")),
    right("rmsprop", "as for the official handouts", rmsprop()),
    right(
        "rmsprop",
        "a power for the root",
        rmsprop(step="w - config['learning_rate'] * dw / (cache**0.5 + config['epsilon'])"),
    ),
    right("rmsprop", "the root is kept", ROOTS),
    right("adam", "as for the official handouts", adam()),
    right("adam", "t counted at the end", adam(count="", t="config['t'] + 1", last="config['t'] += 1")),
    right("adam", "powers of beta for t", POWERS),
    right("max_norm", "np.minimum", max_norm(LENGTHS + "return W * np.minimum(1, limit / np.maximum(lengths, 1e-12))")),
    right(
        "max_norm",
        "long columns only",
        max_norm(LENGTHS + "out = W.copy()\nlong = lengths > limit\nout[:, long] *= limit / lengths[long]\nreturn out"),
    ),
    right(
        "max_norm",
        "a loop",
        max_norm(CAREFUL + "    if length > limit:\n        out[:, j] *= limit / length\nreturn out"),
    ),
    right("max_norm", "einsum", max_norm("return W / np.maximum(np.einsum('ij,ij->j', W, W) ** 0.5 / limit, 1)")),
    # Right as documented, but fragile
    fragile("rmsprop", "The denominator is not quite that of the formula", rmsprop(step=INSIDE)),
    fragile("adam", "The denominator is not quite that of the formula", adam(step=SHORT)),
    fragile(
        "adam",
        "The denominator is not quite that of the formula",
        adam(step="w - config['learning_rate'] * mt / (np.sqrt(vt + 1e-16) + config['epsilon'])"),
    ),
    fragile(
        "rmsprop",
        "The denominator is not quite that of the formula",
        rmsprop(step="w - config['learning_rate'] * dw / (np.sqrt(cache + 1e-15) + config['epsilon'])"),
    ),
    fragile(
        "adam",
        "The denominator is not quite that of the formula",
        adam(step="w - config['learning_rate'] * mt / np.sqrt(vt + config['epsilon'])"),
    ),
    fragile(
        "sgd_momentum",
        "The learning rate multiplies the velocity",
        momentum("config['momentum'] * v - dw", "w + config['learning_rate'] * v"),
    ),
    fragile(
        "sgd_momentum",
        "The velocity is stored with the opposite sign",
        momentum("config['momentum'] * v + config['learning_rate'] * dw", "w - v"),
    ),
    fragile(
        "sgd",
        "float32 w comes back as float64",
        sgd("return w - np.float64(config['learning_rate']) * dw.astype(float), config"),
    ),
]
