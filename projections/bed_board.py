"""The bed board: how many units could take a household now, by level and household size.

Never by house, municipality or district: a board that could locate a house is not made. It counts units, not
beds, as a household goes into a unit. Pure: from places at one position and an instant to values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.matching.places import Places
from domain.policy import START_POLICY, Policy
from domain.unit import UnitState
from domain.vocabulary import LevelFunction, PlaceKind

LARGEST_HOUSEHOLD = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardLine:
    """Units of a level that could take a household of this size now; `with_cot` of them have a free cot for
    one of its people. The other three say how old the houses' own word on them is.
    """

    level: LevelFunction
    household_size: int
    units: int
    with_cot: int
    fresh: int
    ageing: int
    stale: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BedBoard:
    """The board as of one position of the log and one instant."""

    position: int
    as_of: datetime
    items: tuple[BoardLine, ...]


def bed_board(places: Places, now: datetime) -> BedBoard:
    """Every level and household size up to eight, also where nothing is free."""
    policy = places.network.policy or START_POLICY
    counts: Counter[tuple[LevelFunction, int, str]] = Counter()
    for level, unit in _admitting(places):
        age = _age(unit, policy, now)
        beds, cots = len(unit.free(PlaceKind.BED)), len(unit.free(PlaceKind.COT))
        for size in range(1, min(LARGEST_HOUSEHOLD, beds + min(cots, 1)) + 1):
            counts[level, size, "units"] += 1
            counts[level, size, age] += 1
            counts[level, size, "with_cot"] += cots > 0
    return BedBoard(
        position=places.position,
        as_of=now,
        items=tuple(
            BoardLine(
                level=level,
                household_size=size,
                units=counts[level, size, "units"],
                with_cot=counts[level, size, "with_cot"],
                fresh=counts[level, size, "fresh"],
                ageing=counts[level, size, "ageing"],
                stale=counts[level, size, "stale"],
            )
            for level in LevelFunction
            for size in range(1, LARGEST_HOUSEHOLD + 1)
        ),
    )


def _admitting(places: Places) -> Iterator[tuple[LevelFunction, UnitState]]:
    """Units of houses that take people now; an exclusive unit only when nobody is in any of its places."""
    for unit in places.units.values():
        registered = unit.registered
        house = places.shelters.get(registered.shelter_id) if registered is not None else None
        level = places.network.level(registered.level) if registered is not None else None
        if registered is None or house is None or level is None or not house.admits:
            continue
        touched = unit.taken or unit.contested
        if unit.observed_at is not None and not (registered.exclusive and touched):
            yield level.function, unit


def _age(unit: UnitState, policy: Policy, now: datetime) -> str:
    assert unit.observed_at is not None
    age = now - unit.observed_at
    if age > timedelta(hours=policy.stale_hours):
        return "stale"
    return "ageing" if age > timedelta(hours=policy.fresh_hours) else "fresh"
