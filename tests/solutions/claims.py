"""What the notebooks say in words, compared with what their cells print.

Two rules. Every number in the text that looks like a result (a decimal point, a %, …) is printed or used by a cell,
or is plain arithmetic, which is recomputed here. And sentences about what was found have a test of what was printed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import nbformat
import numpy as np

NUMBER = re.compile(
    r"(?<![\w.,^_{])(\d[\d,]*\.\d+|\d[\d,]*(?= (?:%|GB|times|percentage))|\d{1,3}(?:,\d{3})+)", re.ASCII
)
PRINTED = re.compile(r"\d[\d,_]*(?:\.\d+)?")
CENTRES = (19 / 3, 1.5, 8.5)  # of 2, 8, 9; then of 1, 2 and of 8, 9
SIGMA = 1 / (1 + 1 / math.e)  # of 1
JACOBIAN = (200 * 500) * (200 * 3072)  # entries
GROUP = (1, 3, 10, 30)  # four channels
UNCORRECTED = max((1 - 0.9**t) / math.sqrt(1 - 0.999**t) for t in range(1, 100))

ARITHMETIC = {
    "assignment1/knn": [500 * 5000 * 3072 * 8 / 1e9, 0.7, math.sqrt(0.3 * 0.7 / 500)],
    "assignment1/svm": [
        *(1 * 2 + (-3) * (-1) + 0.5, 4.9 - 1.3 - 1, 4.9 - 2.0 - 1, 3 - 0.1 * 4),
        *(1.1**3, 0.9**3, (1.1**3 - 1) / 0.1, (1.1**3 - 0.9**3) / 0.2),
        *(3073 * 10, 1.000, 0.38, 0.62, math.sqrt(0.38 * 0.62 / 1000)),
    ],
    "assignment1/softmax": [
        *(0.25, 0.75, -0.5 * math.log(0.25) - 0.5 * math.log(0.75), -math.log(0.5), math.log(10)),
        *(math.log(1 + 2 / math.e), 1 - 0.1 * 0.5 * 2, 1 - 0.1 * 0.5, 0.01, 0.01 * (1 - 0.1 * 0.5 * 2)),
        *(0.6, 70, 80, 0.7, 0.8),  # read from figures, and two examples
    ],
    "assignment1/two_layer_net": [],
    "assignment1/features": [
        *(32 * 32, 512 / 1024, *CENTRES, np.std([1, 2, 3]), 1 / np.std([1, 2, 3]), 32 * 32 * 3),
        90,  # %: the literature
    ],
    "assignment2/backprop": [
        *(2, 2.5, 8 * 0.1, 6 * 0.1, 2 * 0.1, 64, 1.0),  # gradients of the first graph, times a step of 0.1
        *(1 + 1 / math.e, 1 / (1 + 1 / math.e) ** 2, SIGMA, 1 - SIGMA, SIGMA * (1 - SIGMA)),
        *(JACOBIAN / 1e10, round(JACOBIAN * 8 / 1e9, -1), JACOBIAN / 200 / 1e8),
    ],
    "assignment2/fully_connected_nets": [
        *(0.25, 0.75, 2 * 0.25, 2 * 0.75, 2**10, 2**10 - 1),  # teeth
        *(0.5 * 200 * 0.05**2, 2 / 25, 0.1, 0.9 * 0.1 + 0.1, 0.9 * 0.19 + 0.1, 0.1 - 0.9 * 0.1, 0.1 - 0.9 * 0.01),
        *(0.1 / 1.9, math.log(10), (1 - 0.9**1000) / math.sqrt(1 - 0.999**1000)),
        *(math.sqrt(0.001), 0.1 / math.sqrt(0.001), UNCORRECTED),
        *(3 * 2 / 5, 4 * 2 / 5, math.sqrt(2), 100 * math.sqrt(0.5 * 0.5 / 1000)),
    ],
    "assignment2/batch_normalization": [100 * 0.99**10, 100 * 0.99**60],
    "assignment2/dropout": [],
    "assignment2/convolutional_networks": [
        *(50 * 16 * 16, 32 * 16 * 16, 1e-3, 90),  # 90 %: the literature
        *(np.std(GROUP), *abs(np.array(GROUP) - np.mean(GROUP)) / np.std(GROUP)),
    ],
}


def said(cells: list[nbformat.NotebookNode]) -> list[tuple[str, str]]:
    """Return (number, the words around it) for every number of the text that looks like a result."""
    texts = [cell.source.replace("−", "-") for cell in cells if cell.cell_type == "markdown"]
    return [
        (found[1].replace(",", ""), text[max(0, found.start() - 50) : found.end() + 30])
        for text in texts
        for found in NUMBER.finditer(text)
    ]


def unsupported(name: str, cells: list[nbformat.NotebookNode], printed: str) -> list[str]:
    """Return the places of a notebook whose number is neither printed, nor used by a cell, nor recomputed above."""
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    known = {number.replace(",", "").replace("_", "") for number in PRINTED.findall("\n".join([printed, *sources]))}

    def recomputed(number: str) -> bool:
        digits = len(number.partition(".")[2])
        return any(f"{value:.{digits}f}" == number for value in ARITHMETIC.get(name, []))

    return [words for number, words in said(cells) if number not in known and not recomputed(number)]


def numbers(pattern: str, printed: str) -> list[float]:
    """Return the number that follows each match of a pattern in what was printed."""
    return [float(one.replace(",", "")) for one in re.findall(rf"{pattern}\s*(-?\d[\d,]*(?:\.\d+)?)", printed)]


def variants_are_farther(printed: str) -> bool:
    *variants, other = numbers("distance", printed)
    return len(variants) == 3 and min(variants) > other


def dimensions_level_distances(printed: str) -> bool:
    few, some, many = numbers(r"the farthest is", printed)
    return few > 10 > some > many and many < 1.2


def noise_falls_with_the_root(printed: str) -> bool:
    found = [float(one) for one in re.search(r"noise times √n: \[([\d. ]+)\]", printed)[1].split()]
    return len(found) == 6 and max(found) < 1.5 * min(found)


def equal_units_have_equal_gradients(printed: str) -> bool:
    _, _, after = printed.partition("gradient of W1, with one column for each hidden unit:")
    rows = re.findall(r"^\s*\[+ *(\S+) +(\S+) +([^\s\]]+)\]+$", after, re.MULTILINE)
    return len(rows) == 4 and all(len(set(row)) == 1 and float(row[0]) for row in rows)


def features_beat_the_network(printed: str) -> bool:
    nearest, svm, softmax, net, linear, best = numbers(
        r"test", printed[printed.index("k-nearest neighbours, pixels") :]
    )
    by_features = min(linear - softmax, best - net)  # with the same classifier
    by_classifier = max(softmax - nearest, svm - nearest, net - softmax)  # on the same pixels
    return nearest < max(svm, softmax) < net < linear and by_features > by_classifier > 0


def rules_that_divide_ignore_the_scale(printed: str) -> bool:
    rows = re.findall(r"^(sgd|sgd_momentum|rmsprop|adam) +(\S+) +(\S+) +(\S+)$", printed, re.MULTILINE)
    same = {name: len(set(heights)) == 1 for name, *heights in rows}
    return same == {"sgd": False, "sgd_momentum": False, "rmsprop": True, "adam": True}


def the_average_is_better(printed: str) -> bool:
    alone, together, test_mode = numbers(r"(?:50\)|members|test mode): +accuracy", printed)
    return together > alone + 0.02 and abs(together - test_mode) < 0.03


def fields_are_counted_as_computed(printed: str) -> bool:
    pairs = re.findall(r"formula (\d+), counted (\d+)", printed)
    return len(pairs) == 4 and all(formula == counted for formula, counted in pairs)


def group_norm_ignores_the_batch(printed: str) -> bool:
    batch, group = (numbers(f"images: .*{how} norm", printed) for how in ("batch", "group"))
    return len(batch) == 6 and batch == sorted(batch, reverse=True) and not any(group)


def found(pattern: str, printed: str) -> list[list[float]]:
    """Return the numbers in the groups of each match of a pattern in what was printed."""
    groups = [match.groups() for match in re.finditer(pattern, printed)]
    return [[float(one.replace(",", "").replace("%", "")) for one in numbers] for numbers in groups]


def gradients_are_numeric(printed: str) -> bool:
    pairs = found(r"gradient +(\S+), numerically +(\S+)", printed)
    return len(pairs) == 5 and all(analytic == numeric for analytic, numeric in pairs)


def sigmoids_shrink_threefold(printed: str) -> bool:
    [(powers, factor)] = found(r"by (\d+) powers of ten,\neach layer by a factor of (\S+)", printed)
    return powers >= 4 and 2.5 <= factor <= 4


def relus_die_and_leaky_ones_recover(printed: str) -> bool:
    relu, leaky = found(r"gradient: (\d+) in step 1, (\d+) in step 2, (\d+) at the end", printed)
    (_, flat), (_, learned) = found(r"loss (\S+) in step 1, (\S+) at the end", printed)
    return relu[0] == 11 < relu[1] and relu[2] == 20 and leaky[-1] == 0 and learned < 0.05 * flat


def scales_multiply_as_predicted(printed: str) -> bool:
    pairs = found(r"predicted (\S+), measured (\S+)", printed)
    return len(pairs) == 3 and all(abs(measured / predicted - 1) < 0.1 for predicted, measured in pairs)


def three_of_four_learn_the_fifty(printed: str) -> bool:
    shares = dict(re.findall(r"^(. hidden layers, .*): (\d+)% of the fifty", printed, re.MULTILINE))
    stuck = float(shares.pop("4 hidden layers, σ = 0.01"))
    return stuck < 40 and len(shares) == 3 and min(map(float, shares.values())) > 80


def momentum_gets_lower(printed: str) -> bool:
    [[plain]], [[momentum]] = (found(rf"(?m)^{rule} +\S+ +(\S+) ", printed) for rule in ("sgd", "sgd_momentum"))
    return momentum < 0.1 * plain


def bias_is_corrected(printed: str) -> bool:
    rows = found(r"m / √v = (\S+); corrected m = (\S+), v = (\S+)", printed)
    return len(rows) == 4 and all(raw > 3 and (m, v) == (2, 4) for raw, m, v in rows)


def rules_agree_from_a_good_start(printed: str) -> bool:
    reached = numbers(r"good start, \w+: best validation accuracy", printed)
    return len(reached) == 4 and reached[0] > max(reached) - 0.05


def dividing_rules_escape_small_weights(printed: str) -> bool:
    sgd, momentum, rmsprop, adam = numbers(r"small weights, \w+: best validation accuracy", printed)
    return min(rmsprop, adam) > max(sgd, momentum) + 0.03


def templates_are_nearly_symmetric(printed: str) -> bool:
    mirrored, upside_down = numbers(r"with itself (?:mirrored|upside down):", printed)
    return mirrored > 0.5 and mirrored > 2 * upside_down


def small_weights_learn_nothing(printed: str) -> bool:
    small, good = found(r"σ = \S+: loss (\S+) at the start, (\S+) at the end, (\d+)% correct", printed)[:2]
    return small[1] > 2.1 and small[2] <= 30 and good[1] < 0.3 and good[2] >= 95


def batch_norm_learns_the_fifty(printed: str) -> bool:
    without, with_it = found(r"norm\w*, σ = 0.01: loss (\S+) at the start, (\S+) at the end, (\d+)% correct", printed)
    return without[2] <= 30 and with_it[2] >= 90


def changes_without_effect_have_no_gradient(printed: str) -> bool:
    return numbers(r"sum of dx(?: times \(x - mean\))?:", printed) == [0, 0]


def batch_norm_learns_at_more_rates(printed: str) -> bool:
    rows = r": best accuracy (\S+), 80 % of that for rates from (\S+) to (\S+)"
    [(plain, low, high)] = found(r"no normalisation, √\(2/D\)" + rows, printed)
    [(batch, lowest, highest)] = found("batch norm, σ = 0.01" + rows, printed)
    stuck = re.search(r"no normalisation, σ = 0.01: .*not learning", printed)
    return bool(stuck) and highest / lowest >= 10 * high / low and abs(plain - batch) < 0.06


def longer_weights_have_shorter_gradients(printed: str) -> bool:
    (loss, norm), (scaled_loss, scaled) = found(r"W2 times \d+: loss (\S+), norm of dW2 (\S+)", printed)
    return loss == scaled_loss and abs(norm / scaled - 10) < 0.5


def large_rates_lengthen_the_weights(printed: str) -> bool:
    small, large = found(r"rate \S+: norm of W2 before training (\S+), after it (\S+)", printed)
    return small[1] < 1.5 * small[0] and large[1] > 2 * large[0]


def a_single_image_has_no_features_in_train_mode(printed: str) -> bool:
    (right,) = numbers("test mode: validation accuracy", printed)
    (alone,) = numbers("train mode, one image at a time:", printed)
    return numbers("any two of these images:", printed) == [0] and alone < 0.2 < right


def batches_of_one_class_are_worst(printed: str) -> bool:
    test, mixed, one_class = found(r"accuracy (\S+) for batches of 1, (\S+) for 50", printed)
    return test[0] == test[1] and mixed[0] < 0.2 and test[1] - mixed[1] < 0.1 and one_class[1] < mixed[1] - 0.1


def long_averages_lag(printed: str) -> bool:
    batch, short, long = numbers(r"mean accuracy", printed)
    return batch > short > long


def batch_norm_needs_more_than_two(printed: str) -> bool:
    plain, batch, layer = found(r"accuracy (\S+) with batches of 2, (\S+) with 64", printed)
    return batch[0] < min(plain[0], layer[0]) - 0.05 and batch[1] > batch[0] + 0.05


def outcomes_average_to_no_dropout(printed: str) -> bool:
    mean, without = (
        re.search(rf"{what}: (.*)", printed)[1] for what in ("mean of the scores", "scores without dropout")
    )
    return mean == without and "means from 3.0 to 3.0" in printed


def dropout_lowers_loss_and_gap(printed: str) -> bool:
    rows = found(r"p = \S+: validation loss (\S+), accuracy \S+, gap (\S+)", printed)
    return len(rows) == 3 and all(
        values == sorted(values, reverse=True) for values in map(list, zip(*rows, strict=True))
    )


def nothing_differs(printed: str) -> bool:
    said = re.findall(r"(?:scipy's|flipped filter|the same \w+): (\w+)", printed)
    return len(said) == 6 and set(said) == {"True"}


def a_third_of_the_maxima_stays(printed: str) -> bool:
    return abs(numbers("maxima that stay the same:", printed)[0] - 1 / 3) < 0.03


def loss_starts_at_log_ten(printed: str) -> bool:
    plain, penalised = numbers(r"λ = \S+ loss", printed)
    return plain == 2.3 and 2.3 < penalised < 2.7


def the_ladder_is_clear(printed: str) -> bool:
    reached = dict(re.findall(r"^(.*): test accuracy (\S+)$", printed, re.MULTILINE))
    rungs = ("nearest neighbours (5,000)", "softmax, linear", "two layers", "deeper convolutional")
    accuracies = [float(reached[name]) for name in rungs]
    return accuracies == sorted(accuracies) and max(map(float, reached.values())) == accuracies[-1]


CLAIMS: list[tuple[str, str, Callable[[str], bool]]] = [
    (
        "assignment1/knn",
        "each of the three is farther from the original than an image of a different class",
        variants_are_farther,
    ),
    ("assignment1/knn", "In 3,072 dimensions all of them are at almost the same distance", dimensions_level_distances),
    ("assignment1/svm", "the loss is about $C - 1$", lambda printed: abs(numbers("loss", printed)[-1] - 9) < 0.2),
    ("assignment1/svm", "The noise is proportional to $1 / \\sqrt{n}$", noise_falls_with_the_root),
    ("assignment1/softmax", "The entries sum to 0", lambda printed: "their sum: 0.000" in printed),
    ("assignment1/two_layer_net", "so they also get the same gradient", equal_units_have_equal_gradients),
    ("assignment1/features", "The step from pixels to features helps most", features_beat_the_network),
    (
        "assignment2/backprop",
        "all the weights increase, or all of them decrease",
        lambda printed: "1 example: 10 of 10" in printed and "100 examples: 10 of 10" not in printed,
    ),
    (
        "assignment2/fully_connected_nets",
        "RMSProp and Adam take the same path in all three cases",
        rules_that_divide_ignore_the_scale,
    ),
    ("assignment2/dropout", "The average is better than the single members", the_average_is_better),
    ("assignment2/convolutional_networks", "We check the formula by backpropagation", fields_are_counted_as_computed),
    (
        "assignment2/convolutional_networks",
        "Then the mean and the variance of batch normalisation depend strongly",
        group_norm_ignores_the_batch,
    ),
    ("assignment2/backprop", "Then check the whole graph numerically", gradients_are_numeric),
    ("assignment2/backprop", "In a stack of layers these slopes are multiplied", sigmoids_shrink_threefold),
    ("assignment2/backprop", "eleven ReLUs get no gradient before the first step", relus_die_and_leaky_ones_recover),
    ("assignment2/fully_connected_nets", "so the outputs are halved in each layer", scales_multiply_as_predicted),
    (
        "assignment2/fully_connected_nets",
        "The one with four hidden layers and σ = 0.01.",
        three_of_four_learn_the_fifty,
    ),
    ("assignment2/fully_connected_nets", "gathers speed like a ball that rolls downhill", momentum_gets_lower),
    ("assignment2/fully_connected_nets", "Both start at 0, so both are too small at first", bias_is_corrected),
    (
        "assignment2/fully_connected_nets",
        "plain `sgd` does about as well as the other rules",
        rules_agree_from_a_good_start,
    ),
    (
        "assignment2/fully_connected_nets",
        "RMSProp and Adam fall below the loss of guessing within the first epoch or two",
        dividing_rules_escape_small_weights,
    ),
    (
        "assignment2/fully_connected_nets",
        "most of them look much like their own mirror image",
        templates_are_nearly_symmetric,
    ),
    ("assignment2/batch_normalization", r"With $\sigma = 0.01$ the loss stays near", small_weights_learn_nothing),
    ("assignment2/batch_normalization", "Let us return to the network that did not learn", batch_norm_learns_the_fifty),
    (
        "assignment2/batch_normalization",
        r"the sum of $dx_i\,(x_i - \mu)$ is 0 too",
        changes_without_effect_have_no_gradient,
    ),
    ("assignment2/batch_normalization", "works for a much wider range of rates", batch_norm_learns_at_more_rates),
    (
        "assignment2/batch_normalization",
        "so the gradient with respect to $W$ is a tenth",
        longer_weights_have_shorter_gradients,
    ),
    ("assignment2/batch_normalization", "So large steps slow themselves down", large_rates_lengthen_the_weights),
    ("assignment2/batch_normalization", "all images get the same scores", a_single_image_has_no_features_in_train_mode),
    (
        "assignment2/batch_normalization",
        "why does the line for batches of a single class not rise",
        batches_of_one_class_are_worst,
    ),
    ("assignment2/batch_normalization", "the running averages need time", long_averages_lag),
    ("assignment2/batch_normalization", "far below the other two for batches of two", batch_norm_needs_more_than_two),
    (
        "assignment2/dropout",
        "the next layer receives the same numbers as without dropout",
        outcomes_average_to_no_dropout,
    ),
    ("assignment2/dropout", "the validation loss rises later and less", dropout_lowers_loss_and_gap),
    (
        "assignment2/convolutional_networks",
        "The arguments, the outputs and the gradients are the same as those of your layers.",
        nothing_differs,
    ),
    ("assignment2/convolutional_networks", "one third of the random windows", a_third_of_the_maxima_stays),
    ("assignment2/convolutional_networks", "**The loss at the start** must again be about", loss_starts_at_log_ten),
    ("assignment2/convolutional_networks", "networks can do much better than that", the_ladder_is_clear),
]


def refuted(name: str, cells: list[nbformat.NotebookNode], printed: str) -> list[str]:
    """Return the sentences of CLAIMS that a notebook no longer has, or that its output contradicts."""
    text = " ".join(" ".join(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    return [words for one, words, test in CLAIMS if one == name and not (words in text and holds(test, printed))]


def holds(test: Callable[[str], bool], printed: str) -> bool:
    """Return whether a test of CLAIMS finds its numbers in what was printed, and they are as claimed."""
    try:
        return test(printed)
    except (ValueError, TypeError, IndexError, KeyError):
        return False
