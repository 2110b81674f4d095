"""Four update rules race down a valley: choose where they start, their learning rates, and the momentum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from cs231n.figures.networks import descent_paths
from cs231n.toys.toy import Toy

RATES = {"sgd": 0.03, "sgd_momentum": 0.03, "rmsprop": 0.4, "adam": 0.5}  # initial learning rates


class Descent(Toy):
    """The valley (a x^2 + b y^2) / 2, and four update rules of cs231n/optim.py.

    paths: {rule: (steps + 1, 2) points} down this valley, for the static picture; the toy begins with the start and the
    number of steps of the first path.  steepness: (a, b).  rates: initial {rule: learning rate}. The rules use
    decay_rate 0.9, Adam's default betas, and momentum 0.7, which can be changed on the page. Raises ValueError unless
    `rates` has exactly the rules of RATES, and `paths` no others.
    """

    page, height = "descent.html", 560
    title = "A race down the valley: choose the start"

    def __init__(
        self,
        paths: Mapping[str, np.ndarray],
        steepness: tuple[float, float] = (1, 25),
        rates: Mapping[str, float] = RATES,
    ):
        if unknown := [*(set(rates) ^ set(RATES)), *(set(paths) - set(RATES))]:
            raise ValueError(
                f"rates must contain exactly the rules {', '.join(RATES)}, and paths no others; "
                f"missing or unknown: {', '.join(sorted(set(unknown)))}"
            )
        self.paths = {rule: np.array(path, dtype=float) for rule, path in paths.items()}
        self.steepness, self.rates = steepness, dict(rates)

    def seed(self) -> dict[str, Any]:
        """Return the start, the number of steps, the steepness of the valley, and the settings of the rules."""
        first = next(iter(self.paths.values()))
        seed = {
            "start": first[0].tolist(),
            "steps": len(first) - 1,
            "steepness": [float(one) for one in self.steepness],
        }
        return seed | {"rates": list(self.rates.items()), "momentum": 0.7, "decay": 0.9}

    def figure(self) -> Figure:
        """Return a figure of the given paths, and of their height after each step."""
        return descent_paths(self._height, self.paths, "Each rule takes its own path down the valley")

    def _height(self, w: np.ndarray) -> np.ndarray:
        return 0.5 * np.sum(np.multiply(self.steepness, w**2), axis=-1)
