"""Several units of a house, for all houses in which none does alone.

Which of them are taken depends on nothing but what each has free, so the choice is remembered for all houses
in which the same is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from domain.matching.fast_1.bits import positions_in
from domain.matching.fast_1.index import Index, Of
from domain.matching.fast_1.shapes import CLOSE, Chosen, Free, Shape
from domain.matching.fast_1.sifting import Sifted
from domain.matching.rank_1.fitting import MOST_UNITS, fit_together


class Joint(NamedTuple):
    """Units by position, whether something is to be confirmed of them, and places taken beyond need."""

    positions: tuple[int, ...]
    to_confirm: bool
    spare_places: int


def joints(sifted: Sifted) -> list[Joint]:
    """One for each house that has one."""
    index, house_of, shapes = sifted.index, sifted.index.house_of, sifted.index.shapes
    several = _several(index, sifted.pool, sifted.fitting)
    apart = {house_of[position] for position in positions_in(sifted.touched | _wide(index, several))}
    pools, unclear = _in_bytes(index, several), _in_bytes(index, several & sifted.to_confirm)
    people, infants = sifted.wanted.people, sifted.wanted.infants
    known = shapes.chosen[people, infants]
    found: list[Joint] = []
    for house in dict.fromkeys(map(house_of.__getitem__, positions_in(several))):
        if apart and house in apart:
            found += _looked_at(sifted, house)
            continue
        shape, (first, span) = shapes.of[house], shapes.span[house]
        at, beyond = first >> 3, first & 7
        pool = (pools[at] | pools[at + 1] << 8) >> beyond & span
        unsure = (unclear[at] | unclear[at + 1] << 8) >> beyond & span
        key = (shape << CLOSE | pool) << CLOSE | unsure
        try:
            chosen = known[key]
        except KeyError:
            chosen = known[key] = _chosen(shapes.known[shape], pool, unsure, people, infants)
        if chosen is not None:
            to_confirm, spare_places, offsets = chosen
            found.append(Joint(tuple([first + each for each in offsets]), to_confirm, spare_places))
    return found


def _in_bytes(index: Index, bits: int) -> bytes:
    return bits.to_bytes(len(index.order) // 8 + 2, "little")


def _wide(index: Index, pool: int) -> int:
    return pool & index.of(Of.HOUSE_WIDE).get(True, 0)


def _chosen(shape: Shape, pool: int, unsure: int, people: int, infants: int) -> Chosen | None:
    """Of a house that is close, by how many units were registered between the first and each."""
    units = [(each, free) for each, free in shape if pool >> each & 1]
    unclear = tuple([unsure >> each & 1 for each, _ in units])
    chosen = choose(tuple([free for _, free in units]), unclear, people, infants)
    if chosen is None:
        return None
    to_confirm, spare_places, numbers = chosen
    return to_confirm, spare_places, tuple([units[number][0] for number in numbers])


def _looked_at(sifted: Sifted, house: int) -> Iterator[Joint]:
    """Of a house in which something is promised, or whose units lie far apart."""
    index, members = sifted.index, sifted.index.members[house]
    if any(sifted.fitting >> each & 1 for each in members):
        return
    fit = fit_together(sifted.wanted, [sifted.vacancy(each) for each in members if sifted.pool >> each & 1])
    if fit is not None:
        positions = tuple(index.position[vacancy.unit_id] for vacancy in fit.vacancies)
        yield Joint(positions, bool(fit.to_confirm), fit.spare_places)


def _several(index: Index, pool: int, fitting: int) -> int:
    """Units of the pool with another of it in the house, and none that fits; of wide houses, all."""
    companied = company = 0
    for back, near in index.of(Of.NEAR).items():
        companied |= (pool << back & near & pool) | ((pool & near) >> back & pool)
        company |= (fitting << back & near) | ((fitting & near) >> back)
    return (companied & ~company & ~fitting) | (pool & index.of(Of.HOUSE_WIDE).get(True, 0))


@lru_cache(maxsize=1 << 16)
def choose(free: tuple[Free, ...], unclear: tuple[int, ...], people: int, infants: int) -> Chosen | None:
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
