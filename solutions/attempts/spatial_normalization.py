"""Attempts at batch and group normalisation of images."""

from solutions.attempts import fragile, known, right, wrong
from solutions.attempts.layers import function
from solutions.attempts.normalization import DX, HEAD
from solutions.attempts.normalization import back as matrix_back

THERE, BACK = "x.transpose(0, 2, 3, 1).reshape(-1, C)", "out.reshape(N, H, W, C).transpose(0, 3, 1, 2)"
THERE_BY_CHANNELS = "x.swapaxes(0, 1).reshape(C, -1).T"
BACK_BY_CHANNELS = "out.T.reshape(C, N, H, W).swapaxes(0, 1)"


def spatial(there=THERE, back=BACK, last="") -> str:
    """Return the code of a spatial_batchnorm_forward that calls batchnorm_forward."""
    lines = ["N, C, H, W = x.shape", f"out, cache = batchnorm_forward({there}, gamma, beta, bn_param)"]
    lines += [last or f"return {back}, cache"]
    return function("spatial_batchnorm_forward(x, gamma, beta, bn_param)", "\n".join(lines))


def by_hand(
    var="x.var(axis=(0, 2, 3))",
    out="gamma[:, None, None] * n + beta[:, None, None]",
    mean="x.mean((0, 2, 3))",
    average="momentum * {old} + (1 - momentum) * {new}",
):
    """Return the code of a spatial_batchnorm_forward that works on the images themselves and returns no cache."""
    lines = [HEAD, f"mean, var = {mean}, {var}"]
    lines += ["if mode == 'train':", f"    running_mean = {average.format(old='running_mean', new='mean')}"]
    lines += [f"    running_var = {average.format(old='running_var', new='var')}", "else:"]
    lines += ["    mean, var = running_mean, running_var", "bn_param |= dict(running_mean=running_mean)"]
    lines += [
        "bn_param['running_var'] = running_var",
        "n = (x - mean[:, None, None]) / np.sqrt(var + eps)[:, None, None]",
    ]
    return function("spatial_batchnorm_forward(x, gamma, beta, bn_param)", "\n".join([*lines, f"return {out}, cache"]))


def spatial_back(
    there="dout.transpose(0, 2, 3, 1).reshape(-1, C)",
    back="dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)",
    by="batchnorm_backward",
    last="return dx, dgamma, dbeta",
    more="",
) -> str:
    """Return the code of a spatial_batchnorm_backward that reads the cache of the master's forward pass."""
    lines = ["N, C, H, W = dout.shape", "n, scale, gamma = cache", f"cache = {OWN_CACHE}"]
    lines += [f"dx, dgamma, dbeta = {by}({there}, cache)", more, f"dx = {back}", last]
    return function("spatial_batchnorm_backward(dout, cache)", "\n".join(lines))


OWN_CACHE = "(n.T.reshape(C, N, H, W).transpose(1, 2, 3, 0).reshape(-1, C), scale, gamma)"


N_OF_IMAGES = "n.T.reshape(C, N, H, W).swapaxes(0, 1)"


def by_matrix(**changes: str) -> str:
    """Return the code of a spatial_batchnorm_backward, and of the backward pass of matrices that it calls."""
    return matrix_back(name="of_matrix", **({"dx": DX} | changes)) + spatial_back(by="of_matrix")


def gn(
    split="x.reshape(N, G, C // G, H, W)", axes="(2, 3, 4)", root="np.sqrt(var + eps)", out="gamma * n + beta", ddof=0
):
    """Return the code of spatial_groupnorm_forward, with these expressions and the cache of the master."""
    lines = ["N, C, H, W = x.shape", "eps = gn_param.get('eps', 1e-5)", f"parts = {split}"]
    lines += [f"mean, var = parts.mean({axes}, keepdims=True), parts.var({axes}, keepdims=True, ddof={ddof})"]
    lines += [f"scale = 1 / {root}", "n = ((parts - mean) * scale).reshape(x.shape)"]
    lines += [f"return {out}, (n, scale.reshape(-1, 1), gamma, G)"]
    return function("spatial_groupnorm_forward(x, gamma, beta, G, gn_param)", "\n".join(lines))


def gn_back(
    dx="inner - mean(inner) - rows * mean(inner * rows)",
    inner="dout * gamma",
    sums="(0, 2, 3), keepdims=True",
    average="terms.mean(axis=1, keepdims=True)",
    dgamma="dout * n",
    more="",
) -> str:
    """Return the code of a spatial_groupnorm_backward that reads the cache of the master's forward pass."""
    lines = ["n, scale, gamma, G = cache", "N, C, H, W = dout.shape", "def mean(terms):", f"    return {average}"]
    lines += [
        "rows = n.reshape(N * G, -1)",
        f"inner = ({inner}).reshape(N * G, -1)",
        f"dx = {dx}",
        f"dx = dx * scale{more}",
    ]
    lines += [f"return dx.reshape(dout.shape), ({dgamma}).sum({sums}), dout.sum({sums})"]
    return function("spatial_groupnorm_backward(dout, cache)", "\n".join(lines))


FORWARD, BACKWARD = "spatial_batchnorm_forward", "spatial_batchnorm_backward"
GROUP, GROUP_BACK = "spatial_groupnorm_forward", "spatial_groupnorm_backward"

CAUSES = {
    "parameters_without_axes": (
        "dgamma or dbeta lacks the axes of length 1;",
        "each should have the shape of gamma, so sum with keepdims=True.",
    ),
    "reshape_without_transpose": (
        "reshape alone does not move the channels to the end, but mixes them with positions:",
        "use transpose(0, 2, 3, 1) first, then reshape(-1, C).",
    ),
    "not_transposed_back": (
        "the original order of the axes is not restored:",
        "reshape to (N, H, W, C) first, then transpose(0, 3, 1, 2).",
    ),
    "normalised_per_image": (
        "each image is normalised on its own;",
        "the batch should have one mean and one standard deviation per channel.",
    ),
    "mean_over_images_only": (
        "the sums in dx are divided by N, the number of images;",
        "the means should be over the N · H · W numbers of a channel.",
    ),
    "sums_over_images": (
        "the sums in dx are divided by N, the number of images;",
        "the means should be over the (C / G) · H · W numbers of a group.",
    ),
    "mean_over_channels_only": (
        "the sums in dx are divided by C / G;",
        "the means should be over the (C / G) · H · W numbers of a group.",
    ),
    "mean_over_places_only": (
        "the sums in dx are divided by H · W;",
        "the means should be over the (C / G) · H · W numbers of a group.",
    ),
    "groups_interleaved": (
        "the groups consist of every G-th channel;",
        "a group should be C / G neighbouring channels: reshape(N, G, C // G, H, W).",
    ),
    "number_of_groups_for_size": (
        "G is the number of groups, not the number of channels in one group.",
        "Look at the reshape.",
    ),
    "groups_ignored": ("all channels of an image are treated as one group;", "there should be G groups."),
    "channels_by_themselves": ("each channel is treated as a group by itself;", "there should be G groups."),
    "groups_over_batch": (
        "the mean and the standard deviation are taken over several images;",
        "each group of each image should have its own.",
    ),
    "groups_per_place": (
        "each position has its own mean and standard deviation;",
        "take them over all positions of a group.",
    ),
}

WRONG = [
    known(FORWARD, "reshape_without_transpose", spatial("x.reshape(-1, C)", "out.reshape(x.shape)")),
    known(FORWARD, "not_transposed_back", spatial(back="out.reshape(x.shape)")),
    wrong(FORWARD, "axes_permuted", spatial(back="out.reshape(N, H, W, C).transpose(0, 3, 2, 1)")),
    wrong(FORWARD, "shapes_do_not_fit", spatial(there="x.reshape(N, -1)"), status="error"),
    known(FORWARD, "norm_root_missing", by_hand().replace("np.sqrt(var + eps)", "(var + eps)")),
    known(FORWARD, "beta_missing", by_hand(out="gamma[:, None, None] * n")),
    known(FORWARD, "eps_missing", by_hand().replace("var + eps", "var")),
    known(FORWARD, "running_not_updated", by_hand(average="{old}")),
    known(FORWARD, "momentum_swapped", by_hand(average="(1 - momentum) * {old} + momentum * {new}")),
    known(FORWARD, "running_restarted", by_hand(average="(1 - momentum) * {new}")),
    known(
        FORWARD,
        "normalised_as_a_whole",
        by_hand(
            out="gamma[:, None, None] * ((x - x.mean()) / np.sqrt(x.var() + eps) if mode == 'train' else n)"
            " + beta[:, None, None]"
        ),
    ),
    known(FORWARD, "batch_in_test", by_hand().replace("mean, var = running_mean, running_var", "pass")),
    known(FORWARD, "unbiased_variance", by_hand(var="x.var(axis=(0, 2, 3), ddof=1)")),
    known(FORWARD, "gamma_missing", by_hand(out="n + beta[:, None, None]")),
    known(
        FORWARD,
        "normalised_per_image",
        by_hand(
            out="gamma[:, None, None] * ((x - x.mean((2, 3), keepdims=True)) / np.sqrt("
            "x.var((2, 3), keepdims=True) + eps) if mode == 'train' else n) + beta[:, None, None]"
        ),
    ),
    wrong(FORWARD, "returns_none", spatial(last="out = " + BACK)),
    known(BACKWARD, "reshape_without_transpose", spatial_back("dout.reshape(-1, C)", "dx.reshape(dout.shape)")),
    known(BACKWARD, "not_transposed_back", spatial_back(back="dx.reshape(dout.shape)")),
    known(BACKWARD, "parameters_averaged", spatial_back(more="dgamma /= N * H * W; dbeta /= N * H * W")),
    wrong(BACKWARD, "parameters_averaged", spatial_back(more="dgamma /= N * H * W")),
    wrong(BACKWARD, "parameters_averaged", spatial_back(more="dbeta /= N * H * W")),
    known(BACKWARD, "dgamma_and_dbeta_swapped", spatial_back(last="return dx, dbeta, dgamma")),
    known(
        BACKWARD,
        "mean_over_images_only",
        spatial_back(
            by="(lambda d, cache: (gamma * scale * (d - d.sum(0) / N - cache[0] * "
            "(d * cache[0]).sum(0) / N), (d * cache[0]).sum(0), d.sum(0)))"
        ),
    ),
    known(BACKWARD, "both_paths_missing", by_matrix(dx="scale * inner")),
    known(BACKWARD, "mean_path_missing", by_matrix(dx=DX.replace("- mean(inner) ", ""))),
    known(BACKWARD, "variance_path_missing", by_matrix(dx="scale * (inner - mean(inner))")),
    known(BACKWARD, "variance_path_doubled", by_matrix(dx=DX.replace("- normalised", "- 2 * normalised"))),
    known(BACKWARD, "variance_path_sign", by_matrix(dx=DX.replace("- normalised", "+ normalised"))),
    known(BACKWARD, "gamma_not_in_dx", by_matrix(dx=DX.replace("inner", "dout"))),
    known(BACKWARD, "deviation_not_in_dx", by_matrix(dx=f"({DX}) / scale")),
    known(BACKWARD, "sums_for_means", by_matrix(dx=DX.replace("mean(", "N * mean("))),
    known(BACKWARD, "dx_times_size", by_matrix(dx=f"N * {DX}")),
    known(
        BACKWARD,
        "dx_over_wrong_axis",
        spatial_back(
            more=f"n = {N_OF_IMAGES}",
            back="(gamma * scale)[:, None, None] * (dout - dout.mean(0) - n * (dout * n).mean(0))",
        ),
    ),
    known(
        BACKWARD,
        "parameters_over_wrong_axis",
        spatial_back(more=f"dgamma, dbeta = (dout * {N_OF_IMAGES}).sum(0), dout.sum(0)"),
    ),
    known(BACKWARD, "parameters_not_summed", spatial_back(more=f"dgamma, dbeta = dout * {N_OF_IMAGES}, dout")),
    known(
        BACKWARD,
        "parameters_with_extra_axis",
        spatial_back(more="dgamma, dbeta = dgamma.reshape(1, C, 1, 1), dbeta.reshape(1, C, 1, 1)"),
    ),
    known(
        BACKWARD,
        "dgamma_of_x",
        spatial(THERE_BY_CHANNELS, BACK_BY_CHANNELS).replace(", cache\n", ", (cache, x)\n")
        + spatial_back(more="dgamma = (dout * x).sum((0, 2, 3))")
        .replace("gamma = cache", "gamma), x = cache")
        .replace("    n, scale", "    (n, scale"),
    ),
    wrong(BACKWARD, "returns_none", spatial_back(last="")),
    known(
        GROUP,
        "groups_interleaved",
        gn("x.reshape(N, C // G, G, H, W)", "(1, 3, 4)").replace("scale.reshape(-1, 1)", "scale"),
    ),
    known(GROUP, "number_of_groups_for_size", gn("x.reshape(N, C // G, G, H, W)")),
    known(GROUP, "groups_over_batch", gn(axes="(0, 2, 3, 4)")),
    known(GROUP, "groups_per_place", gn(axes="2")),
    known(GROUP, "groups_ignored", gn("x.reshape(N, 1, C, H, W)")),
    known(GROUP, "channels_by_themselves", gn("x.reshape(N, C, 1, H, W)")),
    known(GROUP, "unbiased_variance", gn(ddof=1)),
    known(GROUP, "norm_root_missing", gn(root="(var + eps)")),
    known(GROUP, "gamma_missing", gn(out="n + beta")),
    known(GROUP, "beta_missing", gn(out="gamma * n")),
    known(GROUP, "beta_scaled", gn(out="gamma * (n + beta)")),
    known(GROUP, "gamma_and_beta_missing", gn(out="n")),
    known(GROUP, "gamma_and_beta_swapped", gn(out="beta * n + gamma")),
    known(GROUP, "mean_not_subtracted", gn().replace("(parts - mean) * scale", "parts * scale")),
    known(GROUP, "not_scaled_to_one", gn(root="np.ones_like(var)")),
    known(GROUP, "eps_missing", gn(root="np.sqrt(var)")),
    wrong(GROUP, "eps_ignored", gn(root="np.sqrt(var + 1e-5)")),
    wrong(GROUP, "returns_none", gn().replace("return", "result =")),
    known(GROUP_BACK, "both_paths_missing", gn_back(dx="inner")),
    known(GROUP_BACK, "mean_path_missing", gn_back(dx="inner - rows * mean(inner * rows)")),
    known(GROUP_BACK, "variance_path_missing", gn_back(dx="inner - mean(inner)")),
    known(GROUP_BACK, "gamma_not_in_dx", gn_back(inner="dout")),
    known(GROUP_BACK, "parameters_without_axes", gn_back(sums="(0, 2, 3)")),
    known(
        GROUP_BACK,
        "gamma_outside_means",
        gn_back(inner="dout").replace("dx.reshape(dout.shape)", "gamma * dx.reshape(dout.shape)"),
    ),
    known(GROUP_BACK, "sums_for_means", gn_back(average="terms.sum(axis=1, keepdims=True)")),
    known(GROUP_BACK, "deviation_not_in_dx", gn_back(more=" / scale")),
    known(GROUP_BACK, "variance_path_doubled", gn_back(dx="inner - mean(inner) - 2 * rows * mean(inner * rows)")),
    known(GROUP_BACK, "variance_path_sign", gn_back(dx="inner - mean(inner) + rows * mean(inner * rows)")),
    known(GROUP_BACK, "dx_times_size", gn_back(more=" * rows.shape[1]")),
    known(
        GROUP_BACK,
        "dx_over_wrong_axis",
        gn_back(average="np.tile(terms.reshape(N, G, -1).mean(axis=(0, 2)), N)[:, None]"),
    ),
    known(GROUP_BACK, "parameters_over_wrong_axis", gn_back(sums="0")),
    known(GROUP_BACK, "parameters_not_summed", gn_back().replace(".sum((0, 2, 3), keepdims=True)", "")),
    known(GROUP_BACK, "parameters_averaged", gn_back().replace(".sum(", ".mean(")),
    known(
        GROUP_BACK,
        "dgamma_of_x",
        gn().replace("(n, scale", "((n, x), scale") + gn_back(dgamma="dout * x").replace("    n,", "    (n, x),"),
    ),
    known(GROUP_BACK, "dgamma_and_dbeta_swapped", gn_back(dgamma="dout").replace(", dout.sum(", ", (dout * n).sum(")),
    # further ways
    known(
        FORWARD,
        "gamma_missing_in_test",
        by_hand(out="(gamma if mode == 'train' else 1 + 0 * gamma)[:, None, None] * n + beta[:, None, None]"),
    ),
    known(
        FORWARD,
        "beta_missing_in_test",
        by_hand(out="gamma[:, None, None] * n + (beta if mode == 'train' else 0 * beta)[:, None, None]"),
    ),
    known(
        FORWARD,
        "gamma_and_beta_missing_in_test",
        by_hand(out="gamma[:, None, None] * n + beta[:, None, None] if mode == 'train' else n"),
    ),
    known(FORWARD, "gamma_and_beta_missing", by_hand(out="n")),
    known(FORWARD, "gamma_and_beta_swapped", by_hand(out="beta[:, None, None] * n + gamma[:, None, None]")),
    known(
        FORWARD,
        "running_updated_in_test",
        by_hand().replace(
            "mean, var = running_mean, running_var",
            "batch, mean, var = (mean, var), running_mean, running_var\n"
            "        running_mean = momentum * running_mean + (1 - momentum) * batch[0]\n"
            "        running_var = momentum * running_var + (1 - momentum) * batch[1]",
        ),
    ),
    known(FORWARD, "running_replaced", by_hand(average="{new}")),
    known(FORWARD, "running_summed", by_hand(average="momentum * {old} + {new}")),
    known(FORWARD, "variance_not_centred", by_hand(var="(x**2).mean(axis=(0, 2, 3))")),
    known(BACKWARD, "variance_path_factor", by_matrix(dx=DX.replace("- normalised", "+ 2 * normalised"))),
    known(BACKWARD, "dgamma_is_dbeta", spatial_back(last="return dx, dbeta, dbeta")),
    known(GROUP_BACK, "variance_path_factor", gn_back(dx="inner - mean(inner) + 2 * rows * mean(inner * rows)")),
    known(GROUP_BACK, "variance_path_halved", gn_back(dx="inner - mean(inner) - 0.5 * rows * mean(inner * rows)")),
    known(GROUP_BACK, "mean_path_sign", gn_back(dx="inner + mean(inner) - rows * mean(inner * rows)")),
    known(GROUP_BACK, "dgamma_is_dbeta", gn_back(dgamma="dout")),
    known(GROUP_BACK, "sums_over_images", gn_back(average="terms.sum(axis=1, keepdims=True) / N")),
    known(GROUP_BACK, "mean_over_channels_only", gn_back(average="terms.sum(axis=1, keepdims=True) / (C // G)")),
    known(GROUP_BACK, "mean_over_places_only", gn_back(average="terms.sum(axis=1, keepdims=True) / (H * W)")),
    known(
        GROUP, "groups_over_batch", gn(split="x.reshape(N * G, -1)", axes="0").replace("scale.reshape(-1, 1)", "scale")
    ),
]

RIGHT = [
    right(FORWARD, "the order of the handout", spatial()),
    right(
        FORWARD,
        "moveaxis",
        spatial("np.moveaxis(x, 1, -1).reshape(-1, C)", "np.moveaxis(out.reshape(N, H, W, C), -1, 1)"),
    ),
    right(
        FORWARD,
        "channels first",
        spatial(THERE_BY_CHANNELS, BACK_BY_CHANNELS),
    ),
    right(FORWARD, "without a matrix", by_hand()),
    right(BACKWARD, "the order of the handout", spatial_back()),
    right(BACKWARD, "the alternative", spatial_back(by="batchnorm_backward_alt")),
    right(
        BACKWARD,
        "moveaxis",
        spatial_back("np.moveaxis(dout, 1, -1).reshape(-1, C)", "np.moveaxis(dx.reshape(N, H, W, C), -1, 1)"),
    ),
    right(GROUP, "five axes", gn()),
    right(GROUP, "rows", gn("x.reshape(N * G, -1)", "1")),
    right(GROUP, "float32", gn(out="(gamma * n + beta).astype('f')")),
    right(GROUP_BACK, "rows", gn_back()),
    right(
        GROUP_BACK,
        "einsum",
        gn_back(sums="(0, 2, 3), keepdims=True", average="np.einsum('ij->i', terms)[:, None] / terms.shape[1]"),
    ),
    right(GROUP_BACK, "factors in the other order", gn_back(inner="gamma * dout", dgamma="n * dout")),
    # Right as documented, but fragile
    fragile(
        FORWARD, "is added to the standard deviation", by_hand().replace("np.sqrt(var + eps)[", "(np.sqrt(var) + eps)[")
    ),
    fragile(GROUP, "is added to the standard deviation", gn(root="(np.sqrt(var) + eps)")),
    fragile(
        GROUP,
        "grows with the size",
        function(
            "spatial_groupnorm_forward(x, gamma, beta, G, gn_param)",
            """
out = np.empty_like(x)
size = x.shape[1] // G
for i in range(len(x)):
    for g in range(G):
        part = x[i, g * size : (g + 1) * size]
        n = (part - part.mean()) / np.sqrt(part.var() + gn_param.get("eps", 1e-5))
        out[i, g * size : (g + 1) * size] = n
return gamma * out + beta, None
""",
        ),
    ),
]
