"""Attempts at the layers and the losses of scores."""

from textwrap import indent

from solutions.attempts import fragile, known, right, wrong

EXACT = {"dx": "(dout @ w.T).reshape(x.shape)", "dw": "x.reshape(len(x), -1).T @ dout", "db": "dout.sum(0)"}


def function(head: str, body: str) -> str:
    return f"def {head}:\n{indent(body.strip(), '    ')}\n"


def affine(body: str) -> str:
    return function("affine_forward(x, w, b)", body)


def affine_back(body: str, head: str = "x, w, b = cache") -> str:
    return function("affine_backward(dout, cache)", f"{head}\n{body.strip()}")


def relu(body: str) -> str:
    return function("relu_forward(x)", body)


def relu_back(body: str) -> str:
    return function("relu_backward(dout, cache)", f"x = cache\n{body.strip()}")


def gradients(dx=EXACT["dx"], dw=EXACT["dw"], db=EXACT["db"]) -> str:
    return affine_back(f"return {dx}, {dw}, {db}")


def svm(
    margin="x - x[rows, y][:, None] + 1",
    own="m[rows, y] = 0",
    loss="m.sum() / N",
    weight="(m > 0) * 1.0",
    own_part="dx[rows, y] -= dx.sum(1)",
    average="dx /= N",
) -> str:
    lines = ["N = len(x)", "rows = np.arange(N)", f"m = np.maximum({margin}, 0)", own, f"loss = {loss}"]
    return function("svm_loss(x, y)", "\n".join([*lines, f"dx = {weight}", own_part, average, "return loss, dx"]))


def softmax(
    shift="x - x.max(1, keepdims=True)",
    loss="-np.log(P[rows, y]).sum() / N",
    own="dx[rows, y] -= 1",
    average="dx /= N",
) -> str:
    lines = ["N = len(x)", "rows = np.arange(N)", f"e = np.exp({shift})", "P = e / e.sum(1, keepdims=True)"]
    lines += [f"loss = {loss}", "dx = P.copy()", own, average, "return loss, dx"]
    return function("softmax_loss(x, y)", "\n".join(lines))


NUMERIC = """
from cs231n.gradient_check import eval_numerical_gradient_array as numeric
return (
    numeric(lambda x: affine_forward(x, w, b)[0], np.array(x, float), dout),
    numeric(lambda w: affine_forward(x, w, b)[0], np.array(w, float), dout),
    numeric(lambda b: affine_forward(x, w, b)[0], np.array(b, float), dout),
)
"""
FLAT = "x.reshape(x.shape[0], -1)"
NO_MAXIMUM = svm(loss="m.sum() / N").replace(
    "np.maximum(x - x[rows, y][:, None] + 1, 0)", "x - x[rows, y][:, None] + 1"
)
OWN_MARGINS = "M = x - x[rows, y][:, None] + 1; M[rows, y] = 0"

CAUSES = {
    "complement_in_gradient": (
        "the gradient contains 1 minus the probabilities;",
        "it should contain the probabilities, minus 1 at the correct class.",
    ),
    "counts_of_whole_batch": (
        "the violated margins of the whole batch are counted for each example:",
        "count along axis=1, over the classes of each example.",
    ),
    "maximum_with_one": ("the result is the larger of x and 1;", "a ReLU should take the larger of x and 0."),
    # layers
    "bias_missing": ("a bias is not added:", "add it to every row of the product."),
    "relu_in_affine": ("negative numbers become 0:", "leave that to the ReLU, which is a layer of its own."),
    "db_not_summed": (
        "db is not summed over the batch:",
        "b is added to every example, so its gradient should be the sum of all rows of dout.",
    ),
    "db_of_2d": ("db has one axis too many;", "its shape should be that of b, (M,), so sum without keepdims."),
    "db_over_columns": ("db is summed along the wrong axis:", "sum over the examples, with axis=0."),
    "db_averaged": (
        "db is averaged instead of summed;",
        "the mean over the batch belongs to the loss, so the layer should only sum.",
    ),
    "dx_not_reshaped": ("dx is still flattened:", "give it the shape of x."),
    "dw_averaged": (
        "dw is divided by N;",
        "the mean over the batch belongs to the loss, so the layer should not divide by N again.",
    ),
    "leaky": ("where x is negative, a small part leaks through;", "a ReLU should let nothing through there."),
    "absolute_value": ("negative inputs become positive:", "this is |x|, and ReLU should be max(0, x)."),
    "step_function": ("this is 1 where x is positive;", "ReLU should keep x itself there."),
    "clipped_above": ("large inputs are clipped;", "ReLU should have no upper bound."),
    "threshold_elsewhere": ("the threshold is 1;", "it should be 0."),
    "relu_of_dout": ("dout is masked by its own sign;", "use the sign of x instead."),
    "mask_missing": ("dout passes everywhere;", "nothing should pass where x is negative."),
    "mask_inverted": (
        "dout passes where x is negative, and is stopped where x is positive.",
        "Look at the comparison in the mask.",
    ),
    "dout_ignored": ("dout is not used:", "multiply the derivative by it (chain rule)."),
    "times_out": ("dout is multiplied by the output;", "it should be multiplied by the slope of ReLU, 0 or 1."),
    "changes_dout": (
        "the result is right, but dout is changed in place, and other code may still need it:",
        "create a new array, such as dout * mask.",
    ),
    "changes_cache": (
        "the result is right, but the cache is changed in place, so another backward pass may be wrong:",
        "leave the cache as it is.",
    ),
    # losses of scores
    "loss_not_averaged": (
        "there is a sum over the batch where a mean is asked for:",
        "both the loss and its gradient should be divided by N, once.",
    ),
    "averaged_over_classes": (
        "there is one division by C too many, as with np.mean over all entries;",
        "take the mean over the examples only.",
    ),
    "own_margin_counted": (
        "the correct class is included in the hinge sum, where its margin is always 1:",
        "leave it out.",
    ),
    "margin_missing": ("the margin of 1 is missing:", "each term should be max(0, s_j - s_y + 1)."),
    "hinge_squared": ("the margins are squared;", "the hinge loss should be linear in them."),
    "margins_for_counts": (
        "in the gradient, a violated margin counts in proportion to its size;",
        "each violated margin should count as 1.",
    ),
    "correct_part_missing": (
        "the gradient lacks the negative term of the correct class:",
        "the loss falls when the score of that class grows.",
    ),
    "correct_part_once": (
        "the correct class gets -1 per example;",
        "it should get -1 for every violated margin of its row.",
    ),
    "labels_as_columns": (
        "the index [:, y] picks the columns of all labels in every row;",
        "[np.arange(N), y] picks the entry of the correct class in each row.",
    ),
    "logarithm_missing": (
        "the logarithm is missing:",
        "the loss should be -log p, averaged, where p is the probability of the correct class.",
    ),
    "mean_inside_log": (
        "the probabilities are averaged or added before the logarithm;",
        "the loss should be the mean of the negative logarithms.",
    ),
    "overflow": (
        "scores near 1000 are too large for exp, and scores near -1000 too small:",
        "subtract the largest score of each row first, which does not change the probabilities.",
    ),
    "smallest_subtracted": (
        "the smallest score is subtracted, so exp still overflows where scores are far apart:",
        "subtract the largest instead, so that all differences are 0 or negative.",
    ),
    "shift_per_row": (
        "where all scores of a row are far below what is subtracted, every exp is 0:",
        "subtract each row's own largest score, even if it is negative.",
    ),
    "small_added": (
        "a small number is added to the probability before the logarithm is taken, which changes the loss:",
        "written as log(Σe^s) - s_y, the loss needs none.",
    ),
    "underflow": (
        "if a score is hundreds below the largest, its probability rounds to 0, and its logarithm is lost.",
        "Take the shifted score minus the log of the sum instead of the log of a quotient.",
    ),
    "forward_for_backward": (
        "this is the forward pass;",
        "the backward pass should return dout where x is positive, and 0 elsewhere.",
    ),
    "counts_for_margins": ("the loss counts violated margins;", "it should sum them."),
    "max_missing": ("max(0, ...) is missing:", "margins below 0 should count as 0."),
    "absolute_margins": ("the absolute values of the margins are summed;", "margins below 0 should count as 0."),
    "every_class_counted": (
        "the gradient counts every wrong class, whether its margin is violated or not;",
        "only those with a margin above 0 should count.",
    ),
    "threshold_one": ("only margins above 1 count as violated;", "all margins above 0 should."),
    "correct_part_sign": (
        "a sign in the gradient is wrong:",
        "the term for the correct class should be negative, and all others positive.",
    ),
    "correct_part_twice": ("1 is subtracted twice at the correct class.", "Look at each line that changes that entry."),
    "not_normalised_in_loss": (
        "the division by the sum is missing from the loss:",
        "it should be -log(e^s_y / Σe^s) for each example.",
    ),
    "not_normalised_in_gradient": (
        "the gradient has exp(score) where the probability belongs:",
        "divide by the sum of the row first.",
    ),
    "label_score_missing": (
        "the score of the correct class is missing from the loss:",
        "it should be log(Σe^s) - s_y for each example.",
    ),
    "all_classes_logged": (
        "the loss contains the logarithms of all probabilities;",
        "use only that of the correct class.",
    ),
    "normalised_over_all": (
        "the exponentials are summed over the whole batch;",
        "each row should have its own sum, along axis=1.",
    ),
    "own_entry_elsewhere": (
        "entries other than those of the correct classes are changed;",
        "index the entry of the correct class in each row with [np.arange(N), y].",
    ),
    "other_classes_missing": (
        "the gradient has only the term for the correct class;",
        "the score of every class contributes to the loss.",
    ),
    "probabilities_missing": (
        "the gradient has only the -1 of the correct class;",
        "add the probability of every class.",
    ),
    "bias_multiplied": ("the result is multiplied by b;", "b should only be added."),
    "bias_subtracted_from": ("the bias is subtracted;", "add it."),
    "log_of_sum_missing": (
        "the loss contains the sum of the exponentials, not its logarithm:",
        "it should be log(Σe^s) - s_y for each example.",
    ),
    "softmax_slope": (
        "P (1 - P) is the derivative of a probability P with respect to its own score;",
        "the gradient of the loss should be P - 1 at the correct class, and P elsewhere.",
    ),
    "correct_part_every_class": (
        "the correct class gets its -1 once for every class;",
        "once for each example is enough. Is the subtraction inside a loop over the classes?",
    ),
    "mean_over_wrong_classes": ("the margins are averaged over the wrong classes;", "sum them, for each example."),
    "scores_for_counts": (
        "in the gradient, a violated margin is multiplied by a score;",
        "each violated margin should count as 1.",
    ),
}

WRONG = [
    known("affine_forward", "bias_missing", affine(f"return {FLAT} @ w, (x, w, b)")),
    known("affine_forward", "relu_in_affine", affine(f"return np.maximum({FLAT} @ w + b, 0), (x, w, b)")),
    known("affine_forward", "sign", affine(f"return -({FLAT} @ w + b), (x, w, b)")),
    wrong("affine_forward", "mutation", affine("x.shape = (len(x), -1)\nreturn x @ w + b, (x, w, b)")),
    wrong(
        "affine_forward", "mutation", affine(f"w += b\nreturn {FLAT} @ w - {FLAT}.sum(1)[:, None] * b + b, (x, w, b)")
    ),
    wrong("affine_forward", "not_flattened", affine("return x @ w + b, (x, w, b)"), status="error"),
    wrong("affine_forward", "result_missing", affine(f"return {FLAT} @ w + b"), status="fail"),
    wrong("affine_forward", "input_rearranged", affine("return x.reshape(x.shape[-1], -1).T @ w + b, (x, w, b)")),
    wrong("affine_forward", "input_rearranged", affine("return x.T.reshape(len(x), -1) @ w + b, (x, w, b)")),
    wrong("affine_forward", "whole_numbers", affine(f"return ({FLAT} @ w + b).astype(int), (x, w, b)")),
    wrong(
        "affine_forward", "differs_between_calls", affine(f"return {FLAT} @ np.random.randn(*w.shape) + b, (x, w, b)")
    ),
    wrong("affine_forward", "returns_none", affine(f"out = {FLAT} @ w + b")),
    wrong("affine_forward", "transposed", affine(f"return ({FLAT} @ w + b).T, (x, w, b)")),
    known("affine_backward", "db_not_summed", gradients(db="dout")),
    known("affine_backward", "db_of_2d", gradients(db="dout.sum(0, keepdims=True)")),
    known("affine_backward", "db_over_columns", gradients(db="dout.sum(axis=1)")),
    known("affine_backward", "db_averaged", gradients(db="dout.mean(0)")),
    known("affine_backward", "dx_not_reshaped", gradients(dx="dout @ w.T")),
    wrong("affine_backward", "transposed", gradients(dw="dout.T @ x.reshape(len(x), -1)")),
    known("affine_backward", "dw_averaged", gradients(dw="x.reshape(len(x), -1).T @ dout / len(x)")),
    wrong("affine_backward", "sign", gradients(dx="-(dout @ w.T).reshape(x.shape)")),
    wrong("affine_backward", "inner_axes_differ", gradients(dx="(dout @ w).reshape(x.shape)"), status="error"),
    wrong("affine_backward", "", affine_back("return (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout")),
    wrong("affine_backward", "outputs_exchanged", gradients(dw=EXACT["db"], db=EXACT["dw"])),
    wrong("affine_backward", "one_example", gradients(db="dout.sum(0) if len(x) > 1 else dout[:, 0]")),
    known("relu_forward", "maximum_with_one", relu("return np.maximum(x, 1), x")),
    known("relu_forward", "leaky", relu("return np.where(x > 0, x, 0.01 * x), x")),
    known("relu_forward", "absolute_value", relu("return np.abs(x), x")),
    known("relu_forward", "step_function", relu("return (x > 0).astype(float), x")),
    known("relu_forward", "clipped_above", relu("return np.clip(x, 0, 1), x")),
    known("relu_forward", "threshold_elsewhere", relu("return x * (x > 1), x")),
    wrong("relu_forward", "cut_at_number", relu("return np.clip(x, 0, 4), x")),
    wrong("relu_forward", "mutation", relu("x[x < 0] = 0\nreturn x, x")),
    wrong("relu_forward", "truth_of_array", relu("return max(0, x), x"), status="error"),
    wrong("relu_forward", "returns_none", relu("np.maximum(0, x)")),
    known("relu_backward", "relu_of_dout", relu_back("return np.maximum(dout, 0)")),
    known("relu_backward", "mask_missing", relu_back("return dout")),
    known("relu_backward", "mask_inverted", relu_back("return dout * (x < 0)")),
    known("relu_backward", "dout_ignored", relu_back("return (x > 0) * 1.0")),
    known("relu_backward", "times_out", relu_back("return dout * np.maximum(x, 0)")),
    known("relu_backward", "leaky", relu_back("return np.where(x > 0, dout, 0.01 * dout)")),
    known("relu_backward", "threshold_elsewhere", relu_back("return dout * (x > 1)")),
    wrong("relu_backward", "", relu_back("return dout * x * (dout > 0)")),
    known("svm_loss", "loss_not_averaged", svm(loss="m.sum()", average="")),
    wrong("svm_loss", "loss_not_averaged", svm(loss="m.sum()")),
    wrong("svm_loss", "loss_not_averaged", svm(average="")),
    known("svm_loss", "averaged_over_classes", svm(loss="m.mean()", average="dx /= dx.size")),
    wrong("svm_loss", "averaged_over_classes", svm(loss="m.mean()")),
    known("svm_loss", "own_margin_counted", svm(own="", own_part="dx[rows, y] = -dx.sum(1)")),
    wrong("svm_loss", "own_margin_counted", svm(own="")),
    known("svm_loss", "margin_missing", svm(margin="x - x[rows, y][:, None]")),
    known("svm_loss", "hinge_squared", svm(loss="(m ** 2).sum() / N", weight="2 * m")),
    known("svm_loss", "margins_for_counts", svm(weight="m.copy()")),
    known("svm_loss", "correct_part_missing", svm(own_part="")),
    known("svm_loss", "correct_part_once", svm(own_part="dx[rows, y] -= 1")),
    wrong("svm_loss", "sign", svm(average="dx /= -N")),
    wrong("svm_loss", "mutation", svm(margin="np.add(np.subtract(x, x[rows, y][:, None], out=x), 1)")),
    wrong("svm_loss", "other_margin", svm(margin="x - x[rows, y][:, None] + 2")),
    wrong("svm_loss", "labels_as_columns", svm(margin="x - x[:, y] + 1"), status="error"),
    wrong("svm_loss", "returns_none", svm().replace("return loss, dx", "")),
    wrong("svm_loss", "result_missing", svm().replace("return loss, dx", "return loss")),
    wrong("svm_loss", "number_for_size", svm(average="dx /= 10")),
    known("softmax_loss", "loss_not_averaged", softmax(loss="-np.log(P[rows, y]).sum()", average="")),
    wrong("softmax_loss", "loss_not_averaged", softmax(loss="-np.log(P[rows, y]).sum()")),
    wrong("softmax_loss", "loss_not_averaged", softmax(average="")),
    known("softmax_loss", "sign", softmax(loss="np.log(P[rows, y]).sum() / N", average="dx /= -N")),
    wrong("softmax_loss", "sign", softmax(loss="np.log(P[rows, y]).sum() / N")),
    known("softmax_loss", "correct_part_missing", softmax(own="")),
    known("softmax_loss", "label_entry_overwritten", softmax(own="dx[rows, y] = -1")),
    known("softmax_loss", "label_entry_overwritten", softmax(own="dx[rows, y] = 1")),
    known("softmax_loss", "complement_in_gradient", softmax(own="dx = 1 - dx")),
    known("softmax_loss", "logarithm_missing", softmax(loss="-P[rows, y].mean()")),
    known("softmax_loss", "mean_inside_log", softmax(loss="-np.log(P[rows, y].mean())")),
    known(
        "softmax_loss",
        "averaged_over_classes",
        softmax(loss="-np.log(P[rows, y]).sum() / x.size", average="dx /= x.size"),
    ),
    wrong("softmax_loss", "averaged_over_classes", softmax(average="dx /= dx.size")),
    wrong("softmax_loss", "overflow", softmax(shift="x")),
    wrong("softmax_loss", "smallest_subtracted", softmax(shift="x - x.min(1, keepdims=True)")),
    wrong("softmax_loss", "mutation", softmax(shift="np.subtract(x, x.max(1, keepdims=True), out=x)")),
    wrong("softmax_loss", "", softmax(shift="x - x.max(0)", loss="-np.log2(P[rows, y]).sum() / N")),
    known("softmax_loss", "labels_as_columns", softmax(loss="-np.log(P[:, y]).sum() / N")),
    wrong("softmax_loss", "outputs_exchanged", softmax().replace("return loss, dx", "return dx, loss")),
    known("relu_backward", "forward_for_backward", relu_back("return np.maximum(x, 0)")),
    known("svm_loss", "counts_for_margins", svm(loss="(m > 0).sum() / N")),
    known("svm_loss", "max_missing", NO_MAXIMUM),
    known("svm_loss", "max_missing", NO_MAXIMUM.replace("(m > 0) * 1.0", "np.ones_like(x); dx[rows, y] = 0")),
    known("svm_loss", "max_missing", NO_MAXIMUM.replace("m[rows, y] = 0", "pass")),
    known(
        "svm_loss", "absolute_margins", svm(loss="np.abs(M).sum() / N").replace("loss =", f"{OWN_MARGINS}\n    loss =")
    ),
    known("svm_loss", "counts_of_whole_batch", svm(own_part="dx[rows, y] -= (m > 0).sum()")),
    known("svm_loss", "every_class_counted", svm(weight="np.ones_like(x); dx[rows, y] = 0")),
    known("svm_loss", "every_class_counted", svm(weight="np.ones_like(x)", own_part="dx[rows, y] = -(m > 0).sum(1)")),
    known("svm_loss", "every_class_counted", svm(own_part="dx[rows, y] = 1 - x.shape[1]")),
    known("svm_loss", "threshold_one", svm(weight="(m > 1) * 1.0")),
    known("svm_loss", "threshold_one", svm(loss="m[m > 1].sum() / N", weight="(m > 1) * 1.0")),
    known("svm_loss", "margins_for_counts", svm(own_part="dx[rows, y] -= m.sum(1)")),
    known("svm_loss", "margins_for_counts", svm(weight="m.copy()", own_part="dx[rows, y] = -(m > 0).sum(1)")),
    known("svm_loss", "correct_part_sign", svm(own_part="dx[rows, y] += dx.sum(1)")),
    known("svm_loss", "largest_violation_only", svm(own="m[rows, y] = 0; m *= m == m.max(axis=1, keepdims=True)")),
    known("svm_loss", "margin_sign", svm(margin="x[rows, y][:, None] - x + 1")),
    known("svm_loss", "margin_sign", svm(margin="x[rows, y][:, None] - x + 1", weight="-1.0 * (m > 0)")),
    known("svm_loss", "margin_sign", svm(margin="x - x[rows, y][:, None] - 1")),
    known("svm_loss", "own_entry_elsewhere", svm(own="m[:, y] = 0")),
    known("softmax_loss", "logarithm_missing", softmax(loss="P[rows, y].mean()")),
    known("softmax_loss", "logarithm_missing", softmax(loss="(1 - P[rows, y]).mean()")),
    known("softmax_loss", "logarithm_missing", softmax(loss="-P[rows, y].sum()")),
    known("softmax_loss", "logarithm_missing", softmax(loss="P[rows, y].sum()")),
    known("softmax_loss", "not_normalised_in_loss", softmax(loss="-np.log(e[rows, y]).mean()")),
    known("softmax_loss", "not_normalised_in_loss", softmax(shift="x", loss="-np.log(e[rows, y]).mean()")),
    known("softmax_loss", "not_normalised_in_loss", softmax(loss="-np.log(e[rows, y]).sum()")),
    known("softmax_loss", "not_normalised_in_loss", softmax(shift="x", loss="-np.log(e[rows, y]).sum()")),
    known("softmax_loss", "not_normalised_in_gradient", softmax().replace("dx = P.copy()", "dx = e.copy()")),
    known("softmax_loss", "not_normalised_in_gradient", softmax(shift="x").replace("dx = P.copy()", "dx = e.copy()")),
    known("softmax_loss", "label_score_missing", softmax(loss="np.log(e.sum(1)).mean()")),
    known("softmax_loss", "label_score_missing", softmax(shift="x", loss="np.log(e.sum(1)).mean()")),
    known("softmax_loss", "all_classes_logged", softmax(loss="-np.log(P).sum() / N")),
    known("softmax_loss", "all_classes_logged", softmax(loss="-np.log(P).mean()")),
    known("softmax_loss", "all_classes_logged", softmax(loss="-np.log(P).sum()")),
    known("softmax_loss", "all_classes_logged", softmax(loss="-(P * np.log(P)).sum() / N")),
    known("softmax_loss", "labels_as_columns", softmax(loss="-np.log(P[:, y]).mean()")),
    known("softmax_loss", "labels_as_columns", softmax(loss="-np.log(P[:, y].mean())")),
    known("softmax_loss", "labels_as_columns", softmax(loss="-np.log(P[:, y].sum()) / N")),
    known("softmax_loss", "mean_inside_log", softmax(loss="-np.log(P[rows, y].sum()) / N")),
    known("softmax_loss", "mean_inside_log", softmax(loss="-np.log(P[rows, y].sum())")),
    known("softmax_loss", "normalised_over_all", softmax().replace("e.sum(1, keepdims=True)", "e.sum()")),
    known("softmax_loss", "normalised_over_all", softmax(shift="x").replace("e.sum(1, keepdims=True)", "e.sum()")),
    known(
        "softmax_loss",
        "normalised_over_all",
        softmax(shift="x - x.max()").replace("e.sum(1, keepdims=True)", "e.sum()"),
    ),
    known("softmax_loss", "normalised_over_column", softmax().replace("e.sum(1, k", "e.sum(0, k")),
    known("softmax_loss", "normalised_over_column", softmax("x").replace("e.sum(1, k", "e.sum(0, k")),
    known("softmax_loss", "normalised_over_column", softmax("x - x.max(0)").replace("e.sum(1, k", "e.sum(0, k")),
    known("softmax_loss", "own_entry_elsewhere", softmax(own="dx[:, y] -= 1")),
    known("softmax_loss", "own_entry_elsewhere", softmax(own="dx[y] -= 1")),
    known("softmax_loss", "own_entry_elsewhere", softmax(own="dx -= 1")),
    known("softmax_loss", "correct_part_sign", softmax(own="dx[rows, y] += 1")),
    known("softmax_loss", "correct_part_sign", softmax(own="dx = -dx; dx[rows, y] -= 1")),
    known("softmax_loss", "correct_part_twice", softmax(own="dx[rows, y] -= 2")),
    known("softmax_loss", "other_classes_missing", softmax(own="dx = 0 * dx; dx[rows, y] = P[rows, y] - 1")),
    known("softmax_loss", "probabilities_missing", softmax(own="dx = 0 * dx; dx[rows, y] = -1")),
    known("softmax_loss", "logarithm_base", softmax(loss="-np.log2(P[rows, y]).mean()")),
    known("softmax_loss", "logarithm_base10", softmax(loss="-np.log10(P[rows, y]).mean()")),
    wrong("softmax_loss", "small_added", softmax(loss="-np.log(P[rows, y] + 1e-6).mean()")),
    wrong("softmax_loss", "small_added", softmax(loss="-np.log(P[rows, y] + 1e-3).sum() / N")),
    known("affine_forward", "bias_multiplied", affine(f"return {FLAT} @ w * b, (x, w, b)")),
    known("affine_forward", "bias_multiplied", affine(f"return ({FLAT} @ w + b) * b, (x, w, b)")),
    known("affine_forward", "bias_subtracted_from", affine(f"return {FLAT} @ w - b, (x, w, b)")),
    known("softmax_loss", "log_of_sum_missing", softmax(loss="(e.sum(1) - np.log(e[rows, y])).mean()")),
    known("softmax_loss", "log_of_sum_missing", softmax(shift="x", loss="(e.sum(1) - np.log(e[rows, y])).mean()")),
    known("softmax_loss", "softmax_slope", softmax(own="dx = P * (1 - P)")),
    known("softmax_loss", "softmax_slope", softmax(own="dx = -P; dx[rows, y] = P[rows, y] * (1 - P[rows, y])")),
    known("softmax_loss", "correct_part_every_class", softmax(own="dx[rows, y] -= x.shape[1]")),
    known("svm_loss", "mean_over_wrong_classes", svm(loss="m.sum() / N / (x.shape[1] - 1)")),
    known(
        "svm_loss",
        "mean_over_wrong_classes",
        svm(loss="m.sum() / N / (x.shape[1] - 1)", average="dx /= N * (x.shape[1] - 1)"),
    ),
    known("svm_loss", "scores_for_counts", svm(weight="(m > 0) * x", own_part="dx[rows, y] -= dx.sum(1)")),
    wrong("affine_backward", "numeric_gradient", affine_back(NUMERIC)),
]

RIGHT = [
    right(
        "affine_forward", "einsum", affine(f"return np.einsum('nd,dm->nm', {FLAT}, w) + b[None], {{'all': (x, w, b)}}")
    ),
    right(
        "affine_forward", "a column of ones", affine(f"return np.c_[{FLAT}, np.ones(len(x))] @ np.vstack([w, b]), 0")
    ),
    right(
        "affine_forward",
        "float32",
        affine("return (x.reshape(len(x), -1).astype('f') @ w.astype('f') + b.astype('f')), 0"),
    ),
    right(
        "affine_forward",
        "out in place",
        affine("out = np.dot(x.reshape(-1, w.shape[0]), w)\nout += b\nreturn [out, x]"),
    ),
    right(
        "affine_backward",
        "einsum",
        gradients(
            dx="np.einsum('nm,dm->nd', dout, w).reshape(x.shape)",
            dw="np.einsum('nd,nm->dm', x.reshape(len(x), -1), dout)",
            db="np.einsum('nm->m', dout)",
        ),
    ),
    right("affine_backward", "ones for the sum", gradients(db="np.ones(len(x)) @ dout")),
    right(
        "affine_backward",
        "np.reshape, and sum of the rows",
        gradients(dx="np.reshape(np.dot(dout, w.T), x.shape)", db="sum(dout)"),
    ),
    right(
        "affine_backward",
        "one product for each entry of dw",
        gradients(dw="np.array([[r @ c for c in dout.T] for r in x.reshape(len(x), -1).T])"),
    ),
    right("relu_forward", "mask", relu("return x * (x > 0), x")),
    right("relu_forward", "where", relu("return np.where(x >= 0, x, 0), x")),
    right("relu_forward", "a copy changed in place", relu("out = x.copy()\nout[out < 0] = 0\nreturn out, x")),
    right("relu_forward", "half of x + |x|", relu("return (x + np.abs(x)) / 2, x")),
    right("relu_backward", "where", relu_back("return np.where(x > 0, dout, 0)")),
    right("relu_backward", "at least 0", relu_back("return dout * (x >= 0)")),
    right(
        "relu_backward",
        "a copy changed in place",
        relu_back("dx = np.array(dout, copy=True)\ndx[x <= 0] = 0\nreturn dx"),
    ),
    right("relu_backward", "heaviside", relu_back("return np.heaviside(x, 0.5) * dout")),
    right("svm_loss", "at the kink too", svm(weight="(m >= 1e-30) * 1.0")),
    right(
        "svm_loss",
        "the margin of the correct class subtracted",
        svm(own="", loss="m.sum() / N - 1", own_part="dx[rows, y] -= dx.sum(1)"),
    ),
    right("svm_loss", "a python float", svm(loss="float(np.mean(m.sum(axis=1)))")),
    right("svm_loss", "a mask of classes", svm(own="m = m * (np.arange(x.shape[1]) != y[:, None])")),
    right(
        "svm_loss",
        "float32",
        svm(margin="(x - x[rows, y][:, None]).astype(np.float32) + 1", weight="(m > 0).astype('f')"),
    ),
    fragile(
        "softmax_loss",
        "log of the sum instead of the log of a quotient",
        softmax(loss="-np.mean(np.log((P * np.eye(x.shape[1])[y]).sum(1)))"),
    ),
    right(
        "softmax_loss",
        "logsumexp",
        function(
            "softmax_loss(x, y)",
            """
z = x - np.max(x, axis=1)[:, np.newaxis]
log_P = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
dx = np.exp(log_P)
dx[range(len(y)), y] -= 1
return np.array(-log_P[range(len(y)), y].mean()), dx / len(y)
""",
        ),
    ),
    right(
        "softmax_loss",
        "logaddexp",
        function(
            "softmax_loss(x, y)",
            """
total = np.logaddexp.reduce(x, axis=1)
own = np.equal.outer(y, np.arange(x.shape[1]))
return (total - x[own]).mean(), (np.exp(x - total[:, None]) - own) / x.shape[0]
""",
        ),
    ),
    right(
        "softmax_loss",
        "float32",
        softmax(
            shift="x.astype('f') - x.astype('f').max(1)[:, None]",
            loss="-(x[rows, y] - x.max(1) - np.log(e.sum(1))).mean()",
        ),
    ),
    # Right as documented, but fragile
    fragile("softmax_loss", "its logarithm is lost", softmax()),
    fragile("softmax_loss", "subtract each row's own largest score", softmax(shift="x - np.max(x)")),
    fragile("relu_backward", "dout is changed", relu_back("dout[x <= 0] = 0\nreturn dout")),
    fragile("relu_backward", "the cache is changed", relu_back("x[x > 0] = 1\nx[x < 0] = 0\nreturn dout * x")),
    fragile(
        "affine_backward",
        "dout is changed",
        affine_back("""
dx, dw, db = (dout @ w.T).reshape(x.shape), x.reshape(len(x), -1).T @ dout, dout.sum(0)
dout *= 0
return dx, dw, db
"""),
    ),
    fragile(
        "svm_loss",
        "grows with the size",
        function(
            "svm_loss(x, y)",
            """
loss, dx = 0.0, np.zeros_like(x)
for i in range(len(x)):
    for j in range(x.shape[1]):
        margin = x[i, j] - x[i, y[i]] + 1
        if j != y[i] and margin > 0:
            loss += margin
            dx[i, j] += 1
            dx[i, y[i]] -= 1
return loss / len(x), dx / len(x)
""",
        ),
    ),
    fragile(
        "affine_forward",
        "grows with the size",
        affine("return np.stack([one.ravel() @ w + b for one in x]), (x, w, b)"),
    ),
]
