"""The seed of the numbers in all cases: the public one, or one that only a grader knows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Seed:
    """A seed for all cases. Number 0 is public: the expected values that come with the kit belong to it.

    With any other number, the random inputs are different, but of the same kinds.
    """

    number: int = 0

    def random(self, stream: int) -> np.random.RandomState:
        """Return the random generator number `stream` of this seed; its numbers are the same in every numpy version."""
        return np.random.RandomState([stream, *self._words()] if self.number else stream)

    def vary(self, stream: int, values: tuple[float, ...], most: float) -> tuple[float, ...]:
        """Return `values`, unchanged with the public seed, otherwise multiplied by random factors from 1 to `most`.

        All values must be positive. Products are rounded to three decimals, and those of integers are cut to integers.
        Equal values stay equal.
        """
        if not self.number:
            return values
        random = self.random(stream)
        factors = {value: random.uniform(1, most) for value in dict.fromkeys(values)}
        return tuple(type(value)(round(value * factors[value], 3)) for value in values)

    def _words(self) -> list[int]:
        """Return the number as 32-bit words, the lowest first."""
        return [self.number >> shift & 0xFFFFFFFF for shift in range(0, max(1, self.number.bit_length()), 32)]


PUBLIC = Seed()
