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
    "assignment1/two_layer_net": [50_000 - 1000],
    "assignment1/features": [32 * 32, 512 / 1024, *CENTRES, np.std([1, 2, 3]), 1 / np.std([1, 2, 3]), 32 * 32 * 3],
    "assignment2/backprop": [
        *(2, 2.5, 8 * 0.1, 6 * 0.1, 2 * 0.1, 64, 1.0),  # gradients of the first graph, times a step of 0.1
        *(1 + 1 / math.e, 1 / (1 + 1 / math.e) ** 2, SIGMA, 1 - SIGMA, SIGMA * (1 - SIGMA)),
        *(JACOBIAN / 1e10, round(JACOBIAN * 8 / 1e9, -1), JACOBIAN / 200 / 1e8),
    ],
    "assignment2/fully_connected_nets": [
        *(0.25, 0.75, 2 * 0.25, 2 * 0.75, 2**10, 2**10 - 1),  # teeth
        *(0.5 * 200 * 0.05**2, 2 / 25, 0.1, 0.9 * 0.1 + 0.1, 0.9 * 0.19 + 0.1, 0.1 - 0.9 * 0.1, 0.1 - 0.9 * 0.01),
        *(math.sqrt(0.001), 0.1 / math.sqrt(0.001), UNCORRECTED),
        *(3 * 2 / 5, 4 * 2 / 5, math.sqrt(2), 100 * math.sqrt(0.5 * 0.5 / 1000)),
    ],
    "assignment2/batch_normalization": [100 * 0.99**10, 100 * 0.99**60],
    "assignment2/dropout": [],
    "assignment2/convolutional_networks": [50 * 16 * 16, 32 * 16 * 16, 1e-3, 90],  # 90 %: the literature
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
        "all weights move in the same direction",
        lambda printed: "1 examples: 10 of 10" in printed and "100 examples: 10 of 10" not in printed,
    ),
    (
        "assignment2/fully_connected_nets",
        "RMSProp and Adam take the same path in all three cases",
        rules_that_divide_ignore_the_scale,
    ),
    ("assignment2/dropout", "The average is better than its members", the_average_is_better),
    ("assignment2/convolutional_networks", "We check the formula by backpropagation", fields_are_counted_as_computed),
    (
        "assignment2/convolutional_networks",
        "Then the mean and the variance of batch normalisation depend strongly",
        group_norm_ignores_the_batch,
    ),
]


def refuted(name: str, cells: list[nbformat.NotebookNode], printed: str) -> list[str]:
    """Return the sentences of CLAIMS that a notebook no longer has, or that its output contradicts."""
    text = " ".join(" ".join(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    return [words for one, words, holds in CLAIMS if one == name and not (words in text and holds(printed))]
