"""Several units of a house, for all houses in which none does alone.

Which of them are taken depends on nothing but what each has free, so the choice is remembered by these
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from domain.matching.fast_1.bits import positions_in
from domain.matching.fast_1.index import Free, Index, Of
from domain.matching.fast_1.sifting import Sifted
from domain.matching.rank_1.fitting import MOST_UNITS, fit_together


class Joint(NamedTuple):
    """Units by position, whether something is to be confirmed of them, and places taken beyond need."""

    positions: tuple[int, ...]
    to_confirm: bool
    spare_places: int


def joints(sifted: Sifted) -> list[Joint]:
    """One for each house that has one."""
    index, people, infants = sifted.index, sifted.wanted.people, sifted.wanted.infants
    touched = frozenset(positions_in(sifted.touched))
    unclear = sifted.to_confirm.to_bytes(len(index.order) // 8 + 1, "little")
    found: list[Joint] = []
    for pool in _pools(sifted):
        if touched and not touched.isdisjoint(pool):
            found += _near_promised(sifted, pool)
            continue
        free = tuple([index.free[each] for each in pool])
        chosen = choose(free, tuple([unclear[each >> 3] >> (each & 7) & 1 for each in pool]), people, infants)
        if chosen is not None:
            to_confirm, spare_places, numbers = chosen
            found.append(Joint(tuple([pool[number] for number in numbers]), to_confirm, spare_places))
    return found


def _near_promised(sifted: Sifted, pool: list[int]) -> Iterator[Joint]:
    fit = fit_together(sifted.wanted, [sifted.vacancy(position) for position in pool])
    if fit is not None:
        positions = tuple(sifted.index.position[vacancy.unit_id] for vacancy in fit.vacancies)
        yield Joint(positions, bool(fit.to_confirm), fit.spare_places)


def _pools(sifted: Sifted) -> Iterator[list[int]]:
    """The units of the pool by house, of houses in which none fits."""
    index, fitting, by_house = sifted.index, sifted.fitting, dict[int, list[int]]()
    for position in positions_in(_several(index, sifted.pool, fitting)):
        by_house.setdefault(index.house_of[position], []).append(position)
    wide = frozenset(positions_in(index.of(Of.HOUSE_WIDE).get(True, 0) & sifted.pool))
    for house, pool in by_house.items():
        if pool[0] not in wide or (
            len(pool) > 1 and not any(fitting >> each & 1 for each in index.members[house])
        ):
            yield pool


def _several(index: Index, pool: int, fitting: int) -> int:
    """Units of the pool with another of it in the house, and none that fits; of wide houses, all."""
    companied = company = 0
    for back, near in index.of(Of.NEAR).items():
        companied |= (pool << back & near & pool) | ((pool & near) >> back & pool)
        company |= (fitting << back & near) | ((fitting & near) >> back)
    return (companied & ~company & ~fitting) | (pool & index.of(Of.HOUSE_WIDE).get(True, 0))


@lru_cache(maxsize=1 << 16)
def choose(
    free: tuple[Free, ...], unclear: tuple[int, ...], people: int, infants: int
) -> tuple[bool, int, tuple[int, ...]] | None:
    """Whether something is to be confirmed, the places to spare, and which, by their number; None where even
    the most that may be taken together are not enough. `unclear` is 1 where something is to be confirmed.
    """
    for size in range(2, MOST_UNITS + 1):
        found: tuple[bool, int, tuple[int, ...]] | None = None
        for numbers in combinations(range(len(free)), size):
            spare = _spare([free[number] for number in numbers], people, infants)
            if spare is not None:
                one = any(unclear[number] for number in numbers), spare, numbers
                if one[:2] == (False, 0):
                    return one  # nothing is better, and the first goes first
                found = one if found is None else min(found, one)
        if found is not None:
            return found
    return None


def _spare(units: list[Free], people: int, infants: int) -> int | None:
    """Places taken beyond need, as exclusive units go whole; None where there is not enough."""
    beds = cots = 0
    for unit in units:
        beds, cots = beds + unit[1], cots + unit[2]
    in_cots = min(infants, cots)
    in_beds = people - in_cots
    if in_beds > beds:
        return None
    spare = 0
    for whole, beds, cots in units:
        slept_in = min(cots, in_cots) + min(beds, in_beds)
        in_cots, in_beds = max(in_cots - cots, 0), max(in_beds - beds, 0)
        spare += whole - slept_in if whole else 0
    return spare
