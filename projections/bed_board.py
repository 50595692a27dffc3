"""The bed board: how many units could take a household now, by level and household size.

Never by house, municipality or district: a board that could locate a house is not made. It counts units, not
beds, as a household goes into a unit. Pure: rows from the states of units, houses and the network, and lines
from what those rows add up to. `bed_board` gives the same from places at one position.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar, NamedTuple

from domain.matching.places import Places
from domain.network import NetworkState
from domain.policy import START_POLICY
from domain.shelter import ShelterState
from domain.unit import UnitState
from domain.vocabulary import LevelFunction, NetworkId, PlaceKind, RegisterStatus, ShelterId, UnitId

LARGEST_HOUSEHOLD = 8
FRESH, AGEING, STALE = "fresh", "ageing", "stale"


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
    """The board as of one position of the log and one instant. Not `complete`: the program could not read on
    from there, and what happened since is missing.
    """

    position: int
    as_of: datetime
    complete: bool
    items: tuple[BoardLine, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRow:
    """What one unit could take, were its house to admit: a household of up to `fits`, one of them in a cot
    where `with_cot`. `level` is the network's code.
    """

    KEY: ClassVar[tuple[str, ...]] = ("unit_id",)
    unit_id: UnitId
    shelter_id: ShelterId
    level: str
    fits: int
    with_cot: bool
    observed_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseRow:
    """Whether a house takes people but for its agreements, and the civil days of each of those: the first
    and, where it ends, the last.
    """

    KEY: ClassVar[tuple[str, ...]] = ("shelter_id",)
    shelter_id: ShelterId
    admits: bool
    from_days: tuple[date, ...]
    to_days: tuple[date | None, ...]

    def admits_on(self, day: date) -> bool:
        days = zip(self.from_days, self.to_days, strict=True)
        return self.admits and any(first <= day and (last is None or day <= last) for first, last in days)


@dataclass(frozen=True, kw_only=True, slots=True)
class LevelRow:
    """What the network calls a level, and what it is for."""

    KEY: ClassVar[tuple[str, ...]] = ("code",)
    code: str
    function: LevelFunction


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesRow:
    """Where the network is, and when a house's word is no longer fresh by the adopted policy."""

    KEY: ClassVar[tuple[str, ...]] = ("network_id",)
    network_id: NetworkId
    time_zone: str
    policy: str
    fresh_hours: int
    stale_hours: int


class Group(NamedTuple):
    """Units that count alike on the board."""

    level: LevelFunction
    fits: int
    with_cot: bool
    age: str


def unit_row(unit_id: UnitId, unit: UnitState) -> UnitRow:
    """An exclusive unit fits nobody while somebody is in any of its places; nor does one never published."""
    registered = unit.registered
    assert registered is not None, "a unit begins with its registration"
    beds, cots = len(unit.free(PlaceKind.BED)), len(unit.free(PlaceKind.COT))
    closed = unit.observed_at is None or (registered.exclusive and (unit.taken or unit.contested))
    return UnitRow(
        unit_id=unit_id,
        shelter_id=registered.shelter_id,
        level=registered.level,
        fits=0 if closed else min(LARGEST_HOUSEHOLD, beds + min(cots, 1)),
        with_cot=cots > 0 and not closed,
        observed_at=unit.observed_at,
    )


def house_row(shelter_id: ShelterId, house: ShelterState) -> HouseRow:
    return HouseRow(
        shelter_id=shelter_id,
        admits=house.admits and house.register_status is not RegisterStatus.NOT_LISTED,
        from_days=tuple(signed.valid_from for signed in house.agreements),
        to_days=tuple(house.ending.get(signed.district_id) for signed in house.agreements),
    )


def level_rows(network: NetworkState) -> Iterator[LevelRow]:
    return (LevelRow(code=level.code, function=level.function) for level in network.levels)


def rules_row(network_id: NetworkId, network: NetworkState) -> RulesRow:
    policy = network.policy or START_POLICY
    return RulesRow(
        network_id=network_id,
        time_zone=network.born.time_zone if network.born is not None else "UTC",
        policy=policy.version,
        fresh_hours=policy.fresh_hours,
        stale_hours=policy.stale_hours,
    )


def age_of(observed_at: datetime, hours: tuple[int, int], now: datetime) -> str:
    """`hours`: up to when a word is fresh, and up to when it is not yet stale."""
    fresh, stale = hours
    age = now - observed_at
    if age > timedelta(hours=stale):
        return STALE
    return AGEING if age > timedelta(hours=fresh) else FRESH


def grouped(
    units: Iterable[UnitRow],
    admitting: Collection[ShelterId],
    levels: Mapping[str, LevelFunction],
    hours: tuple[int, int],
    now: datetime,
) -> Counter[Group]:
    """Units that could take anybody, counted by what they could take."""
    groups: Counter[Group] = Counter()
    for row in units:
        function = levels.get(row.level)
        if row.fits and row.observed_at is not None and function is not None and row.shelter_id in admitting:
            groups[Group(function, row.fits, row.with_cot, age_of(row.observed_at, hours, now))] += 1
    return groups


def board_of(groups: Mapping[Group, int], position: int, now: datetime, *, complete: bool) -> BedBoard:
    """Every level and household size up to eight, also where nothing is free."""
    counts: Counter[tuple[LevelFunction, int, str]] = Counter()
    for group, units in groups.items():
        for size in range(1, group.fits + 1):
            counts[group.level, size, "units"] += units
            counts[group.level, size, group.age] += units
            counts[group.level, size, "with_cot"] += units * group.with_cot
    return BedBoard(
        position=position,
        as_of=now,
        complete=complete,
        items=tuple(
            BoardLine(
                level=level,
                household_size=size,
                units=counts[level, size, "units"],
                with_cot=counts[level, size, "with_cot"],
                fresh=counts[level, size, FRESH],
                ageing=counts[level, size, AGEING],
                stale=counts[level, size, STALE],
            )
            for level in LevelFunction
            for size in range(1, LARGEST_HOUSEHOLD + 1)
        ),
    )


def bed_board(places: Places, now: datetime) -> BedBoard:
    """The board of these places."""
    policy = places.network.policy or START_POLICY
    day = now.astimezone(places.network.zone).date()
    groups = grouped(
        (unit_row(unit_id, unit) for unit_id, unit in places.units.items() if unit.registered is not None),
        {shelter_id for shelter_id, house in places.shelters.items() if house.admits_on(day)},
        {row.code: row.function for row in level_rows(places.network)},
        (policy.fresh_hours, policy.stale_hours),
        now,
    )
    return board_of(groups, places.position, now, complete=True)
