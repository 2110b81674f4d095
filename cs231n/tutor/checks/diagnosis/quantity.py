"""Quantities that occur in formulas, such as N, 1/N or 2·reg, to be compared with measured numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from operator import mul, truediv

import numpy as np

from cs231n.tutor.checks.diagnosis.sample import Sample


@dataclass(frozen=True)
class Quantity:
    """A number with its formula, `text`, of constants, sizes and scalars. Simpler formulas have a lower `rank`."""

    text: str
    rank: int
    value: Callable[[Sample], float]
    names: tuple[str, ...] = ()  # of the sizes and scalars in the formula

    def matches(self, numbers: Sequence[float], samples: Sequence[Sample]) -> bool:
        """Return whether the quantity is the given number in each sample, within a relative error of 3e-4."""
        return all(
            np.isclose(number, self.value(sample), rtol=3e-4, atol=0)
            for number, sample in zip(numbers, samples, strict=True)
        )


def constant(number: float, text: str = "", rank: int = 6) -> Quantity:
    """Return a number that is the same in every call as a Quantity; by default, its rank is the highest."""
    text = text or f"{number:.4g}"
    return Quantity(text, rank, lambda sample: number)


def _of(text: str, rank: int, function: Callable[..., float], *names: str) -> Quantity:
    """Return the quantity function(*numbers) for the sizes and scalars with these names; `text` is its formula."""
    return Quantity(text, rank, lambda sample: function(*(sample.numbers[name] for name in names)), names)


def over(name: str, number: float, text: str) -> Quantity:
    """Return the quantity of a size or scalar divided by a number; `text` is this number as text."""
    return _of(f"{name}/{text}", 5, lambda size: size / number, name)


def named(samples: Sequence[Sample]) -> list[str]:
    """Return the names of the sizes and scalars that all samples have, except those that are 0 in any or 1 in all."""
    common = set.intersection(*(set(sample.numbers) for sample in samples)) if samples else set()
    telling = [name for name in common if {sample.numbers[name] for sample in samples} - {0.0, 1.0}]
    return sorted(name for name in telling if all(sample.numbers[name] for sample in samples))


def factors(samples: Sequence[Sample]) -> Iterable[Quantity]:
    """Yield the possible factors of an entry: constants, sizes, scalars, and their simple combinations."""
    yield from (constant(number, text, 0) for text, number in _CONSTANTS.items())
    yield from (constant(number, text, 1) for text, number in _ROOTS.items())
    names = named(samples)
    for n in names:
        yield _of(n, 1, lambda size: size, n)
        yield _of(f"1/{n}", 1, lambda size: 1 / size, n)
        yield from (_of(text.format(n), 2, function, n) for text, function in _POWERS.items())
    for a, b in permutations(names, 2):
        yield _of(f"{a}/{b}", 3, truediv, a, b)
    for a, b in combinations(names, 2):
        yield _of(f"{a}·{b}", 3, mul, a, b)
        yield _of(f"1/({a}·{b})", 3, lambda one, other: 1 / (one * other), a, b)


_CONSTANTS = {"2": 2.0, "1/2": 0.5, "4": 4.0, "1/4": 0.25}
_ROOTS = {"1/log 2": 1 / np.log(2), "√2": 2**0.5, "1/√2": 2**-0.5}
_POWERS: dict[str, Callable[[float], float]] = {
    "2·{}": lambda size: 2 * size,
    "{}/2": lambda size: size / 2,
    "{}²": lambda size: size**2,
    "1/{}²": lambda size: size**-2.0,
    "√{}": lambda size: abs(size) ** 0.5,
    "1/√{}": lambda size: abs(size) ** -0.5,
    "(1 - {})": lambda size: 1 - size,
    "{0}/({0} - 1)": lambda size: size / (size - 1) if size != 1 else np.nan,
    "({0} - 1)/{0}": lambda size: (size - 1) / size,
    "({} - 1)": lambda size: size - 1,
    "1/({} - 1)": lambda size: 1 / (size - 1) if size != 1 else np.nan,
}


def coefficients(samples: Sequence[Sample]) -> Iterable[Quantity]:
    """Yield possible weights of a term: 1, 2 or 1/2, alone or times a, 1/a or a/b for sizes and scalars a, b."""
    names = named(samples)
    for text, weight in (("", 1.0), ("2·", 2.0), ("0.5·", 0.5)):
        yield constant(weight, text.rstrip("·") or "1", 0)
        for n in names:
            yield _of(f"{text}{n}", 1, lambda size, w=weight: w * size, n)
            yield _of(f"{text}1/{n}", 2, lambda size, w=weight: w / size, n)
        for one, over in permutations(names, 2):
            yield _of(f"{text}{one}/{over}", 3, lambda a, b, w=weight: w * a / b, one, over)
