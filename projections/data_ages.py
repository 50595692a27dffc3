"""How old the houses' own word on what is open was at an instant: by level, and of each unit.

It tells of every unit, also of a full one and of a house that takes nobody; the bed board tells the ages of
those that could take somebody. Pure; lines by level name no unit and go where the board goes, those of each
unit are for `approdo replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.matching.places import Places
from domain.policy import START_POLICY
from domain.vocabulary import LevelFunction, ShelterId, UnitId
from projections.bed_board import AGEING, FRESH, STALE, age_of
from projections.place_counts import level_name

NEVER: Final = "never"


@dataclass(frozen=True, kw_only=True, slots=True)
class AgeLine:
    """The units of a level by the age of the last word on them; `never`: there was none yet. `corrected`:
    the coordination had found the house's word wrong, and it had not spoken since. `oldest_at` is when the
    oldest of these words was true.
    """

    level: LevelFunction
    units: int
    fresh: int
    ageing: int
    stale: int
    never: int
    corrected: int
    oldest_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitAge:
    """One unit; `age` is the band of the policy that was in force."""

    unit_id: UnitId
    shelter_id: ShelterId
    level: str
    age: str
    observed_at: datetime | None
    age_minutes: int | None
    corrected: bool


def data_ages(places: Places, now: datetime) -> tuple[AgeLine, ...]:
    """Every level."""
    units = list(unit_ages(places, now))
    return tuple(_line(level, [each for each in units if each.level == level]) for level in LevelFunction)


def unit_ages(places: Places, now: datetime) -> Iterator[UnitAge]:
    """Each unit, in the order of registration."""
    policy = places.network.policy or START_POLICY
    hours = policy.fresh_hours, policy.stale_hours
    for unit_id, unit in places.units.items():
        if unit.registered is None:
            continue
        at = unit.observed_at
        yield UnitAge(
            unit_id=unit_id,
            shelter_id=unit.registered.shelter_id,
            level=level_name(places, unit.registered.level),
            age=NEVER if at is None else age_of(at, hours, now),
            observed_at=at,
            age_minutes=None if at is None else int((now - at).total_seconds()) // 60,
            corrected=unit.wrongly_published,
        )


def _line(level: LevelFunction, units: list[UnitAge]) -> AgeLine:
    def of(age: str) -> int:
        return sum(each.age == age for each in units)

    return AgeLine(
        level=level,
        units=len(units),
        fresh=of(FRESH),
        ageing=of(AGEING),
        stale=of(STALE),
        never=of(NEVER),
        corrected=sum(each.corrected for each in units),
        oldest_at=min((each.observed_at for each in units if each.observed_at is not None), default=None),
    )
