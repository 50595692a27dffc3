"""Several units of a house, for all houses in which none does alone.

Which of them are taken depends on nothing but what each has free, so the choice is remembered by these
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from domain.matching.fast_1.bits import positions_in
from domain.matching.fast_1.sifting import Sifted
from domain.matching.rank_1.fitting import MOST_UNITS, fit_together

Free = tuple[int, int, int, int]
"""All places of an exclusive unit (0: a shared one), free beds, free cots, and 1 where something of the unit
is to be confirmed.
"""


@dataclass(frozen=True, slots=True)
class Joint:
    """Units by position, whether something is to be confirmed of them, and places taken beyond need."""

    positions: tuple[int, ...]
    to_confirm: bool
    spare_places: int


def joints(sifted: Sifted) -> list[Joint]:
    """One for each house that has one."""
    return [joint for pool in _pools(sifted) if (joint := _joint(sifted, pool)) is not None]


def _pools(sifted: Sifted) -> Iterator[list[int]]:
    """The units of the pool by house, of houses in which none fits."""
    index, by_house = sifted.index, dict[int, list[int]]()
    for position in positions_in(sifted.pool):
        by_house.setdefault(index.house_of[position], []).append(position)
    fitting = sifted.fitting
    marks = fitting.to_bytes(len(index.order) // 8 + 1, "little")
    for house, pool in by_house.items():
        if len(pool) > 1 and not any(marks[each >> 3] >> (each & 7) & 1 for each in index.members[house]):
            yield pool


def _joint(sifted: Sifted, pool: list[int]) -> Joint | None:
    wanted, index = sifted.wanted, sifted.index
    if any(sifted.touched >> position & 1 for position in pool):
        fit = fit_together(wanted, [sifted.vacancy(position) for position in pool])
        if fit is None:
            return None
        taken = tuple(index.position[vacancy.unit_id] for vacancy in fit.vacancies)
        return Joint(taken, bool(fit.to_confirm), fit.spare_places)
    free = tuple([(*(index.free[each] or (0, 0, 0)), sifted.to_confirm >> each & 1) for each in pool])
    chosen = choose(free, wanted.people, wanted.infants)
    if chosen is None:
        return None
    to_confirm, spare_places, numbers = chosen
    return Joint(tuple([pool[number] for number in numbers]), to_confirm, spare_places)


@lru_cache(maxsize=1 << 16)
def choose(free: tuple[Free, ...], people: int, infants: int) -> tuple[bool, int, tuple[int, ...]] | None:
    """Whether something is to be confirmed, the places to spare, and which, by their number; None where
    even the most that may be taken together are not enough.
    """
    for size in range(2, MOST_UNITS + 1):
        found = [
            (any(free[number][3] for number in numbers), spare, numbers)
            for numbers in combinations(range(len(free)), size)
            if (spare := _spare([free[number] for number in numbers], people, infants)) is not None
        ]
        if found:
            return min(found)
    return None


def _spare(units: list[Free], people: int, infants: int) -> int | None:
    """Places taken beyond need, as exclusive units go whole; None where there is not enough."""
    in_cots = min(infants, sum(unit[2] for unit in units))
    in_beds = people - in_cots
    if in_beds > sum(unit[1] for unit in units):
        return None
    spare = 0
    for whole, beds, cots, _ in units:
        slept_in = min(cots, in_cots) + min(beds, in_beds)
        in_cots, in_beds = max(in_cots - cots, 0), max(in_beds - beds, 0)
        spare += whole - slept_in if whole else 0
    return spare
