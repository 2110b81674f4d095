"""Attempts at convolution and max pooling."""

from solutions.attempts import fragile, known, right, wrong
from solutions.attempts.layers import function

CONV, BACK = "conv_forward_naive", "conv_backward_naive"
POOL, POOL_BACK = "max_pool_forward_naive", "max_pool_backward_naive"


def conv(
    padded="np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))",
    H_out="1 + (H + 2 * p - HH) // s",
    W_out="1 + (W + 2 * p - WW) // s",
    top="i * s",
    left="j * s",
    value="np.sum(window * w[f]) + b[f]",
    out="out",
    before="",
) -> str:
    """Return the code of a forward pass with four loops, with some of its lines replaced."""
    body = f"""
s, p = conv_param["stride"], conv_param["pad"]
N, C, H, W = x.shape
F, _, HH, WW = w.shape
{before}
xp = {padded}
out = np.zeros((N, F, {H_out}, {W_out}))
for n in range(N):
    for f in range(F):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                top, left = {top}, {left}
                window = xp[n, :, top : top + HH, left : left + WW]
                out[n, f, i, j] = {value}
return {out}, (x, w, b, conv_param)
"""
    return function("conv_forward_naive(x, w, b, conv_param)", body)


PART = "np.sum(window * w[f, :, : window.shape[1], : window.shape[2]]) + b[f]"  # if a window extends beyond the border


def back(
    dx="dxp[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f]",
    dw="dw[f] += dout[n, f, i, j] * xp[n, :, top : top + HH, left : left + WW]",
    db="db = dout.sum(axis=(0, 2, 3))",
    cut="dxp[:, :, p : p + H, p : p + W]",
    padded="np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))",
    top="i * s",
    end="",
) -> str:
    """Return the code of a backward pass with four loops, with some of its lines replaced."""
    body = f"""
x, w, b, conv_param = cache
s, p = conv_param["stride"], conv_param["pad"]
H, W = x.shape[2:]
F, _, HH, WW = w.shape
xp = {padded}
dxp, dw = np.zeros(xp.shape), np.zeros(w.shape)
{db}
for n in range(dout.shape[0]):
    for f in range(F):
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                top, left = {top}, j * s
                {dx}
                {dw}
{end}
return {cut}, dw, db
"""
    return function("conv_backward_naive(dout, cache)", body)


def pool(
    value="window.max()", height="ph", width="pw", top="i * s", left="j * s", before="", H="H", out="out", sizes=""
) -> str:
    """Return the code of a forward pass with four loops, with some of its lines replaced."""
    body = f"""
ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
N, C, H, W = x.shape
{before}
out = np.zeros((N, C, 1 + ({H} - ph) // s, 1 + (W - {width}) // s))
for n in range(N):
    for c in range(C):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                {sizes}
                window = x[n, c, {top} : {top} + {height}, {left} : {left} + {width}]
                out[n, c, i, j] = {value}
return {out}, (x, pool_param)
"""
    return function("max_pool_forward_naive(x, pool_param)", body)


OF_STRIDE = ("ph = pw = s", "ph = s", "pw = s")
BEST = "(x[place] == x[place].max())"
MASK = f"dx[place] += {BEST} * dout[n, c, i, j]"


def pool_back(step=MASK, places="dout.shape[2:]", end="", begin="dx = np.zeros(x.shape)", sizes="") -> str:
    """Return the code of a backward pass with loops; `step` is the statement for one window."""
    body = f"""
x, pool_param = cache
ph, pw, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
{begin}
for n in range(x.shape[0]):
    for c in range(x.shape[1]):
        for i, j in np.ndindex(*{places}):
            {sizes}
            place = n, c, slice(i * s, i * s + ph), slice(j * s, j * s + pw)
            {step}
{end}
return dx
"""
    return function("max_pool_backward_naive(dout, cache)", body)


CAUSES = {
    "filter_flipped": (
        "the filter is flipped, as in a mathematical convolution;",
        "the layer should compute a cross-correlation.",
    ),
    "conv_bias_missing": ("the bias is missing:", "add b[f] to every entry of out[:, f]."),
    "bias_per_channel": ("the bias is added once for each channel;", "add it once, to the sum over all channels."),
    "padded_with_edge": ("the images are padded with copies of their border;", "the padding should consist of zeros."),
    "padding_missing": ("the images are not padded:", "`pad` rows and columns of zeros should go on each side."),
    "padded_after": ("all padding is on one side;", "`pad` rows and columns of zeros should go on each side."),
    "stride_left_out": (
        "the windows move by 1 instead of by the stride;",
        "the window at output position (i, j) should start at row i * stride, column j * stride.",
    ),
    "stride_down_only": (
        "the stride is used for rows only:",
        "the window at output position (i, j) should start at column j * stride.",
    ),
    "stride_across_only": (
        "the stride is used for columns only:",
        "the window at output position (i, j) should start at row i * stride.",
    ),
    "first_channel_only": (
        "only the first channel is used;",
        "a filter should extend through the full depth of the images.",
    ),
    "places_swapped": (
        "height and width of out are swapped:",
        "axis 2 should run down the image, and axis 3 across it.",
    ),
    "stride_remainder": (
        "this is right only where the stride fits exactly;",
        "otherwise, round the number of windows down, with //, so that none extends beyond the border.",
    ),
    "pad_zero": ("this is right with padding, but wrong without:", "with pad = 0, nothing should be added or cut off."),
    "one_filter": (
        "it works for several filters and channels, but not for one of each:",
        "does a squeeze() drop an axis?",
    ),
    "one_channel": ("it works for several channels, but not for a single one:", "does a squeeze() drop an axis?"),
    "one_place": (
        "it is right except where an image, a filter or the output has height and width 1:",
        "does a squeeze() drop an axis?",
    ),
    "cut_to_minus_pad": (
        "with pad = 0, the slice [pad:-pad] is [0:-0], which is empty:",
        "cut with [pad : pad + H] and [pad : pad + W].",
    ),
    "cut_by_one": (
        "the border that is cut off dx is always 1 pixel wide, whatever pad is.",
        "Use pad in the slice, and consider pad = 0.",
    ),
    "dx_still_padded": (
        "dx still includes the padding:",
        "cut off its border, so that it has the shape of x.",
    ),
    "dx_overwritten": (
        "each entry of dx keeps only its last contribution:",
        "add up all contributions, with +=.",
    ),
    "dx_filter_flipped": ("dx is computed with flipped filters;", "use each filter as it is in the forward pass."),
    "dw_overwritten": (
        "dw keeps only the contribution of the last window:",
        "add up the contributions of all windows, with +=.",
    ),
    "dw_flipped": ("dw is flipped.", "The forward and the backward pass must go through the filter in the same order."),
    "db_not_over_places": (
        "db is not summed over all positions:",
        "b[f] is added at each of them, so sum over axis=(0, 2, 3).",
    ),
    "db_not_over_batch": (
        "db is not summed over the images:",
        "b[f] is added in each of them, so sum over axis=(0, 2, 3).",
    ),
    "db_of_last_image": ("db comes from the last image only:", "sum over all images, with +=."),
    "zero_maximum": (
        "a window of negative numbers has a negative maximum, not 0:",
        "0 should not take part in the comparison, not even as a starting value.",
    ),
    "mean_for_maximum": ("this is the mean of each window;", "the layer should take the maximum."),
    "minimum_for_maximum": ("this is the minimum of each window;", "the layer should take the maximum."),
    "largest_absolute": (
        "this is the largest absolute value of each window;",
        "the layer should take the maximum, sign included.",
    ),
    "over_channels": ("the maximum is taken over the channels too;", "each channel should have its own."),
    "window_for_stride": (
        "the windows move by their height or width instead of by the stride.",
        "A window should start at row i * stride, column j * stride.",
    ),
    "window_square": ("the width of the windows is pool_height;", "it should be pool_width."),
    "negative_window": (
        "it is right except where all numbers in a window are negative:",
        "does the search for the maximum start at 0?",
    ),
    "windows_overlap": (
        "it is right except where windows overlap:",
        "there, an entry can be the maximum of several windows; in the backward pass, add up their gradients.",
    ),
    "pool_overwritten": (
        "where windows overlap, dx keeps only the last contribution:",
        "add up all contributions, with +=.",
    ),
    "pool_window_overwritten": (
        "where windows overlap, each window overwrites what earlier ones have added:",
        "add every contribution, with +=.",
    ),
    "pool_to_all": ("every entry of a window gets dout;", "only its maximum should get it."),
    "pool_shared_evenly": (
        "dout is divided evenly among the entries of a window, as it would be for a mean;",
        "only the maximum of a window should get it.",
    ),
    "pool_dout_ignored": ("each maximum gets 1 instead of dout:", "multiply by dout (chain rule)."),
    "pool_times_maximum": (
        "dx contains the maximum itself;",
        "it should contain only dout, because the slope of a maximum is 1.",
    ),
    "pool_to_minimum": ("dout goes to the minimum of each window;", "it should go to the maximum."),
    "pool_ties": (
        "if several entries of a window equal its maximum, what they get should add up to dout; others should get 0.",
        "Look at the comparison with the maximum.",
    ),
    "pool_ties_in_full": (
        "where a window contains its maximum more than once, as after a ReLU, each occurrence gets all of dout:",
        "pass dout on only once, for example to the first one.",
    ),
    "height_for_width": ("the width of out is computed from heights:", "compute it from W and WW."),
    "width_for_height": ("the height of out is computed from widths:", "compute it from H and HH."),
    "mean_for_products": ("the products are averaged;", "sum them."),
    "bias_of_first_filter": ("every filter gets the first bias;", "b[f] belongs to filter f."),
    "bias_subtracted": ("the bias is subtracted;", "add it."),
    "bias_per_product": ("the bias is added to every product;", "add it once, to their sum."),
    "last_channel_only": (
        "only the last channel is used;",
        "a filter should extend through the full depth of the images.",
    ),
    "padded_with_ones": ("the padding consists of ones;", "use zeros."),
    "dx_stride_left_out": (
        "in dx, the windows move by 1 instead of by the stride:",
        "the window at output position (i, j) should start at row i * stride, column j * stride.",
    ),
    "dw_stride_left_out": (
        "in dw, the windows move by 1 instead of by the stride:",
        "the window at output position (i, j) should start at row i * stride, column j * stride.",
    ),
    "dw_of_unpadded": (
        "dw is computed from the images without their padding:",
        "use the padded ones, as in the forward pass.",
    ),
    "dw_of_last_image": ("dw comes from the last image only:", "sum over all images, with +=."),
    "dx_of_last_filter": ("dx comes from the last filter only:", "sum over all filters, with +=."),
    "dx_averaged": (
        "dx is divided by N;",
        "the mean over the batch belongs to the loss, so the layer should not divide by N again.",
    ),
    "db_over_wrong_axes": (
        "db is summed over the wrong axes;",
        "there should be one entry for each filter, so sum over axis=(0, 2, 3).",
    ),
    "pool_position_in_window": (
        "the position of the maximum within its window is used as its position in the image:",
        "add the position at which the window starts.",
    ),
    "pool_stride_left_out": ("the windows move by 1 instead of by the stride.", "Look at where a window starts."),
    "window_of_stride": (
        "the height or the width of the windows is taken from the stride:",
        "they should have pool_height rows and pool_width columns; the stride is how far they move.",
    ),
    "window_written_in": ("the windows are always 2 × 2:", "use pool_height and pool_width."),
    "stride_written_in": ("the stride is always 2:", "use the one in pool_param."),
    "pool_channel_maximum": (
        "each entry is compared with the maximum of its whole channel;",
        "compare it with the maximum of its window.",
    ),
    "window_sides_swapped": (
        "height and width of the window are swapped.",
        "Look at where pool_height and pool_width are used.",
    ),
    "sum_for_maximum": ("this is the sum of each window;", "the layer should take the maximum."),
    "db_overwritten": ("db keeps only the last contribution:", "add up all contributions, with +=."),
    "dw_without_dout": ("dout is missing from dw;", "multiply each window by its dout (chain rule)."),
    "dx_without_dout": ("dout is missing from dx;", "multiply the filter by dout (chain rule)."),
    "pool_to_positive": ("every positive entry of a window gets dout;", "only its maximum should get it."),
}

WRONG = [
    known(CONV, "filter_flipped", conv(value="np.sum(window * w[f, :, ::-1, ::-1]) + b[f]")),
    known(CONV, "conv_bias_missing", conv(value="np.sum(window * w[f])")),
    known(CONV, "bias_per_channel", conv(value="sum(np.sum(window[c] * w[f, c]) + b[f] for c in range(C))")),
    known(CONV, "padded_with_edge", conv(padded="np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='edge')")),
    known(CONV, "padding_missing", conv(before="p = 0")),
    known(CONV, "padded_after", conv(padded="np.pad(x, ((0, 0), (0, 0), (0, 2 * p), (0, 2 * p)))")),
    known(CONV, "stride_left_out", conv(top="i", left="j")),
    known(CONV, "stride_down_only", conv(left="j")),
    known(CONV, "stride_across_only", conv(top="i")),
    known(CONV, "first_channel_only", conv(value="np.sum(window[0] * w[f, 0]) + b[f]")),
    known(CONV, "places_swapped", conv(out="out.swapaxes(2, 3)")),
    wrong(CONV, "places_swapped", conv(out="out.transpose(0, 1, 3, 2)")),
    wrong(CONV, "given_code", "from cs231n.fast_layers import conv_forward_fast as conv_forward_naive"),
    wrong(
        CONV,
        "forbidden_function",
        conv(value="sum(signal.correlate(window[c], w[f, c], 'valid').item() for c in range(C)) + b[f]").replace(
            "def", "from scipy import signal\ndef", 1
        ),
    ),
    wrong(CONV, "pad_zero", conv(before="if p == 0:\n    p = 1")),
    wrong(CONV, "float_for_integer", conv(H_out="1 + (H + 2 * p - HH) / s"), status="error"),
    wrong(CONV, "mutation", conv(before="x *= 2", value="np.sum(window * w[f]) / 2 + b[f]")),
    wrong(CONV, "mutation", conv(before="w += 1", value="np.sum(window * (w[f] - 1)) + b[f]")),
    wrong(CONV, "one_example", conv(out="out.squeeze() if N == 1 else out")),
    wrong(CONV, "one_filter", conv(out="out[:, 0] if F == 1 else out")),
    wrong(CONV, "returns_none", conv().replace("return ", "result = ")),
    known(BACK, "cut_to_minus_pad", back(cut="dxp[:, :, p:-p, p:-p]")),
    known(BACK, "cut_by_one", back(cut="dxp[:, :, 1:-1, 1:-1]")),
    known(BACK, "dx_still_padded", back(cut="dxp")),
    known(BACK, "dx_overwritten", back(dx="dxp[n, :, top : top + HH, left : left + WW] = dout[n, f, i, j] * w[f]")),
    known(
        BACK,
        "dx_filter_flipped",
        back(dx="dxp[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f, :, ::-1, ::-1]"),
    ),
    known(BACK, "dw_overwritten", back(dw="dw[f] = dout[n, f, i, j] * xp[n, :, top : top + HH, left : left + WW]")),
    known(BACK, "dw_flipped", back(end="dw = dw[:, :, ::-1, ::-1]")),
    known(BACK, "dw_averaged", back(end="dw /= len(x)")),
    known(BACK, "db_not_over_places", back(db="db = dout.sum(axis=0)")),
    known(BACK, "db_not_over_batch", back(db="db = dout.sum(axis=(2, 3))")),
    known(BACK, "db_of_last_image", back(db="for one in dout:\n    db = one.sum(axis=(1, 2))")),
    known(BACK, "db_averaged", back(db="db = dout.mean(axis=(0, 2, 3))")),
    wrong(BACK, "shapes_do_not_fit", back(padded="x"), status="error"),
    wrong(BACK, "", back(cut="np.pad(dxp, 1)[1:-1, 1:-1, p : p + H, p : p + W]")),
    wrong(BACK, "returns_none", back().replace("return ", "result = ")),
    known(POOL, "zero_maximum", pool(value="max(0, window.max())")),
    wrong(POOL, "zero_maximum", pool(value="max([0, *window.ravel()])")),
    known(POOL, "mean_for_maximum", pool(value="window.mean()")),
    known(POOL, "minimum_for_maximum", pool(value="window.min()")),
    known(POOL, "largest_absolute", pool(value="np.abs(window).max()")),
    known(POOL, "over_channels", pool(value="x[n, :, i * s : i * s + ph, j * s : j * s + pw].max()")),
    known(POOL, "stride_left_out", pool(top="i", left="j")),
    known(POOL, "window_for_stride", pool(top="i * ph", left="j * pw", value="window.max() if window.size else 0")),
    known(POOL, "window_square", pool(width="ph")),
    known(POOL, "places_swapped", pool(out="out.swapaxes(2, 3)")),
    wrong(POOL, "mutation", pool(before="x -= 1", value="window.max() + 1")),
    wrong(POOL, "given_code", "from cs231n.fast_layers import max_pool_forward_fast as max_pool_forward_naive"),
    wrong(POOL, "one_example", pool(out="out[0] if N == 1 else out")),
    wrong(POOL, "one_channel", pool(out="out[:, 0] if C == 1 else out")),
    known(POOL_BACK, "pool_overwritten", pool_back(f"dx[place] = np.where({BEST}, dout[n, c, i, j], dx[place])")),
    known(POOL_BACK, "pool_window_overwritten", pool_back(MASK.replace("+=", "="))),
    known(POOL_BACK, "pool_to_all", pool_back("dx[place] += dout[n, c, i, j]")),
    known(POOL_BACK, "pool_shared_evenly", pool_back("dx[place] += dout[n, c, i, j] / (ph * pw)")),
    known(POOL_BACK, "pool_dout_ignored", pool_back(f"dx[place] += {BEST}")),
    known(POOL_BACK, "pool_times_maximum", pool_back(MASK + " * x[place]")),
    known(POOL_BACK, "pool_to_minimum", pool_back(MASK.replace(".max()", ".min()"))),
    wrong(POOL_BACK, "pool_ties", pool_back("if np.sum(x[place] == x[place].max()) == 1:\n                " + MASK)),
    wrong(POOL_BACK, "sign", pool_back(MASK.replace("+=", "-="))),
    # further ways
    known(CONV, "height_for_width", conv(W_out="1 + (H + 2 * p - HH) // s", value=PART)),
    known(CONV, "width_for_height", conv(H_out="1 + (W + 2 * p - WW) // s", value=PART)),
    known(CONV, "padded_once", conv(H_out="1 + (H + p - HH) // s", W_out="1 + (W + p - WW) // s")),
    known(CONV, "size_without_one", conv(H_out="(H + 2 * p - HH) // s", W_out="(W + 2 * p - WW) // s")),
    known(CONV, "size_without_padding", conv(H_out="1 + (H - HH) // s", W_out="1 + (W - WW) // s")),
    known(CONV, "mean_for_products", conv(value="np.mean(window * w[f]) + b[f]")),
    known(CONV, "bias_of_first_filter", conv(value="np.sum(window * w[f]) + b[0]")),
    known(CONV, "bias_subtracted", conv(value="np.sum(window * w[f]) - b[f]")),
    known(CONV, "bias_per_product", conv(value="np.sum(window * w[f] + b[f])")),
    known(CONV, "last_channel_only", conv(value="np.sum(window[-1] * w[f, -1]) + b[f]")),
    known(CONV, "padded_with_ones", conv(padded="np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), constant_values=1)")),
    known(CONV, "padded_after", conv(padded="np.pad(x, ((0, 0), (0, 0), (2 * p, 0), (2 * p, 0)))")),
    known(CONV, "filter_flipped", conv(value="np.sum(window * w[f, ::-1, ::-1, ::-1]) + b[f]")),
    known(BACK, "dx_stride_left_out", back(dx="dxp[n, :, i : i + HH, j : j + WW] += dout[n, f, i, j] * w[f]")),
    known(BACK, "dw_stride_left_out", back(dw="dw[f] += dout[n, f, i, j] * xp[n, :, i : i + HH, j : j + WW]")),
    known(BACK, "stride_left_out", back(top="i").replace("left = i, j * s", "left = i, j")),
    known(BACK, "stride_across_only", back(top="i")),
    known(BACK, "stride_down_only", back().replace("j * s", "j")),
    known(
        BACK,
        "dw_of_last_image",
        back(dw="dw[f] += dout[n, f, i, j] * xp[n, :, top : top + HH, left : left + WW] * (n == len(x) - 1)"),
    ),
    known(
        BACK,
        "dx_of_last_filter",
        back(dx="dxp[n, :, top : top + HH, left : left + WW] += dout[n, f, i, j] * w[f] * (f == F - 1)"),
    ),
    known(BACK, "dx_averaged", back(end="dxp /= len(x)")),
    known(BACK, "dw_of_unpadded", back(padded="np.pad(x, ((0, 0), (0, 0), (0, 2 * p), (0, 2 * p)))")),
    *(
        known(BACK, "db_over_wrong_axes", back(db=f"db = dout.sum(axis={axes})"))
        for axes in ("(0, 1, 2)", "(1, 2, 3)", "(0, 1, 3)", "(0, 1)", "(1, 2)", "1")
    ),
    known(BACK, "db_not_over_places", back(db="db = dout.sum(axis=(0, 2))")),
    known(BACK, "db_not_over_places", back(db="db = dout.sum(axis=(0, 3))")),
    known(BACK, "db_averaged", back(db="db = dout.sum(axis=(0, 2, 3)) / len(x)")),
    known(POOL, "sum_for_maximum", pool(value="window.sum()")),
    known(POOL, "stride_down_only", pool(left="j")),
    known(POOL, "stride_across_only", pool(top="i")),
    known(POOL, "window_sides_swapped", pool(width="ph", height="pw")),
    known(POOL, "window_sides_swapped", pool().replace("i * s + ph", "i * s + pw").replace("j * s + pw", "j * s + ph")),
    known(POOL, "window_square", pool().replace("j * s + pw", "j * s + ph")),
    *(known(POOL, "window_of_stride", pool(sizes=sizes)) for sizes in OF_STRIDE),
    *(known(POOL_BACK, "window_of_stride", pool_back(sizes=sizes)) for sizes in OF_STRIDE),
    known(POOL, "window_written_in", pool(sizes="ph = pw = 2")),
    known(POOL_BACK, "window_written_in", pool_back(sizes="ph = pw = 2")),
    known(POOL, "stride_written_in", pool(sizes="s = 2")),
    known(POOL, "stride_written_in", pool(before="s = 2")),
    known(POOL_BACK, "stride_written_in", pool_back(sizes="s = 2", step=f"if x[place].size:\n                {MASK}")),
    known(POOL_BACK, "pool_channel_maximum", pool_back(MASK.replace("x[place].max()", "x[n, c].max()"))),
    known(POOL, "size_without_one", pool().replace("1 + (", "(")),
    known(POOL, "window_for_stride", pool(before="s = ph")),
    known(
        POOL_BACK,
        "pool_position_in_window",
        pool_back("dx[n, c][np.unravel_index(x[place].argmax(), x[place].shape)] += dout[n, c, i, j]"),
    ),
    known(
        POOL_BACK,
        "pool_position_in_window",
        pool_back("dx[n, c][np.unravel_index(x[place].argmax(), x[place].shape)] = dout[n, c, i, j]"),
    ),
    known(
        POOL_BACK,
        "pool_stride_left_out",
        pool_back().replace("slice(i * s, i * s + ph), slice(j * s, j * s + pw)", "slice(i, i + ph), slice(j, j + pw)"),
    ),
    known(POOL_BACK, "pool_times_maximum", pool_back("dx[place] += x[place].max() * (x[place] == x[place].max())")),
    known(BACK, "db_overwritten", back(db="db = dout[-1, :, -1, -1]")),
    known(BACK, "dw_without_dout", back(dw="dw[f] += xp[n, :, top : top + HH, left : left + WW]")),
    known(BACK, "dx_without_dout", back(dx="dxp[n, :, top : top + HH, left : left + WW] += w[f]")),
    known(POOL_BACK, "pool_to_positive", pool_back("dx[place] += (x[place] > 0) * dout[n, c, i, j]")),
]

GATHERED = """
import itertools
s, p = conv_param["stride"], conv_param["pad"]
(N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
padded = np.zeros((N, C, H + 2 * p, W + 2 * p), dtype=x.dtype)
padded[:, :, p : p + H, p : p + W] = x
windows = np.lib.stride_tricks.sliding_window_view(padded, (HH, WW), axis=(2, 3))[:, :, ::s, ::s]
return np.einsum("ncijkl,fckl->nfij", windows, w) + b[:, None, None], (x, w, b, conv_param)
"""
SEVEN_LOOPS = """
stride, pad = conv_param["stride"], conv_param["pad"]
N, C, H, W = x.shape
F, _, HH, WW = w.shape
out = np.zeros((N, F, int(1 + (H + 2 * pad - HH) / stride), int(1 + (W + 2 * pad - WW) / stride)))
for n in range(N):
    for f in range(F):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                total = float(b[f])
                for c in range(C):
                    for k in range(HH):
                        for l in range(WW):
                            row, column = i * stride + k - pad, j * stride + l - pad
                            if 0 <= row < H and 0 <= column < W:
                                total += x[n, c, row, column] * w[f, c, k, l]
                out[n, f, i, j] = total
cache = (x, w, b, conv_param)
return out, cache
"""
COLUMNS = """
stride, pad = conv_param["stride"], conv_param["pad"]
(N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
rows = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], "constant").astype(np.float32)
H_out, W_out = (H + 2 * pad - HH) // stride + 1, (W + 2 * pad - WW) // stride + 1
columns = np.stack([rows[:, :, k : k + stride * H_out : stride, l : l + stride * W_out : stride]
                    for k in range(HH) for l in range(WW)], axis=2)
out = (w.reshape(F, -1).astype(np.float32) @ columns.reshape(N, C * HH * WW, -1)) + b.reshape(1, F, 1)
return out.reshape(N, F, H_out, W_out), (x, w, b, conv_param)
"""
BY_FILTER_OFFSETS = """
x, w, b, conv_param = cache
s, p = conv_param["stride"], conv_param["pad"]
(N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
xp = np.pad(x, ((0,), (0,), (p,), (p,)), mode="constant")
dxp, dw = np.zeros_like(xp), np.zeros_like(w)
for k in range(HH):
    for l in range(WW):
        at = (slice(None), slice(None), slice(k, k + s * dout.shape[2], s), slice(l, l + s * dout.shape[3], s))
        dw[:, :, k, l] = np.einsum("nfij,ncij->fc", dout, xp[at])
        dxp[at] += np.einsum("nfij,fc->ncij", dout, w[:, :, k, l])
return [dxp[:, :, p : H + p, p : W + p], dw, np.einsum("nfij->f", dout)]
"""
IN_FLOAT32 = """
x, w, b, conv_param = cache
s, p = conv_param["stride"], conv_param["pad"]
(N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
dx, dw, db = np.zeros(x.shape, np.float32), np.zeros(w.shape, np.float32), np.zeros(F, np.float32)
for n, f, i, j in np.ndindex(*dout.shape):
    db[f] += dout[n, f, i, j]
    for k, l in np.ndindex(HH, WW):
        row, column = i * s + k - p, j * s + l - p
        if row in range(H) and column in range(W):
            dx[n, :, row, column] += dout[n, f, i, j] * w[f, :, k, l]
            dw[f, :, k, l] += dout[n, f, i, j] * x[n, :, row, column]
return dx, dw, db
"""
POOL_VIEWS = """
size = (pool_param["pool_height"], pool_param["pool_width"])
s = pool_param["stride"]
windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))[:, :, ::s, ::s]
return windows.max(axis=(-1, -2)), (x, pool_param)
"""
POOL_SHIFTS = """
ph, pw, s = (pool_param[name] for name in ("pool_height", "pool_width", "stride"))
H, W = 1 + (x.shape[2] - ph) // s, 1 + (x.shape[3] - pw) // s
out = np.full((*x.shape[:2], H, W), -np.inf)
for k in range(ph):
    for l in range(pw):
        np.maximum(out, x[:, :, k : k + s * H : s, l : l + s * W : s][:, :, :H, :W], out=out)
return out, (x, pool_param)
"""
FIRST = "best = np.argmax(x[place])\n            dx[place].flat[best] += dout[n, c, i, j]"
LAST = "dx[place][np.argwhere(x[place] == x[place].max())[-1][0], np.argwhere(x[place] == x[place].max())[-1][1]] += "
SPLIT = "best = x[place] == x[place].max()\n            dx[place] += best / best.sum() * dout[n, c, i, j]"


def conv_of(body: str) -> str:
    return function("conv_forward_naive(x, w, b, conv_param)", body)


def back_of(body: str) -> str:
    return function("conv_backward_naive(dout, cache)", body)


def pool_of(body: str) -> str:
    return function("max_pool_forward_naive(x, pool_param)", body)


RIGHT = [
    right(CONV, "four loops", conv()),
    fragile(CONV, "where the stride fits exactly", conv(before="assert (H + 2 * p - HH) % s == 0")),
    fragile(
        CONV,
        "where the stride fits exactly",
        conv(H_out="1 + -(-(H + 2 * p - HH) // s)", value="np.sum(window * w[f, :, : window.shape[1]]) + b[f]"),
    ),
    fragile(BACK, "where the stride fits exactly", back(end="assert (H + 2 * p - HH) % s == 0, s")),
    fragile(POOL, "where the stride fits exactly", pool(before="assert (H - ph) % s == (W - pw) % s == 0")),
    fragile(POOL, "where the stride fits exactly", pool(H="s - 1 + H")),
    fragile(
        POOL_BACK,
        "where the stride fits exactly",
        pool_back(end="dx = dx[:, :, : s * dout.shape[2] - s + ph]"),
    ),
    right(CONV, "windows as a view", conv_of(GATHERED)),
    right(CONV, "seven loops", conv_of(SEVEN_LOOPS)),
    right(CONV, "columns, in float32", conv_of(COLUMNS)),
    right(BACK, "four loops", back()),
    right(BACK, "loops over the filter", back_of(BY_FILTER_OFFSETS)),
    right(BACK, "without padding, in float32", back_of(IN_FLOAT32)),
    right(BACK, "db filter by filter", back(db="db = np.array([dout[:, f].sum() for f in range(F)])")),
    right(POOL, "four loops", pool()),
    right(POOL, "windows as a view", pool_of(POOL_VIEWS)),
    right(POOL, "maximum of shifted images", pool_of(POOL_SHIFTS)),
    right(POOL_BACK, "the first maximum", pool_back(FIRST)),
    right(POOL_BACK, "the last maximum", pool_back(LAST + "dout[n, c, i, j]")),
    right(POOL_BACK, "shared among equals", pool_back(SPLIT)),
    right(POOL_BACK, "in float32", pool_back(FIRST, begin="dx = np.zeros(x.shape, dtype=np.float32)")),
    # Right as documented, but fragile
    fragile(POOL_BACK, "gets all of dout", pool_back()),
    fragile(POOL_BACK, "dout is changed", pool_back(FIRST, end="dout *= 2")),
    fragile(BACK, "dout is changed", back(end="dout *= 0")),
    fragile(BACK, "the cache is changed in place", back(end="w *= 2")),
]
