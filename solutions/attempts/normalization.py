"""Attempts at batch and layer normalisation of matrices. Most backward passes read the cache of the master."""

from solutions.attempts import fragile, known, right, wrong
from solutions.attempts.layers import function

HEAD = """
mode, eps, momentum = bn_param["mode"], bn_param.get("eps", 1e-5), bn_param.get("momentum", 0.9)
running_mean = bn_param.get("running_mean", np.zeros(x.shape[1], dtype=x.dtype))
running_var = bn_param.get("running_var", np.zeros(x.shape[1], dtype=x.dtype))
cache = None
"""
TEST = "gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta"


def bn(
    mean="x.mean(axis=0)",
    var="x.var(axis=0)",
    root="np.sqrt(var + eps)",
    out="gamma * normalised + beta",
    running_mean="momentum * running_mean + (1 - momentum) * mean",
    running_var="momentum * running_var + (1 - momentum) * var",
    test=TEST,
    last="return out, cache",
) -> str:
    """Return the code of batchnorm_forward, with these expressions and the cache of the master."""
    train = [f"mean = {mean}", f"var = {var}", f"root = {root}", "normalised = (x - mean) / root", f"out = {out}"]
    train += ["cache = normalised, 1 / root, gamma", f"running_mean = {running_mean}", f"running_var = {running_var}"]
    body = [HEAD, "if mode == 'train':", *(f"    {line}" for line in train), f"elif mode == 'test':\n    out = {test}"]
    body += ["else:\n    raise ValueError(mode)", "bn_param['running_mean'] = running_mean"]
    return function("batchnorm_forward(x, gamma, beta, bn_param)", "\n".join([*body, KEEP_VAR, last]))


KEPT_VAR = "momentum * running_var + (1 - momentum) * x.var(axis=0, keepdims=True)"
KEEP_VAR = "bn_param['running_var'] = running_var"


def back(
    dx="gamma * scale * (dout - dbeta / N - normalised * dgamma / N)",
    dgamma="(dout * normalised).sum(0)",
    dbeta="dout.sum(0)",
    name="batchnorm_backward",
    last="return dx, dgamma, dbeta",
) -> str:
    """Return the code of a backward pass, in which `axis` is the axis over which the forward pass normalised."""
    axis = 1 if name == "layernorm_backward" else 0
    lines = ["normalised, scale, gamma = cache", "N, D = dout.shape", f"axis = {axis}"]
    lines += ["def mean(terms):", "    return terms.mean(axis=axis, keepdims=True)", "inner = dout * gamma"]
    return function(
        f"{name}(dout, cache)", "\n".join([*lines, f"dgamma = {dgamma}", f"dbeta = {dbeta}", f"dx = {dx}", last])
    )


def ln(
    mean="x.mean(1, keepdims=True)", var="x.var(1, keepdims=True)", root="np.sqrt(var + eps)", out="gamma * n + beta"
):
    """Return the code of layernorm_forward, with these expressions and the cache of the master."""
    lines = ["eps = ln_param.get('eps', 1e-5)", f"mean, var = {mean}, {var}", f"root = {root}", "n = (x - mean) / root"]
    lines += [f"out = {out}", "return out, (n, 1 / root, gamma)"]
    return function("layernorm_forward(x, gamma, beta, ln_param)", "\n".join(lines))


FORWARD = "batchnorm_forward"
UPDATING_TEST = bn().replace(
    "bn_param['running_mean'] =",
    """if mode == 'test':
        running_mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
        running_var = momentum * running_var + (1 - momentum) * x.var(axis=0)
    bn_param['running_mean'] =""",
)
STEPS = """
normalised, scale, gamma = cache
N = len(dout)
centred = normalised / scale
dnormalised = dout * gamma
dvariance = np.sum(dnormalised * centred * -0.5 * scale ** 3, axis=0)
dmean = np.sum(-dnormalised * scale, axis=0) + dvariance * np.mean(-2 * centred, axis=0)
dx = dnormalised * scale + dvariance * 2 * centred / N + dmean / N
return dx, np.sum(dout * normalised, axis=0), np.sum(dout, axis=0)
"""
MATRIX = """
normalised, scale, gamma = cache
N = len(dout)
dx = np.empty_like(dout)
for d in range(dout.shape[1]):
    n = normalised[:, d]
    dx[:, d] = scale[d] * (np.eye(N) - (1 + np.outer(n, n)) / N) @ dout[:, d] * gamma[d]
return dx, np.einsum('nd,nd->d', dout, normalised), np.ones(N) @ dout
"""
# If eps is added outside the root, the normalised x has a standard deviation below 1, and of 0 where the variance is 0.
SHARE = "np.divide(1, spread, out=np.zeros_like(spread), where=spread > 0)"
KINKED = f"scale * (inner - mean(inner) - normalised * mean(inner * normalised) * {SHARE})"


def kinked(name: str) -> str:
    """Return the code of a backward pass that fits a forward pass with eps outside the root."""
    spread = "    spread = normalised.std(axis=axis, keepdims=True)\n    dgamma ="
    return back(name=name, dx=KINKED).replace("    dgamma =", spread, 1)


NAMES = ("batchnorm_backward", "batchnorm_backward_alt", "layernorm_backward")
DX = "scale * (inner - mean(inner) - normalised * mean(inner * normalised))"


def keeping(kept: str, name: str) -> str:
    """Return the code of a forward pass that keeps an array, and of a backward pass that multiplies dout by it."""
    forward = ln().replace("(n, 1 / root", f"((n, {kept}), 1 / root")
    if name == "batchnorm_backward":
        forward = bn().replace("cache = normalised, 1", f"cache = (normalised, {kept}), 1")
    backward = back(name=name, dx=DX, dgamma=f"(dout * {kept}).sum(0)")
    return forward + backward.replace("normalised, scale, gamma = cache", f"(normalised, {kept}), scale, gamma = cache")


def mistakes_on_the_way_back(name: str) -> list:
    """Return attempts at one of the three backward passes, with mistakes that are possible in each of them."""
    kind = wrong if name == "batchnorm_backward_alt" else known  # its mistakes are those stored for batchnorm_backward

    def told(cause, **changes):
        return kind(name, cause, back(name=name, **({"dx": DX} | changes)))

    return [
        told("both_paths_missing", dx="scale * inner"),
        told("mean_path_missing", dx="scale * (inner - normalised * mean(inner * normalised))"),
        told("variance_path_missing", dx="scale * (inner - mean(inner))"),
        told("variance_path_doubled", dx="scale * (inner - mean(inner) - 2 * normalised * mean(inner * normalised))"),
        told("variance_path_halved", dx="scale * (inner - mean(inner) - 0.5 * normalised * mean(inner * normalised))"),
        told("variance_path_sign", dx="scale * (inner - mean(inner) + normalised * mean(inner * normalised))"),
        told("gamma_not_in_dx", dx="scale * (dout - mean(dout) - normalised * mean(dout * normalised))"),
        told("deviation_not_in_dx", dx=f"({DX}) / scale"),
        told("deviation_squared_in_dx", dx=f"scale * {DX}"),
        told("sums_for_means", dx=DX.replace("mean(", "dout.shape[axis] * mean(")),
        told("dx_times_size", dx=f"dout.shape[axis] * {DX}"),
        told("dx_over_size", dx=f"{DX} / dout.shape[axis]"),
        told(
            "dx_over_wrong_axis",
            dx="scale * (inner - inner.mean(1 - axis, keepdims=True)"
            " - normalised * (inner * normalised).mean(1 - axis, keepdims=True))",
        ),
        told("parameters_over_wrong_axis", dgamma="(dout * normalised).sum(1)", dbeta="dout.sum(1)"),
        told("parameters_not_summed", dgamma="dout * normalised", dbeta="dout"),
        told("parameters_averaged", dgamma="(dout * normalised).mean(0)", dbeta="dout.mean(0)"),
        wrong(name, "parameters_averaged", back(name=name, dx=DX, dgamma="(dout * normalised).mean(0)")),
        told(
            "parameters_with_extra_axis",
            dgamma="(dout * normalised).sum(0, keepdims=True)",
            dbeta="dout.sum(0, keepdims=True)",
        ),
        *(kind(name, f"dgamma_of_{kept}", keeping(kept, name)) for kept in ("x", "out") if kind is known),
        told("dgamma_and_dbeta_swapped", last="return dx, dbeta, dgamma"),
        wrong(name, "returns_none", back(name=name, last="")),
    ]


CAUSES = {
    "norm_root_missing": ("x is divided by the variance;", "divide by its square root, the standard deviation."),
    "norm_root_missing_in_train": ("train mode divides by the variance;", "divide by its root, as test mode does."),
    "gamma_missing_in_train": ("gamma is missing in train mode:", "multiply the normalised x by it, as in test mode."),
    "beta_missing_in_train": ("beta is missing in train mode:", "add it at the end, as in test mode."),
    "gamma_missing": ("gamma is missing:", "multiply the normalised x by it."),
    "beta_missing": ("beta is missing:", "add it at the end."),
    "beta_scaled": ("beta is multiplied by gamma too:", "multiply by gamma first, then add beta."),
    "gamma_and_beta_missing": ("this is the normalised x itself:", "multiply by gamma, then add beta."),
    "gamma_and_beta_swapped": ("gamma and beta are swapped:", "multiply by gamma, add beta."),
    "mean_not_subtracted": ("the mean is not subtracted.", "Look at the line that computes the normalised x."),
    "not_scaled_to_one": (
        "the mean is subtracted, but the result is not divided by the standard deviation.",
        "Look at the line that computes the normalised x.",
    ),
    "eps_missing": (
        "it is wrong where a variance is 0 or small:",
        "add eps to the variance under the root, so that the divisor is never 0.",
    ),
    "eps_outside_root": (
        "eps is added to the standard deviation, outside the root;",
        "the divisor should be sqrt(variance + eps).",
    ),
    "eps_ignored": ("the eps in the dictionary is not used:", "read it from there, and add it to the variance."),
    "eps_in_running_var": (
        "the running variance includes eps;",
        "add eps only where the root is taken, because test mode adds it again.",
    ),
    "eps_not_in_backward": (
        "does the backward pass use eps in the same place as the forward pass, and with the same value?",
        "Look at what the cache contains.",
    ),
    "cancellation": (
        "if the mean is much larger than the standard deviation, mean(x²) - mean(x)² loses most of its digits:",
        "subtract the mean first, then square.",
    ),
    "unbiased_variance": (
        "the sum of squares is divided by one less than the number of values (ddof=1);",
        "divide by the number of values.",
    ),
    "normalised_over_features": (
        "the mean and standard deviation are computed for each row (example);",
        "here each column (feature) should have its own: axis=0.",
    ),
    "normalised_over_examples": (
        "the mean and standard deviation are computed for each column, as in batch normalisation;",
        "here each row (example) should have its own: axis=1, keepdims=True.",
    ),
    "normalised_as_a_whole": (
        "one mean and one standard deviation are used for all entries;",
        "pass an axis to the mean and the variance.",
    ),
    "batch_in_test": (
        "test mode normalises with the mean and variance of the batch;",
        "use the running averages instead.",
    ),
    "running_in_train": ("train mode normalises with the running averages;", "use the mean and variance of the batch."),
    "running_not_kept": (
        "the new running averages must be written to bn_param, where the next call finds them.",
        "Look for the lines that do this, for a return before them, and for a copy of bn_param.",
    ),
    "keepdims_kept": (
        "this passes, but the running averages have more than one axis;",
        "they should have a single axis, with one number per feature or channel: leave out keepdims, or use ravel().",
    ),
    "running_not_updated": (
        "a running average never changes:",
        "train mode should move it towards the mean or variance of the batch.",
    ),
    "momentum_swapped": (
        "momentum and 1 - momentum are swapped:",
        "multiply the old average by momentum, and the mean or variance of the batch by 1 - momentum.",
    ),
    "running_replaced": (
        "a running average is just the mean or variance of the last batch:",
        "it should be momentum times the old average, plus (1 - momentum) times this new value.",
    ),
    "running_summed": (
        "the mean or variance of the batch is added in full:",
        "multiply it by 1 - momentum, in both running averages.",
    ),
    "running_restarted": (
        "the old running averages are forgotten:",
        "read them from bn_param, which keeps them from call to call.",
    ),
    "running_deviation": (
        "the running variance is an average of standard deviations;",
        "average variances, and take the root later.",
    ),
    "other_mode_accepted": (
        "an unknown mode is accepted:",
        "raise a ValueError in a final else branch.",
    ),
    "both_paths_missing": (
        "the mean and the variance are treated as constants, but both depend on x:",
        "the gradient has a path through each of them, too.",
    ),
    "mean_path_missing": ("the path through the mean is missing:", "each entry of x contributes to the mean."),
    "variance_path_missing": (
        "the path through the variance is missing:",
        "each entry of x contributes to the variance.",
    ),
    "variance_path_doubled": (
        "the term through the variance is twice as large as it should be:",
        "the derivative of the root has a factor of 1/2.",
    ),
    "variance_path_halved": (
        "the term through the variance is half as large as it should be:",
        "the derivative of the square has a factor of 2.",
    ),
    "variance_path_sign": (
        "the term through the variance has the wrong sign:",
        "1/sqrt(variance) falls as the variance grows.",
    ),
    "gamma_not_in_dx": ("gamma is missing from dx:", "multiply dout by it on the way to the normalised x."),
    "deviation_not_in_dx": (
        "dx is not divided by the standard deviation:",
        "the forward pass divides x by it, so dx should be divided too.",
    ),
    "deviation_squared_in_dx": ("dx is divided by the variance;", "divide by the standard deviation once."),
    "sums_for_means": ("the terms through the mean and the variance are sums;", "they should be means."),
    "dx_times_size": (
        "dx is multiplied by the number of values in each mean:",
        "is a division by that number missing?",
    ),
    "dx_over_size": (
        "dx is divided by the number of values in each mean:",
        "is there one division too many?",
    ),
    "dx_over_wrong_axis": (
        "the means in dx are taken along the wrong axes:",
        "take them over the entries that were normalised together.",
    ),
    "gamma_outside_means": (
        "dx is multiplied by gamma at the end, but a mean runs over entries with different gammas:",
        "multiply dout by gamma first. Only in batch normalisation does the order make no difference.",
    ),
    "parameters_over_wrong_axis": (
        "dgamma or dbeta is summed along the wrong axes:",
        "sum over all entries that share one gamma.",
    ),
    "parameters_not_summed": (
        "dgamma or dbeta is not summed:",
        "one gamma and one beta are used for many entries, so their gradients add up.",
    ),
    "parameters_averaged": (
        "dgamma or dbeta is averaged;",
        "it should be a sum, because the loss already contains the mean over the batch.",
    ),
    "parameters_with_extra_axis": (
        "dgamma or dbeta has too many axes;",
        "each should have the shape of gamma, so sum without keepdims.",
    ),
    "dgamma_of_x": ("in dgamma, dout is multiplied by x;", "it should be multiplied by the normalised x."),
    "dgamma_of_out": ("in dgamma, dout is multiplied by out;", "it should be multiplied by the normalised x."),
    "dgamma_and_dbeta_swapped": (
        "dgamma and dbeta are swapped.",
        "Look at where each is computed, and at the return statement.",
    ),
    "gamma_zero": (
        "it is right except where gamma is 0:",
        "keep the normalised x in the cache instead of dividing by gamma.",
    ),
    "gamma_missing_in_test": ("gamma is missing in test mode:", "multiply the normalised x by it, as in train mode."),
    "beta_missing_in_test": ("beta is missing in test mode:", "add it at the end, as in train mode."),
    "gamma_and_beta_missing_in_test": (
        "in test mode this is the normalised x itself:",
        "multiply by gamma, then add beta, as in train mode.",
    ),
    "gamma_and_beta_missing_in_train": (
        "in train mode this is the normalised x itself:",
        "multiply by gamma, then add beta, as in test mode.",
    ),
    "norm_root_missing_in_test": (
        "test mode divides by the running variance;",
        "divide by its root, as train mode does.",
    ),
    "mean_not_subtracted_in_test": ("the running mean is not subtracted in test mode.", "Look at the test branch."),
    "not_scaled_in_test": ("test mode does not divide by the standard deviation.", "Look at the test branch."),
    "input_in_test": ("test mode does not normalise x;", "it should do so with the running averages."),
    "running_updated_in_test": ("the running averages change in test mode too;", "they should stay unchanged there."),
    "running_shares_of_both": (
        "both the old and the new part of the running averages are multiplied by momentum;",
        "multiply the new part by 1 - momentum.",
    ),
    "variance_not_centred": ("the variance is the mean of x²;", "subtract the mean from x first."),
    "variance_of_sums": ("the variance is a sum of squares;", "it should be their mean."),
    "deviation_for_variance": ("the root is taken twice;", "take the root of the variance once."),
    "batch_size_for_features": (
        "the sums in dx are divided by N, the number of examples;",
        "layer normalisation should take its means over the D features.",
    ),
    "features_for_batch_size": (
        "the sums in dx are divided by D, the number of features;",
        "batch normalisation should take its means over the N examples.",
    ),
    "variance_path_factor": (
        "the term through the variance lacks its factor of -1/2:",
        "the derivative of variance^(-1/2) is -1/2 · variance^(-3/2).",
    ),
    "variance_path_power": (
        "the term through the variance has the wrong power of the variance:",
        "the derivative of variance^(-1/2) is -1/2 · variance^(-3/2).",
    ),
    "mean_path_sign": (
        "the term through the mean has the wrong sign:",
        "the mean is subtracted from x, so the term should be negative.",
    ),
    "parameters_with_gamma": ("dgamma is multiplied by gamma;", "it should be the sum of dout times the normalised x."),
    "dgamma_of_centred": (
        "in dgamma, dout is multiplied by x minus its mean;",
        "it should be multiplied by the normalised x, so divide by the standard deviation too.",
    ),
    "dgamma_is_dbeta": ("dgamma is the sum of dout, as dbeta is;", "multiply dout by the normalised x before you sum."),
    "dbeta_with_gamma": ("dbeta is multiplied by gamma;", "it should be the sum of dout."),
    "running_swapped": (
        "the running mean and the running variance are swapped.",
        "Look at the two lines that write into bn_param.",
    ),
    "mean_path_summed": (
        "the term of dx that comes through the mean is summed where it should be averaged;",
        "take a mean over the entries that were normalised together.",
    ),
    "variance_path_summed": (
        "the term of dx that comes through the variance is summed where it should be averaged;",
        "take a mean over the entries that were normalised together.",
    ),
}

WRONG = [
    known(FORWARD, "norm_root_missing", bn(root="var + eps", test=TEST.replace("np.sqrt", ""))),
    known(FORWARD, "beta_missing", bn(out="gamma * normalised", test=TEST.replace(" + beta", ""))),
    known(
        FORWARD,
        "gamma_and_beta_missing",
        bn(out="normalised", test="(x - running_mean) / np.sqrt(running_var + eps)"),
    ),
    known(FORWARD, "mean_not_subtracted", bn(out="gamma * x / root + beta", test=TEST.replace(" - running_mean", ""))),
    known(FORWARD, "not_scaled_to_one", bn(out="gamma * (x - mean) + beta", test="gamma * (x - running_mean) + beta")),
    known(
        FORWARD,
        "normalised_over_features",
        bn(out="gamma * (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + eps) + beta"),
    ),
    known(FORWARD, "running_in_train", bn(last=f"return {TEST}, cache")),
    known(
        FORWARD,
        "gamma_missing",
        bn(out="normalised + beta", test="(x - running_mean) / np.sqrt(running_var + eps) + beta"),
    ),
    known(FORWARD, "beta_scaled", bn(out="gamma * (normalised + beta)", test=TEST.replace("+ beta", "+ gamma * beta"))),
    known(
        FORWARD,
        "gamma_and_beta_swapped",
        bn(out="beta * normalised + gamma", test="beta * (x - running_mean) / np.sqrt(running_var + eps) + gamma"),
    ),
    known(FORWARD, "eps_missing", bn(root="np.sqrt(var)")),
    known(FORWARD, "unbiased_variance", bn(var="x.var(axis=0, ddof=min(1, len(x) - 1))")),
    wrong(
        FORWARD,
        "unbiased_variance",
        bn(running_var="momentum * running_var + (1 - momentum) * x.var(axis=0, ddof=min(1, len(x) - 1))"),
    ),
    wrong(FORWARD, "unbiased_variance", bn(var="x.var(axis=0, ddof=1)")),
    known(FORWARD, "running_not_updated", bn(running_mean="running_mean", running_var="running_var")),
    known(
        FORWARD,
        "momentum_swapped",
        bn(
            running_mean="(1 - momentum) * running_mean + momentum * mean",
            running_var="(1 - momentum) * running_var + momentum * var",
        ),
    ),
    wrong(FORWARD, "momentum_swapped", bn(running_var="(1 - momentum) * running_var + momentum * var")),
    known(FORWARD, "running_replaced", bn(running_mean="mean", running_var="var")),
    known(FORWARD, "running_restarted", bn(running_mean="(1 - momentum) * mean", running_var="(1 - momentum) * var")),
    known(FORWARD, "beta_missing_in_train", bn(out="gamma * normalised")),
    known(FORWARD, "gamma_missing_in_train", bn(out="normalised + beta")),
    known(FORWARD, "norm_root_missing_in_train", bn(root="var + eps")),
    known(
        FORWARD,
        "running_summed",
        bn(running_mean="momentum * running_mean + mean", running_var="momentum * running_var + var"),
    ),
    wrong(FORWARD, "running_summed", bn(running_mean="momentum * running_mean + mean")),
    wrong(FORWARD, "argument_ignored", bn(running_mean="0.9 * running_mean + 0.1 * mean")),
    known(FORWARD, "running_deviation", bn(running_var="momentum * running_var + (1 - momentum) * x.std(axis=0)")),
    wrong(
        FORWARD,
        "running_deviation",
        bn(
            running_var="momentum * running_var + (1 - momentum) * x.std(axis=0)",
            test="gamma * (x - running_mean) / (running_var + eps) + beta",
        ),
    ),
    known(FORWARD, "batch_in_test", bn(test="gamma * (x - x.mean(0)) / np.sqrt(x.var(0) + eps) + beta")),
    wrong(FORWARD, "running_not_kept", bn().replace("bn_param['running_mean'] = running_mean", "pass")),
    wrong(FORWARD, "mutation", bn(out="(x := np.subtract(x, mean, out=x)) / root * gamma + beta")),
    known(FORWARD, "normalised_as_a_whole", bn(out="gamma * (x - x.mean()) / np.sqrt(x.var() + eps) + beta")),
    wrong(FORWARD, "eps_ignored", bn().replace('bn_param.get("eps", 1e-5)', "1e-5")),
    wrong(FORWARD, "other_mode_accepted", bn().replace("raise ValueError(mode)", f"out = {TEST}")),
    wrong(FORWARD, "returns_none", bn(last="")),
    *(attempt for name in NAMES for attempt in mistakes_on_the_way_back(name)),
    wrong(
        "batchnorm_backward",
        "gamma_zero",
        back(dx="scale * (inner - mean(inner) - normalised * mean(inner * normalised) * gamma / gamma)"),
    ),
    wrong(
        "batchnorm_backward_alt",
        "gamma_zero",
        back(name="batchnorm_backward_alt", dgamma="(dout * (gamma * normalised / gamma)).sum(0)"),
    ),
    known(
        "layernorm_backward",
        "gamma_outside_means",
        back(
            name="layernorm_backward", dx="gamma * scale * (dout - mean(dout) - normalised * mean(dout * normalised))"
        ),
    ),
    wrong(
        "batchnorm_backward_alt",
        "other_exercise",
        "def batchnorm_backward_alt(dout, cache): return batchnorm_backward(dout, cache)",
    ),
    known("layernorm_forward", "normalised_over_examples", ln(mean="x.mean(0)", var="x.var(0)")),
    known("layernorm_forward", "normalised_as_a_whole", ln(mean="x.mean()", var="x.var()")),
    known("layernorm_forward", "unbiased_variance", ln(var="x.var(1, keepdims=True, ddof=min(1, x.shape[1] - 1))")),
    known("layernorm_forward", "norm_root_missing", ln(root="var + eps")),
    known("layernorm_forward", "gamma_missing", ln(out="n + beta")),
    known("layernorm_forward", "beta_missing", ln(out="gamma * n")),
    known("layernorm_forward", "beta_scaled", ln(out="gamma * (n + beta)")),
    known("layernorm_forward", "gamma_and_beta_missing", ln(out="n")),
    known("layernorm_forward", "gamma_and_beta_swapped", ln(out="beta * n + gamma")),
    known("layernorm_forward", "mean_not_subtracted", ln(out="gamma * x / root + beta")),
    known("layernorm_forward", "not_scaled_to_one", ln(root="1")),
    wrong("layernorm_forward", "row_needed", ln(out="gamma[:, None] * n + beta[:, None]"), status="error"),
    known("layernorm_forward", "eps_missing", ln(root="np.sqrt(var)")),
    wrong("layernorm_forward", "eps_ignored", ln(root="np.sqrt(var + 1e-5)")),
    # further ways
    known(FORWARD, "gamma_missing_in_test", bn(test=TEST.replace("gamma * ", ""))),
    known(FORWARD, "beta_missing_in_test", bn(test=TEST.replace(" + beta", ""))),
    known(FORWARD, "gamma_and_beta_missing_in_test", bn(test=TEST.replace("gamma * ", "").replace(" + beta", ""))),
    known(FORWARD, "gamma_and_beta_missing_in_train", bn(out="normalised")),
    known(FORWARD, "norm_root_missing_in_test", bn(test=TEST.replace("np.sqrt", ""))),
    known(FORWARD, "mean_not_subtracted_in_test", bn(test=TEST.replace(" - running_mean", ""))),
    known(FORWARD, "not_scaled_in_test", bn(test="gamma * (x - running_mean) + beta")),
    known(FORWARD, "input_in_test", bn(test="x")),
    known(FORWARD, "input_in_test", bn(test="gamma * x + beta")),
    known(FORWARD, "running_updated_in_test", UPDATING_TEST),
    known(
        FORWARD,
        "running_shares_of_both",
        bn(running_mean="momentum * (running_mean + mean)", running_var="momentum * (running_var + var)"),
    ),
    known(FORWARD, "variance_not_centred", bn(var="(x**2).mean(axis=0)")),
    known(FORWARD, "variance_of_sums", bn(var="((x - mean) ** 2).sum(axis=0)")),
    known(FORWARD, "deviation_for_variance", bn(var="x.std(axis=0)")),
    known(
        FORWARD, "normalised_as_a_whole", bn(mean="np.full(x.shape[1], x.mean())", var="np.full(x.shape[1], x.var())")
    ),
    known(FORWARD, "running_replaced", bn(running_mean="mean")),
    known(FORWARD, "momentum_swapped", bn(running_mean="(1 - momentum) * running_mean + momentum * mean")),
    known(FORWARD, "running_not_updated", bn(running_var="running_var")),
    known("layernorm_forward", "variance_not_centred", ln(var="(x**2).mean(1, keepdims=True)")),
    known(
        "layernorm_forward", "variance_of_sums", ln(var="((x - x.mean(1, keepdims=True)) ** 2).sum(1, keepdims=True)")
    ),
    known("layernorm_forward", "deviation_for_variance", ln(var="x.std(1, keepdims=True)")),
    known(
        "layernorm_backward",
        "batch_size_for_features",
        back(name="layernorm_backward", dx=f"{DX}".replace("mean(", "D / N * mean(")),
    ),
    known("batchnorm_backward", "features_for_batch_size", back(dx=DX.replace("mean(", "N / D * mean("))),
    wrong(
        "batchnorm_backward_alt",
        "features_for_batch_size",
        back(name="batchnorm_backward_alt", dx=DX.replace("mean(", "N / D * mean(")),
    ),
    *(
        attempt
        for name in ("batchnorm_backward", "layernorm_backward")
        for attempt in (
            known(
                name,
                "variance_path_factor",
                back(name=name, dx="scale * (inner - mean(inner) + 2 * normalised * mean(inner * normalised))"),
            ),
            known(
                name,
                "variance_path_power",
                back(name=name, dx="scale * (inner - mean(inner)) - normalised * mean(inner * normalised)"),
            ),
            known(
                name,
                "variance_path_power",
                back(name=name, dx="scale * (inner - mean(inner)) - normalised / scale * mean(inner * normalised)"),
            ),
            known(
                name,
                "variance_path_power",
                back(name=name, dx="scale * (inner - mean(inner)) - normalised * scale**2 * mean(inner * normalised)"),
            ),
            known(
                name,
                "mean_path_sign",
                back(name=name, dx="scale * (inner + mean(inner) - normalised * mean(inner * normalised))"),
            ),
            known(name, "parameters_with_gamma", back(name=name, dx=DX, dgamma="(inner * normalised).sum(0)")),
            known(name, "dgamma_of_centred", back(name=name, dx=DX, dgamma="(dout * normalised / scale).sum(0)")),
            known(name, "dgamma_is_dbeta", back(name=name, dx=DX, dgamma="dout.sum(0)")),
            known(name, "dbeta_with_gamma", back(name=name, dx=DX, dbeta="inner.sum(0)")),
        )
    ),
    known(FORWARD, "norm_root_missing_in_test", bn(test="gamma * (x - running_mean) / running_var + beta")),
    known(
        FORWARD,
        "running_swapped",
        bn()
        .replace("= running_mean\n", "= running_var\n")
        .replace("['running_var'] = running_var", "['running_var'] = running_mean"),
    ),
    *(
        known(
            name,
            cause,
            back(name=name, dx=f"scale * (inner - {one}mean(inner) - {two}normalised * mean(inner * normalised))"),
        )
        for name in ("batchnorm_backward", "layernorm_backward")
        for cause, one, two in (
            ("mean_path_summed", "dout.shape[axis] * ", ""),
            ("variance_path_summed", "", "dout.shape[axis] * "),
        )
    ),
]

RIGHT = [
    fragile(
        FORWARD,
        "mean(x²) - mean(x)²",
        bn(var="(x ** 2).mean(0) - x.mean(0) ** 2", root="np.sqrt(np.maximum(var, 0) + eps)"),
    ),
    fragile(
        FORWARD,
        "have a single axis, with one number per feature",
        bn(running_mean="momentum * running_mean + (1 - momentum) * mean[None]", running_var=KEPT_VAR),
    ),
    right(
        FORWARD,
        "in place on the caller's averages",
        bn(running_mean="np.add(running_mean * momentum, (1 - momentum) * mean, out=running_mean)"),
    ),
    right(
        FORWARD,
        "everything in float32",
        bn(mean="x.astype('f').mean(0)", var="x.astype('f').var(0)", out="(gamma * normalised + beta).astype('f')"),
    ),
    right(FORWARD, "gamma / root as one factor", bn(out="(x - mean) * (gamma / root) + beta")),
    right(
        FORWARD,
        "einsum",
        bn(mean="np.einsum('nd->d', x) / len(x)", var="np.einsum('nd,nd->d', x - mean, x - mean) / len(x)"),
    ),
    right(
        FORWARD,
        "keepdims",
        bn(
            running_mean="(momentum * running_mean + (1 - momentum) * mean.reshape(-1))",
            mean="x.mean(0, keepdims=True)",
        ),
    ),
    right("batchnorm_backward", "step by step", function("batchnorm_backward(dout, cache)", STEPS)),
    right("batchnorm_backward", "a matrix for each feature", function("batchnorm_backward(dout, cache)", MATRIX)),
    right("batchnorm_backward", "as one formula", back()),
    right(
        "batchnorm_backward",
        "of a forward pass with eps outside the root",
        bn(root="np.sqrt(var) + eps") + kinked("batchnorm_backward"),
    ),
    right(
        "layernorm_backward",
        "of a forward pass with eps outside the root",
        ln(root="np.sqrt(var) + eps") + kinked("layernorm_backward"),
    ),
    fragile(
        FORWARD, "have a single axis, with one number per feature", bn(mean="x.mean(0)[None]", var="x.var(0)[None]")
    ),
    right(
        "batchnorm_backward_alt",
        "1 / N factored out",
        back(name="batchnorm_backward_alt", dx="gamma * scale / N * (N * dout - dbeta - normalised * dgamma)"),
    ),
    right("batchnorm_backward_alt", "step by step", function("batchnorm_backward_alt(dout, cache)", STEPS)),
    right(
        "batchnorm_backward_alt",
        "float32",
        back(
            name="batchnorm_backward_alt",
            dx="(gamma * scale * (dout - dbeta / N - normalised * dgamma / N)).astype('f')",
        ),
    ),
    right("layernorm_forward", "the transpose", ln(mean="x.T.mean(0)[:, None]", var="x.T.var(0)[:, None]")),
    right("layernorm_forward", "power", ln(root="(var + eps) ** 0.5")),
    right("layernorm_forward", "float32", ln(out="(gamma * n + beta).astype('f')")),
    right(
        "layernorm_backward",
        "1 / N factored out",
        back(
            name="layernorm_backward",
            dx="scale / D * (D * inner - inner.sum(1)[:, None] - normalised * (inner * normalised).sum(1)[:, None])",
        ),
    ),
    right(
        "layernorm_backward",
        "transposed batch normalisation",
        function(
            "layernorm_backward(dout, cache)",
            """
n, scale, gamma = (part.T for part in cache)
d = (dout * gamma).T
dx = (scale * (d - d.mean(0) - n * (d * n).mean(0))).T
return dx, (dout * n.T).sum(0), dout.sum(0)
""",
        ),
    ),
    right(
        "layernorm_backward",
        "lists",
        back(name="layernorm_backward", dx=DX, last="return [dx, dgamma, dbeta]"),
    ),
    # Right as documented, but fragile
    fragile(FORWARD, "is added to the standard deviation", bn(root="np.sqrt(var) + eps")),
    fragile(
        FORWARD,
        "is added to the standard deviation",
        bn(test="gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta"),
    ),
    fragile(
        FORWARD,
        "The running variance includes eps",
        bn(running_var="momentum * running_var + (1 - momentum) * (var + eps)"),
    ),
    fragile(FORWARD, "mean(x²) - mean(x)²", bn(var="(x ** 2).mean(0) - x.mean(0) ** 2")),
    fragile("layernorm_forward", "is added to the standard deviation", ln(root="np.sqrt(var) + eps")),
    fragile("batchnorm_backward", "dout is changed", back(last="dout *= 2\nreturn dx, dgamma, dbeta")),
    fragile("batchnorm_backward", "the cache is changed", back(last="normalised *= 2\nreturn dx, dgamma, dbeta")),
]
