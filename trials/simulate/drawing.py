"""Draws that follow from a seed and a name, so that one thing's luck never depends on the order of others.

Whoever needs luck names what it is for (`draws("arrival 12")`) and gets a source of its own: the same seed
gives the same day to the engine and to the allocator it is compared with, however each of them goes about it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from statistics import NormalDist
from typing import TypeVar

K = TypeVar("K")


class Luck:
    """One named source of luck."""

    def __init__(self, name: str) -> None:
        self._random = random.Random(name)

    def happens(self, share: float) -> bool:
        return self._random.random() < share

    def even(self, span: tuple[float, float]) -> float:
        return self._random.uniform(*span)

    def whole(self, lowest: int, highest: int) -> int:
        """Both ends included."""
        return self._random.randint(lowest, highest)

    def pick(self, weights: Mapping[K, float]) -> K:
        return self._random.choices(list(weights), list(weights.values()))[0]

    def index(self, weights: tuple[float, ...]) -> int:
        return self._random.choices(range(len(weights)), weights)[0]

    def count(self, mean: float) -> int:
        """How many of rare events happen (Poisson)."""
        if mean > 50:
            return max(0, round(self._random.gauss(mean, math.sqrt(mean))))
        left, number = math.exp(-mean), 0
        product = self._random.random()
        while product > left:
            number += 1
            product *= self._random.random()
        return number

    def delay(self, median: float, within_30: float) -> float:
        """Minutes of a lognormal delay, known by its median and the share that takes no longer than 30."""
        spread = math.log(30 / median) / NormalDist().inv_cdf(within_30)
        return median * math.exp(spread * self._random.gauss(0, 1))


class Draws:
    """Every luck of a run."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __call__(self, name: str) -> Luck:
        return Luck(f"{self._seed} {name}")
